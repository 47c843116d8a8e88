//! `unha play`: the features as switches, the limits as sliders, and the same box in other tools' words.
//!
//! The loop is the course's: messages in, state, effects out, and a picture when something changed.

mod written;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use ratatui::DefaultTerminal;

use self::written::Pen;
use super::args::Play as Wanted;
use super::learn::{copy, wish};
use super::rootfs::{self, BUILT_IN, Root, Unusable};
use super::run::image;
use super::terminal::{close, listen, open};
use super::{MISUSED, words};
use crate::course::event::{Action, Cause, Effect, Event, Failure};
use crate::course::lesson::Restart;
use crate::course::play::{Choice, Line, Play, Press};
use crate::course::text::Lang;
use crate::kernel::doctor::{Standing, What, examine};
use crate::kernel::feature::Feature;
use crate::kernel::reason::Because;
use crate::kernel::{container, record};
use crate::screen::{self, Look};
use crate::session::{Message, Options, Session};

/// No more pictures than this a second.
const FRAME: Duration = Duration::from_millis(16);

/// Plays on the screen.
pub fn run(wanted: &Wanted, theme: Option<&str>, lang: Lang) -> ExitCode {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        words::complain(&lang.pick(
            "this is no terminal, and play is shown on a screen. Without one: unha run, unha inspect",
            "isto não é um terminal, e o play se mostra numa tela. Sem um: unha run, unha inspect",
        ));
        return ExitCode::from(MISUSED);
    }
    let named = wanted.rootfs.is_some();
    let name = wanted.rootfs.clone().unwrap_or_else(|| OsString::from(BUILT_IN));
    let root = match rootfs::find(&name) {
        Err(why) if named => {
            words::complain(&words::unusable(&why, lang));
            return ExitCode::FAILURE;
        }
        found => found,
    };
    let theme = wanted.theme.as_deref().or(theme);
    match played(wanted, theme, &name, root, lang) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("unha: {why:#}");
            ExitCode::FAILURE
        }
    }
}

fn played(
    wanted: &Wanted,
    theme: Option<&str>,
    name: &OsStr,
    root: Result<Root, Unusable>,
    lang: Lang,
) -> anyhow::Result<()> {
    let wish = wish(theme)?;
    // What a run that was killed left behind goes before anything new is made.
    let _ = record::sweep(&record::folder(), false);
    let root = root.map_err(|why| match why {
        Unusable::Image(why) => why,
        // Only a name that was given can be unknown, and that was said.
        Unusable::Name(name, _) | Unusable::Theirs(name, _) => crate::image::ImageError::NotThere(name.into()),
    });
    let dir = root.as_ref().ok().map(|root| root.dir.clone());
    // Both fork, and so they come before there are threads.
    let machine = super::machine::look(&root);
    let cannot = cannot(dir.as_deref());
    let (session, messages) = Session::new(Options { lang, rootfs: dir, pace: Duration::ZERO });
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    let mut play = Play::new(lang, machine, cannot, size);
    play.roots = rootfs::offered(Some(name));
    let first = first(wanted, &play);
    let look = Look::from_env(wish, |name| std::env::var(name).ok(), container::source);
    let stands_on = play.root().to_owned();
    let mut stage = Stage { play, session, messages, pen: Pen::new(), roots: vec![], stands_on };
    if let Ok(root) = root {
        stage.stand_on(root).map_err(anyhow::Error::msg)?;
    }
    let made_to = Arc::new(AtomicBool::new(false));
    listen(stage.session.sender(), &made_to)?;
    let mut terminal = open()?;
    let done = stage.walk(first, &mut terminal, &look);
    close();
    // Its end would show the cursor once more, and print where it cannot.
    std::mem::forget(terminal);
    stage.session.end();
    done
}

/// What the box begins with: what was asked for, as far as it can be had.
fn first(wanted: &Wanted, play: &Play) -> Choice {
    let lang = play.talk.lang;
    let can = |line: Line| play.can(line);
    if wanted.all {
        return Choice::everything(lang, can);
    }
    let lines = wanted.features.iter().map(|feature| Line::Feature(*feature));
    // Whoever names a root file system wants to be in it.
    let lines = lines.chain(wanted.rootfs.as_ref().map(|_| Line::Feature(Feature::Rootfs)));
    let none = Choice { lang, ..Choice::default() };
    lines.filter(|line| can(*line)).fold(none, |choice, line| choice.switched(line, true, None).0)
}

/// What this machine cannot do, by trying it.
fn cannot(root: Option<&std::path::Path>) -> BTreeMap<What, Because> {
    let found = examine(root, &record::folder()).into_iter();
    let not = found.filter(|finding| finding.standing == Standing::Not);
    not.filter_map(|finding| Some((finding.what, finding.because?))).collect()
}

