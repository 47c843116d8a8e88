//! A person in the course: what they press, and what they expect to read.

use std::fs;
use std::path::Path;

use unha::course::lesson::{BoxIs, Compare, Expect, Lesson, Step};
use unha::course::text::Lang;
use unha::kernel::fact::{Fact, Side};

use super::home::{Home, Who};
use super::terminal::{Seen, Terminal, key};

/// The lessons as they stand in `lessons/`.
pub fn course() -> Vec<Lesson> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|kind| kind == "toml")).collect();
    files.sort();
    files.iter().map(|file| toml::from_str(&fs::read_to_string(file).unwrap()).unwrap()).collect()
}

/// What is answered to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    Right,
    Wrong,
    Skip,
}

/// A person at a terminal.
pub struct Person {
    /// Before the home: unha writes to it when it is ended.
    pub terminal: Terminal,
    pub home: Home,
    pub lang: Lang,
    pub size: (u16, u16),
    pub course: Vec<Lesson>,
    /// Whether the agenda says that there is a cgroup to be had.
    pub has_cgroup: bool,
}

impl Person {
    /// Sits down at a new terminal and looks at the agenda.
    pub fn at(who: Who, lang: Lang, size: (u16, u16)) -> Self {
        Self::back_at(Home::new(who), lang, size)
    }

    /// Sits down again.
    pub fn back_at(home: Home, lang: Lang, size: (u16, u16)) -> Self {
        let terminal = Terminal::open(&home, size, &["--lang", lang.tag()]);
        let mut person = Self { terminal, home, lang, size, course: course(), has_cgroup: true };
        person.sees_agenda();
        person.terminal.until_has("rootfs: ");
        person.has_cgroup = !person.terminal.screen().has(lang.pick("cgroup: no", "cgroup: não"));
        person
    }

    /// In a lesson, its first step open.
    pub fn in_lesson(who: Who, lang: Lang, size: (u16, u16), lesson: usize) -> Self {
        let mut person = Self::at(who, lang, size);
        person.terminal.press(&lesson.to_string());
        person.sees_open(lesson, 0);
        person
    }

    pub fn sees_agenda(&mut self) {
        let motto = self.lang.pick(
            "A container is a process. Build one, piece by piece.",
            "Um contêiner é um processo. Monte um, peça por peça.",
        );
        self.terminal.until_has(motto);
    }

    /// Waits until a step stands open: where one is, what is asked, what there is to choose from.
    pub fn sees_open(&mut self, lesson: usize, step: usize) {
        let lang = self.lang;
        let (of, at) = (&self.course[lesson], &self.course[lesson].steps[step]);
        let here = format!("[{}]", of.title.get(lang).to_uppercase());
        let number = format!("{}/{}", step + 1, of.steps.len());
        self.terminal.until(format!("{}/{} stands open", of.id, at.id), |screen| {
            let top = screen.rows()[0].clone();
            let choices = (1..).zip(&at.choices).map(|(n, choice)| (n, choice.get(lang)));
            top.contains(&here)
                && top.contains(&number)
                && screen.has(at.text.get(lang))
                && choices
                    .into_iter()
                    .all(|(n, choice)| screen.has(&format!("{n} {choice}")) || screen.has(&format!("[{n}] {choice}")))
                && (is(screen, ASK, lang) || is(screen, READY, lang))
        });
    }

    /// Answers the question, if one is open.
    pub fn replies(&mut self, lesson: usize, step: usize, reply: Reply) {
        let lang = self.lang;
        if !is(&self.terminal.screen(), ASK, lang) {
            return;
        }
        let at = self.course[lesson].steps[step].clone();
        let verdict = if let Some(number) = number(&at, reply) {
            self.terminal.press(&number.to_string());
            format!("{} {number}", lang.pick("you said", "você disse"))
        } else {
            self.terminal.next();
            self.terminal.until_has(&match lang {
                Lang::En => format!("Pick 1-{}, or Enter again to skip", at.choices.len()),
                Lang::PtBr => format!("Escolha 1-{}, ou Enter de novo para pular", at.choices.len()),
            });
            self.terminal.next();
            lang.pick("skipped", "pulou").to_owned()
        };
        let name = format!("{}: {verdict}", at.id);
        self.terminal.until(name, |screen| is(screen, READY, lang) && screen.has(&verdict));
    }

