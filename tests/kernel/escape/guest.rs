//! What reaches the machine when it gets out: in the guest of tests/vm, and nowhere else. The disk is only read from.

use std::fs;
use std::process::Command;

use unha::kernel::feature::Feature::{Capabilities, Rootfs};

use super::{Outside, Way, only_off, tried};
use crate::part::{both, until};
use crate::skip::{Why, skip};

/// Whether this is the guest. `/proc/cmdline` is the kernel's own: nobody sets it by mistake.
fn in_guest(what: &str) -> bool {
    let cmdline = fs::read_to_string("/proc/cmdline").unwrap_or_default();
    let yes = cmdline.split_whitespace().any(|word| word == "unha.guest");
    if !yes {
        skip(what, Why::Guest);
    }
    yes
}

#[test]
fn the_machines_disk_cannot_be_read() {
    both(|here| {
        if !in_guest(&here.name) {
            return;
        }
        let numbers = fs::read_to_string("/sys/block/vda/dev").unwrap().trim().replace(':', " ");
        let disk = format!("b {numbers} {}", here.dir.join("tmp").display());
        only_off(here, &Outside::of(here), &[Way::new("mknod", disk, [Some(&[Rootfs]), None])]);
    });
}

#[test]
fn the_machines_settings_cannot_be_changed() {
    both(|here| {
        if !in_guest(&here.name) {
            return;
        }
        let outside = Outside::of(here);
        for file in ["/proc/sys/vm/swappiness", "/sys/block/vda/queue/read_ahead_kb"] {
            let before = fs::read_to_string(file).unwrap();
            let way = || Way::new("write", format!("{file} 7"), [None, None]);
            assert!(tried(here, &outside.everything(here), &way(), |unha| unha).is_err(), "{file}");
            assert_eq!(fs::read_to_string(file).unwrap(), before);
            if here.root {
                assert_eq!(tried(here, &outside.all_but(&[Rootfs]), &way(), |unha| unha), Ok(()), "{file}");
                assert_ne!(fs::read_to_string(file).unwrap(), before, "{file}");
                fs::write(file, before).unwrap();
            }
        }
    });
}

#[test]
fn the_clock_cannot_be_set() {
    both(|here| {
        if in_guest(&here.name) {
            only_off(here, &Outside::of(here), &[Way::new("clock_settime", "", [Some(&[Capabilities]), None])]);
        }
    });
}

/// The kernel starts the release agent of a cgroup of version 1 as the machine's root, outside every namespace.
#[test]
fn no_release_agent_can_be_named() {
    both(|here| {
        if !in_guest(&here.name) {
            return;
        }
        let outside = Outside::of(here);
        let (agent, proof) = (outside.folder.join("agent"), outside.folder.join("proof"));
        fs::write(&agent, format!("#!/bin/sh\nid > {}\n", proof.display())).unwrap();
        assert!(Command::new("chmod").arg("755").arg(&agent).status().unwrap().success());
        let way = || Way::new("release_agent", agent.display(), [None, None]);
        assert!(tried(here, &outside.everything(here), &way(), |unha| unha).is_err());
        if here.root {
            assert!(!proof.exists());
            assert_eq!(tried(here, &outside.all_but(&[Capabilities]), &way(), |unha| unha), Ok(()));
            until("the agent has run outside", || fs::read_to_string(&proof).is_ok_and(|text| text.contains("uid=0")));
        }
    });
}
