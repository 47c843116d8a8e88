//! `unha run` beside bubblewrap and crun: the same namespaces, the same root, `/bin/true` in it.
//!
//! Each is started as a shell would start it, and timed until it was waited for; the runs take turns.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use nix::sys::resource::{UsageWho, getrusage};
use nix::unistd::geteuid;
use serde_json::json;

use super::series::Series;
use super::table::{Limit, Row, Table, says};

/// Words by which this program starts itself for a part that needs a process of its own.
pub const SIZE_OF: &str = "__size-of";
pub const BESIDE_CRUN: &str = "__beside-crun";
pub const ALL_BESIDE_CRUN: &str = "__all-beside-crun";

/// Runs of each, and runs before those that are not counted.
const RUNS: usize = 150;
const WARM_UP: usize = 15;

/// The program that is measured: as cargo built it for this bench, with the release profile.
pub const UNHA: &str = env!("CARGO_BIN_EXE_unha");

/// The built-in root file system, built if it is not there yet.
pub fn root() -> anyhow::Result<PathBuf> {
    let cache = unha::image::cache_dir(&|name| std::env::var_os(name))?;
    Ok(unha::image::ensure(&cache)?.path)
}

pub fn measure(table: &mut Table) -> anyhow::Result<()> {
    let root = root()?;
    let unha = unha(&root, &[]);
    match says("bwrap", "--version") {
        None => println!("bwrap is not installed: skipped"),
        Some(version) => {
            table.peers.push(version);
            let bwrap = bwrap(&root);
            let [ours, theirs] = in_turns([&unha, &bwrap])?;
            table.add(Row {
                what: [
                    "`unha run` with five namespaces and a root, beside bubblewrap",
                    "`unha run` com cinco namespaces e um root, ao lado do bubblewrap",
                ],
                unit: "ms",
                ours: ours.median(),
                theirs: Some(theirs.median()),
                limit: Limit::Times(1.0),
            });
            let [ours, theirs] = [&unha, &bwrap].map(|command| size(command));
            table.add(Row {
                what: ["the same: memory at most", "o mesmo: memória, no máximo"],
                unit: "KiB",
                ours: ours?,
                theirs: Some(theirs?),
                limit: Limit::Times(2.0),
            });
        }
    }
    match says("crun", "--version") {
        None => println!("crun is not installed: skipped"),
        Some(_) if !geteuid().is_root() => println!("crun sets limits only for root: skipped"),
        Some(version) => {
            table.peers.push(version);
            let bundle = bundle(&root)?;
            let (ours, theirs) = ask_beside_crun(BESIDE_CRUN, bundle.path())?;
            table.add(Row {
                what: [
                    "the same with limits on memory, processes and CPU, beside crun",
                    "o mesmo com limites de memória, processos e CPU, ao lado do crun",
                ],
                unit: "ms",
                ours: ours.median(),
                theirs: Some(theirs.median()),
                limit: Limit::Times(0.6),
            });
            like_docker(bundle.path())?;
            let (ours, theirs) = ask_beside_crun(ALL_BESIDE_CRUN, bundle.path())?;
            table.add(Row {
                what: [
                    "`unha run --all`, beside crun with Docker's defaults",
                    "`unha run --all`, ao lado do crun com os padrões do Docker",
                ],
                unit: "ms",
                ours: ours.median(),
                theirs: Some(theirs.median()),
                limit: Limit::Times(1.0),
            });
            let [all, first] = in_turns([&all(&root), &with_limits(&root)])?;
            table.add(Row {
                what: [
                    "`unha run --all`, beside `unha run` with five namespaces, a root and limits",
                    "`unha run --all`, ao lado de `unha run` com cinco namespaces, um root e limites",
                ],
                unit: "ms",
                ours: all.median(),
                theirs: Some(first.median()),
                limit: Limit::Times(1.5),
            });
        }
    }
    Ok(())
}

/// A command line.
type Words = Vec<String>;

fn unha(root: &Path, more: &[&str]) -> Words {
    let root = root.display().to_string();
    let begin = [UNHA, "run", "--uts", "--pid", "--mount", "--ipc", "--net", "--rootfs", &root];
    words(&[&begin, more, &["--", "/bin/true"]].concat())
}

fn with_limits(root: &Path) -> Words {
    unha(root, &["--memory", "512M", "--pids-limit", "256", "--cpus", "1"])
}

/// Everything on.
fn all(root: &Path) -> Words {
    words(&[UNHA, "run", "--all", "--rootfs", &root.display().to_string(), "--", "/bin/true"])
}

fn bwrap(root: &Path) -> Words {
    let root = root.display().to_string();
    let namespaces = ["bwrap", "--unshare-uts", "--unshare-pid", "--unshare-ipc", "--unshare-net"];
    words(&[&namespaces[..], &["--bind", &root, "/", "--proc", "/proc", "--dev", "/dev", "/bin/true"]].concat())
}

