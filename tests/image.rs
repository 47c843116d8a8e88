//! Holds root file systems against what is promised of them.

#[path = "image/given.rs"]
mod given;
