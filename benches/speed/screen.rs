//! The screen: how soon it shows what was done, and what it costs when nothing is done.
//!
//! All of it through a terminal, from the key to the drawn cell: what a person sees, no more and no less.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::run::{UNHA, root};
use super::series::Series;
use super::table::{Limit, Row, Table, says};
use super::terminal::Terminal;

const SIZE: (u16, u16) = (120, 40);
const ENTER: &str = "\r";
const F2: &str = "\x1bOQ";
const CTRL_U: &str = "\x15";

/// Two Next that come closer together than this are one, for clickers bounce.
const BOUNCE: Duration = Duration::from_millis(260);

/// What the steps of our own lesson switch on in turn, and the fact that then must differ.
const TURNS: [(&str, &str, &str); 4] = [
    (r#""uts""#, "ns.uts", "differ"),
    (r#""uts", "pid", "mount""#, "ns.pid", "differ"),
    (r#""uts", "pid", "mount", "ipc", "net", "rootfs""#, "ns.net", "differ"),
    ("", "ns.uts", "same"),
];
const STEPS: usize = 60;

pub fn measure(table: &mut Table) -> anyhow::Result<()> {
    root()?;
    let home = Home::new()?;
    first_frame(&home, table)?;
    let mut unha = home.open()?;
    let begin = Instant::now();
    unha.until("the agenda", begin, |seen| seen.has("speed"))?;
    unha.press(ENTER)?;
    switch_on(&mut unha, table)?;
    unha.press(F2)?;
    unha.rest(BOUNCE)?;
    let mut tmux = Tmux::open(pane(&unha))?;
    echo(&mut unha, tmux.as_mut().map(|tmux| &mut tmux.terminal), table)?;
    at_rest(&mut unha, table)?;
    if let Some(tmux) = &mut tmux {
        flood(&mut unha, &mut tmux.terminal, table)?;
    }
    Ok(())
}

/// A person's folders, and a lesson that does nothing but switch features on.
struct Home(TempDir);

impl Home {
    fn new() -> anyhow::Result<Self> {
        let home = Self(tempfile::tempdir()?);
        let lessons = home.0.path().join("lessons");
        std::fs::create_dir(&lessons)?;
        std::fs::write(lessons.join("01-speed.toml"), lesson())?;
        Ok(home)
    }

    fn unha(&self) -> Command {
        let own: &Path = self.0.path();
        let mut unha = Command::new(UNHA);
        unha.args(["--lang", "en", "--trust", "--lessons"]).arg(own.join("lessons"));
        unha.env("XDG_STATE_HOME", own)
            .env("XDG_RUNTIME_DIR", own)
            .env("UNHA_RECORDS", own)
            .env("TERM", "xterm-256color");
        for name in ["SUDO_UID", "NO_COLOR", "COLORTERM", "TMUX"] {
            unha.env_remove(name);
        }
        unha
    }

    fn open(&self) -> anyhow::Result<Terminal> {
        Terminal::open(&self.unha(), SIZE)
    }
}

fn lesson() -> String {
    let text = |name: &str| format!("{name} = {{ en = \"speed\", pt-BR = \"speed\" }}\n");
    let mut lesson = format!("schema = 1\nid = \"speed\"\n{}{}begins-with = []\n", text("title"), text("summary"));
    for (step, (features, fact, sides)) in (0..STEPS).map(|step| (step, TURNS[step % TURNS.len()])) {
        let _ = write!(
            lesson,
            "\n[[step]]\nid = \"step-{step}\"\nseconds = 5\n{}{}do = [{{ start = {{ features = [{features}] }} }}]\n\
             expect = [{{ fact = \"{fact}\", sides = \"{sides}\" }}]\nsee = [\"{fact}\", \"hostname\"]\n",
            text("text"),
            text("why"),
        );
    }
    lesson
}

/// From the start of the program to the agenda on the screen.
fn first_frame(home: &Home, table: &mut Table) -> anyhow::Result<()> {
    let mut series = Series::default();
    for _ in 0..20 {
        let begin = Instant::now();
        let mut unha = home.open()?;
        series.add(unha.until("the agenda", begin, |seen| seen.has("speed") && seen.has("Enter"))?);
    }
    table.add(Row {
        what: ["start to first picture, median", "do início à primeira tela, mediana"],
        unit: "ms",
        ours: series.median(),
        theirs: None,
        limit: Limit::Plain(100.0),
    });
    Ok(())
}

/// From Next to a picture in which the kernel's facts on both sides prove the feature and the new shell has its prompt.
fn switch_on(unha: &mut Terminal, table: &mut Table) -> anyhow::Result<()> {
    let mut series = Series::default();
    for step in 1..=STEPS {
        let count = format!("{step}/{STEPS}");
        unha.until("the step, ready", Instant::now(), |seen| seen.has(&count) && bottom(seen).contains("READY"))?;
        unha.rest(BOUNCE)?;
        let begin = Instant::now();
        unha.press(ENTER)?;
        let time =
            unha.until("the step, done", begin, |seen| bottom(seen).contains("DONE") && seen.has("│ inside#"))?;
        series.add(time);
        if step < STEPS {
            unha.rest(BOUNCE)?;
            unha.press(ENTER)?;
        }
    }
    table.add(Row {
        what: [
            "feature switched on to both columns and the shell inside fresh, 95 of 100",
            "da feature ligada às duas colunas e ao shell de dentro em dia, 95 de 100",
        ],
        unit: "ms",
        ours: series.percentile(95),
        theirs: None,
        limit: Limit::Plain(100.0),
    });
    for (turn, (features, ..)) in TURNS.iter().enumerate() {
        let of_turn = Series(series.0.iter().skip(turn).step_by(TURNS.len()).copied().collect());
        let (median, most) = (of_turn.median(), of_turn.percentile(95));
        println!("  [{features}]: median {median:.1} ms, 95 of 100 {most:.1} ms");
    }
    Ok(())
}

fn bottom(seen: &Terminal) -> String {
    seen.rows().pop().unwrap_or_default()
}

/// From a key to its letter in the shell's pane; in turns with tmux, to see what this machine can do at all.
fn echo(unha: &mut Terminal, tmux: Option<&mut Terminal>, table: &mut Table) -> anyhow::Result<()> {
    let mut terminals: Vec<(&mut Terminal, Series)> =
        std::iter::once(unha).chain(tmux).map(|terminal| (terminal, Series::default())).collect();
    for key in 0..400 {
        for (terminal, series) in &mut terminals {
            if key % 20 == 0 {
                terminal.press(CTRL_U)?;
                terminal.rest(Duration::from_millis(100))?;
            }
            // Not in step with anything that happens by the clock.
            terminal.rest(Duration::from_millis(20 + key * 7 % 23))?;
            let typed = format!("inside# {}", "x".repeat(usize::try_from(key % 20)? + 1));
            let begin = Instant::now();
            terminal.press("x")?;
            series.add(terminal.until("the letter", begin, |seen| seen.has(&typed))?);
        }
    }
    for (terminal, series) in &terminals {
        terminal.press(CTRL_U)?;
        println!("  median {:.1} ms, 99 of 100 {:.1} ms", series.median(), series.percentile(99));
    }
    table.add(Row {
        what: [
            "key to letter in a shell, 99 of 100, beside tmux",
            "da tecla à letra num shell, 99 de 100, ao lado do tmux",
        ],
        unit: "ms",
        ours: terminals[0].1.percentile(99),
        theirs: terminals.get(1).map(|(_, series)| series.percentile(99)),
        limit: Limit::Plain(20.0),
    });
    Ok(())
}

/// What all its processes use while nobody does anything, with a box up, and the size of the largest.
fn at_rest(unha: &mut Terminal, table: &mut Table) -> anyhow::Result<()> {
    let time = Duration::from_secs(10);
    unha.rest(Duration::from_secs(2))?;
    let pid = unha.child.id();
    let (used, begin) = (nanoseconds(pid), Instant::now());
    unha.rest(time)?;
    #[expect(clippy::cast_precision_loss, reason = "some seconds in nanoseconds are exact in an f64")]
    let used = (nanoseconds(pid) - used) as f64 / 1e9;
    table.add(Row {
        what: ["at rest, with a box up: share of a core", "em repouso, com uma caixa de pé: parte de um núcleo"],
        unit: "%",
        ours: 100.0 * used / begin.elapsed().as_secs_f64(),
        theirs: None,
        limit: Limit::Plain(1.5),
    });
    table.add(Row {
        what: ["at rest: memory", "em repouso: memória"],
        unit: "MB",
        ours: resident(pid),
        theirs: None,
        limit: Limit::Plain(25.0),
    });
    Ok(())
}

/// CPU time of the process and all its descendants: proc(5), `schedstat` of each thread.
fn nanoseconds(pid: u32) -> u64 {
    let mut parents = BTreeMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
        parents.insert(pid, parent.unwrap_or(0));
    }
    let ours = |mut process: u32| loop {
        if process == pid {
            return true;
        }
        let Some(parent) = parents.get(&process) else { return false };
        process = *parent;
    };
    parents.keys().filter(|process| ours(**process)).map(|process| of_threads(*process)).sum()
}

fn of_threads(pid: u32) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let time = |thread: &Path| -> Option<u64> {
        std::fs::read_to_string(thread.join("schedstat")).ok()?.split_whitespace().next()?.parse().ok()
    };
    threads.filter_map(|thread| time(&thread.path())).sum()
}

/// Megabytes of the process that are in memory.
fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.unwrap_or(f64::NAN) * 1024.0 / 1e6
}

