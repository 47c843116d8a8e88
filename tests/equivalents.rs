//! The equivalents are really run: the script by dash, bwrap, runc, crun, podman; and what the kernel shows of each box is
//! compared with what it shows of unha's own with the same flags. What differs must be said by a sentence of
//! `unha export`, and what such a sentence says must differ.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]
#![allow(dead_code, reason = "what is shared with the tests of the kernel is not all needed here")]

#[path = "equivalents/bundle.rs"]
mod bundle;
#[path = "equivalents/cases.rs"]
mod cases;
#[path = "equivalents/facts.rs"]
mod facts;
#[path = "kernel/left.rs"]
mod left;
#[path = "kernel/part.rs"]
mod part;
#[path = "kernel/program.rs"]
mod program;
#[path = "equivalents/proof.rs"]
mod proof;
#[path = "equivalents/script.rs"]
mod script;
#[path = "kernel/skip.rs"]
mod skip;
#[path = "equivalents/tools.rs"]
mod tools;
