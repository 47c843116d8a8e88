//! Whether a process that shares something with the outside holds any right over it.
//!
//! A namespace belongs to a user namespace, and whoever is to change it needs the capability there: `user_namespaces(7)`. Root in a
//! user namespace of its own has all capabilities and none over the outside's. The learner sees "sees", not "changes".

use super::{Aspect, Finding};
use crate::kernel::evidence::{Capabilities, Evidence, Ids, Kind, Root};

/// The capabilities each of which is such a right; `None` for what nobody can change anyway.
const fn needed(aspect: Aspect) -> Option<&'static [&'static str]> {
    Some(match aspect {
        Aspect::Uts | Aspect::Mount => &["CAP_SYS_ADMIN"],
        Aspect::Net => &["CAP_NET_ADMIN", "CAP_NET_RAW"],
        Aspect::Ipc => &["CAP_IPC_OWNER", "CAP_SYS_ADMIN"],
        Aspect::Pid => &["CAP_KILL", "CAP_SYS_PTRACE"],
        Aspect::Proc => &["CAP_SYS_PTRACE"],
        _ => return None,
    })
}

/// What shows that it holds none of the rights over what is shared; `None` where it holds one, or that was not seen.
pub(super) fn none(e: &Evidence, aspect: Aspect) -> Option<String> {
    let needed = needed(aspect)?;
    let (sets, ids) = (e.capabilities.as_ref().ok()?, e.ids.as_ref().ok()?);
    // Whose user id is root's out here owns root's queues and may end root's processes, capabilities or not.
    let may_become_root = || ids.map.iter().any(|[_, here, count]| *here == 0 && *count > 0);
    let is_root = ids.uid == 0 || (e.has_own(Kind::User) && may_become_root());
    if is_root && matches!(aspect, Aspect::Ipc | Aspect::Pid) {
        return None;
    }
    if e.has_own(Kind::User) {
        let Some(Ok(users)) = e.namespaces.get(&Kind::User) else { return None };
        return Some(super::links(e, Kind::User, users));
    }
    let holds = needed.iter().any(|name| holds(sets, ids, name));
    (!holds).then(|| format!("/proc/{}/status CapEff: - {}", e.pid(), needed.join(" ")))
}

/// What a `/` that is the outside's allows: whether it is mounted read only, whether all of it is, and whether it stays so.
pub(super) fn over_root(e: &Evidence, root: &Root) -> Finding {
    let mounts = match (&e.capabilities, &e.ids) {
        // In whose user namespace counts less here: its mount table may well be of its own making.
        (Ok(sets), Ok(ids)) => holds(sets, ids, "CAP_SYS_ADMIN"),
        _ => true,
    };
    match root.read_only {
        false => Finding::Shared,
        true if mounts => Finding::Remountable,
        true if root.writable.is_empty() => Finding::ReadOnly,
        true => Finding::PartlyWritable,
    }
}

/// Whether it has the capability or takes it when it likes: what is permitted it makes effective, and root gets all that is in the
/// bounding set with the next program.
fn holds(sets: &Capabilities, ids: &Ids, name: &str) -> bool {
    let among = |set: &[String]| set.iter().any(|held| held == name);
    among(&sets.effective) || among(&sets.permitted) || (ids.uid == 0 && among(&sets.bounding))
}