/// A million lines in a shell's pane, beside tmux with a pane of the same size and the same shell.
fn flood(unha: &mut Terminal, tmux: &mut Terminal, table: &mut Table) -> anyhow::Result<()> {
    table.peers.extend(says("tmux", "-V"));
    let mut both = [Series::default(), Series::default()];
    for _ in 0..7 {
        for (terminal, series) in [&mut *unha, &mut *tmux].into_iter().zip(&mut both) {
            // Cleared, so that nothing of the last time can be taken for what is awaited.
            terminal.press("clear\r")?;
            terminal.until("a cleared pane", Instant::now(), |seen| !seen.has("1000000"))?;
            terminal.rest(Duration::from_millis(300))?;
            let begin = Instant::now();
            terminal.press("seq 1 1000000\r")?;
            series.add(terminal.until("the last line", begin, ended)?);
        }
    }
    let [ours, theirs] = both.map(|series| series.median());
    table.add(Row {
        what: ["`seq 1 1000000` in a shell, beside tmux", "`seq 1 1000000` num shell, ao lado do tmux"],
        unit: "ms",
        ours,
        theirs: Some(theirs),
        limit: Limit::Times(1.0),
    });
    Ok(())
}

/// Whether the last number stands right above the prompt.
fn ended(seen: &Terminal) -> bool {
    let rows = seen.rows();
    rows.windows(2).any(|rows| {
        let column = rows[1].find("inside#");
        column.is_some_and(|column| rows[0].get(column..).is_some_and(|rest| rest.trim_start().starts_with("1000000")))
    })
}

