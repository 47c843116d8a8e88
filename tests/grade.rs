//! `unha grade` on the real kernel: programs that make containers, well, badly and not at all, and exactly what holds, is
//! missing and leaks in each; as root and as an ordinary user, with nothing left behind.
//!
//! A container's verdicts are held against those of a bare `sh`: what is not named is as it is there.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]
#![allow(dead_code, reason = "what is shared with the tests of the kernel is not all needed here")]

#[path = "grade/engines.rs"]
mod engines;
#[path = "grade/hand.rs"]
mod hand;
#[path = "grade/hostile.rs"]
mod hostile;
#[path = "grade/judged.rs"]
mod judged;
#[path = "kernel/left.rs"]
mod left;
#[path = "kernel/part.rs"]
mod part;
#[path = "kernel/program.rs"]
mod program;
#[path = "grade/report.rs"]
mod report;
#[path = "kernel/skip.rs"]
mod skip;
#[path = "grade/tools.rs"]
mod tools;
