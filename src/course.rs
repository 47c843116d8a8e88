//! What is taught: the lessons as data, and the talk as a state machine.
//!
//! [`talk::Talk::update`] takes an [`event::Event`] and answers with [`event::Effect`]s. There is no system
//! call, no clock and no thread here: the same events always give the same talk, which is why a recording
//! is nothing but the event log.

// Nouns of the kernel that lessons, events and the screen speak of; the screen knows them from here alone.
pub use crate::kernel::doctor::About;
pub use crate::kernel::engines::{Container, Engine, Roster, Trouble, Why};
pub use crate::kernel::evidence::{Evidence, Kind};
pub use crate::kernel::fact::{Fact, Facts, Reading, Side, Snapshot, Value};
pub use crate::kernel::feature::{Feature, FeatureSet};
pub use crate::kernel::journal::Call;
pub use crate::kernel::reason::{Because, Reason};
pub use crate::kernel::tree::{Group, Namespaces, Origin, Process, Tree};

pub mod console;
pub mod deck;
pub mod doctor;
pub mod event;
pub mod exercise;
pub mod expect;
pub mod glossary;
pub mod grade;
pub mod holes;
pub mod inspect;
pub mod kept;
pub mod lesson;
pub mod mend;
pub mod parse;
pub(crate) mod plain;
pub mod plan;
pub mod play;
pub mod portuguese;
pub mod progress;
pub mod proof;
pub mod reason;
pub mod recording;
pub mod script;
pub mod talk;
pub mod tape;
pub mod text;
pub mod way;
pub mod words;
