//! `unha rootfs rm NAME...`, and the removal of what an import that was killed has left.
//!
//! A user's files may belong to ids of their range there: only who is root over these can remove them. So a child in a
//! namespace does it.

use std::ffi::OsString;
use std::path::PathBuf;

use nix::sys::wait::{WaitStatus, waitpid};

use super::{BUILT_IN, Ids, Refusal, Theirs, failed, misused, shelf};
use crate::command::words;
use crate::course::text::Lang;
use crate::image::ImageError;
use crate::image::shelf::{Aside, Shelf, ShelfError, remove_tree};
use crate::kernel::owners;

pub(super) fn run(names: &[OsString], lang: Lang) -> Result<(), Refusal> {
    if names.is_empty() {
        return Err(misused(words::no_name("rm", lang)));
    }
    let shelf = shelf().map_err(|why| failed(words::image(&why, lang)))?;
    let ids = Ids::find();
    // Of several none goes while one of the names is a slip.
    let known = shelf.names();
    for name in names {
        let name = name.to_string_lossy();
        if let Some((why, code)) = refused(&name, &shelf, &known, lang) {
            let all_stay = if names.len() > 1 { format!("\n  {}", words::all_stay(lang)) } else { String::new() };
            return Err((why + &all_stay, code));
        }
    }
    for name in names {
        let name = name.to_string_lossy();
        let aside = shelf.take(&name).map_err(|why| unknown(&why, &shelf, lang))?;
        away(aside, &ids, lang).map_err(failed)?;
        println!("{}", words::removed(&name, lang));
    }
    Ok(())
}

/// Why a name is none of those that can be removed.
fn refused(name: &str, shelf: &Shelf, known: &[String], lang: Lang) -> Option<Refusal> {
    if name == BUILT_IN {
        return Some(misused(words::not_the_built_in(false, lang)));
    }
    if known.iter().any(|one| one == name) {
        return None;
    }
    let theirs = Theirs::find().filter(|theirs| theirs.has(name));
    let not_there = || unknown(&ShelfError::Unknown(name.to_owned()), shelf, lang);
    Some(theirs.map_or_else(not_there, |theirs| failed(theirs.stays(name, lang))))
}

/// Why a name cannot be had, with the nearest one that can.
pub(super) fn unknown(why: &ShelfError, shelf: &Shelf, lang: Lang) -> Refusal {
    match why {
        ShelfError::Unknown(name) => failed(match Theirs::find().filter(|theirs| theirs.has(name)) {
            Some(theirs) => theirs.named(name, lang),
            None => words::unknown_name(name, &shelf.names(), lang),
        }),
        why => failed(words::shelf(why, lang)),
    }
}

/// Removes what has no name.
pub(super) fn away(aside: Aside, ids: &Ids, lang: Lang) -> Result<(), String> {
    let folder = aside.folder().to_owned();
    let said = |why: &ImageError| words::image(why, lang);
    // With no more rights than our own that is no child's work.
    if ids.range().is_none() {
        return aside.remove().map_err(|why| said(&why));
    }
    let child = owners::child(ids.range(), |entered| {
        let entered = matches!(entered, Ok(Ok(())));
        i32::from(!(entered && remove_tree(&folder).is_ok()))
    });
    let child = child.map_err(|why| words::failure(&why, lang))?;
    if waitpid(child, None) == Ok(WaitStatus::Exited(child, 0)) {
        aside.settled();
        return Ok(());
    }
    // Without a namespace: as far as it goes, and what it failed for.
    aside.remove().map_err(|why| said(&why))
}

/// Removes what imports and removals of this user's that were killed have left; with `look_only`, only finds it.
pub fn sweep(look_only: bool, lang: Lang) -> (Vec<PathBuf>, Vec<String>) {
    let Ok(shelf) = shelf() else { return (vec![], vec![]) };
    let left = shelf.left(look_only);
    if left.is_empty() {
        return (vec![], vec![]);
    }
    let ids = Ids::find();
    let (mut found, mut failed) = (vec![], vec![]);
    for aside in left {
        found.push(aside.folder().to_owned());
        if !look_only && let Err(why) = away(aside, &ids, lang) {
            failed.push(why);
        }
    }
    (found, failed)
}
