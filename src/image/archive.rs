//! What `unha rootfs import SOURCE` is given: found out by its content, never by its name.
//!
//! A folder; a tar, plain or compressed; an OCI image layout; what `docker save`, `podman save` or `crane pull` wrote.
//! Whatever it is, it comes down to layers, each a tar or a folder, to be unpacked one over the other: the learner sees
//! that an image is no more than that, and a few lines of JSON that say which program to start.

mod choice;
mod docker;
mod entry;
mod error;
mod folder;
mod keep;
mod look;
mod number;
mod oci;
mod pax;
mod reason;
mod seal;
mod sparse;
mod stream;
mod tar;
mod unzstd;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use docker::DIR;
pub(super) use entry::{Check, Content, Entries, Entry, What};
pub use error::{ImportError, bytes, shown};
pub(super) use folder::Walk;
pub(super) use keep::whole_file;
pub use look::lacks_all_of_a_root;
pub use reason::{Bound, Damage, Field, Looks, Refusal};
pub(super) use stream::Stream;
pub(super) use tar::Tar;

/// Something that a root file system can be made of.
#[derive(Debug)]
pub struct Source {
    /// The folder or file.
    pub path: PathBuf,
    /// What it is.
    pub kind: Kind,
    /// What it consists of, the lowest first. A folder and a tar have one.
    pub layers: Vec<Layer>,
    /// What an image says about how it is to be started; empty for a folder and a tar.
    pub config: Config,
    /// The image's name in the layout or archive, if it has one.
    pub tag: Option<String>,
}

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A folder that holds bin, etc, usr.
    Folder,
    /// A tar of such a folder.
    Tar,
    /// An OCI image layout, or a tar of one.
    Oci,
    /// What `docker save`, `podman save` or `crane pull` wrote.
    Docker,
}

/// One layer: a blob that is a tar, or a folder.
#[derive(Debug)]
pub struct Layer {
    /// How it is called in the image: a digest, or a file's name.
    pub name: String,
    /// How many bytes will be read of it, if that is known.
    pub size: Option<u64>,
    /// Where it lies and what its digest is.
    pub(super) content: Content,
}

/// How an image wants to be started. Serialises as it stands in the image's own JSON, in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// `NAME=value`.
    pub env: Vec<String>,
    /// A user and maybe a group: names or numbers, as in `USER`.
    pub user: String,
    /// Where it starts.
    pub workdir: String,
    /// The program and its first arguments.
    pub entrypoint: Vec<String>,
    /// More arguments, or the program if there is no entrypoint.
    pub cmd: Vec<String>,
}

impl Config {
    /// Takes out of the environment what is no variable: no shell could name it, and some take it for something else. Says
    /// how many entries that were.
    pub fn keep_variables(&mut self) -> u64 {
        let told = self.env.len();
        self.env.retain(|entry| is_variable(entry));
        (told - self.env.len()) as u64
    }
}

/// `NAME=value`. A value may have several lines, and whatever else execve(2) can hand over.
fn is_variable(entry: &str) -> bool {
    let Some((name, value)) = entry.split_once('=') else { return false };
    let within = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '-');
    name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && name.chars().all(within)
        && !value.contains('\0')
}

/// Which image of several is meant: what stands after the colon.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// A tag, a whole name, or the beginning of a digest.
    pub name: Option<String>,
    /// `linux/arm64`, `linux/arm/v7`.
    pub platform: Option<String>,
}

/// Finds out what `source` is and what it consists of. Where several images are in one, `PATH:TAG`,
/// `PATH:@PLATFORM` and `PATH:TAG@PLATFORM` choose.
///
/// # Errors
/// When it is nothing that can be imported, when it is damaged, and when there is a choice to make.
pub fn open(source: &Path) -> Result<Source, ImportError> {
    let (path, wanted) = choice::split(source);
    open_wanted(&path, &wanted)
}

/// [`open`] with what is wanted apart from the path.
///
/// # Errors
/// As [`open`].
pub fn open_wanted(path: &Path, wanted: &Wanted) -> Result<Source, ImportError> {
    look::look(path, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_variable_is_left_out_of_the_environment() {
        for (entry, stays) in [
            ("PATH=/bin", true),
            ("_a.b-c1=", true),
            ("KEY=one\ntwo\t= \u{1b}", true),
            ("NAME", false),
            ("=value", false),
            ("1A=value", false),
            ("A B=value", false),
            ("A\u{1b}[2J=value", false),
            ("A\nB=value", false),
            ("BASH_FUNC_ls%%=() { id; }", false),
            ("não=value", false),
            ("A=\0", false),
        ] {
            let mut config = Config { env: vec!["FIRST=1".to_owned(), entry.to_owned()], ..Config::default() };
            assert_eq!((config.keep_variables(), config.env.len()), if stays { (0, 2) } else { (1, 1) }, "{entry:?}");
        }
    }
}
