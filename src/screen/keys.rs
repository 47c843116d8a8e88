//! The table of keys: what the person did, from what the terminal sent.
//!
//! Either the talk or one shell holds the keyboard. A shell gets every key but F2, F4 and the clicker's two;
//! the talk gives no key a meaning that a learner who takes it for the shell would regret.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEvent, MouseEventKind};

use super::bytes;
use crate::course::Side;
use crate::course::event::Action;
use crate::course::talk::{Overlay, Talk, View};

/// How many lines the wheel scrolls at a time.
const WHEEL: i32 = 3;

/// What the person did; `None` if it means nothing.
#[must_use]
pub fn action(event: &Event, talk: &Talk) -> Option<Action> {
    match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => None,
        // The first key shows a blank screen again, whatever else it would do.
        Event::Key(_) | Event::Paste(_) if talk.is_blank() => Some(Action::Blank),
        Event::Mouse(_) if talk.is_blank() => None,
        Event::Key(key) => match talk.keyboard {
            Some(side) => in_shell(key, talk, side),
            None => in_talk(key, talk),
        },
        Event::Paste(text) => Some(match talk.keyboard {
            Some(side) => Action::ToShell(bytes::paste(text, screen(talk, side))),
            None => Action::Stray,
        }),
        Event::Mouse(mouse) => wheel(*mouse, talk),
        Event::Resize(columns, rows) => Some(Action::Resize(*columns, *rows)),
        Event::FocusGained | Event::FocusLost => None,
    }
}

fn screen(talk: &Talk, side: Side) -> &vt100::Screen {
    talk.shells[usize::from(side == Side::Inside)].terminal.screen()
}

/// F2, and what stands for it: terminals send Ctrl-] as Ctrl-5.
fn is_switch(key: &KeyEvent) -> bool {
    match key.code {
        KeyCode::F(2) => true,
        KeyCode::Char(']' | '5') => key.modifiers.contains(KeyModifiers::CONTROL),
        _ => false,
    }
}

/// A shell holds the keyboard.
fn in_shell(key: &KeyEvent, talk: &Talk, side: Side) -> Option<Action> {
    if is_switch(key) {
        return Some(Action::Keyboard);
    }
    match key.code {
        KeyCode::F(4) if key.modifiers.is_empty() => Some(Action::OtherSide),
        // A clicker's start key is nothing that anybody types.
        KeyCode::F(5) if talk.presenting.is_some() => Some(Action::Keyboard),
        KeyCode::PageUp | KeyCode::PageDown => Some(Action::Keyboard),
        _ => bytes::key(key, screen(talk, side)).map(Action::ToShell),
    }
}

/// The talk holds the keyboard.
fn in_talk(key: &KeyEvent, talk: &Talk) -> Option<Action> {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return match key.code {
            _ if is_switch(key) => Some(Action::Keyboard),
            KeyCode::Char('c' | 'C') => Some(quit(talk)),
            _ => None,
        };
    }
    if key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    match key.code {
        KeyCode::Char(letter) if talk.overlay == Some(Overlay::Overview) => Some(Action::Find(Some(letter))),
        KeyCode::Char(letter) if matches!(talk.overlay, Some(Overlay::Switches { .. })) => in_switches(letter, talk),
        KeyCode::Enter | KeyCode::Right | KeyCode::PageDown | KeyCode::Char(' ') => next(key, talk),
        KeyCode::Left | KeyCode::PageUp => (key.kind == KeyEventKind::Press).then_some(Action::Back),
        // Some clickers send these, and a slide has nothing to scroll.
        KeyCode::Down if on_slide(talk) => next(key, talk),
        KeyCode::Up if on_slide(talk) => (key.kind == KeyEventKind::Press).then_some(Action::Back),
        KeyCode::Up => Some(Action::Scroll(-1)),
        KeyCode::Down => Some(Action::Scroll(1)),
        KeyCode::Backspace if talk.overlay == Some(Overlay::Overview) => Some(Action::Find(None)),
        KeyCode::Backspace if counts(talk) => Some(Action::TakeBack),
        KeyCode::F(1) => Some(toggle(talk, Overlay::Help, Action::Help)),
        KeyCode::F(2) => Some(Action::Keyboard),
        KeyCode::F(4) | KeyCode::Tab => Some(Action::OtherSide),
        KeyCode::F(5) => Some(Action::Start),
        KeyCode::Esc => Some(Action::Close),
        KeyCode::Char(letter) => in_letters(letter, talk),
        _ => None,
    }
}

