//! The ways out of a container that have been found over the years. With everything on none leads out; each does when just
//! that is off which stops it, so that every one of these tests can fail.
//!
//! | Way | What stops it | How it is off here |
//! |---|---|---|
//! | chroot(2) twice and `..` | pivot_root(2): `rootfs` | the same in a chroot(2) |
//! | a descriptor left open | close-on-exec of all from 3 on | the same program without unha |
//! | a cwd outside (CVE-2024-21626) | chdir(2) after pivot_root(2): `rootfs` | without `rootfs` |
//! | `/proc/PID/root`, ptrace(2), kill(2) | `pid`; for an ordinary user the user namespace too | without it |
//! | mknod(2) of a device | `rootfs`, for every mount of it is nodev; the user namespace | without `rootfs` |
//! | writing to /proc/sys, /sys; reading /proc/timer_list | `rootfs` makes them read-only, hides it; the user namespace | without `rootfs` |
//! | an abstract socket (CVE-2020-15257) | `net` | without it |
//! | a System V queue | `ipc` | without it |
//! | mount(2), bpf(2), perf_event_open(2), syslog(2), reboot(2), init_module(2) | `capabilities` | without it |
//! | open_by_handle_at(2), "Shocker" | `capabilities`: DAC_READ_SEARCH | without it |
//! | a user namespace in the box, keyctl(2) and its like, userfaultfd(2) | `seccomp` | without it |
//! | kexec_load(2), swapon(2) | `capabilities` and `seccomp`, each | without both |
//! | overwriting the runtime by /proc/PID/exe (CVE-2019-5736) | it runs from a read-only mount; `pid` | without a root, whose files are foreign |
//! | release_agent of a cgroup v1 (CVE-2022-0492) | `capabilities`: it has to be mounted | without it, in the guest |
//!
//! What has an effect outside the test's own files and processes is tried in the guest alone (see `guest`).

#[path = "escape/attempt.rs"]
mod attempt;
#[path = "escape/guest.rs"]
mod guest;
#[path = "escape/runtime.rs"]
mod runtime;

use std::fs;
use std::os::fd::AsRawFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use unha::kernel::feature::Feature::{Capabilities, Ipc, Mount, Net, NoNewPrivs, Pid, Rootfs, Seccomp, Uts};
use unha::kernel::feature::{Feature, FeatureSet};

use self::attempt::{HELD, OUT, WAY};
use crate::outside::Bench;
use crate::part::{Here, both};
use crate::program::{Unha, options};
use crate::skip::{Why, skip};

/// All that stops anything; limits do not.
const EVERYTHING: [Feature; 9] = [Uts, Pid, Mount, Rootfs, Ipc, Net, Capabilities, NoNewPrivs, Seccomp];

/// Off, so that an ordinary user has no user namespace either.
const ALL_THAT_TAKE_ROOT: &[Feature] = &[Uts, Pid, Mount, Rootfs, Ipc, Net, Capabilities];

/// A way out: its name and target, and what must be off for it to lead out, for root and for an ordinary user; for whom
/// there is nothing, a user namespace is in the way, which they cannot do without.
struct Way {
    name: &'static str,
    target: String,
    off: [Option<&'static [Feature]>; 2],
}

impl Way {
    #[expect(clippy::needless_pass_by_value, reason = "numbers and texts alike, as they come")]
    fn new(name: &'static str, target: impl ToString, off: [Option<&'static [Feature]>; 2]) -> Self {
        Self { name, target: target.to_string(), off }
    }
}

/// This is no test but the ways out themselves, as a box's command: see [`attempt`]. Nobody asks for one otherwise.
#[test]
fn tried_from_within() {
    attempt::as_asked();
}

/// What is outside: a root file system with this program in it, and a secret that only who is outside can read.
struct Outside {
    rootfs: PathBuf,
    folder: PathBuf,
}

