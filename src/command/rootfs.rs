//! Root file systems: the one that `--rootfs NAME|DIR` means, and `unha rootfs`, which keeps those that have a name.
//!
//! Those with a name are the user's own; `unha` is the built-in one, whoever asks.

mod import;
mod list;
mod piped;
mod progress;
mod remove;
mod show;
mod signals;
mod theirs;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{self, Deed};
use super::{MISUSED, words};
use crate::course::text::Lang;
use crate::image::archive::Config;
use crate::image::shelf::{Held, Shelf, ShelfError, data_dir};
use crate::image::{self, Image, ImageError};
use crate::kernel::owners::{self, NoRange, Range};

pub use self::remove::sweep;
pub use self::theirs::Theirs;

/// The name of the built-in root file system.
pub const BUILT_IN: &str = "unha";

/// Where commands are looked up in a root of its own.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A root file system that is ready to be used.
#[derive(Default)]
pub struct Root {
    /// Its folder.
    pub dir: PathBuf,
    /// Its layers one by one, the lowest first; none where it came as one.
    pub layers: Vec<PathBuf>,
    /// What an image says of how it is started; empty for others.
    pub config: Config,
    /// Whether files belong to many, as in the source, and so are to be seen with a range of ids.
    pub owners_kept: bool,
    /// The programs that this machine could not give to the built-in one.
    pub missing: Vec<String>,
    /// Keeps the built-in one from being removed meanwhile.
    _image: Option<Image>,
    /// Or the one with a name.
    _held: Option<Held>,
}

#[cfg(test)]
impl Root {
    /// One of an image that wants to be started so.
    pub fn of(config: Config) -> Self {
        Self { config, ..Self::default() }
    }
}

/// Why there is none.
pub enum Unusable {
    /// The image says why.
    Image(ImageError),
    /// No root file system has that name; those that there are.
    Name(String, Vec<String>),
    /// None of root's has it, but one of whoever called sudo.
    Theirs(String, Theirs),
}

impl From<ImageError> for Unusable {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}

/// The root file system that `name` means: the built-in one or one of the shelf by its name, else a folder.
pub fn find(name: &OsStr) -> Result<Root, Unusable> {
    if name == BUILT_IN {
        return Ok(built_in()?);
    }
    let dir = Path::new(name);
    let as_name = name.to_str().filter(|name| !name.contains('/'));
    if let Some(held) = as_name.and_then(|name| held(name).transpose()) {
        let held = held?;
        return Ok(Root {
            dir: held.root.clone(),
            layers: held.layers.clone(),
            config: held.label.config.clone(),
            owners_kept: held.label.owners_kept,
            _held: Some(held),
            ..Root::default()
        });
    }
    if !name.as_encoded_bytes().contains(&b'/') && !dir.exists() {
        let name = name.to_string_lossy().into_owned();
        return Err(match Theirs::find().filter(|theirs| theirs.has(&name)) {
            Some(theirs) => Unusable::Theirs(name, theirs),
            None => Unusable::Name(name, names()),
        });
    }
    image::check_dir(dir)?;
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    Ok(Root { dir, ..Root::default() })
}

/// The folders that a root has not got, of those in which every root has something mounted.
pub fn missing_in(root: &Path) -> Vec<&'static str> {
    ["proc", "sys", "dev"].into_iter().filter(|name| !root.join(name).is_dir()).collect()
}

/// The one of the shelf with that name.
fn held(name: &str) -> Result<Option<Held>, ImageError> {
    let Ok(shelf) = shelf() else { return Ok(None) };
    match shelf.hold(name) {
        Ok(held) => Ok(Some(held)),
        Err(ShelfError::Image(why)) => Err(why),
        Err(_) => Ok(None),
    }
}

/// All names that can be given, the built-in one first.
pub fn names() -> Vec<String> {
    let named = shelf().map(|shelf| shelf.names()).unwrap_or_default();
    std::iter::once(BUILT_IN.to_owned()).chain(named).collect()
}

/// The same for a course: the one that its boxes have first, the others behind it.
pub fn offered(used: Option<&OsStr>) -> Vec<String> {
    let used = used.map_or_else(|| BUILT_IN.to_owned(), |name| name.to_string_lossy().into_owned());
    let others = names().into_iter().filter(|name| *name != used).collect::<Vec<_>>();
    std::iter::once(used.clone()).chain(others).collect()
}

/// The built-in root file system, built if it is not there yet.
pub fn built_in() -> Result<Root, ImageError> {
    let cache = image::cache_dir(&|name| std::env::var_os(name))?;
    let image = image::ensure(&cache)?;
    let missing = image.missing.iter().map(|missing| missing.name.clone()).collect();
    Ok(Root { dir: image.path.clone(), missing, _image: Some(image), ..Root::default() })
}

/// Whose ids files of a shelf may belong to.
pub enum Ids {
    /// To any: we are root.
    All,
    /// To the user's own and a range.
    Range(Range),
    /// To the user alone, and why.
    Single(NoRange),
}

impl Ids {
    /// What can be had here.
    pub fn find() -> Self {
        if nix::unistd::geteuid().is_root() {
            return Self::All;
        }
        owners::given().map_or_else(Self::Single, Self::Range)
    }

    /// The range, if there is one.
    pub const fn range(&self) -> Option<Range> {
        match self {
            Self::Range(range) => Some(*range),
            Self::All | Self::Single(_) => None,
        }
    }
}

fn shelf() -> Result<Shelf, ImageError> {
    data_dir(&|name| std::env::var_os(name)).map(|dir| Shelf::at(&dir))
}

/// Why it did not come to what was asked for, and the exit code.
type Refusal = (String, ExitCode);

fn misused(why: String) -> Refusal {
    (why, ExitCode::from(MISUSED))
}

fn failed(why: String) -> Refusal {
    (why, ExitCode::FAILURE)
}

/// `unha rootfs`: does what is asked for.
pub fn run(options: &args::Rootfs, lang: Lang) -> ExitCode {
    let done = match options.what.unwrap_or(Deed::List) {
        Deed::List => none(&options.words, "list", lang).and_then(|()| list::run(options.json, lang)),
        Deed::Build => none(&options.words, "build", lang).and_then(|()| list::build(lang)),
        Deed::Import => import::run(options, lang),
        Deed::Show => show::run(options, lang),
        Deed::Remove => remove::run(&options.words, lang),
    };
    done.map_or_else(
        |(why, code)| {
            words::complain(&why);
            code
        },
        |()| ExitCode::SUCCESS,
    )
}

/// Words where none are expected are a mistake.
fn none(rest: &[OsString], deed: &str, lang: Lang) -> Result<(), Refusal> {
    rest.first().map_or(Ok(()), |word| Err(misused(words::one_too_many(word, deed, lang))))
}
