//! `unha rootfs import SOURCE`: unpacked aside by a child, and given its name when it is whole.
//!
//! The child is where the work is, so that a signal has somebody to end who holds nothing: whatever ends either of the two,
//! at whatever moment, there is a whole root file system under the name or none. Its files may belong to many where the
//! child is root over a range of ids.

use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

use super::list::ended_by;
use super::piped::{self, Piped};
use super::progress::Bar;
use super::remove::away;
use super::signals::Signals;
use super::{BUILT_IN, Ids, Refusal, failed, misused, shelf};
use crate::command::{args, seconds, words};
use crate::course::text::Lang;
use crate::image::archive::{self, Kind, Source};
use crate::image::shelf::{Aside, Label, Part, Settled, Shelf, is_name, measure, name_of_file, name_of_reference};
use crate::image::unpack::{But, Owners, Progress, unpack};
use crate::kernel::owners;

/// What the child tells, a line of JSON each.
#[derive(Debug, Serialize, Deserialize)]
enum Word {
    /// It has looked at the source, which would be called so.
    Opened(Option<String>),
    /// So far it is.
    So { read: u64, total: Option<u64>, entries: u64 },
    /// All is unpacked, and on the disk.
    Done(Box<Label>),
    /// Why not, for people.
    Refused(String),
}

pub(super) fn run(options: &args::Rootfs, lang: Lang) -> Result<(), Refusal> {
    let source = match options.words.as_slice() {
        [source] => PathBuf::from(source),
        [] => return Err(misused(words::no_source(lang).to_owned())),
        [.., last] => return Err(misused(words::one_too_many(last, "import", lang))),
    };
    if Piped::wanted(&source).is_some() && std::io::stdin().is_terminal() {
        return Err(misused(words::no_pipe(lang).to_owned()));
    }
    let refused = |why| failed(words::image(&why, lang));
    let shelf = shelf().map_err(refused)?;
    shelf.make().map_err(refused)?;
    // Before anything is unpacked: a name that cannot be given is told at once.
    if let Some(name) = &options.name {
        may_be_called(name, &shelf, options.replace, lang)?;
    }
    let ids = Ids::find();
    let (_, failures) = super::sweep(false, lang);
    for why in &failures {
        words::complain(why);
    }
    let signals = Signals::take().map_err(|errno| failed(errno.to_string()))?;
    let draft = shelf.draft().map_err(|why| failed(words::shelf(&why, lang)))?;
    let work = Work { source: &source, into: draft.folder(), lang, owners: ids.owners() };
    let (mut line, child) = work.begin(&ids).map_err(failed)?;
    let began = |name: &str| {
        if let Ids::Single(why) = &ids {
            eprintln!("{}", words::all_mine(why, lang));
        }
        if !std::io::stderr().is_terminal() {
            let from = if Piped::wanted(&source).is_some() { Path::new(piped::NAME) } else { &source };
            eprintln!("{}", words::importing(name, from, lang));
        }
    };
    let made = follow(&mut line, child, &signals, &shelf, options, &began, lang);
    // Whoever is still at work there would make what is being removed.
    let _ = kill(child, Signal::SIGKILL);
    let _ = waitpid(child, None);
    let (name, label) = match made {
        Ok(made) => made,
        Err(why) => {
            let left = away(draft, &ids, lang);
            if let Err(left) = left {
                words::complain(&left);
            }
            return Err(why);
        }
    };
    // An image may be of one program alone, and says which.
    let bare =
        matches!(label.kind, Kind::Folder | Kind::Tar) && archive::lacks_all_of_a_root(&draft.folder().join("root"));
    publish(&shelf, draft, &name, &label, options.replace, &ids, lang)?;
    println!("{}", words::imported(&name, &label, lang));
    for but in words::left_out(&label.but, lang).into_iter().chain(words::changed(&label.but, lang)) {
        println!("  {but}");
    }
    if bare {
        println!("  {}", words::no_root(lang));
    }
    println!("{}", words::next_is_run(&name, lang));
    Ok(())
}

