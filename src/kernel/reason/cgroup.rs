//! Why no cgroup can be made or limited, as a reason: from [`NoCgroup`], and what else is seen. cgroups(7).

use std::fs;
use std::os::fd::AsFd;
use std::path::Path;

use nix::errno::Errno;

use super::{Because, Evidence, Reason};
use crate::kernel::cgroupfs::{Cgroups, Controller};
use crate::kernel::container::link::Failed;
use crate::kernel::journal::Call;
use crate::kernel::run_cgroup::{self, NoCgroup, NoScope};

impl Because {
    /// Why no cgroup with limits can be made.
    #[must_use]
    pub fn of_no_cgroup(why: &NoCgroup, evidence: &Evidence) -> Self {
        let seen = |reason, seen: String| Self::seen(reason, [seen]);
        match why {
            NoCgroup::Unread(said) => seen(Reason::NoProc, said.clone()),
            NoCgroup::NotMounted => without(None),
            NoCgroup::NoController { controller } => without(Some(controller.as_str())),
            NoCgroup::OutOfSight { path } => seen(Reason::CgroupOutOfSight, format!("/proc/self/cgroup: {path}")),
            NoCgroup::ReadOnly { dir, .. } => Self {
                call: Some(refused(dir, Errno::EROFS)),
                ..seen(Reason::CgroupReadOnly, format!("{} is mounted read-only", dir.display()))
            },
            NoCgroup::NotWritable { dir, errno, version } => Self {
                reason: match (evidence.root, version) {
                    (true, _) => Reason::CgroupNotOurs,
                    (false, 1) => Reason::CgroupV1,
                    (false, _) => Reason::CgroupNotDelegated,
                },
                call: Some(refused(dir, Errno::from_raw(*errno))),
                seen: vec![format!("cgroup v{version}")],
            },
            NoCgroup::NotHandedOver { dir, scope } => {
                let (reason, said) = not_handed_over(scope.as_ref(), evidence);
                Self::seen(reason, std::iter::once(format!("cgroup v2: {}", dir.display())).chain(said))
            }
            NoCgroup::NotDelegated { dir, lacks, .. } => {
                let lacks = lacks.join(", ");
                seen(Reason::CgroupNotAllDelegated, format!("{}: handed over without {lacks}", dir.display()))
            }
            NoCgroup::Populated { dir, .. } => seen(Reason::CgroupPopulated, format!("cgroup v2: {}", dir.display())),
            NoCgroup::Refused(failed) => Self {
                call: failed.call.clone(),
                ..match failed.call {
                    Some(_) => Self::seen(Reason::CgroupRefused, []),
                    None => seen(Reason::CgroupRefused, failed.message.clone()),
                }
            },
        }
    }
}

/// What the engine said of a cgroup in words: a second look may know more.
pub(super) fn said(failed: &Failed, evidence: &Evidence) -> Because {
    match run_cgroup::parent() {
        Err(why) => Because::of_no_cgroup(&why, evidence),
        Ok(_) => Because::of_no_cgroup(&NoCgroup::Refused(failed.clone()), evidence),
    }
}

/// The call that said so: whether a cgroup may be made is asked before one is.
fn refused(dir: &Path, errno: Errno) -> Call {
    let args = vec![format!("{dir:?}"), "W_OK".to_owned()];
    Call { name: "access".to_owned(), args, result: Err(format!("{errno:?}")) }
}

fn not_handed_over(scope: Option<&NoScope>, evidence: &Evidence) -> (Reason, Option<String>) {
    if evidence.root {
        return (Reason::CgroupNotOurs, None);
    }
    match scope {
        Some(NoScope::NoSystemd) => (Reason::CgroupNoSystemd, None),
        None if !evidence.systemd => (Reason::CgroupNoSystemd, None),
        None => (Reason::CgroupNotDelegated, None),
        Some(NoScope::NoUserManager { said }) => (Reason::CgroupNoUserManager, Some(said.clone())),
        Some(why) => (Reason::CgroupScopeRefused, Some(why.to_string())),
    }
}

/// A controller is missing, or all of them: no cgroups are mounted, or those of version 2 without controllers, as in a
/// hybrid layout that was taken apart.
fn without(controller: Option<&str>) -> Because {
    let own = fs::File::open("/proc").ok().and_then(|proc| Cgroups::of("self", proc.as_fd()).ok());
    let wanted = [Controller::Pids, Controller::Memory, Controller::Cpu];
    let some = own.as_ref().is_some_and(|own| wanted.into_iter().any(|one| own.folder(one).is_some()));
    if let Some(controller) = controller.filter(|_| some) {
        let words = format!("no cgroup hierarchy with the controller {controller} is mounted");
        return Because::seen(Reason::NoControllers, [words]);
    }
    let Some(unified) = own.as_ref().and_then(Cgroups::unified) else {
        return Because::seen(Reason::NoCgroupfs, []);
    };
    let text = fs::read_to_string(unified.dir.join("cgroup.controllers")).unwrap_or_default();
    let words = if text.trim().is_empty() { "(none)" } else { text.trim() };
    Because::seen(Reason::NoControllers, [format!("cgroup.controllers: {words}")])
}
