//! The terminal: its size, its colours, its letters and its signs. tty_ioctl(4), locale(7), terminfo(5).

use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use crate::kernel::doctor::{Finding, What};
use crate::kernel::reason::{Because, Reason};
use crate::kernel::sys::size_of_terminal;
use crate::screen::{self, Colours, Glyphs, Look, Wish};

/// What a projector shows.
const PROJECTOR: (u16, u16) = (80, 24);

/// What the terminal that this process has, on whichever of its files, can show.
pub(super) fn findings(env: &dyn Fn(&str) -> Option<String>) -> Vec<Finding> {
    let own = || {
        size_of_terminal(io::stdout().as_fd())
            .or_else(|| size_of_terminal(io::stderr().as_fd()))
            .or_else(|| size_of_terminal(io::stdin().as_fd()))
    };
    // With all three redirected there may be one nevertheless.
    let size = own().or_else(|| size_of_terminal(File::open("/dev/tty").ok()?.as_fd()));
    vec![of_size(size), colours(env), letters(env), glyphs(env)]
}

fn of_size(size: Option<(u16, u16)>) -> Finding {
    let Some((columns, rows)) = size else {
        return Finding::partly(What::Size, Because::seen(Reason::NoTerminal, []));
    };
    let seen = format!("{columns}×{rows}");
    if columns < screen::SMALLEST.0 || rows < screen::SMALLEST.1 {
        Finding::not(What::Size, Because::seen(Reason::TerminalTooSmall, [seen]))
    } else if columns < PROJECTOR.0 || rows < PROJECTOR.1 {
        Finding::partly(What::Size, Because::seen(Reason::TerminalNarrow, [seen]))
    } else {
        Finding::works(What::Size, Some(seen))
    }
}

fn dumb(what: What, env: &dyn Fn(&str) -> Option<String>) -> Option<Finding> {
    let term = env("TERM").unwrap_or_default();
    (term == "dumb").then(|| Finding::partly(what, Because::seen(Reason::TerminalDumb, ["TERM=dumb".to_owned()])))
}

/// As many as the screen would use.
fn colours(env: &dyn Fn(&str) -> Option<String>) -> Finding {
    let value = match Look::from_env(Wish::default(), env, |_| None).colours {
        Colours::Full => "16777216",
        Colours::Indexed => "256",
        Colours::Sixteen => "16",
        Colours::None => "0",
    };
    dumb(What::Colours, env).unwrap_or_else(|| Finding::works(What::Colours, Some(value.to_owned())))
}

/// What the locale says of the encoding: `LC_ALL`, else `LC_CTYPE`, else `LANG`; without any it is "C".
fn letters(env: &dyn Fn(&str) -> Option<String>) -> Finding {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| {
        let value = env(name).filter(|value| !value.is_empty())?;
        Some((name, value))
    });
    let (name, value) = set.unwrap_or(("LANG", "C".to_owned()));
    let encoding = value.to_ascii_lowercase().replace('-', "");
    if encoding.contains("utf8") {
        return Finding::works(What::Letters, Some(value));
    }
    Finding::partly(What::Letters, Because::seen(Reason::NotUtf8, [format!("{name}={value}")]))
}

/// The set of signs that the screen would use.
fn glyphs(env: &dyn Fn(&str) -> Option<String>) -> Finding {
    let value = match Look::from_env(Wish::default(), env, |_| None).glyphs {
        Glyphs::Unicode => "Unicode",
        Glyphs::Console => "console",
        Glyphs::Ascii => "ASCII",
    };
    dumb(What::Glyphs, env).unwrap_or_else(|| Finding::works(What::Glyphs, Some(value.to_owned())))
}
