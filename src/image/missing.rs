//! What the machine could not give to the built-in root, and why.
//!
//! Nothing is left out silently: the learner reads on the first screen that, say, `ping` is not there,
//! rather than meet "not found" in the middle of a lesson.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One thing of the recipe that the built root has not got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The tool's name, or the terminal's.
    pub name: String,
    /// Why it was left out.
    pub why: Lack,
}

/// Why a thing was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lack {
    /// No program of that name in the usual folders.
    NotThere,
    /// We may not read it (some systems keep setuid programs so).
    Unreadable,
    /// It is a script, and what interprets it is not in the root.
    Script(PathBuf),
    /// It is neither an ELF program nor a script.
    NoProgram,
    /// A shared object it cannot start without is nowhere to be found.
    Object(String),
    /// The machine knows no terminal of that name.
    NoTerminal,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.name)?;
        match &self.why {
            Lack::NotThere => f.write_str("(not installed)"),
            Lack::Unreadable => f.write_str("(not readable)"),
            Lack::Script(interpreter) => write!(f, "(a script for {})", interpreter.display()),
            Lack::NoProgram => f.write_str("(not a program)"),
            Lack::Object(name) => write!(f, "(needs {name}, which is not there)"),
            Lack::NoTerminal => f.write_str("(no terminfo)"),
        }
    }
}
