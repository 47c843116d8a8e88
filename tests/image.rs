//! Builds root file systems for real, from this machine's programs, and holds them against what they promise.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{PoisonError, RwLock};

#[path = "image/ball.rs"]
mod ball;
#[path = "image/built.rs"]
mod built;
#[path = "image/fuzz.rs"]
mod fuzz;
#[path = "image/given.rs"]
mod given;
#[path = "image/hostile.rs"]
mod hostile;
#[path = "image/kept.rs"]
mod kept;
#[path = "image/objects.rs"]
mod objects;
#[path = "image/sandbox.rs"]
mod sandbox;
#[path = "image/unpacked.rs"]
mod unpacked;

/// Between fork and exec a child has our files open, the locks too: a test that says when a root may be
/// removed reads this, whoever starts a process writes it until the other program runs.
static STARTING: RwLock<()> = RwLock::new(());

fn start(command: &mut Command) -> std::io::Result<Child> {
    let _nobody_else = STARTING.write().unwrap_or_else(PoisonError::into_inner);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

/// Runs a command in a root as the box would, without privilege of our own; nothing when this machine
/// lets nobody make a user namespace. With /proc: ld.so reads `$ORIGIN` from /proc/self/exe.
fn within(root: &Path, command: &[&str]) -> Option<Output> {
    let unshare = |arguments: &[&str]| {
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc"]).args(arguments);
        unshare
    };
    let tried = start(&mut unshare(&["true"])).and_then(Child::wait_with_output);
    if !tried.is_ok_and(|tried| tried.status.success()) {
        eprintln!("# SKIP: no user namespaces here");
        return None;
    }
    let mut inside = unshare(&["--root", root.to_str().unwrap()]);
    inside.args(command).env_clear().envs([("PATH", "/usr/bin"), ("TERM", "xterm"), ("LC_ALL", "C.UTF-8")]);
    Some(start(&mut inside).unwrap().wait_with_output().unwrap())
}
