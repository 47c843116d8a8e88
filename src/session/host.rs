//! The machine itself as the outside: what the course does to it is written down before, and undone when the outside
//! is made anew. `unha --host`.
//!
//! The learner sees that Back and the next lesson find the machine as it was, and at the end a list of what is not.

use std::fs;
use std::path::PathBuf;

use crate::course::event::{Cause, Effect, Failure};
use crate::kernel::host::{Change, Notes};
use crate::kernel::probe::Proc;
use crate::kernel::record::{self, Host as Written, Record};

/// The machine as the outside of this run.
#[derive(Debug)]
pub struct Host {
    record: Record,
    proc: Proc,
    written: Written,
    /// For each step that makes files outside, their paths; folders before what is in them.
    makes: Vec<Vec<PathBuf>>,
}

impl Host {
    /// Looks at the machine and writes down what it is like.
    ///
    /// # Errors
    /// What could not be read or written; then the machine must not be the outside.
    pub fn take(makes: Vec<Vec<PathBuf>>) -> std::io::Result<Self> {
        let proc = Proc::open("/proc").map_err(std::io::Error::other)?;
        let notes = Notes::take(&proc).map_err(std::io::Error::other)?;
        let mut record = Record::open(&record::folder())?;
        let written = Written { notes, ..Written::default() };
        record.will_change(&written)?;
        Ok(Self { record, proc, written, makes })
    }

    /// Writes down what an effect will do to the machine: a line that is typed, and the files that it makes. Returns why
    /// it must not be done, if so: a file that it would write to is somebody's, or it could not be written down.
    pub(super) fn will_carry_out(&mut self, effect: &Effect) -> Option<Failure> {
        match effect {
            Effect::Type(_, line) | Effect::TypeGuarded(_, line, ..) | Effect::Prefill(_, line) => self.will_type(line),
            _ => None,
        }
    }

    fn will_type(&mut self, line: &str) -> Option<Failure> {
        let deeds = &mut self.written.deeds;
        let named = |path: &PathBuf| path.to_str().is_some_and(|path| line.contains(path));
        for path in self.makes.iter().filter(|paths| paths.iter().any(named)).flatten() {
            if deeds.made.contains(path) {
                continue;
            }
            if fs::symlink_metadata(path).is_ok() {
                return Some(failure(Cause::InTheWay, "", path.display().to_string()));
            }
            deeds.made.push(path.clone());
        }
        if !deeds.typed.iter().any(|typed| typed == line) {
            deeds.typed.push(line.to_owned());
        }
        let written = self.record.will_change(&self.written);
        written.err().map(|error| failure(Cause::Other, &error.to_string(), String::new()))
    }

    /// Undoes what the course itself has done, and says what that was. What cannot be undone yet stays in the list.
    pub(super) fn put_back(&mut self) -> Vec<Change> {
        let ours: Vec<Change> = self.difference().into_iter().filter(|change| self.written.deeds.did(change)).collect();
        let undone = ours.into_iter().filter(|change| change.undo().is_ok()).collect();
        // A file that is gone is nobody's again: the next that is there is not ours.
        self.written.deeds.made.retain(|path| fs::symlink_metadata(path).is_ok());
        let _ = self.record.will_change(&self.written);
        undone
    }

    /// What is different on the machine since the start.
    #[must_use]
    pub fn difference(&self) -> Vec<Change> {
        // What cannot be looked at can still be asked for when `unha clean` finds the record.
        Notes::take(&self.proc).map_or_else(|_| vec![], |now| self.written.notes.until(&now, &self.written.deeds))
    }

    /// The line of the course that did this, if one did.
    #[must_use]
    pub fn line_of(&self, change: &Change) -> Option<&str> {
        self.written.deeds.line_of(change)
    }

    /// Everything that is different has been decided on: the record goes.
    pub fn settled(self) {
        self.record.settled();
    }
}

fn failure(cause: Cause, message: &str, seen: String) -> Failure {
    let seen = Some(seen).filter(|seen| !seen.is_empty()).into_iter().collect();
    Failure { call: None, before: vec![], message: message.to_owned(), seen, cause }
}
