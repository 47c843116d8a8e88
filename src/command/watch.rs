//! `unha inspect` on a terminal: the tree of what lives in namespaces of its own, live, and the portrait of one of it.
//!
//! Three look at once, each at its own pace, and none holds up the picture: who reads the tree, who asks the engines for
//! names, and a process of its own that looks at the chosen one from within.

mod inside;
mod looker;
mod lookers;

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use nix::unistd::geteuid;
use ratatui::DefaultTerminal;

pub use self::inside::enter;
pub use self::looker::look;

use self::inside::Inside;
use self::lookers::Looker;
use super::args::Inspect;
use super::learn::wish;
use super::terminal::{close, listen, open};
use super::{MISUSED, inspect, seconds, words};
use crate::course::event::{Action, Event};
use crate::course::inspect::{Inspection, Look as Seen, Pane, Subject, Touch, Wish};
use crate::course::text::Lang;
use crate::course::{Roster, Tree};
use crate::kernel::container;
use crate::screen::{self, Look};
use crate::session::Message;

/// How often the picture is drawn where nothing happens: ages grow.
const AT_LEAST: Duration = Duration::from_secs(1);

/// What is heard.
enum News {
    /// A key or a signal.
    Terminal(Box<Message>),
    /// All processes, or why they could not be read.
    Tree(Result<Tree, String>),
    /// What the engines told.
    Roster(Roster),
    /// A look at one process; none: the process that looks has ended, by its number.
    Look(u64, Option<Seen>),
    /// Bytes of the shell with this number.
    Printed(u64, Vec<u8>),
    /// It has ended.
    ShellEnded(u64, Result<i32, String>),
}

impl From<Message> for News {
    fn from(message: Message) -> Self {
        Self::Terminal(Box::new(message))
    }
}

/// Whether a screen is meant: where it is asked for, and without a name on every terminal that can show one.
pub fn is_wanted(options: &Inspect) -> bool {
    let prints = options.json || options.plain;
    options.watch || options.what.is_none() && !prints && is_terminal() && !super::learn::plain::is_dumb()
}

/// Whether there is a person to look: both ends are a terminal.
fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Shows the tree, or first the portrait of the one that is named, until the person leaves.
pub fn start(options: &Inspect, theme: Option<&str>, lang: Lang) -> ExitCode {
    if !is_terminal() {
        words::complain(&lang.pick(
            "this is no terminal, and --watch shows a screen. Next: the same without --watch prints it",
            "isto não é um terminal, e --watch mostra uma tela. Tente sem --watch, que imprime",
        ));
        return ExitCode::from(MISUSED);
    }
    let mut on = Inspection::new(lang);
    if let Some(word) = &options.what {
        match inspect::meant(word, lang) {
            Ok(pid) => {
                let Some((started, _)) = looker::started(pid) else {
                    let gone = lang.pick(
                        "there is no such process here. Next: unha inspect lists those in namespaces of their own",
                        "não existe esse processo aqui. Tente unha inspect, que lista os que têm namespaces só seus",
                    );
                    words::complain(&format!("{word}: {gone}"));
                    return ExitCode::FAILURE;
                };
                on = Inspection::of(Subject { pid, started }, lang);
            }
            Err((code, sentence)) => {
                words::complain(&sentence);
                return ExitCode::from(code);
            }
        }
    }
    on.is_root = geteuid().is_root();
    match shown(on, options.theme.as_deref().or(theme)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            words::complain(&format!("{why:#}"));
            ExitCode::FAILURE
        }
    }
}

fn shown(on: Inspection, theme: Option<&str>) -> anyhow::Result<()> {
    let look = Look::from_env(wish(theme)?, |name| std::env::var(name).ok(), container::source);
    let (sender, news) = sync_channel(256);
    listen(sender.clone(), &Arc::default())?;
    lookers::tree(sender.clone());
    let (ask, asked) = channel();
    lookers::roster(sender.clone(), asked);
    let mut terminal = open()?;
    let looker = Looker::new(sender.clone());
    let done = Watch { on, looker, ask, sender, inside: None, shells: 0 }.until_left(&news, &mut terminal, &look);
    close();
    // Its end would show the cursor once more, and print where it cannot.
    std::mem::forget(terminal);
    done
}

/// All that goes on.
struct Watch {
    on: Inspection,
    looker: Looker,
    /// Asks for the engines' names out of turn.
    ask: Sender<()>,
    sender: SyncSender<News>,
    inside: Option<Inside>,
    /// How many shells there have been: the number of the latest.
    shells: u64,
}

