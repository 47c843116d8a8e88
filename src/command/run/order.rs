//! What is to be run, by whom and where: what stands on the command line, and what an image says of itself.
//!
//! As docker run does: the command on the line takes the place of the image's cmd, the image's entrypoint stays before it,
//! and without any of them it is a shell.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use nix::unistd::geteuid;

use crate::command::args::Run;
use crate::command::rootfs::{self, Root};
use crate::command::words;
use crate::course::text::Lang;
use crate::image::shelf::{Identity, identity};
use crate::kernel::container::Who;
use crate::kernel::owners::{self, Range};
use crate::session::image::Image;

/// What is to be run.
#[derive(Debug, Default)]
pub(in crate::command) struct Order {
    /// The command and its arguments.
    pub command: Vec<OsString>,
    /// Its environment, `NAME=value` each.
    pub env: Vec<OsString>,
    /// Where it starts.
    pub workdir: Option<PathBuf>,
    /// Whom it runs as, if not as root.
    pub who: Option<Who>,
    /// The layers of its root, to be mounted one by one.
    pub layers: Vec<PathBuf>,
    /// The ids to whom the root's files belong, where they are those of an ordinary user's range.
    pub range: Option<Range>,
}

impl Order {
    /// What the command line and the image ask for; else why that cannot be had.
    pub(in crate::command) fn of(options: &Run, root: Option<&Root>, lang: Lang) -> Result<Self, String> {
        let command = command(options, root);
        let Some(root) = root else {
            let env = std::env::vars_os().map(|(name, value)| [name, value].join(OsStr::new("="))).collect();
            return Ok(Self { command, env, ..Self::default() });
        };
        if options.rootfs_layers && root.layers.is_empty() {
            return Err(words::no_layers(lang).to_owned());
        }
        let image = image(root, lang)?;
        let user = options.user || (!geteuid().is_root() && image.range.is_none());
        let who = image.who(user).cloned();
        if let (None, Some(_)) = (&who, &image.who) {
            eprintln!("{}", words::runs_as_root(root.config.user.trim(), lang));
        }
        Ok(Self {
            command,
            env: env(&image, user).into_iter().map(OsString::from).collect(),
            workdir: image.workdir,
            who,
            layers: if options.rootfs_layers { root.layers.clone() } else { vec![] },
            range: image.range.map(|(uid, gid)| Range { uid, gid }),
        })
    }
}

/// How the root's image wants a command to be started; else why that cannot be had.
pub(in crate::command) fn image(root: &Root, lang: Lang) -> Result<Image, String> {
    let range = if geteuid().is_root() || !root.owners_kept { None } else { owners::given().ok() };
    let user = Some(root.config.user.trim()).filter(|user| !user.is_empty());
    let known = user.map(|user| identity(&root.dir, user)).transpose();
    let known = known.map_err(|why| words::no_such_user(&why, &root.dir, lang))?;
    Ok(Image {
        env: root.config.env.clone(),
        workdir: workdir(root),
        who: known.as_ref().filter(|known| known.uid != 0).map(who),
        home: known.and_then(|known| known.home),
        range: range.map(|range| (range.uid, range.gid)),
    })
}

fn who(known: &Identity) -> Who {
    Who { uid: known.uid, gid: known.gid, groups: known.groups.clone() }
}

/// The command and its arguments.
pub(super) fn command(options: &Run, root: Option<&Root>) -> Vec<OsString> {
    let Some(config) = root.map(|root| &root.config) else { return options.command.clone() };
    let own = |words: &[String]| words.iter().map(OsString::from).collect::<Vec<_>>();
    // As docker run --entrypoint: the image's cmd was meant for the image's own.
    let (mut command, cmd) = match &options.entrypoint {
        Some(program) => (vec![program.clone()], vec![]),
        None => (own(&config.entrypoint), own(&config.cmd)),
    };
    command.extend(if options.command.is_empty() { cmd } else { options.command.clone() });
    if command.is_empty() { vec!["/bin/sh".into()] } else { command }
}

/// Where commands are looked up.
pub(super) fn path(root: Option<&Root>) -> String {
    let named = root.and_then(|root| root.config.env.iter().find_map(|entry| entry.strip_prefix("PATH=")));
    named.unwrap_or(rootfs::PATH).to_owned()
}

/// The program as it is looked up: a relative path begins where the command starts.
pub(super) fn program(command: &[OsString], root: Option<&Root>) -> String {
    let program = command[0].to_string_lossy().into_owned();
    let folder = root.and_then(workdir).filter(|_| program.contains('/'));
    folder.map_or(program.clone(), |folder| folder.join(&program).to_string_lossy().into_owned())
}

fn workdir(root: &Root) -> Option<PathBuf> {
    let named = Some(root.config.workdir.as_str()).filter(|folder| !folder.is_empty());
    named.map(|folder| Path::new("/").join(folder))
}

/// What fits in a root of its own, and over it what the image says; in a box with a user namespace of its own or without.
pub(in crate::command) fn env(image: &Image, user: bool) -> Vec<String> {
    let term = std::env::var_os("TERM").map_or_else(|| "linux".to_owned(), |term| term.to_string_lossy().into_owned());
    let home = image.home(user);
    let fixed = [("PATH", rootfs::PATH), ("HOME", home), ("LANG", "C.UTF-8"), ("TERM", &term)];
    image.over(fixed.map(|(name, value)| format!("{name}={value}")).to_vec())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::command::args::{Args, Verb};
    use crate::image::archive::Config;

    fn run(line: &str) -> Run {
        let Some(Verb::Run(options)) = Args::try_parse_from(line.split(' ')).unwrap().verb else { panic!("{line}") };
        *options
    }

    #[test]
    fn the_command_is_what_docker_run_would_run() {
        let strings =
            |text: &str| text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        for (entrypoint, cmd, line, expected) in [
            ("", "", "", "/bin/sh"),
            ("", "bash -l", "", "bash -l"),
            ("", "bash -l", " -- id -u", "id -u"),
            ("/start", "serve", "", "/start serve"),
            ("/start", "serve", " -- check", "/start check"),
            ("/start", "serve", " --entrypoint sh", "sh"),
            ("/start", "serve", " --entrypoint sh -- -c true", "sh -c true"),
        ] {
            let config = Config { entrypoint: strings(entrypoint), cmd: strings(cmd), ..Config::default() };
            let root = Root::of(config);
            let command = command(&run(&format!("unha run --rootfs x{line}")), Some(&root));
            assert_eq!(command.join(OsStr::new(" ")), OsString::from(expected), "{entrypoint} {cmd} {line}");
        }
    }

    #[test]
    fn what_the_image_says_of_the_environment_counts() {
        let image = Image { env: vec!["PATH=/opt".to_owned(), "A=b=c".to_owned()], ..Image::default() };
        let entries = env(&image, true);
        let has = |entry: &str| entries.iter().any(|known| known == entry);
        assert!(has("PATH=/opt") && has("A=b=c") && has("HOME=/root") && has("LANG=C.UTF-8"), "{entries:?}");
        assert_eq!(entries.iter().filter(|entry| entry.starts_with("PATH=")).count(), 1);
    }

    #[test]
    fn a_relative_program_begins_where_the_command_starts() {
        let config = Config { workdir: "app".to_owned(), ..Config::default() };
        let root = Root::of(config);
        assert_eq!(program(&["./run".into()], Some(&root)), "/app/./run");
        assert_eq!(program(&["run".into()], Some(&root)), "run");
    }
}
