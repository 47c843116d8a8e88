//! The calls that change what a process may do: nearly all of them give rights up, for good.
//!
//! capabilities(7), prctl(2), credentials(7), seccomp(2), keyctl(2). The box's last act before execve(2).

use nix::errno::Errno;
use rustix::thread::{self, CapabilitySet, CapabilitySets};

use super::{Result, errno_of, journalled, plain};

/// A capability's name in the manual, `CAP_CHOWN`; of several, with bars between.
#[must_use]
pub fn names(set: CapabilitySet) -> String {
    super::names(set.iter_names().map(|(name, _)| format!("CAP_{name}")).collect::<Vec<_>>().iter().map(String::as_str))
}

/// The capabilities that this kernel knows and that programs executed from here can still get.
#[must_use]
pub fn in_bounding_set() -> CapabilitySet {
    let there = |one: &CapabilitySet| thread::capability_is_in_bounding_set(*one).unwrap_or(false);
    CapabilitySet::all().iter_names().map(|(_, one)| one).filter(there).collect()
}

/// What this process may take up.
///
/// # Errors
/// None that a kernel of our time would give.
pub fn permitted() -> Result<CapabilitySet> {
    plain("capget", vec![], errno_of(thread::capabilities(None))).map(|sets| sets.permitted)
}

/// prctl(2) `PR_CAPBSET_DROP`.
///
/// # Errors
/// EPERM without CAP_SETPCAP.
pub fn drop_bounding(one: CapabilitySet) -> Result {
    let result = thread::remove_capability_from_bounding_set(one);
    journalled("prctl", vec!["PR_CAPBSET_DROP".to_owned(), names(one)], errno_of(result), |()| 0)
}

/// prctl(2) `PR_CAP_AMBIENT_CLEAR_ALL`.
///
/// # Errors
/// EINVAL before Linux 4.3, which has none.
pub fn drop_ambient() -> Result {
    let args = vec!["PR_CAP_AMBIENT".to_owned(), "PR_CAP_AMBIENT_CLEAR_ALL".to_owned()];
    journalled("prctl", args, errno_of(thread::clear_ambient_capability_set()), |()| 0)
}

/// capset(2): holds these and no others, and lets none be inherited.
///
/// # Errors
/// EPERM for one that this process does not have.
pub fn capset(held: CapabilitySet) -> Result {
    let sets = CapabilitySets { effective: held, permitted: held, inheritable: CapabilitySet::empty() };
    journalled("capset", vec![names(held)], errno_of(thread::set_capabilities(None, sets)), |()| 0)
}

/// prctl(2) `PR_SET_NO_NEW_PRIVS`.
///
/// # Errors
/// EINVAL before Linux 3.5.
pub fn no_new_privs() -> Result {
    let args = vec!["PR_SET_NO_NEW_PRIVS".to_owned(), "1".to_owned()];
    journalled("prctl", args, errno_of(thread::set_no_new_privs(true)), |()| 0)
}

/// Takes the ids of this user and their groups, and with uid 0 leaves its rights: setgroups(2), setresgid(2), setresuid(2).
///
/// # Errors
/// EINVAL where the user namespace has no such id; EPERM without the right.
pub fn become_user(uid: u32, gid: u32, groups: &[u32]) -> Result {
    let (user, group) = (nix::unistd::Uid::from_raw(uid), nix::unistd::Gid::from_raw(gid));
    let groups: Vec<_> = groups.iter().copied().map(nix::unistd::Gid::from_raw).collect();
    let result = nix::unistd::setgroups(&groups)
        .and_then(|()| nix::unistd::setresgid(group, group, group))
        .and_then(|()| nix::unistd::setresuid(user, user, user));
    plain("setresuid", vec![uid.to_string(); 3], result)
}

/// Takes the ids of the root of this process's user namespace: setgroups(2), setresgid(2), setresuid(2).
///
/// # Errors
/// EINVAL where the namespace has no id 0; EPERM without the right.
pub fn become_root() -> Result {
    become_user(0, 0, &[0])?;
    // That took away dumpability, and with it the right of others, and our own, to our files in /proc.
    plain("prctl", vec!["PR_SET_DUMPABLE".to_owned(), "1".to_owned()], nix::sys::prctl::set_dumpable(true))
}

/// keyctl(2) `KEYCTL_JOIN_SESSION_KEYRING`: leaves the session's keys for a keyring without any.
///
/// # Errors
/// ENOSYS where the kernel keeps no keys; EDQUOT.
pub fn leave_keyring() -> Result {
    const JOIN_SESSION_KEYRING: libc::c_long = 1;
    // SAFETY: a null pointer stands for a keyring without a name.
    let returned = unsafe { libc::syscall(libc::SYS_keyctl, JOIN_SESSION_KEYRING, 0_usize) };
    plain("keyctl", vec!["KEYCTL_JOIN_SESSION_KEYRING".to_owned()], Errno::result(returned).map(drop))
}

/// seccomp(2) `SECCOMP_SET_MODE_FILTER`: from now on every call of this process is put to `program` first.
///
/// # Errors
/// EACCES without CAP_SYS_ADMIN and without no_new_privs; EINVAL for a program that the kernel cannot prove to end.
pub fn seccomp(program: seccompiler::BpfProgramRef<'_>) -> Result {
    /// `struct sock_fprog` of linux/filter.h.
    #[repr(C)]
    struct Fprog {
        len: libc::c_ushort,
        filter: *const seccompiler::sock_filter,
    }
    let len = libc::c_ushort::try_from(program.len()).unwrap_or(libc::c_ushort::MAX);
    let fprog = Fprog { len, filter: program.as_ptr() };
    // SAFETY: the kernel copies the program, which lives for as long as the call, and is as long as is said.
    let returned = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const fprog) };
    let args = vec!["SECCOMP_SET_MODE_FILTER".to_owned(), format!("{{len={len}}}")];
    journalled("seccomp", args, Errno::result(returned).map(drop), |()| 0)
}
