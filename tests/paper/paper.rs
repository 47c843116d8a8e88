//! A session on paper: it answers the talk's effects as the real one does, without a kernel, a clock or a thread.

use std::collections::{BTreeMap, VecDeque};

use unha::course::event::{Action, Cause, Effect, Ended, Event, Failure};
use unha::course::lesson::{Restart, Start};
use unha::course::talk::{Machine, Route, Talk, View};
use unha::course::text::Lang;
use unha::course::{Call, Fact, Facts, Feature, Reading, Side, Snapshot, Value, parse};

const SECOND: u64 = 1000;

/// The talk and what it runs on.
pub struct Paper {
    pub talk: Talk,
    /// The lines that were typed whole, by whomever.
    pub typed: Vec<(Side, String)>,
    /// What was started.
    pub starts: Vec<Start>,
    due: VecDeque<Event>,
    /// The line that is being typed, and whether Enter comes after it.
    typist: Option<(Side, String, bool)>,
    bench: bool,
    boxed: bool,
    features: Start,
    names: [&'static str; 2],
    busy: [bool; 2],
    clock: u64,
}

fn index(side: Side) -> usize {
    usize::from(side == Side::Inside)
}

impl Paper {
    pub fn new(route: Route) -> Self {
        let lesson =
            parse::lesson("paper.toml", include_str!("lessons.toml")).unwrap_or_else(|error| panic!("{error}"));
        let second = unha::course::lesson::Lesson { id: "again".into(), ..lesson.clone() };
        let machine = Machine { root: true, namespaces: Ok(()), cgroup: Ok(2), rootfs: Ok(()) };
        Self {
            talk: Talk::new(vec![lesson, second], Lang::En, route, machine, None, (80, 24)),
            typed: vec![],
            starts: vec![],
            due: VecDeque::new(),
            typist: None,
            bench: false,
            boxed: false,
            features: Start::default(),
            names: ["bench"; 2],
            busy: [false; 2],
            clock: SECOND,
        }
    }

    /// A person does this, a while after the last time.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        self.clock += SECOND;
        self.at_once(action)
    }

    /// A person does this right after the last time.
    pub fn at_once(&mut self, action: Action) -> Vec<Effect> {
        self.tell(Event::Tick(self.clock));
        self.tell(Event::Action(action))
    }

    /// A person does this, and waits until nothing goes on any more.
    pub fn calmly(&mut self, action: Action) {
        self.act(action);
        self.settle();
    }

    pub fn settle(&mut self) {
        for _ in 0..1000 {
            if !self.deliver() {
                return;
            }
        }
        panic!("the talk does not come to rest");
    }

    /// Time passes.
    pub fn wait(&mut self, milliseconds: u64) {
        self.clock += milliseconds;
        self.tell(Event::Tick(self.clock));
    }

    /// Lets the next thing happen; false when nothing goes on.
    pub fn deliver(&mut self) -> bool {
        if let Some(event) = self.due.pop_front() {
            self.tell(event);
            return true;
        }
        let Some((side, line, enter)) = self.typist.take() else { return false };
        if side == Side::Inside && !self.boxed || self.busy[index(side)] {
            self.tell(Event::Busy(side, "wait".into()));
        } else if enter {
            self.due.push_back(Event::Typed(side));
            self.run(side, &line);
        }
        true
    }

