//! A machine that refuses everything. seccomp(2).
//!
//! The refusing is real: a filter that a thread lays on itself, and unha inherits, answers EPERM to every call that
//! makes, enters or furnishes a namespace.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter,
};

/// Calls that are refused whatever their arguments.
const REFUSED: [i64; 13] = [
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_sethostname,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_mount_setattr,
    libc::SYS_fsopen,
    libc::SYS_fsmount,
    libc::SYS_ptrace,
];

/// The flags of clone(2) that make namespaces.
const NAMESPACES: [i32; 7] = [
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWCGROUP,
];

/// From now on, this thread and whatever it starts is refused.
pub fn refuse_everything() {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = REFUSED.iter().map(|call| (*call, vec![])).collect();
    let with = |flag: i32| {
        let flag = u64::from(flag.unsigned_abs());
        let set = SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(flag), flag).unwrap();
        SeccompRule::new(vec![set]).unwrap()
    };
    rules.insert(libc::SYS_clone, NAMESPACES.into_iter().map(with).collect());
    answer(rules, libc::EPERM);
    // The flags of clone3(2) lie in memory, where no filter can read them; without it, clone(2) is used.
    answer(BTreeMap::from([(libc::SYS_clone3, vec![])]), libc::ENOSYS);
}

fn answer(rules: BTreeMap<i64, Vec<SeccompRule>>, errno: i32) {
    let errno = SeccompAction::Errno(errno.unsigned_abs());
    let machine = std::env::consts::ARCH.try_into().unwrap();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, errno, machine).unwrap();
    apply_filter(&BpfProgram::try_from(filter).unwrap()).unwrap();
}
