//! At the shells: typing by hand, ending the box, asking for help, and a window that changes.

use std::time::{Duration, Instant};

use unha::course::text::Lang;

use super::home::Who;
use super::person::{ASK, Person, READY, STOPPED, is};
use super::terminal::key;

const SMALL: (u16, u16) = (80, 24);

/// How long a key may take while a shell floods the screen, on a machine with other work to do.
const AT_ONCE: Duration = Duration::from_secs(3);

impl Person {
    /// Takes the keyboard into the shell in view.
    fn goes_to_the_shell(&mut self) {
        self.terminal.press(key::F2);
        self.terminal.until_has(self.lang.pick("YOUR KEYBOARD IS HERE", "SEU TECLADO ESTÁ AQUI"));
    }

    /// Gives the keyboard back to the talk.
    fn comes_back(&mut self, pressed: &str) {
        self.terminal.press(pressed);
        let here = self.lang.pick("YOUR KEYBOARD IS HERE", "SEU TECLADO ESTÁ AQUI");
        self.terminal.until("the talk has the keyboard", |screen| !screen.has(here));
    }

    /// Types a line into the shell in view, and leaves the keyboard there.
    fn types(&mut self, line: &str) {
        self.goes_to_the_shell();
        self.sees_prompt();
        self.terminal.press(line);
        self.terminal.press(key::ENTER);
    }

    /// Waits until the inside shell is at its prompt.
    fn sees_prompt(&mut self) {
        let prompt = self.lang.pick("inside#", "dentro#");
        self.terminal.until("a prompt", |screen| screen.rows().iter().any(|row| row.trim() == prompt));
    }

    /// Presses Next, and waits until the bottom line begins with another word.
    fn next_until(&mut self, phase: (&'static str, &'static str)) {
        let lang = self.lang;
        self.terminal.next();
        self.terminal.until(phase.0, |screen| is(screen, phase, lang));
    }
}

#[test]
fn a_step_done_by_hand_is_ticked_off() {
    let mut person = Person::in_lesson(Who::Me, Lang::PtBr, SMALL, 0);
    person.types("echo oi");
    person.sees_done(0, 0);
    person.terminal.until_has("F2, depois Enter ▸ a seguir");
    person.comes_back(key::F2);
    person.terminal.next();
    person.sees_open(0, 1);
}

#[test]
fn keys_go_to_the_talk_or_to_a_shell_and_to_none_by_itself() {
    let mut person = Person::in_lesson(Who::Me, Lang::En, SMALL, 0);
    let stray = "F2 gives the keyboard to the shell";
    person.terminal.press("e");
    person.terminal.until_has(stray);
    person.terminal.press("?");
    person
        .terminal
        .until("the keys in an overlay", |screen| !screen.has(stray) && screen.has("WHILE THE TALK HAS THE KEYBOARD"));
    person.terminal.press(key::ESCAPE);
    person.sees_open(0, 0);
    person.terminal.press("\x1b[200~reboot\r\x1b[201~");
    person.terminal.until_has(stray);
    person.types("echo q h 1");
    person.terminal.until("what echo says", |screen| screen.rows().iter().any(|row| row.trim() == "q h 1"));
    // A clicker only gives the keyboard back.
    person.comes_back(key::PAGE_DOWN);
    person.goes_to_the_shell();
    person.comes_back(key::PAGE_UP);
    person.sees_open(0, 0);
    person.terminal.press(key::F4);
    person.terminal.until_has("F2 type here · F4 inside");
    person.goes_to_the_shell();
    person.terminal.press("hostname\r");
    person.terminal.until("outside's name", |screen| screen.rows().iter().any(|row| row.trim() == "bench"));
    person.terminal.press(key::F4);
    person.terminal.until_has("INSIDE · YOUR KEYBOARD IS HERE");
}

#[test]
fn a_box_that_was_left_is_built_anew() {
    let mut person = Person::in_lesson(Who::Me, Lang::En, SMALL, 0);
    person.types("exit");
    person.terminal.until_has("The container ended (exit 0): a container lives as long as its first process. ");
    person.terminal.until_has("Enter builds it anew.");
    person.terminal.until("STOPPED", |screen| is(screen, STOPPED, Lang::En));
    person.terminal.until_has("Enter ▸ build the box anew");
    person.next_until(READY);
    person.sees_prompt();
    person.goes_to_the_shell();
    person.terminal.press(key::CTRL_D);
    person.terminal.until_has("The container ended (exit 0)");
    person.next_until(READY);
    person.sees_open(0, 0);
    person.does(0, 0);
}

#[test]
fn what_a_step_waits_for_is_said_and_put_at_the_prompt() {
    let mut person = Person::in_lesson(Who::Me, Lang::PtBr, SMALL, 0);
    person.sees_prompt();
    person.terminal.press("h");
    person.terminal.until_has("falta: o que `echo oi` mostra dentro · agora: nada");
    person.terminal.press("h");
    person.terminal.until_has("dentro# echo oi");
    person.goes_to_the_shell();
    person.terminal.press(key::ENTER);
    person.sees_done(0, 0);
}

