//! The whole talk in one go, by the two keys of a clicker: every point, lesson and step forth, and all of it back, with a
//! console that is killed and comes again midway; and the short route on a machine that refuses. seccomp(2).
//!
//! It takes minutes, and next to no work, since it waits for what is typed at a human pace: so all of it goes on at the
//! same time, and begins before the other tests.

use std::collections::BTreeMap;
use std::env;
use std::io::BufReader;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use unha::course::console::{Stand, Told};
use unha::course::lesson::{Lesson, Page, Step};
use unha::course::parse;
use unha::course::talk::Moment;
use unha::course::text::Lang;
use unha::session::console::{Heard, hear, talks};

use super::giving::{SIZE, Speaker};
use super::home::{Home, Who};
use super::refuse::refuse_everything;
use super::terminal::{Terminal, key};

/// How long the talk may take to tell its consoles what the stage shows.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a machine may be too busy to answer a key.
const ANSWERS: Duration = Duration::from_secs(10);

/// Where a talk can stand.
#[derive(Debug, Clone, Copy)]
enum Spot {
    /// A slide at one of its points.
    Point(usize, usize),
    /// A lesson at one of its steps, by their indices.
    Step(usize, usize),
}

/// A talk that is given, and those who watch it: a console on a terminal, and whoever reads the console's line.
struct Given {
    /// Before the speaker, whose home it is: it is ended first.
    console: Option<Terminal>,
    line: Receiver<Told>,
    /// The number of what was told last.
    seq: u64,
    speaker: Speaker,
    lessons: Vec<Lesson>,
    /// Whether the machine refuses, so that recordings play.
    refused: bool,
    /// How often a key had to be pressed again.
    again: u32,
}

impl Given {
    fn begins(lang: Lang, refused: bool) -> Self {
        let route = if refused { "short" } else { "full" };
        let mut speaker = Speaker::on(Home::new(Who::Me), lang, &["--route", route]);
        speaker.sees(0, 0);
        let console = Some(Terminal::open(&speaker.home, SIZE, &["notes"]));
        let files = parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
        let lessons = parse::course(files.collect()).unwrap();
        Self { console, line: line(&speaker.home), seq: 0, speaker, lessons, refused, again: 0 }
    }

    /// All there is on the route, in order.
    fn way(&self) -> Vec<Spot> {
        let mut way = vec![];
        for (index, slide) in self.speaker.deck.slides.iter().enumerate() {
            if self.speaker.short && !slide.must {
                continue;
            }
            way.extend((0..slide.points).map(|point| Spot::Point(index, point)));
            if let Some(id) = &slide.lesson {
                let lesson = self.lessons.iter().position(|lesson| lesson.id == *id).unwrap();
                way.extend(self.walked(lesson).map(|step| Spot::Step(lesson, step)));
            }
        }
        way
    }

    fn walked(&self, lesson: usize) -> impl DoubleEndedIterator<Item = usize> {
        let steps = &self.lessons[lesson].steps;
        (0..steps.len()).filter(|step| !self.speaker.short || steps[*step].must)
    }

    /// A step, with its number among those of the route and how many there are.
    fn step(&self, lesson: usize, step: usize) -> (Step, String) {
        let number = self.walked(lesson).position(|walked| walked == step).unwrap() + 1;
        (self.lessons[lesson].steps[step].clone(), format!("{number}/{}", self.walked(lesson).count()))
    }

    /// Waits until the stage shows it, the console likewise, and the line tells it; a step stands open.
    fn sees(&mut self, spot: Spot) {
        let lang = self.speaker.lang;
        let (place, says) = match spot {
            Spot::Point(slide, point) => {
                self.speaker.sees(slide, point);
                let (deck, of) = (&self.speaker.deck, &self.speaker.deck.slides[slide]);
                let number = format!("slide {}/{}", slide + 1, deck.slides.len());
                let place = format!("{number} · {} {}/{}", lang.pick("point", "ponto"), point + 1, of.points);
                let notes = of.face(lang).note(point).split_whitespace().take(12);
                (vec![place], notes.collect::<Vec<_>>().join(" "))
            }
            Spot::Step(lesson, step) => {
                let (of, number) = self.step(lesson, step);
                let open = [lang.pick("QUESTION", "PERGUNTA"), lang.pick("READY", "PRONTO")];
                self.stage_sees(lesson, &number, &open, of.text.get(lang));
                let place = |moment| format!("{} {number} · {moment}", lang.pick("step", "passo"));
                (open.map(place).into(), of.text.get(lang).to_owned())
            }
        };
        self.console_sees(&place, &says, matches!(spot, Spot::Step(..)));
        self.is_told(spot, &[Moment::Question, Moment::Ready]);
    }

