//! A cgroup of this run's own, asked of systemd. systemd-run(1), systemd.scope(5), systemd.resource-control(5).
//!
//! Where systemd runs, the cgroups are its own; what may be changed there by others is what it delegates. It starts us
//! once more in a new scope that is ours alone, with the same terminal, environment and PID; the scope ends with us. The
//! learner sees that limits work without root.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix::unistd::{AccessFlags, access, geteuid};

use super::run_cgroup::{self, NoCgroup, NoScope};
use super::sys;

/// The hidden verb that tells whether a cgroup with limits can be made where it is started.
pub const VERB: &str = "__scope";

/// Says to the second start that it is one, and what to give back to the environment.
const MARK: &str = "UNHA_SCOPE";

/// Where systemd-run(1) finds this user's systemd.
const RUNTIME: &str = "XDG_RUNTIME_DIR";

/// How long systemd may take. A machine that is emulated or just starting is slow.
const PATIENCE: Duration = Duration::from_secs(15);

/// Root writes this file to let ordinary users have limits on input and output too; then they log in anew.
pub const DROP_IN: (&str, &str) =
    ("/etc/systemd/system/user@.service.d/delegate.conf", "[Service]\nDelegate=cpu cpuset io memory pids\n");

/// The same as lines for a shell.
#[must_use]
pub fn delegate_command() -> String {
    let (file, text) = DROP_IN;
    let folder = Path::new(file).parent().unwrap_or(Path::new("/")).display();
    let text = text.replace('\n', "\\n");
    format!("sudo mkdir -p {folder} && printf '{text}' | sudo tee {file} && sudo systemctl daemon-reload")
}

/// Why systemd gave no scope, if it was asked in vain.
static REFUSED: OnceLock<NoScope> = OnceLock::new();

/// Whether this process was started in a scope that was made for it.
static OURS: AtomicBool = AtomicBool::new(false);

/// Whether this process was started in a scope that was made for it: then that is ours to divide.
pub(super) fn is_ours() -> bool {
    OURS.load(Ordering::Relaxed)
}

/// Why systemd gave this run no scope, if it was asked in vain.
#[must_use]
pub fn refused() -> Option<&'static NoScope> {
    REFUSED.get()
}

/// Keeps why there is no scope, as whoever started this process found out.
pub fn keep(why: NoScope) {
    let _ = REFUSED.set(why);
}

/// Makes sure, as far as that can be had, that cgroups with limits can be made: where this process is, else in a scope
/// of systemd's, as which it then starts again. Where neither can be had it goes on, and [`refused`] says why.
///
/// To be called by a process with one thread, before anything else is done.
pub fn seek() {
    let second = sys::take_env(MARK);
    if let Some(mark) = &second {
        give_back(mark);
        OURS.store(true, Ordering::Relaxed);
    }
    let why = match run_cgroup::parent() {
        Ok(parent) if parent.of_the_machine && second.is_none() && booted() => None,
        // The leaf is for this process and its children, so that the cgroup itself can hand controllers on: from now on
        // and for as long as we live, for what one run switches off another may be about to use.
        Ok(parent) => {
            if !parent.of_the_machine {
                let _ = parent.hand_on();
            }
            return;
        }
        Err(why) if why.wants_scope() => Some(why),
        Err(_) => return,
    };
    keep(match (second, why) {
        (Some(_), Some(why)) => NoScope::OfNoUse(Box::new(why)),
        _ => start_again(),
    });
}

/// What [`VERB`] does: tries it, and says how it went.
pub fn tell() {
    OURS.store(true, Ordering::Relaxed);
    let said: Result<(), NoCgroup> = run_cgroup::parent().and_then(|parent| Ok(parent.hand_on()?));
    println!("{}", serde_json::to_string(&said).unwrap_or_default());
}

/// Whether the machine is run by systemd: sd_booted(3).
#[must_use]
pub fn booted() -> bool {
    Path::new("/run/systemd/system").is_dir()
}

/// Starts this program again in a scope. Returns only when that cannot be.
fn start_again() -> NoScope {
    if !booted() {
        return NoScope::NoSystemd;
    }
    let (Some(systemd_run), Some(itself)) = (program(), itself()) else { return NoScope::NoProgram };
    let words: Vec<OsString> = env::args_os().skip(1).collect();
    // Newer ones look for variables in the command, or warn that they do not; older ones do not know the option.
    let dollar = words.iter().any(|word| word.as_bytes().contains(&b'$'));
    let mut options = vec!["--scope", "--quiet", "--collect", "--property=Delegate=yes", "--description=unha"];
    if !geteuid().is_root() {
        options.push("--user");
    }
    if dollar {
        options.push("--expand-environment=no");
    }
    // First a try, which costs some milliseconds: once we are systemd-run, there is nobody to go on without it.
    let mut tried = attempt(&systemd_run, &options, &itself);
    if dollar && matches!(&tried, Err(NoScope::Refused { said, .. }) if said.contains("expand-environment")) {
        options.pop();
        tried = attempt(&systemd_run, &options, &itself);
    }
    if let Err(why) = tried {
        return why;
    }
    let mut command = Command::new(&systemd_run);
    let mark = borrow_runtime(&mut command);
    let failed = command.args(&options).arg("--").arg(&itself).args(&words).env(MARK, mark).exec();
    NoScope::Refused { said: failed.to_string(), code: None }
}

