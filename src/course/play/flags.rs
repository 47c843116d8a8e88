//! The combination as the flags of `unha run`, and what those cannot say.

use super::{Choice, Line};
use crate::course::lesson::Limit;
use crate::course::text::Text;
use crate::kernel::feature::Feature;

/// A path on the disk whose bandwidth is limited.
const ON_DISK: &str = "/var/tmp";

impl Choice {
    /// The flags, with this root file system.
    #[must_use]
    pub fn flags(&self, rootfs: &str) -> Vec<String> {
        let has = |feature| self.start.features.has(feature);
        let mut flags = vec![];
        let mut add = |on: bool, flag: &str| {
            if on {
                flags.push(flag.to_owned());
            }
        };
        let name = self.start.hostname.as_deref();
        add(has(Feature::Uts) && name.is_none(), "--uts");
        add(name.is_some(), &format!("--hostname {}", quoted(name.unwrap_or_default())));
        add(has(Feature::Pid), "--pid");
        add(has(Feature::Pid) && !has(Feature::Mount), "--no-mount");
        add(self.start.init, "--init");
        // Both bring it along.
        add(has(Feature::Mount) && !has(Feature::Pid) && !has(Feature::Rootfs), "--mount");
        add(has(Feature::Rootfs), &format!("--rootfs {}", quoted(rootfs)));
        add(has(Feature::Ipc), "--ipc");
        let rate = self.limits.contains_key(&Limit::Rate);
        add(has(Feature::Net) && !self.start.cable, "--net");
        add(self.start.cable && !rate, "--veth");
        add(has(Feature::User), "--user");
        add(has(Feature::Cgroupns), "--cgroup");
        add(has(Feature::Time) && !self.has(Line::Offset), "--time");
        add(self.has(Line::Offset), &format!("--boottime {}", self.start.boottime));
        match self.setting(Line::Powers).as_deref() {
            Some("all") => add(true, "--cap-add ALL"),
            Some(_) => add(true, "--cap-drop ALL"),
            // One of Docker's own: so none is added, and those are all that stay.
            None => add(has(Feature::Capabilities), "--cap-add CHOWN"),
        }
        add(has(Feature::NoNewPrivs), "--no-new-privs");
        add(has(Feature::Seccomp), "--seccomp default");
        for (limit, to) in &self.limits {
            add(*limit != Limit::Freezer, &of_limit(*limit, to));
        }
        flags
    }

    /// What of it the flags cannot say, a sentence each.
    #[must_use]
    pub fn not_in_flags(&self) -> Vec<Text> {
        let limited = self.limits.keys().any(|limit| !matches!(limit, Limit::Rate | Limit::Freezer));
        let said = [
            (
                self.has(Line::Lo) && !self.start.cable,
                "lo: of the flags only --all and --veth switch it on; after --net it stays down",
                "lo: das opções, só --all e --veth a ligam; com --net ela fica desligada",
            ),
            (self.start.cable && !self.has(Line::Lo), "cable: it switches lo on too", "cabo: liga também a lo"),
            (
                self.start.features.has(Feature::Cgroup) && !limited,
                "cgroup: there is one only where a limit is set",
                "cgroup: só existe onde há um limite",
            ),
        ];
        said.into_iter().filter(|(is, ..)| *is).map(|(_, en, pt_br)| Text::both(en, pt_br)).collect()
    }
}

fn of_limit(limit: Limit, to: &str) -> String {
    match limit {
        Limit::Pids => format!("--pids-limit {to}"),
        Limit::Memory => format!("--memory {to}"),
        Limit::Cpus => format!("--cpus {to}"),
        Limit::CpuShares => format!("--cpu-shares {to}"),
        Limit::DeviceWriteBps => format!("--device-write-bps {ON_DISK}:{to}"),
        Limit::Rate => format!("--net-rate {to}"),
        Limit::DeviceDeny => format!("--device-deny '{to}'"),
        Limit::Freezer => String::new(),
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
