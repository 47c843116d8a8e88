//! Talks to draw: pure data, as the course would have made it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use unha::course::deck;
use unha::course::event::{Action, Cause, Ended, Event, Failure};
use unha::course::lesson::{Lesson, Start};
use unha::course::recording::{self, Made, Recording};
use unha::course::talk::{
    Answer, Instead, Machine, Notice, Overlay, Phase, Place, Replay, Route, Said, Shell, Stray, Talk, Tally, View,
};
use unha::course::text::{Lang, Text};
use unha::course::{Call, Fact, Facts, Feature, FeatureSet, Reading, Side, Snapshot, Value};
use unha::kernel::reason::{Because, Reason};

/// Sources as the program has them.
pub fn sources(file: &str) -> Option<&'static str> {
    (file == "uts.rs").then_some(include_str!("uts.rs.txt"))
}

pub fn lessons() -> Vec<Lesson> {
    #[derive(Deserialize)]
    struct Course {
        lesson: Vec<Lesson>,
    }
    toml::from_str::<Course>(include_str!("lessons.toml")).expect("lessons.toml").lesson
}

pub fn shell(bytes: &str) -> Shell {
    let mut terminal = vt100::Parser::new(6, 79, 100);
    terminal.process(bytes.as_bytes());
    Shell { terminal, idle: true, since: Vec::new(), touched: false }
}

pub fn number(n: u64) -> Reading {
    Reading::Value(Value::Number(n))
}

pub fn words(text: &str) -> Reading {
    Reading::Value(Value::Text(text.into()))
}

pub fn call(name: &str, args: &[&str], result: Result<i64, &str>) -> Call {
    Call {
        name: name.into(),
        args: args.iter().map(ToString::to_string).collect(),
        result: result.map_err(str::to_owned),
    }
}

fn facts(name: &str, uts: u64, pid: u64) -> Facts {
    BTreeMap::from([
        (Fact::Hostname, words(name)),
        (Fact::NsUts, number(uts)),
        (Fact::NsPid, number(4_026_531_836)),
        (Fact::Kernel, words("6.8.0-45-generic")),
        (Fact::Pid, number(pid)),
        (Fact::PidsMax, words("max")),
        (Fact::PidsNow, number(3)),
    ])
}

fn journal() -> Vec<Call> {
    vec![
        call("mkdir", &["\"/sys/fs/cgroup/unha-4711/box\"", "0755"], Ok(0)),
        call("write", &["\"pids.max\"", "\"512\""], Ok(3)),
        call("clone3", &["CLONE_NEWPID|CLONE_NEWNS"], Ok(4821)),
        call("unshare", &["CLONE_NEWUTS"], Ok(0)),
        call("sethostname", &["\"bancada\"", "7"], Ok(0)),
        call("mount", &["\"proc\"", "\"/proc\"", "\"proc\"", "MS_NOSUID|MS_NODEV|MS_NOEXEC"], Err("EPERM")),
        call("unshare", &["CLONE_NEWUTS"], Ok(0)),
        call("execve", &["\"/bin/sh\""], Ok(0)),
    ]
}

/// The calls of a box with everything, after a box with a name alone.
pub fn whole_journal() -> Vec<Call> {
    let overlay = "\"lowerdir=/,upperdir=/tmp/upper,workdir=/tmp/work\"";
    vec![
        call("unshare", &["CLONE_NEWUTS"], Ok(0)),
        call("sethostname", &["\"bancada\""], Ok(0)),
        call("mkdir", &["\"/sys/fs/cgroup/pids/unha-4711/box\""], Ok(0)),
        call("write", &["\"/sys/fs/cgroup/pids/unha-4711/pids.max\"", "\"512\""], Ok(3)),
        call("write", &["\"/sys/fs/cgroup/pids/unha-4711/box/pids.max\"", "\"15\""], Ok(2)),
        call("write", &["\"/sys/fs/cgroup/memory/unha-4711/box/memory.limit_in_bytes\"", "\"33554432\""], Ok(8)),
        call("write", &["\"/sys/fs/cgroup/pids/unha-4711/box/cgroup.procs\"", "\"0\""], Ok(1)),
        call("unshare", &["CLONE_NEWUTS"], Ok(0)),
        call("unshare", &["CLONE_NEWNS"], Ok(0)),
        call("mount", &["\"\"", "\"/\"", "MS_REC|MS_PRIVATE"], Ok(0)),
        call("unshare", &["CLONE_NEWPID"], Ok(0)),
        call("sethostname", &["\"caixa\""], Ok(0)),
        call("mount", &["\"tmpfs\"", "\"/tmp\"", "\"tmpfs\"", "MS_NOSUID|MS_NODEV", "\"mode=755,size=512m\""], Ok(0)),
        call("mount", &["\"overlay\"", "\"/tmp/root\"", "\"overlay\"", "MS_NODEV", overlay], Ok(0)),
        call("pivot_root", &["\".\"", "\".\""], Ok(0)),
        call("mount", &["\"proc\"", "\"/proc\"", "\"proc\"", "MS_NOSUID|MS_NODEV|MS_NOEXEC"], Ok(0)),
    ]
}

