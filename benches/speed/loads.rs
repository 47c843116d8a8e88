//! A key while the box is under load: a fork bomb, a memory eater, a disk filler, a CPU hog, each within its limits.
//!
//! F1 and the help's first picture, Esc and its last: what a person at the keyboard waits for.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::run::UNHA;
use super::series::Series;
use super::table::{Limit, Row, Table};
use super::terminal::Terminal;

const SIZE: (u16, u16) = (120, 40);
const ENTER: &str = "\r";
const ESCAPE: &str = "\x1b";
const F1: &str = "\x1bOP";

/// What stands on the help page alone.
const HELP: &str = "WHILE THE TALK HAS THE KEYBOARD";

/// The steps of the lesson that put the box under load.
const LOADS: [&str; 4] = ["fork bomb", "memory eater", "disk filler", "CPU hog"];

/// Keys for each load.
const KEYS: u64 = 100;

pub fn measure(table: &mut Table) -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/walk/loads");
    let mut unha = Command::new(UNHA);
    unha.args(["--lang", "en", "--trust", "--lessons"]).arg(lessons);
    unha.env("XDG_STATE_HOME", home.path()).env("XDG_RUNTIME_DIR", home.path()).env("TERM", "xterm-256color");
    for name in ["SUDO_UID", "NO_COLOR", "COLORTERM", "TMUX"] {
        unha.env_remove(name);
    }
    let mut unha = Terminal::open(&unha, SIZE)?;
    unha.until("the agenda", Instant::now(), |seen| seen.has("rootfs: "))?;
    if unha.has("cgroup: no") {
        println!("no cgroup can be limited here: keys under load are skipped");
        return Ok(());
    }
    let mut all = Series::default();
    for (step, load) in (1..).zip(LOADS) {
        let count = format!("{step}/5");
        press_next(&mut unha)?;
        unha.until(load, Instant::now(), |seen| seen.has(&count) && bottom(seen).contains("READY"))?;
        press_next(&mut unha)?;
        // Done: the kernel's counters say that the load has met its limit.
        unha.until("the load", Instant::now(), |seen| bottom(seen).contains("DONE"))?;
        let series = keys(&mut unha)?;
        println!("  {load}: median {:.1} ms, 99 of 100 {:.1} ms", series.median(), series.percentile(99));
        all.0.extend(series.0);
    }
    table.add(Row {
        what: [
            "a key answered while a fork bomb, a memory eater, a disk filler or a CPU hog runs inside, 99 of 100",
            "uma tecla atendida com fork bomb, devorador de memória, enchedor de disco ou devorador de CPU dentro, 99 de 100",
        ],
        unit: "ms",
        ours: all.percentile(99),
        theirs: None,
        limit: Limit::Plain(100.0),
    });
    Ok(())
}

/// Two Next that come closer together than a clicker bounces are one.
fn press_next(unha: &mut Terminal) -> anyhow::Result<()> {
    unha.rest(Duration::from_millis(260))?;
    unha.press(ENTER)
}

/// From a key to what it does on the screen.
fn keys(unha: &mut Terminal) -> anyhow::Result<Series> {
    let mut series = Series::default();
    for key in 0..KEYS {
        // Not in step with anything that happens by the clock.
        unha.rest(Duration::from_millis(20 + key * 7 % 23))?;
        let begin = Instant::now();
        let opens = key % 2 == 0;
        unha.press(if opens { F1 } else { ESCAPE })?;
        series.add(unha.until("the help", begin, |seen| seen.has(HELP) == opens)?);
    }
    Ok(series)
}

fn bottom(seen: &Terminal) -> String {
    seen.rows().pop().unwrap_or_default()
}
