//! The talk to take home: the page is sound whatever stands in it, real exports are whole and harmless, and a browser
//! reads them without a request.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

#[path = "handout/browser.rs"]
mod browser;
#[path = "handout/exported.rs"]
mod exported;
#[path = "walk/home.rs"]
#[allow(dead_code, reason = "made for the walks, which look at more")]
mod home;
#[path = "handout/hostile.rs"]
mod hostile;
#[path = "handout/page.rs"]
mod page;
#[path = "kernel/skip.rs"]
#[allow(dead_code, reason = "what is shared with the tests of the kernel is not all needed here")]
mod skip;
