//! The observer against the real kernel: a fact differs when the namespace is there, and does not when it is not.
//!
//! The places looked at are made by util-linux, not by unha. Everything runs as root and as an ordinary user in a
//! user namespace of its own; what cannot run is said aloud.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use unha::kernel::cgroupfs::{Cgroups, Controller, Version};
use unha::kernel::fact::{Fact, Facts, Reading, Value};
use unha::kernel::probe::{Proc, Sampler, apart, inside, only_here, outside};

/// A process that stands still in a place of its own until the test ends: it reads from a pipe.
struct Standing {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
    /// The process that stands: `child` or a descendant.
    pid: u32,
}

impl Standing {
    /// Runs `script` by `sh` behind `before` (such as `unshare --uts`), then lets it read further lines of script.
    fn new(before: &[&str], script: &str) -> Self {
        let script = format!("{script}\necho ready; while read -r line; do eval \"$line\"; echo ready; done");
        let words: Vec<&str> = before.iter().copied().chain(["sh", "-c", &script]).collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n", "{words:?} did not get ready");
        let mut pid = child.id();
        while let Some(only) = children(pid) {
            pid = only;
        }
        Self { child, answers, pid }
    }

    fn sends(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    fn does(&mut self, line: &str) {
        self.sends(line);
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "ready\n");
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn children(pid: u32) -> Option<u32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    children.split_ascii_whitespace().next().map(|pid| pid.parse().unwrap())
}

/// Runs this very test again behind `before`, for instance as another user.
fn again(test: &str, part: &str, before: &[&str]) {
    // An ordinary user may not reach the build folder.
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("test");
    let built = env::current_exe().unwrap();
    fs::hard_link(&built, &program).or_else(|_| fs::copy(&built, &program).map(drop)).unwrap();
    let mut command = Command::new(before[0]);
    command.args(&before[1..]).arg(&program).args(["--exact", test, "--nocapture", "--test-threads=1"]);
    let output = command.env("UNHA_TEST_PART", part).current_dir("/").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{test}, part {part}:\n{said}");
}

fn part() -> Option<String> {
    env::var("UNHA_TEST_PART").ok()
}

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

const ORDINARY: [&str; 6] = ["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"];
/// Namespaces of its own for everything that a look may have to come back to, as the bench has.
const BENCH: [&str; 6] = ["unshare", "--map-root-user", "--uts", "--ipc", "--cgroup", "--mount"];

/// Runs `body` as root, and as an ordinary user in a user namespace.
fn as_both(test: &str, body: impl FnOnce()) {
    if part().is_some() {
        return body();
    }
    let bench: Vec<&str> = if is_root() { ORDINARY.iter().chain(&BENCH).copied().collect() } else { BENCH.to_vec() };
    again(test, "user", &bench);
    if is_root() {
        body();
    } else {
        println!("SKIP {test} as root: this is not root");
    }
}

fn look(place: &Standing) -> (Facts, Facts) {
    let proc = Proc::open("/proc").unwrap();
    let (mut outside, mut inside) = (outside(&proc, Some(place.pid)), inside(&proc, place.pid).unwrap());
    only_here(&mut outside, &mut inside);
    (outside, inside)
}

#[track_caller]
fn value(facts: &Facts, fact: Fact) -> Value {
    match &facts[&fact] {
        Reading::Value(value) => value.clone(),
        Reading::Missing(why) => panic!("{fact} is missing: {why}"),
    }
}

#[track_caller]
fn missing(facts: &Facts, fact: Fact) -> String {
    match &facts[&fact] {
        Reading::Value(value) => panic!("{fact} is {value}"),
        Reading::Missing(why) => why.clone(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn list(items: &[&str]) -> Value {
    Value::List(items.iter().map(|item| (*item).to_owned()).collect())
}

/// Facts that are the same on both sides when no feature is on.
const SAME: [Fact; 17] = [
    Fact::Hostname,
    Fact::NsUts,
    Fact::NsPid,
    Fact::NsMnt,
    Fact::NsIpc,
    Fact::NsNet,
    Fact::NsCgroup,
    Fact::NsUser,
    Fact::Kernel,
    Fact::Mounts,
    Fact::MountPoints,
    Fact::Os,
    Fact::Root,
    Fact::RootType,
    Fact::MemTotal,
    Fact::Links,
    Fact::Cgroup,
];

/// With `flags` for unshare, `fact` and what its script changes differ, and nothing else.
#[track_caller]
fn only_these_differ(place: &Standing, differ: &[Fact]) -> (Facts, Facts) {
    let (outside, inside) = look(place);
    for fact in SAME {
        let (theirs, ours) = (value(&outside, fact), value(&inside, fact));
        assert_eq!(theirs != ours, differ.contains(&fact), "{fact}: outside {theirs}, inside {ours}");
    }
    (outside, inside)
}

#[test]
fn nothing_differs_without_a_namespace() {
    as_both("nothing_differs_without_a_namespace", || {
        let (outside, inside) = only_these_differ(&Standing::new(&["env"], ""), &[]);
        assert_eq!(value(&outside, Fact::Pid), value(&inside, Fact::Pid));
        assert_eq!(value(&outside, Fact::Uid), Value::Number(0));
        assert_eq!(value(&inside, Fact::Uid), Value::Number(0));
    });
}

#[test]
fn uts() {
    as_both("uts", || {
        let place = Standing::new(&["unshare", "--uts"], "hostname caixa");
        let (_, inside) = only_these_differ(&place, &[Fact::NsUts, Fact::Hostname]);
        assert_eq!(value(&inside, Fact::Hostname), text("caixa"));
        // The visit is over.
        assert_ne!(nix::unistd::gethostname().unwrap(), "caixa");
    });
}

#[test]
fn pid() {
    as_both("pid", || {
        let place = Standing::new(&["unshare", "--pid", "--fork"], "");
        let (outside, inside) = only_these_differ(&place, &[Fact::NsPid]);
        assert_eq!(value(&outside, Fact::Pid), Value::Number(place.pid.into()));
        assert_eq!(value(&inside, Fact::Pid), Value::Number(1));
        let place = Standing::new(&["unshare", "--pid", "--fork", "--mount-proc"], "");
        let (outside, inside) = look(&place);
        assert_eq!(value(&inside, Fact::Processes), Value::Number(1));
        assert_ne!(value(&outside, Fact::Processes), Value::Number(1));
    });
}

#[test]
fn mount() {
    as_both("mount", || {
        let place = Standing::new(&["unshare", "--mount"], "mount -t tmpfs -o size=4k x /mnt");
        let (outside, inside) = only_these_differ(&place, &[Fact::NsMnt, Fact::Mounts, Fact::MountPoints]);
        assert_eq!(value(&outside, Fact::MountPoints), list(&[]));
        assert_eq!(value(&inside, Fact::MountPoints), list(&["/mnt"]));
    });
}

#[test]
fn ipc() {
    as_both("ipc", || {
        let place = Standing::new(&["unshare", "--ipc"], "ipcmk -M 1024 >/dev/null; ipcmk -Q >/dev/null");
        let (_, inside) = only_these_differ(&place, &[Fact::NsIpc]);
        assert_eq!(value(&inside, Fact::Ipc), Value::Number(2));
    });
}

#[test]
fn net() {
    as_both("net", || {
        let place = Standing::new(&["unshare", "--net"], "ip link add here0 type veth peer name here1");
        let (outside, inside) = look(&place);
        assert_ne!(value(&outside, Fact::NsNet), value(&inside, Fact::NsNet));
        let Value::List(links) = value(&inside, Fact::Links) else { panic!() };
        assert!(links.contains(&"lo".to_owned()) && links.contains(&"here0".to_owned()), "{links:?}");
        assert!(!value(&outside, Fact::Links).to_string().contains("here0"));
    });
}

#[test]
fn user() {
    as_both("user", || {
        let place = Standing::new(&["unshare", "--user", "--map-user=77", "--map-group=77", "--uts"], "");
        let (outside, inside) = only_these_differ(&place, &[Fact::NsUser, Fact::NsUts]);
        assert_eq!((value(&outside, Fact::Uid), value(&inside, Fact::Uid)), (Value::Number(0), Value::Number(77)));
        let unmapped = Standing::new(&["unshare", "--user"], "");
        assert_eq!(value(&look(&unmapped).1, Fact::Uid), Value::Number(65534));
    });
}

#[test]
fn cgroup() {
    if !is_root() {
        return println!("SKIP cgroup: making a cgroup takes root");
    }
    let proc = Proc::open("/proc").unwrap();
    let cgroups = Cgroups::of("self", std::os::fd::AsFd::as_fd(&proc)).unwrap();
    let name = format!("unha-test-{}", std::process::id());
    let v1 = cgroups.version_of_limits() == Some(Version::V1);
    let parent = |controller| {
        let folder = cgroups.folder(controller)?;
        // In version 2 a cgroup with processes hands nothing to cgroups below it; the topmost may.
        Some(if v1 { folder.dir.clone() } else { folder.mount.clone() })
    };
    let Some(parents) = Controller::ALL.map(parent).into_iter().collect::<Option<Vec<_>>>() else {
        return println!("SKIP cgroup: a controller is missing here");
    };
    let made = Folders(parents.into_iter().map(|parent| parent.join(&name)).collect());
    let write = |dir: usize, file: [&str; 2], text: &str| {
        fs::write(made.0[dir].join(file[usize::from(!v1)]), text).unwrap();
    };
    made.0.iter().for_each(|dir| fs::create_dir_all(dir).unwrap());
    write(0, ["pids.max"; 2], "7");
    write(1, ["memory.limit_in_bytes", "memory.max"], "33554432");
    write(2, ["cpu.cfs_quota_us", "cpu.max"], "20000");
    let mut place = Standing::new(&["env"], "");
    for dir in 0..4 {
        write(dir, ["cgroup.procs"; 2], &place.pid.to_string());
    }
    let (outside, inside) = look(&place);
    assert_eq!(value(&outside, Fact::PidsMax), Value::Number(7));
    assert_eq!(value(&outside, Fact::PidsNow), Value::Number(1));
    assert_eq!(value(&outside, Fact::PidsRefused), Value::Number(0));
    assert_eq!(value(&outside, Fact::MemoryMax), Value::Number(32 << 20));
    assert!(matches!(value(&outside, Fact::MemoryNow), Value::Number(_)));
    assert_eq!(value(&outside, Fact::OomKills), Value::Number(0));
    assert_eq!(value(&outside, Fact::CpuMax), Value::Number(20));
    assert_eq!(value(&outside, Fact::Cgroup), value(&inside, Fact::Cgroup));
    assert!(value(&outside, Fact::Cgroup).to_string().ends_with(&name));
    assert!(missing(&outside, Fact::CpuNow).contains("second look"));

    // Another shell in the same cgroup asks for one process too many; dash gives up when a fork is refused.
    let mut greedy = Standing::new(&["env"], "");
    write(0, ["cgroup.procs"; 2], &greedy.pid.to_string());
    write(0, ["pids.max"; 2], "2");
    write(2, ["cpu.cfs_quota_us", "cpu.max"], if v1 { "-1" } else { "max" });
    greedy.sends("exec 2>/dev/null; (true)");
    let mut sampler = Sampler::new().unwrap();
    wait_for(|| value(&sampler.sample(Some(place.pid), None).unwrap().0, Fact::PidsRefused) != Value::Number(0));
    assert_eq!(value(&look(&place).0, Fact::CpuMax), text("max"));
    // A busy loop of a second or so: the meter shows it.
    place.sends("n=0; while [ $n -lt 600000 ]; do n=$((n + 1)); done");
    wait_for(|| match sampler.sample(Some(place.pid), None).unwrap().0[&Fact::CpuNow] {
        Reading::Value(Value::Number(percent)) => (20..=130).contains(&percent),
        _ => false,
    });
    drop(greedy);
    drop(place);
}

#[test]
fn a_cgroup_namespace_shortens_the_path() {
    if !is_root() {
        return println!("SKIP a_cgroup_namespace_shortens_the_path: making a cgroup takes root");
    }
    let proc = Proc::open("/proc").unwrap();
    let cgroups = Cgroups::of("self", std::os::fd::AsFd::as_fd(&proc)).unwrap();
    let name = format!("unha-test-ns-{}", std::process::id());
    let made = Folders(vec![cgroups.dir(Controller::Pids).unwrap().join(&name)]);
    fs::create_dir(&made.0[0]).unwrap();
    let join = format!("echo $$ >{}/cgroup.procs", made.0[0].display());
    let place = Standing::new(&["sh", "-c", &format!("{join}; exec unshare --cgroup \"$@\""), "sh"], "");
    let (outside, inside) = look(&place);
    assert!(value(&outside, Fact::Cgroup).to_string().ends_with(&name));
    assert_eq!(value(&inside, Fact::Cgroup), text("/"));
    drop(place);
}

/// Cgroup folders that go when the test ends, however it ends.
struct Folders(Vec<std::path::PathBuf>);

impl Drop for Folders {
    fn drop(&mut self) {
        let all_gone = || self.0.iter().filter(|dir| dir.exists()).all(|dir| fs::remove_dir(dir).is_ok());
        wait_for(all_gone);
    }
}

#[track_caller]
fn wait_for(mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "it did not come to be");
        std::thread::yield_now();
    }
}

/// Puts the host's programs into the folder where the shell stands.
const PROGRAMS: &str = "for d in bin lib lib64 usr sbin; do
    if [ -e /$d ]; then mkdir -p $d; mount --rbind /$d $d; fi
done";

/// A process whose root is `root`, with the host's programs in it and what `script` does there before.
fn rooted(root: &Path, script: &str) -> Standing {
    let enter = format!("set -e; cd {}; {PROGRAMS}\n{script}\nexec chroot . \"$@\"", root.display());
    Standing::new(&["unshare", "--mount", "sh", "-c", &enter, "sh"], "")
}

#[test]
fn rootfs() {
    as_both("rootfs", || {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("etc")).unwrap();
        fs::write(folder.path().join("etc/os-release"), "NAME=x\nPRETTY_NAME=\"Caixa 1\"\n").unwrap();
        let place = rooted(folder.path(), "mkdir -p proc; mount --rbind /proc proc");
        let (outside, inside) = look(&place);
        assert_eq!(value(&inside, Fact::Os), text("Caixa 1"));
        // Others start and end meanwhile, and there may be one between the two counts.
        wait_for(|| {
            let (outside, inside) = look(&place);
            value(&outside, Fact::Processes) == value(&inside, Fact::Processes)
        });
        assert_eq!(value(&outside, Fact::MemTotal), value(&inside, Fact::MemTotal));
        for fact in [Fact::Os, Fact::Root] {
            assert_ne!(value(&outside, fact), value(&inside, fact), "{fact}");
        }

        let tmpfs = format!("mkdir -p t; mount -t tmpfs -o size=64k x t; cd t\n{PROGRAMS}");
        let (_, inside) = look(&rooted(folder.path(), &tmpfs));
        assert_eq!(value(&inside, Fact::RootType), text("tmpfs"));
        assert!(missing(&inside, Fact::Processes).contains("ENOENT"));
    });
}

#[test]
fn a_box_cannot_point_the_reader_elsewhere() {
    as_both("a_box_cannot_point_the_reader_elsewhere", || {
        let host = tempfile::tempdir().unwrap();
        let secret = host.path().join("secret");
        fs::write(&secret, "PRETTY_NAME=secret\n").unwrap();
        let (secret, up) = (secret.display(), "../".repeat(30));
        let cases = [
            (format!("ln -s {secret} etc/os-release"), "ENOENT"),
            (format!("ln -s {up}{secret} etc/os-release"), "ENOENT"),
            (format!("mount --rbind /proc proc; ln -s /proc/self/root{secret} etc/os-release"), "ELOOP"),
            ("ln -s os-release etc/os-release".to_owned(), "ELOOP"),
            ("mkfifo etc/os-release".to_owned(), "not a regular file"),
            ("mkdir etc/os-release".to_owned(), "not a regular file"),
            ("touch etc/os-release; mount --bind /dev/zero etc/os-release".to_owned(), "not a regular file"),
            ("head -c 200000 /dev/zero >etc/os-release".to_owned(), "no PRETTY_NAME"),
            ("truncate -s 1T etc/os-release; echo PRETTY_NAME=late >>etc/os-release".to_owned(), "no PRETTY_NAME"),
        ];
        for (script, why) in cases {
            let folder = tempfile::tempdir().unwrap();
            // The second place for the file is the host's here, with its /usr.
            let script = format!("mkdir etc proc; mount --bind /dev/null usr/lib/os-release\n{script}");
            let place = rooted(folder.path(), &script);
            let begin = Instant::now();
            let (_, inside) = look(&place);
            assert!(begin.elapsed() < Duration::from_secs(2), "{script}");
            let missing = missing(&inside, Fact::Os);
            assert!(missing.contains(why), "{script}\n{missing}");
        }
    });
}

#[test]
fn a_box_cannot_command_the_terminal() {
    as_both("a_box_cannot_command_the_terminal", || {
        let folder = tempfile::tempdir().unwrap();
        let place = rooted(folder.path(), "mkdir etc; printf 'PRETTY_NAME=\"x\\033[2Jy\"\\n' >etc/os-release");
        assert_eq!(value(&look(&place).1, Fact::Os), text("x\u{fffd}[2Jy"));
    });
}

#[test]
fn a_box_cannot_make_up_processes() {
    as_both("a_box_cannot_make_up_processes", || {
        for (script, why) in
            [("mkdir -p proc/1 proc/2", "no /proc mounted"), ("ln -s /proc proc", "ELOOP"), ("touch proc", "ENOTDIR")]
        {
            let folder = tempfile::tempdir().unwrap();
            let missing = missing(&look(&rooted(folder.path(), script)).1, Fact::Processes);
            assert!(missing.contains(why), "{script}: {missing}");
        }
    });
}

#[test]
fn zombies_are_counted_until_somebody_asks() {
    as_both("zombies_are_counted_until_somebody_asks", || {
        let mut place = Standing::new(&["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"], "true");
        let zombies = |place: &Standing| value(&look(place).1, Fact::Zombies);
        let until = |place: &Standing, count| {
            let deadline = Instant::now() + Duration::from_secs(20);
            while zombies(place) != Value::Number(count) {
                assert!(Instant::now() < deadline, "{} zombies, and not {count}", zombies(place));
            }
        };
        assert_eq!(zombies(&place), Value::Number(0));
        // The parent becomes a program that does not know of its child.
        place.does("sh -c 'true & exec sleep 60' >/dev/null & parent=$!");
        until(&place, 1);
        place.does("kill $parent; wait");
        until(&place, 0);
    });
}

#[test]
fn reading_goes_on_below_whatever_is_mounted_over_proc() {
    let test = "reading_goes_on_below_whatever_is_mounted_over_proc";
    match part() {
        None if is_root() => again(test, "own mounts", &["unshare", "--mount"]),
        None => again(test, "own mounts", &["unshare", "--map-root-user", "--mount"]),
        Some(_) => {
            let place = Standing::new(&["env"], "");
            let proc = Proc::open("/proc").unwrap();
            assert!(Command::new("mount").args(["-t", "tmpfs", "x", "/proc"]).status().unwrap().success());
            let (outside, inside) = (outside(&proc, Some(place.pid)), inside(&proc, place.pid).unwrap());
            assert_eq!(value(&outside, Fact::NsUts), value(&inside, Fact::NsUts));
            assert_eq!(value(&outside, Fact::Pid), Value::Number(place.pid.into()));
            assert_eq!(missing(&outside, Fact::Processes), "no /proc mounted");
            assert!(Proc::open("/proc").is_err());
            assert!(Command::new("umount").arg("/proc").status().unwrap().success());
        }
    }
}

#[test]
fn nobody_goes_where_there_is_no_way_back() {
    let test = "nobody_goes_where_there_is_no_way_back";
    match part() {
        // A user namespace whose member still has the host name of the namespace above.
        None if is_root() => {
            let before: Vec<&str> = ORDINARY.into_iter().chain(["unshare", "--map-root-user"]).collect();
            again(test, "no way back", &before);
        }
        None => again(test, "no way back", &["unshare", "--map-root-user"]),
        Some(_) => {
            let before = nix::unistd::gethostname().unwrap();
            let place = Standing::new(&["unshare", "--uts"], "hostname caixa");
            let (_, inside) = look(&place);
            assert_eq!(missing(&inside, Fact::Hostname), "setns(\"/proc/thread-self/ns/uts\") = EPERM");
            assert_eq!(nix::unistd::gethostname().unwrap(), before);
        }
    }
}

#[test]
fn mounts_are_news_only_after_the_start() {
    as_both("mounts_are_news_only_after_the_start", || {
        let mut place = Standing::new(&["unshare", "--mount"], "mount -t tmpfs -o size=4k x /mnt");
        let mut sampler = Sampler::new().unwrap();
        let (_, inside) = sampler.sample(Some(place.pid), None).unwrap();
        assert_eq!(value(&inside, Fact::MountPoints), list(&[]));
        place.does("mount -t tmpfs -o size=4k x /tmp");
        let (outside, inside) = sampler.sample(Some(place.pid), None).unwrap();
        assert_eq!(value(&outside, Fact::MountPoints), list(&[]));
        assert_eq!(value(&inside, Fact::MountPoints), list(&["/tmp"]));
        assert_eq!(sampler.sample(None, None).unwrap().1, Facts::new());
    });
}

#[test]
fn the_old_root_is_above_a_chroot_and_nowhere_after_a_pivot() {
    as_both("the_old_root_is_above_a_chroot_and_nowhere_after_a_pivot", || {
        // In its own table it has no mount of the old root, for that shows only what is below its `/`.
        let chroot = Standing::new(&["unshare", "--mount", "chroot", "/usr"], "");
        assert_eq!(value(&look(&chroot).1, Fact::OldRoot), list(&["/.."]));

        let tree = "mount -t tmpfs x /mnt; cd /mnt; mkdir usr old proc; mount --rbind /usr usr; mount --rbind /proc proc; \
                    ln -s usr/bin usr/sbin usr/lib usr/lib64 .; pivot_root . old";
        let mut pivot = Standing::new(&["unshare", "--mount"], tree);
        let (outside, inside) = look(&pivot);
        assert_eq!((value(&outside, Fact::OldRoot), value(&inside, Fact::OldRoot)), (list(&["/"]), list(&["/old"])));
        assert_eq!(missing(&inside, Fact::RootLayers), "/ is no overlay");
        pivot.does("umount -l /old");
        assert_eq!(value(&look(&pivot).1, Fact::OldRoot), list(&[]));
    });
}

#[test]
fn a_descriptor_on_the_old_root_is_a_leak_and_one_on_its_own_is_none() {
    as_both("a_descriptor_on_the_old_root_is_a_leak_and_one_on_its_own_is_none", || {
        let tree = "exec 7</; mount -t tmpfs x /mnt; cd /mnt; mkdir usr old proc; mount --rbind /usr usr; \
                    mount --rbind /proc proc; ln -s usr/bin usr/sbin usr/lib usr/lib64 .; pivot_root . old; umount -l /old";
        let mut place = Standing::new(&["unshare", "--mount"], tree);
        let (outside, inside) = look(&place);
        assert_eq!(value(&inside, Fact::OldRoot), list(&[]));
        assert_eq!(value(&inside, Fact::Leaks), list(&["7→/"]));
        // Of whoever looks it is not told: the column's own are its tools.
        assert!(!outside.contains_key(&Fact::Leaks));
        place.does("exec 7</ 8</bin/sh");
        assert_eq!(value(&look(&place).1, Fact::Leaks), list(&[]));
    });
}

#[test]
fn the_layers_of_a_root_are_counted_in_a_chroot_too() {
    as_both("the_layers_of_a_root_are_counted_in_a_chroot_too", || {
        let tree = "mount -t tmpfs x /mnt; cd /mnt; mkdir a u w all";
        let layers = |options: &str| {
            let mounts = format!("{tree}; mount -t overlay -o {options} none all && exec chroot all sh -c \"$0\"");
            let script = "echo ready; while read -r line; do eval \"$line\"; echo ready; done";
            let place = Standing::new(&["unshare", "--mount", "sh", "-c", &mounts, script], "");
            value(&look(&place).1, Fact::RootLayers)
        };
        assert_eq!(layers("lowerdir=a:/usr"), Value::Number(2));
        assert_eq!(layers("lowerdir=a:/usr,upperdir=u,workdir=w"), Value::Number(3));
    });
}

#[test]
fn the_devices_of_a_dev_are_what_lies_in_it() {
    as_both("the_devices_of_a_dev_are_what_lies_in_it", || {
        let dev = "mount -t tmpfs x /mnt; cd /mnt; touch null zero plain; mount --bind /dev/null null; mount --bind /dev/zero zero; \
                   ln -s null nil; mkdir pts; mount --rbind /mnt /dev";
        let place = Standing::new(&["unshare", "--mount"], dev);
        let (outside, inside) = look(&place);
        assert_eq!(value(&inside, Fact::Devices), list(&["null", "zero"]));
        let Value::List(names) = value(&outside, Fact::Devices) else { panic!("a list") };
        assert!(["null", "random", "tty"].iter().all(|name| names.iter().any(|known| known == name)), "{names:?}");
    });
}

#[test]
fn a_process_that_is_gone_has_reasons_instead_of_facts() {
    let place = Standing::new(&["env"], "");
    let pid = place.pid;
    drop(place);
    let inside = inside(&Proc::open("/proc").unwrap(), pid).unwrap();
    assert_eq!(missing(&inside, Fact::Hostname), format!("open(\"/proc/{pid}\") = ENOENT"));
}

#[test]
fn a_look_is_cheap() {
    let place = Standing::new(&["unshare", "--user", "--map-root-user", "--uts", "--ipc", "--net", "--mount"], "");
    let mut sampler = Sampler::new().unwrap();
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            let begin = Instant::now();
            sampler.sample(Some(place.pid), None).unwrap();
            begin.elapsed()
        })
        .collect();
    times.sort();
    println!("a look at both sides: median {:?}, 95th percentile {:?}", times[100], times[190]);
    // Generous, for whoever tests may do something else meanwhile: it is there to notice what reads far too much.
    assert!(times[100] < Duration::from_millis(60));
}