/// Next, except where staying is what the keys for it should do.
fn next(key: &KeyEvent, talk: &Talk) -> Option<Action> {
    match (key.kind, talk.overlay) {
        (KeyEventKind::Press, Some(Overlay::Leave)) => Some(Action::Close),
        (KeyEventKind::Press, _) => Some(Action::Next),
        // A key held down is not a wish to race through the talk.
        _ => None,
    }
}

/// The first wish to leave asks; the second, while it is asked, leaves.
fn quit(talk: &Talk) -> Action {
    Action::Quit(talk.overlay == Some(Overlay::Leave))
}

/// The key that opened an overlay closes it.
fn toggle(talk: &Talk, overlay: Overlay, action: Action) -> Action {
    if talk.overlay == Some(overlay) { Action::Close } else { action }
}

/// Letters, digits and signs while the talk holds the keyboard.
fn in_letters(letter: char, talk: &Talk) -> Option<Action> {
    let agenda = matches!(talk.view, View::Agenda { .. });
    let on_stage = talk.presenting.is_some();
    match letter {
        '.' | 'b' if on_stage => Some(Action::Blank),
        'g' | '/' | 'a' if on_stage => Some(Action::Overview(String::new())),
        '0'..='9' if on_slide(talk) => Some(Action::Overview(letter.to_string())),
        'l' if on_slide(talk) => Some(Action::Language),
        't' if on_slide(talk) => Some(Action::Route),
        '0' if counts(talk) => Some(Action::Choose(0)),
        'v' if counts(talk) => Some(Action::VoteAgain),
        'i' if talk.instead.is_some() => Some(toggle(talk, Overlay::Instead, Action::Details)),
        'p' if on_slide(talk) => Some(Action::Pause),
        'P' if on_stage => Some(Action::Pause),
        '?' => Some(toggle(talk, Overlay::Help, Action::Help)),
        'q' => Some(quit(talk)),
        'L' => Some(Action::Language),
        'T' => Some(Action::Route),
        // There is no shell on the agenda that a small letter could be meant for.
        'l' if agenda => Some(Action::Language),
        't' if agenda => Some(Action::Route),
        '0'..='9' if agenda => Some(Action::GoTo(letter.to_string())),
        '5' if talk.exercise().is_some() => Some(Action::Choose(5)),
        '1'..='4' => letter.to_digit(10).and_then(|n| usize::try_from(n).ok()).map(Action::Choose),
        // The agenda is where a number or a chosen line goes to a lesson: `g 3` opens it and goes.
        'a' | 'g' | '/' => (!agenda).then_some(Action::Agenda),
        'd' => Some(toggle(talk, Overlay::Glossary, Action::Glossary)),
        'y' => Some(Action::Copy),
        _ if agenda || on_slide(talk) => None,
        'c' => Some(toggle(talk, Overlay::Code, Action::Code)),
        's' => Some(toggle(talk, Overlay::Calls, Action::Calls)),
        'h' => Some(Action::Hint),
        'x' if talk.exercise().is_some() => Some(Action::Challenge),
        'r' => Some(Action::Fresh),
        'f' => Some(Action::Switches),
        '-' => Some(Action::Knob(-1)),
        // The plus sign without its shift key.
        '+' | '=' => Some(Action::Knob(1)),
        _ => Some(Action::Stray),
    }
}

/// Letters, digits and signs before the switches.
fn in_switches(letter: char, talk: &Talk) -> Option<Action> {
    match letter {
        ' ' => Some(Action::Flip),
        '1'..='9' => letter.to_digit(10).and_then(|n| usize::try_from(n).ok()).map(Action::Choose),
        'f' => Some(Action::Close),
        'q' => Some(quit(talk)),
        '?' => Some(Action::Help),
        _ => None,
    }
}

/// Whether hands are counted, and nothing is over the lesson.
fn counts(talk: &Talk) -> bool {
    talk.counts_hands() && talk.overlay.is_none()
}

/// Whether a slide is shown, and nothing over it.
fn on_slide(talk: &Talk) -> bool {
    talk.view == View::Slides && talk.overlay.is_none()
}

/// The wheel scrolls, in a shell only what asked for the mouse.
fn wheel(mouse: MouseEvent, talk: &Talk) -> Option<Action> {
    let lines = match mouse.kind {
        MouseEventKind::ScrollUp => -WHEEL,
        MouseEventKind::ScrollDown => WHEEL,
        _ => return None,
    };
    match talk.keyboard {
        Some(side) => bytes::wheel(lines, screen(talk, side)).map(Action::ToShell),
        None => Some(Action::Scroll(lines)),
    }
}
