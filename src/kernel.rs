//! Everything that talks to Linux: making a container and observing one.
//!
//! It knows no lesson, no language and no screen. The engine and the observer share only nouns
//! ([`feature`], [`fact`], [`journal`]), so that what is shown was never written by what is judged.

pub mod bench;
pub mod capability;
pub mod cgroupfs;
pub mod container;
pub mod descendants;
pub mod disk;
pub mod doctor;
pub mod engines;
pub mod enter;
pub mod evidence;
pub mod fact;
pub mod feature;
pub mod host;
pub mod itself;
mod join;
pub mod journal;
pub mod mounts;
mod netlink;
pub mod owners;
pub mod probe;
pub mod reason;
pub mod record;
pub mod run_cgroup;
pub mod scope;
pub mod sys;
pub mod tree;
pub mod trial;
