//! `unha present --check COLSxROWS`: whether the talk will work at this projector's size and on this machine.
//!
//! Every slide and step on the route is drawn, then every step is run; what does not fit and what does not run is named,
//! and the last line says what that makes of the talk.

mod found;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use self::found::Found;
use super::driver::Driver;
use super::overflow::Projector;
use super::pupil::{self, Verdict};
use super::{MISUSED, lessons, machine, recall, rehearsal, rootfs, slides, trust, words};
use crate::course::deck::Deck;
use crate::course::event::Action;
use crate::course::lesson::Lesson;
use crate::course::plan::{Plan, clock_face, step_name};
use crate::course::progress::Progress;
use crate::course::recording;
use crate::course::talk::{Machine, Place, Route, Talk, View};
use crate::course::text::Lang;
use crate::kernel::{container, record};
use crate::screen::{Look, Loss, Wish};
use crate::session::{Options, Session, store};

/// How long the box of the live slides may take to stand.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the command line chose.
pub struct Choice {
    pub deck: Option<PathBuf>,
    pub lessons: Option<PathBuf>,
    /// Else the route of last time.
    pub route: Option<Route>,
    /// The one language of the talk; else both are looked at.
    pub only: Option<Lang>,
    /// Columns, rows.
    pub size: (u16, u16),
    /// The minutes that the talk may take.
    pub minutes: Option<u32>,
    /// Whether lessons that are not unha's own are run without asking.
    pub trust: bool,
}

/// A talk that is to be given here.
struct Venue {
    deck: Deck,
    lessons: Vec<Lesson>,
    route: Route,
    langs: Vec<Lang>,
    machine: Machine,
    /// The language in which it is reported.
    lang: Lang,
}

/// Looks at the talk and says whether it will work.
pub fn run(choice: &Choice, lang: Lang) -> ExitCode {
    let loaded = lessons::load(choice.lessons.as_deref(), &[], lang).and_then(|loaded| {
        trust::agreed(&loaded, choice.trust, lang)?;
        let (deck, _) = slides::load(choice.deck.as_deref(), &loaded.lessons, lang)?;
        Ok((loaded.lessons, deck))
    });
    let (lessons, deck) = match loaded {
        Ok(loaded) => loaded,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(MISUSED);
        }
    };
    let last_time = || {
        let file = store::file()?.with_file_name("present.json");
        recall::<Progress>(&file, lang).map(|progress| progress.route)
    };
    let route = choice.route.or_else(last_time).unwrap_or_default();
    let _ = record::sweep(&record::folder(), false);
    // Before any session has threads.
    let machine = machine::look(&rootfs::built_in());
    let langs = choice.only.map_or(Lang::ALL.to_vec(), |only| vec![only]);
    let venue = Venue { deck, lessons, route, langs, machine, lang };
    let mut found = Found::default();
    say(&venue.title(choice.size));
    venue.draw(choice.size, &mut found);
    venue.walk(&mut found);
    let rehearsed = rehearsal::of(choice.deck.as_deref(), lang);
    let plan = Plan::of(&venue.deck, &venue.lessons, route, rehearsed.on(route));
    say(&format!("\n{}", planned(&plan, route, choice.minutes, lang)));
    say(&found.verdict(lang));
    ExitCode::from(u8::from(!found.is_nothing()))
}

impl Venue {
    /// The slides that the route shows.
    fn slides(&self) -> impl Iterator<Item = usize> {
        (0..self.deck.slides.len()).filter(|slide| self.route == Route::Full || self.deck.slides[*slide].must)
    }

    /// The lessons that they open, each once.
    fn opened(&self) -> Vec<usize> {
        let mut opened = vec![];
        for id in self.slides().filter_map(|slide| self.deck.slides[slide].lesson.as_deref()) {
            let lesson = self.lessons.iter().position(|lesson| lesson.id == id);
            opened.extend(lesson.filter(|lesson| !opened.contains(lesson)));
        }
        opened
    }

    /// Draws everything in each language, with what this machine's kernel says on the slides.
    fn draw(&self, size: (u16, u16), found: &mut Found) {
        let (mut driver, stands) = self.stage(size);
        let look = Look::from_env(Wish::default(), |_| None, container::source);
        let projector = Projector { size, look, reader: self.lang };
        let slides = self.draw_slides(&projector, &mut driver.talk, found);
        let steps = self.draw_steps(&projector, &mut driver.talk, found);
        if found.cut_off == 0 {
            say(&match self.lang {
                Lang::En => format!("PASS {slides} slides and {steps} steps fit"),
                Lang::PtBr => format!("PASS {slides} slides e {steps} passos cabem"),
            });
        }
        if !stands {
            found.dark = true;
            let live = self.slides().map(|at| &self.deck.slides[at]).filter(|slide| slide.is_live());
            let dark: Vec<&str> = live.map(|slide| slide.id.as_str()).collect();
            let why = self.lang.pick(
                "no box stands here, and what they would read from the kernel is a dash",
                "nenhuma caixa sobe aqui, e o que eles leriam do kernel vira um traço",
            );
            say(&format!("SKIP slides {}: {why}", dark.join(", ")));
        }
    }

    /// Names what does not fit of the slides; gives how many they are.
    fn draw_slides(&self, projector: &Projector, talk: &mut Talk, found: &mut Found) -> usize {
        for slide in self.slides() {
            for lang in self.langs_of(slide) {
                talk.lang = lang;
                for misfit in projector.slide(talk, slide) {
                    let word = if misfit.loss == Loss::Part { "FAIL" } else { self.lang.pick("NOTE", "NOTA") };
                    say(&format!("{word} slide {}", misfit.what));
                    found.cut_off += usize::from(misfit.loss == Loss::Part);
                }
            }
        }
        self.slides().count()
    }