impl Watch {
    fn until_left(mut self, news: &Receiver<News>, terminal: &mut DefaultTerminal, look: &Look) -> anyhow::Result<()> {
        loop {
            self.on.now = seconds();
            self.fit(terminal);
            if let Err(error) = terminal.draw(|frame| screen::inspect::draw(frame, &mut self.on, look)) {
                // Nobody is left to be told that the window was closed.
                return if error.raw_os_error() == Some(libc::EIO) { Ok(()) } else { Err(error.into()) };
            }
            let first = match news.recv_timeout(AT_LEAST) {
                Ok(first) => Some(first),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            // All that has come meanwhile is one picture.
            for heard in first.into_iter().chain(news.try_iter().take(64)) {
                if !self.hear(heard) {
                    return Ok(());
                }
            }
        }
    }

    /// Has the looker look at what is shown, and the shell know how large it is.
    fn fit(&mut self, terminal: &DefaultTerminal) {
        let size = terminal.size().map_or((80, 24), |size| (size.width, size.height));
        let wanted = if screen::inspect::shows_portrait(size, &self.on) { self.on.subject() } else { None };
        self.looker.want(wanted);
        self.on.silence = self.looker.silence().as_secs();
        if let (Some(inside), Some(pane)) = (&mut self.inside, &mut self.on.shell) {
            let (columns, rows) = screen::inspect::shell_size(size);
            if pane.terminal.screen().size() != (rows, columns) {
                pane.terminal.screen_mut().set_size(rows, columns);
                inside.resize((columns, rows));
            }
        }
    }

    /// Takes something in; gives whether it goes on.
    fn hear(&mut self, news: News) -> bool {
        match news {
            News::Terminal(message) => return self.obey(&message),
            News::Tree(Ok(mut tree)) => {
                self.on.roster.name(&mut tree);
                self.ask_for_names(&tree);
                self.on.seen(tree);
            }
            News::Tree(Err(why)) => self.on.refused = Some(why),
            News::Roster(roster) => {
                self.on.told(roster);
                if let Some(mut tree) = self.on.tree.take() {
                    self.on.roster.name(&mut tree);
                    self.on.seen(tree);
                }
            }
            News::Look(number, heard) => {
                if let Some(look) = self.looker.hear(number, heard) {
                    self.on.looked(look);
                }
            }
            News::Printed(shell, bytes) if shell == self.shells => self.on.printed(&bytes),
            News::ShellEnded(shell, how) if shell == self.shells => {
                self.inside = None;
                self.on.shell_ended(how);
            }
            News::Printed(..) | News::ShellEnded(..) => {}
        }
        true
    }

    /// Who is new may have a name: that is asked for at once.
    fn ask_for_names(&self, tree: &Tree) {
        let known = |of: &crate::course::Group| self.on.groups().iter().any(|group| group.namespaces == of.namespaces);
        if tree.groups.iter().any(|group| !known(group)) {
            let _ = self.ask.send(());
        }
    }

    fn obey(&mut self, message: &Message) -> bool {
        let touch = match message {
            Message::Input(input) => screen::inspect::touch(input, &self.on),
            // A signal, or the window is gone: nobody is asked.
            Message::Event(Event::Action(Action::Quit(_))) => return false,
            _ => None,
        };
        let Some(touch) = touch else { return true };
        match self.on.touch(touch) {
            Some(Wish::Leave) => false,
            Some(Wish::Shell(subject)) => {
                self.open_shell(subject);
                true
            }
            Some(Wish::Type(bytes)) => {
                if let Some(inside) = &self.inside {
                    inside.send(&bytes);
                }
                true
            }
            None => true,
        }
    }

    fn open_shell(&mut self, subject: Subject) {
        let size = crossterm::terminal::size().unwrap_or((80, 24));
        let size = screen::inspect::shell_size(size);
        self.shells += 1;
        self.on.shell = Some(Pane::new(subject, self.on.title(), size));
        match Inside::open(subject, self.on.lang, size, self.shells, self.sender.clone()) {
            Ok(inside) => {
                self.inside = Some(inside);
                self.on.touch(Touch::Keyboard);
            }
            Err(why) => {
                self.on.printed(why.to_string().as_bytes());
                self.on.shell_ended(Err(why.to_string()));
            }
        }
    }
}