#[test]
fn a_busy_shell_is_interrupted_when_one_insists() {
    let mut person = Person::in_lesson(Who::Me, Lang::En, SMALL, 0);
    person.types("sleep 600");
    person.comes_back(key::F2);
    person.terminal.next();
    person.terminal.until_has("`sleep` still runs inside · Enter again sends Ctrl-C");
    person.terminal.next();
    person.sees_done(0, 0);
}

#[test]
fn a_prompt_behind_what_has_no_newline_is_one() {
    let mut person = Person::in_lesson(Who::Me, Lang::En, SMALL, 0);
    person.types("printf unfinished");
    person.terminal.until_has("unfinishedinside#");
    person.comes_back(key::F2);
    person.does(0, 0);
}

#[test]
fn going_back_asks_before_what_was_typed_is_lost() {
    let mut person = Person::in_lesson(Who::Me, Lang::En, SMALL, 1);
    person.terminal.press("2");
    person.terminal.until("READY", |screen| is(screen, READY, Lang::En));
    person.does(1, 0);
    person.terminal.next();
    person.sees_open(1, 1);
    person.types("hostname mine");
    person.sees_done(1, 1);
    person.comes_back(key::F2);
    person.terminal.press(key::PAGE_UP);
    person.terminal.until_has("Everything is built anew; what you typed is lost.");
    person.terminal.press(key::ESCAPE);
    person.terminal.until("the question is gone", |screen| !screen.has("what you typed is lost"));
    person.sees_done(1, 1);
    person.terminal.press(key::PAGE_UP);
    person.terminal.until_has("Everything is built anew; what you typed is lost.");
    person.terminal.next();
    person.sees_open(1, 0);
    person.does(1, 0);
}

#[test]
fn a_held_key_goes_on_by_one_step() {
    let mut person = Person::in_lesson(Who::Me, Lang::En, SMALL, 0);
    person.terminal.next();
    person.terminal.press(&key::ENTER.repeat(20));
    person.sees_done(0, 0);
    person.terminal.press("e");
    person.terminal.until_has("F2 gives the keyboard to the shell");
    person.sees_done(0, 0);
}

#[test]
fn what_was_read_is_read_again() {
    let mut person = Person::in_lesson(Who::Me, Lang::PtBr, SMALL, 0);
    person.does(0, 0);
    person.terminal.next();
    person.sees_open(0, 1);
    let why = person.course[0].steps[0].why.get(Lang::PtBr).to_owned();
    person.terminal.press(key::UP);
    person.terminal.until_has("A LIÇÃO ATÉ AQUI");
    person.terminal.until_has(&why);
    person.terminal.press(key::DOWN);
    person.sees_open(0, 1);
}

#[test]
fn the_language_is_switched_live() {
    let mut person = Person::at(Who::Me, Lang::En, SMALL);
    for lang in [Lang::PtBr, Lang::En] {
        person.terminal.press("L");
        person.lang = lang;
        person.sees_agenda();
    }
    person.terminal.press("1");
    for lang in [Lang::En, Lang::PtBr, Lang::En] {
        person.lang = lang;
        person.sees_open(1, 0);
        person.terminal.until("QUESTION", |screen| is(screen, ASK, lang));
        person.terminal.press("L");
    }
    person.lang = Lang::PtBr;
    person.sees_open(1, 0);
    person.terminal.press("2");
    person.terminal.until("PRONTO", |screen| is(screen, READY, Lang::PtBr));
    person.does(1, 0);
    person.terminal.press("L");
    person.lang = Lang::En;
    person.sees_done(1, 0);
}

#[test]
fn a_window_may_become_too_small_and_large_again() {
    let mut person = Person::in_lesson(Who::Me, Lang::PtBr, SMALL, 0);
    person.terminal.resize((50, 15));
    person.terminal.until_has("Esta janela tem 50×15; o unha precisa de 60×18.");
    for size in [SMALL, (160, 45), (20, 5), (120, 40), (60, 18), SMALL] {
        person.terminal.resize(size);
        match size {
            (20, _) => person.terminal.until_has("Esta janela tem 20×5"),
            // Everything at once: the text has a column of its own.
            (160, _) => person.terminal.until_has("CÓDIGO · stage.rs"),
            _ => person.sees_open(0, 0),
        }
    }
    person.does(0, 0);
}

#[test]
fn a_flood_does_not_hold_up_keys() {
    let mut person = Person::in_lesson(Who::Me, Lang::En, SMALL, 0);
    person.types("while :; do seq 1 100000; done");
    person.terminal.until("the flood", |screen| screen.rows().iter().filter(|row| row.trim().len() == 5).count() > 2);
    let began = Instant::now();
    person.comes_back(key::F2);
    person.terminal.press("q");
    person.terminal.until_has("Leave?");
    person.terminal.press(key::ENTER);
    person.terminal.until("the question is gone", |screen| !screen.has("Leave?"));
    person.goes_to_the_shell();
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
    person.terminal.press(key::CTRL_C);
    person.sees_prompt();
    person.comes_back(key::F2);
    person.does(0, 0);
}
