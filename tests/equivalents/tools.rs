//! The tools: how each is started on a box, looked at while it runs, and let end.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::cases::{has_root, words};
use crate::facts::{Facts, REPORT, SCRIPT, Seen, facts};
use crate::left::remember;
use crate::part::Here;
use crate::program::program;
use unha::equivalent::lacks::{self, Lack};

/// How long a box may take to be there or to be gone.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who makes the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    Unha,
    Shell,
    Bwrap,
    Runc,
    Crun,
    Podman,
}

impl Tool {
    /// Those that unha is compared with.
    pub const OTHERS: [Self; 5] = [Self::Shell, Self::Bwrap, Self::Runc, Self::Crun, Self::Podman];

    /// The program that must be there.
    pub const fn program(self) -> &'static str {
        match self {
            Self::Unha => "unha",
            Self::Shell => "dash",
            Self::Bwrap => "bwrap",
            Self::Runc => "runc",
            Self::Crun => "crun",
            Self::Podman => "podman",
        }
    }

    /// What `unha export` is asked for.
    pub const fn exported(self) -> &'static str {
        match self {
            Self::Unha => "",
            Self::Shell => "shell",
            Self::Bwrap => "bwrap",
            Self::Runc | Self::Crun => "oci",
            Self::Podman => "podman",
        }
    }

    /// What it says of its version.
    pub fn version(self) -> String {
        let output = Command::new(self.program()).arg("--version").output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
    }

    /// Whether it is installed.
    pub fn is_there(self) -> bool {
        let arg = if self == Self::Shell { "-c true" } else { "--version" };
        Command::new(self.program()).args(arg.split(' ')).output().is_ok_and(|output| output.status.success())
    }
}

