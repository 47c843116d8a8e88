//! `unha doctor` in machines that lack something: it says what, why, what mends it and which lessons it concerns.
//!
//! Each situation is made by real system calls for one process alone: see `doctor/situation.rs`. Most need root.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "doctor/situation.rs"]
mod situation;
#[path = "kernel/skip.rs"]
#[allow(dead_code, reason = "shared with the tests of the kernel")]
mod skip;

use std::fs;
use std::path::Path;

use self::situation::Situation;
use self::skip::{Why, skip};

const KINDS: [&str; 9] = ["uts", "pid", "mount", "proc", "ipc", "net", "cgroup-namespace", "time", "cable"];

/// The lessons that are about limits.
const LIMITED: [&str; 5] = ["cgroup", "cgroupns", "share", "io", "devices"];

/// Not a test: the program that a situation is made in.
#[test]
#[ignore = "started by the other tests"]
fn becomes_unha() {
    situation::become_unha();
}

fn is_root(what: &str) -> bool {
    let root = nix::unistd::geteuid().is_root();
    if !root {
        skip(what, Why::Root);
    }
    root
}

/// Whether the limits are those of version 1.
fn version_1() -> bool {
    Path::new("/sys/fs/cgroup/pids").exists()
}

/// The line that mends it, where the tests themselves run in no container; else docker's with these options.
fn outside_of_containers(line: &'static str, options: &str) -> &'static str {
    let inside = ["/.dockerenv", "/run/.containerenv"].iter().any(|file| Path::new(file).exists());
    let of_docker = || Box::leak(format!("docker run {options} …").into_boxed_str());
    if inside { of_docker() } else { line }
}

#[test]
fn a_healthy_machine_runs_the_whole_course() {
    if !is_root("a healthy machine") {
        return;
    }
    let found = Situation::new().found();
    assert_eq!(found.code, 0, "{}", found.json);
    assert_eq!(found.json["course"], true);
    assert_eq!(found.json["schema"], 1);
    assert!(found.stopped().is_empty());
    found.works(&KINDS);
    found.works(&["user", "overlay", "pivot-root", "cgroup", "ids", "bench", "box", "rootfs", "programs", "size"]);
    let text = Situation::new().says();
    assert!(text.out.contains("The whole course runs here.") && text.code == 0, "{}", text.out);
}

#[test]
fn user_namespaces_set_to_none() {
    if !is_root("max_user_namespaces = 0") {
        return;
    }
    let found = Situation::new().step("namespaces user 0").found();
    found.stops_all();
    for feature in ["user", "uts", "proc", "bench", "box"] {
        found.is(feature, "not", "namespace-limit");
        assert_eq!(found.seen(feature), "user.max_user_namespaces = 0");
    }
    found.mends("user", "sysctl -w user.max_user_namespaces=15000");
}

#[test]
fn one_kind_of_namespace_set_to_none() {
    if !is_root("max_net_namespaces = 0") {
        return;
    }
    let found = Situation::new().step("namespaces net 0").found();
    found.works(&["user", "uts", "pid", "mount", "ipc"]);
    found.is("net", "not", "namespace-limit");
    assert_eq!(found.seen("net"), "user.max_net_namespaces = 0");
    found.mends("net", "sysctl -w user.max_net_namespaces=15000");
    // Every bench has links of its own, so no lesson goes without.
    found.is("bench", "not", "namespace-limit");
    found.stops_all();
}

#[test]
fn debians_own_switch() {
    if !is_root("kernel.unprivileged_userns_clone = 0") {
        return;
    }
    // The switch is Debian's, and this kernel may not have it: the refusal is a filter's, the file is ours.
    let made = Situation::new().sysctls("/proc/sys/kernel", &[("unprivileged_userns_clone", "0")]);
    let found = made.step("deny unshare").step("user 1000").found();
    found.is("user", "not", "userns-clone");
    assert_eq!(found.seen("user"), "kernel.unprivileged_userns_clone = 0");
    found.mends("user", "sudo unha");
    assert_eq!(found.code, 1);
}

#[test]
fn ubuntus_apparmor_gives_the_namespace_and_takes_its_powers() {
    if !is_root("AppArmor's restriction") {
        return;
    }
    // As the kernel with AppArmor answers there: unshare(2) passes, the next privileged call does not.
    let made = Situation::new().sysctls("/proc/sys/kernel", &[("apparmor_restrict_unprivileged_userns", "1")]);
    let found = made.step("deny mount,sethostname").ordinary().found();
    found.works(&["user", "pid", "ipc"]);
    for (feature, call) in [("uts", "sethostname(\"unha\") = EPERM"), ("mount", "mount(")] {
        found.is(feature, "not", "apparmor-userns");
        assert_eq!(found.seen(feature), "kernel.apparmor_restrict_unprivileged_userns = 1");
        assert!(found.of(feature)["call"].as_str().unwrap().starts_with(call), "{}", found.of(feature));
    }
    found.is("bench", "not", "apparmor-userns");
    found.mends("bench", "sudo unha");
    assert_eq!(found.json["helps"][0], "sudo unha");
    found.stops_all();
}

#[test]
fn the_same_refusal_without_apparmor_is_the_filters() {
    if !is_root("a filter on mount") {
        return;
    }
    let found = Situation::new().step("deny mount,sethostname").ordinary().found();
    found.works(&["user", "pid", "ipc"]);
    found.is("mount", "not", "seccomp-filter");
    assert_eq!(found.seen("mount"), "Seccomp: 2");
    assert_ne!(found.json["helps"][0], "sudo unha", "a filter stays on root");
}

#[test]
fn dockers_filter() {
    if !is_root("a filter on unshare") {
        return;
    }
    let found = Situation::new().step("deny unshare").env("container", "docker").found();
    for feature in ["user", "uts", "net", "bench"] {
        found.is(feature, "not", "seccomp-filter");
    }
    assert_eq!(found.of("user")["call"], "unshare(CLONE_NEWUSER) = EPERM");
    found.mends("user", "docker run --privileged …");
    assert_eq!(found.json["machine"]["container"], "docker");
    found.stops_all();
    // Without a container around it nobody knows what to start anew.
    let found = Situation::new().step("deny unshare").found();
    let elsewhere = "run unha outside of the container or sandbox that this is";
    found.mends("user", outside_of_containers(elsewhere, "--privileged"));
}

#[test]
fn a_chrooted_caller() {
    if !is_root("a chroot") {
        return;
    }
    let made = Situation::new();
    let root = made.dir().join("root");
    fs::create_dir(&root).unwrap();
    let steps = [format!("bind / {}", root.display()), format!("chroot {}", root.display())];
    let found = steps.into_iter().fold(made, Situation::step).found();
    found.is("user", "not", "chrooted");
    assert_eq!(found.seen("user"), "no filter, profile or setting that forbids it");
    found.mends("user", "leave the chroot (exit) and run unha there");
    found.is("bench", "not", "chrooted");
    found.stops_all();
    // A folder that is no mount's top gives itself away.
    let made = Situation::new();
    let outer = made.dir().join("outer");
    fs::create_dir_all(outer.join("inner")).unwrap();
    let bind = format!("bind / {}", outer.join("inner").display());
    let found = made.step(bind).step(format!("chroot {}", outer.display())).step("chroot /inner").found();
    found.is("user", "not", "chrooted");
}

#[test]
fn a_masked_proc() {
    if !is_root("a masked /proc") {
        return;
    }
    let found = Situation::new().step("tmpfs /proc/pressure").found();
    found.works(&["user", "uts", "pid", "mount"]);
    found.is("proc", "not", "proc-masked");
    assert_eq!(found.seen("proc"), "mounted over /proc/pressure");
    found.mends("proc", outside_of_containers("umount /proc/pressure", "--security-opt systempaths=unconfined"));
    // The bench falls back on the old one, but by that nobody can be looked at.
    found.works(&["bench"]);
    found.stops_all();
    // And so the check of a lesson says, instead of failing.
    let check = Situation::new().step("tmpfs /proc/pressure").verb(&["check", "uts"]).says();
    assert!(check.out.contains("SKIP uts 1") && check.out.contains("0 passed, 0 failed"), "{}", check.out);
    assert!(check.out.contains("Parts of /proc are hidden"), "{}", check.out);
    found.is("pressure", "not", "pressure-off");
    let inside = Situation::new().step("tmpfs /proc/pressure").env("container", "docker").found();
    inside.mends("proc", "docker run --security-opt systempaths=unconfined …");
}

#[test]
fn a_read_only_cgroupfs() {
    if !is_root("a read-only cgroupfs") {
        return;
    }
    let found = Situation::new().step("read-only /sys/fs/cgroup").found();
    found.is("cgroup", "not", "cgroup-read-only");
    assert!(found.seen("cgroup").ends_with("is mounted read-only"), "{}", found.of("cgroup"));
    let remount = "mount -o remount,rw /sys/fs/cgroup";
    found.mends("cgroup", outside_of_containers(remount, "--privileged --cgroupns=private"));
    found.works(&["bench", "box"]);
    assert_eq!((found.code, found.stopped()), (1, LIMITED.to_vec()));
}

#[test]
fn no_cgroupfs() {
    if !is_root("no cgroupfs") {
        return;
    }
    let found = Situation::new().step("tmpfs /sys/fs/cgroup").file("/etc/os-release", "ID=alpine\n").found();
    found.is("cgroup", "not", "no-cgroupfs");
    found.mends("cgroup", "rc-service cgroups start");
    assert_eq!((found.code, found.stopped()), (1, LIMITED.to_vec()));
}

#[test]
fn cgroups_without_controllers() {
    if !is_root("no controllers") {
        return;
    }
    let made = Situation::new();
    // In a hybrid layout the version 2 tree has none of the three; elsewhere its file is made to say so.
    let made = if version_1() {
        made.step("tmpfs /sys/fs/cgroup").step("cgroup2 /sys/fs/cgroup")
    } else {
        made.file("/sys/fs/cgroup/cgroup.controllers", "cpuset io\n")
    };
    let found = made.found();
    found.is("cgroup", "not", "no-controllers");
    assert!(found.seen("cgroup").starts_with("cgroup.controllers: "), "{}", found.of("cgroup"));
    assert_eq!((found.code, found.stopped()), (1, LIMITED.to_vec()));
}

#[test]
fn an_ordinary_users_cgroup() {
    if !is_root("an ordinary user") {
        return;
    }
    let found = Situation::new().ordinary().found();
    found.works(&["user", "bench", "box", "proc", "rootfs"]);
    if version_1() {
        found.is("cgroup", "not", "cgroup-v1");
        found.mends("cgroup", "sudo unha");
        assert_eq!(found.json["helps"][0], "sudo unha");
    } else if Path::new("/run/systemd/system").exists() {
        found.is("cgroup", "not", "cgroup-not-delegated");
        assert!(found.json["helps"][0].as_str().unwrap().starts_with("systemd-run --user --scope"));
    } else {
        found.is("cgroup", "not", "cgroup-no-systemd");
    }
    assert_eq!((found.code, found.stopped()), (1, LIMITED.to_vec()));
}

#[test]
fn a_member_of_group_docker_is_told_of_docker() {
    if !is_root("group docker") {
        return;
    }
    let made = Situation::new().file("/etc/group", "root:x:0:\nsudo:x:27:\ndocker:x:4999:\nlearner:x:1000:\n");
    let bin = made.dir().join("bin");
    fs::create_dir(&bin).unwrap();
    for name in ["docker", "sudo"] {
        std::os::unix::fs::symlink("/bin/true", bin.join(name)).unwrap();
    }
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let found = made.env("PATH", &path).step("groups 27,4999").step("uid 1000").found();
    let machine = &found.json["machine"];
    assert_eq!((&machine["docker"], &machine["sudo"]), (&true.into(), &true.into()));
    let helps = found.json["helps"].as_array().unwrap();
    assert!(helps.contains(&"unha vm docker".into()), "{helps:?}");
}

#[test]
fn ids_of_ones_own() {
    if !is_root("subuid") {
        return;
    }
    let ranges = |made: Situation| {
        let line = "#1000:100000:65536\n1000:100000:65536\n";
        made.file("/etc/subuid", line).file("/etc/subgid", line)
    };
    let without = Situation::new().file("/etc/subuid", "").file("/etc/subgid", "").ordinary().found();
    without.is("ids", "partly", "no-subids");
    let line = "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $USER";
    without.mends("ids", line);
    assert_eq!(without.of("ids")["lessons"], serde_json::json!([]));

    let made = ranges(Situation::new()).file("/etc/os-release", "ID=ubuntu\nID_LIKE=debian\n");
    let missing = made.env("PATH", "/nowhere").ordinary().found();
    missing.is("ids", "partly", "no-newuidmap");
    missing.mends("ids", "sudo apt install uidmap");

    if Path::new("/usr/bin/newuidmap").exists() {
        let found = ranges(Situation::new()).ordinary().found();
        found.works(&["ids"]);
        assert_eq!(found.of("ids")["value"], "65536");
        // A helper that may not do what it is for: setuid does not count here.
        let refused = ranges(Situation::new()).step("deny sethostname").ordinary().found();
        refused.is("ids", "partly", "newuidmap-refused");
    }
}

#[test]
fn a_terminal_too_small_and_one_that_will_do() {
    let small = Situation::new().terminal(Some((40, 10))).found();
    small.is("size", "not", "terminal-too-small");
    assert_eq!(small.seen("size"), "40×10");
    small.stops_all();
    let narrow = Situation::new().terminal(Some((72, 20))).found();
    narrow.is("size", "partly", "terminal-narrow");
    let none = Situation::new().terminal(None).found();
    // With all three redirected there may still be a terminal: the one that the tests were started from.
    assert!(none.of("size")["standing"] != "not" || none.seen("size").contains('×'), "{}", none.of("size"));
    let fits = Situation::new().found();
    fits.works(&["size"]);
    assert_eq!(fits.of("size")["value"], "80×24");
}

#[test]
fn a_locale_that_is_not_utf_8() {
    for locale in ["C", "POSIX", "pt_BR.ISO-8859-1"] {
        let found = Situation::new().env("LC_ALL", locale).found();
        found.is("letters", "partly", "not-utf8");
        assert_eq!(found.seen("letters"), format!("LC_ALL={locale}"));
    }
    for locale in ["C.UTF-8", "pt_BR.utf8", "en_US.UTF-8"] {
        Situation::new().env("LC_ALL", locale).found().works(&["letters"]);
    }
    // The first that is set decides, and an empty one is not set.
    let found = Situation::new().env("LC_ALL", "").env("LC_CTYPE", "C").env("LANG", "en_US.UTF-8").found();
    assert_eq!(found.seen("letters"), "LC_CTYPE=C");
}

#[test]
fn terminals_of_all_kinds() {
    let dumb = Situation::new().env("TERM", "dumb").found();
    dumb.is("colours", "partly", "terminal-dumb");
    dumb.is("glyphs", "partly", "terminal-dumb");
    dumb.mends("colours", "TERM=xterm-256color unha");
    let value = |env: &[(&str, &str)], feature: &str| {
        let made = env.iter().fold(Situation::new(), |made, (name, value)| made.env(name, value));
        made.found().of(feature)["value"].clone()
    };
    assert_eq!(value(&[("TERM", "linux")], "glyphs"), "console");
    assert_eq!(value(&[("TERM", "linux")], "colours"), "16");
    assert_eq!(value(&[("COLORTERM", "truecolor")], "colours"), "16777216");
    assert_eq!(value(&[("NO_COLOR", "1")], "colours"), "0");
    assert_eq!(value(&[], "glyphs"), "Unicode");
}

#[test]
fn missing_ps() {
    if !is_root("missing ps") {
        return;
    }
    let ps = fs::canonicalize("/usr/bin/ps").unwrap();
    let hidden = || Situation::new().step(format!("bind /dev/null {}", ps.display()));
    let systems = [
        ("ID=ubuntu\nID_LIKE=debian\n", "apt install procps"),
        ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "dnf install procps-ng"),
        ("ID=arch\n", "pacman -S procps-ng"),
    ];
    for (release, line) in systems {
        let found = hidden().file("/etc/os-release", release).found();
        found.is("programs", "not", "program-missing");
        assert_eq!(found.seen("programs"), "ps");
        found.mends("programs", line);
        assert_eq!((found.code, found.stopped()), (1, vec!["nothing", "pid", "mount", "init", "all"]));
    }
}

