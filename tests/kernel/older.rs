//! Older kernels, made here: a seccomp(2) filter answers ENOSYS to what came after Linux 5.4, and refuses overlays in user
//! namespaces as kernels before 5.11 do.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter,
};
use unha::kernel::bench::without::Without;
use unha::kernel::fact::{Fact, Value};
use unha::kernel::feature::{Feature, FeatureSet};

use crate::outside::{Bench, value};
use crate::part::{Here, both};

/// Filters this thread and all that it starts: these calls, or those of them that fit the rules, fail with `errno`.
fn refuse(errno: i32, calls: Vec<(i64, Vec<SeccompRule>)>) {
    let arch = std::env::consts::ARCH.try_into().unwrap();
    let answer = SeccompAction::Errno(errno.unsigned_abs());
    let filter = SeccompFilter::new(calls.into_iter().collect(), SeccompAction::Allow, answer, arch).unwrap();
    let program: BpfProgram = filter.try_into().unwrap();
    apply_filter(&program).unwrap();
}

/// All that has another way, with the version of Linux that brought it.
fn newer_calls() -> Vec<(i64, Vec<SeccompRule>)> {
    let calls = [
        libc::SYS_mount_setattr, // 5.12
        libc::SYS_open_tree,     // 5.2, but filters do not know it
        libc::SYS_move_mount,    // 5.2
        libc::SYS_fsopen,        // 5.2
        libc::SYS_openat2,       // 5.6
        libc::SYS_close_range,   // 5.9
        libc::SYS_clone3,        // 5.3
        libc::SYS_pidfd_open,    // 5.3
        libc::SYS_faccessat2,    // 5.8
        libc::SYS_epoll_pwait2,  // 5.11
    ];
    calls.into_iter().map(|call| (call, vec![])).collect()
}

/// Mounts of overlays, known by their flags, which no other mount of ours has: none on the bench, `MS_NODEV` in a box.
fn overlays() -> Vec<(i64, Vec<SeccompRule>)> {
    let flags = [0, libc::MS_NODEV];
    let rule = |flags| {
        let same = SeccompCondition::new(3, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, flags).unwrap();
        SeccompRule::new(vec![same]).unwrap()
    };
    vec![(libc::SYS_mount, flags.map(rule).to_vec())]
}

/// All features, but for limits, which not everybody can have.
fn everything() -> FeatureSet {
    Feature::ALL.into_iter().filter(|feature| *feature != Feature::Cgroup).collect()
}

/// That a bench and a box on it are what they are on a newer kernel.
fn stands(bench: &mut Bench) {
    assert_eq!(bench.outside("hostname"), "bancada");
    if !bench.standing.writable {
        let said = bench.outside("echo x > /etc/passwd; echo x > /usr/bin/x");
        assert_eq!(said.matches("Read-only file system").count(), 2, "{said}");
    }
    let (outside, inside) = bench.facts(everything());
    // The system's name is read by a path below the root of another.
    for fact in [Fact::NsUts, Fact::NsPid, Fact::NsMnt, Fact::Os, Fact::Root] {
        assert_ne!(value(&outside, fact), value(&inside, fact), "{fact}");
    }
    assert_eq!(value(&inside, Fact::Pid), &Value::Number(1));
    let open = bench.inside(everything(), "ls /proc/self/fd | wc -l; readlink /proc/1/fd/*").unwrap();
    assert!(open.starts_with("4\n") && !open.contains("socket:"), "no file leaks in: {open}");
}

#[test]
fn without_the_newer_calls_all_is_there() {
    both(|here| {
        refuse(libc::ENOSYS, newer_calls());
        let mut bench = Bench::of(here);
        stands(&mut bench);
        assert_eq!(bench.standing.without.contains(&Without::Owners), here.root, "{:?}", bench.standing.without);
    });
}

#[test]
fn a_filter_that_says_eperm_is_the_same() {
    both(|here| {
        // The C library itself believes in clone3(2) unless it hears ENOSYS.
        let calls = newer_calls().into_iter().filter(|(call, _)| *call != libc::SYS_clone3);
        refuse(libc::EPERM, calls.collect());
        stands(&mut Bench::of(here));
    });
}

fn without_overlays(here: &Here) -> Bench {
    refuse(libc::EPERM, overlays());
    let bench = Bench::of(here);
    assert!(!bench.standing.writable);
    assert!(bench.standing.without.iter().any(|without| matches!(without, Without::Layers(_))));
    bench
}

#[test]
fn without_overlays_a_box_has_a_copy() {
    both(|here| {
        refuse(libc::ENOSYS, newer_calls());
        let mut bench = without_overlays(here);
        stands(&mut bench);
        let said = bench.inside(everything(), "rm /etc/passwd; echo mine > /etc/motd; cat /etc/motd").unwrap();
        assert_eq!(said, "mine");
        // What a box wrote is there for the next, and is seen from outside where it would be with an overlay.
        assert_eq!(bench.inside(everything(), "cat /etc/motd; ls /etc/passwd 2> /dev/null").unwrap(), "mine");
        let upper = bench.standing.place.join("upper/etc/motd");
        assert_eq!(bench.outside(&format!("cat {}", upper.display())), "mine");
        assert_eq!(bench.outside("ls /run/unha/lower/etc/passwd"), "/run/unha/lower/etc/passwd");
    });
}

#[test]
fn a_copy_keeps_the_owners_where_they_are_known() {
    both(|here| {
        // A file of another user's, as images have them. An ordinary user has but their own.
        let file = unha::image::ensure(&here.dir.join("cache")).unwrap().path.join("srv/of-theirs");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "").unwrap();
        let owner = if here.root { [1234, 1235] } else { [0, 0] };
        if here.root {
            chown(&file, Some(owner[0]), Some(owner[1])).unwrap();
        }
        fs::set_permissions(&file, Permissions::from_mode(0o4755)).unwrap();
        let mut bench = without_overlays(here);
        bench.own_ids = here.root;
        let is_there = format!("-rwsr-xr-x 1 {} {}", owner[0], owner[1]);
        for features in [everything(), everything().without(Feature::User)] {
            let said = bench.inside(features, "ls -ln /srv/of-theirs").unwrap();
            let words: Vec<&str> = said.split_whitespace().take(4).collect();
            assert_eq!(words.join(" "), is_there, "{features:?}");
        }
    });
}

#[test]
fn unha_run_does_without_them_too() {
    both(|here| {
        refuse(libc::ENOSYS, newer_calls());
        if !here.root {
            refuse(libc::EPERM, overlays());
        }
        let said = here.run(crate::program::EVERYTHING).sh("echo x > /etc/x && cat /etc/x && echo $$").says();
        assert_eq!(said, "x\n1");
    });
}

#[test]
fn a_read_only_tree_is_so_to_its_last_mount() {
    both(|here| {
        refuse(libc::ENOSYS, newer_calls());
        let bench = Bench::of(here);
        let table = bench.outside("cat /proc/self/mountinfo");
        let of = |folder: &str| {
            let fields = table.lines().map(|line| line.split(' ').skip(4).take(2).collect::<Vec<_>>());
            fields.filter(|fields| fields[0].starts_with(folder)).map(|fields| fields[1].to_owned()).collect::<Vec<_>>()
        };
        let sys: Vec<String> = of("/sys");
        assert!(!sys.is_empty(), "{table}");
        if !bench.standing.writable {
            assert!(of("/usr").iter().all(|options| options.starts_with("ro")), "{table}");
        }
        assert!(fs::exists("/etc/passwd").unwrap());
    });
}
