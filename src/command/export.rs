//! `unha export html FILE`: the talk to take home, one page that needs nothing else.
//!
//! The lessons are walked on real boxes, as fast as the kernel allows; the page is written whole or not at all.

mod equivalent;
mod file;
mod walk;

use std::path::Path;
use std::process::ExitCode;

pub use self::equivalent::Asked;
pub use self::file::Target;
use self::walk::Walk;
use super::args::Export;
use super::{MISUSED, lessons, slides, trust, words};
use crate::course::talk::Route;
use crate::course::text::Lang;
use crate::handout::{self, Handout};
use crate::kernel::container;

/// Walks the talk and writes the page.
pub fn run(options: &Export, folder: Option<&Path>, route: Route, lang: Lang) -> ExitCode {
    match export(options, folder, route, lang) {
        Ok(()) => ExitCode::SUCCESS,
        Err((why, code)) => {
            words::complain(&why);
            code
        }
    }
}

/// What went wrong, and how the program ends.
type Failed = (String, ExitCode);

fn export(options: &Export, folder: Option<&Path>, route: Route, lang: Lang) -> Result<(), Failed> {
    let misused = |why| (why, ExitCode::from(MISUSED));
    let loaded = lessons::load(folder, &[], lang).map_err(misused)?;
    if !options.recorded {
        trust::agreed(&loaded, options.trust, lang).map_err(misused)?;
    }
    let (deck, _) = slides::load(options.deck.as_deref(), &loaded.lessons, lang).map_err(misused)?;
    // What would fail at the end fails at the beginning.
    let target = Target::of(&options.file, options.force);
    target.check(lang).map_err(misused)?;
    let walk = Walk { lessons: &loaded.lessons, deck: &deck, route, lang };
    let found = if options.recorded { walk.recorded() } else { walk.on_boxes() };
    let handout = Handout {
        lang,
        route,
        made: found.made,
        version: env!("CARGO_PKG_VERSION"),
        deck: &deck,
        live: found.live,
        lessons: found.lessons,
        source: &container::source,
    };
    let page = handout::html(&handout);
    target.write(page.as_bytes(), lang).map_err(|why| (why, ExitCode::FAILURE))?;
    eprintln!("{}", words::steps_told(handout.counts(), lang));
    if let Target::File(path, _) = &target {
        println!("{}", words::exported(path, page.len()));
    }
    Ok(())
}