impl Outside {
    fn of(here: &Here) -> Self {
        let rootfs = unha::image::ensure(&here.dir.join("cache")).unwrap().path;
        let itself = std::env::current_exe().unwrap();
        fs::copy(&itself, rootfs.join("way-out")).unwrap();
        // What it is linked with, as far as the root has it not.
        for library in fs::read_to_string("/proc/self/maps").unwrap().lines().filter_map(|line| line.split_once('/')) {
            let inside = rootfs.join(library.1);
            if library.1.contains(".so") && !inside.exists() {
                fs::create_dir_all(inside.parent().unwrap()).unwrap();
                fs::copy(format!("/{}", library.1), inside).unwrap();
            }
        }
        let folder = here.dir.join("tmp/outside");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("secret"), "outside").unwrap();
        Self { rootfs, folder }
    }

    fn secret(&self) -> String {
        self.folder.join("secret").display().to_string()
    }

    /// `unha run` with everything on.
    fn everything(&self, here: &Here) -> String {
        if here.root { format!("--all --rootfs {}", self.rootfs.display()) } else { self.all_but(&[]) }
    }

    /// The same without these. The limits are left out: an ordinary user has none everywhere, and they stop nothing here.
    fn all_but(&self, off: &[Feature]) -> String {
        let on: FeatureSet = EVERYTHING.into_iter().filter(|feature| !off.contains(feature)).collect();
        options(on).replace("--rootfs unha", &format!("--rootfs {}", self.rootfs.display()))
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The words by which this program tries a way.
fn words(program: &Path, way: &str, target: &str) -> Vec<String> {
    let itself = ["--exact", "escape::tried_from_within", "--nocapture", "--test-threads=1"];
    let words = ["env".to_owned(), format!("{WAY}={way} {target}"), program.display().to_string()];
    words.into_iter().chain(itself.map(str::to_owned)).collect()
}

/// Where this program is for a box with these options.
fn program_for(options: &str) -> PathBuf {
    if options.contains("--rootfs") { PathBuf::from("/way-out") } else { std::env::current_exe().unwrap() }
}

/// What came of it.
#[track_caller]
fn verdict(out: &str, shown: &str) -> Result<(), String> {
    let said = |word| out.lines().find_map(|line| line.find(word).map(|at| line[at..].to_owned()));
    match (said(OUT), said(HELD)) {
        (Some(_), None) => Ok(()),
        (None, Some(why)) => Err(why),
        _ => panic!("{shown} was not tried: {out}"),
    }
}

/// Tries a way in a box.
#[track_caller]
fn tried(here: &Here, options: &str, way: &Way, change: impl FnOnce(Unha) -> Unha) -> Result<(), String> {
    let command = words(&program_for(options), way.name, &way.target);
    let done = change(here.run(options).command(["--"]).command(command)).done();
    verdict(&format!("{}\n{}", done.out, done.err), &format!("{} with {options}", way.name))
}

/// Each way is held with everything on, and leads out without what stops it.
#[track_caller]
fn only_off(here: &Here, outside: &Outside, ways: &[Way]) {
    for way in ways {
        let on = tried(here, &outside.everything(here), way, |unha| unha);
        assert!(on.is_err(), "{} {} got out with everything on", way.name, way.target);
        if let Some(off) = way.off[usize::from(!here.root)] {
            let without = tried(here, &outside.all_but(off), way, |unha| unha);
            if without.as_ref().is_err_and(|why| why.contains("Function not implemented")) {
                skip(&format!("{}: {}, which this kernel has not", here.name, way.name), Why::Guest);
                continue;
            }
            assert_eq!(without, Ok(()), "{} {} was held without {off:?} too", way.name, way.target);
        }
    }
}

/// A process outside that has no more rights than a box may have; it ends with this.
struct Target(Child);

impl Target {
    fn start(here: &Here) -> Self {
        let mut command = Command::new(if here.root { "setpriv" } else { "sleep" });
        if here.root {
            command.args(["--inh-caps=-all", "--bounding-set=-all", "sleep"]);
        }
        let child = command.arg("1000").stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let name = format!("/proc/{}/comm", child.id());
        crate::part::until("the target sleeps", || fs::read_to_string(&name).unwrap() == "sleep\n");
        Self(child)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn of_processes(outside: &Outside, target: &Target) -> Vec<Way> {
    let pid = target.0.id();
    vec![
        Way::new("signal", pid, [Some(&[Pid]), Some(&[Pid])]),
        Way::new("ptrace", pid, [Some(&[Pid]), Some(ALL_THAT_TAKE_ROOT)]),
        Way::new("root-of-process", format!("{pid} {}", outside.secret()), [Some(&[Pid]), Some(ALL_THAT_TAKE_ROOT)]),
        Way::new("root-of-process", format!("1 {}", outside.secret()), [None, None]),
    ]
}

fn of_files(here: &Here) -> Vec<Way> {
    // /dev/zero, anywhere.
    let zero = format!("c 1 5 {}", here.dir.join("tmp").display());
    vec![
        Way::new("mknod", zero, [Some(&[Rootfs]), None]),
        Way::new("open-for-writing", "/proc/sys/kernel/core_pattern", [Some(&[Rootfs]), None]),
        Way::new("open-for-writing", "/sys/kernel/mm/transparent_hugepage/enabled", [Some(&[Rootfs]), None]),
        Way::new("read", "/proc/timer_list", [Some(&[Rootfs]), None]),
    ]
}

fn of_calls() -> Vec<Way> {
    let kept_from_root = |name| Way::new(name, "", [Some(&[Capabilities]), None]);
    let filtered = |name| Way::new(name, "", [Some(&[Seccomp]), Some(&[Seccomp])]);
    let mut ways = vec![
        // Both have an effect in the box alone.
        Way::new("mount", "", [Some(&[Capabilities]), Some(&[Capabilities])]),
        Way::new("reboot", "", [Some(&[Capabilities]), Some(&[Capabilities])]),
        Way::new("kexec_load", "", [Some(&[Capabilities, Seccomp]), None]),
        Way::new("swapon", "", [Some(&[Capabilities, Seccomp]), None]),
    ];
    ways.extend(["bpf", "perf_event_open", "syslog", "init_module"].map(kept_from_root));
    ways.extend(["user-namespace", "keyctl", "add_key", "request_key", "userfaultfd"].map(filtered));
    // A file that no box has, on the file system of one that every box has.
    match attempt::handle_of("/dev/kmsg") {
        Some(handle) => ways.push(Way::new("handle", format!("/dev/null {handle}"), [Some(&[Capabilities]), None])),
        None => skip("open_by_handle_at: /dev has no handles", Why::Guest),
    }
    ways
}

#[test]
fn processes_outside_are_out_of_reach() {
    both(|here| {
        let (outside, target) = (Outside::of(here), Target::start(here));
        only_off(here, &outside, &of_processes(&outside, &target));
    });
}

#[test]
fn devices_and_the_kernels_settings_are_out_of_reach() {
    both(|here| only_off(here, &Outside::of(here), &of_files(here)));
}

#[test]
fn calls_that_no_namespace_divides_are_refused() {
    both(|here| only_off(here, &Outside::of(here), &of_calls()));
}

#[test]
fn sockets_and_queues_outside_are_out_of_reach() {
    both(|here| {
        let outside = Outside::of(here);
        let name = format!("unha-test-{}", std::process::id());
        let _socket = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
        let ipc = |words: &[&str]| {
            let output = Command::new(words[0]).args(&words[1..]).output().unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        let made = ipc(&["ipcmk", "-Q"]);
        let id = made.trim().rsplit(' ').next().unwrap().to_owned();
        // ipcmk draws the key; the list of queues says it.
        let list = fs::read_to_string("/proc/sysvipc/msg").unwrap();
        let of_queue = |line: &&str| line.split_whitespace().nth(1) == Some(&id);
        let drawn = list.lines().find(of_queue).unwrap().split_whitespace().next().unwrap().parse::<i32>().unwrap();
        let both_off = |feature: &'static [Feature]| [Some(feature), Some(feature)];
        only_off(
            here,
            &outside,
            &[
                Way::new("abstract-socket", name, both_off(&[Net])),
                Way::new("message-queue", drawn.cast_unsigned(), both_off(&[Ipc])),
            ],
        );
        ipc(&["ipcrm", "-q", &id]);
    });
}

#[test]
fn a_chroot_is_left_and_a_pivoted_root_is_not() {
    both(|here| {
        let outside = Outside::of(here);
        let inside = Way::new("chroot", format!("/ {}", outside.secret()), [None, None]);
        let held = tried(here, &outside.everything(here), &inside, |unha| unha);
        assert!(held.as_ref().is_err_and(|why| why.contains("No such file")), "{held:?}");
        let prison = Way::new("chroot", format!("{} {}", outside.rootfs.display(), outside.secret()), [None, None]);
        assert_eq!(tried(here, &outside.all_but(&[Rootfs]), &prison, |unha| unha), Ok(()));
    });
}

#[test]
fn a_descriptor_left_open_does_not_get_in() {
    both(|here| {
        let outside = Outside::of(here);
        let folder = fs::File::open(&outside.folder).unwrap();
        // Without O_CLOEXEC: whoever is started from here has it.
        let left = nix::fcntl::fcntl(&folder, nix::fcntl::FcntlArg::F_DUPFD(20)).unwrap();
        for name in ["descriptor", "descriptor-of-first"] {
            let way = Way::new(name, left, [None, None]);
            let everything = outside.everything(here);
            for options in [everything.clone(), format!("{everything} --init"), outside.all_but(&EVERYTHING)] {
                if name == "descriptor" || options.contains("--rootfs") {
                    assert!(tried(here, &options, &way, |unha| unha).is_err(), "{name}: {options}");
                }
            }
        }
        let words = words(&std::env::current_exe().unwrap(), "descriptor", &left.to_string());
        let done = Command::new(&words[0]).args(&words[1..]).output().unwrap();
        assert_eq!(verdict(&String::from_utf8_lossy(&done.stdout), "without unha"), Ok(()));
        nix::unistd::close(left).unwrap();
    });
}

#[test]
fn a_cwd_outside_is_left() {
    both(|here| {
        let outside = Outside::of(here);
        let way = Way::new("cwd", outside.secret(), [None, None]);
        let folder = fs::File::open(&outside.folder).unwrap();
        let by_descriptor = PathBuf::from(format!("/proc/{}/fd/{}", std::process::id(), folder.as_raw_fd()));
        for cwd in [outside.folder.clone(), by_descriptor] {
            let from = |unha: Unha| unha.with(|command| _ = command.current_dir(&cwd));
            assert!(tried(here, &outside.everything(here), &way, from).is_err(), "{}", cwd.display());
            assert_eq!(tried(here, &outside.all_but(&[Rootfs]), &way, from), Ok(()), "{}", cwd.display());
        }
    });
}

#[test]
fn a_box_on_a_bench_is_not_left_either() {
    both(|here| {
        let (outside, target) = (Outside::of(here), Target::start(here));
        let mut bench = Bench::of(here);
        let mut ways = of_processes(&outside, &target);
        ways.extend(of_files(here));
        ways.extend(of_calls());
        ways.push(Way::new("chroot", format!("/ {}", outside.secret()), [None, None]));
        for way in ways {
            let command = words(Path::new("/way-out"), way.name, &way.target);
            let script: Vec<String> = command.iter().map(|word| format!("'{word}'")).collect();
            let said = bench.inside(EVERYTHING.into_iter().collect(), &script.join(" ")).unwrap();
            assert!(verdict(&said, way.name).is_err(), "{} {} got out of a box on a bench", way.name, way.target);
        }
    });
}
