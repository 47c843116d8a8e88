//! `unha run`: a command in a box, without bench or screen, as unshare(1) would.
//!
//! It is single-threaded and forks the box directly. Nothing is left when it ends: descendants, cgroup, terminal modes.

mod order;
mod relay;

use std::ffi::{CString, OsStr, OsString};
use std::os::fd::AsFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use nix::sys::signal::Signal;
use nix::unistd::geteuid;

pub(super) use self::order::{Order, env, image};
use super::args::Run;
use super::rootfs::{self, BUILT_IN, Root, Unusable};
use super::{RUN_FAILED, words};
use crate::course::text::Lang;
use crate::image::{ImageError, find_command};
use crate::kernel::container::cgroup::devices::Device;
use crate::kernel::container::cgroup::io::WriteLimit;
use crate::kernel::container::cgroup::{Group, Limits};
use crate::kernel::container::link::Failed;
use crate::kernel::container::profile::Profile;
use crate::kernel::container::{self, Cable, Rootfs, Running, Spec};
use crate::kernel::feature::{Feature, FeatureSet};
use crate::kernel::journal::{self, Form};
use crate::kernel::record::{self, Record};
use crate::kernel::{descendants, disk, itself, owners, run_cgroup, sys};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Exit(i32),
    Signal(Signal),
}

/// Whether a command line looks as if [`run`] will start this program anew: then better before it is understood, for
/// that takes longer than the new start and would be done twice.
pub fn starts_anew(words: &[OsString]) -> bool {
    let has =
        |start: &[u8]| words.iter().take_while(|word| *word != "--").any(|word| word.as_bytes().starts_with(start));
    has(b"run") && (has(b"--rootfs") || has(b"--all"))
}

/// Runs the command; its exit code is ours.
pub fn run(options: &Run, lang: Lang) -> ExitCode {
    // What a foreign root starts may be a name of ours: `#!/proc/self/exe`.
    if options.all || options.rootfs.is_some() {
        itself::out_of_reach();
    }
    if options.journal
        && let Ok(stderr) = std::io::stderr().as_fd().try_clone_to_owned()
    {
        journal::write_to(stderr, Form::Text);
    }
    if options.has_cable() && !geteuid().is_root() {
        words::complain(&words::no_cable(lang));
        return ExitCode::from(RUN_FAILED);
    }
    let root = match root(options) {
        Ok(root) => root,
        Err((unusable, code)) => {
            words::complain(&words::unusable(&unusable, lang));
            return ExitCode::from(code);
        }
    };
    let order = match Order::of(options, root.as_ref(), lang) {
        Ok(order) => order,
        Err(why) => {
            words::complain(&why);
            return ExitCode::from(RUN_FAILED);
        }
    };
    match in_box(options, root.as_ref(), &order) {
        Ok(End::Exit(code)) => ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)),
        Ok(End::Signal(name)) => ExitCode::from(128 + u8::try_from(name as i32).unwrap_or_default()),
        Err(failed) => {
            let of_command = failed.call.as_ref().is_some_and(|call| call.name == "execve");
            if of_command {
                words::complain(&not_started(&failed, &order, root.as_ref(), lang));
            } else {
                words::complain(&words::failure(&failed, lang));
            }
            ExitCode::from(match failed.errno {
                Some(libc::ENOENT | libc::ENOTDIR) if of_command => 127,
                _ if of_command => 126,
                _ => RUN_FAILED,
            })
        }
    }
}

/// Why the command was not started. Who knows docker writes the image where the command stands.
fn not_started(failed: &Failed, order: &Order, root: Option<&Root>, lang: Lang) -> String {
    let found = why_not(order, root);
    let command = order.command[0].to_string_lossy().into_owned();
    let is_root = root.is_none() && rootfs::names().contains(&command);
    let said = words::not_started(failed, found.as_ref(), is_root, lang);
    if is_root {
        return format!("{said}\n  {}", words::is_a_root(&command, lang));
    }
    // A slip of the fingers is the likelier where a command is near.
    let unlike = matches!(&found, Some(ImageError::NoCommand { nearest: None, .. })) || command.contains(':');
    let image =
        (root.is_none() && unlike && failed.errno == Some(libc::ENOENT)).then(|| words::image_meant(&command, lang));
    image.flatten().map_or(said.clone(), |next| format!("{said}\n  {next}"))
}

/// The root file system that is asked for, with the command in it; else why not, and the exit code that says so.
pub(super) fn root(options: &Run) -> Result<Option<Root>, (Unusable, u8)> {
    let Some(name) = options.rootfs.clone().or_else(|| options.all.then(|| OsString::from(BUILT_IN))) else {
        return Ok(None);
    };
    let root = rootfs::find(&name).map_err(|why| (why, RUN_FAILED))?;
    // Before anything is built: a command that is not there is told by name, with the nearest that is.
    let (command, path) = (order::command(options, Some(&root)), order::path(Some(&root)));
    match find_command(&root.dir, &order::program(&command, Some(&root)), &path) {
        Ok(_) => Ok(Some(root)),
        Err(why @ ImageError::NoCommand { .. }) => Err((why.into(), 127)),
        Err(why @ (ImageError::NotExecutable { .. } | ImageError::NoInterpreter { .. })) => Err((why.into(), 126)),
        Err(why) => Err((why.into(), RUN_FAILED)),
    }
}

