//! `unha export oci DIR` and `unha export shell|docker|podman|bwrap`: the box that `unha run` would make with the same
//! flags, in other tools' words. What they cannot express goes to stderr, a sentence each.
//!
//! A bundle is written whole or not at all: beside its place, and then renamed. rename(2).

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io::{self, Read as _, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{AccessFlags, access, getegid, geteuid};

use crate::command::args::{Args, Run, Verb};
use crate::command::rootfs::{Ids, Root, missing_in};
use crate::command::run::{self, Order};
use crate::command::{MISUSED, usage, words};
use crate::course::text::Lang;
use crate::equivalent::{self, Tool, Wanted};
use crate::kernel::container::Cable;
use crate::kernel::feature::Feature;
use crate::kernel::owners::{self, Range};
use crate::kernel::sys::privileges::in_bounding_set;

/// What is asked for, found in the words before they are understood: the flags are those of `unha run`.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked {
    tool: Tool,
    /// Where a bundle goes.
    folder: Option<PathBuf>,
    /// The same flags as words of `unha run`.
    words: Vec<OsString>,
}

impl Asked {
    /// What `words` ask for; `None` where it is anything else, a page for instance.
    pub fn in_words(words: &[OsString]) -> Option<Self> {
        let takes_value = |word: &OsString| ["--lang", "--route", "--lessons"].iter().any(|option| word == option);
        let mut at = 1;
        while words.get(at).is_some_and(|word| word.as_encoded_bytes().starts_with(b"-")) {
            at += if takes_value(&words[at]) { 2 } else { 1 };
        }
        if words.get(at)? != "export" {
            return None;
        }
        let tool = Tool::ALL.into_iter().find(|tool| words.get(at + 1).is_some_and(|word| word == tool.name()))?;
        let mut rest = words[at + 2..].to_vec();
        let is_name = |word: &OsString| !word.as_encoded_bytes().starts_with(b"-");
        let folder = (tool == Tool::Oci && rest.first().is_some_and(is_name)).then(|| PathBuf::from(rest.remove(0)));
        let words = [&words[..at], &["run".into()], &rest].concat();
        Some(Self { tool, folder, words })
    }

    /// Does it.
    pub fn run(self, locale: Lang) -> ExitCode {
        let args = match Args::try_parse_from(&self.words) {
            // Without a command it is a shell.
            Err(error) if lacks_command(&error) => {
                Args::try_parse_from(self.words.iter().cloned().chain(["sh".into()]))
            }
            parsed => parsed,
        };
        let args = match args {
            Ok(args) => args,
            Err(error) => {
                let told = usage::answer(&self.words, locale);
                return if error.kind() == ErrorKind::DisplayHelp { told } else { ExitCode::from(MISUSED) };
            }
        };
        let lang = args.lang.unwrap_or(locale);
        if usage::misplaced(&args, lang).is_some() {
            return ExitCode::from(MISUSED);
        }
        let Some(Verb::Run(options)) = args.verb else { return ExitCode::from(MISUSED) };
        match self.export(&options, lang) {
            Ok(()) => ExitCode::SUCCESS,
            Err((why, code)) => {
                words::complain(&why);
                ExitCode::from(code)
            }
        }
    }

    fn export(&self, options: &Run, lang: Lang) -> Result<(), (String, u8)> {
        if self.tool == Tool::Oci {
            let folder = self.folder.as_ref().ok_or_else(|| (words::no_bundle(lang).to_owned(), MISUSED))?;
            // What would fail at the end fails at the beginning.
            free(folder, lang).map_err(|why| (why, MISUSED))?;
        }
        let (wanted, root) = wanted(options, lang)?;
        let made = equivalent::of(self.tool, &wanted);
        match &self.folder {
            Some(folder) => {
                let range = wanted.subordinate.map(|(uid, gid)| Range { uid, gid });
                if root.as_ref().is_some_and(|root| root.owners_kept)
                    && let Ids::Single(why) = Ids::find()
                {
                    return Err((words::range_refused(&why, lang), 1));
                }
                bundle(folder, &made.text, root.as_ref(), range)
                    .map_err(|error| (words::not_exported(folder, &error, lang), 1))?;
                println!("{}", words::bundled(folder, range.is_some(), lang));
            }
            None => print(&made.text, lang).map_err(|why| (why, 1))?,
        }
        for lack in &made.lacks {
            eprintln!("unha: {}: {}", self.tool.name(), lack.get(lang));
        }
        Ok(())
    }
}

fn lacks_command(error: &clap::Error) -> bool {
    let missing = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(names)) => names.as_slice(),
        _ => &[],
    };
    error.kind() == ErrorKind::MissingRequiredArgument && missing.iter().any(|name| name.contains("COMMAND"))
}

