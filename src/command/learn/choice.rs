//! What the command line chose: the course, the talk or the lines, and how they look.
//!
//! clap has read it by then (see `args.rs`); here it is what the course is begun with.

use std::ffi::OsString;
use std::path::PathBuf;

use super::plain::Plain;
use crate::command::tape;
use crate::course::talk::Route;
use crate::course::text::Lang;
use crate::screen;

/// What the command line chose.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub lessons: Option<PathBuf>,
    pub route: Option<Route>,
    /// Whether `--lang` was given: then it wins over the language of last time.
    pub lang: Option<Lang>,
    pub theme: Option<String>,
    /// The lesson to begin with, or a step of it.
    pub lesson: Option<String>,
    /// The root file system of the boxes, if not the built-in one.
    pub rootfs: Option<OsString>,
    /// Set where it is told as lines of text.
    pub plain: Option<Plain>,
    /// Whether this very machine is to be the outside.
    pub host: bool,
    /// Whether lessons that are not unha's own are run without asking.
    pub trust: bool,
    /// Set where the talk is given with slides.
    pub stage: Option<Stage>,
    /// Set where all of it is to be kept in a file.
    pub record: Option<tape::Wish>,
}

/// What the command line chose for a stage.
#[derive(Debug, Clone, Default)]
pub struct Stage {
    /// An author's own deck.
    pub deck: Option<PathBuf>,
    /// Whether what each slide and step takes is to be kept.
    pub rehearse: bool,
}

impl Stage {
    /// The file of progress beside the course's own.
    pub(super) const fn progress(&self) -> &'static str {
        if self.rehearse { "rehearsing.json" } else { "present.json" }
    }
}

/// What `--theme` asks for.
pub fn wish(theme: Option<&str>) -> anyhow::Result<screen::Wish> {
    let mut wish = screen::Wish::default();
    match theme {
        None => {}
        Some("dark") => wish.theme = Some(screen::Theme::Dark),
        Some("light") => wish.theme = Some(screen::Theme::Light),
        Some("contrast") => wish.contrast = true,
        Some("16") => wish.colours = Some(screen::Colours::Sixteen),
        Some("none") => wish.colours = Some(screen::Colours::None),
        Some(other) => anyhow::bail!("--theme {other}: dark, light, contrast, 16, none"),
    }
    Ok(wish)
}
