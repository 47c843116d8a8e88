//! Whatever a shell prints, on a screen of whatever size: the talk takes it in.

use proptest::prelude::*;
use unha::course::Side;
use unha::course::event::{Action, Event};

use super::walking::opened;

/// Text, noise, and sequences that move about, scroll and erase.
fn output() -> impl Strategy<Value = Vec<u8>> {
    let sequence =
        ("[0-9;?]{0,6}", "[@A-HJ-MPSTXZ`a-hlmnpqrsu]").prop_map(|(numbers, end)| format!("\u{1b}[{numbers}{end}"));
    let piece = prop_oneof![
        4 => "[ -~]{0,40}".prop_map(String::into_bytes),
        2 => "\\PC{0,20}".prop_map(String::into_bytes),
        8 => sequence.prop_map(String::into_bytes),
        2 => "\u{1b}[78DEHMNOZc=>(0)]".prop_map(String::into_bytes),
        2 => Just(b"\r\n".to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_output_stops_the_talk(pieces in prop::collection::vec((output(), 0..90u16, 0..30u16), 1..6)) {
        let mut paper = opened("rename");
        for (bytes, columns, rows) in pieces {
            paper.act(Action::ShellSizes((columns, rows), (rows, columns)));
            paper.talk.update(Event::ShellBytes(Side::Outside, bytes.clone()));
            paper.talk.update(Event::ShellBytes(Side::Inside, bytes));
        }
    }
}

#[test]
fn a_narrower_shell_keeps_what_it_has_room_for() {
    let mut paper = opened("rename");
    paper.act(Action::ShellSizes((20, 6), (20, 6)));
    let bytes = "one\r\n\u{1b}[1mtwo ンンンンンンン\r\nthree\r\nfour\r\nfive\r\ninside# ab".as_bytes().to_vec();
    paper.talk.update(Event::ShellBytes(Side::Inside, bytes));
    paper.act(Action::ShellSizes((20, 6), (11, 5)));
    let screen = paper.talk.shells[1].terminal.screen();
    assert_eq!(screen.contents(), "two ンンン\nthree\nfour\nfive\ninside# ab");
    assert_eq!(screen.cursor_position(), (4, 10));
    assert!(screen.bold());
    paper.talk.update(Event::ShellBytes(Side::Inside, b"\x08 \r\n".to_vec()));
    assert_eq!(paper.talk.shells[1].terminal.screen().contents(), "three\nfour\nfive\ninside# a ");
}

#[test]
fn a_letter_wider_than_the_shell_is_left_out() {
    let mut paper = opened("rename");
    paper.act(Action::ShellSizes((0, 0), (0, 0)));
    paper.talk.update(Event::ShellBytes(Side::Inside, "\u{17d8}\r\n\u{17d8}".as_bytes().to_vec()));
}

#[test]
fn a_shell_may_be_narrowed_while_an_editor_covers_it() {
    let mut paper = opened("rename");
    paper.act(Action::ShellSizes((20, 6), (20, 6)));
    paper.talk.update(Event::ShellBytes(Side::Inside, "aaaaaaaaaンンン\u{1b}[?47h".as_bytes().to_vec()));
    for columns in (10..20).rev() {
        paper.act(Action::ShellSizes((20, 6), (columns, 6)));
    }
    paper.talk.update(Event::ShellBytes(Side::Inside, b"\x1b[?47l".to_vec()));
    assert_eq!(paper.talk.shells[1].terminal.screen().contents(), "aaaaaaaaa");
    paper.talk.update(Event::ShellBytes(Side::Inside, b"\x1b[1;1Hbbbbbbbbbbbbbbbb".to_vec()));
    assert_eq!(paper.talk.shells[1].terminal.screen().contents(), "bbbbbbbbbbbbbbbb");
}
