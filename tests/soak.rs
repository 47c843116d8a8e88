//! The soak: boxes started and stopped, and killed at random moments, over and over, with random features; afterwards
//! everything is as it was. As root and as an ordinary user, by `unha run` and on benches as the screen has them.
//!
//! `cargo test --test soak` is the short form. The long one, of which the README tells, says how far it is:
//!
//!   UNHA_SOAK=long cargo test --release --test soak -- --nocapture
//!
//! What is random comes from a seed that is printed; `UNHA_SEED=N` gives it, and the same things are done again.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]
#![allow(dead_code, reason = "what is shared with the tests of the kernel is not all needed here")]

#[path = "soak/kills.rs"]
mod kills;
#[path = "kernel/left.rs"]
mod left;
#[path = "kernel/outside.rs"]
mod outside;
#[path = "kernel/part.rs"]
mod part;
#[path = "kernel/program.rs"]
mod program;
#[path = "soak/random.rs"]
mod random;
#[path = "kernel/skip.rs"]
mod skip;
#[path = "soak/starts.rs"]
mod starts;