/// A talk at the second step of lesson uts, its question open.
pub fn talk(lang: Lang) -> Talk {
    let now = Snapshot {
        machine: facts("debian", 4_026_531_838, 48_213),
        outside: facts("bancada", 4_026_532_177, 31),
        inside: facts("bancada", 4_026_532_252, 31),
    };
    let machine = Machine { root: true, namespaces: Ok(()), cgroup: Ok(2), rootfs: Ok(()) };
    let mut talk = Talk::new(lessons(), lang, Route::Full, machine, None, (80, 24));
    talk.view = View::Lesson;
    talk.at = Place { lesson: 1, step: 1 };
    talk.phase = Phase::Ask;
    talk.done = [("nothing", "shells"), ("nothing", "oops"), ("uts", "on")]
        .map(|(lesson, step)| (lesson.to_owned(), step.to_owned()))
        .into();
    talk.start = Start { features: FeatureSet::NONE.with(Feature::Uts), ..Start::default() };
    talk.box_runs = true;
    talk.before = now.clone();
    talk.now = now;
    talk.journal = journal();
    talk.journal_from = 6;
    talk.shells = [shell("fora# hostname\r\nbancada\r\nfora# "), shell("dentro# ")];
    talk
}

pub fn answered(lang: Lang) -> Talk {
    let mut talk = talk(lang);
    talk.answers.insert(("uts".into(), "rename".into()), Answer::Chose(1));
    talk.phase = Phase::Ready;
    talk
}

pub fn doing(lang: Lang) -> Talk {
    let mut talk = answered(lang);
    talk.phase = Phase::Doing;
    talk.shells[1] = shell("dentro# hostname yaba");
    talk
}

/// The step confirmed, the keyboard in the inside shell.
pub fn done(lang: Lang) -> Talk {
    let mut talk = answered(lang);
    talk.phase = Phase::Done;
    talk.now.inside.insert(Fact::Hostname, words("yabadabadoo"));
    talk.changed = BTreeSet::from([Fact::Hostname]);
    talk.shells[1] = shell("dentro# hostname yabadabadoo\r\ndentro# hostname\r\nyabadabadoo\r\ndentro# ");
    talk
}

pub fn typing(lang: Lang) -> Talk {
    let mut talk = done(lang);
    talk.keyboard = Some(Side::Inside);
    talk
}

/// The step with the longest texts, all rows and Docker's words.
pub fn longest(lang: Lang) -> Talk {
    let mut talk = done(lang);
    talk.at.step = 2;
    talk.answers.insert(("uts".into(), "outside".into()), Answer::Chose(1));
    talk.now.outside.insert(Fact::Hostname, words("bedrock"));
    talk
}

pub fn gauges(lang: Lang) -> Talk {
    let mut talk = done(lang);
    talk.at = Place { lesson: 4, step: 0 };
    talk.answers.insert(("cgroup".into(), "sleepers".into()), Answer::Chose(2));
    for facts in [&mut talk.now.outside, &mut talk.now.inside] {
        facts.insert(Fact::PidsMax, number(15));
        facts.insert(Fact::PidsNow, number(15));
        facts.insert(Fact::PidsRefused, number(1));
        facts.insert(Fact::MemoryMax, number(32 << 20));
        facts.insert(Fact::MemoryNow, number(5 << 20));
        facts.insert(Fact::CpuMax, number(20));
        facts.insert(Fact::CpuNow, number(0));
    }
    talk.changed = BTreeSet::from([Fact::PidsRefused]);
    talk.journal.push(call("write", &["\"pids.max\"", "\"15\""], Ok(2)));
    talk.journal_from = talk.journal.len() - 1;
    talk.shells[1] =
        shell("dentro# i=0; while [ $i -lt 40 ]; do sleep 600 & i=$((i+1)); done\r\nsh: 0: Cannot fork\r\ndentro# ");
    talk
}