fn words(words: &[&str]) -> Words {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn command<S: AsRef<OsStr>>(words: &[S]) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn time(words: &[String]) -> anyhow::Result<Duration> {
    let mut command = command(words);
    let begin = Instant::now();
    let status = command.status().with_context(|| words[0].clone())?;
    let time = begin.elapsed();
    ensure!(status.success(), "{}: {status}", words.join(" "));
    Ok(time)
}

/// Runs both in turns: what else the machine does hits them alike.
fn in_turns(both: [&Words; 2]) -> anyhow::Result<[Series; 2]> {
    let mut series = [Series::default(), Series::default()];
    for run in 0..WARM_UP + RUNS {
        for (words, series) in both.into_iter().zip(&mut series) {
            let time = time(words)?;
            if run >= WARM_UP {
                series.add(time);
            }
        }
    }
    Ok(series)
}

/// The largest resident size of the command's processes, in KiB.
///
/// The kernel counts the moment between fork(2) and execve(2) too, so a small process of its own has to start it.
pub fn size(words: &[String]) -> anyhow::Result<f64> {
    let output = Command::new(std::env::current_exe()?).arg(SIZE_OF).args(words).output()?;
    ensure!(output.status.success(), "{}: {}", words[0], String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The part of [`size`] that runs in the small process.
pub fn size_of(words: &[&str]) -> anyhow::Result<()> {
    for _ in 0..10 {
        command(words).status()?;
    }
    println!("{}", getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss());
    Ok(())
}

/// What crun starts: the same namespaces, root and limits.
fn bundle(root: &Path) -> anyhow::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let status = Command::new("crun").arg("spec").current_dir(folder.path()).status()?;
    ensure!(status.success(), "crun spec: {status}");
    let file = folder.path().join("config.json");
    let mut config: serde_json::Value = serde_json::from_slice(&std::fs::read(&file)?)?;
    config["process"]["terminal"] = json!(false);
    config["process"]["args"] = json!(["/bin/true"]);
    config["root"] = json!({ "path": root, "readonly": false });
    config["linux"]["namespaces"] =
        ["uts", "pid", "mount", "ipc", "network"].map(|kind| json!({ "type": kind })).into();
    let limits = &mut config["linux"]["resources"];
    limits["memory"] = json!({ "limit": 512 << 20, "swap": 512 << 20 });
    limits["pids"] = json!({ "limit": 256 });
    limits["cpu"] = json!({ "quota": 100_000, "period": 100_000 });
    std::fs::write(&file, config.to_string())?;
    Ok(folder)
}

/// Makes it a container as Docker's defaults are: a cgroup namespace, 14 capabilities, and our filter, which refuses the
/// same as Docker's; what crun masks by itself is Docker's list already. Docker has no time namespace, and crun 1.8 fails
/// with one: that is done by unha alone.
fn like_docker(bundle: &Path) -> anyhow::Result<()> {
    let file = bundle.join("config.json");
    let mut config: serde_json::Value = serde_json::from_slice(&std::fs::read(&file)?)?;
    let held: Vec<String> = DOCKER.split(' ').map(|name| format!("CAP_{name}")).collect();
    config["process"]["capabilities"] = json!({ "bounding": held, "effective": held, "permitted": held });
    config["process"]["noNewPrivileges"] = json!(true);
    if let Some(namespaces) = config["linux"]["namespaces"].as_array_mut() {
        namespaces.push(json!({ "type": "cgroup" }));
    }
    let profile = unha::kernel::container::source("seccomp.json").context("seccomp.json")?;
    let profile: serde_json::Value = serde_json::from_str(profile)?;
    let rules = profile["syscalls"].as_array().context("no rules")?.iter();
    let counts = |rule: &&serde_json::Value| {
        let of_caps = rule["excludes"]["caps"].as_array();
        !of_caps.is_some_and(|caps| caps.iter().any(|cap| held.iter().any(|one| cap == one)))
    };
    let rules = rules.filter(counts).map(|rule| {
        let mut kept = json!({ "names": rule["names"], "action": rule["action"] });
        for key in ["args", "errnoRet"] {
            if !rule[key].is_null() {
                kept[key] = rule[key].clone();
            }
        }
        kept
    });
    config["linux"]["seccomp"] =
        json!({ "defaultAction": profile["defaultAction"], "syscalls": rules.collect::<Vec<_>>() });
    Ok(std::fs::write(&file, config.to_string())?)
}

/// moby v28.3.0, oci/caps/defaults.go.
const DOCKER: &str = "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE \
                      SYS_CHROOT KILL AUDIT_WRITE";

/// Has the series beside crun measured by a process that may change its mounts.
fn ask_beside_crun(verb: &str, bundle: &Path) -> anyhow::Result<(Series, Series)> {
    let output = Command::new(std::env::current_exe()?).arg(verb).arg(bundle).stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "the series beside crun: {}", output.status);
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The series beside crun, printed for whoever asked.
pub fn beside_crun(bundle: &str, everything: bool) -> anyhow::Result<()> {
    hide_second_hierarchy()?;
    let unha = if everything { all(&root()?) } else { with_limits(&root()?) };
    let name = format!("speed-{}", std::process::id());
    let crun = words(&["crun", "--cgroup-manager=cgroupfs", "run", "--bundle", bundle, &name]);
    let [ours, theirs] = in_turns([&unha, &crun])?;
    println!("{}", serde_json::to_string(&(ours, theirs))?);
    Ok(())
}

/// crun refuses a machine with hierarchies of both cgroup versions. Here, and nowhere else, the second one is hidden.
fn hide_second_hierarchy() -> anyhow::Result<()> {
    let mounts = std::fs::read_to_string("/proc/self/mounts")?;
    let of_type = |kind: &str| mounts.lines().find(|line| line.split(' ').nth(2) == Some(kind));
    let (Some(_), Some(second)) = (of_type("cgroup"), of_type("cgroup2")) else { return Ok(()) };
    let Some(place) = second.split(' ').nth(1) else { bail!("no mount point: {second}") };
    let none = None::<&str>;
    unshare(CloneFlags::CLONE_NEWNS)?;
    mount(none, "/", none, MsFlags::MS_REC | MsFlags::MS_PRIVATE, none)?;
    mount(Some("none"), place, Some("tmpfs"), MsFlags::empty(), none)?;
    Ok(())
}
