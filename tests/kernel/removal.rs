//! The end of a cgroup, whatever was made in it.

use std::ffi::CString;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use nix::dir::Dir;
use nix::fcntl::{OFlag, open, openat};
use nix::sys::stat::{Mode, mkdirat};
use unha::kernel::container::cgroup::{Group, Limits};
use unha::kernel::run_cgroup;

use crate::left::{bury_orphans, remember};
use crate::part::{Here, both, until};
use crate::skip::{Why, skip};

/// A cgroup for this test, with limits.
fn group(here: &Here, limits: &Limits) -> Option<Group> {
    let Ok(parent) = run_cgroup::parent() else {
        skip(&here.name, if here.root { Why::Cgroup } else { Why::UserCgroup });
        return None;
    };
    remember(std::process::id().cast_signed());
    parent.hand_on().unwrap();
    let group = parent.group.child(&format!("unha-{}-0", std::process::id()));
    group.create().unwrap();
    group.limit(limits).unwrap();
    Some(group)
}

#[test]
fn folders_deeper_than_any_path_are_removed() {
    both(|here| {
        let Some(group) = group(here, &Limits::default()) else { return };
        let dir = group.folder("pids").unwrap().0;
        let folder = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let mut deepest = open(dir, folder, Mode::empty()).unwrap();
        let name = CString::new("b".repeat(250)).unwrap();
        // With its own folder this is longer than PATH_MAX, 4096; so it cannot be named by a path any more.
        for _ in 0..20 {
            mkdirat(&deepest, name.as_c_str(), Mode::S_IRWXU).unwrap();
            mkdirat(&deepest, c"beside", Mode::S_IRWXU).unwrap();
            deepest = openat(&deepest, name.as_c_str(), folder, Mode::empty()).unwrap();
        }
        assert!(Dir::openat(&deepest, ".", folder, Mode::empty()).is_ok());
        drop(deepest);
        run_cgroup::remove(&group).unwrap();
        assert!(group.dirs().into_iter().all(|dir| !dir.exists()));
    });
}

#[test]
fn a_fork_bomb_does_not_outrun_it() {
    both(|here| {
        let limits = Limits { pids: Some(100), memory: Some(256 << 20), cpu: Some(100_000), rate: None };
        let Some(group) = group(here, &limits) else { return };
        assert_eq!(group.limits().pids, Some(100), "no bomb without its limit");
        let joins = group.clone();
        let mut command = Command::new("bash");
        command.args(["-c", "bomb() { bomb & bomb & }; while :; do bomb; done"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let join = move || joins.join().map_err(std::io::Error::other);
        // SAFETY: the child of a process with threads only writes its own number to a few files before it executes.
        #[allow(unsafe_code, reason = "a bomb is to be born in its cgroup, not moved there")]
        unsafe {
            command.pre_exec(join);
        }
        let mut bomb = command.spawn().unwrap();
        until("the bomb is at its limit", || group.members().len() > 50);
        run_cgroup::remove(&group).unwrap();
        assert!(group.dirs().into_iter().all(|dir| !dir.exists()));
        bomb.wait().unwrap();
        bury_orphans();
    });
}