fn publish(
    shelf: &Shelf,
    draft: Aside,
    name: &str,
    label: &Label,
    replaces: bool,
    ids: &Ids,
    lang: Lang,
) -> Result<(), Refusal> {
    match shelf.publish(draft, name, label, replaces) {
        Ok((_, old)) => {
            if let Some(Err(why)) = old.map(|old| away(old, ids, lang)) {
                words::complain(&why);
            }
            Ok(())
        }
        Err(why) => {
            let _ = super::sweep(false, lang);
            Err(failed(words::shelf(&why, lang)))
        }
    }
}

/// Whether the name can be given.
fn may_be_called(name: &str, shelf: &Shelf, replaces: bool, lang: Lang) -> Result<(), Refusal> {
    if name == BUILT_IN {
        return Err(misused(words::not_the_built_in(true, lang)));
    }
    if !is_name(name) {
        return Err(misused(words::no_such_name(name, lang)));
    }
    if !replaces && shelf.names().iter().any(|known| known == name) {
        return Err(failed(words::taken(name, lang)));
    }
    Ok(())
}

/// Waits for what the child has to tell, and for signals; gives the name and what is known of what it made. When the
/// source is known to be one, it `began`.
fn follow(
    line: &mut BufReader<File>,
    child: Pid,
    signals: &Signals,
    shelf: &Shelf,
    options: &args::Rootfs,
    began: &dyn Fn(&str),
    lang: Lang,
) -> Result<(String, Label), Refusal> {
    let mut bar = Bar::new(lang, std::io::stderr().is_terminal());
    let mut name = options.name.clone();
    bar.name = name.clone().unwrap_or_else(|| piped::NAME.to_owned());
    loop {
        if let Some(signal) = signals.next(line) {
            let _ = kill(child, Signal::SIGKILL);
            bar.end();
            return Err((words::interrupted(lang).to_owned(), ended_by(signal as i32)));
        }
        let mut text = String::new();
        if line.read_line(&mut text).unwrap_or_default() == 0 {
            bar.end();
            return Err(failed(words::unpacker_died(lang).to_owned()));
        }
        match serde_json::from_str(&text) {
            Ok(Word::Opened(called)) => {
                // What was piped in is kept by now; how fast it is unpacked is another matter.
                bar.end();
                bar = Bar::new(lang, std::io::stderr().is_terminal());
                let Some(called) = name.clone().or(called) else {
                    return Err(misused(words::nameless(lang).to_owned()));
                };
                may_be_called(&called, shelf, options.replace, lang)?;
                began(&called);
                bar.name.clone_from(&called);
                name = Some(called);
            }
            Ok(Word::So { read, total, entries }) => bar.draw(&Progress { read, total, entries }),
            Ok(Word::Done(label)) => {
                bar.done();
                return Ok((name.unwrap_or_default(), *label));
            }
            Ok(Word::Refused(why)) => {
                bar.end();
                return Err(failed(why));
            }
            Err(why) => return Err(failed(why.to_string())),
        }
    }
}

/// What the child is to do.
struct Work<'a> {
    source: &'a Path,
    into: &'a Path,
    owners: Owners,
    lang: Lang,
}

