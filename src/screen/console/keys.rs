//! The keys of the console: the talk's and the clicker's, as far as they are nobody's shell's.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEventKind};

use crate::course::console::{Desk, Press, Stand, Touch};

/// What a key of the console means; `None`: nothing.
#[must_use]
pub fn touch(event: &Event, desk: &Desk) -> Option<Touch> {
    match event {
        // A key held down is not a wish to race through the talk.
        Event::Key(key) if key.kind == KeyEventKind::Press => key_touch(key, desk),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::ScrollUp => Some(Touch::Scroll(-1)),
            MouseEventKind::ScrollDown => Some(Touch::Scroll(1)),
            _ => None,
        },
        _ => None,
    }
}

fn key_touch(key: &KeyEvent, desk: &Desk) -> Option<Touch> {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return matches!(key.code, KeyCode::Char('c' | 'C')).then_some(Touch::Leave);
    }
    if key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    match key.code {
        KeyCode::Char(letter) if desk.going.is_some() => Some(Touch::Find(Some(letter))),
        KeyCode::Backspace if desk.going.is_some() => Some(Touch::Find(None)),
        KeyCode::Enter | KeyCode::Right | KeyCode::PageDown | KeyCode::Char(' ') => Some(Touch::Press(Press::Next)),
        KeyCode::Left | KeyCode::PageUp => Some(Touch::Press(Press::Back)),
        KeyCode::Up => Some(Touch::Scroll(-1)),
        KeyCode::Down => Some(Touch::Scroll(1)),
        KeyCode::Esc => Some(Touch::Close),
        KeyCode::F(1) => Some(Touch::Help),
        KeyCode::Char(letter) => in_letters(letter, desk),
        _ => None,
    }
}

fn in_letters(letter: char, desk: &Desk) -> Option<Touch> {
    let on_slide = matches!(desk.state().map(|state| &state.stand), Some(Stand::Slide { .. }));
    match letter {
        '.' | 'b' => Some(Touch::Press(Press::Blank)),
        'p' | 'P' | 't' => Some(Touch::Press(Press::Pause)),
        'g' | '/' | 'a' => Some(Touch::Look(String::new())),
        '0'..='9' if on_slide => Some(Touch::Look(letter.to_string())),
        '1'..='9' => letter.to_digit(10).and_then(|n| usize::try_from(n).ok()).map(|n| Touch::Press(Press::Choose(n))),
        'l' | 'L' => Some(Touch::Language),
        '?' => Some(Touch::Help),
        'q' => Some(Touch::Leave),
        _ => None,
    }
}
