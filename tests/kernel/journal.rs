//! The journal against the referee: what strace(1) sees of the same run, call by call.

use std::fs;
use std::process::Command;

use crate::left::remember;
use crate::part::{Here, both};
use crate::program::{EVERYTHING, program};
use crate::skip::{Why, skip};

/// The calls that make a container, and those that are looked at only for certain files.
const TRACED: &str = "trace=unshare,setns,clone,clone3,mount,umount2,pivot_root,chroot,sethostname,open_tree,move_mount,\
                      fsopen,fsmount,fsconfig,mount_setattr,prctl,capset,seccomp,mkdir,mkdirat,rmdir,unlinkat,write,openat";

/// A call as both sides tell it: its name, the texts and flags among its arguments, what it returned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    name: String,
    texts: Vec<String>,
    flags: Vec<String>,
    result: String,
}

/// Reads `name(args) = result`.
fn read(line: &str) -> Option<Seen> {
    let (name, rest) = line.split_once('(')?;
    let (args, result) = rest.rsplit_once(" = ")?;
    let args = args.trim_end().strip_suffix(')')?;
    // strace says `-1 EPERM (Operation not permitted)`, and `3</path>` of a file.
    let result = result.strip_prefix("-1 ").unwrap_or(result);
    let result = result.split([' ', '<']).next()?.to_owned();
    let mut seen = Seen { name: name.to_owned(), texts: texts(args), flags: vec![], result };
    if ["mount", "umount2", "unshare", "setns", "clone", "clone3", "prctl", "capset", "seccomp"].contains(&name) {
        // Of the three sets that strace shows, the journal tells the one that counts.
        let args = args.split(", permitted=").next().unwrap_or(args);
        let words = args.split(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_');
        let flags = words.filter(|word| {
            ["MS_", "MNT_", "CLONE_", "CAP_", "PR_", "SECCOMP_"].iter().any(|start| word.starts_with(start))
        });
        seen.flags = flags.map(str::to_owned).collect();
        seen.flags.sort();
    }
    Some(seen)
}

/// What stands in quotation marks, and the files that descriptors lead to; empty texts say nothing.
fn texts(args: &str) -> Vec<String> {
    let mut texts = vec![];
    // Where a path is looked up from is no part of it.
    let from_here = args.split("AT_FDCWD<").skip(1).filter_map(|rest| rest.split_once('>')).map(|(here, _)| here);
    let args = from_here.fold(args.to_owned(), |args, here| args.replace(&format!("AT_FDCWD<{here}>"), "AT_FDCWD"));
    let mut rest = args.as_str();
    while let Some(start) = rest.find(['"', '<']) {
        let end_mark = if rest[start..].starts_with('"') { '"' } else { '>' };
        let Some(end) = rest[start + 1..].find(end_mark) else { break };
        texts.push(plain(&rest[start + 1..start + 1 + end]));
        rest = &rest[start + end + 2..];
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// The text as both sides can tell it: no line feed at its end, and "self" for whoever it is.
fn plain(text: &str) -> String {
    let text = text.strip_suffix("\\n").unwrap_or(text);
    match text.strip_prefix("/proc/").and_then(|rest| rest.split_once('/')) {
        Some((pid, rest)) if pid.parse::<u32>().is_ok() => format!("/proc/self/{rest}"),
        _ => text.to_owned(),
    }
}

/// Whether a call that strace saw is one that the journal promises.
fn is_promised(seen: &Seen, hierarchies: &[String]) -> bool {
    let first = seen.texts.first().map_or("", String::as_str);
    let of_cgroups = hierarchies.iter().any(|point| first.starts_with(point));
    let of_ids =
        ["/uid_map", "/gid_map", "/setgroups"].iter().any(|end| first.starts_with("/proc/") && first.ends_with(end));
    match seen.name.as_str() {
        "clone" | "clone3" => seen.flags.iter().any(|flag| flag.starts_with("CLONE_NEW")),
        // Others there are for plain reasons: a name, a parent's death.
        "prctl" => seen
            .flags
            .iter()
            .any(|flag| ["PR_CAPBSET_DROP", "PR_CAP_AMBIENT", "PR_SET_NO_NEW_PRIVS"].contains(&&**flag)),
        // Before there is a journal, the program puts its own file out of reach; an ordinary user's in two namespaces at once.
        "open_tree" => !first.ends_with("/exe") && !first.ends_with("/unha"),
        "mount_setattr" => !["", "/"].contains(&first),
        "unshare" => seen.flags.len() < 2,
        "mkdir" | "mkdirat" | "rmdir" | "unlinkat" => of_cgroups,
        // Opening is told only where it failed, and then the write is not.
        "openat" => (of_cgroups || of_ids) && seen.result.starts_with('E') && seen.result != "ENOENT",
        "write" => of_cgroups || of_ids,
        _ => true,
    }
}

/// One run under strace: the journal's calls, and strace's, each process by itself.
fn run(here: &Here, options: &str) -> (Vec<Seen>, Vec<Vec<Seen>>) {
    let dir = here.dir.join("tmp/strace");
    fs::create_dir(&dir).unwrap();
    let mut command = Command::new("strace");
    command.args(["-ff", "-y", "-s", "4096", "-e", TRACED, "-e", "signal=none", "-o"]).arg(dir.join("of"));
    command.arg(program()).args(["run", "--journal"]).args(options.split_whitespace()).args(["--", "true"]);
    let output = command.current_dir("/").output().unwrap();
    let journal = String::from_utf8(output.stderr).unwrap();
    let journal = journal
        .lines()
        // A failure, told after the journal: what, and indented why and what next.
        .filter(|line| !line.starts_with("unha: ") && !line.starts_with("  "))
        // strace tells messages of rtnetlink(7) in words of its own.
        .filter(|line| !line.starts_with("sendto("))
        .map(|line| read(line).unwrap_or_else(|| panic!("{line}")));
    let journal = journal.collect();
    let mountinfo = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let cgroups = mountinfo.lines().filter(|line| line.contains(" - cgroup")).filter_map(|line| line.split(' ').nth(4));
    let hierarchies: Vec<String> = cgroups.map(|point| format!("{point}/")).collect();
    let files = fs::read_dir(&dir).unwrap().map(|file| {
        let file = file.unwrap().path();
        // strace names each file after a process: one of them is the run.
        file.extension().unwrap().to_str().unwrap().parse().map(remember).unwrap();
        fs::read_to_string(file).unwrap()
    });
    let processes = files.map(|text| {
        let calls = text.lines().filter_map(read);
        calls.filter(|seen| is_promised(seen, &hierarchies)).collect()
    });
    let processes = processes.collect();
    fs::remove_dir_all(dir).unwrap();
    (journal, processes)
}

fn has_strace(here: &Here) -> bool {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).status().is_ok_and(|status| status.success());
    if !works {
        skip(&here.name, Why::Strace);
    }
    works
}

/// Holds the journal of a run against strace.
#[track_caller]
fn compare(here: &Here, options: &str) -> Vec<Seen> {
    let (journal, processes) = run(here, options);
    for calls in &processes {
        // Each process's calls stand in the journal in the order in which it made them.
        let mut rest = journal.iter();
        for call in calls {
            assert!(
                rest.any(|told| told == call),
                "{options}: not in the journal, or not in order: {call:?}\n{journal:#?}"
            );
        }
    }
    let (mut told, mut seen) = (journal.clone(), processes.concat());
    told.sort();
    seen.sort();
    let untrue: Vec<_> = told.iter().filter(|call| !seen.contains(call)).collect();
    assert!(untrue.is_empty(), "{options}: the journal says what was not: {untrue:#?}");
    assert_eq!(told, seen, "{options}");
    journal
}

#[test]
fn it_equals_what_strace_sees() {
    both(|here| {
        if !has_strace(here) {
            return;
        }
        for options in ["--uts", "--hostname caixa --ipc --net", "--pid", "--pid --no-mount --user", EVERYTHING] {
            let journal = compare(here, options);
            assert!(journal.iter().any(|call| call.name == "unshare"), "{options}");
        }
        let bare = compare(here, "--no-new-privs --seccomp default");
        assert!(bare.first().is_some_and(|call| call.flags == ["PR_SET_NO_NEW_PRIVS"]), "{bare:?}");
        let whole = compare(here, &format!("{EVERYTHING} --hostname caixa --init --cap-drop CHOWN --seccomp default"));
        for name in ["prctl", "capset", "seccomp", "unshare", "sethostname", "mount", "pivot_root", "umount2"] {
            assert!(whole.iter().any(|call| call.name == name), "{name}");
        }
        assert_eq!(whole.iter().any(|call| call.name == "write"), !here.root, "id maps are the ordinary user's");
    });
}

#[test]
fn failed_calls_are_told_too() {
    both(|here| {
        if !has_strace(here) {
            return;
        }
        // A new sysfs is only for who owns the network namespace; the old one is bound then.
        let journal = compare(here, "--user --rootfs unha");
        assert!(journal.iter().any(|call| call.name == "mount" && call.result == "EPERM"), "{journal:?}");
    });
}

#[test]
fn all_of_it_equals_what_strace_sees() {
    both(|here| {
        if !has_strace(here) || !here.has_cgroups("") {
            return;
        }
        let journal = compare(here, "--all");
        for name in ["mkdir", "write", "rmdir", "unshare", "mount", "pivot_root"] {
            assert!(journal.iter().any(|call| call.name == name), "{name}");
        }
        let refused = compare(here, "--pids-limit 9999999999999");
        assert!(refused.iter().any(|call| call.name == "write" && call.result == "EINVAL"), "{refused:?}");
    });
}

#[test]
fn the_referee_is_read_rightly() {
    let lines = [
        (
            r#"mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV, NULL) = 0"#,
            r#"mount("proc", "/proc", "proc", MS_NODEV|MS_NOSUID) = 0"#,
        ),
        (r#"write(3</proc/77/uid_map>, "0 1000 1\n", 9) = 9"#, r#"write("/proc/self/uid_map", "0 1000 1") = 9"#),
        (
            r#"mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL) = -1 EPERM (Operation not permitted)"#,
            r#"mount("", "/", MS_REC|MS_PRIVATE) = EPERM"#,
        ),
        (r#"mkdir("/sys/fs/cgroup/x", 0755)     = 0"#, r#"mkdir("/sys/fs/cgroup/x") = 0"#),
    ];
    for (strace, journal) in lines {
        assert_eq!(read(strace), read(journal), "{strace}");
        assert!(read(strace).is_some());
    }
    let other = read(r#"mount("proc", "/proc", "proc", MS_NOSUID, NULL) = 0"#);
    assert_ne!(other, read(lines[0].1));
}