    /// Next does a step: waits until the kernel has confirmed it, or the recording that it did.
    fn does(&mut self, lesson: usize, step: usize) {
        let lang = self.speaker.lang;
        let (of, number) = self.step(lesson, step);
        self.speaker.terminal.next_by(key::PAGE_DOWN);
        let done = lang.pick("DONE", "FEITO");
        self.stage_sees(lesson, &number, &[done], of.why.get(lang));
        self.console_sees(&[format!("{} {number} · {done}", lang.pick("step", "passo"))], "", true);
        self.is_told(Spot::Step(lesson, step), &[Moment::Done]);
        if of.page == Some(Page::Script) {
            self.speaker.terminal.next_by(key::PAGE_DOWN);
            self.speaker.terminal.until_has("#!/bin/sh -e");
        }
    }

    fn stage_sees(&mut self, lesson: usize, number: &str, moments: &[&str], says: &str) {
        let lang = self.speaker.lang;
        let title = format!("[{}]", self.lessons[lesson].title.get(lang).to_uppercase());
        let (number, refused) = (format!(" {number} "), self.refused);
        let recorded = lang.pick("RECORDED", "GRAVADO");
        let why = lang.pick("here the kernel refused", "aqui o kernel recusou");
        self.speaker.terminal.until(format!("{title}{number}{moments:?}: {says}"), |screen| {
            let top = screen.rows()[0].clone();
            let said = top.trim_end().ends_with(recorded) && screen.has(why);
            top.contains(&title)
                && top.contains(&number)
                && moments.iter().any(|moment| screen.bottom().starts_with(moment))
                && screen.has(says)
                && (!refused || said)
        });
    }

    fn console_sees(&mut self, places: &[String], says: &str, in_lesson: bool) {
        let Some(console) = &mut self.console else { return };
        let recorded = self.speaker.lang.pick("RECORDED", "GRAVADO");
        let refused = self.refused && in_lesson;
        console.until(format!("{places:?} at the console: {says}"), |screen| {
            let rows = screen.rows();
            places.iter().any(|place| rows[0].contains(place))
                && screen.has(says)
                && (!refused || rows[1].contains(recorded))
        });
    }

    /// Waits until this is told, of which each word is younger than the one before.
    fn is_told(&mut self, spot: Spot, moments: &[Moment]) {
        let number = |number: usize, of: usize| (number + 1, of);
        loop {
            let told = self.line.recv_timeout(PATIENCE).unwrap_or_else(|why| panic!("{spot:?} is not told: {why}"));
            assert!(told.seq > self.seq, "{} is told after {}", told.seq, self.seq);
            self.seq = told.seq;
            let slides = &self.speaker.deck.slides;
            let here = match (&told.state.stand, spot) {
                (Stand::Slide { number: at, point: of, .. }, Spot::Point(slide, point)) => {
                    *at == number(slide, slides.len()) && *of == number(point, slides[slide].points)
                }
                (Stand::Step { lesson: at, id, moment, .. }, Spot::Step(lesson, step)) => {
                    let lesson = &self.lessons[lesson];
                    (at, id) == (&lesson.id, &lesson.steps[step].id) && moments.contains(moment)
                }
                _ => false,
            };
            if here {
                return;
            }
        }
    }

    /// Presses a clicker's key. Who sees nothing come of it presses again, as anybody would, but not more than once a talk.
    fn presses(&mut self, key: &str) {
        let before = self.speaker.terminal.screen().to_string();
        self.speaker.terminal.next_by(key);
        if !self.speaker.terminal.differs_from(&before, ANSWERS) {
            self.again += 1;
            assert_eq!(self.again, 1, "a key was lost for the second time\n{before}");
            self.speaker.terminal.press(key);
        }
    }

    /// From the first slide to the last; the console is killed at a step of the third lesson, and comes again later.
    fn goes_forth(&mut self) {
        let way = self.way();
        let killed = way.iter().position(|spot| matches!(spot, Spot::Step(2, 1))).unwrap();
        for (at, spot) in way.iter().enumerate() {
            if at == killed {
                let mut console = self.console.take().unwrap();
                console.signal(Signal::SIGKILL);
                console.until_ended();
            } else if at == killed + 3 {
                self.console = Some(Terminal::open(&self.speaker.home, SIZE, &["notes"]));
            }
            self.sees(*spot);
            if let Spot::Step(lesson, step) = *spot {
                self.does(lesson, step);
            }
            if at + 1 < way.len() {
                self.presses(key::PAGE_DOWN);
            }
        }
    }