#[test]
fn busybox_instead_of_the_real_ps() {
    if !is_root("busybox") {
        return;
    }
    let made = Situation::new();
    let bin = made.dir().join("sbin");
    fs::create_dir(&bin).unwrap();
    fs::copy("/bin/true", bin.join("busybox")).unwrap();
    std::os::unix::fs::symlink("busybox", bin.join("ps")).unwrap();
    // The first folder in which the shells of the bench look.
    let found =
        made.step(format!("bind {} /usr/local/sbin", bin.display())).file("/etc/os-release", "ID=alpine\n").found();
    found.is("programs", "not", "program-busybox");
    found.mends("programs", "apk add procps");
}

#[test]
fn nowhere_to_keep_the_root_file_system() {
    if !is_root("an unwritable cache") {
        return;
    }
    let made = Situation::new().env("HOME", "/nonexistent").env("TMPDIR", "/proc").env("XDG_CACHE_HOME", "/proc/x");
    let found = made.step("read-only /tmp").step("read-only /var/tmp").ordinary().found();
    found.is("rootfs", "not", "cache-unwritable");
    found.works(&["user", "bench"]);
    assert!(found.stopped().contains(&"rootfs"), "{:?}", found.stopped());
    assert!(!found.stopped().contains(&"uts"), "{:?}", found.stopped());
}