/// What `unha export` wrote: the text or the bundle, and the sentences on stderr.
pub struct Exported {
    pub text: String,
    pub bundle: Option<PathBuf>,
    pub lacks: Vec<Lack>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A name that nothing else has.
pub fn name() -> String {
    format!("unha-eq-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Exports the box with these flags for a tool; its command carries the tag.
#[track_caller]
pub fn export(here: &Here, kind: &str, flags: &str, tag: &str) -> Exported {
    let bundle = (kind == "oci").then(|| here.dir.join("tmp").join(name()));
    let mut command = Command::new(program());
    command.args(["--lang", "en", "export", kind]).args(&bundle).args(words(flags));
    let output = command.args(["--", "sh", "-c", SCRIPT, tag]).current_dir("/").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "export {kind} {flags}: {said}");
    let sentence = |line: &str| {
        let text = line.strip_prefix(&format!("unha: {kind}: ")).unwrap_or(line);
        *lacks::ALL.iter().find(|lack| lack.text().en == text).unwrap_or_else(|| panic!("no sentence of ours: {line}"))
    };
    Exported { text: String::from_utf8(output.stdout).unwrap(), bundle, lacks: said.lines().map(sentence).collect() }
}

/// The command that makes the box.
pub fn command(here: &Here, tool: Tool, flags: &str, exported: &Exported, tag: &str) -> Command {
    let line = |words: &[&str]| {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        command
    };
    match tool {
        Tool::Unha => {
            let mut command = Command::new(program());
            command.arg("run").args(words(flags)).args(["--", "sh", "-c", SCRIPT, tag]);
            command
        }
        Tool::Shell | Tool::Bwrap | Tool::Podman => {
            let file = here.dir.join("tmp").join(format!("{tag}.sh"));
            fs::write(&file, if tool == Tool::Podman { podman(here, &exported.text) } else { exported.text.clone() })
                .unwrap();
            match second_hierarchy() {
                // Behind podman is crun.
                Some(place) if tool == Tool::Podman => {
                    let hidden = format!("mount -t tmpfs none {place} && exec dash {}", file.display());
                    line(&["unshare", "--mount", "sh", "-c", &hidden])
                }
                _ => line(&["dash", file.to_str().unwrap()]),
            }
        }
        Tool::Runc | Tool::Crun => runtime(here, tool, flags, exported.bundle.as_deref().unwrap(), tag),
    }
}

/// The podman line, with its files in the part's folder; and it would raise the limits on files and processes, which takes
/// a right that not every root has.
fn podman(here: &Here, text: &str) -> String {
    let place = here.dir.join("tmp/podman");
    let limit = |resource| nix::sys::resource::getrlimit(resource).unwrap();
    let (_, files) = limit(nix::sys::resource::Resource::RLIMIT_NOFILE);
    // It lowers its own to this.
    let processes = limit(nix::sys::resource::Resource::RLIMIT_NPROC).1.min(32 << 10);
    let place = place.display();
    text.replacen(
        "podman run --rm",
        &format!(
            "podman --root {place}/root --runroot {place}/run --tmpdir {place}/tmp --storage-driver vfs run --rm \
             --ulimit nofile={files}:{files} --ulimit nproc={processes}:{processes}"
        ),
        1,
    )
}

/// What both runtimes are started with: where the box has no root of its own, a mount of the machine's is made first, as
/// the sentence says; and crun refuses a machine with hierarchies of both versions, unless it does not see one.
fn runtime(here: &Here, tool: Tool, flags: &str, bundle: &Path, tag: &str) -> Command {
    let mut before = vec![];
    if !has_root(flags) {
        before.push(format!("mount --rbind / {}/rootfs", bundle.display()));
    }
    if let (Tool::Crun, Some(place)) = (tool, second_hierarchy()) {
        before.push(format!("mount -t tmpfs none {place}"));
    }
    let state = here.dir.join("tmp").join(format!("state-{}", tool.program()));
    let run = format!("{} --root {} run --bundle {} {tag}", tool.program(), state.display(), bundle.display());
    let mut command = Command::new(if before.is_empty() { "sh" } else { "unshare" });
    if !before.is_empty() {
        command.args(["--mount", "sh"]);
    }
    before.push(format!("exec {run}"));
    command.args(["-c", &before.join(" && ")]);
    command
}

/// Where version 2 is mounted beside version 1.
pub fn second_hierarchy() -> Option<String> {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
    let of_type = |kind: &str| mounts.lines().find(|line| line.split(' ').nth(2) == Some(kind));
    of_type("cgroup")?;
    Some(of_type("cgroup2")?.split(' ').nth(1)?.to_owned())
}

/// Runs the command until the box has reported, looks at it, and lets it end. What it said where there was no box.
pub fn look(mut command: Command, tag: &str, around: &Seen) -> Result<Facts, String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).current_dir("/");
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    remember(child.id().cast_signed());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let report: Vec<String> = lines.by_ref().take(REPORT).map_while(Result::ok).collect();
    if report.len() < REPORT {
        let mut said = String::new();
        let _ = child.stderr.take().unwrap().read_to_string(&mut said);
        end(child);
        return Err(format!("{report:?} {said}"));
    }
    let found = facts(pid_of(tag), &report, around);
    end(child);
    Ok(found)
}

/// Who carries the tag, in a command line that is the box's command and nothing more.
#[track_caller]
fn pid_of(tag: &str) -> u32 {
    let wanted = format!("sh\0-c\0{SCRIPT}\0{tag}\0");
    let numbers = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let is_it = |pid: &u32| fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line == wanted.as_bytes());
    let mut found = numbers.filter(is_it);
    let first = found.next().unwrap_or_else(|| panic!("nobody is {tag}"));
    assert_eq!(found.next(), None, "two are {tag}");
    first
}

/// Closes its stdin, which the box waits for, and waits for its end.
fn end(mut child: Child) {
    drop(child.stdin.take());
    let deadline = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "it does not end");
        std::thread::sleep(Duration::from_millis(2));
    }
}
