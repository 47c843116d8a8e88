//! What a process may do, to be taken over: ids, capabilities, no_new_privs, a filter. credentials(7), capabilities(7).
//!
//! Everything is given up before anything is run, and in the one order in which each step still may.

use nix::errno::Errno;
use nix::unistd::{Gid, Uid, setgroups, setresgid, setresuid};
use rustix::thread::CapabilitySet;

use super::Refused;
use crate::kernel::container::profile::Profile;
use crate::kernel::sys::privileges::{capset, drop_ambient, drop_bounding, in_bounding_set, no_new_privs, permitted};
use crate::kernel::sys::{self, SysError};

/// The rights of a process, its ids as they are numbered in its user namespace.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rights {
    pub uid: u32,
    gid: u32,
    groups: Vec<u32>,
    capabilities: CapabilitySet,
    no_new_privs: bool,
    filtered: bool,
}

impl Rights {
    /// As its file `status` has them.
    pub fn of(status: &str) -> Option<Self> {
        let words = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
            Some(line.split_ascii_whitespace())
        };
        let bits = |key| u64::from_str_radix(words(key)?.next()?, 16).ok();
        let is = |key, value: &str| words(key).and_then(|mut words| words.next()).is_some_and(|word| word == value);
        Some(Self {
            // The second is the one that counts: the effective id.
            uid: words("Uid")?.nth(1)?.parse().ok()?,
            gid: words("Gid")?.nth(1)?.parse().ok()?,
            groups: words("Groups")?.filter_map(|word| word.parse().ok()).collect(),
            capabilities: CapabilitySet::from_bits_retain(bits("CapEff")?),
            no_new_privs: is("NoNewPrivs", "1"),
            filtered: is("Seccomp", "2"),
        })
    }

    /// Takes its groups before its user namespace is joined, whose setgroups may say "deny"; only root may.
    pub fn take_groups_outside(&self) {
        let groups: Vec<Gid> = self.groups.iter().copied().map(Gid::from_raw).collect();
        let _ = setgroups(&groups);
    }

    /// Takes these and gives up all others.
    pub fn take(&self, told: &mut dyn FnMut(&str)) -> Result<(), Refused> {
        let refused = |error: SysError| Refused::Call(error.call.to_string());
        self.take_groups(told)?;
        if self.no_new_privs {
            no_new_privs().map_err(refused)?;
            told("prctl(PR_SET_NO_NEW_PRIVS, 1) = 0");
        }
        // The ceiling of whatever is executed: who is root there gets all that is below it.
        let lacking = in_bounding_set().difference(self.capabilities);
        for one in lacking.iter() {
            drop_bounding(one).map_err(refused)?;
        }
        if !lacking.is_empty() {
            told(&format!("prctl(PR_CAPBSET_DROP, {} capabilities) = 0", lacking.iter().count()));
        }
        drop_ambient().map_err(refused)?;
        if self.filtered {
            self.install_filter(told)?;
        }
        let uid = Uid::from_raw(self.uid);
        setresuid(uid, uid, uid).map_err(|errno| Refused::call("setresuid", &self.uid.to_string(), errno))?;
        told(&format!("setresuid({0}, {0}, {0}) = 0", self.uid));
        let kept = self.capabilities.intersection(permitted().map_err(refused)?);
        capset(kept).map_err(refused)
    }

    fn take_groups(&self, told: &mut dyn FnMut(&str)) -> Result<(), Refused> {
        let groups: Vec<Gid> = self.groups.iter().copied().map(Gid::from_raw).collect();
        match setgroups(&groups) {
            Ok(()) => told(&format!("setgroups({:?}) = 0", self.groups)),
            // Where the namespace's setgroups says "deny" they were taken outside, or are those of the user who looks.
            Err(Errno::EPERM) => told("setgroups() = EPERM"),
            Err(errno) => return Err(Refused::call("setgroups", &format!("{:?}", self.groups), errno)),
        }
        let gid = Gid::from_raw(self.gid);
        setresgid(gid, gid, gid).map_err(|errno| Refused::call("setresgid", &self.gid.to_string(), errno))?;
        told(&format!("setresgid({0}, {0}, {0}) = 0", self.gid));
        Ok(())
    }

    /// A filter cannot be read without stopping its process, so the house's stands in for it.
    fn install_filter(&self, told: &mut dyn FnMut(&str)) -> Result<(), Refused> {
        let words = |why: crate::kernel::container::link::Failed| Refused::Call(why.to_string());
        let profile = Profile::of_the_house().map_err(words)?;
        for program in profile.programs(self.capabilities).map_err(words)? {
            sys::seccomp(&program).map_err(|error| Refused::Call(error.call.to_string()))?;
        }
        told("seccomp(SECCOMP_SET_MODE_FILTER, unha's profile) = 0");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_read_from_its_status() {
        let status = "Name:\tsh\nUid:\t0\t1000\t0\t0\nGid:\t5\t6\t5\t5\nGroups:\t6 7 \nCapEff:\t0000000000000003\n\
                      NoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n";
        let rights = Rights::of(status).unwrap();
        let capabilities = CapabilitySet::CHOWN | CapabilitySet::DAC_OVERRIDE;
        let wanted = Rights { uid: 1000, gid: 6, groups: vec![6, 7], capabilities, no_new_privs: true, filtered: true };
        assert_eq!(rights, wanted);
        assert_eq!(Rights::of("Name:\tsh\n"), None);
    }
}