    /// Lets Next do the step.
    pub fn does(&mut self, lesson: usize, step: usize) {
        assert!(is(&self.terminal.screen(), READY, self.lang), "{}", self.terminal.screen());
        self.terminal.next();
        self.sees_done(lesson, step);
    }

    /// Waits until the kernel has confirmed the step, and reads what is then shown.
    pub fn sees_done(&mut self, lesson: usize, step: usize) {
        let (lang, size) = (self.lang, self.size);
        let at = self.course[lesson].steps[step].clone();
        let truth = at.answer.map(|truth| format!("{} {truth}", lang.pick("it is", "deu")));
        let name = format!("{}/{} is done", self.course[lesson].id, at.id);
        self.terminal.until(&name, |screen| is(screen, DONE, lang));
        self.terminal.until(format!("{name}, and why"), |screen| {
            screen.has(at.text.get(lang))
                && screen.has(at.why.get(lang))
                && truth.as_deref().is_none_or(|truth| screen.has(truth))
                && at.docker.as_deref().is_none_or(|docker| screen.has(&format!("docker {docker}")))
        });
        let has_cgroup = self.has_cgroup;
        self.terminal.until(format!("{name}, and what is so now: {:?}", at.see), |screen| {
            at.see.iter().all(|fact| shows(screen, &at, *fact, (lang, size.0, has_cgroup)))
        });
    }

    /// Goes back to the step before.
    pub fn goes_back_to(&mut self, lesson: usize, step: usize) {
        self.terminal.press(key::PAGE_UP);
        self.sees_open(lesson, step);
    }
}

/// The number that is pressed for a reply.
fn number(step: &Step, reply: Reply) -> Option<usize> {
    let truth = step.answer?;
    match reply {
        Reply::Right => Some(truth),
        Reply::Wrong => Some(truth % step.choices.len() + 1),
        Reply::Skip => None,
    }
}

/// A phase in one word, in both languages.
pub type Phase = (&'static str, &'static str);
pub const ASK: Phase = ("QUESTION", "PERGUNTA");
pub const READY: Phase = ("READY", "PRONTO");
pub const DONE: Phase = ("DONE", "FEITO");
pub const STOPPED: Phase = ("STOPPED", "PARADO");

/// Whether the bottom line begins with this word.
pub fn is(screen: &Seen, phase: Phase, lang: Lang) -> bool {
    screen.bottom().starts_with(lang.pick(phase.0, phase.1))
}

/// A row of the two columns: outside, the sign between, inside.
struct Row {
    outside: String,
    sign: String,
    inside: String,
}

/// The row with this name.
fn row(screen: &Seen, name: &str, width: u16) -> Option<Row> {
    let middle = usize::from(width) / 2 + 1;
    let text = |cells: &[char]| cells.iter().collect::<String>().trim().to_owned();
    screen.rows().iter().find_map(|row| {
        let cells: Vec<char> = row.chars().collect();
        let is =
            cells.get(middle - 2) == Some(&'│') && cells.get(middle + 2) == Some(&'│') && text(&cells[..13]) == name;
        is.then(|| Row {
            outside: text(&cells[13..middle - 2]),
            sign: text(&cells[middle - 1..=middle]),
            inside: text(&cells[middle + 3..]),
        })
    })
}

