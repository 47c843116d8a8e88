//! Walks through the course as a person does: the real program in a real terminal, keys in, a screen out.
//!
//! Nothing here sleeps or tries again: a key is pressed when the screen says that it may be, and what must then stand
//! on the screen is waited for.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

#[path = "walk/agreeing.rs"]
mod agreeing;
#[path = "walk/hand.rs"]
mod hand;
#[path = "walk/home.rs"]
mod home;
#[path = "walk/host.rs"]
mod host;
#[path = "walk/inspect.rs"]
mod inspect;
#[path = "walk/leaving.rs"]
mod leaving;
#[path = "walk/lessons.rs"]
mod lessons;
#[path = "walk/loads.rs"]
mod loads;
#[path = "walk/person.rs"]
mod person;
#[path = "walk/place.rs"]
mod place;
#[path = "walk/play.rs"]
mod play;
#[path = "walk/recall.rs"]
mod recall;
#[path = "walk/recorded.rs"]
mod recorded;
#[path = "walk/refuse.rs"]
mod refuse;
#[path = "walk/replay.rs"]
mod replay;
#[path = "walk/shells.rs"]
mod shells;
#[allow(dead_code, reason = "what is shared with the tests of the kernel is not all needed here")]
#[path = "kernel/skip.rs"]
mod skip;
#[path = "walk/terminal.rs"]
mod terminal;
