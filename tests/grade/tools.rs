//! A bare shell, unshare(1) and chroot(1).

use std::thread;

use crate::judged::bare;
use crate::part::{Here, both};

#[test]
fn a_bare_shell_is_no_container() {
    both(|here| {
        let judged = here.judged(&["sh"]);
        assert_eq!((judged.code, &judged.json["container"]), (3, &false.into()));
        assert_eq!(judged.verdicts(), bare(here), "{:#}", judged.json);
    });
}

/// What unshare(1) is asked for, and what then is other than without.
const SETS: [(&str, &[&str]); 9] = [
    ("--uts", &["uts has own"]),
    ("--ipc", &["ipc has own"]),
    ("--net", &["net has own"]),
    ("--pid", &["pid missing next-child"]),
    ("--pid --fork", &["pid has own", "proc leaky shared"]),
    ("--mount", &["mount has own"]),
    ("--mount --propagation unchanged", &["mount leaky propagates"]),
    ("--cgroup --time --fork", &["cgroup has own", "time has own"]),
    (
        "--fork --pid --mount --uts --ipc --net --cgroup --mount-proc",
        &[
            "pid has own",
            "proc has own",
            "mount has own",
            "uts has own",
            "ipc has own",
            "net has own",
            "cgroup has own",
        ],
    ),
];

/// For an ordinary user what a user namespace of their own gives, which they cannot do without.
const USERS: [&str; 3] = ["user has own", "root-id has mapped", "capabilities has confined"];

#[test]
fn unshare_has_what_it_is_asked_for() {
    both(|here| {
        let bare = bare(here);
        let one = |flags: &str, wanted: &[&'static str]| {
            let users: &[&str] = if here.root { &[] } else { &["--user", "--map-root-user"] };
            let words: Vec<&str> =
                ["unshare"].iter().chain(users).copied().chain(flags.split(' ')).chain(["sh"]).collect();
            let judged = here.judged(&words);
            let mut wanted = wanted.to_vec();
            if !here.root {
                wanted.extend(USERS);
                // In a user namespace every mount is a slave of its original: nothing goes out.
                wanted
                    .iter_mut()
                    .filter(|item| **item == "mount leaky propagates")
                    .for_each(|item| *item = "mount has own");
            }
            assert_eq!((judged.code, &judged.json["container"]), (1, &true.into()), "{flags}");
            judged.differs(&bare, &wanted);
        };
        // Most of the time each waits.
        thread::scope(|scope| SETS.iter().for_each(|(flags, wanted)| drop(scope.spawn(|| one(flags, wanted)))));
    });
}

#[test]
fn a_user_namespace_that_maps_root_is_told_from_one_that_does_not() {
    both(|here| {
        let bare = bare(here);
        let judged = here.judged(&["unshare", "--user", "--map-root-user", "sh"]);
        let mut wanted = USERS.to_vec();
        if here.root {
            wanted[1] = "root-id leaky outsides-root";
        }
        judged.differs(&bare, &wanted);
        assert!(judged.seen("root-id").contains(if here.root { " 0 0 1" } else { " 0 1000 1" }), "{judged:?}");
    });
}

#[test]
fn a_chroot_leaks() {
    both(|here| {
        let (bare, root) = (bare(here), here.root_files());
        let chroot = ["chroot", root.to_str().unwrap(), "/bin/sh"];
        let users: &[&str] = if here.root { &[] } else { &["unshare", "--user", "--map-root-user"] };
        let judged = here.judged(&[users, &chroot].concat());
        let mut wanted = in_chroot();
        if !here.root {
            wanted.extend(USERS);
        }
        judged.differs(&bare, &wanted);
        // With a mount namespace around it the old root is still at the bottom of that.
        let judged = here.judged(&[users, &["unshare", "--mount"], &chroot].concat());
        wanted.push("mount has own");
        judged.differs(&bare, &wanted);
    });
}

/// Where there are the files of the built-in root and nothing is mounted.
fn in_chroot() -> Vec<&'static str> {
    vec![
        "root leaky chroot-only",
        "proc has none",
        "cgroupfs has none",
        "proc-sys has none",
        "sys has none",
        "disks has none",
    ]
}

#[test]
fn any_process_can_be_named() {
    both(|here: &Here| {
        let mut standing = here.unha("run --uts").sh("echo ready; exec cat").start();
        assert_eq!(standing.line(), "ready");
        let done = here.unha(&format!("grade --json --pid {}", standing.first())).done();
        let json: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        let uts = json["items"].as_array().unwrap().iter().find(|item| item["item"] == "uts").unwrap();
        assert_eq!((done.code, &uts["verdict"]), (1, &"has".into()), "{done:?}");
        assert_eq!(json["pid"], standing.first());
        let first = standing.first();
        standing.end();
        let done = here.unha(&format!("--lang en grade --pid {first}")).done();
        assert_eq!((done.code, done.out.as_str()), (3, ""), "{done:?}");
        assert!(done.err.contains(&format!("process {first} is not there")), "{done:?}");
    });
}
