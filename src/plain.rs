//! The course as lines of text, for whoever hears it from a screen reader, and for terminals that can only print.
//!
//! The same talk with another front: nothing is drawn, nothing is rewritten, no escape sequence is written. What the
//! screen shows at a place, a line says: "Inside: hostname is now caixa. Outside: unchanged, bench." A line that is typed
//! becomes an [`order`]; the [`teller`] says what came of it and what Enter will do.

mod facts;
mod hand;
mod heard;
pub mod order;
mod pages;
mod places;
mod recall;
mod say;
mod teller;

pub use places::route;
pub use say::{goes_to, nowhere, runs_on, unknown, waits};
pub use teller::Teller;
