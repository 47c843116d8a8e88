//! The features on the real kernel: each shows the fact that differs with it on and does not with it off, as root and
//! as an ordinary user, and nothing is left behind.
//!
//! Every test runs in a process of its own, once for each user (see `part`): so what it leaves is found, and tests do
//! not disturb each other. What this machine cannot do is said aloud (see `skip`).

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

#[path = "kernel/bench.rs"]
mod bench;
#[path = "kernel/bench_files.rs"]
mod bench_files;
#[path = "kernel/capabilities.rs"]
mod capabilities;
#[path = "kernel/cgroup.rs"]
mod cgroup;
#[path = "kernel/cgroupns.rs"]
mod cgroupns;
#[path = "kernel/escape.rs"]
mod escape;
#[path = "kernel/facts.rs"]
mod facts;
#[path = "kernel/ids.rs"]
mod ids;
#[path = "kernel/init.rs"]
mod init;
#[path = "kernel/ipc.rs"]
mod ipc;
#[path = "kernel/journal.rs"]
mod journal;
#[path = "kernel/killed.rs"]
mod killed;
#[path = "kernel/left.rs"]
mod left;
#[path = "kernel/limits.rs"]
mod limits;
#[path = "kernel/mount.rs"]
mod mount;
#[path = "kernel/net.rs"]
mod net;
#[path = "kernel/no_new_privs.rs"]
mod no_new_privs;
#[path = "kernel/nothing_left.rs"]
mod nothing_left;
#[path = "kernel/older.rs"]
mod older;
#[path = "kernel/outside.rs"]
mod outside;
#[path = "kernel/part.rs"]
mod part;
#[path = "kernel/pid.rs"]
mod pid;
#[path = "kernel/program.rs"]
mod program;
#[path = "kernel/removal.rs"]
mod removal;
#[path = "kernel/resources.rs"]
mod resources;
#[path = "kernel/rootfs.rs"]
mod rootfs;
#[path = "kernel/run.rs"]
mod run;
#[path = "kernel/sets.rs"]
mod sets;
#[allow(dead_code, reason = "it is shared with other tests, which skip for other reasons too")]
#[path = "kernel/skip.rs"]
mod skip;
#[path = "kernel/terminal.rs"]
mod terminal;
#[path = "kernel/time.rs"]
mod time;
#[path = "kernel/user.rs"]
mod user;
#[path = "kernel/uts.rs"]
mod uts;
