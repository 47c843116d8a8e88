//! Lines from a terminal or a pipe, one at a time: the next one is read when the one before was taken.
//!
//! signal(7): the terminal stays as it is, so that whoever types has the line editing that they know.

use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel};

use nix::sys::signal::{SigSet, Signal};

use crate::course::event::{Action, Event};
use crate::session::{Message, Typed};

/// The longest line that is listened to.
const LONGEST: usize = 4096;

/// Whoever types.
pub struct Lines {
    wanted: Sender<()>,
    asked: bool,
    /// Whether it is a person at a terminal, which has shown what they typed.
    pub is_terminal: bool,
}

impl Lines {
    /// Starts the threads that turn lines and signals into messages.
    ///
    /// `made_to` is set when it is not the person who leaves: then nobody is asked anything more.
    ///
    /// # Errors
    /// The signals could not be blocked.
    pub fn listen(sender: &SyncSender<Message>, made_to: &Arc<AtomicBool>) -> anyhow::Result<Self> {
        let mut ends = SigSet::empty();
        for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGINT] {
            ends.add(signal);
        }
        // Blocked in every thread from here on, so that only the one that waits for them gets them.
        ends.thread_block()?;
        let (made_to, end) = (Arc::clone(made_to), sender.clone());
        std::thread::spawn(move || {
            while let Ok(signal) = ends.wait() {
                let message = if signal == Signal::SIGINT {
                    Message::Typed(Typed::Interrupt)
                } else {
                    made_to.store(true, Ordering::Relaxed);
                    Message::Event(Event::Action(Action::Quit(true)))
                };
                if end.send(message).is_err() {
                    return;
                }
            }
        });
        let (wanted, wants) = channel();
        let sender = sender.clone();
        std::thread::spawn(move || type_on(&wants, &sender));
        Ok(Self { wanted, asked: false, is_terminal: io::stdin().is_terminal() })
    }

    /// Asks for the next line, unless that was done.
    pub fn ask(&mut self) {
        if !self.asked {
            self.asked = true;
            let _ = self.wanted.send(());
        }
    }

    /// The line that was asked for has been taken.
    pub const fn took(&mut self) {
        self.asked = false;
    }
}

fn type_on(wants: &Receiver<()>, sender: &SyncSender<Message>) {
    let mut input = io::stdin().lock();
    while wants.recv().is_ok() {
        let mut line = vec![];
        // What cannot be read any more has ended; so has a line without its end.
        let typed = match input.read_until(b'\n', &mut line) {
            Ok(1..) => {
                let text = String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned();
                Typed::Line(text.chars().take(LONGEST).collect())
            }
            Ok(0) | Err(_) => Typed::End,
        };
        let ended = typed == Typed::End;
        if sender.send(Message::Typed(typed)).is_err() || ended {
            return;
        }
    }
}
