//! `unha` and `unha present`: the course on the screen, and the talk on a stage.
//!
//! One loop: messages in, talk, effects out, and a picture when something changed. The terminal is given back whatever
//! happens: quit, error, panic, SIGTERM, SIGHUP.

pub mod plain;

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossterm::execute;
use ratatui::DefaultTerminal;

use self::plain::{Lines, Plain};
use super::driver::Driver;
use super::keeping::Keeping;
use super::lessons::{self, Loaded};
use super::rehearsal::Kept;
use super::tape::{self, Tape};
use super::terminal::{close, listen, open};
use super::words::refusal;
use super::{MISUSED, host, named_locale, recall, rehearsal, slides, trust, words};
use crate::course::deck::Deck;
use crate::course::event::{Action, Effect, Event};
use crate::course::progress::Progress;
use crate::course::talk::{Notice, Route, Talk};
use crate::course::tape::{Beginning, Opening};
use crate::course::text::Lang;
use crate::course::way::{chosen, command};
use crate::kernel::doctor::About;
use crate::kernel::{container, record};
use crate::screen::{self, Look};
use crate::session::console::Door;
use crate::session::host::Host;
use crate::session::{Message, Options, Session, store};

/// The pause between two typed characters: a room can follow, and nobody waits long.
pub const PACE: Duration = Duration::from_millis(28);

/// No more pictures than this a second: a flood of output is drawn as fast as anybody can see.
const FRAME: Duration = Duration::from_millis(16);

/// But for so long after a key the picture that shows its effect is drawn at once.
const ANSWER: Duration = Duration::from_millis(50);

/// What the command line chose.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub lessons: Option<std::path::PathBuf>,
    pub route: Option<Route>,
    /// Whether `--lang` was given: then it wins over the language of last time.
    pub lang: Option<Lang>,
    pub theme: Option<String>,
    /// The lesson to begin with, or a step of it.
    pub lesson: Option<String>,
    /// The root file system of the boxes, if not the built-in one.
    pub rootfs: Option<std::ffi::OsString>,
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
    pub deck: Option<std::path::PathBuf>,
    /// Whether what each slide and step takes is to be kept.
    pub rehearse: bool,
}

impl Stage {
    /// The file of progress beside the course's own.
    const fn progress(&self) -> &'static str {
        if self.rehearse { "rehearsing.json" } else { "present.json" }
    }
}

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
        sum_up(&driver.talk, stage);
    }
    if let Some(why) = unsaved {
        words::complain(&why);
    }
    if let Some(line) = chosen(&driver.talk).and_then(|way| command(way, &driver.talk)) {
        // By its whole path: sudo looks for programs in folders of its own.
        let program = std::env::current_exe().map_or_else(|_| "unha".to_owned(), |path| path.display().to_string());
        let verb = if choice.plain.is_some() { " learn --plain" } else { "" };
        let line =
            line.strip_prefix("sudo unha").map_or_else(|| line.clone(), |rest| format!("sudo {program}{rest}{verb}"));
        let _ = writeln!(io::stdout(), "{line}");
    }
    if let Some(host) = driver.session.host.take() {
        let lang = driver.talk.lang;
        let made_to = made_to.load(Ordering::Relaxed);
        host::end(
            host,
            lang,
            (!made_to && host::is_asked()).then_some(&mut || {
                if let Some(lines) = &mut lines {
                    lines.took();
                    lines.ask();
                }
                driver.line()
            }),
        );
    }
    done.map(|()| {
        if recorded.is_none_or(|recorded| recorded.say(driver.talk.lang)) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    })
}

/// Takes the terminal, shows the course on it, and gives it back.
fn on_a_screen(
    driver: &mut Driver,
    look: &Look,
    lesson: Option<&str>,
    keeping: Option<&Keeping>,
    rehearses: Option<&Stage>,
) -> anyhow::Result<anyhow::Result<()>> {
    let mut terminal = open()?;
    if let Some(lesson) = lesson {
        driver.act(Action::GoTo(lesson.to_owned()));
    }
    let done = walk(driver, &mut terminal, look, keeping, rehearses);
    driver.door = None;
    close();
    // Its end would show the cursor once more, and print where it cannot.
    std::mem::forget(terminal);
    Ok(done)
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

fn walk(
    driver: &mut Driver,
    terminal: &mut DefaultTerminal,
    look: &Look,
    keeping: Option<&Keeping>,
    rehearses: Option<&Stage>,
) -> anyhow::Result<()> {
    let mut sizes = None;
    if driver.talk.presenting.is_some() {
        driver.act(Action::Start);
    }
    let mut dirty = true;
    let mut drawn = Instant::now().checked_sub(FRAME).unwrap_or_else(Instant::now);
    loop {
        let now = Instant::now();
        let due = drawn + if driver.pressed.is_some_and(|key| now < key + ANSWER) { FRAME / 16 } else { FRAME };
        if dirty && now >= due {
            let wanted = screen::shell_sizes(driver.talk.size, &driver.talk);
            if sizes != Some(wanted) {
                sizes = Some(wanted);
                driver.act(Action::ShellSizes(wanted.0, wanted.1));
            }
            if let Err(error) = terminal.draw(|frame| screen::draw(frame, &driver.talk, look)) {
                save(driver, keeping);
                // Nobody is left to be told that the window was closed.
                return if error.raw_os_error() == Some(libc::EIO) { Ok(()) } else { Err(error.into()) };
            }
            driver.tell_consoles();
            drawn = now;
            dirty = false;
        }
        let until = if dirty { due } else { now + Duration::from_secs(1) };
        let Some(effects) = driver.wait(until) else { continue };
        dirty = true;
        for effect in effects {
            match effect {
                Effect::Quit => {
                    save(driver, keeping);
                    return Ok(());
                }
                Effect::SaveProgress => {
                    save(driver, keeping);
                    // Whatever comes after the end, the times are safe.
                    if let Some(stage) = rehearses.filter(|_| driver.talk.notice == Some(Notice::TheEnd)) {
                        let _ = rehearsal::keep(&driver.talk, stage.deck.as_deref());
                    }
                }
                Effect::Copy(text) => copy(&text)?,
                Effect::AskForHelp => ask_for_help(driver),
                _ => {}
            }
        }
    }
}

/// Keeps what was rehearsed, and says what it took.
fn sum_up(talk: &Talk, stage: &Stage) {
    let lang = talk.lang;
    let kept = match rehearsal::keep(talk, stage.deck.as_deref()) {
        Ok(Kept::In(file)) => {
            let kept = lang.pick("The next talk is planned by these times", "A próxima palestra segue esses tempos");
            format!("{}\n{kept}: {}", rehearsal::summary(talk), file.display())
        }
        Ok(Kept::BrokenOff) => {
            let stays = lang.pick(
                "Less than half of the talk was gone through: the plan stays as it was.",
                "Passou-se por menos da metade da palestra: o plano fica como estava.",
            );
            format!("{}\n{stays}", rehearsal::summary(talk))
        }
        Ok(Kept::Nothing) => lang
            .pick(
                "Nothing was rehearsed: the clock starts with the first Next.",
                "Nada foi ensaiado: o relógio começa no primeiro avançar.",
            )
            .to_owned(),
        Err(why) => format!("{}\nunha: {why}", rehearsal::summary(talk)),
    };
    // The window may be closed already.
    let _ = writeln!(io::stdout(), "{kept}");
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

/// Puts text on the clipboard of whatever terminal shows us: OSC 52.
pub fn copy(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    execute!(out, crossterm::clipboard::CopyToClipboard::to_clipboard_from(text))?;
    out.flush()
}