/// The play on a session.
struct Stage {
    play: Play,
    session: Session,
    messages: Receiver<Message>,
    pen: Pen,
    /// Those that were used: nobody may remove one while a bench stands on it.
    roots: Vec<Root>,
    /// The name of the one that the bench stands on.
    stands_on: String,
}

impl Stage {
    fn walk(&mut self, first: Choice, terminal: &mut DefaultTerminal, look: &Look) -> anyhow::Result<()> {
        let begun = self.play.begin(first);
        let mut effects = self.carry_out(begun);
        let (mut dirty, mut sizes) = (true, None);
        let mut drawn = Instant::now().checked_sub(FRAME).unwrap_or_else(Instant::now);
        loop {
            for effect in effects.drain(..) {
                match effect {
                    Effect::Quit => return Ok(()),
                    Effect::Copy(text) => copy(&text)?,
                    _ => {}
                }
            }
            let now = Instant::now();
            let due = drawn + FRAME;
            if dirty && now >= due {
                let wanted = screen::play::shell_sizes(self.play.talk.size);
                if sizes != Some(wanted) {
                    sizes = Some(wanted);
                    self.press(Press::Shell(Action::ShellSizes(wanted.0, wanted.1)));
                }
                self.pen.write(&mut self.play);
                if let Err(error) = terminal.draw(|frame| screen::play::draw(frame, &self.play, look)) {
                    // Nobody is left to be told that the window was closed.
                    return if error.raw_os_error() == Some(libc::EIO) { Ok(()) } else { Err(error.into()) };
                }
                (drawn, dirty) = (now, false);
            }
            let until = if dirty { due } else { now + Duration::from_secs(1) };
            if let Some(mine) = self.wait(until) {
                effects = mine;
                dirty = true;
            }
        }
    }

    /// Waits until `until` at the latest for something to happen, and lets it happen. `None`: nothing did.
    fn wait(&mut self, until: Instant) -> Option<Vec<Effect>> {
        let wake = self.session.wake_at().min(until);
        let events = match self.messages.recv_timeout(wake.saturating_duration_since(Instant::now())) {
            Ok(Message::Input(input)) => {
                let press = screen::play::keys::press(&input, &self.play)?;
                // What is copied must be what is true now, and not what was drawn last.
                self.pen.write(&mut self.play);
                return Some(self.press(press));
            }
            Ok(message) => self.session.hear(message),
            Err(RecvTimeoutError::Timeout) => self.session.wake(),
            // The session holds a sender, so this cannot be; a loop without a pause would be worse than a late key.
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(Duration::from_millis(1));
                vec![]
            }
        };
        (!events.is_empty()).then(|| events.into_iter().flat_map(|event| self.take(event)).collect())
    }

    fn press(&mut self, press: Press) -> Vec<Effect> {
        let tick = Event::Tick(self.session.clock());
        self.take(tick);
        let effects = self.play.press(press);
        self.session.speak(self.play.talk.lang);
        self.carry_out(effects)
    }

    fn take(&mut self, event: Event) -> Vec<Effect> {
        let effects = self.play.take(event);
        self.carry_out(effects)
    }

    /// Lets the session do what is its part, and what comes of that; returns what is ours.
    fn carry_out(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let mut mine = vec![];
        for effect in effects {
            if matches!(effect, Effect::Copy(_) | Effect::Quit) {
                mine.push(effect);
                continue;
            }
            if matches!(effect, Effect::Restart(Restart::Bench, _))
                && let Err(message) = self.change_root()
            {
                let failure = Failure { call: None, before: vec![], message, seen: vec![], cause: Cause::Other };
                mine.extend(self.take(Event::StageFailed(failure)));
                continue;
            }
            for event in self.session.carry_out(effect) {
                mine.extend(self.take(event));
            }
        }
        mine
    }

    /// Finds the root file system whose name is chosen, for the next bench.
    fn change_root(&mut self) -> Result<(), String> {
        let name = self.play.root().to_owned();
        if name == self.stands_on {
            return Ok(());
        }
        let root = rootfs::find(OsStr::new(&name)).map_err(|why| words::unusable(&why, self.play.talk.lang))?;
        self.stand_on(root)?;
        self.stands_on = name;
        Ok(())
    }

    /// Has the next bench stand on that one, whose image says how its boxes are started, as to `unha run`.
    fn stand_on(&mut self, root: Root) -> Result<(), String> {
        let image = image(&root, self.play.talk.lang)?;
        self.pen.stand_on(&root, image.clone());
        self.session.stand_on(Some(root.dir.clone()), image);
        self.roots.push(root);
        Ok(())
    }
}
