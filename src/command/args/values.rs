//! What an option takes, read from the word behind it; what else it could have been is the error.

use super::New;
use crate::course::talk::Route;
use crate::course::text::Lang;
use crate::kernel::feature::Feature;
use crate::screen::SMALLEST;

pub(super) fn new(what: &str) -> Result<New, &'static str> {
    match what {
        "deck" => Ok(New::Deck),
        "lesson" => Ok(New::Lesson),
        _ => Err("deck, lesson"),
    }
}

pub(super) fn feature(name: &str) -> Result<Feature, String> {
    name.parse().map_err(|()| FEATURES.join(", "))
}

/// What `unha play` takes.
pub const FEATURES: [&str; Feature::ALL.len()] = {
    let mut names = [""; Feature::ALL.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = Feature::ALL[at].name();
        at += 1;
    }
    names
};

pub(super) fn lang(tag: &str) -> Result<Lang, &'static str> {
    tag.parse().map_err(|()| "pt-BR, en")
}

pub(super) fn route(name: &str) -> Result<Route, &'static str> {
    match name {
        "full" => Ok(Route::Full),
        "short" => Ok(Route::Short),
        _ => Err("full, short"),
    }
}

/// A speed in percent.
pub(super) fn speed(text: &str) -> Result<u32, &'static str> {
    let speed: f64 = text.parse().map_err(|_| "0.1 … 20")?;
    if !(0.1..=20.0).contains(&speed) {
        return Err("0.1 … 20");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 10 and 2000")]
    Ok((speed * 100.0).round() as u32)
}

pub(super) fn format(name: &str) -> Result<String, &'static str> {
    if name == "html" { Ok(name.to_owned()) } else { Err("html, oci, shell, docker, podman, bwrap") }
}

/// Columns and rows, from the smallest screen that the talk is shown on to one that nobody has.
pub(super) fn screen_size(text: &str) -> Result<(u16, u16), &'static str> {
    let (columns, rows) = text.split_once(['x', 'X', '×']).ok_or("80x24")?;
    let number = |text: &str| text.parse::<u16>().map_err(|_| "80x24");
    let (columns, rows) = (number(columns)?, number(rows)?);
    let fits = (SMALLEST.0..=500).contains(&columns) && (SMALLEST.1..=200).contains(&rows);
    fits.then_some((columns, rows)).ok_or("60x18 … 500x200")
}

/// What `--theme` takes.
pub const THEMES: [&str; 5] = ["dark", "light", "contrast", "16", "none"];

pub(super) fn theme(name: &str) -> Result<String, &'static str> {
    if THEMES.contains(&name) { Ok(name.to_owned()) } else { Err("dark, light, contrast, 16, none") }
}
