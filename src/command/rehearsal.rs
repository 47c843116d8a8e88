//! Rehearsals: read before a talk, which is planned by them, and kept and summed up after one (`present --rehearse`).

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{recall, words};
use crate::course::plan::{Account, PASSED_OVER, Plan, Rehearsal, Rehearsals, Rehearsed, clock_face};
use crate::course::talk::{Presenting, Talk};
use crate::course::text::Lang;
use crate::session::store;

/// The name of the deck that is part of the program; all others are named by their folder.
const EMBEDDED: &str = "embedded";

/// How many of the slides and steps that took longest are named.
const SLOWEST: usize = 5;

/// A deck's name among the rehearsals.
fn name(folder: Option<&Path>) -> String {
    let whole = |folder: &Path| fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    folder.map_or_else(|| EMBEDDED.to_owned(), |folder| whole(folder).display().to_string())
}

fn file() -> Option<PathBuf> {
    store::file().map(|file| file.with_file_name("rehearsals.json"))
}

/// The rehearsals of the deck of this folder, or of the embedded one. What cannot be read is said.
pub fn of(folder: Option<&Path>, lang: Lang) -> Rehearsed {
    let kept: Option<Rehearsals> = file().and_then(|file| recall(&file, lang));
    kept.and_then(|mut kept| kept.decks.remove(&name(folder))).unwrap_or_default()
}

/// What became of a rehearsal's times.
pub enum Kept {
    /// They are in this file.
    In(PathBuf),
    /// Nothing was rehearsed.
    Nothing,
    /// It was broken off: the plan stays as it was.
    BrokenOff,
}

/// Keeps what a talk took.
///
/// # Errors
/// What could not be read or written, in the talk's language.
pub fn keep(talk: &Talk, folder: Option<&Path>) -> Result<Kept, String> {
    let (Some(show), Some(plan)) = (&talk.presenting, talk.plan()) else { return Ok(Kept::Nothing) };
    let file = file().ok_or_else(|| words::homeless(talk.lang).to_owned())?;
    let kept = store::load::<Rehearsals>(&file).map_err(|why| words::unkept(&why, talk.lang))?;
    let mut kept = kept.unwrap_or_default();
    let of_deck = kept.decks.entry(name(folder)).or_default();
    let Some(rehearsal) = Rehearsal::of(&show.watch, super::today(), of_deck.on(talk.route)) else {
        return Ok(Kept::Nothing);
    };
    if Rehearsal::was_broken_off(&plan, &show.watch) {
        return Ok(Kept::BrokenOff);
    }
    of_deck.put(talk.route, rehearsal);
    store::save(&file, &kept).map_err(|error| words::not_kept(&file, &error, talk.lang))?;
    Ok(Kept::In(file))
}

/// Keeps what was rehearsed, and says what it took.
pub fn sum_up(talk: &Talk, folder: Option<&Path>) {
    let lang = talk.lang;
    let kept = match keep(talk, folder) {
        Ok(Kept::In(file)) => {
            let kept = lang.pick("The next talk is planned by these times", "A próxima palestra segue esses tempos");
            format!("{}\n{kept}: {}", summary(talk), file.display())
        }
        Ok(Kept::BrokenOff) => {
            let stays = lang.pick(
                "Less than half of the talk was gone through: the plan stays as it was.",
                "Passou-se por menos da metade da palestra: o plano fica como estava.",
            );
            format!("{}\n{stays}", summary(talk))
        }
        Ok(Kept::Nothing) => lang
            .pick(
                "Nothing was rehearsed: the clock starts with the first Next.",
                "Nada foi ensaiado: o relógio começa no primeiro avançar.",
            )
            .to_owned(),
        Err(why) => format!("{}\nunha: {why}", summary(talk)),
    };
    // The window may be closed already.
    let _ = writeln!(io::stdout(), "{kept}");
}

/// What a rehearsal took: the whole, each part, and what took longest.
fn summary(talk: &Talk) -> String {
    let (Some(show), Some(plan), Some(account)) = (&talk.presenting, talk.plan(), talk.account()) else {
        return String::new();
    };
    let lang = talk.lang;
    let mut said = whole(&account, lang);
    let (planned, took) = (lang.pick("planned", "previsto"), lang.pick("took", "levou"));
    let _ = writeln!(said, "\n{:<32}{planned:>9}{took:>9}", "");
    for part in account.parts.iter().filter(|part| part.planned + part.spent > 0) {
        // A lesson belongs to the chapter above it.
        let indent = if part.lesson.is_some() { "  " } else { "" };
        let (planned, title) = (clock_face(part.planned), format!("{indent}{}", part.title.get(lang)));
        let _ = match part.spent {
            0 => writeln!(said, "{title:<32}{planned:>9}{:>9}", "–"),
            spent => {
                let off = difference(spent, part.planned);
                writeln!(said, "{title:<32}{planned:>9}{:>9}{off:>9}", clock_face(spent))
            }
        };
    }
    said + &slowest(&plan, show, talk) + &missed(&plan, show, lang)
}

fn whole(account: &Account, lang: Lang) -> String {
    let (spent, planned) = (clock_face(account.spent), clock_face(account.planned));
    let basis = account.basis.say(lang);
    match lang {
        Lang::En => format!("Rehearsal: {spent} of {planned} planned ({basis})\n"),
        Lang::PtBr => format!("Ensaio: {spent} de {planned} previstos ({basis})\n"),
    }
}

/// `+1:20`: that much longer than planned.
fn difference(spent: u64, planned: u64) -> String {
    let sign = if spent < planned { "-" } else { "+" };
    format!("{sign}{}", clock_face(spent.abs_diff(planned)))
}

fn slowest(plan: &Plan, show: &Presenting, talk: &Talk) -> String {
    let spent = |name: &str| show.watch.spent().get(name).copied().unwrap_or(0);
    let mut items: Vec<_> = plan.items.iter().filter(|item| spent(&item.name) >= PASSED_OVER).collect();
    items.sort_by_key(|item| Reverse(spent(&item.name)));
    if items.is_empty() {
        return String::new();
    }
    let mut said = format!("\n{}\n", talk.lang.pick("What took longest:", "O que mais demorou:"));
    for item in items.into_iter().take(SLOWEST) {
        let title =
            show.deck.slides.iter().find(|slide| slide.id == item.name).map_or_else(
                || plan.parts[item.part].title.get(talk.lang),
                |slide| slide.face(talk.lang).title.as_str(),
            );
        let (took, planned) = (clock_face(spent(&item.name)), clock_face(item.planned));
        let against = talk.lang.pick("planned", "previsto");
        let _ = writeln!(said, "{took:>8}  {:<24}  {title} ({against} {planned})", item.name);
    }
    said
}

fn missed(plan: &Plan, show: &Presenting, lang: Lang) -> String {
    let rehearsed = |name: &str| show.watch.spent().get(name).is_some_and(|spent| *spent >= PASSED_OVER);
    let missed = plan.items.iter().filter(|item| item.planned > 0 && !rehearsed(&item.name));
    match (missed.count(), lang) {
        (0, _) => String::new(),
        (1, Lang::En) => "\nOne slide or step was not rehearsed: it keeps its planned time.\n".to_owned(),
        (1, Lang::PtBr) => "\nUm slide ou passo não foi ensaiado: mantém o tempo previsto.\n".to_owned(),
        (many, Lang::En) => format!("\n{many} slides and steps were not rehearsed: they keep their planned times.\n"),
        (many, Lang::PtBr) => format!("\n{many} slides e passos não foram ensaiados: mantêm o tempo previsto.\n"),
    }
}
