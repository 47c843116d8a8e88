//! Keys as a terminal sends them to a shell: the sequences of xterm, as terminfo's `xterm-256color` names them.
//!
//! What the program in the shell asked for (application cursor keys, bracketed paste) is read off its screen.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The bytes of a key; `None` for keys that have none.
#[must_use]
pub fn key(key: &KeyEvent, screen: &vt100::Screen) -> Option<Vec<u8>> {
    let modifiers = key.modifiers;
    let bytes = match key.code {
        KeyCode::Char(c) => return character(c, modifiers),
        KeyCode::Enter => b"\r".to_vec(),
        KeyCode::Tab => b"\t".to_vec(),
        KeyCode::BackTab => return Some(b"\x1b[Z".to_vec()),
        KeyCode::Backspace if modifiers.contains(KeyModifiers::CONTROL) => b"\x08".to_vec(),
        KeyCode::Backspace => b"\x7f".to_vec(),
        KeyCode::Esc => b"\x1b".to_vec(),
        KeyCode::Null => b"\0".to_vec(),
        KeyCode::Up => return Some(cursor('A', modifiers, screen)),
        KeyCode::Down => return Some(cursor('B', modifiers, screen)),
        KeyCode::Right => return Some(cursor('C', modifiers, screen)),
        KeyCode::Left => return Some(cursor('D', modifiers, screen)),
        KeyCode::End => return Some(cursor('F', modifiers, screen)),
        KeyCode::Home => return Some(cursor('H', modifiers, screen)),
        KeyCode::Insert => return Some(tilde(2, modifiers)),
        KeyCode::Delete => return Some(tilde(3, modifiers)),
        KeyCode::PageUp => return Some(tilde(5, modifiers)),
        KeyCode::PageDown => return Some(tilde(6, modifiers)),
        KeyCode::F(number) => return function(number, modifiers),
        _ => return None,
    };
    Some(with_alt(bytes, modifiers))
}

/// A character, with Ctrl as the control code that the key has had since the teletype.
fn character(c: char, modifiers: KeyModifiers) -> Option<Vec<u8>> {
    if !modifiers.contains(KeyModifiers::CONTROL) {
        return Some(with_alt(c.to_string().into_bytes(), modifiers));
    }
    let code = match c {
        'a'..='z' | 'A'..='Z' | '[' | '\\' | ']' | '^' | '_' => c as u8 & 0x1f,
        '@' | ' ' | '2' => 0,
        '3'..='7' => c as u8 - b'3' + 0x1b,
        '/' => 0x1f,
        '8' | '?' => 0x7f,
        _ => return None,
    };
    Some(with_alt(vec![code], modifiers))
}

fn with_alt(mut bytes: Vec<u8>, modifiers: KeyModifiers) -> Vec<u8> {
    if modifiers.contains(KeyModifiers::ALT) {
        bytes.insert(0, 0x1b);
    }
    bytes
}

/// The parameter that tells of modifiers; 1 for none.
fn parameter(modifiers: KeyModifiers) -> u8 {
    let has = |modifier| u8::from(modifiers.contains(modifier));
    1 + has(KeyModifiers::SHIFT) + 2 * has(KeyModifiers::ALT) + 4 * has(KeyModifiers::CONTROL)
}

fn cursor(letter: char, modifiers: KeyModifiers, screen: &vt100::Screen) -> Vec<u8> {
    match parameter(modifiers) {
        1 if screen.application_cursor() => format!("\x1bO{letter}"),
        1 => format!("\x1b[{letter}"),
        modified => format!("\x1b[1;{modified}{letter}"),
    }
    .into_bytes()
}

fn tilde(number: u8, modifiers: KeyModifiers) -> Vec<u8> {
    match parameter(modifiers) {
        1 => format!("\x1b[{number}~"),
        modified => format!("\x1b[{number};{modified}~"),
    }
    .into_bytes()
}

fn function(number: u8, modifiers: KeyModifiers) -> Option<Vec<u8>> {
    let modified = parameter(modifiers);
    Some(match number {
        1..=4 => {
            let letter = char::from(b'P' + number - 1);
            if modified == 1 { format!("\x1bO{letter}") } else { format!("\x1b[1;{modified}{letter}") }.into_bytes()
        }
        5 => tilde(15, modifiers),
        6..=10 => tilde(11 + number, modifiers),
        11 | 12 => tilde(12 + number, modifiers),
        _ => return None,
    })
}

/// A paste: between brackets if the program asked for them, line ends as Enter.
#[must_use]
pub fn paste(text: &str, screen: &vt100::Screen) -> Vec<u8> {
    // An end mark in the text would let the rest of it run as if it had been typed.
    let text = text.replace("\x1b[201~", "").replace("\r\n", "\r").replace('\n', "\r");
    if screen.bracketed_paste() { format!("\x1b[200~{text}\x1b[201~").into_bytes() } else { text.into_bytes() }
}

/// The wheel, for programs that fill the screen and so scroll by arrow keys; a plain shell gets nothing.
#[must_use]
pub fn wheel(lines: i32, screen: &vt100::Screen) -> Option<Vec<u8>> {
    let letter = if lines < 0 { 'A' } else { 'B' };
    let count = usize::try_from(lines.unsigned_abs()).ok()?;
    screen.alternate_screen().then(|| cursor(letter, KeyModifiers::NONE, screen).repeat(count))
}