/// The gauges of what is shared, slowed down and stopped, with samples that go up and down; one cannot be read here.
pub fn resources(lang: Lang) -> Talk {
    let mut talk = gauges(lang);
    let see = [Fact::CpuShare, Fact::IoNow, Fact::Frozen, Fact::CpuPressure, Fact::IoPressure];
    talk.lessons[4].steps[0].see = see.to_vec();
    let mut look = talk.now.clone();
    for (fact, value) in [(Fact::CpuWeight, 35), (Fact::IoMax, 2 << 20), (Fact::Frozen, 1), (Fact::CpuPressure, 62)] {
        look.outside.insert(fact, number(value));
    }
    let why = "cgroup version 1 keeps no pressure".to_owned();
    look.outside.insert(Fact::IoPressure, Reading::Missing(why));
    for sample in [0, 10, 30, 60, 90, 50, 25] {
        look.outside.insert(Fact::CpuShare, number(sample));
        look.outside.insert(Fact::IoNow, number(sample * 20_000));
        let _ = talk.update(Event::Snapshot(look.clone()));
    }
    talk.changed = BTreeSet::from([Fact::Frozen]);
    talk
}

pub fn ended(lang: Lang) -> Talk {
    let mut talk = answered(lang);
    talk.box_runs = false;
    talk.ended = Some(Ended::Exit(0));
    talk.now.inside.clear();
    talk.shells[1] = shell("dentro# exit\r\n");
    talk
}

pub fn failed(lang: Lang) -> Talk {
    let mut talk = talk(lang);
    talk.view = View::Failure { chosen: 0 };
    talk.machine.root = false;
    talk.failure = Some(Failure {
        call: Some(call("sethostname", &["\"bancada\"", "7"], Err("EPERM"))),
        before: vec![call("unshare", &["CLONE_NEWUSER"], Ok(0))],
        message: "sethostname: Operation not permitted".into(),
        seen: vec!["kernel.apparmor_restrict_unprivileged_userns = 1".into()],
        cause: Cause::Reason(Reason::ApparmorUserns),
    });
    talk
}

/// Any recording: the screen only asks whether there is one.
static RECORDING: LazyLock<Recording> = LazyLock::new(|| {
    let file = include_bytes!("../../lessons/recorded/uts.en.jsonl.gz");
    recording::read(file).expect("a recording")
});

/// A step that was done on another machine.
pub fn recorded(lang: Lang) -> Talk {
    let mut talk = done(lang);
    let kernel = "6.18.44-fc-v657".to_owned();
    talk.recorded = Some(Made { date: "2026-11-24".into(), kernel, cgroup: Some(1), root: true });
    talk
}

/// A step that root cannot have either, for somebody who may use docker.
pub fn refused(lang: Lang) -> Talk {
    let mut talk = failed(lang);
    talk.about.docker = true;
    talk.failure = Some(Failure {
        call: Some(call("unshare", &["CLONE_NEWUSER"], Err("ENOSPC"))),
        before: vec![],
        message: "unshare(CLONE_NEWUSER) = ENOSPC".into(),
        seen: vec!["user.max_user_namespaces = 0".into()],
        cause: Cause::Reason(Reason::NamespaceLimit),
    });
    talk
}

/// The agenda on a machine that gives an ordinary user neither namespaces nor limits.
pub fn refusing(lang: Lang) -> Talk {
    let mut talk = agenda(lang);
    talk.about.docker = true;
    talk.machine.root = false;
    talk.machine.namespaces = Err(Because::seen(Reason::ApparmorUserns, []));
    talk.machine.cgroup = Err(Because::seen(Reason::CgroupNotDelegated, []));
    talk
}

pub fn agenda(lang: Lang) -> Talk {
    let mut talk = talk(lang);
    talk.view = View::Agenda { chosen: 1 };
    talk
}

/// The step that asks, before a room.
fn on_stage(mut talk: Talk) -> Talk {
    let view = talk.view;
    let (at, phase, answers) = (talk.at, talk.phase, std::mem::take(&mut talk.answers));
    let deck = deck::deck(&deck::embedded()).expect("our own slides");
    let mut talk = talk.with_deck(deck, None);
    (talk.view, talk.at, talk.phase, talk.answers) = (view, at, phase, answers);
    talk.answers.remove(&("uts".into(), "rename".into()));
    talk
}

