//! What must be true after a step: `expect` in a lesson's file. The kernel is asked, and a step is done when it says so.
//!
//! Of what form an expectation is, its keys say; whether it holds is told by `course/expect.rs`.

use serde::{Deserialize, Serialize};

use crate::kernel::fact::{Fact, Side};

/// What must be true after a step's act. Exactly the keys of one form stand in its table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expect {
    /// The fact compared, for the forms with `is`, `at-least`, `sides` and `contains`.
    pub fact: Option<Fact>,
    /// Whose value of the fact, or whose shell.
    pub on: Option<Side>,
    /// The fact's value is this.
    pub is: Option<String>,
    /// The fact's value is not this.
    pub is_not: Option<String>,
    /// The fact's number is at least this.
    pub at_least: Option<u64>,
    /// The fact's number is at most this.
    pub at_most: Option<u64>,
    /// The fact's text or list contains this.
    pub contains: Option<String>,
    /// How the fact's values outside and inside compare.
    pub sides: Option<Compare>,
    /// What the side's shell printed since the step's act began contains this (as a regular expression, by line).
    pub prints: Option<String>,
    /// The side's shell prints no such line.
    pub prints_not: Option<String>,
    /// The box's first process runs or has ended.
    #[serde(rename = "box")]
    pub box_is: Option<BoxIs>,
    /// Building the box failed with this errno.
    pub refused: Option<String>,
}

/// How two sides compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    /// Equal.
    Same,
    /// Not equal.
    Differ,
}

/// Whether the box lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BoxIs {
    /// Its first process runs.
    Running,
    /// Its first process has ended.
    Ended,
}
