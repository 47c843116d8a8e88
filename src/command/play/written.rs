//! The combination as `unha run` would be given it, and what other tools call that.

use std::ffi::{CString, OsString};
use std::path::PathBuf;

use nix::unistd::{getegid, geteuid};

use crate::command::rootfs::PATH;
use crate::course::lesson::{Limit, Switch};
use crate::course::play::{Choice, Pane, Play, Written};
use crate::course::text::Lang;
use crate::equivalent::{Tool, Wanted, of};
use crate::kernel::container::{Cable, Rootfs, Spec};
use crate::kernel::disk;
use crate::kernel::feature::Feature;
use crate::kernel::sys::privileges::in_bounding_set;
use crate::session::limits::{device, parse};

/// Where a write to the disk goes that is limited, as on the bench.
const ON_DISK: &str = "/var/tmp";

/// Keeps the texts true.
pub struct Pen {
    /// The folder of the root file system.
    pub root: Option<PathBuf>,
    disk: Option<(u32, u32)>,
    written: Option<(Choice, Lang)>,
}

impl Pen {
    /// For boxes with the root file system in this folder.
    pub fn new(root: Option<PathBuf>) -> Self {
        Self { root, disk: disk::of(std::path::Path::new(ON_DISK)).ok(), written: None }
    }

    /// Writes the texts anew, if the combination is another than they are of.
    pub fn write(&mut self, play: &mut Play) {
        let now = (play.choice.clone(), play.talk.lang);
        if self.written.as_ref() == Some(&now) {
            return;
        }
        let wanted = self.wanted(&play.choice, play.talk.lang);
        let written = Pane::TEXTS.into_iter().zip(Tool::ALL).map(|(pane, tool)| {
            let equivalent = of(tool, &wanted);
            (pane, Written { text: equivalent.text, lacks: equivalent.lacks })
        });
        play.texts = written.collect();
        let flags = play.choice.flags(play.root()).join(" ");
        let space = if flags.is_empty() { "" } else { " " };
        let text = format!("unha run {flags}{space}sh\nunha export oci DIR{space}{flags}\n");
        play.texts.insert(Pane::Unha, Written { text, lacks: play.choice.not_in_flags() });
        self.written = Some(now);
    }

    /// The box, as it would be made without a bench.
    fn wanted(&self, choice: &Choice, lang: Lang) -> Wanted {
        let start = &choice.start;
        let root = geteuid().is_root();
        let mut features = start.features.closed();
        if !root && features.take_root() {
            features = features.with(Feature::User);
        }
        let lower = self.root.clone().filter(|_| features.has(Feature::Rootfs));
        let term = std::env::var_os("TERM").unwrap_or_else(|| OsString::from("linux"));
        let mut env = vec![format!("PATH={PATH}"), "HOME=/root".to_owned(), "LANG=C.UTF-8".to_owned()];
        env.push(format!("TERM={}", term.to_string_lossy()));
        let c_strings = |words: Vec<String>| words.into_iter().filter_map(|word| CString::new(word).ok()).collect();
        // One that stands still is no way to start a box.
        let mut limits = choice.first_limits();
        let denied = limits.remove(&Limit::DeviceDeny).and_then(|text| device(&text).ok().flatten());
        if self.disk.is_none() {
            limits.remove(&Limit::DeviceWriteBps);
        }
        let limits = parse(&limits, self.disk).unwrap_or_default();
        let cable = start.cable.then(|| Cable { name: "to-box".to_owned(), rate: limits.rate });
        let spec = Spec {
            features,
            machine_root: root,
            hostname: start.hostname.clone(),
            boottime: start.boottime,
            lo: start.lo == Some(Switch::Up),
            cable,
            proc: true,
            cap_add: start.cap_add.clone(),
            cap_drop: start.cap_drop.clone(),
            rootfs: lower.map(|lower| Rootfs { lower, place: None }),
            command: c_strings(vec!["sh".to_owned()]),
            env: c_strings(env),
            terminal: true,
            init: start.init,
            ..Spec::default()
        };
        let caller = (geteuid().as_raw(), getegid().as_raw());
        Wanted {
            spec,
            limits,
            denied: denied.into_iter().collect(),
            profile: None,
            caller,
            lang,
            subordinate: None,
            bounding: Some(in_bounding_set().bits()),
        }
    }
}
