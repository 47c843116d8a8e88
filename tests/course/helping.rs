//! What a person may ask for at any time: hints, limits, copies, pages, the keyboard, words.

use std::collections::BTreeMap;

use unha::course::Side::{Inside, Outside};
use unha::course::event::{Action, Effect, Event};
use unha::course::lesson::{Act, Limit};
use unha::course::talk::{Notice, Overlay, View};
use unha::course::text::Lang;

use crate::person::{Room, call, names};

#[test]
fn a_hint_says_what_is_missing_and_the_next_puts_it_at_the_prompt() {
    let mut room = Room::at("rename");
    assert!(room.act(Action::Hint).is_empty());
    assert_eq!(room.talk.notice, Some(Notice::Waiting(0)));
    assert_eq!(room.act(Action::Hint), [Effect::Prefill(Inside, "hostname 4711x".into())]);
    room.go();
    room.act(Action::Hint);
    assert_eq!(room.act(Action::Hint), [], "it would take the place of the line that is being typed");
    room.tell(Event::Typed(Inside));
    assert_eq!(room.act(Action::Hint), [Effect::Prefill(Outside, "hostname".into())], "the next one to be typed");
    let mut room = Room::at("look");
    room.act(Action::Hint);
    assert_eq!(room.talk.notice, Some(Notice::Nothing));
}

#[test]
fn a_knob_turns_the_limit_at_hand_through_its_ladder() {
    let mut room = Room::at("load");
    let set = |effects: &[Effect]| match effects {
        [Effect::SetLimits(limits), Effect::Look] => limits.get(&Limit::Memory).cloned(),
        _ => None,
    };
    assert_eq!(set(&room.act(Action::Knob(1))).as_deref(), Some("64M"));
    assert_eq!(set(&room.act(Action::Knob(1))).as_deref(), Some("128M"));
    assert_eq!(set(&room.act(Action::Knob(1))), None);
    assert_eq!(room.talk.notice, Some(Notice::KnobEnd));
    for setting in ["64M", "32M", "16M"] {
        assert_eq!(set(&room.act(Action::Knob(-1))).as_deref(), Some(setting));
    }
    assert_eq!(set(&room.act(Action::Knob(-1))), None);

    let mut room = Room::at("again");
    assert_eq!(room.act(Action::Knob(1)), [], "nothing set is the most there is");
    assert_eq!(room.talk.notice, Some(Notice::KnobEnd));
    room.act(Action::Knob(-1));
    assert_eq!(room.talk.limits[&Limit::Pids], "100");

    let mut room = Room::at("rename");
    room.act(Action::Knob(1));
    assert_eq!(room.talk.notice, Some(Notice::Nothing), "the box has no cgroup of its own");
}

#[test]
fn a_weight_is_turned_from_the_usual_one_and_who_is_frozen_thaws() {
    let mut room = Room::at("limit");
    let mut turned = |limit: Limit, clicks| {
        room.talk.lessons[room.talk.at.lesson].steps[room.talk.at.step].acts =
            vec![Act::Limit(BTreeMap::from([(limit, String::new())]))];
        match room.act(Action::Knob(clicks)).as_slice() {
            [Effect::SetLimits(limits), Effect::Look] => limits.get(&limit).cloned(),
            _ => None,
        }
    };
    assert_eq!(turned(Limit::CpuShares, -1).as_deref(), Some("512"));
    assert_eq!(turned(Limit::CpuShares, 1).as_deref(), Some("1024"));
    assert_eq!(turned(Limit::Freezer, 1), None, "it runs already");
    assert_eq!(turned(Limit::Freezer, -1).as_deref(), Some("frozen"));
    assert_eq!(turned(Limit::DeviceDeny, 1), None);
    assert_eq!(room.talk.limits.get(&Limit::Freezer), None, "a box that is made anew runs");
}

#[test]
fn overlays_open_scroll_and_close() {
    for (action, overlay) in [(Action::Help, Overlay::Help), (Action::Calls, Overlay::Calls)] {
        for close in [action.clone(), Action::Close, Action::Next, Action::Back] {
            let mut room = Room::at("rename");
            room.act(action.clone());
            assert_eq!((room.talk.overlay, room.talk.scroll), (Some(overlay), 0));
            room.act(Action::Scroll(3));
            room.act(Action::Scroll(-9));
            assert_eq!(room.talk.scroll, 0);
            room.pass(300);
            room.act(close);
            assert_eq!((room.talk.overlay, room.step()), (None, "rename"));
        }
    }
    let mut room = Room::at("rename");
    room.act(Action::Code);
    assert_eq!((room.talk.overlay, room.talk.notice.clone()), (None, Some(Notice::NoCode)), "it has no source");
}

#[test]
fn leaving_is_asked_and_enter_stays() {
    let mut room = Room::new();
    assert!(room.act(Action::Quit(false)).is_empty());
    assert_eq!(room.talk.overlay, Some(Overlay::Leave));
    room.next();
    assert_eq!((room.talk.overlay, room.talk.view), (None, View::Agenda { chosen: 0 }));
    assert_eq!(room.act(Action::Quit(true)), [Effect::SaveProgress, Effect::Quit]);
}

