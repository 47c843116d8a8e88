//! A question from the room: features switched, a line taken over, hands counted; and what the kernel says to it.

use nix::sys::signal::Signal;
use unha::course::text::Lang;

use super::giving::Speaker;
use super::home::{Home, Who};
use super::terminal::{Seen, key};

const BACKSPACE: &str = "\x7f";

impl Speaker {
    /// At a step of a lesson, open, as the agenda's words find its slide and a clicker leads into it.
    fn in_lesson(lang: Lang, lesson: &str) -> Self {
        let mut speaker = Self::on(Home::new(Who::Me), lang, &["--route", "full"]);
        speaker.opens(lesson);
        speaker
    }

    /// The keyboard with the shell in view.
    fn takes_the_keyboard(&mut self) {
        self.terminal.press(key::F2);
        self.terminal.until_has(self.lang.pick("YOUR KEYBOARD IS HERE", "SEU TECLADO ESTÁ AQUI"));
    }

    /// Next by a clicker, until the step is done.
    fn does(&mut self) {
        self.terminal.next_by(key::PAGE_DOWN);
        let done = self.lang.pick("DONE", "FEITO");
        self.terminal.until("the step is done", |screen| screen.bottom().starts_with(done));
    }

    /// Next by a clicker, until the next step stands open.
    fn goes_on_to(&mut self, step: &str) {
        self.terminal.next_by(key::PAGE_DOWN);
        let open = self.lang.pick("QUESTION", "PERGUNTA");
        self.terminal
            .until(step, |screen| screen.rows()[0].contains(&format!(" {step}/")) && screen.bottom().starts_with(open));
    }
}

/// The row of the two sides that begins so.
fn row(screen: &Seen, name: &str) -> Option<String> {
    screen.rows().into_iter().find(|row| row.trim_start().starts_with(name))
}

fn sides(screen: &Seen, name: &str, sign: &str) -> bool {
    row(screen, name).is_some_and(|row| row.contains(&format!("│ {sign} │")))
}

#[test]
fn a_question_is_answered_with_switches_and_one_key_returns() {
    let mut speaker = Speaker::in_lesson(Lang::En, "uts");
    speaker.does();
    speaker.terminal.until("names apart", |screen| sides(screen, "ns uts", "≠") && sides(screen, "ns pid", "="));
    speaker.terminal.press("f");
    speaker.terminal.until_has("WHAT THE BOX HAS OF ITS OWN");
    speaker.terminal.press("2");
    speaker.terminal.until_has("2  [on ]  pid");
    speaker.terminal.press("5");
    speaker.terminal.until_has("rootfs needs mount: switched on too");
    speaker.terminal.next();
    speaker.terminal.until("the box has them", |screen| {
        screen.has("off the script · r returns · the box has: UTS, PID, mount, rootfs") && sides(screen, "ns pid", "≠")
    });
    speaker.takes_the_keyboard();
    speaker.terminal.press("hostname other\r");
    speaker.terminal.until("its name", |screen| row(screen, "hostname").is_some_and(|row| row.contains("other")));
    speaker.terminal.press(key::F2);
    speaker.terminal.until_has("Enter ▸ back to the script");
    speaker.terminal.press("r");
    speaker.terminal.until("as the script has it, after the step", |screen| {
        sides(screen, "ns pid", "=")
            && sides(screen, "ns uts", "≠")
            && sides(screen, "hostname", "=")
            && screen.has("back on the script")
            && screen.bottom().starts_with("DONE")
    });
    // What is typed outside is no more either; a clicker alone finds the way back.
    speaker.goes_on_to("2");
    speaker.terminal.press(key::F4);
    speaker.terminal.until_has("F4 inside");
    speaker.takes_the_keyboard();
    speaker.terminal.press("hostname elsewhere\r");
    speaker.terminal.until("its name", |screen| row(screen, "hostname").is_some_and(|row| row.contains("elsewhere")));
    speaker.terminal.press(key::PAGE_DOWN);
    speaker.terminal.until_has("off the script · r returns");
    speaker.terminal.next_by(key::PAGE_DOWN);
    speaker.terminal.until("as the script has it, before the step", |screen| {
        screen.has("back on the script") && sides(screen, "hostname", "=") && screen.bottom().starts_with("QUESTION")
    });
    speaker.does();
    speaker.terminal.until("the step's own names", |screen| {
        row(screen, "hostname").is_some_and(|row| row.contains("bench") && row.contains("yabadabadoo"))
    });
    speaker.leaves();
}

