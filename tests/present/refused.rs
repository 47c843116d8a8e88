//! A machine that refuses on stage: nothing is asked, and a clicker's one key leads through. seccomp(2).
//!
//! The refusing is real: see `tests/walk/refuse.rs`.

use std::thread;

use unha::course::text::Lang;

use super::giving::Speaker;
use super::home::{Home, Who};
use super::refuse::refuse_everything;
use super::terminal::key;

/// A whole lesson by PageDown alone, from the slide before it to the one behind it.
fn gives(lang: Lang) {
    refuse_everything();
    let mut speaker = Speaker::on(Home::new(Who::Ordinary), lang, &["--route", "full"]);
    speaker.opens("uts");
    let recorded = lang.pick("RECORDED", "GRAVADO");
    let why = lang.pick("here the kernel refused", "aqui o kernel recusou");
    let (asks, done) = (lang.pick("QUESTION", "PERGUNTA"), lang.pick("DONE", "FEITO"));
    let lessons = unha::course::parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
    let lessons = unha::course::parse::course(lessons.collect()).unwrap();
    let steps = lessons.iter().find(|lesson| lesson.id == "uts").unwrap().steps.len();
    for step in 1..=steps {
        let number = format!(" {step}/{steps} ");
        speaker.terminal.until(format!("step {step}, recorded, open"), |screen| {
            let top = screen.rows()[0].clone();
            top.contains(&number) && top.trim_end().ends_with(recorded) && screen.bottom().starts_with(asks)
        });
        speaker.terminal.until_has(why);
        speaker.terminal.until_has("= EPERM");
        if step == 1 {
            speaker.terminal.press("i");
            speaker.terminal.until_has(lang.pick("WHY A RECORDING PLAYS", "POR QUE HÁ UMA GRAVAÇÃO"));
            speaker.terminal.press("i");
            speaker.terminal.until("the step again", |screen| screen.bottom().starts_with(asks));
        }
        speaker.terminal.next_by(key::PAGE_DOWN);
        speaker.terminal.until(format!("step {step}, done"), |screen| {
            screen.bottom().starts_with(done) && screen.rows()[0].contains(&number)
        });
        speaker.terminal.next_by(key::PAGE_DOWN);
    }
    let after = speaker.deck.opener("uts").unwrap() + 1;
    speaker.sees(after, 0);
    speaker.leaves();
}

/// In a thread of its own, which is refused and nobody else.
fn refused(lang: Lang) {
    if let Err(why) = thread::spawn(move || gives(lang)).join() {
        panic!("{}", why.downcast_ref::<String>().map_or("the talk failed", String::as_str));
    }
}

#[test]
fn a_refusal_on_stage_plays_the_recording_in_english() {
    refused(Lang::En);
}

#[test]
fn a_refusal_on_stage_plays_the_recording_in_portuguese() {
    refused(Lang::PtBr);
}
