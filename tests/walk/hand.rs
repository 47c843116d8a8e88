//! A lesson's practice by hand, by ways that its author did not think of.

use unha::course::text::Lang;

use super::home::Who;
use super::person::{DONE, Person, Reply, is};
use super::terminal::key;

const SMALL: (u16, u16) = (80, 24);
const UTS: usize = 1;

/// unshare(2) and sethostname(2) by their numbers: no tool of the lesson's, and no shell in the namespace.
const BY_PERL: &str = r#"perl -e '($u,$s)=`uname -m`=~/x86/?(272,170):(97,161); $n="caixa"; syscall($u,0x04000000); syscall($s,$n,5); sleep 600' &"#;

impl Person {
    /// Waits until an exercise stands open.
    fn sees_exercise(&mut self, lesson: usize, exercise: usize) {
        let (lang, of) = (self.lang, &self.course[lesson]);
        let number = format!("{} {}/{}", lang.pick("by hand", "na unha"), exercise + 1, of.exercises.len());
        let text = of.exercises[exercise].step.text.get(lang);
        self.terminal.until(format!("exercise {number}"), |screen| {
            screen.rows()[0].contains(&number)
                && screen.has(text)
                && screen.rows().iter().any(|row| row.trim() == "unha#")
                && screen.has(lang.pick("nothing apart yet", "nada seu à parte ainda"))
        });
    }

    /// Types a line into the shell of the bench, and leaves the keyboard there.
    fn types_by_hand(&mut self, line: &str) {
        if !self.terminal.screen().has(self.lang.pick("YOUR KEYBOARD IS HERE", "SEU TECLADO ESTÁ AQUI")) {
            self.terminal.press(key::F2);
            self.terminal.until_has(self.lang.pick("YOUR KEYBOARD IS HERE", "SEU TECLADO ESTÁ AQUI"));
        }
        self.terminal.press(line);
        self.terminal.press(key::ENTER);
    }

    /// Waits until a goal is ticked off.
    fn sees_goal(&mut self, lesson: usize, exercise: usize, goal: usize) {
        let say = self.course[lesson].exercises[exercise].goals[goal].say.get(self.lang);
        self.terminal.until_has(&format!("{} {say}", self.lang.pick("✔ done", "✔ feito")));
    }

    /// Reads that all goals are reached, and what there is to say of it.
    fn sees_reached(&mut self, lesson: usize, exercise: usize) {
        let lang = self.lang;
        let (id, after) = (
            self.course[lesson].exercises[exercise].id().to_owned(),
            self.course[lesson].exercises[exercise].step.why.get(lang).to_owned(),
        );
        self.terminal.until(format!("{id} is done"), |screen| is(screen, DONE, lang) && screen.has(&after));
        self.terminal.press(key::F2);
        self.terminal.until_has("Enter ▸ ");
        let here = lang.pick("YOUR KEYBOARD IS HERE", "SEU TECLADO ESTÁ AQUI");
        self.terminal.until("the talk has the keyboard", |screen| !screen.has(here));
    }
}

#[test]
fn a_practice_is_ticked_off_whatever_the_way() {
    let mut person = Person::in_lesson(Who::Me, Lang::PtBr, SMALL, UTS);
    for step in 0..person.course[UTS].steps.len() {
        person.sees_open(UTS, step);
        person.replies(UTS, step, Reply::Right);
        person.does(UTS, step);
        person.terminal.next();
    }

    // Wrong at first: the name outside is gone, and a fresh bench has it again.
    person.sees_exercise(UTS, 0);
    person.types_by_hand("hostname caixa");
    let wrong = person.course[UTS].exercises[0].diagnoses[0].say.get(Lang::PtBr).to_owned();
    person.terminal.until_has(&wrong);
    person.terminal.press(key::F2);
    person.terminal.until_has("r nova");
    person.terminal.press("r");
    person.terminal.until("what was wrong is gone", |screen| !screen.has(&wrong));
    person.sees_exercise(UTS, 0);
    person.types_by_hand(BY_PERL);
    person.sees_reached(UTS, 0);
    person.terminal.next();

    // Not named at birth, but by a visitor.
    person.sees_exercise(UTS, 1);
    person.types_by_hand("unshare -u sleep 600 &");
    person.sees_goal(UTS, 1, 0);
    person.types_by_hand("nsenter -t $! -u hostname pedra");
    person.sees_reached(UTS, 1);
    person.terminal.next();

    // The lines that are to be put in order are left alone.
    person.sees_exercise(UTS, 2);
    person.types_by_hand("unshare -u sh -c 'hostname lua; sleep 600' &");
    person.sees_goal(UTS, 2, 1);
    person.types_by_hand("hostname terra");
    person.sees_reached(UTS, 2);
    person.terminal.next();

    // A namespace that is held by a file, and entered by somebody later.
    person.sees_exercise(UTS, 3);
    person.types_by_hand("touch /tmp/held; unshare --uts=/tmp/held hostname ilha");
    person.types_by_hand("nsenter --uts=/tmp/held sleep 600 &");
    person.sees_reached(UTS, 3);

    person.terminal.press("a");
    person.sees_agenda();
    person.terminal.until("the lesson is done by hand", |screen| {
        screen.rows().iter().any(|row| row.trim_start_matches([' ', '▸']).starts_with("na unha"))
    });
}
