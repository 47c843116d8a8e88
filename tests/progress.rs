//! What a learner has done is never lost: merged in any order, read whatever happened to the file, written whole or not
//! at all though whoever writes is killed, and brought from one machine to another.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "progress/any.rs"]
mod any;
#[path = "progress/command.rs"]
mod command;
#[path = "progress/damaged.rs"]
mod damaged;
#[path = "progress/killed.rs"]
mod killed;
#[path = "progress/merged.rs"]
mod merged;
#[path = "progress/names.rs"]
mod names;