    /// Names what does not fit of the steps that the slides open; gives how many they are.
    fn draw_steps(&self, projector: &Projector, talk: &mut Talk, found: &mut Found) -> usize {
        let steps = |lesson: usize| (0..self.lessons[lesson].steps.len()).map(move |step| Place { lesson, step });
        let places: Vec<Place> = self.opened().into_iter().flat_map(steps).filter(|place| talk.walks(*place)).collect();
        for place in &places {
            for lang in &self.langs {
                talk.lang = *lang;
                for cut in projector.step(talk, *place) {
                    let lesson = &self.lessons[place.lesson].id;
                    say(&format!("FAIL {} {lesson}/{cut}", self.lang.pick("step", "passo")));
                    found.cut_off += 1;
                }
            }
        }
        places.len()
    }

    /// The languages in which a slide differs.
    fn langs_of(&self, slide: usize) -> Vec<Lang> {
        let of = &self.deck.slides[slide];
        let one = of.face(Lang::En) == of.face(Lang::PtBr);
        self.langs.iter().copied().take(if one { 1 } else { self.langs.len() }).collect()
    }

    /// The talk with its slides, and the box on which they are live; whether that box stands, where a slide needs it.
    fn stage(&self, size: (u16, u16)) -> (Driver, bool) {
        let dir = rootfs::built_in().ok().map(|root| root.dir);
        let (session, messages) = Session::new(Options { lang: self.lang, rootfs: dir, pace: Duration::ZERO });
        let talk = Talk::new(self.lessons.clone(), self.lang, self.route, self.machine.clone(), None, size);
        let mut driver = Driver::new(talk.with_deck(self.deck.clone(), None), session, messages);
        let live = self.slides().map(|slide| &self.deck.slides[slide]).find(|slide| slide.is_live());
        let Some(slide) = live else { return (driver, true) };
        if self.machine.namespaces.is_err() {
            return (driver, false);
        }
        driver.act(Action::GoTo(slide.id.clone()));
        let deadline = Instant::now() + PATIENCE;
        let is_seen = |talk: &Talk| talk.box_runs && !talk.now.inside.is_empty();
        while Instant::now() < deadline && (driver.talk.is_building() || driver.talk.box_runs && !is_seen(&driver.talk))
        {
            driver.wait(deadline);
        }
        let stands = is_seen(&driver.talk);
        driver.talk.view = View::Slides;
        (driver, stands)
    }

    /// Runs every step, a line each.
    fn walk(&self, found: &mut Found) {
        for index in self.opened() {
            let lesson = &self.lessons[index];
            let has_recording = self.langs.iter().all(|lang| recording::embedded(lesson, *lang).is_some());
            let (mut steps, mut recorded) = (0, vec![]);
            pupil::walk(&self.lessons, index, &self.machine, (self.route, self.lang), |step, verdict| {
                let name = step_name(&lesson.id, &lesson.steps[step].id);
                steps += 1;
                match verdict {
                    Verdict::Pass => say(&format!("PASS {name}")),
                    Verdict::Skip(why) | Verdict::Refused(why) if has_recording => {
                        say(&format!("{} {name}: {why}", self.lang.pick("RECORDED", "GRAVADO")));
                        recorded.push(name);
                    }
                    Verdict::Skip(why) | Verdict::Refused(why) => {
                        let none = self.lang.pick("and there is no recording of it", "e não há gravação dele");
                        say(&format!("FAIL {name}: {why}; {none}"));
                        found.missing.push(name);
                    }
                    Verdict::Fail(why) => {
                        say(&format!("FAIL {name}: {why}"));
                        found.missing.push(name);
                    }
                }
            });
            found.recorded += recorded.len();
            // A lesson that is recorded as a whole is named as one.
            let whole = vec![lesson.id.clone()];
            found.played.extend(if !recorded.is_empty() && recorded.len() == steps { whole } else { recorded });
        }
    }

    /// What is looked at.
    fn title(&self, (columns, rows): (u16, u16)) -> String {
        let langs = self.langs.iter().map(|lang| lang.tag()).collect::<Vec<_>>().join(", ");
        let talk = self.lang.pick("The talk at", "A palestra em");
        format!("{talk} {columns}×{rows}, {} ({langs})\n", named(self.route, self.lang))
    }
}

/// Prints a line. A reader that has seen enough, such as head, is no failure: the exit code tells the verdict too.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

const fn named(route: Route, lang: Lang) -> &'static str {
    match route {
        Route::Full => lang.pick("full route", "trilha completa"),
        Route::Short => lang.pick("short route", "trilha curta"),
    }
}

/// The planned time, which plan it is of, and how it stands against the minutes that there are.
fn planned(plan: &Plan, route: Route, minutes: Option<u32>, lang: Lang) -> String {
    let (time, basis) = (clock_face(plan.planned()), plan.basis.say(lang));
    let said = format!("{}: {time} min ({basis})", named(route, lang));
    let Some(minutes) = minutes else { return said };
    let has = u64::from(minutes) * 60_000;
    let off = clock_face(plan.planned().abs_diff(has));
    let against = match (plan.planned() > has, lang) {
        (true, Lang::En) => format!("{off} over the {minutes} minutes"),
        (true, Lang::PtBr) => format!("passa {off} dos {minutes} minutos"),
        (false, Lang::En) => format!("{off} of {minutes} minutes are left"),
        (false, Lang::PtBr) => format!("sobram {off} de {minutes} minutos"),
    };
    format!("{said}; {against}")
}