    /// From the last slide to the first: what was built is built again, and no step is done.
    fn goes_back(&mut self) {
        for spot in self.way().into_iter().rev().skip(1) {
            self.presses(key::PAGE_UP);
            self.sees(spot);
        }
    }

    /// It leaves, and its console gives its own terminal back too.
    fn ends(self) {
        let _home = self.speaker.leaves();
        let mut console = self.console.unwrap();
        // It follows no stage any more, and speaks the language of its own terminal.
        console.until_has("The talk is over.");
        console.press("q");
        assert!(console.until_ended().success());
        assert_eq!(console.not_given_back(), Vec::<&str>::new());
    }
}

/// What the talk in this home tells, from now on; it is read at once, since who does not read is dropped.
fn line(home: &Home) -> Receiver<Told> {
    let deadline = Instant::now() + PATIENCE;
    let (_, stream) = loop {
        match talks(&home.records()).unwrap().pop() {
            Some(talk) => break talk,
            None => assert!(Instant::now() < deadline, "the talk listens to no console"),
        }
    };
    let (sender, line) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        while let Ok(Some(Heard::Told(told))) = hear(&mut reader) {
            if sender.send(*told).is_err() {
                return;
            }
        }
    });
    line
}

fn forth_and_back(lang: Lang, begun: Sender<()>) {
    let mut talk = Given::begins(lang, false);
    has_begun(begun);
    talk.goes_forth();
    talk.goes_back();
    talk.ends();
}

fn from_recordings(lang: Lang, begun: Sender<()>) {
    refuse_everything();
    let mut talk = Given::begins(lang, true);
    has_begun(begun);
    talk.goes_forth();
    talk.ends();
}

/// Nobody may wait for it any more.
fn has_begun(begun: Sender<()>) {
    let _ = begun.send(());
    drop(begun);
}

/// A talk by the name of its test.
type Talk = (&'static str, fn(Lang, Sender<()>), Lang);

const TALKS: [Talk; 4] = [
    ("forth_and_back_in_english", forth_and_back, Lang::En),
    ("forth_and_back_in_portuguese", forth_and_back, Lang::PtBr),
    ("from_recordings_in_english", from_recordings, Lang::En),
    ("from_recordings_in_portuguese", from_recordings, Lang::PtBr),
];

/// The talks that are asked for, by the names of their tests, and what says of each that it has begun.
type Begun = (BTreeMap<&'static str, JoinHandle<()>>, Option<Receiver<()>>);

static BEGUN: LazyLock<Mutex<Begun>> = LazyLock::new(|| {
    let filters: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let asked_for =
        |test: &str| filters.is_empty() || filters.iter().any(|part| format!("whole::{test}").contains(part));
    let (sender, begun) = channel();
    let talks = TALKS.into_iter().filter(|(test, ..)| asked_for(test)).map(|(test, talk, lang)| {
        let begun = sender.clone();
        (test, thread::spawn(move || talk(lang, begun)))
    });
    Mutex::new((talks.collect(), Some(begun)))
});

/// Lets all talks that are asked for begin, and waits until their first slides stand, or they have failed.
pub fn begin() {
    let (count, begun) = {
        let mut talks = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
        (talks.0.len(), talks.1.take().unwrap())
    };
    assert_eq!(begun.iter().take(count).count(), count, "not every talk came to its first slide");
}

/// Waits until a talk has come to its end; fails as it failed.
fn comes_to_its_end(test: &str) {
    let talk = BEGUN.lock().unwrap_or_else(PoisonError::into_inner).0.remove(test).unwrap();
    if let Err(why) = talk.join() {
        // What a thread prints when it panics is kept with the test that started it.
        let said = why.downcast_ref::<String>().map(String::as_str).or(why.downcast_ref::<&str>().copied());
        panic!("{}", said.unwrap_or("the talk failed"));
    }
}

#[test]
fn forth_and_back_in_english() {
    comes_to_its_end("forth_and_back_in_english");
}

#[test]
fn forth_and_back_in_portuguese() {
    comes_to_its_end("forth_and_back_in_portuguese");
}

#[test]
fn from_recordings_in_english() {
    comes_to_its_end("from_recordings_in_english");
}

#[test]
fn from_recordings_in_portuguese() {
    comes_to_its_end("from_recordings_in_portuguese");
}
