//! The person's terminal: taken, listened to, and given back whatever happens. termios(3), signal(7).

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use nix::sys::signal::{SigSet, Signal};
use ratatui::DefaultTerminal;
use ratatui::backend::CrosstermBackend;

use crate::course::event::{Action, Event};
use crate::session::Message;

/// Takes the terminal; a panic gives it back before it is printed.
pub fn open() -> io::Result<DefaultTerminal> {
    let printed = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        close();
        printed(panic);
    }));
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableMouseCapture)
        .and_then(|()| DefaultTerminal::new(CrosstermBackend::new(io::stdout())))
        .inspect_err(|_| close())
}

/// Gives the terminal back, as much of it as there still is: a window that was closed takes nothing any more, and to
/// say so on stderr would be a panic.
pub fn close() {
    let _ = execute!(io::stdout(), DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// Starts the threads that turn keys and signals into messages.
///
/// `made_to` is set when it is not the person who leaves: then nobody is asked anything more.
pub fn listen<M: From<Message> + Send + 'static>(
    sender: SyncSender<M>,
    made_to: &Arc<AtomicBool>,
) -> anyhow::Result<()> {
    let by_signal = Arc::clone(made_to);
    let by_hangup = Arc::clone(made_to);
    let mut ends = SigSet::empty();
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGINT] {
        ends.add(signal);
    }
    // Blocked in every thread from here on, so that only the one that waits for them gets them.
    ends.thread_block()?;
    let end = sender.clone();
    std::thread::spawn(move || {
        if ends.wait().is_ok() {
            by_signal.store(true, Ordering::Relaxed);
            let _ = end.send(Message::Event(Event::Action(Action::Quit(true))).into());
        }
    });
    std::thread::spawn(move || {
        while let Ok(event) = crossterm::event::read() {
            if sender.send(Message::Input(event).into()).is_err() {
                return;
            }
        }
        // The terminal is gone, and with it whoever sat at it.
        by_hangup.store(true, Ordering::Relaxed);
        let _ = sender.send(Message::Event(Event::Action(Action::Quit(true))).into());
    });
    Ok(())
}

/// Puts text on the clipboard of whatever terminal shows us: OSC 52.
pub fn copy(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    execute!(out, CopyToClipboard::to_clipboard_from(text))?;
    out.flush()
}
