//! The course as lines of text: read and typed by somebody who has nothing but lines, in a pipe and at a terminal.
//!
//! Nothing here sleeps: a line is typed when the last one said what Enter does, or all at once, as a script is.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

#[path = "plain/hand.rs"]
mod hand;
#[allow(dead_code, reason = "what is shared with the walks is not all needed here")]
#[path = "walk/home.rs"]
mod home;
#[path = "plain/leaving.rs"]
mod leaving;
#[path = "plain/lessons.rs"]
mod lessons;
#[path = "plain/listener.rs"]
mod listener;
#[path = "plain/recall.rs"]
mod recall;
#[path = "walk/refuse.rs"]
mod refuse;
#[allow(dead_code, reason = "what is shared with the tests of the kernel is not all needed here")]
#[path = "kernel/skip.rs"]
mod skip;
#[allow(dead_code, reason = "what is shared with the walks is not all needed here")]
#[path = "walk/terminal.rs"]
mod terminal;