    fn tell(&mut self, event: Event) -> Vec<Effect> {
        let effects = self.talk.update(event);
        for effect in &effects {
            self.carry_out(effect.clone());
        }
        effects
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::StartBox(start) | Effect::Restart(Restart::Box, start) => self.start(start),
            Effect::Restart(Restart::Bench, start) => {
                self.due.clear();
                (self.bench, self.boxed, self.busy) = (false, false, [false; 2]);
                self.start(start);
            }
            Effect::Type(side, line) | Effect::TypeGuarded(side, line, ..) => self.typist = Some((side, line, true)),
            Effect::Prefill(side, line) => self.typist = Some((side, line, false)),
            Effect::Send(side, bytes) => {
                // Whoever types takes the keyboard from the script.
                self.typist.take_if(|(typing, ..)| *typing == side);
                match bytes.as_slice() {
                    [3] => {
                        self.busy[index(side)] = false;
                        self.due.push_back(Event::ShellIdle(side, true));
                    }
                    line => self.run(side, &String::from_utf8_lossy(line)),
                }
            }
            Effect::Look => self.due.push_back(Event::Snapshot(self.look())),
            _ => {}
        }
    }

    fn start(&mut self, start: Start) {
        self.typist = None;
        (self.boxed, self.busy[1]) = (false, false);
        self.starts.push(start.clone());
        if !self.bench {
            self.bench = true;
            self.names[0] = "bench";
            self.due.push_back(Event::BenchReady(BTreeMap::new()));
            self.due.push_back(Event::ShellIdle(Side::Outside, true));
        }
        if start.wrong_order {
            let call = Call { name: "pivot_root".into(), args: vec![], result: Err("EBUSY".into()) };
            let message = "busy".into();
            let failure = Failure { call: Some(call), before: vec![], message, seen: vec![], cause: Cause::Other };
            self.due.push_back(Event::StageFailed(failure));
            return;
        }
        self.boxed = true;
        self.names[1] = self.names[0];
        self.features = start;
        self.due.push_back(Event::BoxStarted(BTreeMap::from([
            ("pid".into(), "7".into()),
            ("pids".into(), "/sys/fs/cgroup/box".into()),
        ])));
        self.due.push_back(Event::Snapshot(self.look()));
        self.due.push_back(Event::ShellIdle(Side::Inside, true));
    }

    /// A shell runs a line.
    fn run(&mut self, side: Side, line: &str) {
        if side == Side::Inside && !self.boxed || self.busy[index(side)] {
            return;
        }
        self.typed.push((side, line.to_owned()));
        self.due.push_back(Event::ShellIdle(side, false));
        match line.split_once(' ').unwrap_or((line, "")) {
            ("name", name) => self.rename(side, name),
            ("say", word) => self.due.push_back(Event::ShellBytes(side, format!("{word}\r\n").into_bytes())),
            ("wait", _) => {
                self.busy[index(side)] = true;
                return;
            }
            ("exit" | "end", _) if (line == "exit") == (side == Side::Inside) && self.boxed => {
                self.boxed = false;
                self.due.push_back(Event::BoxEnded(Ended::Exit(0)));
            }
            _ => {}
        }
        if side == Side::Outside || self.boxed {
            self.due.push_back(Event::ShellIdle(side, true));
        }
    }

    fn rename(&mut self, side: Side, name: &str) {
        let name = ["one", "three", "end"].into_iter().find(|known| *known == name).unwrap_or("other");
        if self.features.features.has(Feature::Uts) {
            self.names[index(side)] = name;
        } else {
            self.names = [name; 2];
        }
    }

    fn look(&self) -> Snapshot {
        let facts = |side| {
            let name = Reading::Value(Value::Text(self.names[index(side)].to_owned()));
            let processes = Reading::Value(Value::Number(1 + u64::from(self.busy[1])));
            Facts::from([(Fact::Hostname, name), (Fact::Processes, processes)])
        };
        let inside = if self.boxed { facts(Side::Inside) } else { Facts::new() };
        Snapshot { machine: facts(Side::Outside), outside: facts(Side::Outside), inside }
    }

    /// What is to be seen now.
    pub fn seen(&self) -> Snapshot {
        self.look()
    }

    /// Where the person is, by the names of lesson and step; none on the agenda.
    pub fn place(&self) -> Option<(&str, &str)> {
        matches!(self.talk.view, View::Lesson).then(|| (self.talk.lesson().id.as_str(), self.talk.step().id.as_str()))
    }
}
