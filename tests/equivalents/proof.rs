//! The proof: combination by combination, tool by tool, and a table of how each went.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use unha::equivalent::lacks::Lack;

use crate::cases::{AS_ROOT, AS_USER, has_cable, has_root};
use crate::facts::{Facts, Seen};
use crate::part::{Here, both};
use crate::skip::{Why, aloud, skip};
use crate::tools::{Exported, Tool, command, export, look, name, second_hierarchy};

/// How many combinations are run side by side.
const WORKERS: usize = 6;

/// How one went.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// Nothing differs.
    Equal,
    /// What differs is what the sentences say; how many facts.
    Explained(usize),
    /// The tool cannot make that box, and why.
    Cannot(&'static str),
    /// Something else: a failure.
    Wrong(String),
}

/// The end of the cable has one address on this machine.
static CABLE: Mutex<()> = Mutex::new(());

pub fn alone(flags: &str) -> Option<MutexGuard<'static, ()>> {
    has_cable(flags).then(|| CABLE.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

#[test]
fn other_tools_make_the_same_box() {
    both(|here| {
        // Built once, before everybody wants it.
        unha::image::ensure(&here.dir.join("cache")).unwrap();
        let tools: Vec<Tool> = Tool::OTHERS.into_iter().filter(|tool| is_used(here, *tool)).collect();
        let limits = here.root && here.has_cgroups(", limits");
        let cases: Vec<&str> = if here.root { AS_ROOT.to_vec() } else { AS_USER.to_vec() };
        let limited = ["-limit", "--memory", "--cpu", "--device", "--all"];
        let is_limited = |flags: &str| limited.iter().any(|word| flags.contains(word));
        let cases: Vec<&str> = cases.into_iter().filter(|flags| limits || !is_limited(flags)).collect();
        let around = Seen::of(std::process::id());
        let devices = devices();
        let (next, done) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
        thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    while let Some(flags) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let outcomes = compare(here, flags, &tools, &around);
                        done.lock().unwrap().insert(*flags, outcomes);
                    }
                });
            }
        });
        // What the tools keep for the next time; in it is nothing, or they would not let it go.
        for state in ["run/crun", "run/runc", "tmp/podman", "tmp/state-crun", "tmp/state-runc"] {
            let _ = std::fs::remove_dir_all(here.dir.join(state));
        }
        // A runtime that takes the machine's /dev for the box's own fills it with links.
        assert_eq!(self::devices(), devices);
        let done = done.into_inner().unwrap();
        assert_eq!(done.len(), cases.len());
        table(here, &cases, &tools, &done);
        let wrong: Vec<String> = done
            .iter()
            .flat_map(|(flags, outcomes)| outcomes.iter().map(move |(tool, outcome)| (flags, tool, outcome)))
            .filter_map(|(flags, tool, outcome)| match outcome {
                Outcome::Wrong(why) => Some(format!("{tool:?} [{flags}]: {why}")),
                _ => None,
            })
            .collect();
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), done.len(), wrong.join("\n"));
    });
}

/// The machine's devices: name, type and mode, number, where a link leads to.
fn devices() -> BTreeMap<OsString, (u32, u64, Option<PathBuf>)> {
    let entries = std::fs::read_dir("/dev").unwrap().map(Result::unwrap);
    let seen = entries.filter_map(|entry| {
        let (of, link) = (entry.metadata().ok()?, std::fs::read_link(entry.path()).ok());
        Some((entry.file_name(), (of.mode(), of.rdev(), link)))
    });
    seen.collect()
}

/// Whether the tool takes part; where it is missing, that is said.
fn is_used(here: &Here, tool: Tool) -> bool {
    if tool == Tool::Podman && !here.root {
        return false;
    }
    let there = tool.is_there();
    if !there {
        skip(&format!("{}, {}", here.name, tool.program()), Why::Tool);
    }
    there
}

/// One combination: unha's own box, and that of each tool beside it.
fn compare(here: &Here, flags: &str, tools: &[Tool], around: &Seen) -> BTreeMap<Tool, Outcome> {
    let mut outcomes = BTreeMap::new();
    let nothing = Exported { text: String::new(), bundle: None, lacks: vec![] };
    let tag = name();
    let ours = {
        let _alone = alone(flags);
        let box_of_ours = || look(command(here, Tool::Unha, flags, &nothing, &tag), &tag, around);
        let mut found = box_of_ours();
        // Somebody else on this machine has a cable just now.
        let deadline = Instant::now() + Duration::from_secs(20);
        while found.as_ref().is_err_and(|why| why.contains("is taken already")) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(50));
            found = box_of_ours();
        }
        found
    };
    let ours = match ours {
        Ok(facts) => facts,
        Err(why) => return BTreeMap::from([(Tool::Unha, Outcome::Wrong(why))]),
    };
    for tool in tools {
        outcomes.insert(*tool, one(here, *tool, flags, &ours, around));
    }
    outcomes
}

