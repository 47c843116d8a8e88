//! 500 times whoever saves is killed by SIGKILL at a random moment: what was said to be kept is kept.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use unha::course::progress::Progress;
use unha::session::store;

/// Where the child of this test saves, and the number that it begins with.
const FILE: &str = "UNHA_TEST_SAVES_TO";
const FROM: &str = "UNHA_TEST_SAVES_FROM";

/// How many kills, and how many files they are spread over, each with a thread.
const KILLS: u64 = 500;
const FILES: u64 = 4;

/// So many steps are saved in turn: each file stays as small as a real one.
const STEPS: u64 = 40;

/// The nth thing that was done.
fn done(number: u64) -> Progress {
    let mut progress = Progress { schema: Progress::SCHEMA, at: number, ..Progress::default() };
    progress.mark("uts", &format!("step{}", number % STEPS)).done = Some(number);
    progress
}

/// Not a test by itself: the process that saves, one thing after the other, and says so, until it is killed.
#[test]
fn saves_until_it_is_killed() {
    let Some(file) = env::var_os(FILE) else { return };
    let from: u64 = env::var(FROM).unwrap().parse().unwrap();
    let mut out = std::io::stdout();
    // Longer than any test may take; whoever started it is gone by then.
    for number in from..from + 10_000 {
        store::merge(Path::new(&file), done(number), Progress::merged).unwrap();
        if writeln!(out, "kept {number}").and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

/// Lets it save from this number on, kills it, and gives the last number that it said to have kept.
fn kill_one(file: &Path, from: u64, random: &mut fastrand::Rng) -> Option<u64> {
    let mut saver = Command::new(env::current_exe().unwrap());
    saver.args(["--exact", "killed::saves_until_it_is_killed", "--nocapture"]);
    saver.env(FILE, file).env(FROM, from.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = saver.spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut last = None;
    let mut hear = |line: &str| {
        last = line.strip_prefix("kept ").map(|number| number.parse().unwrap()).or(last);
        last
    };
    // Now and then before it has saved anything, mostly after some saves, and from there at any moment of the next one.
    let wanted = random.u64(0..4);
    while wanted > 0 && hear(&said.next().expect("it saves")).is_none_or(|number| number + 1 < from + wanted) {}
    let until = Instant::now() + Duration::from_micros(random.u64(0..3000));
    while Instant::now() < until {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for line in said {
        hear(&line);
    }
    last
}

/// Kills so many on one file, and looks at it after each.
fn kill(kills: u64, seed: u64) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("progress.json");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut kept: u64 = 0;
    for round in 0..kills {
        let last = kill_one(&file, kept + 1, &mut random).unwrap_or(kept);
        let progress = store::load::<Progress>(&file).unwrap().unwrap_or_default();
        for number in last.saturating_sub(STEPS - 1).max(1)..=last {
            let step = format!("step{}", number % STEPS);
            let there = progress.lessons.get("uts").and_then(|steps| steps.get(&step)).and_then(|mark| mark.done);
            assert!(there >= Some(number), "kill {round} of seed {seed}: {number} was kept and is lost: {progress:?}");
        }
        kept = progress.last_done().unwrap_or(0).max(last);
    }
    // Nothing but what is kept, its copy, its lock, and what the last one was about to write.
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert!(left <= 4, "{left} files");
    kept
}

#[test]
fn five_hundred_kills_lose_nothing() {
    let seed: u64 = env::var("UNHA_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("UNHA_SEED={seed}");
    let threads = (0..FILES).map(|file| thread::spawn(move || kill(KILLS / FILES, seed.wrapping_add(file))));
    let kept: u64 = threads.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).sum();
    assert!(kept > KILLS, "hardly anything was saved: {kept}");
}

/// Two that save at once: each has what it knows itself, and nothing of the other's is lost.
#[test]
fn who_saves_at_once_loses_nothing_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("progress.json");
    let save = |lesson: &'static str| {
        let file = file.clone();
        thread::spawn(move || {
            let mut mine = Progress { schema: Progress::SCHEMA, ..Progress::default() };
            for number in 1..=60_u64 {
                mine.mark(lesson, &format!("step{number}")).done = Some(number);
                store::merge(&file, mine.clone(), Progress::merged).unwrap();
            }
        })
    };
    ["uts", "pid", "mount"].map(save).into_iter().for_each(|thread| thread.join().unwrap());
    let kept = store::load::<Progress>(&file).unwrap().unwrap();
    assert_eq!(kept.marks().count(), 180);
}
