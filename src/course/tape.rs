//! A tape: all that a talk was told from its start to its end, to be shown again anywhere as the room saw it.
//!
//! A file of JSON lines, compressed by gzip(1) or not. The first line is the [`Header`]: lessons, slides and all else that
//! the talk began with. Then one event a line, with the milliseconds since the session began, and of each look only what
//! differs from the look before; then how many there were, which a run that was killed cannot say any more:
//!
//! ```text
//! {"schema":1,"unha":"0.1.0","made":{…},"began":1764089000,"talk":{"lessons":[…],"slides":[…],…}}
//! {"t":0,"event":{"tick":0}}
//! {"t":0,"event":{"action":"start"}}
//! {"t":310,"look":{"inside":{"hostname":{"value":"box"}}}}
//! {"end":3}
//! ```
//!
//! The same events give the same talk, ticks included. A tape is data and nothing else, as a
//! [recording](super::recording) of one lesson is: no effect of it is carried out.

mod look;
mod opening;
mod read;
mod reel;
mod write;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::recording::Made;

pub use look::Change;
pub use opening::{Beginning, Opening};
pub use read::read;
pub use reel::Reel;
pub use write::Writer;

/// The most bytes of a tape, uncompressed. A talk of forty minutes has some four million.
const BYTES: usize = 128 << 20;
/// The most events.
const EVENTS: usize = 1_000_000;
/// The largest shells on a tape: columns, rows. A size that comes from a file could take all the memory.
const LARGEST: (u16, u16) = (1000, 500);

/// How a tape begins: where it was made, and what the talk began with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the format: [`SCHEMA`](super::recording::SCHEMA).
    pub schema: u32,
    /// The version of unha that made it.
    pub unha: String,
    /// Where and when.
    pub made: Made,
    /// When the talk began, in seconds since 1970.
    pub began: u64,
    /// What it began with.
    pub talk: Beginning,
}

/// Something that the talk was told.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// This event.
    Event(Event),
    /// A look that differs from the one before in this.
    Look(Change),
}

/// Something that the talk was told, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Milliseconds since the session began.
    pub t: u64,
    /// What it was told.
    pub told: Told,
}

/// A tape that was read.
#[derive(Debug, Clone)]
pub struct Tape {
    /// Where and when it was made.
    pub made: Made,
    /// When it began, in seconds since 1970, where that is known.
    pub began: Option<u64>,
    /// What the talk began with.
    pub opening: Opening,
    /// What it was told.
    pub moments: Vec<Moment>,
    /// The moments at which another point, step or page stands open.
    pub stops: Vec<usize>,
    /// What comes from here on is not shown.
    pub end: usize,
    /// Whether the file stops without its end: the run was killed, or the disk was full.
    pub cut: bool,
}

/// A look that comes later than this after a stop, in milliseconds, is not waited for.
const SETTLES: u64 = 1500;

impl Tape {
    /// The moment after the first look at what a stop shows, so that nobody stands there before its facts were read; the
    /// stop itself where nobody looked soon.
    #[must_use]
    pub fn settled(&self, stop: usize) -> usize {
        let next = self.stops.iter().copied().find(|other| *other > stop).unwrap_or(self.end).min(self.end);
        let shown = self.moments.get(stop..next).unwrap_or_default();
        let Some(began) = shown.first().map(|moment| moment.t) else { return stop };
        let acts = |moment: &Moment| matches!(moment.told, Told::Event(Event::Action(_)));
        let mut soon = shown.iter().take_while(|moment| moment.t < began + SETTLES && !acts(moment));
        soon.position(|moment| matches!(moment.told, Told::Look(_))).map_or(stop, |after| stop + after + 1)
    }

    /// How long it is, in milliseconds.
    #[must_use]
    pub fn length(&self) -> u64 {
        let first = self.moments.first().map_or(0, |moment| moment.t);
        self.moments[..self.end].last().map_or(0, |moment| moment.t - first)
    }
}