/// Whether a fact's row shows what the step wants to be true.
fn shows(screen: &Seen, step: &Step, fact: Fact, (lang, width, has_cgroup): (Lang, u16, bool)) -> bool {
    if fact == Fact::OomWords {
        // A sentence of the kernel's stands in neither column.
        let may_not = lang.pick("only root may read the kernel's log", "só root pode ler o log do kernel");
        let is_root = nix::unistd::geteuid().is_root();
        return !has_cgroup
            || screen.has("\"Memory cgroup out of memory: Killed process ")
            || !is_root && screen.has(may_not);
    }
    let Some(name) = name(fact, step.gauges, lang) else { return true };
    let Some(row) = row(screen, name, width) else { return false };
    let of_cgroup = ["pids.", "memory.", "cpu.", "io.", "frozen"].iter().any(|part| fact.key().starts_with(part));
    // Version 1 keeps no pressure; the row says so.
    let is_pressure = fact.key().ends_with(".pressure");
    if of_cgroup && !has_cgroup || is_pressure {
        return true;
    }
    let gone = |expect: &Expect| expect.box_is == Some(BoxIs::Ended) || expect.refused.is_some();
    let ended = step.destroys || step.expect.iter().any(gone);
    let known = |value: &str| !value.is_empty() && !value.starts_with('—');
    let wanted = step.expect.iter().filter(|expect| expect.fact == Some(fact)).all(|expect| {
        let sign = match expect.sides {
            Some(Compare::Same) => row.sign == "=",
            Some(Compare::Differ) => row.sign == "≠",
            None => true,
        };
        let value = if expect.on == Some(Side::Outside) || step.gauges { &row.outside } else { &row.inside };
        let is = expect.is.as_deref().map(|is| match (fact, is) {
            (_, "33554432") => "32M",
            (_, "4000000") => "4",
            (_, "") => lang.pick("none", "nada"),
            (Fact::Seccomp, "2") => "2:",
            (Fact::Frozen, "1") => lang.pick("yes", "sim"),
            (Fact::Frozen, "0") => lang.pick("no", "não"),
            _ => is,
        });
        (step.gauges || sign) && is.is_none_or(|is| value.split(' ').next() == Some(is))
    });
    wanted && (ended || known(&row.outside) && known(&row.inside))
}

/// What a fact is called; the gauges have a row for each limit, not for what is used of it.
fn name(fact: Fact, gauges: bool, lang: Lang) -> Option<&'static str> {
    let (en, pt) = match fact {
        Fact::PidsNow | Fact::MemoryNow | Fact::CpuNow | Fact::CpuShare | Fact::IoNow | Fact::NetNow if gauges => {
            return None;
        }
        Fact::Processes => ("processes", "processos"),
        Fact::Mounts => ("mounts", "montagens"),
        Fact::MountPoints => ("only here", "só aqui"),
        Fact::Os => ("os-release", "os-release"),
        Fact::Root => ("/ is inode", "/ é o inode"),
        Fact::RootType => ("/ is a", "/ é um"),
        Fact::PidsNow => ("pids now", "pids agora"),
        Fact::PidsRefused => ("refused", "recusados"),
        Fact::MemoryNow => ("memory now", "memória"),
        Fact::OomKills => ("oom_kill", "oom_kill"),
        Fact::CpuNow => ("cpu now", "cpu agora"),
        Fact::CpuThrottled => ("throttled", "esperou"),
        Fact::IoWritten => ("written", "escrito"),
        Fact::Frozen => ("frozen", "congelado"),
        Fact::CpuPressure => ("cpu waits", "cpu espera"),
        Fact::MemTotal => ("MemTotal", "MemTotal"),
        Fact::NsUts => ("ns uts", "ns uts"),
        Fact::NsPid => ("ns pid", "ns pid"),
        Fact::NsMnt => ("ns mnt", "ns mnt"),
        Fact::Queues => ("queues", "filas"),
        Fact::Devices => ("in /dev", "em /dev"),
        Fact::Links => ("links", "interfaces"),
        Fact::LinksUp => ("links up", "ligadas"),
        Fact::Addresses => ("addresses", "endereços"),
        Fact::NetRate => ("rate", "taxa"),
        Fact::NetDropped => ("dropped", "descartados"),
        Fact::UidMap => ("uid map", "mapa de uid"),
        Fact::GidMap => ("gid map", "mapa de gid"),
        Fact::Uptime => ("up for", "no ar há"),
        Fact::Boottime => ("offset", "adianta"),
        Fact::CapEff => ("CapEff", "CapEff"),
        Fact::NsIpc => ("ns ipc", "ns ipc"),
        Fact::NsNet => ("ns net", "ns net"),
        Fact::NsUser => ("ns user", "ns user"),
        Fact::NsCgroup => ("ns cgroup", "ns cgroup"),
        Fact::NsTime => ("ns time", "ns time"),
        Fact::CapBnd => ("CapBnd", "CapBnd"),
        Fact::NoNewPrivs => ("NoNewPrivs", "NoNewPrivs"),
        Fact::Seccomp => ("Seccomp", "Seccomp"),
        other => (other.key(), other.key()),
    };
    Some(lang.pick(en, pt))
}
