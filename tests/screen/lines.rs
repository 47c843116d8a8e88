//! The same talks told as lines, to be compared with what it was when a person last read it.

use unha::course::event::{Action, Event};
use unha::course::lesson::Limit;
use unha::course::talk::{Overlay, Talk};
use unha::course::text::Lang;
use unha::course::{Feature, FeatureSet};
use unha::plain::Teller;
use unha::plain::order::Verb;

use super::talks;

/// All that is told of a talk to somebody who has just come in.
fn told(talk: &Talk) -> String {
    let mut teller = Teller::new(true, talks::sources);
    let mut said = teller.tell(talk);
    said.push(teller.prompt(talk));
    said.join("\n")
}

fn pictures(names: &[&str]) {
    for lang in Lang::ALL {
        for name in names {
            let talk = talks::named(name, lang).expect("a known talk");
            insta::assert_snapshot!(format!("{name}-{lang}"), told(&talk));
        }
    }
}

#[test]
fn steps_in_every_phase() {
    pictures(&["ask", "ready", "done", "longest", "gauges", "resources", "ended", "recorded", "notice", "waiting"]);
}

#[test]
fn failures_and_what_covers_a_step() {
    pictures(&["failed", "offered", "refused", "rebuild", "switches", "script", "strayed"]);
}

#[test]
fn what_is_read_on_request() {
    for lang in Lang::ALL {
        let talk = talks::done(lang);
        let teller = Teller::new(true, talks::sources);
        let read = |verb, argument: &str| teller.read(verb, argument, &talk).unwrap().join("\n");
        let pages = [
            ("values", Verb::Values, ""),
            ("code", Verb::Code, ""),
            ("code-all", Verb::Code, "all"),
            ("calls", Verb::Calls, ""),
            ("words", Verb::Words, ""),
            ("past", Verb::Past, ""),
            ("help", Verb::Help, ""),
        ];
        for (name, verb, argument) in pages {
            insta::assert_snapshot!(format!("read-{name}-{lang}"), read(verb, argument));
        }
        insta::assert_snapshot!(format!("begin-{lang}"), Teller::begin(&talks::refusing(lang), true).join("\n"));
    }
}

#[test]
fn nothing_is_said_twice_by_itself() {
    for lang in Lang::ALL {
        for name in ["ask", "done", "gauges", "failed", "ended", "switches", "waiting", "agenda", "recorded"] {
            let talk = talks::named(name, lang).unwrap();
            let mut teller = Teller::new(true, talks::sources);
            drop(teller.tell(&talk));
            assert_eq!(teller.tell(&talk), [""; 0], "{name}");
            teller.forget();
            assert_ne!(teller.tell(&talk), [""; 0], "{name}: and all of it again when asked");
        }
    }
}

#[test]
fn a_switch_that_is_flipped_is_told_alone() {
    let mut talk = talks::done(Lang::En);
    let mut teller = Teller::new(true, talks::sources);
    let set = FeatureSet::NONE.with(Feature::Uts);
    talk.overlay = Some(Overlay::Switches { set, chosen: 0 });
    drop(teller.tell(&talk));
    talk.overlay = Some(Overlay::Switches { set: set.with(Feature::Pid), chosen: 1 });
    assert_eq!(teller.tell(&talk), ["pid, process numbers: on."]);
}

#[test]
fn a_limit_that_is_turned_is_told_as_the_kernel_has_it() {
    let mut talk = talks::gauges(Lang::En);
    let mut teller = Teller::new(true, talks::sources);
    drop(teller.tell(&talk));
    talk.limits.insert(Limit::Pids, "20".into());
    assert_eq!(teller.changes(&talk), [""; 0], "wanted, but not so yet");
    let mut look = talk.now.clone();
    for facts in [&mut look.outside, &mut look.inside] {
        facts.insert(unha::course::Fact::PidsMax, talks::number(20));
    }
    drop(talk.update(Event::Snapshot(look)));
    assert_eq!(teller.changes(&talk), ["pids.max is now 20; in use 15."]);
    assert_eq!(teller.changes(&talk), [""; 0]);
    drop(talk.update(Event::Action(Action::Stray)));
    assert_eq!(teller.tell(&talk), ["There is nothing to do that with here."]);
}

#[test]
fn all_that_is_told_is_text() {
    for lang in Lang::ALL {
        for name in
            ["ask", "done", "gauges", "resources", "failed", "refused", "ended", "recorded", "script", "switches"]
        {
            let said = told(&talks::named(name, lang).unwrap());
            let drawn = said.chars().find(|letter| {
                letter.is_control() && *letter != '\n'
                    || matches!(*letter, '\u{2190}'..='\u{22ff}' | '\u{2500}'..='\u{25ff}')
            });
            assert_eq!(drawn, None, "{name}: {said}");
        }
    }
}
