//! What is taught: the lessons as data, and the talk as a state machine.
//!
//! [`talk::Talk::update`] takes an [`event::Event`] and answers with [`event::Effect`]s. There is no system
//! call, no clock and no thread here: the same events always give the same talk, which is why a recording
//! is nothing but the event log.

pub mod event;
pub mod expect;
pub mod lesson;
pub mod talk;
pub mod text;