/// What keeps the command from being executed, found by looking for it as execvp(3) does: ENOENT may be said of it, of
/// its interpreter, or of a name that is mistyped.
fn why_not(order: &Order, root: Option<&Root>) -> Option<ImageError> {
    let command = Path::new(&order.command[0]);
    let by_path = command.as_os_str().as_bytes().contains(&b'/');
    let (dir, command, path) = match root {
        Some(known) => (known.dir.as_path(), PathBuf::from(order::program(&order.command, root)), order::path(root)),
        None if by_path => (Path::new("/"), std::path::absolute(command).ok()?, String::new()),
        None => (Path::new("/"), command.to_owned(), std::env::var("PATH").unwrap_or_default()),
    };
    find_command(dir, &command.to_string_lossy(), &path).err()
}

fn in_box(options: &Run, root: Option<&Root>, order: &Order) -> Result<End, Failed> {
    let mut spec = spec(options, root, order)?;
    // Dropped last: it takes the cable's end away that is on this machine.
    let mut cable = None;
    if options.has_cable() {
        spec.cable = Some(plugged(&mut cable, options.net_rate)?);
    }
    let limits = limits(options)?;
    let mut cgroup = None;
    if limits != Limits::default() || !options.device_deny.is_empty() {
        cgroup = Some(Limited::make(&limits, &options.device_deny)?);
    }
    descendants::adopt().map_err(|errno| Failed::plain("prctl", errno))?;
    let signals = relay::Signals::take().map_err(|errno| Failed::plain("signalfd", errno))?;
    // As late as can be: from here on files and cgroups of this user are those of root in a namespace.
    if let Some(range) = order.range {
        owners::enter(range)?.map_err(|why| Failed::words(&why))?;
    }
    let started = container::start(&spec, cgroup.as_ref().map(|limited| &limited.group));
    let outcome = started.and_then(|running| watch(running, &signals).map_err(|errno| Failed::plain("poll", errno)));
    descendants::end();
    let Some(limited) = cgroup else { return outcome };
    let out_of_memory = outcome.as_ref().is_err_and(|failed| failed.call.is_none()) && has_oom_kill(&limited.group);
    limited.remove()?;
    outcome.map_err(|failed| if out_of_memory { Failed { errno: Some(libc::ENOMEM), ..failed } } else { failed })
}

/// The cable of a box, whose end on this machine is written down before it is made.
fn plugged(record: &mut Option<Record>, rate: Option<u64>) -> Result<Cable, Failed> {
    let folder = record::folder();
    let _ = record::sweep(&folder, false);
    let taken = |name: &str| Path::new("/sys/class/net").join(name).exists();
    let words = |error| Failed::words(&format!("{}: {error}", folder.display()));
    let record = record.insert(Record::open_but(&folder, taken).map_err(words)?);
    Ok(Cable { name: record.will_plug_in().map_err(words)?, rate })
}

/// Whether the kernel has killed for want of memory in the cgroup. Version 1 and version 2 count it in other files.
fn has_oom_kill(group: &Group) -> bool {
    let Some((dir, v2)) = group.folder("memory") else { return false };
    let counts = std::fs::read_to_string(dir.join(if v2 { "memory.events" } else { "memory.oom_control" }));
    counts.is_ok_and(|text| text.lines().any(|line| line.starts_with("oom_kill ") && line != "oom_kill 0"))
}

fn watch(running: Running, signals: &relay::Signals) -> nix::Result<End> {
    match running.terminal {
        Some(terminal) => relay::terminal(running.pid, terminal, signals),
        None => relay::wait(running.pid, signals),
    }
}

/// The cgroup of a box with limits, written down before it was made.
struct Limited {
    group: Group,
    record: Record,
}

impl Limited {
    fn make(limits: &Limits, devices: &[Device]) -> Result<Self, Failed> {
        let folder = record::folder();
        let _ = record::sweep(&folder, false);
        let here = run_cgroup::parent()?;
        let taken = |name: &str| here.group.child(name).exists();
        // Before the turn, so that it is dropped after it: what it then switches off takes a turn too.
        let mut record = Record::open_but(&folder, taken)
            .map_err(|error| Failed::words(&format!("{}: {error}", folder.display())))?;
        let turn = here.turn();
        let parent = run_cgroup::parent()?;
        let mut group = parent.group.child(&record.name());
        // Each hierarchy of version 1 costs a folder, a move and its removal: only those that are asked to limit.
        group.folders.retain(|(controller, v2, _)| *v2 || asked(controller, limits, !devices.is_empty()));
        record.will_make(&group, &parent).map_err(|error| Failed::words(&error))?;
        parent.hand_on()?;
        group.create().inspect_err(|_| record.was_not_made())?;
        let limited = Self { group, record };
        let denied = || devices.iter().try_for_each(|device| limited.group.deny(*device));
        let done = limited.group.limit(limits).and_then(|()| denied());
        drop(turn);
        Ok(done.map(|()| limited)?)
    }

