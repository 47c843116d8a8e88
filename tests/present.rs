//! The talk on a stage, given by a person with a clicker: the real program in a real terminal, all slides forth and back.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

#[path = "present/giving.rs"]
mod giving;
#[path = "walk/home.rs"]
#[allow(dead_code, reason = "made for the walks, which look at more")]
mod home;
#[path = "kernel/skip.rs"]
#[allow(dead_code, reason = "made for the kernel's tests, which can lack more")]
mod skip;
#[path = "present/taping.rs"]
mod taping;
#[path = "walk/terminal.rs"]
#[allow(dead_code, reason = "made for the walks, which do more with it")]
mod terminal;
