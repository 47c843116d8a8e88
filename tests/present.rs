//! The talk on a stage, given by a person with a clicker: the real program in a real terminal, all slides forth and back.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

#[path = "present/asides.rs"]
mod asides;
#[path = "present/checking.rs"]
mod checking;
#[path = "present/console.rs"]
mod console;
#[path = "present/giving.rs"]
mod giving;
#[path = "walk/home.rs"]
#[allow(dead_code, reason = "made for the walks, which look at more")]
mod home;
#[path = "walk/refuse.rs"]
mod refuse;
#[path = "present/refused.rs"]
mod refused;
#[path = "present/rehearsing.rs"]
mod rehearsing;
#[allow(dead_code, reason = "what is shared with the tests of the kernel is not all needed here")]
#[path = "kernel/skip.rs"]
mod skip;
#[path = "present/taping.rs"]
mod taping;
#[path = "walk/terminal.rs"]
#[allow(dead_code, reason = "made for the walks, which do more with it")]
mod terminal;
#[path = "present/whole.rs"]
mod whole;

/// The first in the alphabet, since the others may go on meanwhile.
#[test]
fn a_whole_talk_begins() {
    whole::begin();
}