    fn remove(self) -> Result<(), Failed> {
        Ok(self.record.remove_made()?)
    }
}

/// Whether one of the limits is that controller's.
fn asked(controller: &str, limits: &Limits, devices: bool) -> bool {
    match controller {
        "pids" => limits.pids.is_some(),
        "memory" => limits.memory.is_some(),
        "cpu" => limits.cpu.is_some() || limits.cpu_shares.is_some(),
        "io" => limits.io.is_some(),
        "devices" => devices,
        _ => false,
    }
}

/// What the options ask for, with what they imply.
pub(super) fn spec(options: &Run, root: Option<&Root>, order: &Order) -> Result<Spec, Failed> {
    let pid = options.pid || options.all;
    let capped = !options.cap_drop.is_empty() || !options.cap_add.is_empty();
    // Linux 5.6 and later: all of what there is.
    let has_time = Path::new("/proc/self/ns/time").exists();
    let asked = [
        (Feature::Uts, options.uts || options.all || options.hostname.is_some()),
        (Feature::Pid, pid),
        (Feature::Mount, options.mount || options.all || (pid && !options.no_mount)),
        (Feature::Rootfs, root.is_some()),
        (Feature::Ipc, options.ipc || options.all),
        (Feature::Net, options.net || options.all || options.has_cable()),
        (Feature::Cgroupns, options.cgroup || options.all),
        (Feature::Time, options.time || options.boottime.is_some() || (options.all && has_time)),
        (Feature::Capabilities, capped || options.all),
        (Feature::NoNewPrivs, options.no_new_privs || options.all),
        (Feature::Seccomp, options.seccomp.is_some() || options.all),
    ];
    let features: FeatureSet = asked.into_iter().filter_map(|(feature, on)| on.then_some(feature)).collect();
    let command = order.command.iter().map(|word| c_string(word)).collect::<Result<Vec<_>, _>>()?;
    let lower = root.map(|root| root.dir.clone());
    let root = geteuid().is_root();
    // With a range of ids there is a user namespace around it all by then.
    let user = order.range.is_none() && (options.user || (!root && features.take_root()));
    let features = if user { features.with(Feature::User) } else { features };
    let (input, output) = (std::io::stdin(), std::io::stdout());
    let size = sys::size_of_terminal(input.as_fd());
    Ok(Spec {
        features: features.closed(),
        machine_root: root,
        hostname: options.hostname.clone(),
        boottime: options.boottime.unwrap_or(0),
        lo: options.all || options.has_cable(),
        cap_add: options.cap_add.clone(),
        cap_drop: options.cap_drop.clone(),
        profile: profile(options)?,
        proc: true,
        env: order.env.iter().map(|entry| c_string(entry)).collect::<Result<_, _>>()?,
        layers: order.layers.clone(),
        workdir: order.workdir.clone(),
        who: order.who.clone(),
        rootfs: lower.map(|lower| Rootfs { lower, place: None }),
        command,
        terminal: nix::unistd::isatty(&input) == Ok(true) && nix::unistd::isatty(&output) == Ok(true),
        size: size.unwrap_or((80, 24)),
        init: options.init,
        ..Spec::default()
    })
}

/// The seccomp profile, unless it is the built-in one.
fn profile(options: &Run) -> Result<Option<Profile>, Failed> {
    const NEXT: &str = "; give a profile in Docker's format, or default";
    let Some(file) = options.seccomp.as_ref().filter(|file| file.as_os_str() != "default") else { return Ok(None) };
    let said = |why: &dyn std::fmt::Display| Failed::words(&format!("{}: {why}{NEXT}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| said(&error))?;
    Profile::read(&text).map(Some).map_err(|why| said(&why))
}

/// The limits: those of `--all`, and over them the ones that are named.
pub(super) fn limits(options: &Run) -> Result<Limits, Failed> {
    let or = |named: Option<u64>, all: u64| named.or_else(|| options.all.then_some(all));
    let io = options.device_write_bps.as_ref().map(|(path, bytes)| {
        disk::of(path).map(|disk| WriteLimit { disk, bytes: *bytes }).map_err(|why| Failed::words(&why))
    });
    Ok(Limits {
        pids: or(options.pids_limit, 256),
        memory: or(options.memory, 512 << 20),
        cpu: or(options.cpus, 100_000),
        cpu_shares: options.cpu_shares,
        io: io.transpose()?,
        frozen: None,
        rate: None,
    })
}

fn c_string(word: &OsStr) -> Result<CString, Failed> {
    CString::new(OsString::from(word).into_vec())
        .map_err(|_| Failed::words(&format!("{:?} has a NUL byte in it", word.as_bytes())))
}