/// Hands counted at the step at hand, and what most of them are for.
fn voted(talk: Talk, first: [u16; 4], again: Option<[u16; 4]>) -> Talk {
    let mut talk = on_stage(talk);
    let key = (talk.lesson().id.clone(), talk.step().id.clone());
    let tally = Tally { first, again };
    match tally.leading()[..] {
        [choice] => talk.answers.insert(key.clone(), Answer::Chose(choice)),
        _ => talk.answers.remove(&key),
    };
    talk.tallies.insert(key, tally);
    talk
}

/// A box with other features than the script's.
fn strayed(lang: Lang) -> Talk {
    let mut talk = done(lang);
    talk.stray = Some(Stray::Switched);
    talk.changed.clear();
    talk.start.features = talk.start.features.with(Feature::Pid).with(Feature::Mount);
    talk.now.inside.insert(Fact::NsPid, number(4_026_532_301));
    talk.now.inside.insert(Fact::Hostname, words("bancada"));
    talk.shells[1] = shell("dentro# ps\r\n    PID TTY          TIME CMD\r\n      1 pts/0    00:00:00 sh\r\ndentro# ");
    talk
}

/// The keyboard taken in the middle of a line that the script types.
fn held(lang: Lang) -> Talk {
    let mut talk = doing(lang);
    let shown = (talk.now.clone(), talk.journal.clone());
    let sides = [Side::Outside, Side::Inside];
    let act = Event::Action;
    let built = [act(Action::GoTo("uts/rename".into())), Event::BoxStarted(BTreeMap::new())];
    let typed = sides.into_iter().flat_map(|side| [Event::ShellIdle(side, true), Event::Typed(side)]);
    let ready = built.into_iter().chain(typed.clone()).chain(typed.clone()).chain(typed);
    let taken = [act(Action::Choose(1)), Event::Tick(1000), act(Action::Next), act(Action::Keyboard)];
    ready.chain(taken).for_each(|event| drop(talk.update(event)));
    (talk.now, talk.journal) = shown;
    talk.shells[1] = shell("dentro# hostname yaba");
    assert!(talk.is_held());
    talk
}

/// The agenda at the lesson on root file systems, on a machine that has some.
fn roots(lang: Lang) -> Talk {
    let mut talk = agenda(lang);
    talk.roots = ["debian-12", "unha", "alpine-3.20"].map(str::to_owned).to_vec();
    talk.view = View::Agenda { chosen: 5 };
    talk
}

/// An agenda with more lessons than rows, in two parts, one in the middle chosen.
pub fn long_agenda(lang: Lang) -> Talk {
    let mut talk = agenda(lang);
    let few = talk.lessons.clone();
    talk.lessons = few.iter().cycle().take(20).cloned().collect();
    talk.lessons[0].begins_part = Some(Text::both("THE TALK", "A PALESTRA"));
    talk.lessons[6].begins_part = Some(Text::both("AFTER IT", "DEPOIS DELA"));
    talk.view = View::Agenda { chosen: 14 };
    talk
}

/// A talk by its name.
/// At an exercise of lesson uts; one that was done wrong has a diagnosis and a hint.
fn by_hand(lang: Lang, exercise: usize, wrong: Option<&str>) -> Talk {
    let mut talk = talk(lang);
    talk.practises = true;
    talk.at.step = talk.lessons[1].steps.len() + exercise;
    talk.phase = Phase::Ready;
    talk.box_runs = false;
    talk.side = Side::Outside;
    talk.practice.met = BTreeSet::from([0]);
    if let Some(name) = wrong {
        talk.now.outside.insert(Fact::Hostname, words(name));
        talk.practice.said = Some(Said::Diagnosis(0));
        (talk.practice.rung, talk.practice.hinted_last) = (1, true);
    }
    talk.before = talk.now.clone();
    talk.shells = [shell("unha# unshare --mount sh -c 'hostname pedra; exec sh'\r\nunha# "), shell("")];
    talk
}