impl Work<'_> {
    /// Starts it; what it tells comes by the line.
    fn begin(&self, ids: &Ids) -> Result<(BufReader<File>, Pid), String> {
        let (told, tell) = nix::unistd::pipe().map_err(|errno| errno.to_string())?;
        // The near end goes with the child: here the line ends when the child does.
        let child = owners::child(ids.range(), move |entered| {
            let mut tell = File::from(tell);
            let word = match entered {
                Ok(Ok(())) => self.carry_out(&mut tell).map_or_else(Word::Refused, |label| Word::Done(Box::new(label))),
                Ok(Err(why)) => Word::Refused(words::range_refused(&why, self.lang)),
                Err(why) => Word::Refused(words::failure(&why, self.lang)),
            };
            let done = matches!(word, Word::Done(_));
            say(&mut tell, &word);
            i32::from(!done)
        });
        Ok((BufReader::new(File::from(told)), child.map_err(|why| words::failure(&why, self.lang))?))
    }

    /// In the child: looks at the source, unpacks it, and sums it up.
    fn carry_out(&self, tell: &mut File) -> Result<Label, String> {
        let piped = Piped::wanted(self.source).map(|_| self.keep(tell)).transpose()?;
        let said = |why| {
            let said = words::import(&why, self.lang);
            piped.as_ref().map_or(said.clone(), |piped| piped.said(&said))
        };
        let source = piped.as_ref().map_or_else(|| archive::open(self.source), |piped| piped.open(self.source));
        let mut source = source.map_err(said)?;
        let env = source.config.keep_variables();
        say(tell, &Word::Opened(name_of(&source, piped.is_none())));
        let mut last = 0;
        let mut progress = |so: Progress| {
            // As often as eyes want, and no more.
            let step = so.read / STEP + so.entries / 256;
            if step != last {
                last = step;
                say(tell, &Word::So { read: so.read, total: so.total, entries: so.entries });
            }
        };
        let unpacked = unpack(&source, self.into, self.owners, &mut progress).map_err(said)?;
        let layers = self.parts(&source, (unpacked.bytes, unpacked.entries));
        let (size, entries) = match layers.as_slice() {
            [only] => (only.size, only.entries),
            _ => measure(&self.into.join("root")),
        };
        Ok(Label {
            schema: 1,
            source: match piped {
                Some(_) => piped::NAME.to_owned(),
                None => {
                    std::path::absolute(self.source).unwrap_or_else(|_| self.source.to_owned()).display().to_string()
                }
            },
            kind: source.kind,
            made: seconds(),
            owners_kept: self.owners == Owners::Kept,
            size,
            entries,
            layers,
            but: But { env, ..unpacked.but },
            config: source.config,
            settled: Settled::Yes,
        })
    }

    /// Keeps what comes over the pipe.
    fn keep(&self, tell: &mut File) -> Result<Piped, String> {
        let mut told = 0;
        let mut progress = |read| {
            if read / STEP != told {
                told = read / STEP;
                say(tell, &Word::So { read, total: None, entries: 0 });
            }
        };
        let kept = Piped::keep(&mut std::io::stdin().lock(), self.into, &mut progress);
        kept.map_err(|why| words::import(&why, self.lang))
    }

    fn parts(&self, source: &Source, all: (u64, u64)) -> Vec<Part> {
        let several = source.layers.len() > 1;
        let part = |(number, layer): (usize, &archive::Layer)| {
            let folder = self.into.join("layers").join(number.to_string());
            let (size, entries) = if several { measure(&folder) } else { all };
            Part { digest: Some(layer.name.clone()), size, entries }
        };
        source.layers.iter().enumerate().map(part).collect()
    }
}

/// How many bytes of the source are a step of the bar.
const STEP: u64 = 1 << 18;

fn say(tell: &mut File, word: &Word) {
    let mut line = serde_json::to_vec(word).unwrap_or_default();
    line.push(b'\n');
    // Whoever listens may be dead; then so are we, in a moment.
    if tell.write_all(&line).is_err() {
        crate::kernel::sys::exit_now(1);
    }
}

/// What a source would be called. What is no file has no file's name.
fn name_of(source: &Source, is_file: bool) -> Option<String> {
    let tag = source.tag.as_deref().filter(|tag| tag.contains(['/', ':'])).and_then(name_of_reference);
    let file = || name_of_file(&std::path::absolute(&source.path).unwrap_or_else(|_| source.path.clone()));
    tag.or_else(|| file().filter(|_| is_file))
}

impl Ids {
    /// Whether files can belong to those whom the source says.
    const fn owners(&self) -> Owners {
        match self {
            Self::All | Self::Range(_) => Owners::Kept,
            Self::Single(_) => Owners::Mine,
        }
    }
}
