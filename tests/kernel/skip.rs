//! What this machine cannot do is said aloud: `SKIP which test: why`, and in the strict mode it fails.
//!
//! `UNHA_NO_SKIP=1` is the strict mode; `UNHA_MAY_SKIP` lists, by their words and with commas between, the reasons that
//! are nevertheless accepted, for what a machine can never do: `UNHA_MAY_SKIP=user-cgroup` where cgroups are version 1.

use std::env;
use std::io::Write;

/// Why a test, or a part of it, cannot run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The tests run as an ordinary user: the half for root cannot.
    Root,
    /// The machine hands no cgroup to root.
    Cgroup,
    /// The machine hands no cgroup to an ordinary user; version 1 never does.
    UserCgroup,
    /// strace(1) is not installed or may not trace.
    Strace,
    /// newuidmap(1) and newgidmap(1) are not installed (Debian's package uidmap).
    Uidmap,
    /// A program that reads what we write is not installed.
    Tool,
    /// It changes the machine that it runs on, and so is for the guest of tests/vm alone, which runs it.
    Guest,
}

impl Why {
    /// The reason's word, for `UNHA_MAY_SKIP`.
    const fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Cgroup => "cgroup",
            Self::UserCgroup => "user-cgroup",
            Self::Strace => "strace",
            Self::Uidmap => "uidmap",
            Self::Tool => "tool",
            Self::Guest => "guest",
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::Root => "needs root",
            Self::Cgroup => "no cgroup can be made here",
            Self::UserCgroup => "no cgroup is handed over to this user",
            Self::Strace => "strace cannot be had",
            Self::Uidmap => "newuidmap and newgidmap are not installed",
            Self::Tool => "not installed",
            Self::Guest => "only in the guest of tests/vm",
        }
    }
}

/// Says that `what` is skipped and why; panics when that is not accepted.
#[track_caller]
pub fn skip(what: &str, why: Why) {
    let strict = env::var("UNHA_NO_SKIP").is_ok_and(|value| value == "1");
    let accepted = env::var("UNHA_MAY_SKIP").is_ok_and(|words| words.split(',').any(|word| word == why.word()));
    // Nothing that a machine could be given would change that.
    let accepted = accepted || why == Why::Guest;
    assert!(!strict || accepted, "{what} would be skipped: {} ({})", why.sentence(), why.word());
    aloud(&format!("SKIP {what}: {} ({})", why.sentence(), why.word()));
}

/// Writes past the capture of the test harness, which hides what a passing test prints.
pub fn aloud(line: &str) {
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}
