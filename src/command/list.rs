//! `unha list`: the agenda as text.

use std::process::ExitCode;

use super::{MISUSED, lessons, words};
use crate::course::talk::Route;
use crate::course::text::Lang;

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
        let (title, summary) = (lesson.title.get(lang), lesson.summary.get(lang));
        println!("{number}  {:<8} {title:<8}  {summary:<38}  {count:>9}  {:>3} min", lesson.id, minutes(seconds));
    }
    println!("{:>76} min", minutes(total));
    ExitCode::SUCCESS
}

/// Planned seconds as minutes, rounded.
const fn minutes(seconds: u32) -> u32 {
    (seconds + 30) / 60
}
