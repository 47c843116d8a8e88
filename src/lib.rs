//! unha ("na unha": by hand) teaches what a Linux container is by building one in front of you.
//!
//! - [`kernel`] talks to Linux: it builds the box and looks at places.
//! - [`course`] is what is taught: lessons as data, the talk as a pure state machine.
//! - [`session`] is the run: it carries the talk's effects out and feeds it events.
//! - [`screen`] draws the talk and turns keys into actions.
//! - [`plain`] tells the talk as lines of text and turns typed lines into orders.
//! - [`handout`] is the other front: the talk as a page to take home.
//! - [`image`] is where a box starts: it builds the built-in root file system and checks others.
//! - [`equivalent`] says what a box is in other tools' words.
//! - [`command`] has one file per verb of the command line and wires the others together.

// Nothing of it means anything elsewhere; the program then says so.
#![cfg(target_os = "linux")]

pub mod command;
pub mod course;
pub mod equivalent;
pub mod handout;
pub mod image;
pub mod kernel;
pub mod plain;
pub mod screen;
pub mod session;