fn one(here: &Here, tool: Tool, flags: &str, ours: &Facts, around: &Seen) -> Outcome {
    if let Some(why) = cannot(here, tool, flags) {
        return Outcome::Cannot(why);
    }
    let _alone = alone(flags);
    let tag = name();
    let exported = export(here, tool.exported(), flags, &tag);
    let seen = look(command(here, tool, flags, &exported, &tag), &tag, around);
    for left in [exported.bundle.clone(), Some(here.dir.join("tmp").join(format!("{tag}.sh")))].into_iter().flatten() {
        let _ = if left.is_dir() { std::fs::remove_dir_all(left) } else { std::fs::remove_file(left) };
    }
    let outcome = match seen {
        Ok(theirs) => judge(ours, &theirs, &exported.lacks, around),
        Err(said) => Outcome::Wrong(format!("no box: {said}\n{}", exported.text)),
    };
    match (too_old(tool, flags), outcome) {
        (Some(why), Outcome::Wrong(_)) => Outcome::Cannot(why),
        (Some(why), _) => Outcome::Wrong(format!("said that it cannot, and it does: {why}")),
        (None, outcome) => outcome,
    }
}

/// What the version that is here cannot, and another can: then it must really fail.
fn too_old(tool: Tool, flags: &str) -> Option<&'static str> {
    let all = flags.contains("--all");
    let clocks = flags.contains("--boottime");
    let time = all || clocks || flags.contains("--time");
    let pid = (all || flags.contains("--pid ")) && !flags.contains("--user");
    match tool {
        Tool::Runc if time && tool.version().starts_with("runc version 1.1") => {
            Some("runc 1.1 knows no time namespace")
        }
        Tool::Crun if time && (clocks || pid) && tool.version().starts_with("crun version 1.8") => {
            Some("crun 1.8 sets no clocks, and fails with process numbers beside them")
        }
        _ => None,
    }
}

/// What a tool cannot be asked for at all.
fn cannot(here: &Here, tool: Tool, flags: &str) -> Option<&'static str> {
    let runtime = [Tool::Runc, Tool::Crun].contains(&tool);
    if runtime && !here.root && !has_root(flags) {
        return Some("an ordinary user cannot bind the machine's root for a runtime");
    }
    if tool == Tool::Podman
        && flags.contains("--user")
        && !Path::new("/dev/mqueue").exists()
        && !flags.contains("--all")
    {
        return Some("podman binds the machine's /dev/mqueue, and there is none");
    }
    if tool == Tool::Podman && has_cable(flags) {
        return Some("the bridge that podman makes for it would stay on this machine");
    }
    if tool == Tool::Crun && !here.root && second_hierarchy().is_some() {
        return Some("crun refuses both versions of cgroups, and only root can hide one");
    }
    None
}

/// What differs, and whether that is what is said.
fn judge(ours: &Facts, theirs: &Facts, lacks: &[Lack], around: &Seen) -> Outcome {
    let names: BTreeSet<&str> = ours.keys().chain(theirs.keys()).copied().collect();
    let differ: BTreeSet<&str> = names.into_iter().filter(|name| ours.get(name) != theirs.get(name)).collect();
    let said: BTreeSet<&str> = lacks.iter().flat_map(|lack| lack.facts.iter().copied()).collect();
    let shown = |name: &&str| format!("{name}: {:?}, ours {:?}", theirs.get(name), ours.get(name));
    let mut wrong: Vec<String> = differ.difference(&said).map(|name| format!("not said: {}", shown(name))).collect();
    // Where nothing is shared, slave and private are the same.
    let is_told = |lack: &&Lack| {
        !lack.facts.is_empty() && (lack.facts != ["propagation"] || around.get("outside", "propagation") == "shared")
    };
    let idle = lacks.iter().filter(is_told).filter(|lack| lack.facts.iter().all(|name| !differ.contains(name)));
    wrong.extend(idle.map(|lack| format!("said, and not so: {}", lack.text().en)));
    if !wrong.is_empty() {
        return Outcome::Wrong(wrong.join("; "));
    }
    if differ.is_empty() { Outcome::Equal } else { Outcome::Explained(differ.len()) }
}

/// Combination by combination: `=` equal, a number of explained differences, `-` cannot.
fn table(here: &Here, cases: &[&str], tools: &[Tool], done: &BTreeMap<&str, BTreeMap<Tool, Outcome>>) {
    let row = |words: &[&str]| words.iter().fold(String::new(), |row, word| row + &format!("{word:>7}"));
    let head = row(&tools.iter().map(|tool| tool.program()).collect::<Vec<_>>());
    aloud(&format!("TOOLS {}{head}", here.name));
    let mut counts = [0; 4];
    for flags in cases {
        let mark = |tool: &Tool| match done[flags].get(tool) {
            Some(Outcome::Equal) => (0, "=".to_owned()),
            Some(Outcome::Explained(count)) => (1, count.to_string()),
            Some(Outcome::Cannot(_)) => (2, "-".to_owned()),
            Some(Outcome::Wrong(_)) | None => (3, "WRONG".to_owned()),
        };
        let marks: Vec<(usize, String)> = tools.iter().map(mark).collect();
        for (kind, _) in &marks {
            counts[*kind] += 1;
        }
        let marks = row(&marks.iter().map(|(_, mark)| mark.as_str()).collect::<Vec<_>>());
        aloud(&format!("TOOLS {marks}  {flags}"));
    }
    let [equal, explained, cannot, wrong] = counts;
    aloud(&format!(
        "TOOLS {}: {} combinations: {equal} equal, {explained} explained, {cannot} that the tool cannot, {wrong} wrong",
        here.name,
        cases.len(),
    ));
}
