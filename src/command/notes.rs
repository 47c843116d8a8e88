//! `unha notes`: the presenter's console, in a second terminal beside `unha present`.
//!
//! It knows nothing of the talk but what it is told. When the talk ends it waits for the next; when it is killed and
//! started anew it is right at once.

use std::io::{self, BufReader, IsTerminal};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::spawn;
use std::time::{Duration, Instant};

use ratatui::DefaultTerminal;

use super::learn::wish;
use super::terminal::{close, listen, open};
use super::{MISUSED, words};
use crate::course::console::{Absent, Desk, Told, Touch};
use crate::course::event::{Action, Event};
use crate::course::text::Lang;
use crate::kernel::{container, record};
use crate::screen::{self, Look};
use crate::session::Message;
use crate::session::console::{self, Heard};

/// How often a talk is looked for while there is none.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What the console hears.
enum News {
    /// A key or a signal.
    Terminal(Box<Message>),
    /// Of the talk on the line with this number.
    Talk(u64, Line),
}

/// What is heard on the line to a talk.
enum Line {
    Told(Box<Told>),
    /// There is nothing more to be heard, for this reason.
    Gone(Absent),
}

impl From<Message> for News {
    fn from(message: Message) -> Self {
        Self::Terminal(Box::new(message))
    }
}

