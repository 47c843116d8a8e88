//! Root file systems with names: imported from whatever holds one, started, held against another unpacker's tree, and
//! interrupted at every stage.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

#[path = "rootfs/beside.rs"]
mod beside;
#[path = "rootfs/ended.rs"]
mod ended;
#[path = "rootfs/image.rs"]
mod image;
#[path = "rootfs/imported.rs"]
mod imported;
#[path = "rootfs/piped.rs"]
mod piped;
#[path = "rootfs/place.rs"]
mod place;
#[path = "rootfs/refused.rs"]
mod refused;
#[path = "kernel/skip.rs"]
#[allow(dead_code, reason = "its reasons are those of all tests")]
mod skip;
#[path = "rootfs/tree.rs"]
mod tree;