/// The limits of the script are there again, and so is its box, whatever was switched off.
#[test]
fn one_key_returns_to_the_limits_too() {
    let mut speaker = Speaker::in_lesson(Lang::PtBr, "cgroup");
    let mut limited = false;
    // Through the lesson to the step that sets the first limit, where limits can be had.
    for step in ["2", "3"] {
        speaker.does();
        speaker.goes_on_to(step);
        limited = !speaker.terminal.screen().has("GRAVADO");
    }
    if !limited {
        println!("skipped: this machine gives no limits");
        return;
    }
    speaker.does();
    speaker.terminal.until("32M", |screen| row(screen, "memory.max").is_some_and(|row| row.contains("32M")));
    speaker.terminal.press("f4");
    speaker.terminal.until_has("4 [não] cgroup");
    speaker.terminal.next();
    speaker.terminal.until("no limit", |screen| {
        screen.has("fora do roteiro") && row(screen, "memory.max").is_some_and(|row| !row.contains("32M"))
    });
    speaker.terminal.press("r");
    speaker.terminal.until("32M again", |screen| {
        screen.has("de volta ao roteiro")
            && screen.bottom().starts_with("FEITO")
            && row(screen, "memory.max").is_some_and(|row| row.contains("32M"))
    });
    speaker.leaves();
}

#[test]
fn a_line_is_taken_over_and_handed_back() {
    let mut speaker = Speaker::in_lesson(Lang::En, "uts");
    speaker.does();
    speaker.goes_on_to("2");
    speaker.terminal.next_by(key::PAGE_DOWN);
    speaker.terminal.until("half of the line", |screen| {
        screen.rows().iter().any(|row| row.contains("inside# hostname y") && !row.contains("yabadabadoo"))
    });
    speaker.terminal.press(key::F2);
    speaker.terminal.until_has("the line is yours · F2 hands it back, the step goes on");
    // It stands there, for as long as it pleases.
    let typed = |screen: &Seen| {
        screen.rows().into_iter().rev().find_map(|row| Some(row.split_once("inside# ")?.1.trim().to_owned()))
    };
    let half = typed(&speaker.terminal.screen()).unwrap_or_default();
    assert!(half.starts_with("hostname y") && half.len() < "hostname yabadabadoo".len(), "{half}");
    speaker.terminal.press("-mine");
    speaker.terminal.until("what was typed on", |screen| typed(screen) == Some(format!("{half}-mine")));
    // Handed back unfinished: the script types its line, and the step goes on.
    speaker.terminal.press(key::F2);
    speaker.terminal.until("done by the script", |screen| {
        screen.bottom().starts_with("DONE")
            && row(screen, "hostname").is_some_and(|row| row.contains("bench") && row.contains("yabadabadoo"))
    });
    // Once more, and finished by hand: nothing of it is typed again, and the script goes on with its next line.
    speaker.terminal.press(key::PAGE_UP);
    speaker
        .terminal
        .until("the step before", |screen| screen.rows()[0].contains(" 1/") && screen.bottom().starts_with("QUESTION"));
    speaker.does();
    speaker.goes_on_to("2");
    speaker.terminal.next_by(key::PAGE_DOWN);
    speaker
        .terminal
        .until("half of the line", |screen| typed(screen).is_some_and(|line| line.starts_with("hostname y")));
    speaker.takes_the_keyboard();
    speaker.terminal.press("-mine\r");
    speaker.terminal.until("a name of one's own", |screen| {
        row(screen, "hostname").is_some_and(|row| row.contains("bench") && row.contains("-mine"))
    });
    speaker.terminal.press(key::PAGE_DOWN);
    speaker.terminal.until("judged as done", |screen| {
        screen.bottom().starts_with("DONE") && row(screen, "hostname").is_some_and(|row| row.contains("-mine"))
    });
    assert!(!speaker.terminal.screen().has("off the script"), "{}", speaker.terminal.screen());
    speaker.leaves();
}

#[test]
fn hands_are_counted_talked_over_and_counted_again() {
    let mut speaker = Speaker::in_lesson(Lang::PtBr, "uts");
    speaker.terminal.until_has("1-3 somam uma, Backspace tira");
    speaker.terminal.press("1110");
    speaker.terminal.until_has("█ 30");
    speaker.terminal.press("2223");
    speaker.terminal.until_has("a sala disse 1");
    speaker.terminal.press(BACKSPACE);
    speaker.terminal.until("the hand is gone", |screen| screen.has("█ 3") && !screen.has("█ 1"));
    // A crash loses no vote.
    speaker.home.until_kept(r#""first":[30,3,0"#);
    speaker.terminal.signal(Signal::SIGKILL);
    speaker.terminal.until_ended();
    let mut speaker = Speaker::on(speaker.home, Lang::PtBr, &[]);
    speaker.terminal.until_has("█ 30");
    speaker.terminal.until("the step", |screen| screen.bottom().starts_with("PERGUNTA"));
    speaker.terminal.press("v");
    speaker.terminal.until_has("antes");
    speaker.terminal.press("22221");
    speaker.terminal.until("both votes", |screen| screen.has("▄ 30") && screen.has("█ 4") && screen.has("depois"));
    speaker.terminal.until_has("a sala disse 2");
    speaker.does();
    speaker.terminal.until_has("a sala disse 2 · deu 2");
    // Without votes the clicker alone goes on.
    speaker.goes_on_to("2");
    speaker.does();
    speaker.terminal.until_has("deu 2");
    speaker.leaves();
}
