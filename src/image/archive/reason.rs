//! The reasons for which a source is refused, each told apart so that it can be said in any language.
//!
//! tar(5) and the image specifications say what an archive may hold; what is here is what some hold nevertheless.

use std::fmt;

use super::error::{bytes, shown};

/// What the first bytes of a file that is no archive look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// Nothing is in it.
    Nothing,
    /// Text, or anything else that is not known here.
    Other,
    /// A pipe, a socket or a device.
    NoFile,
    /// A format with a name, that is not read here.
    Format(&'static str),
}

impl fmt::Display for Looks {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => to.write_str("it is empty"),
            Self::Other => to.write_str("its content is no tar"),
            Self::NoFile => to.write_str("it is a pipe, a socket or a device"),
            Self::Format(name) => write!(to, "its format is {name}"),
        }
    }
}

/// In which way an archive is damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// It ends before its end.
    #[error("it breaks off")]
    Truncated,
    /// A header of tar(5) whose checksum is wrong, or that is none.
    #[error("what should be the header of an entry is none, {0} bytes into the tar")]
    Header(u64),
    /// A number in a header that is none, or that nothing can have.
    #[error("the entry \"{}\" has an impossible {field}", shown(.entry))]
    Number {
        /// The entry.
        entry: Vec<u8>,
        /// Which number.
        field: Field,
    },
    /// A header of pax(1) that does not read as one.
    #[error("the extended header of an entry cannot be read")]
    Extended,
    /// The decompressor says so.
    #[error("it cannot be decompressed ({0})")]
    Compressed(String),
    /// A file of JSON is none, or not the one that it should be.
    #[error("it is not the JSON that it should be ({0})")]
    Json(String),
}

/// A number in an entry's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Its size.
    Size,
    /// Its owner or group.
    Owner,
    /// Its permission bits.
    Mode,
    /// The time of its last change.
    Time,
    /// The numbers of a device.
    Device,
    /// The map of a sparse file.
    Sparse,
}

impl fmt::Display for Field {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Size => "size",
            Self::Owner => "owner",
            Self::Mode => "mode",
            Self::Time => "time",
            Self::Device => "device number",
            Self::Sparse => "map of its holes",
        })
    }
}

/// What an entry asks for that no honest archive does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// `..` in its name.
    #[error("its name leads up with `..`")]
    Up,
    /// `..` in the name of what it is a hard link to.
    #[error("it is a hard link to \"{}\", which leads up with `..`", shown(.0))]
    LinkUp(Vec<u8>),
    /// A hard link to what is not there.
    #[error("it is a hard link to \"{}\", and that is not in the archive before it", shown(.0))]
    LinkLacks(Vec<u8>),
    /// A hard link to a folder.
    #[error("it is a hard link to \"{}\", which is a folder", shown(.0))]
    LinkFolder(Vec<u8>),
    /// A NUL in a name.
    #[error("there is a NUL in its name")]
    Nul,
    /// No name, or no target.
    #[error("it has no name, or leads to nothing")]
    Nameless,
    /// A name longer than the kernel takes.
    #[error("a name in it is longer than the kernel takes")]
    LongName,
    /// Symbolic links that lead in a circle.
    #[error("the way to it is a circle of symbolic links")]
    Circle,
    /// A whiteout that names nothing, itself or the folder above.
    #[error("it is a whiteout of nothing, of `.` or of `..`")]
    Whiteout,
    /// The top of the tree is to be something else than a folder.
    #[error("it would make the top of the tree something else than a folder")]
    Top,
}

/// A limit that would be passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Bound {
    /// All content together.
    #[error("its content is more than {} in all", bytes(*.0))]
    Bytes(u64),
    /// How many entries.
    #[error("it has more than {0} entries")]
    Entries(u64),
    /// How deep its folders are.
    #[error("its folders are more than {0} deep")]
    Depth(u64),
    /// How long a path is.
    #[error("a path in it is longer than {0} bytes")]
    Path(u64),
    /// How large an extended header or a file of JSON is.
    #[error("it describes itself with more than {}", bytes(*.0))]
    Header(u64),
    /// How many layers, or images in an index.
    #[error("it has more than {0} layers or images")]
    Layers(u64),
}