/// The box that these options of `unha run` describe, and its root.
fn wanted(options: &Run, lang: Lang) -> Result<(Wanted, Option<Root>), (String, u8)> {
    let caller = (geteuid(), getegid());
    if options.has_cable() && !caller.0.is_root() {
        return Err((words::no_cable(lang).to_owned(), 1));
    }
    let root = run::root(options).map_err(|(why, _)| (words::unusable(&why, lang), 1))?;
    let failed = |failed| (words::failure(&failed, lang), 1);
    let order = Order::of(options, root.as_ref(), lang).map_err(|why| (why, 1))?;
    let mut spec = run::spec(options, root.as_ref(), &order).map_err(failed)?;
    if order.range.is_some() {
        // What `unha run` makes around the whole box, the others make as a part of it.
        spec.features = spec.features.with(Feature::User).closed();
    }
    if options.has_cable() {
        spec.cable = Some(Cable { name: "box".to_owned(), rate: options.net_rate });
    }
    let profile = options.seccomp.clone().filter(|file| file.as_os_str() != "default");
    let wanted = Wanted {
        spec,
        limits: run::limits(options).map_err(failed)?,
        denied: options.device_deny.clone(),
        profile: profile.map(|file| std::path::absolute(&file).unwrap_or(file)),
        subordinate: order.range.map(|range| (range.uid, range.gid)),
        missing: root.as_ref().map(|root| missing_in(&root.dir)).unwrap_or_default(),
        lang,
        caller: (caller.0.as_raw(), caller.1.as_raw()),
        bounding: Some(in_bounding_set().bits()),
    };
    Ok((wanted, root))
}

/// Whether a bundle can go there: a new folder, or an empty one.
fn free(folder: &Path, lang: Lang) -> Result<(), String> {
    match fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_none() {
                Ok(())
            } else {
                Err(words::not_empty(folder, lang))
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(words::not_exported(folder, &error, lang)),
    }
}

/// Writes the bundle beside its place, and puts it there when it is whole.
fn bundle(folder: &Path, config: &str, root: Option<&Root>, range: Option<Range>) -> io::Result<()> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The kernel's own error: the crate's speaks of a folder that nobody has asked for.
    access(&parent.join("."), AccessFlags::W_OK | AccessFlags::X_OK)?;
    // For nobody else: there may be setuid programs in the root, which are nobody's outside of a box (CVE-2021-41103).
    let begun =
        tempfile::Builder::new().prefix(".unha-").permissions(Permissions::from_mode(0o700)).tempdir_in(parent)?;
    let files = begun.path().join(equivalent::ROOT);
    let done = write(begun.path(), &files, config, root, range).and_then(|()| {
        // An empty folder gives way to a folder; one that is no longer empty does not.
        fs::rename(begun.path(), folder)
    });
    match done {
        Ok(()) => {
            let _ = begun.keep();
        }
        // What belongs to others of the range only their root can remove.
        Err(_) if range.is_some() => {
            let _ = as_root_of(range, || fs::remove_dir_all(&files));
        }
        Err(_) => {}
    }
    done
}

fn write(begun: &Path, files: &Path, config: &str, root: Option<&Root>, range: Option<Range>) -> io::Result<()> {
    match root {
        Some(root) => as_root_of(range, || copy(&root.dir, files))?,
        None => fs::create_dir(files)?,
    }
    let mut file = fs::File::create(begun.join("config.json"))?;
    file.write_all(config.as_bytes())?;
    file.sync_all()
}

/// Does it where the files of a range can be read and given away: by a child that is root over these ids. Without a range
/// we do it ourselves.
fn as_root_of(range: Option<Range>, work: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    if range.is_none() {
        return work();
    }
    let (told, tell) = nix::unistd::pipe()?;
    let child = owners::child(range, move |entered| {
        let done = match entered {
            Ok(Ok(())) => work().map_err(|error| error.to_string()),
            Ok(Err(why)) => Err(why.to_string()),
            Err(why) => Err(why.to_string()),
        };
        let _ = fs::File::from(tell).write_all(done.err().unwrap_or_default().as_bytes());
        0
    });
    let child = child.map_err(|why| io::Error::other(why.to_string()))?;
    let mut why = String::new();
    fs::File::from(told).read_to_string(&mut why)?;
    let ended = waitpid(child, None)?;
    if !why.is_empty() {
        return Err(io::Error::other(why));
    }
    // Killed before it could say anything.
    if ended == WaitStatus::Exited(child, 0) { Ok(()) } else { Err(io::ErrorKind::Interrupted.into()) }
}

/// Owners, modes, links, devices and attributes: cp(1) knows all of them.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let output = Command::new("cp").arg("-a").arg("--").arg(from).arg(to).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(said.lines().next().unwrap_or("cp").to_owned()))
}

fn print(text: &str, lang: Lang) -> Result<(), String> {
    match io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
        // A reader that has seen enough, such as head, is no failure.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(words::unprinted(&error, lang)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Option<(Tool, Option<PathBuf>, String)> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let asked = Asked::in_words(&words)?;
        let words: Vec<String> = asked.words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        Some((asked.tool, asked.folder, words.join(" ")))
    }

    #[test]
    fn the_flags_are_those_of_run() {
        let cases = [
            ("unha export html talk.html", None),
            ("unha run export shell", None),
            ("unha export", None),
            ("unha export shell --uts -- sh -c x", Some((Tool::Shell, None, "unha run --uts -- sh -c x"))),
            ("unha --lang en export bwrap true", Some((Tool::Bwrap, None, "unha --lang en run true"))),
            ("unha export oci b --all", Some((Tool::Oci, Some("b"), "unha run --all"))),
            ("unha export oci --all", Some((Tool::Oci, None, "unha run --all"))),
        ];
        for (line, wanted) in cases {
            let wanted = wanted.map(|(tool, folder, words)| (tool, folder.map(PathBuf::from), words.to_owned()));
            assert_eq!(asked(line), wanted, "{line}");
        }
    }
}