/// systemd-run(1), where programs are looked for.
fn program() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/bin", "/bin"].map(PathBuf::from));
    folders.map(|dir| dir.join("systemd-run")).find(|file| access(file, AccessFlags::X_OK).is_ok())
}

/// The file of this program. `/proc/self/exe` would be systemd-run's by the time it is executed, so it takes the real
/// name; a program that was replaced meanwhile has none, and is not started by another one's name.
fn itself() -> Option<PathBuf> {
    let file = env::current_exe().ok()?;
    let same = |one: std::fs::Metadata, other: std::fs::Metadata| (one.dev(), one.ino()) == (other.dev(), other.ino());
    let running = std::fs::metadata("/proc/self/exe").ok()?;
    std::fs::metadata(&file).is_ok_and(|found| same(found, running)).then_some(file)
}

/// Tells the program where this user's systemd is, if the environment does not: after su(1) it names none, or another
/// user's. Returns the mark that gives the environment back as it was.
fn borrow_runtime(command: &mut Command) -> OsString {
    let named = env::var_os(RUNTIME);
    let serves = |dir: &Path| dir.join("systemd/private").exists() || dir.join("bus").exists();
    let usual = PathBuf::from(format!("/run/user/{}", geteuid()));
    if geteuid().is_root() || named.as_deref().is_some_and(|dir| serves(Path::new(dir))) || !serves(&usual) {
        return OsString::from("as-it-is");
    }
    command.env(RUNTIME, &usual);
    named.map_or_else(|| OsString::from("unset"), |dir| [OsStr::new("was:"), &dir].join(OsStr::new("")))
}

fn give_back(mark: &OsStr) {
    let mark = mark.as_bytes();
    if let Some(dir) = mark.strip_prefix(b"was:") {
        sys::set_env(RUNTIME, &OsString::from_vec(dir.to_vec()));
    } else if mark == b"unset" {
        let _ = sys::take_env(RUNTIME);
    }
}

/// Tells this process, once it has executed another file, that its scope is its own; [`seek`] reads it.
///
/// To be called by a process with one thread.
pub(super) fn hand_on() {
    if is_ours() {
        sys::set_env(MARK, OsStr::new("as-it-is"));
    }
}

/// Lets [`VERB`] run in a scope, and takes what it tells.
fn attempt(systemd_run: &Path, options: &[&str], itself: &Path) -> Result<(), NoScope> {
    let mut command = Command::new(systemd_run);
    borrow_runtime(&mut command);
    command.args(options).arg("--").arg(itself).arg(VERB);
    // Its words are looked for, so they are wanted in English.
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).env("LC_ALL", "C");
    // No question to a person whose screen we are about to take: polkit's agent is not started.
    command.arg0("systemd-run").env_remove("SYSTEMD_LOG_LEVEL");
    let refused = |said: String, code| NoScope::Refused { said, code };
    let mut child = command.spawn().map_err(|error| refused(error.to_string(), None))?;
    let status = end(&mut child)?;
    let mut said = [String::new(), String::new()];
    // What they say fits in a pipe, and whoever could still write has ended.
    if let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) {
        let _ = read_now(File::from(std::os::fd::OwnedFd::from(out)), &mut said[0]);
        let _ = read_now(File::from(std::os::fd::OwnedFd::from(err)), &mut said[1]);
    }
    if let Ok(answer) = serde_json::from_str::<Result<(), NoCgroup>>(said[0].trim()) {
        return answer.map_err(|why| NoScope::OfNoUse(Box::new(why)));
    }
    let last = said[1].lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
    Err(if last.contains("connect to") && last.contains("bus") {
        NoScope::NoUserManager { said: last }
    } else {
        refused(last, status.code())
    })
}

fn read_now(file: File, text: &mut String) -> std::io::Result<usize> {
    file.take(64 * 1024).read_to_string(text)
}

/// Waits until the child ends; one that takes too long is ended.
fn end(child: &mut Child) -> Result<std::process::ExitStatus, NoScope> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(1)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(NoScope::Silent { seconds: PATIENCE.as_secs() });
            }
        }
    }
}