/// Everybody below `pid`, and itself.
fn family(pid: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let below = children.split_ascii_whitespace().flat_map(|child| family(child.parse().unwrap()));
    [pid].into_iter().chain(below).collect()
}

#[test]
fn what_is_most_apart_is_found_by_its_first_process() {
    let proc = Proc::open("/proc").unwrap();
    let user: &[&str] = if nix::unistd::geteuid().is_root() { &[] } else { &["--user", "--map-root-user"] };
    let unshare = |flags: &[&'static str]| {
        let before: Vec<&str> = ["unshare"].iter().chain(user).chain(flags).copied().collect();
        Standing::new(&before, "true")
    };
    let found = |standing: &Standing| apart::most(&proc, family(standing.child.id()));
    let kinds = |standing: &Standing| {
        let found = found(standing).unwrap();
        found.kinds.into_iter().filter(|kind| *kind != "user").collect::<Vec<_>>()
    };

    assert_eq!(found(&Standing::new(&[], "true")), None, "a bare shell is apart by nothing");
    assert_eq!(kinds(&unshare(&["--uts"])), ["uts"]);
    assert_eq!(kinds(&unshare(&["--pid"])), ["pid_for_children"], "who did not fork is where it was");
    // The program that forks waits outside of the new namespace, and is less apart than its child.
    let forked = unshare(&["--pid", "--uts", "--fork", "--kill-child"]);
    assert_eq!(kinds(&forked), ["pid", "uts"]);
    assert_eq!(found(&forked).unwrap().pid, forked.pid);
    assert_ne!(forked.pid, forked.child.id());
    // What the container's first process started is as much apart, but its parent is too.
    let mut many = unshare(&["--uts"]);
    many.does("sleep 60 & sleeper=$!");
    assert_eq!(found(&many).unwrap().pid, many.pid);
    many.does("kill $sleeper");
    let everybody = apart::everybody(&proc).unwrap();
    assert!(everybody.contains(&many.pid) && !everybody.contains(&std::process::id()));
}