/// Exercises in the states that they are drawn in, and slides.
fn named_by_hand(name: &str, lang: Lang) -> Option<Talk> {
    Some(match name {
        "by_hand" => by_hand(lang, 0, Some("pedra")),
        "lost" => {
            let mut talk = by_hand(lang, 0, Some("pedra"));
            talk.practice.said = Some(Said::Lost(0));
            (talk.practice.hinted_last, talk.keyboard) = (false, Some(Side::Outside));
            talk
        }
        "ordering" => {
            let mut talk = by_hand(lang, 1, None);
            talk.practice.order = vec![2, 0];
            talk.notice = Some(Notice::NotReached);
            talk
        }
        "reached" => {
            let mut talk = by_hand(lang, 0, None);
            talk.practice.met = BTreeSet::from([0, 1]);
            talk.phase = Phase::Done;
            talk
        }
        "unmade" => {
            let mut talk = by_hand(lang, 0, None);
            talk.now.inside.clear();
            talk.practice.met.clear();
            talk
        }
        "roots" => roots(lang),
        other => return super::recall::named(other, lang),
    })
}

pub fn named(name: &str, lang: Lang) -> Option<Talk> {
    let over = |overlay: Overlay| {
        let mut talk = done(lang);
        talk.overlay = Some(overlay);
        talk
    };
    Some(match name {
        "agenda" => agenda(lang),
        "long_agenda" => long_agenda(lang),
        "ask" => talk(lang),
        "ready" => answered(lang),
        "doing" => doing(lang),
        "done" => done(lang),
        "typing" => typing(lang),
        "longest" => longest(lang),
        "gauges" => gauges(lang),
        "resources" => resources(lang),
        "ended" => ended(lang),
        "failed" => failed(lang),
        "offered" => {
            let mut talk = failed(lang);
            talk.shelf = |_, _| Some(&RECORDING);
            talk.view = View::Failure { chosen: 1 };
            talk
        }
        "recorded" => recorded(lang),
        "stray" => {
            let mut talk = recorded(lang);
            talk.notice = Some(Notice::Recorded);
            talk
        }
        "replayed" => {
            let mut talk = recorded(lang);
            talk.file = talk.recorded.take();
            talk.replay = Some(Replay { paused: false, over: false, speed: 200 });
            talk
        }
        "refused" => refused(lang),
        "refusing" => refusing(lang),
        "past" => {
            let mut talk = longest(lang);
            talk.scroll = 2;
            talk
        }
        "building" => {
            let mut talk = talk(lang);
            talk.rebuilding = true;
            talk.box_runs = false;
            talk.now.inside.clear();
            talk
        }
        "notice" => {
            let mut talk = talk(lang);
            talk.notice = Some(Notice::PickOrSkip);
            talk
        }
        "waiting" => {
            let mut talk = doing(lang);
            talk.notice = Some(Notice::Waiting(0));
            talk
        }
        "hands" => on_stage(talk(lang)),
        "voted" => voted(talk(lang), [21, 9, 3, 0], None),
        "revoted" => voted(done(lang), [21, 9, 3, 0], Some([2, 31, 0, 0])),
        "split" => voted(longest(lang), [7, 7, 2, 0], None),
        "strayed" => strayed(lang),
        "strays" => {
            let mut talk = strayed(lang);
            talk.keyboard = Some(Side::Inside);
            talk
        }
        "switches" => {
            let mut talk = done(lang);
            let set = talk.start.features.with(Feature::Mount).with(Feature::Rootfs);
            talk.overlay = Some(Overlay::Switches { set, chosen: 4 });
            let along = FeatureSet::NONE.with(Feature::Mount);
            talk.notice = Some(Notice::Along { feature: Feature::Rootfs, on: true, along });
            talk
        }
        "held" => held(lang),
        "instead" | "details" => {
            let mut talk = on_stage(recorded(lang));
            talk.instead = failed(lang).failure.map(Instead::Refused);
            talk.overlay = (name == "details").then_some(Overlay::Instead);
            talk
        }
        "help" => over(Overlay::Help),
        "staged" => on_stage(over(Overlay::Help)),
        "code" => over(Overlay::Code),
        "calls" => over(Overlay::Calls),
        "glossary" => over(Overlay::Glossary),
        "script" => {
            let mut talk = over(Overlay::Script);
            talk.journal = whole_journal();
            talk.journal_from = 0;
            talk
        }
        "leave" => over(Overlay::Leave),
        "rebuild" => over(Overlay::Rebuild),
        other => return named_by_hand(other, lang),
    })
}
