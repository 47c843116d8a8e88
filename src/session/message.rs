//! What arrives at a run: from the bench and its shells, from a person, from a console. One channel has it all.
//!
//! So it has one order, in which the talk is told of it, and in which a recording keeps it.

use std::os::fd::OwnedFd;

use crate::course::console::Press;
use crate::course::event::Event;
use crate::kernel::bench::protocol::Report;
use crate::kernel::fact::Side;
use crate::kernel::journal::Call;

/// What arrives on the channel.
#[derive(Debug)]
pub enum Message {
    /// For the talk as it is: what the driver sends itself, such as actions.
    Event(Event),
    /// A key, a paste, a new size: what came from the person's terminal, for the driver to translate.
    Input(crossterm::event::Event),
    /// What came from whoever reads and types lines.
    Typed(Typed),
    /// What was pressed at a console; none: one has come, and wants to be told where the talk stands.
    Console(Option<Press>),
    /// From the bench with this number.
    Report(u64, Option<(Report, Vec<OwnedFd>)>),
    /// Bytes of the shell with this number.
    Bytes(u64, Side, Vec<u8>),
    /// A call of the bench with this number.
    Call(u64, Call),
}

/// What comes from a person who reads and types whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A line, without its end.
    Line(String),
    /// Ctrl-C.
    Interrupt,
    /// There will be no more lines.
    End,
}
