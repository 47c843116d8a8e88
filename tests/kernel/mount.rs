//! A list of mounts of its own.

use std::fs;

use unha::kernel::fact::Fact;
use unha::kernel::feature::Feature;

use crate::part::both;

#[test]
fn only_mount_gives_a_list_of_its_own() {
    both(|here| here.on_and_off(Feature::Mount, &[Fact::NsMnt]));
}

#[test]
fn what_is_mounted_inside_is_not_there_outside() {
    both(|here| {
        let secret = here.dir.join("tmp");
        let script = format!("mount -t tmpfs mine {0} && touch {0}/secret", secret.display());
        for options in ["--mount", "--mount --pid --uts --ipc --net"] {
            // The tests' own mounts are shared, so that this shows that the box has cut itself off.
            let facts = here.facts_after(options, &script);
            let points = facts.inside(Fact::MountPoints).as_array().unwrap().clone();
            assert!(points.iter().any(|point| point == secret.to_str().unwrap()), "{points:?}");
            assert!(fs::read_dir(&secret).unwrap().next().is_none());
        }
        assert!(!fs::read_to_string("/proc/self/mountinfo").unwrap().contains("mine"));
    });
}

#[test]
fn an_own_proc_hides_none_of_the_outside() {
    both(|here| {
        let before = fs::read_to_string("/proc/self/mountinfo").unwrap();
        let inside = here.run("--pid").command(["cat", "/proc/self/mountinfo"]).says();
        assert_eq!(inside.lines().filter(|line| line.contains(" /proc ")).count(), 2, "{inside}");
        assert_eq!(fs::read_to_string("/proc/self/mountinfo").unwrap(), before);
    });
}