#[test]
fn nothing_is_left_of_it() {
    if !is_root("what is left") {
        return;
    }
    let mounts = || fs::read_to_string("/proc/self/mountinfo").unwrap();
    let before = mounts();
    let made = Situation::new().env("XDG_RUNTIME_DIR", "/nowhere");
    let said = made.says();
    assert_eq!(said.code, 0, "{}", said.out);
    assert_eq!(mounts(), before);
}

#[test]
fn what_is_shared_has_no_secrets_in_it() {
    let made = Situation::new().env("USER", "josefina").words(&["--share"]).terminal(Some((40, 10)));
    let home = made.dir().display().to_string();
    let said = made.env("TERM", "josefina-term").says();
    let host = nix::unistd::gethostname().unwrap().to_string_lossy().into_owned();
    for secret in ["josefina", home.as_str()] {
        assert!(!said.out.contains(secret), "{secret} is in it:\n{}", said.out);
    }
    // Not our own words: a host may be called as one of them is.
    let theirs = said.out.replace("unha vm", "");
    let words: Vec<&str> = theirs.split(|letter: char| !letter.is_alphanumeric()).collect();
    assert!(!words.contains(&host.as_str()), "{host} is in it:\n{}", said.out);
    assert!(said.out.contains("Left out: host name, user name"), "{}", said.out);
    assert!(said.out.contains("(user)-term") && said.out.contains("40×10"), "{}", said.out);
    assert!(!said.out.contains('\x1b'), "it is plain text");
    if is_root("what is shared of an ordinary user's machine") {
        let out = Situation::new().ordinary().words(&["--share"]).says().out;
        // A host may be called as a word of ours is.
        assert!(out.contains("unha vm "), "{out}");
    }
}

#[test]
fn it_fits_eighty_columns_in_both_languages() {
    for lang in ["en", "pt-BR"] {
        for made in [Situation::new(), Situation::new().ordinary_if_root()] {
            let said = made.words(&["--lang", lang]).says();
            for line in said.out.lines() {
                assert!(line.chars().count() <= 80, "{lang}: {line}");
            }
            let other = if lang == "en" { "resolve" } else { "mends" };
            assert!(!said.out.contains(other), "{}", said.out);
        }
    }
}