#[test]
fn what_is_shown_is_copied() {
    let mut room = Room::at("rename");
    assert_eq!(room.act(Action::Copy), [Effect::Copy("hostname 4711x".into())]);
    assert_eq!(room.talk.notice, Some(Notice::Copied));
    room.tell(Event::Journal(call("unshare", Ok(0))));
    room.act(Action::Calls);
    assert_eq!(room.act(Action::Copy), [Effect::Copy("unshare() = 0\n".into())]);
    let mut room = Room::at("look");
    assert_eq!(room.act(Action::Copy), []);
    room.tell(Event::Journal(call("unshare", Ok(0))));
    assert_eq!(room.act(Action::Copy), [Effect::Copy("unshare() = 0".into())]);
}

#[test]
fn keys_go_to_the_shell_that_holds_the_keyboard() {
    let mut room = Room::at("rename");
    assert!(room.act(Action::ToShell(b"x".to_vec())).is_empty());
    assert_eq!(room.talk.notice, Some(Notice::Stray));
    room.act(Action::Keyboard);
    assert_eq!(room.talk.notice, None);
    assert_eq!(room.act(Action::ToShell(b"x".to_vec())), [Effect::Send(Inside, b"x".to_vec())]);
    assert!(room.talk.shells[1].touched && !room.talk.shells[0].touched);
    room.act(Action::OtherSide);
    assert_eq!((room.talk.side, room.talk.keyboard), (Outside, Some(Outside)));
    room.act(Action::Keyboard);
    assert_eq!(room.talk.keyboard, None);
}

#[test]
fn shells_show_what_they_print_at_their_size() {
    let mut room = Room::at("rename");
    assert_eq!(room.act(Action::ShellSizes((40, 5), (30, 4))), [Effect::ResizeShells((40, 5), (30, 4))]);
    assert!(room.act(Action::ShellSizes((40, 5), (30, 4))).is_empty());
    assert_eq!(room.talk.shells[1].terminal.screen().size(), (4, 30));
    room.printed(Inside, "hello");
    assert_eq!(room.talk.shells[1].terminal.screen().contents(), "hello");
    for _ in 0..100 {
        room.printed(Outside, &"y\n".repeat(1000));
    }
    assert!(room.talk.shells[0].since.len() <= 65_536);
    room.act(Action::ShellSizes((0, 0), (1, 0)));
    room.printed(Inside, "\u{5bb9}\u{5668}");
}

#[test]
fn a_narrower_shell_may_cut_a_wide_letter() {
    let mut room = Room::at("rename");
    room.act(Action::ShellSizes((40, 5), (30, 4)));
    room.printed(Inside, "abc\u{5bb9}\u{5668}");
    room.act(Action::ShellSizes((40, 5), (4, 4)));
    room.act(Action::ShellSizes((40, 5), (9, 4)));
    room.printed(Inside, "\r\x1b[3C\x1b[P\x1b[X");
    assert_eq!(room.talk.shells[1].terminal.screen().contents(), "abc");
}

#[test]
fn the_journal_is_bounded_and_keeps_its_place() {
    let mut room = Room::at("rename");
    for _ in 0..2_500 {
        room.tell(Event::Journal(call("write", Ok(1))));
    }
    assert_eq!((room.talk.journal.len(), room.talk.journal_from), (2_000, 0));
}

#[test]
fn only_known_names_are_filled_in() {
    let mut room = Room::new();
    room.tell(Event::BenchReady(names(&[("pid", "7"), ("memory.max", "m")])));
    for (text, filled) in [
        ("{pid}", "7"),
        ("a{pid}b{memory.max}", "a7bm"),
        ("{nope} {pid", "{nope} {pid"),
        ("b() { b | b & }; {pid}", "b() { b | b & }; 7"),
        ("{{pid}}", "{7}"),
        ("", ""),
    ] {
        assert_eq!(room.talk.fill(text), filled);
    }
}

#[test]
fn the_bottom_line_says_what_next_does() {
    let expected = [
        ("look", "skip the question", "pular a pergunta"),
        ("limit", "set a limit: memory 32M", "pôr um limite: memória 32M"),
        ("extra", "type \"hostname out\" outside", "digitar \"hostname out\" fora"),
        ("fresh", "build a fresh box", "montar uma caixa nova"),
        ("wrong", "pivot in the wrong order", "fazer pivot na ordem errada"),
        ("page", "see why", "ver por quê"),
    ];
    for (step, en, pt) in expected {
        let room = Room::at(step);
        assert_eq!((room.talk.next_does(Lang::En).as_str(), room.talk.next_does(Lang::PtBr).as_str()), (en, pt));
    }
    let mut room = Room::at("on");
    room.act(Action::Choose(1));
    assert_eq!(room.talk.next_does(Lang::En), "turn on UTS");
    assert_eq!(room.talk.next_does(Lang::PtBr), "ligar UTS");
    room.ended();
    assert_eq!(room.talk.next_does(Lang::PtBr), "ligar UTS", "a box of its own takes the place of the one that ended");
    let mut room = Room::at("rename");
    room.ended();
    assert_eq!(room.talk.next_does(Lang::PtBr), "montar a caixa de novo");
    let mut room = Room::at("rename");
    room.act(Action::Choose(1));
    room.tell(Event::BoxStarted(names(&[("pid", &"9".repeat(60))])));
    let long = room.talk.next_does(Lang::En);
    assert!(long.ends_with("…\" inside") && long.chars().count() == 44, "{long}");
    let mut room = Room::at("look");
    room.act(Action::Choose(1));
    room.next();
    assert_eq!(room.talk.next_does(Lang::En), "next: on?");
    assert_eq!(room.talk.next_does(Lang::PtBr), "a seguir: on?");
    room.act(Action::Agenda);
    assert_eq!(room.talk.next_does(Lang::En), "start: 0 one");
}
