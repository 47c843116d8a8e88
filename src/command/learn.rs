//! `unha` and `unha present`: the course on the screen, and the talk on a stage.
//!
//! Here is what comes before the first picture and after the last: what can be refused at once, what was kept, and what is
//! said on the way out. Between them one loop runs, `on_screen` or in `plain` lines.

mod choice;
mod on_screen;
pub mod plain;

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use self::choice::{Choice, Stage, wish};
use self::on_screen::on_a_screen;
use self::plain::Lines;
use super::driver::Driver;
use super::keeping::Keeping;
use super::lessons::{self, Loaded};
use super::tape::Tape;
pub use super::terminal::copy;
use super::terminal::listen;
use super::words::refusal;
use super::{MISUSED, host, named_locale, recall, rehearsal, slides, trust, words};
use crate::course::deck::Deck;
use crate::course::event::Event;
use crate::course::progress::Progress;
use crate::course::talk::Talk;
use crate::course::tape::{Beginning, Opening};
use crate::course::text::Lang;
use crate::course::way::{chosen, command};
use crate::kernel::doctor::About;
use crate::kernel::{container, record};
use crate::screen::Look;
use crate::session::console::Door;
use crate::session::host::Host;
use crate::session::{Message, Options, Session, store};

/// The pause between two typed characters: a room can follow, and nobody waits long.
pub const PACE: Duration = Duration::from_millis(28);

/// Runs the course on the screen.
pub fn run(choice: &Choice, locale: Lang) -> ExitCode {
    let lang = choice.lang.unwrap_or(locale);
    let loaded = match lessons::load(choice.lessons.as_deref(), &[], lang) {
        Ok(loaded) => loaded,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(MISUSED);
        }
    };
    if let Some(Err(why)) = choice.lesson.as_deref().map(|name| lessons::begins(name, &loaded, lang)) {
        words::complain(&why);
        return ExitCode::from(MISUSED);
    }
    let deck = choice.stage.as_ref().map(|stage| slides::load(stage.deck.as_deref(), &loaded.lessons, lang));
    let deck = match deck.transpose() {
        Ok(deck) => deck,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(MISUSED);
        }
    };
    // `--host` has a question to ask first, and says so itself.
    let on_a_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if !(choice.host || on_a_terminal || choice.plain.is_some()) {
        words::complain(&lang.pick(
            "this is no terminal, and the course is shown on a screen. Without one: unha learn --plain, unha check, unha list",
            "isto não é um terminal, e o curso se mostra numa tela. Sem um: unha learn --plain, unha check, unha list",
        ));
        return ExitCode::from(MISUSED);
    }
    if let Err(why) = trust::agreed(&loaded, choice.trust, lang) {
        words::complain(&why);
        return ExitCode::from(MISUSED);
    }
    let kept_in = match choice.record.as_ref().map(|record| record.create(lang)).transpose() {
        Ok(file) => file,
        Err(why) => {
            words::complain(&why);
            return ExitCode::FAILURE;
        }
    };
    let host = match choice.host.then(|| host::begin(choice, &loaded.lessons, lang)).transpose() {
        Ok(host) => host,
        Err(why) => {
            words::complain(&why);
            return ExitCode::FAILURE;
        }
    };
    match course(choice, loaded, deck, host, kept_in, locale) {
        Ok(code) => code,
        Err(why) => {
            eprintln!("unha: {why:#}");
            ExitCode::FAILURE
        }
    }
}

