//! Which characters a terminal's font has, and what stands for those that it lacks: see `console_codes(4)`.
//!
//! The Linux console's built-in font is that of code page 437; a terminal of the seventies has ASCII alone.

use ratatui::buffer::Buffer;

/// Which characters the terminal's font has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// All that we use.
    #[default]
    Unicode,
    /// Those of the Linux console.
    Console,
    /// Those of ASCII.
    Ascii,
}

/// Swaps what the font lacks, in all cells, the shells' too. One cell stays one cell.
pub fn swap_glyphs(buffer: &mut Buffer, glyphs: Glyphs) {
    if glyphs == Glyphs::Unicode {
        return;
    }
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        if symbol.is_ascii() {
            continue;
        }
        let Some(swapped) = symbol.chars().next().and_then(|c| swap(c, glyphs)) else { continue };
        cell.set_char(swapped);
    }
}

/// What stands for `c`; `None` where `c` itself will do.
fn swap(c: char, glyphs: Glyphs) -> Option<char> {
    // What the console's built-in font (code page 437) lacks.
    let console = match c {
        '▸' | '▶' => '►',
        '◀' => '◄',
        '≠' => '#',
        '…' => '~',
        '▌' | '●' => '█',
        '✔' => 'x',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '–' | '—' => '-',
        _ => c,
    };
    if glyphs == Glyphs::Console {
        return (console != c).then_some(console);
    }
    Some(match console {
        '►' | '→' => '>',
        '◄' | '←' => '<',
        '↑' => '^',
        '↓' => 'v',
        '─' | '·' => '-',
        '═' | '╤' => '=',
        '│' | '┃' | '║' => '|',
        '╔' | '╗' | '╚' | '╝' | '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' => '+',
        '█' | '▀' | '▄' => '#',
        '░' => '.',
        other => plain(other),
    })
}

/// A letter without its accent.
fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'ì' | 'î' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'ü' => 'u',
        'ç' => 'c',
        'Á' | 'À' | 'Â' | 'Ã' => 'A',
        'É' | 'Ê' => 'E',
        'Í' => 'I',
        'Ó' | 'Ô' | 'Õ' => 'O',
        'Ú' => 'U',
        'Ç' => 'C',
        ascii if ascii.is_ascii() => ascii,
        _ => '?',
    }
}