/// Shows the console of the talk with this process number, or of the only one.
pub fn run(pid: Option<u32>, own: Option<Lang>, theme: Option<&str>, locale: Lang) -> ExitCode {
    let lang = own.unwrap_or(locale);
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        words::complain(&lang.pick(
            "this is no terminal, and the notes are shown on a screen. Next: unha notes, in a terminal beside the talk's",
            "isto não é um terminal, e as notas se mostram numa tela. Tente: unha notes, num terminal ao lado da palestra",
        ));
        return ExitCode::from(MISUSED);
    }
    if let Err(why) = choose(pid, lang) {
        words::complain(&why);
        return ExitCode::from(MISUSED);
    }
    match shown(pid, Desk::new(own, locale), theme) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("unha: {why:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether it is clear which talk is meant; else what there is to choose from.
fn choose(pid: Option<u32>, lang: Lang) -> Result<(), String> {
    let Ok(talks) = console::talks(&record::folder()) else { return Ok(()) };
    let talks: Vec<u32> = talks.into_iter().map(|(pid, _)| pid).collect();
    let line = |pid: &u32| format!("\n  unha notes {pid:<8} # {}", which(*pid));
    let lines = || talks.iter().map(line).collect::<String>();
    match pid {
        None if talks.len() > 1 => Err(screen::console::several(talks.len(), lang) + &lines()),
        Some(pid) if !talks.contains(&pid) => {
            let what = match lang {
                Lang::En => format!("process {pid} gives no talk of this user's"),
                Lang::PtBr => format!("o processo {pid} não dá nenhuma palestra deste usuário"),
            };
            let next = match (talks.is_empty(), lang) {
                (false, Lang::En) => format!("; these do:{}", lines()),
                (false, Lang::PtBr) => format!("; estes dão:{}", lines()),
                (true, Lang::En) => "\nNext: unha present, in another terminal".to_owned(),
                (true, Lang::PtBr) => "\nTente: unha present, em outro terminal".to_owned(),
            };
            Err(what + &next)
        }
        _ => Ok(()),
    }
}

/// Which talk that is, by what a person knows of it: its terminal and its command line, proc(5).
fn which(pid: u32) -> String {
    let terminal = std::fs::read_link(format!("/proc/{pid}/fd/0")).map(|path| path.display().to_string());
    let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let line = line.trim_end_matches('\0').replace('\0', " ").replace(char::is_control, "\u{fffd}");
    [terminal.unwrap_or_default(), line].into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join("  ")
}

fn shown(pid: Option<u32>, desk: Desk, theme: Option<&str>) -> anyhow::Result<()> {
    let look = Look::from_env(wish(theme)?, |name| std::env::var(name).ok(), container::source);
    let (sender, news) = sync_channel(64);
    listen(sender.clone(), &Arc::default())?;
    let mut terminal = open()?;
    let done = Console { desk, pid, sender, line: None, lines: 0 }.until_left(&news, &mut terminal, &look);
    close();
    // Its end would show the cursor once more, and print where it cannot.
    std::mem::forget(terminal);
    done
}

/// A console, and its line to the talk.
struct Console {
    desk: Desk,
    /// The talk that was asked for by its number; once it is over, any.
    pid: Option<u32>,
    sender: SyncSender<News>,
    line: Option<UnixStream>,
    /// How many lines there have been: the number of the latest.
    lines: u64,
}

impl Console {
    fn until_left(mut self, news: &Receiver<News>, terminal: &mut DefaultTerminal, look: &Look) -> anyhow::Result<()> {
        let mut next_look = Instant::now();
        loop {
            if self.line.is_none() && Instant::now() >= next_look {
                self.look_for_a_talk();
                next_look = Instant::now() + LOOK_EVERY;
            }
            let time = chrono::Local::now().format("%H:%M").to_string();
            if let Err(error) = terminal.draw(|frame| screen::console::draw(frame, &self.desk, look, &time)) {
                // Nobody is left to be told that the window was closed.
                return if error.raw_os_error() == Some(libc::EIO) { Ok(()) } else { Err(error.into()) };
            }
            match news.recv_timeout(LOOK_EVERY) {
                Ok(News::Talk(line, heard)) if line == self.lines => self.heard(heard),
                Ok(News::Talk(..)) | Err(RecvTimeoutError::Timeout) => {}
                Ok(News::Terminal(message)) => match self.meant(&message) {
                    Some(Touch::Leave) => return Ok(()),
                    Some(touch) => self.touched(touch),
                    None => {}
                },
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// What came from the terminal means this; one that is gone, or a signal: leave.
    fn meant(&self, message: &Message) -> Option<Touch> {
        match message {
            Message::Input(input) => screen::console::touch(input, &self.desk),
            Message::Event(Event::Action(Action::Quit(_))) => Some(Touch::Leave),
            _ => None,
        }
    }

    fn look_for_a_talk(&mut self) {
        let mut talks = match console::talks(&record::folder()) {
            Ok(talks) => talks,
            Err(error) => {
                self.desk.lose(Absent::Unreachable(format!("{}: {error}", record::folder().display())));
                return;
            }
        };
        if let Some(pid) = self.pid {
            talks.retain(|(of, _)| *of == pid);
        }
        match talks.len() {
            0 => self.desk.lose(Absent::NoTalk),
            1 => talks.into_iter().for_each(|(_, stream)| self.follow(stream)),
            _ => self.desk.lose(Absent::Several(talks.iter().map(|(pid, _)| *pid).collect())),
        }
    }

    /// Listens to a talk from now on.
    fn follow(&mut self, stream: UnixStream) {
        let Ok(reads) = stream.try_clone() else { return };
        self.lines += 1;
        let (line, sender) = (self.lines, self.sender.clone());
        self.line = Some(stream);
        spawn(move || {
            let mut reader = BufReader::new(reads);
            loop {
                let heard = match console::hear(&mut reader) {
                    Ok(Some(Heard::Told(told))) => Line::Told(told),
                    Ok(Some(Heard::Foreign(schema))) => Line::Gone(Absent::Foreign(schema)),
                    Ok(None) => Line::Gone(Absent::Ended),
                    Err(error) => Line::Gone(Absent::Unreachable(error.to_string())),
                };
                let over = matches!(heard, Line::Gone(_));
                if sender.send(News::Talk(line, heard)).is_err() || over {
                    return;
                }
            }
        });
    }

    fn heard(&mut self, heard: Line) {
        match heard {
            Line::Told(told) => self.desk.hear(*told),
            Line::Gone(why) => {
                self.line = None;
                self.pid = None;
                self.desk.lose(why);
            }
        }
    }

    fn touched(&mut self, touch: Touch) {
        if let (Some(asked), Some(line)) = (self.desk.touch(touch), &self.line) {
            // A talk that is gone says so itself, by closing its line.
            let _ = console::ask(line, &asked);
        }
    }
}
