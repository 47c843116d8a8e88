//! `unha list`: the agenda as text.

use std::process::ExitCode;

use unicode_width::UnicodeWidthStr;

use super::{MISUSED, lessons, words};
use crate::course::talk::Route;
use crate::course::text::Lang;

/// Columns of a lesson's name.
const NAME: usize = 16;

/// Prints the lessons of a route with their planned minutes.
pub fn run(route: Route, folder: Option<&std::path::Path>, lang: Lang) -> ExitCode {
    let loaded = match lessons::load(folder, &[], lang) {
        Ok(loaded) => loaded,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(MISUSED);
        }
    };
    let mut total = 0;
    for (number, lesson) in loaded.lessons.iter().enumerate() {
        let steps: Vec<_> = lesson.steps.iter().filter(|step| route == Route::Full || step.must).collect();
        let seconds: u32 = steps.iter().map(|step| step.seconds).sum();
        total += seconds;
        let count = match (steps.len(), lang) {
            (1, Lang::En) => "1 step".to_owned(),
            (n, Lang::En) => format!("{n} steps"),
            (1, Lang::PtBr) => "1 passo".to_owned(),
            (n, Lang::PtBr) => format!("{n} passos"),
        };
        let (id, title, summary) = (&lesson.id, lesson.title.get(lang), lesson.summary.get(lang));
        // A title that is but the id cut short for the chain would only widen the column.
        let both = format!("{id} ({title})");
        let name = if title.to_lowercase() == *id || both.width() > NAME { id } else { &both };
        println!("{number:>2}  {name:<NAME$}  {summary:<38}  {count:>9}  {:>3} min", minutes(seconds));
    }
    println!("{:>76} min", minutes(total));
    ExitCode::SUCCESS
}

/// Planned seconds as minutes, rounded.
const fn minutes(seconds: u32) -> u32 {
    (seconds + 30) / 60
}
