//! Containers by hand, with unshare(1), mount(8) and pivot_root(8): a sound one, and the same with one fault each.

use std::path::Path;
use std::thread;

use crate::judged::{Judged, Verdicts, bare, owns_cgroup};
use crate::part::{Here, both};

/// What a container by hand has, whoever makes it.
const SOUND: [&str; 14] = [
    "uts has own",
    "pid has own",
    "proc has own",
    "mount has own",
    "root has own",
    "net has own",
    "ipc has own",
    "cgroup has own",
    "time has own",
    "cgroupfs has none",
    "sys has none",
    "disks has none",
    "descriptors has closed",
    "cwd has closed",
];

/// A container by hand: `/proc` and what else is done before the old root goes, and how that goes.
fn by_hand(here: &Here, root: &Path, proc: &str, more: &str, gone: &str) -> Judged {
    let root = root.display();
    let script = format!(
        "set -e; mount --bind {root} {root}; cd {root}; {proc}; {more}; pivot_root . mnt; cd /; {gone}; exec sh"
    );
    let all = "unshare --fork --pid --mount --uts --ipc --net --cgroup --time --propagation private";
    let users: &[&str] = if here.root { &[] } else { &["--user", "--map-root-user"] };
    let words: Vec<&str> = all.split(' ').chain(users.iter().copied()).chain(["sh", "-c", &script]).collect();
    here.judged(&words)
}

const OWN_PROC: &str = "mount -t proc proc proc";
const GONE: &str = "umount -l mnt";

/// What the fault changes, beside what a sound one has.
fn wanted(here: &Here, faults: &[&'static str]) -> Vec<&'static str> {
    let item = |line: &'static str| line.split(' ').next().unwrap();
    let mut wanted: Vec<&str> =
        SOUND.into_iter().filter(|line| !faults.iter().any(|fault| item(fault) == item(line))).collect();
    wanted.extend(faults);
    if here.root {
        // It is the machine's root still, with all its rights, and a fresh /proc is no wall against that.
        wanted.push("proc-sys leaky writable");
    } else {
        wanted.extend(["user has own", "root-id has mapped", "capabilities has confined"]);
    }
    wanted
}

struct Sound {
    bare: Verdicts,
    root: std::path::PathBuf,
}

impl Sound {
    fn of(here: &Here) -> Self {
        Self { bare: bare(here), root: here.root_files() }
    }
}

#[test]
fn by_hand_each_fault_is_found_and_nothing_else() {
    both(|here| {
        let of = Sound::of(here);
        let cases = [
            one_that_was_made_well_holds,
            an_old_root_that_was_left_is_found,
            the_machines_proc_is_found,
            a_descriptor_that_was_left_open_is_found,
            a_writable_cgroup_tree_is_found,
            a_folder_outside_as_the_current_one_is_found,
        ];
        // Each has a mount namespace of its own, and most of the time it waits.
        thread::scope(|scope| cases.iter().for_each(|case| drop(scope.spawn(|| case(here, &of)))));
    });
}

fn one_that_was_made_well_holds(here: &Here, of: &Sound) {
    let judged = by_hand(here, &of.root, OWN_PROC, ":", GONE);
    judged.differs(&of.bare, &wanted(here, &[]));
    assert_eq!(judged.json["pid-inside"], 1);
    assert_eq!(judged.json["name"], "sh");
}

fn an_old_root_that_was_left_is_found(here: &Here, of: &Sound) {
    let judged = by_hand(here, &of.root, OWN_PROC, ":", ":");
    let mut faults = vec!["root leaky old-root", "proc leaky shared"];
    // All that is mounted on the machine is mounted below it.
    faults.push(if here.root || owns_cgroup() { "cgroupfs leaky writable" } else { "cgroupfs has read-only" });
    judged.differs(&of.bare, &wanted(here, &faults));
    assert!(judged.seen("root").contains("/ → /mnt"), "{}", judged.seen("root"));
    assert!(judged.seen("proc").contains("/mnt/proc"), "{}", judged.seen("proc"));
}

fn the_machines_proc_is_found(here: &Here, of: &Sound) {
    let judged = by_hand(here, &of.root, "mount --rbind /proc proc", ":", GONE);
    judged.differs(&of.bare, &wanted(here, &["proc leaky shared"]));
    // Beside one of its own it is found as well.
    let judged = by_hand(here, &of.root, OWN_PROC, "mount --rbind /proc tmp", GONE);
    judged.differs(&of.bare, &wanted(here, &["proc leaky shared"]));
    assert!(judged.seen("proc").lines().any(|line| line.ends_with("proc: /tmp")), "{}", judged.seen("proc"));
}

fn a_descriptor_that_was_left_open_is_found(here: &Here, of: &Sound) {
    let judged = by_hand(here, &of.root, OWN_PROC, "exec 7</", GONE);
    judged.differs(&of.bare, &wanted(here, &["descriptors leaky leads-out"]));
    assert!(judged.seen("descriptors").contains("/fd/7 → "), "{}", judged.seen("descriptors"));
    // What is its own may be open.
    let judged = by_hand(here, &of.root, OWN_PROC, ":", &format!("{GONE}; exec 7</ 8</proc 9</bin/sh"));
    judged.differs(&of.bare, &wanted(here, &[]));
}

fn a_writable_cgroup_tree_is_found(here: &Here, of: &Sound) {
    let judged = by_hand(here, &of.root, OWN_PROC, "mount --rbind /sys/fs/cgroup sys", GONE);
    // It is the machine's root that may write there: an ordinary user's container sees it only.
    let fault = if here.root || owns_cgroup() { "cgroupfs leaky writable" } else { "cgroupfs has read-only" };
    judged.differs(&of.bare, &wanted(here, &[fault]));
}

fn a_folder_outside_as_the_current_one_is_found(here: &Here, of: &Sound) {
    let judged = by_hand(here, &of.root, OWN_PROC, "exec 7</", &format!("{GONE}; cd /proc/self/fd/7; exec 7<&-"));
    judged.differs(&of.bare, &wanted(here, &["cwd leaky leads-out"]));
}
