//! Every row of the table of keys.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEvent, MouseEventKind};
use unha::course::Side;
use unha::course::event::Action;
use unha::course::talk::{Overlay, Talk, View};
use unha::course::text::Lang;
use unha::screen::action;

use super::talks;

fn key(code: KeyCode) -> Event {
    with(code, KeyModifiers::NONE)
}

fn with(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

fn of_kind(code: KeyCode, kind: KeyEventKind) -> Event {
    Event::Key(KeyEvent::new_with_kind(code, KeyModifiers::NONE, kind))
}

fn letter(c: char) -> Event {
    key(KeyCode::Char(c))
}

fn ctrl(c: char) -> Event {
    with(KeyCode::Char(c), KeyModifiers::CONTROL)
}

fn wheel(kind: MouseEventKind) -> Event {
    Event::Mouse(MouseEvent { kind, column: 0, row: 0, modifiers: KeyModifiers::NONE })
}

#[expect(clippy::unnecessary_wraps, reason = "it is held against an Option")]
fn to_shell(bytes: &[u8]) -> Option<Action> {
    Some(Action::ToShell(bytes.to_vec()))
}

fn in_talk(event: &Event) -> Option<Action> {
    action(event, &talks::talk(Lang::En))
}

fn in_shell(event: &Event) -> Option<Action> {
    action(event, &talks::typing(Lang::En))
}

/// A talk whose inside shell has the keyboard and runs a program that sent these bytes.
fn running(bytes: &str) -> Talk {
    let mut talk = talks::typing(Lang::En);
    talk.shells[1] = talks::shell(bytes);
    talk
}

#[test]
fn next_and_back() {
    for code in [KeyCode::Enter, KeyCode::Right, KeyCode::PageDown, KeyCode::Char(' ')] {
        assert_eq!(in_talk(&key(code)), Some(Action::Next), "{code:?}");
    }
    for code in [KeyCode::Left, KeyCode::PageUp] {
        assert_eq!(in_talk(&key(code)), Some(Action::Back), "{code:?}");
    }
}

#[test]
fn a_key_held_or_let_go_is_not_next() {
    for kind in [KeyEventKind::Repeat, KeyEventKind::Release] {
        assert_eq!(in_talk(&of_kind(KeyCode::Enter, kind)), None, "{kind:?}");
        assert_eq!(in_talk(&of_kind(KeyCode::PageUp, kind)), None, "{kind:?}");
    }
    assert_eq!(in_talk(&of_kind(KeyCode::Down, KeyEventKind::Repeat)), Some(Action::Scroll(1)));
    assert_eq!(in_talk(&of_kind(KeyCode::Down, KeyEventKind::Release)), None);
}

#[test]
fn a_clicker_only_takes_the_keyboard_back_from_a_shell() {
    for code in [KeyCode::PageDown, KeyCode::PageUp] {
        assert_eq!(in_shell(&key(code)), Some(Action::Keyboard), "{code:?}");
    }
}

#[test]
fn arrows_and_wheel_scroll_the_talk() {
    assert_eq!(in_talk(&key(KeyCode::Up)), Some(Action::Scroll(-1)));
    assert_eq!(in_talk(&key(KeyCode::Down)), Some(Action::Scroll(1)));
    assert_eq!(in_talk(&wheel(MouseEventKind::ScrollUp)), Some(Action::Scroll(-3)));
    assert_eq!(in_talk(&wheel(MouseEventKind::ScrollDown)), Some(Action::Scroll(3)));
    assert_eq!(in_talk(&wheel(MouseEventKind::Moved)), None);
}

#[test]
fn the_wheel_in_a_shell_is_for_what_fills_the_screen() {
    assert_eq!(in_shell(&wheel(MouseEventKind::ScrollUp)), None);
    let pager = running("\x1b[?1049h");
    assert_eq!(action(&wheel(MouseEventKind::ScrollUp), &pager), to_shell(b"\x1b[A\x1b[A\x1b[A"));
}

#[test]
fn the_keyboard_changes_hands() {
    for event in [key(KeyCode::F(2)), ctrl(']'), ctrl('5')] {
        assert_eq!(in_talk(&event), Some(Action::Keyboard), "{event:?}");
        assert_eq!(in_shell(&event), Some(Action::Keyboard), "{event:?}");
    }
    assert_eq!(in_talk(&key(KeyCode::F(4))), Some(Action::OtherSide));
    assert_eq!(in_shell(&key(KeyCode::F(4))), Some(Action::OtherSide));
    assert_eq!(in_talk(&key(KeyCode::Tab)), Some(Action::OtherSide));
    assert_eq!(in_shell(&key(KeyCode::Tab)), to_shell(b"\t"));
}

#[test]
fn letters_and_digits_while_the_talk_holds_the_keyboard() {
    let table = [
        ('1', Action::Choose(1)),
        ('4', Action::Choose(4)),
        ('d', Action::Glossary),
        ('h', Action::Hint),
        ('c', Action::Code),
        ('s', Action::Calls),
        ('y', Action::Copy),
        ('r', Action::Fresh),
        ('f', Action::Switches),
        ('-', Action::Knob(-1)),
        ('+', Action::Knob(1)),
        ('a', Action::Agenda),
        ('g', Action::Agenda),
        ('/', Action::Agenda),
        ('L', Action::Language),
        ('T', Action::Route),
        ('?', Action::Help),
        ('q', Action::Quit(false)),
        ('l', Action::Stray),
        ('x', Action::Stray),
        ('b', Action::Stray),
        ('5', Action::Stray),
        ('ç', Action::Stray),
    ];
    for (c, wanted) in table {
        assert_eq!(in_talk(&letter(c)), Some(wanted), "{c}");
        assert_eq!(in_shell(&letter(c)), to_shell(c.to_string().as_bytes()), "{c}");
    }
}

#[test]
fn an_exercise_has_keys_of_its_own() {
    let talk = talks::named("by_hand", Lang::En).unwrap();
    for (c, wanted) in [('x', Action::Challenge), ('5', Action::Choose(5)), ('h', Action::Hint), ('r', Action::Fresh)] {
        assert_eq!(action(&letter(c), &talk), Some(wanted), "{c}");
    }
}

#[test]
fn function_keys_and_escape() {
    assert_eq!(in_talk(&key(KeyCode::F(1))), Some(Action::Help));
    assert_eq!(in_shell(&key(KeyCode::F(1))), to_shell(b"\x1bOP"));
    assert_eq!(in_talk(&key(KeyCode::F(5))), Some(Action::Start));
    assert_eq!(in_shell(&key(KeyCode::F(5))), to_shell(b"\x1b[15~"));
    assert_eq!(in_talk(&key(KeyCode::Esc)), Some(Action::Close));
    assert_eq!(in_shell(&key(KeyCode::Esc)), to_shell(b"\x1b"));
    assert_eq!(in_talk(&key(KeyCode::F(9))), None);
}

#[test]
fn leaving_asks_first_and_the_keys_for_next_stay() {
    assert_eq!(in_talk(&ctrl('c')), Some(Action::Quit(false)));
    assert_eq!(in_shell(&ctrl('c')), to_shell(b"\x03"));
    let mut asked = talks::talk(Lang::En);
    asked.overlay = Some(Overlay::Leave);
    assert_eq!(action(&letter('q'), &asked), Some(Action::Quit(true)));
    assert_eq!(action(&ctrl('c'), &asked), Some(Action::Quit(true)));
    for code in [KeyCode::Enter, KeyCode::PageDown, KeyCode::Esc] {
        assert_eq!(action(&key(code), &asked), Some(Action::Close), "{code:?}");
    }
}

#[test]
fn the_key_that_opened_an_overlay_closes_it() {
    for (c, overlay) in [('c', Overlay::Code), ('s', Overlay::Calls), ('?', Overlay::Help)] {
        let mut talk = talks::talk(Lang::En);
        talk.overlay = Some(overlay);
        assert_eq!(action(&letter(c), &talk), Some(Action::Close), "{c}");
    }
}

#[test]
fn on_the_agenda_digits_go_to_lessons() {
    let agenda = talks::agenda(Lang::En);
    assert_eq!(action(&letter('3'), &agenda), Some(Action::GoTo("3".into())));
    assert_eq!(action(&letter('0'), &agenda), Some(Action::GoTo("0".into())));
    assert_eq!(action(&letter('t'), &agenda), Some(Action::Route));
    assert_eq!(action(&letter('x'), &agenda), None);
}

#[test]
fn pastes() {
    let paste = Event::Paste("ls\n\x1b[201~rm".into());
    assert_eq!(in_talk(&paste), Some(Action::Stray));
    assert_eq!(in_shell(&paste), to_shell(b"ls\rrm"));
    assert_eq!(action(&paste, &running("\x1b[?2004h")), to_shell(b"\x1b[200~ls\rrm\x1b[201~"));
}

#[test]
fn a_shell_gets_keys_as_a_terminal_sends_them() {
    use KeyCode::{Backspace, Char, Delete, Down, End, Enter, F, Home, Insert, Left, Null, Right, Up};
    const NONE: KeyModifiers = KeyModifiers::NONE;
    const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
    const CTRL: KeyModifiers = KeyModifiers::CONTROL;
    const ALT: KeyModifiers = KeyModifiers::ALT;
    let table: &[(KeyCode, KeyModifiers, &[u8])] = &[
        (Enter, NONE, b"\r"),
        (Backspace, NONE, b"\x7f"),
        (KeyCode::BackTab, SHIFT, b"\x1b[Z"),
        (Up, NONE, b"\x1b[A"),
        (Down, NONE, b"\x1b[B"),
        (Right, CTRL, b"\x1b[1;5C"),
        (Left, ALT, b"\x1b[1;3D"),
        (Home, NONE, b"\x1b[H"),
        (End, NONE, b"\x1b[F"),
        (Insert, NONE, b"\x1b[2~"),
        (Delete, SHIFT, b"\x1b[3;2~"),
        (F(3), NONE, b"\x1bOR"),
        (F(4), SHIFT, b"\x1b[1;2S"),
        (F(6), NONE, b"\x1b[17~"),
        (F(10), NONE, b"\x1b[21~"),
        (F(11), NONE, b"\x1b[23~"),
        (F(12), CTRL, b"\x1b[24;5~"),
        (Char('d'), CTRL, b"\x04"),
        (Char('Z'), CTRL, b"\x1a"),
        (Char(' '), CTRL, b"\0"),
        (Char('4'), CTRL, b"\x1c"),
        (Char('7'), CTRL, b"\x1f"),
        (Char('x'), ALT, b"\x1bx"),
        (Char('é'), NONE, "é".as_bytes()),
        (Char('c'), ALT.union(CTRL), b"\x1b\x03"),
        (Null, NONE, b"\0"),
    ];
    for (code, modifiers, bytes) in table {
        assert_eq!(in_shell(&with(*code, *modifiers)), to_shell(bytes), "{code:?} {modifiers:?}");
    }
    assert_eq!(action(&key(Up), &running("\x1b[?1h")), to_shell(b"\x1bOA"));
    assert_eq!(in_shell(&of_kind(Char('a'), KeyEventKind::Repeat)), to_shell(b"a"));
    assert_eq!(in_shell(&of_kind(Char('a'), KeyEventKind::Release)), None);
}

#[test]
fn the_outside_shell_is_asked_for_its_own_modes() {
    let mut talk = talks::typing(Lang::En);
    talk.keyboard = Some(Side::Outside);
    talk.shells[0] = talks::shell("\x1b[?1h");
    assert_eq!(action(&key(KeyCode::Up), &talk), to_shell(b"\x1bOA"));
}

#[test]
fn the_window_changes_its_size() {
    assert_eq!(in_talk(&Event::Resize(80, 24)), Some(Action::Resize(80, 24)));
    assert_eq!(in_talk(&Event::FocusGained), None);
}

/// A talk on a stage, and one of its lessons.
fn on_stage(view: View) -> Talk {
    let mut talk = super::slides::talk(Lang::En);
    talk.view = view;
    talk
}

#[test]
fn a_slide_has_the_keys_of_every_clicker() {
    let slide = on_stage(View::Slides);
    for code in [KeyCode::PageDown, KeyCode::Right, KeyCode::Down, KeyCode::Enter, KeyCode::Char(' ')] {
        assert_eq!(action(&key(code), &slide), Some(Action::Next), "{code:?}");
        assert_eq!(action(&of_kind(code, KeyEventKind::Repeat), &slide), None, "{code:?} held down");
    }
    for code in [KeyCode::PageUp, KeyCode::Left, KeyCode::Up] {
        assert_eq!(action(&key(code), &slide), Some(Action::Back), "{code:?}");
        assert_eq!(action(&of_kind(code, KeyEventKind::Repeat), &slide), None, "{code:?} held down");
    }
    assert_eq!(action(&key(KeyCode::F(5)), &slide), Some(Action::Start));
    assert_eq!(action(&key(KeyCode::Esc), &slide), Some(Action::Close));
    for c in ['.', 'b'] {
        assert_eq!(action(&letter(c), &slide), Some(Action::Blank), "{c}");
        assert_eq!(action(&letter(c), &on_stage(View::Lesson)), Some(Action::Blank), "{c}");
    }
    for c in ['g', '/', 'a'] {
        assert_eq!(action(&letter(c), &slide), Some(Action::Overview(String::new())), "{c}");
        assert_eq!(action(&letter(c), &on_stage(View::Lesson)), Some(Action::Overview(String::new())), "{c}");
    }
    assert_eq!(action(&letter('p'), &slide), Some(Action::Pause));
    assert_eq!(action(&letter('P'), &on_stage(View::Lesson)), Some(Action::Pause));
    // Whoever means `ps` for the shell does not stop the clock.
    assert_eq!(action(&letter('p'), &on_stage(View::Lesson)), Some(Action::Stray));
    assert_eq!(action(&letter('3'), &slide), Some(Action::Overview("3".into())));
    assert_eq!(action(&letter('3'), &on_stage(View::Lesson)), Some(Action::Choose(3)));
    assert_eq!(action(&letter('x'), &slide), None);
    assert_eq!(action(&letter('l'), &slide), Some(Action::Language));
}

#[test]
fn what_is_looked_for_is_typed() {
    let mut talk = on_stage(View::Slides);
    talk.overlay = Some(Overlay::Overview);
    for c in ['q', 'g', '1', ' ', '.', 'ç', '?'] {
        assert_eq!(action(&letter(c), &talk), Some(Action::Find(Some(c))), "{c}");
    }
    assert_eq!(action(&key(KeyCode::Backspace), &talk), Some(Action::Find(None)));
    assert_eq!(action(&key(KeyCode::Enter), &talk), Some(Action::Next));
    assert_eq!(action(&key(KeyCode::Down), &talk), Some(Action::Scroll(1)));
    assert_eq!(action(&key(KeyCode::Esc), &talk), Some(Action::Close));
    assert_eq!(action(&ctrl('c'), &talk), Some(Action::Quit(false)));
}

#[test]
fn any_key_ends_a_blank_screen_and_the_mouse_does_not() {
    let mut talk = on_stage(View::Slides);
    talk.presenting.as_mut().expect("a deck").blank = true;
    for event in [key(KeyCode::PageDown), key(KeyCode::Esc), letter('q'), ctrl('c'), Event::Paste("x".into())] {
        assert_eq!(action(&event, &talk), Some(Action::Blank), "{event:?}");
    }
    assert_eq!(action(&wheel(MouseEventKind::ScrollDown), &talk), None);
    assert_eq!(action(&Event::Resize(80, 24), &talk), Some(Action::Resize(80, 24)));
}

#[test]
fn before_a_room_hands_are_counted() {
    let lesson = talks::named("hands", Lang::En).expect("a known talk");
    let table = [
        (letter('1'), Action::Choose(1)),
        (letter('0'), Action::Choose(0)),
        (key(KeyCode::Backspace), Action::TakeBack),
        (letter('v'), Action::VoteAgain),
    ];
    for (event, wanted) in table {
        assert_eq!(action(&event, &lesson), Some(wanted), "{event:?}");
        let learner = in_talk(&event);
        assert!(matches!(learner, None | Some(Action::Stray | Action::Choose(1))), "{event:?}: {learner:?}");
    }
    assert_eq!(action(&letter('i'), &lesson), Some(Action::Stray));
    let instead = talks::named("instead", Lang::En).expect("a known talk");
    assert_eq!(action(&letter('i'), &instead), Some(Action::Details));
}

#[test]
fn switches_have_keys_of_their_own() {
    let switches = talks::named("switches", Lang::En).expect("a known talk");
    let table = [
        (letter(' '), Some(Action::Flip)),
        (letter('7'), Some(Action::Choose(7))),
        (letter('f'), Some(Action::Close)),
        (letter('r'), None),
        (key(KeyCode::Down), Some(Action::Scroll(1))),
        (key(KeyCode::Enter), Some(Action::Next)),
        (key(KeyCode::Esc), Some(Action::Close)),
    ];
    for (event, wanted) in table {
        assert_eq!(action(&event, &switches), wanted, "{event:?}");
    }
}

/// Start, with shift or without, is nothing that anybody types: it gives the keyboard back.
#[test]
fn a_clickers_start_key_types_nothing_before_a_room() {
    let mut lesson = talks::named("hands", Lang::En).expect("a known talk");
    for modifiers in [KeyModifiers::NONE, KeyModifiers::SHIFT] {
        lesson.keyboard = None;
        assert_eq!(action(&with(KeyCode::F(5), modifiers), &lesson), Some(Action::Start));
        lesson.keyboard = Some(Side::Inside);
        assert_eq!(action(&with(KeyCode::F(5), modifiers), &lesson), Some(Action::Keyboard));
    }
}
