//! What is kept in a file between two runs: how it is told from one that is damaged, or of a newer program.
//!
//! Every such file is JSON and begins with its format's version. No file is opened here: text goes out, bytes come in.

use serde::Deserialize;

/// Why a file that is kept is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Senseless {
    /// It is no such file as this program writes: where its sense ends, if that can be told (line and column from 1).
    #[error("makes no sense{}", place.map_or_else(String::new, |(line, column)| format!(" at line {line}, column {column}")))]
    Broken {
        /// Line and column.
        place: Option<(usize, usize)>,
    },
    /// It can be read, but it is not what was written: its sum is another.
    #[error("is not as it was written: the sum is another")]
    Changed,
    /// A newer program has written it: the version of its format.
    #[error("schema {0}, of a newer unha")]
    Newer(u32),
}

impl From<serde_json::Error> for Senseless {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken { place: (error.line() > 0).then(|| (error.line(), error.column())) }
    }
}

/// Something that is kept.
pub trait Kept: Sized {
    /// Understands a file's bytes, of this version of the format or an older one.
    ///
    /// # Errors
    /// Why they are not understood.
    fn read(bytes: &[u8]) -> Result<Self, Senseless>;

    /// The file's text.
    ///
    /// # Errors
    /// What cannot stand in JSON.
    fn text(&self) -> Result<String, serde_json::Error>;
}

/// How every file that is kept begins.
#[derive(Deserialize)]
struct Schema {
    #[serde(default)]
    schema: u32,
}

/// The version of the format that these bytes are in.
///
/// # Errors
/// That they are no JSON, or of a newer version than `newest`.
pub fn schema(bytes: &[u8], newest: u32) -> Result<u32, Senseless> {
    let Schema { schema } = serde_json::from_slice(bytes)?;
    if schema > newest { Err(Senseless::Newer(schema)) } else { Ok(schema) }
}
