//! The table of keys where a person looks around.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEventKind};

use crate::course::inspect::{Inspection, Overlay, Touch};
use crate::screen::bytes;

/// How many lines the wheel goes at a time.
const WHEEL: i32 = 3;

/// What the person did; `None` if it means nothing.
#[must_use]
pub fn touch(event: &Event, on: &Inspection) -> Option<Touch> {
    match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => None,
        Event::Key(key) if on.is_in_shell() => in_shell(key, on),
        Event::Key(key) => of_key(key, on),
        Event::Paste(text) => {
            let screen = on.shell.as_ref().filter(|_| on.is_in_shell())?.terminal.screen();
            Some(Touch::Type(bytes::paste(text, screen)))
        }
        Event::Mouse(mouse) => {
            let lines = match mouse.kind {
                MouseEventKind::ScrollUp => -WHEEL,
                MouseEventKind::ScrollDown => WHEEL,
                _ => return None,
            };
            match on.shell.as_ref().filter(|_| on.is_in_shell()) {
                Some(shell) => bytes::wheel(lines, shell.terminal.screen()).map(Touch::Type),
                None => Some(Touch::Move(lines)),
            }
        }
        _ => None,
    }
}

/// The shell has the keyboard: all but the way back is its.
fn in_shell(key: &KeyEvent, on: &Inspection) -> Option<Touch> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::F(2) | KeyCode::PageUp | KeyCode::PageDown => Some(Touch::Keyboard),
        // Terminals send Ctrl-] as Ctrl-5.
        KeyCode::Char(']' | '5') if control => Some(Touch::Keyboard),
        _ => bytes::key(key, on.shell.as_ref()?.terminal.screen()).map(Touch::Type),
    }
}

fn of_key(key: &KeyEvent, on: &Inspection) -> Option<Touch> {
    let held = key.kind != KeyEventKind::Press;
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return match key.code {
            KeyCode::Char('c' | 'C') => Some(Touch::Leave),
            KeyCode::Char(']' | '5') => Some(Touch::Keyboard),
            _ => None,
        };
    }
    if key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    match key.code {
        KeyCode::Char(letter) if on.typing && on.overlay.is_none() => Some(Touch::Letter(Some(letter))),
        KeyCode::Backspace if on.typing => Some(Touch::Letter(None)),
        // A key held down is not a wish to open what comes next.
        KeyCode::Enter => (!held).then_some(Touch::Next),
        KeyCode::Up => Some(Touch::Move(-1)),
        KeyCode::Down => Some(Touch::Move(1)),
        KeyCode::Left => Some(Touch::Fold(true)),
        KeyCode::Right => Some(Touch::Fold(false)),
        KeyCode::PageUp => Some(Touch::Page(-1)),
        KeyCode::PageDown => Some(Touch::Page(1)),
        KeyCode::Home => Some(Touch::End(true)),
        KeyCode::End => Some(Touch::End(false)),
        KeyCode::Backspace => Some(Touch::Back),
        KeyCode::Esc => Some(Touch::Close),
        KeyCode::F(1) => Some(Touch::Help),
        KeyCode::F(2) => Some(Touch::Keyboard),
        KeyCode::Char(letter) => of_letter(letter, on),
        _ => None,
    }
}

fn of_letter(letter: char, on: &Inspection) -> Option<Touch> {
    match letter {
        ' ' if on.overlay == Some(Overlay::Shell) => None,
        ' ' => Some(Touch::Page(1)),
        '/' => Some(Touch::Find),
        '!' => Some(Touch::Shell),
        'd' => Some(Touch::Glossary),
        'k' => Some(Touch::Move(-1)),
        'j' => Some(Touch::Move(1)),
        'l' | 'L' => Some(Touch::Language),
        '?' => Some(Touch::Help),
        'q' => Some(Touch::Leave),
        _ => None,
    }
}
