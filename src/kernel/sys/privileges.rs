//! The calls that give rights up, none of them unsafe. capabilities(7), prctl(2).

use rustix::thread::{self, CapabilitySet, CapabilitySets};

use super::{Result, errno_of, journalled};

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
    super::plain("capget", vec![], errno_of(thread::capabilities(None))).map(|sets| sets.permitted)
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
    super::plain("setresuid", vec![uid.to_string(); 3], result)
}
