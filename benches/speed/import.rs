//! `unha rootfs import` beside `tar -x`, of a Debian's tar: the time, and the memory that the import takes.
//!
//! Both write to the same disk and take turns; what the one has written is removed before the other begins.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::run::{UNHA, size};
use super::series::Series;
use super::table::{Limit, Row, Table, says};

/// Runs of each, and runs before those that are not counted.
const RUNS: usize = 9;
const WARM_UP: usize = 1;

/// How large the tar is to be: as a Debian with the usual programs.
const SIZE: u64 = 120 << 20;

pub fn measure(table: &mut Table) -> anyhow::Result<()> {
    // Not in /tmp: that may be in memory.
    let place = tempfile::tempdir_in(concat!(env!("CARGO_MANIFEST_DIR"), "/target"))?;
    let tar = tar(place.path())?;
    let Some(version) = says("tar", "--version") else {
        println!("tar is not installed: skipped");
        return Ok(());
    };
    table.peers.push(version.replace("tar (GNU tar)", "GNU tar"));
    let (mut ours, mut theirs) = (Series::default(), Series::default());
    let all = WARM_UP + RUNS;
    for run in 0..all {
        let our = import(place.path(), &tar)?;
        let their = extract(place.path(), &tar)?;
        if run >= WARM_UP {
            ours.add(our);
            theirs.add(their);
        }
    }
    table.add(Row {
        what: [
            "`unha rootfs import` of a Debian tar of 120 MB, beside `tar -x`",
            "`unha rootfs import` de um tar de Debian de 120 MB, ao lado de `tar -x`",
        ],
        unit: "ms",
        ours: ours.median(),
        theirs: Some(theirs.median()),
        limit: Limit::Times(1.3),
    });
    let data = place.path().join("data");
    let script = format!("{UNHA} rootfs import {} --name x; {UNHA} rootfs rm x", tar.display());
    let words = ["env", &format!("XDG_DATA_HOME={}", data.display()), "sh", "-c", &script].map(str::to_owned);
    table.add(Row {
        what: ["the same: memory at most", "o mesmo: memória, no máximo"],
        unit: "MB",
        ours: size(&words)? / 1000.0,
        theirs: None,
        limit: Limit::Plain(64.0),
    });
    Ok(())
}

/// The Debian that the tests make, else this machine's /usr, as much of it as is needed.
fn tar(place: &Path) -> anyhow::Result<PathBuf> {
    let to = place.join("debian.tar");
    let debian = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/rootfs/debian.tar");
    let mut tar = Command::new("tar");
    if debian.exists() {
        fs::copy(debian, &to)?;
        tar.args(["-rf"]);
    } else {
        tar.args(["-cf"]);
    }
    // Files of this machine's, until it is as large as it should be.
    let mut words = vec!["/bin/sh".to_owned()];
    let mut left = SIZE.saturating_sub(fs::metadata(&to).map_or(0, |is| is.len()));
    for entry in fs::read_dir("/usr/bin")?.chain(fs::read_dir("/usr/lib")?).flatten() {
        let Ok(is) = entry.metadata() else { continue };
        if is.is_file() && is.len() < left {
            left -= is.len();
            words.push(entry.path().display().to_string());
        }
    }
    let status = tar.arg(&to).args(words).stderr(Stdio::null()).status().context("tar")?;
    ensure!(status.success(), "tar: {status}");
    Ok(to)
}

fn import(place: &Path, tar: &Path) -> anyhow::Result<Duration> {
    let unha = |words: &[&str]| {
        let mut command = Command::new(UNHA);
        command.args(words).env("XDG_DATA_HOME", place.join("data")).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut command = unha(&["rootfs", "import"]);
    command.arg(tar).args(["--name", "x"]);
    let time = time(&mut command)?;
    let removed = unha(&["rootfs", "rm", "x"]).status()?;
    ensure!(removed.success(), "unha rootfs rm: {removed}");
    Ok(time)
}

fn extract(place: &Path, tar: &Path) -> anyhow::Result<Duration> {
    let into = place.join("into");
    fs::create_dir(&into)?;
    let mut command = Command::new("tar");
    command.arg("-xf").arg(tar).arg("-C").arg(&into).stderr(Stdio::null());
    let time = time(&mut command)?;
    fs::remove_dir_all(into)?;
    Ok(time)
}

fn time(command: &mut Command) -> anyhow::Result<Duration> {
    // What the run before has written does not go to the disk during this one.
    ensure!(Command::new("sync").status()?.success(), "sync");
    let begin = Instant::now();
    let status = command.status()?;
    let time = begin.elapsed();
    ensure!(status.success(), "{command:?}: {status}");
    Ok(time)
}