/// The size of the pane in which the prompt stands: to its right the screen ends, below it the bottom line stands.
fn pane(unha: &Terminal) -> (u16, u16) {
    let rows = unha.rows();
    let prompt = rows.iter().find_map(|row| row.split_once("inside#").map(|(before, _)| before.chars().count()));
    let pane_rows = rows.iter().skip_while(|row| !row.contains("─ OUTSIDE ")).skip(1);
    let height = pane_rows.take_while(|row| !row.starts_with('─')).count();
    let width = usize::from(SIZE.0) - prompt.unwrap_or(0);
    (u16::try_from(width).unwrap_or(60), u16::try_from(height).unwrap_or(15))
}

/// tmux without its status line, with a shell as in the box.
struct Tmux {
    terminal: Terminal,
    socket: String,
}

impl Tmux {
    /// Nothing where there is no tmux.
    fn open(size: (u16, u16)) -> anyhow::Result<Option<Self>> {
        if says("tmux", "-V").is_none() {
            println!("tmux is not installed: skipped");
            return Ok(None);
        }
        let socket = format!("speed-{}", std::process::id());
        let mut tmux = Command::new("tmux");
        tmux.args(["-L", &socket, "-f", "/dev/null", "new-session", "env", "PS1=inside# ", "sh"]);
        tmux.args([";", "set", "status", "off"]).env("TERM", "xterm-256color").env_remove("TMUX");
        let mut tmux = Self { terminal: Terminal::open(&tmux, size)?, socket };
        tmux.terminal.until("a prompt in tmux", Instant::now(), |seen| seen.has("inside#"))?;
        Ok(Some(tmux))
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = Command::new("tmux").args(["-L", &self.socket, "kill-server"]).status();
    }
}
