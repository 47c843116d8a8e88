//! The course on the screen: messages in, talk, effects out, and a picture when something changed.
//!
//! termios(3): the terminal is taken as a whole, and given back whatever happens: quit, error, panic, SIGTERM, SIGHUP.

use std::time::{Duration, Instant};

use ratatui::DefaultTerminal;

use super::{Stage, ask_for_help, save};
use crate::command::driver::Driver;
use crate::command::keeping::Keeping;
use crate::command::rehearsal;
use crate::command::terminal::{close, copy, open};
use crate::course::event::{Action, Effect};
use crate::course::talk::Notice;
use crate::screen::{self, Look};

/// No more pictures than this a second: a flood of output is drawn as fast as anybody can see.
const FRAME: Duration = Duration::from_millis(16);

/// But for so long after a key the picture that shows its effect is drawn at once.
const ANSWER: Duration = Duration::from_millis(50);

/// Takes the terminal, shows the course on it, and gives it back.
pub(super) fn on_a_screen(
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

/// From the first picture to the last.
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
