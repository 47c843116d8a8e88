//! Titles in large letters: the 8×8 font of the first PCs, its dots put together from blocks.
//!
//! A dot is a whole cell, half of one or a quarter, whichever is the largest that fits. The Linux console has no
//! quarters: see `console_codes(4)`; there a long title is a plain line with a rule below.

use font8x8::{BASIC_FONTS, LATIN_FONTS, UnicodeFonts};

use super::{Glyphs, Ink, Sheet, columns, wrap};

/// How a dot is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dot {
    Cell,
    Half,
    Quarter,
}

impl Dot {
    /// Dots in a cell: across, down.
    const fn per_cell(self) -> (usize, usize) {
        match self {
            Self::Cell => (1, 1),
            Self::Half => (1, 2),
            Self::Quarter => (2, 2),
        }
    }
}

/// Dots between two words.
const SPACE: usize = 4;
/// With so many rows to spare the letters may take eight of them.
const TALL: u16 = 20;
/// Rows of the font.
const ROWS: usize = 8;

/// A line below the title, in letters of half its height; none where they do not fit.
pub fn below(line: &str, ink: &Ink, width: u16) -> Option<Sheet> {
    if ink.look.glyphs != Glyphs::Unicode {
        return None;
    }
    let mut sheet = Sheet::default();
    for (row, text) in (0..).zip(drawn(line, Dot::Quarter, 2)?) {
        sheet.put(row, 0, &text, ink.look.text());
    }
    (sheet.width <= width).then_some(sheet)
}

/// The title in the largest letters that fit, and whether they are small.
pub fn lay(title: &str, ink: &Ink, width: u16, height: u16) -> (Sheet, bool) {
    let dots: &[Dot] = match ink.look.glyphs {
        // Letters of eight rows leave too little of a small screen.
        Glyphs::Unicode if height >= TALL => &[Dot::Cell, Dot::Half, Dot::Quarter],
        Glyphs::Unicode => &[Dot::Half, Dot::Quarter],
        Glyphs::Console => &[Dot::Half],
        Glyphs::Ascii => &[Dot::Cell],
    };
    let strong = ink.look.strong();
    for lines in [vec![title], halves(title)] {
        // Letters farther apart are read from farther away.
        for (dot, apart) in dots.iter().flat_map(|dot| [(*dot, 2), (*dot, 1)]) {
            let Some(rows) = lines.iter().map(|line| drawn(line, dot, apart)).collect::<Option<Vec<_>>>() else {
                break;
            };
            let mut sheet = Sheet::default();
            for (row, text) in (0..).zip(rows.iter().flatten()) {
                sheet.put(row, 0, text, strong);
            }
            if sheet.width <= width && sheet.height <= height {
                return (sheet, false);
            }
        }
    }
    let mut sheet = Sheet::default();
    for (row, line) in (0..).zip(wrap(title, width)) {
        sheet.put(row, 0, line, strong);
    }
    let rule = "═".repeat(usize::from(columns(title).min(width)));
    sheet.put(sheet.height, 0, &rule, strong);
    (sheet, true)
}

/// Two lines as equal as they can be.
fn halves(title: &str) -> Vec<&str> {
    let middle = title.len() / 2;
    let at = title.match_indices(' ').map(|(at, _)| at).min_by_key(|at| at.abs_diff(middle));
    at.map_or_else(|| vec![title], |at| vec![&title[..at], &title[at + 1..]])
}

/// A line of large letters; `None` where the font lacks one.
fn drawn(line: &str, dot: Dot, apart: usize) -> Option<Vec<String>> {
    let mut dots = vec![vec![]; ROWS];
    for letter in line.chars() {
        let glyph = glyph(letter)?;
        for (row, byte) in dots.iter_mut().zip(&glyph) {
            row.extend(byte);
            row.extend(std::iter::repeat_n(false, apart));
        }
    }
    let (across, down) = dot.per_cell();
    let width = dots[0].len();
    let at = |row: usize, column: usize| dots[row].get(column).copied().unwrap_or(false);
    let cell = |row: usize, column: usize| match dot {
        Dot::Cell => [' ', '█'][usize::from(at(row, column))],
        Dot::Half => [' ', '▀', '▄', '█'][usize::from(at(row, column)) + 2 * usize::from(at(row + 1, column))],
        Dot::Quarter => {
            let lit = [at(row, column), at(row, column + 1), at(row + 1, column), at(row + 1, column + 1)];
            QUARTERS[lit.iter().rev().fold(0, |bits, lit| bits * 2 + usize::from(*lit))]
        }
    };
    let line = |row: usize| (0..width).step_by(across).map(|column| cell(row, column)).collect::<String>();
    Some((0..ROWS).step_by(down).map(|row| line(row).trim_end().to_owned()).collect())
}

/// Quarters of a block by which of them are lit: left and right above, left and right below.
const QUARTERS: [char; 16] = [' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'];

/// A letter's dots, no wider than it is.
fn glyph(letter: char) -> Option<[Vec<bool>; ROWS]> {
    if letter == ' ' {
        return Some(std::array::from_fn(|_| vec![false; SPACE]));
    }
    let bytes: [u8; ROWS] = BASIC_FONTS.get(letter).or_else(|| LATIN_FONTS.get(letter))?;
    let used = bytes.iter().fold(0u8, |used, byte| used | byte);
    let (from, to) = (used.trailing_zeros(), 7u32.saturating_sub(used.leading_zeros()));
    Some(bytes.map(|byte| (from..=to).map(|bit| byte.checked_shr(bit).unwrap_or(0) & 1 == 1).collect()))
}
