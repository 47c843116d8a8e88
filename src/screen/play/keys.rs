//! The table of keys of the play. A shell that has the keyboard gets all that it gets in a lesson.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEventKind};

use crate::course::event::Action;
use crate::course::play::{Cover, Pane, Play, Press};
use crate::screen::keys;

/// How many lines a page has, and a turn of the wheel.
const PAGE: i32 = 10;
const WHEEL: i32 = 3;

/// What the person did; `None` if it means nothing.
#[must_use]
pub fn press(event: &Event, play: &Play) -> Option<Press> {
    if play.talk.keyboard.is_some() {
        return keys::action(event, &play.talk).map(Press::Shell);
    }
    match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => None,
        Event::Key(key) => of_key(key, play),
        Event::Paste(_) => Some(Press::Shell(Action::Stray)),
        Event::Mouse(mouse) => {
            let lines = match mouse.kind {
                MouseEventKind::ScrollUp => -WHEEL,
                MouseEventKind::ScrollDown => WHEEL,
                _ => return None,
            };
            Some(scroll(lines, play))
        }
        Event::Resize(columns, rows) => Some(Press::Shell(Action::Resize(*columns, *rows))),
        Event::FocusGained | Event::FocusLost => None,
    }
}

/// What covers the screen or stands beside the switches is scrolled; where there is nothing to scroll, the list is.
fn scroll(lines: i32, play: &Play) -> Press {
    // The journal is read backwards from its end.
    match play.cover {
        Some(Cover::Calls) => Press::Scroll(-lines),
        None if play.pane == Pane::Columns => Press::Move(lines),
        _ => Press::Scroll(lines),
    }
}

fn of_key(key: &KeyEvent, play: &Play) -> Option<Press> {
    let leaving = play.cover == Some(Cover::Leave);
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return match key.code {
            KeyCode::Char(']' | '5') => Some(Press::Shell(Action::Keyboard)),
            KeyCode::Char('c' | 'C') => Some(Press::Quit(leaving)),
            _ => None,
        };
    }
    if key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    // A key that is held down moves and slides, and starts nothing twice.
    let once = key.kind == KeyEventKind::Press;
    match key.code {
        KeyCode::Enter => once.then_some(Press::Enter),
        KeyCode::Char(' ') if play.cover.is_none() => once.then_some(Press::Flip),
        KeyCode::Up if play.cover.is_some() => Some(scroll(-1, play)),
        KeyCode::Down if play.cover.is_some() => Some(scroll(1, play)),
        KeyCode::Up => Some(Press::Move(-1)),
        KeyCode::Down => Some(Press::Move(1)),
        KeyCode::Home => Some(Press::Move(i32::MIN)),
        KeyCode::End => Some(Press::Move(i32::MAX)),
        KeyCode::PageUp => Some(scroll(-PAGE, play)),
        KeyCode::PageDown => Some(scroll(PAGE, play)),
        KeyCode::Left | KeyCode::Char('-') => Some(Press::Turn(false)),
        KeyCode::Right | KeyCode::Char('+' | '=') => Some(Press::Turn(true)),
        KeyCode::F(1) | KeyCode::Char('?') => Some(Press::Help),
        KeyCode::F(2) => Some(Press::Shell(Action::Keyboard)),
        KeyCode::F(4) | KeyCode::Tab => Some(Press::Shell(Action::OtherSide)),
        KeyCode::Esc => Some(Press::Close),
        KeyCode::Char(letter) => of_letter(letter, leaving),
        _ => None,
    }
}

fn of_letter(letter: char, leaving: bool) -> Option<Press> {
    Some(match letter {
        '0' => Press::Show(Pane::Columns),
        '1'..='6' => {
            let number = letter.to_digit(10).and_then(|number| usize::try_from(number).ok())?;
            Press::Show(*Pane::TEXTS.get(number.checked_sub(1)?)?)
        }
        'a' => Press::All,
        'n' => Press::Bare,
        'y' => Press::Copy,
        'r' => Press::Fresh,
        's' => Press::Calls,
        'L' => Press::Language,
        'q' => Press::Quit(leaving),
        _ => Press::Shell(Action::Stray),
    })
}
