//! Why a source was not imported: what is wrong, in which entry or part of it, and what to do next.
//!
//! An archive comes from anywhere, so its words are quoted with what would harm a terminal escaped. `Display` is
//! the English of it; the edge says the same in the learner's language, from the same parts.

use std::io;
use std::path::{Path, PathBuf};

use super::super::error::said;
use super::reason::{Bound, Damage, Looks, Refusal};

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing is there under that name.
    #[error("{0:?} does not exist; give a folder, a tar, an OCI layout or what `docker save` wrote")]
    NotThere(PathBuf),
    /// The kernel refused a system call.
    #[error("{call}({path:?}) = {}", said(.why))]
    Call {
        /// The call's name in section 2 of the manual.
        call: &'static str,
        /// What it was asked to work on.
        path: PathBuf,
        /// What came back.
        why: io::Error,
    },
    /// It is neither a folder nor an archive that is known here.
    #[error(
        "{path:?} is no archive of a root file system: {looks}; give a folder, a tar, an OCI layout or what `docker save` wrote"
    )]
    Unknown {
        /// The file.
        path: PathBuf,
        /// What its first bytes look like.
        looks: Looks,
    },
    /// There is nothing in it.
    #[error("{0:?} holds no file at all; is it the right one?")]
    Empty(PathBuf),
    /// It breaks off, or is not what its format says.
    #[error("{part} is damaged: {why}; fetch or make it anew")]
    Damaged {
        /// The archive, or the layer or file in it.
        part: String,
        /// In which way.
        why: Damage,
    },
    /// One entry asks for what no honest archive asks for.
    #[error("refused because of the entry \"{}\": {why}; nothing was imported", shown(.entry))]
    Refused {
        /// The entry's name, as it stands in the archive.
        entry: Vec<u8>,
        /// What it asks for.
        why: Refusal,
    },
    /// It would be larger than a limit allows: an honest mistake, or a bomb.
    #[error("refused at the entry \"{}\": {bound}; nothing was imported", shown(.entry))]
    TooMuch {
        /// The entry at which it was noticed.
        entry: Vec<u8>,
        /// Which limit.
        bound: Bound,
    },
    /// The disk is full, or would be.
    #[error("no space left for \"{}\": {} are free{}; make room, or set XDG_DATA_HOME to a larger disk", shown(.entry), bytes(*.free), needed(*.needs))]
    NoSpace {
        /// The entry that no longer fits.
        entry: Vec<u8>,
        /// How many bytes are free where it is unpacked.
        free: u64,
        /// How many it takes, where that is known beforehand.
        needs: Option<u64>,
    },
    /// Several images fit, or none does.
    #[error("{}", choose(.path, .wanted.as_deref(), .machine, .choices))]
    Choose {
        /// The layout or archive.
        path: PathBuf,
        /// What was asked for after the colon.
        wanted: Option<String>,
        /// What this machine runs, as `linux/amd64`.
        machine: String,
        /// What can be given after the colon.
        choices: Vec<String>,
    },
    /// The content is not what its digest says.
    #[error("{part} is not what the image says it is: sha256 {is}, and it should be {said}; fetch it anew")]
    Digest {
        /// The blob.
        part: String,
        /// The digest that the image gives.
        said: String,
        /// The digest that it has.
        is: String,
    },
    /// The image names a part that is not there.
    #[error("the image names {0}, and it is not in it; it was not copied whole: fetch it anew")]
    Lacks(String),
    /// Somebody asked for an end, and there is nothing half-made.
    #[error("interrupted; nothing was imported")]
    Interrupted,
}

impl ImportError {
    /// For `map_err`: the call and what it worked on.
    pub(in crate::image) fn call(call: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |why| Self::Call { call, path, why }
    }
}

/// A name out of an archive, with what cannot be seen or would harm a terminal escaped.
#[must_use]
pub fn shown(name: &[u8]) -> String {
    const LONGEST: usize = 200;
    let mut text: String = name
        .utf8_chunks()
        .map(|chunk| {
            let valid: String = chunk.valid().chars().map(escaped).collect();
            chunk.invalid().iter().fold(valid, |text, byte| text + &format!("\\x{byte:02x}"))
        })
        .collect();
    if let Some((cut, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

fn escaped(char: char) -> String {
    // Those that turn the direction of the text make a name look like another one.
    let turns = matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if char.is_control() || turns || char == '"' || char == '\\' {
        char.escape_default().to_string()
    } else {
        char.to_string()
    }
}

/// `120.5 MB`, in the units of those who sell disks and of df -H.
#[must_use]
pub fn bytes(count: u64) -> String {
    let mut whole = count;
    let mut tenth = 0;
    for unit in ["bytes", "kB", "MB", "GB", "TB", "PB"] {
        if whole < 1000 {
            return if tenth == 0 { format!("{whole} {unit}") } else { format!("{whole}.{tenth} {unit}") };
        }
        tenth = whole % 1000 / 100;
        whole /= 1000;
    }
    format!("{whole} EB")
}

fn needed(needs: Option<u64>) -> String {
    needs.map_or_else(String::new, |needs| format!(", and it takes {}", bytes(needs)))
}

fn choose(path: &Path, wanted: Option<&str>, machine: &str, choices: &[String]) -> String {
    let path = path.display();
    let choices: Vec<String> = choices.iter().map(|choice| shown(choice.as_bytes())).collect();
    let (Some(first), listed) = (choices.first(), choices.join(", ")) else {
        return format!("{path} names no image at all");
    };
    match wanted {
        Some(wanted) => format!("{path} has no image {wanted:?}; it has {listed}; give one as {path}:{first}"),
        None if choices.len() == 1 => {
            format!(
                "{path} has no image for this machine, {machine}; it has {listed}; to have it anyway, give {path}:{first}"
            )
        }
        None => format!("{path} has several images: {listed}; give one as {path}:{first}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_harm_a_terminal() {
        assert_eq!(shown(b"bin/\x1b[2J"), "bin/\\u{1b}[2J");
        assert_eq!(shown(b"caf\xe9"), "caf\\xe9");
        assert_eq!(shown("gpj.\u{202e}txt".as_bytes()), "gpj.\\u{202e}txt");
        assert_eq!(shown("não".as_bytes()), "não");
        assert_eq!(shown(&[b'a'; 5000]).chars().count(), 201);
    }

    #[test]
    fn bytes_are_said_shortly() {
        for (count, said) in [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (16 << 30, "17.1 GB")] {
            assert_eq!(bytes(count), said);
        }
        assert_eq!(bytes(u64::MAX), "18 EB");
    }
}
