//! `unha inspect` beside lsns(8) on a machine with thousands of processes, and what it costs to keep looking.
//!
//! The processes sleep in a PID namespace of their own: when its first process ends, the kernel ends all of them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use nix::sched::{CloneFlags, unshare};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use nix::sys::wait::waitpid;
use nix::unistd::{geteuid, pause};
use unha::kernel::sys::{Fork, fork};
use unha::kernel::tree::Watcher;

use super::run::UNHA;
use super::series::Series;
use super::table::{Limit, Row, Table, says};

/// The word by which this program starts itself as the sleepers' first process.
pub const SLEEPERS: &str = "__sleepers";

const PROCESSES: usize = 5000;
const RUNS: usize = 15;
/// For how many seconds is looked, once a second.
const SECONDS: u32 = 20;

pub fn measure(table: &mut Table) -> anyhow::Result<()> {
    if !geteuid().is_root() {
        println!("the processes' own PID namespace is root's to make: unha inspect is skipped");
        return Ok(());
    }
    let sleepers = Sleepers::start()?;
    if let Some(version) = says("lsns", "--version") {
        table.peers.push(version);
        let (mut ours, mut theirs) = (Series::default(), Series::default());
        for run in 0..=RUNS {
            let [inspect, lsns] = [&[UNHA, "inspect", "--plain"][..], &["lsns"]].map(time);
            let (inspect, lsns) = (inspect?, lsns?);
            // The first of each fills the kernel's caches for the other too.
            if run > 0 {
                ours.add(inspect);
                theirs.add(lsns);
            }
        }
        for (theirs, limit) in [(Some(theirs.median()), Limit::Times(0.3)), (None, Limit::Plain(500.0))] {
            table.add(Row {
                what: if theirs.is_some() {
                    [
                        "`unha inspect` with 5,000 processes, beside lsns",
                        "`unha inspect` com 5.000 processos, ao lado do lsns",
                    ]
                } else {
                    ["the same: the first picture at most", "o mesmo: a primeira imagem, no máximo"]
                },
                unit: "ms",
                ours: ours.median(),
                theirs,
                limit,
            });
        }
    } else {
        println!("lsns is not installed: skipped");
    }
    table.add(Row {
        what: [
            "the same, once a second: part of a core, in percent",
            "o mesmo, uma vez por segundo: parte de um núcleo, em por cento",
        ],
        unit: "%",
        ours: watched()?,
        theirs: None,
        limit: Limit::Plain(5.0),
    });
    sleepers.end()
}

fn time(words: &[&str]) -> anyhow::Result<Duration> {
    let begin = Instant::now();
    let output = Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).output().context("a look")?;
    let time = begin.elapsed();
    ensure!(output.status.success() && !output.stdout.is_empty(), "{}: {}", words[0], output.status);
    Ok(time)
}

/// CPU time of looking once a second, in percent of the time.
fn watched() -> anyhow::Result<f64> {
    let mut watcher = Watcher::new()?;
    ensure!(watcher.look()?.groups.iter().any(|group| group.pids.len() >= PROCESSES), "the sleepers are not one group");
    let used = || -> anyhow::Result<f64> {
        let usage = getrusage(UsageWho::RUSAGE_SELF)?;
        #[expect(clippy::cast_precision_loss, reason = "some milliseconds")]
        Ok((usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6)
    };
    let (before, begin) = (used()?, Instant::now());
    for second in 1..=SECONDS {
        std::thread::sleep((begin + Duration::from_secs(second.into())).saturating_duration_since(Instant::now()));
        watcher.look()?;
    }
    Ok((used()? - before) / begin.elapsed().as_secs_f64() * 100.0)
}

/// The processes, all of which end with this.
struct Sleepers(Child);

impl Sleepers {
    fn start() -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg(SLEEPERS).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("its words")?).read_line(&mut line)?;
        let started = Self(child);
        if line != "ready\n" {
            started.end()?;
            bail!("the sleepers were not started");
        }
        Ok(started)
    }

    fn end(mut self) -> anyhow::Result<()> {
        drop(self.0.stdin.take());
        self.0.wait()?;
        Ok(())
    }
}

/// The sleepers' maker: its child is the first process of their namespace, and ends when nobody holds its input any more.
pub fn sleepers() -> anyhow::Result<()> {
    unshare(CloneFlags::CLONE_NEWPID)?;
    match fork()? {
        Fork::Parent(first) => {
            waitpid(first, None)?;
            Ok(())
        }
        Fork::Child => {
            for _ in 1..PROCESSES {
                if matches!(fork()?, Fork::Child) {
                    loop {
                        pause();
                    }
                }
            }
            println!("ready");
            std::io::stdout().flush()?;
            std::io::stdin().read_to_end(&mut vec![])?;
            std::process::exit(0);
        }
    }
}
