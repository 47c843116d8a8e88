//! A person before a talk, and a session behind it that does at once what the talk wants done.

use std::collections::BTreeMap;

use unha::course::event::{Action, Effect, Ended, Event, Failure, Names};
use unha::course::lesson::{Lesson, Restart};
use unha::course::progress::Progress;
use unha::course::talk::{Machine, Phase, Place, Route, Talk, View};
use unha::course::text::Lang;
use unha::course::{Call, Fact, Reading, Side, Snapshot, Value};

/// Two lessons with a step of each kind.
const LESSONS: &str = include_str!("lessons.toml");

pub fn lessons() -> Vec<Lesson> {
    #[derive(serde::Deserialize)]
    struct Course {
        lesson: Vec<Lesson>,
    }
    toml::from_str::<Course>(LESSONS).unwrap().lesson
}

pub fn machine() -> Machine {
    Machine { root: true, namespaces: Ok(()), cgroup: Ok(2), rootfs: Ok(()) }
}

pub fn talk(route: Route, progress: Option<Progress>) -> Talk {
    Talk::new(lessons(), Lang::En, route, machine(), progress, (80, 24))
}

pub fn names(pairs: &[(&str, &str)]) -> Names {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub fn call(name: &str, result: Result<i64, &str>) -> Call {
    Call { name: name.into(), args: vec![], result: result.map_err(str::to_owned) }
}

/// A look in which the sides have these host names; inside none where there is no box.
pub fn look(outside: &str, inside: Option<&str>) -> Snapshot {
    let facts = |name: &str| BTreeMap::from([(Fact::Hostname, Reading::Value(Value::Text(name.into())))]);
    Snapshot { machine: facts("vm"), outside: facts(outside), inside: inside.map(facts).unwrap_or_default() }
}

/// A talk, and everything that it wanted done.
pub struct Room {
    pub talk: Talk,
    pub effects: Vec<Effect>,
    pub clock: u64,
}

impl Room {
    /// At the agenda.
    pub fn new() -> Self {
        Self::on(Route::Full)
    }

    pub fn on(route: Route) -> Self {
        Self { talk: talk(route, None), effects: Vec::new(), clock: 0 }
    }

    /// At a step, everything built, nothing wanted any more.
    pub fn at(step: &str) -> Self {
        Self::new().opened(step)
    }

    /// At a step before a room, everything built, nothing wanted any more.
    pub fn on_stage_at(step: &str) -> Self {
        let talk = talk(Route::Full, None).with_deck(crate::slides::slides(), None);
        Self { talk, effects: Vec::new(), clock: 0 }.opened(step)
    }

    /// At a step of the course's own lessons before a room; what it cannot do is played as it was recorded.
    pub fn on_stage_in_course(step: &str) -> Self {
        let files = unha::course::parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
        let lessons = unha::course::parse::course(files.collect()).unwrap();
        let deck = unha::course::deck::deck(&unha::course::deck::embedded()).unwrap();
        let mut talk = Talk::new(lessons, Lang::En, Route::Full, machine(), None, (80, 24)).with_deck(deck, None);
        talk.shelf = unha::course::recording::embedded;
        Self { talk, effects: Vec::new(), clock: 0 }.opened(step)
    }

    fn opened(mut self, step: &str) -> Self {
        self.act(Action::GoTo(step.into()));
        self.settle();
        self.effects.clear();
        assert_eq!((self.talk.view, self.talk.rebuilding), (View::Lesson, false));
        self
    }

    /// Tells the talk what happened; gives what it wants done.
    pub fn tell(&mut self, event: Event) -> Vec<Effect> {
        let effects = self.talk.update(event);
        self.effects.extend(effects.clone());
        effects
    }

    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        self.tell(Event::Action(action))
    }

    /// Next, long after the last one.
    pub fn next(&mut self) -> Vec<Effect> {
        self.pass(300);
        self.act(Action::Next)
    }

    /// Back, long after the last one.
    pub fn back(&mut self) -> Vec<Effect> {
        self.pass(300);
        self.act(Action::Back)
    }

    pub fn pass(&mut self, milliseconds: u64) -> Vec<Effect> {
        self.clock += milliseconds;
        self.tell(Event::Tick(self.clock))
    }

    /// Answers the question if there is one, and acts.
    pub fn go(&mut self) -> Vec<Effect> {
        if self.talk.phase == Phase::Ask {
            self.act(Action::Choose(1));
        }
        self.next()
    }

    pub fn look(&mut self, outside: &str, inside: Option<&str>) -> Vec<Effect> {
        self.tell(Event::Snapshot(look(outside, inside)))
    }

    pub fn started(&mut self) -> Vec<Effect> {
        let mut effects = self.tell(Event::BoxStarted(names(&[("pid", "4711"), ("pids", "/sys/fs/cgroup/box")])));
        for side in [Side::Outside, Side::Inside] {
            effects.extend(self.tell(Event::ShellIdle(side, true)));
        }
        effects
    }

    /// A wanted line is typed whole, and its command ends.
    pub fn typed(&mut self, side: Side) -> Vec<Effect> {
        let mut effects = self.tell(Event::Typed(side));
        effects.extend(self.tell(Event::ShellIdle(side, true)));
        effects
    }

    pub fn printed(&mut self, side: Side, text: &str) -> Vec<Effect> {
        self.tell(Event::ShellBytes(side, text.as_bytes().to_vec()))
    }

    pub fn ended(&mut self) -> Vec<Effect> {
        self.tell(Event::BoxEnded(Ended::Exit(0)))
    }

    pub fn failed(&mut self, errno: &str) -> Vec<Effect> {
        self.tell(Event::StageFailed(Failure {
            call: Some(call("pivot_root", Err(errno))),
            before: vec![],
            message: String::new(),
            seen: vec![],
            cause: unha::course::event::Cause::Other,
        }))
    }

    /// Builds and types what is wanted until nothing more is.
    pub fn settle(&mut self) {
        let mut todo: std::collections::VecDeque<Effect> = std::mem::take(&mut self.effects).into();
        let mut all = Vec::new();
        while let Some(effect) = todo.pop_front() {
            match &effect {
                Effect::StartBox(_) | Effect::Restart(..) => todo.extend(self.started()),
                Effect::Type(side, _) | Effect::TypeGuarded(side, ..) => todo.extend(self.typed(*side)),
                _ => {}
            }
            all.push(effect);
        }
        self.effects = all;
    }

    pub fn step(&self) -> &str {
        &self.talk.step().id
    }

    pub fn place(&self) -> (Place, Phase) {
        (self.talk.at, self.talk.phase)
    }
}

/// The lines that were typed.
pub fn lines(effects: &[Effect]) -> Vec<&str> {
    let mut lines = Vec::new();
    for effect in effects {
        if let Effect::Type(_, line) | Effect::TypeGuarded(_, line, ..) = effect {
            lines.push(line.as_str());
        }
    }
    lines
}

/// The boxes that were started: what was made anew, and the features.
pub fn built(effects: &[Effect]) -> Vec<(Option<Restart>, String)> {
    let features = |start: &unha::course::lesson::Start| {
        start.features.iter().map(unha::course::Feature::name).collect::<Vec<_>>().join(" ")
    };
    let one = |effect: &Effect| match effect {
        Effect::StartBox(start) => Some((None, features(start))),
        Effect::Restart(what, start) => Some((Some(*what), features(start))),
        _ => None,
    };
    effects.iter().filter_map(one).collect()
}