fn course(
    choice: &Choice,
    loaded: Loaded,
    deck: Option<(Deck, Vec<(String, String)>)>,
    host: Option<Host>,
    kept_in: Option<(PathBuf, File)>,
    locale: Lang,
) -> anyhow::Result<ExitCode> {
    let wish = wish(choice.theme.as_deref())?;
    // What a room answers is not the learner's own progress, and a rehearsal not the talk's.
    let file = store::file().map(|file| match &choice.stage {
        Some(stage) => file.with_file_name(stage.progress()),
        None => file,
    });
    let progress: Option<Progress> = file.as_deref().and_then(|file| recall(file, choice.lang.unwrap_or(locale)));
    let kept = progress.as_ref().map(|progress| progress.lang);
    // A locale that names no language, as in many a VM, says nothing of the person; the key L did.
    let lang = choice.lang.or_else(named_locale).or(kept).unwrap_or(locale);
    let route = choice.route.or_else(|| progress.as_ref().map(|progress| progress.route)).unwrap_or_default();
    // What a run that was killed left behind goes before anything new is made.
    let _ = record::sweep(&record::folder(), false);
    let rootfs = match choice.rootfs.as_deref().map(super::rootfs::find) {
        Some(Err(why)) => return Err(anyhow::Error::msg(words::unusable(&why, lang))),
        Some(Ok(root)) => Ok(root),
        None => super::rootfs::built_in(),
    };
    let dir = rootfs.as_ref().ok().map(|root| root.dir.clone());
    let machine = super::machine::look(&rootfs);
    // Nobody watches how a line comes to stand there that is told as a whole.
    let pace = if choice.plain.is_some() { Duration::ZERO } else { PACE };
    let (mut session, messages) = Session::new(Options { lang, rootfs: dir, pace });
    session.host = host;
    let (deck, slides) = deck.unzip();
    let times = choice.stage.as_ref().map(|stage| rehearsal::of(stage.deck.as_deref(), lang));
    let beginning = Beginning {
        lessons: loaded.files,
        slides,
        lang,
        route,
        machine,
        about: About::look(),
        // A recording is of the lessons: it begins at the agenda.
        asks_again: choice.stage.is_none() && kept_in.is_none() && progress.as_ref().is_some_and(is_of_another_day),
        progress,
        began: super::seconds(),
        rehearsed: times.unwrap_or_default(),
        host: choice.host,
        size: crossterm::terminal::size().unwrap_or((80, 24)),
    };
    let begin = |(path, file): (PathBuf, File)| {
        let begun = Tape::begin(&path, file, &beginning, &loaded.lessons);
        begun.map_err(|error| anyhow::Error::msg(words::no_tape(&path, &error, lang)))
    };
    let tape = kept_in.map(begin).transpose()?;
    let opening = Opening::Talk(Box::new(beginning), loaded.lessons, deck);
    let mut talk = opening.talk();
    talk.roots = super::rootfs::offered(choice.rootfs.as_deref());
    let look = Look::from_env(wish, |name| std::env::var(name).ok(), container::source);
    let made_to = Arc::new(AtomicBool::new(false));
    let mut lines = choice.plain.as_ref().map(|_| Lines::listen(&session.sender(), &made_to)).transpose()?;
    if lines.is_none() {
        listen(session.sender(), &made_to)?;
    }
    let door = choice.stage.as_ref().and_then(|_| open_door(&session, lang));
    let mut driver = Driver::new(talk, session, messages);
    driver.door = door;
    driver.tape = tape;
    let rehearses = choice.stage.as_ref().filter(|stage| stage.rehearse);
    let keeping = file.map(|file| Keeping::begin(file, choice.stage.is_none(), lang, driver.session.sender()));
    let lesson = choice.lesson.as_deref();
    let done = match (&mut lines, &choice.plain) {
        (Some(lines), Some(plain)) => plain::walk(&mut driver, lines, plain, lesson, keeping.as_ref()),
        _ => on_a_screen(&mut driver, &look, lesson, keeping.as_ref(), rehearses)?,
    };
    driver.door = None;
    let unsaved = keeping.and_then(Keeping::end);
    let recorded = driver.tape.take().map(Tape::end);
    driver.session.end();
    if let Some(stage) = rehearses {
        rehearsal::sum_up(&driver.talk, stage.deck.as_deref());
    }
    if let Some(why) = unsaved {
        words::complain(&why);
    }
    say_way(&driver.talk, choice.plain.is_some());
    if let Some(host) = driver.session.host.take() {
        give_back(host, &mut driver, lines.as_mut(), made_to.load(Ordering::Relaxed));
    }
    done.map(|()| {
        if recorded.is_none_or(|recorded| recorded.say(driver.talk.lang)) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    })
}

/// Puts the machine back as it was, where it was itself the outside; whoever still sits there is asked.
fn give_back(host: Host, driver: &mut Driver, mut lines: Option<&mut Lines>, made_to: bool) {
    let lang = driver.talk.lang;
    let mut answer = || {
        if let Some(lines) = &mut lines {
            lines.took();
            lines.ask();
        }
        driver.line()
    };
    host::end(host, lang, (!made_to && host::is_asked()).then_some(&mut answer));
}

/// The command of the way out of a failure that was chosen, to be run next.
fn say_way(talk: &Talk, in_lines: bool) {
    let Some(line) = chosen(talk).and_then(|way| command(way, talk)) else { return };
    // By its whole path: sudo looks for programs in folders of its own.
    let program = std::env::current_exe().map_or_else(|_| "unha".to_owned(), |path| path.display().to_string());
    let verb = if in_lines { " learn --plain" } else { "" };
    let line =
        line.strip_prefix("sudo unha").map_or_else(|| line.clone(), |rest| format!("sudo {program}{rest}{verb}"));
    let _ = writeln!(io::stdout(), "{line}");
}

/// The door for consoles; a talk can be given without, so it is no more than said if there can be none.
fn open_door(session: &Session, lang: Lang) -> Option<Door> {
    match Door::open(&record::folder(), std::process::id(), session.sender()) {
        Ok(door) => Some(door),
        Err(error) => {
            let without =
                lang.pick("there will be no `unha notes` for this talk", "esta palestra fica sem `unha notes`");
            eprintln!("unha: {without}: {error}");
            None
        }
    }
}

/// Writes doctor.txt in the background: to examine the machine takes longer than a key may.
fn ask_for_help(driver: &Driver) {
    let (lang, failed) =
        (driver.talk.lang, driver.talk.failure.as_ref().map(|failure| refusal(failure, driver.talk.lang)));
    let sender = driver.session.sender();
    std::thread::spawn(move || {
        let done = super::doctor::write(failed.as_deref(), lang);
        let _ = sender.send(Message::Event(Event::HelpWritten(done)));
    });
}

/// Progress that cannot be written is no reason to stop the course.
fn save(driver: &Driver, keeping: Option<&Keeping>) {
    if let Some(keeping) = keeping {
        keeping.keep(driver.talk.progress());
    }
}

/// Whether unha was last left before today, with something done. A day that nobody knows was before.
fn is_of_another_day(progress: &Progress) -> bool {
    progress.last_done().is_some() && super::day(progress.latest()).is_none_or(|day| day < super::today())
}
