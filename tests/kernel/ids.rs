//! The ids of the bench: a range where one is given, the user's own alone where not, and why.
//!
//! The files that give ranges are bound over in a list of mounts of this test's own; the machine's stay as they are.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::process::{Command, Stdio};

use unha::kernel::bench::ids::Range;
use unha::kernel::bench::without::{NoRange, Without};
use unha::kernel::fact::{Fact, Value};
use unha::kernel::feature::{Feature, FeatureSet};

use crate::outside::{Bench, value};
use crate::part::{FOLDERS, Here, UID, both, within_reach};
use crate::program::program;
use crate::skip::{Why, skip};

/// Runs this very test as the ordinary user, with these files as /etc/subuid and /etc/subgid; `more` goes before it.
fn as_student(here: &Here, role: &str, [users, groups]: [&str; 2], more: &[&str]) {
    let dir = here.dir.join(role);
    for (_, name) in FOLDERS {
        fs::create_dir_all(dir.join(name)).unwrap();
        fs::set_permissions(dir.join(name), Permissions::from_mode(0o700)).unwrap();
        chown(dir.join(name), Some(UID), Some(UID)).unwrap();
    }
    for (file, text) in [("subuid", users), ("subgid", groups)] {
        fs::write(dir.join(file), text).unwrap();
    }
    let script = "mount --make-rprivate / && mount --bind $0/subuid /etc/subuid && mount --bind $0/subgid /etc/subgid && \
                  exec setpriv --reuid 1000 --regid 1000 --clear-groups \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", script]).arg(&dir).args(more).arg("env");
    command.arg(within_reach(&std::env::current_exe().unwrap(), &dir, true));
    let test = here.name.split(' ').next().unwrap();
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.envs(FOLDERS.map(|(variable, name)| (variable, dir.join(name))));
    command.env("UNHA_TEST_DIR", &dir).env("UNHA_TEST_ROLE", role);
    command.env("UNHA_TEST_PROGRAM", within_reach(&program(), &dir, true));
    let done = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{role}: {said}");
}

/// Whether the files can be bound over and the programs are there.
fn can_bind(here: &Here) -> bool {
    if !here.root {
        return false;
    }
    let there = ["/usr/bin/newuidmap", "/usr/bin/newgidmap", "/etc/subuid", "/etc/subgid"];
    let there = there.into_iter().all(|file| fs::exists(file).unwrap());
    if !there {
        skip(&here.name, Why::Uidmap);
    }
    there
}

fn map(bench: &Bench, kind: &str) -> Vec<u32> {
    let map = bench.outside(&format!("cat /proc/self/{kind}_map"));
    map.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

/// A box with a user namespace of its own: its root is the first of the range, on the bench and on the machine.
fn box_is_of_the_range(bench: &mut Bench, on_bench: u32, on_machine: u32) {
    bench.own_ids = true;
    for features in [FeatureSet::NONE, FeatureSet::NONE.with(Feature::Uts).with(Feature::Mount)] {
        let (outside, inside) = bench.facts(features);
        assert_eq!(value(&inside, Fact::Uid), &Value::Number(0), "{features:?}");
        assert_eq!(value(&outside, Fact::Uid), &Value::Number(on_bench.into()), "{features:?}");
    }
    assert_eq!(bench.uid_on_the_machine(), on_machine);
    let said = bench.inside(FeatureSet::NONE, "id -u; id -g; touch /tmp/x && chown 5:6 /tmp/x && stat -c %u:%g /tmp/x");
    assert_eq!(said.unwrap(), "0\n0\n5:6");
    assert_eq!(bench.outside("stat -c %u /tmp/x"), (on_bench + 5).to_string());
}

#[test]
fn a_range_that_is_given_is_the_benchs() {
    both(|here| match here.role.as_deref() {
        None if can_bind(here) => {
            let other = "nobody:1:65536\n1000:5:10\n";
            let files = (format!("{other}1000:100000:65536\n"), format!("{other}1000:200000:70000\n"));
            as_student(here, "given", [&files.0, &files.1], &[]);
            as_student(here, "lacks-groups", [&files.0, other], &[]);
            as_student(here, "may-not", [&files.0, &files.1], &["--no-new-privs"]);
        }
        Some("given") => {
            let mut bench = Bench::of(here);
            assert_eq!(bench.standing.ids, Some(Range { uid: 100_000, gid: 200_000 }), "{:?}", bench.standing);
            assert_eq!(map(&bench, "uid"), [0, 1000, 1, 100_000, 100_000, 65536]);
            assert_eq!(map(&bench, "gid"), [0, 1000, 1, 200_000, 200_000, 65536]);
            box_is_of_the_range(&mut bench, 100_000, 100_000);
        }
        Some(role) => {
            let bench = Bench::of(here);
            let why = bench.standing.without.iter().find_map(|without| match without {
                Without::Range(why) => Some(why),
                _ => None,
            });
            match why.unwrap() {
                NoRange::NoEntry { file, .. } => assert_eq!((role, file.as_str()), ("lacks-groups", "/etc/subgid")),
                NoRange::Refused { program, said } => {
                    assert_eq!((role, program.as_str()), ("may-not", "newuidmap"));
                    assert!(!said.is_empty());
                }
                NoRange::NoProgram { .. } => panic!("{why:?}"),
            }
            assert_eq!(map(&bench, "uid"), [0, 1000, 1], "as before");
            assert_eq!(bench.outside("id -u"), "0");
        }
        None => {}
    });
}

#[test]
fn roots_bench_has_one_too() {
    both(|here| {
        if here.root {
            let mut bench = Bench::of(here);
            box_is_of_the_range(&mut bench, 100_000, 0x6ffe_0000);
        }
    });
}

#[test]
fn a_single_id_goes_into_a_box_as_well() {
    both(|here| {
        let mut bench = Bench::of(here);
        bench.standing.ids = None;
        bench.own_ids = true;
        let (outside, inside) = bench.facts(FeatureSet::NONE);
        assert_eq!((value(&inside, Fact::Uid), value(&outside, Fact::Uid)), (&Value::Number(0), &Value::Number(0)));
    });
}
