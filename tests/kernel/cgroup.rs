//! Limits on what a box may use.

use serde_json::json;
use unha::kernel::fact::Fact;

use crate::left::cgroups;
use crate::part::{Here, both};

fn limited(here: &Here) -> bool {
    here.has_cgroups("")
}

#[test]
fn limits_put_the_box_in_a_cgroup_of_its_own() {
    both(|here| {
        if !limited(here) {
            return;
        }
        let facts = here.facts("--pids-limit 15 --memory 32M --cpus 0.2");
        let bare = here.facts("--uts");
        assert_eq!(facts.outside(Fact::PidsMax), 15);
        assert_eq!(facts.outside(Fact::MemoryMax), 32 << 20);
        assert_eq!(facts.outside(Fact::CpuMax), 20);
        assert!(facts.outside(Fact::Cgroup).as_str().unwrap().contains("/unha-"));
        // The test itself may be in a leaf that is called so.
        assert!(!bare.outside(Fact::Cgroup).as_str().unwrap().replace("/unha-self", "").contains("/unha-"));
    });
}

#[test]
fn one_limit_alone_leaves_the_others_as_they_are() {
    both(|here| {
        if !limited(here) {
            return;
        }
        let facts = here.facts("--pids-limit 15");
        assert_eq!(facts.outside(Fact::PidsMax), 15);
        assert_eq!(facts.outside(Fact::CpuMax), "max");
        assert_ne!(facts.outside(Fact::MemoryMax), &json!(32 << 20));
    });
}

#[test]
fn the_limit_on_processes_bites() {
    both(|here| {
        if !limited(here) {
            return;
        }
        // Ten that sleep do not fit beside the shell; each is a child, so that all of them end with it.
        let script = "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1000 & done; echo all";
        let done = here.run("--pids-limit 5").sh(script).done();
        assert!(!done.out.contains("all") && done.code == 2, "{done:?}");
        assert!(done.err.to_lowercase().contains("fork"), "{done:?}");
        assert_eq!(here.run("--pids-limit 20").sh(script).says(), "all");
    });
}

#[test]
fn the_limit_on_memory_bites() {
    both(|here| {
        if !limited(here) {
            return;
        }
        // Only after the limit and the membership have been read back is memory eaten, and 64 MiB at most.
        let facts = here.facts("--memory 16M");
        assert_eq!(facts.outside(Fact::MemoryMax), 16 << 20);
        // One process eats: beside a second one the kernel may choose another victim while the first gives its memory back.
        let eat = "grep -q /unha- /proc/self/cgroup || exit; dd if=/dev/zero of=/dev/null bs=64M count=1 2>&1; echo $?";
        let done = here.run("--memory 16M").sh(eat).done();
        assert!(done.out.ends_with("137\n"), "{done:?}");
        assert!(here.run("--memory 256M").sh(eat).says().ends_with("\n0"));
    });
}

/// The kernel says in its log whom it kills; of all that stands there, only what is about the box is told.
#[test]
fn the_kernels_own_words_for_it_are_told() {
    both(|here| {
        if !limited(here) {
            return;
        }
        let eat = "grep -q /unha- /proc/self/cgroup && dd if=/dev/zero of=/dev/null bs=64M count=1 >/dev/null 2>&1";
        let (killed, spared) = (here.facts_after("--memory 16M", eat), here.facts_after("--memory 256M", eat));
        assert_eq!((killed.outside(Fact::OomKills), spared.outside(Fact::OomKills)), (&json!(1), &json!(0)));
        if !here.root && killed.missing_outside(Fact::OomWords) == "only root may read the kernel's log" {
            return;
        }
        let words = killed.outside(Fact::OomWords).as_str().unwrap();
        assert!(
            words.starts_with("Memory cgroup out of memory: Killed process ") && words.ends_with(" (dd)"),
            "{words}"
        );
        assert_eq!(spared.missing_outside(Fact::OomWords), "nothing about the box so far");
    });
}

#[test]
fn the_cgroup_goes_with_the_box() {
    both(|here| {
        if !limited(here) {
            return;
        }
        let mut running = here.run("--pids-limit 15").sh("echo ready; read line").start();
        assert_eq!(running.line(), "ready");
        let name = format!("unha-{}-", running.pid());
        let ours = || cgroups().iter().any(|dir| dir.file_name().unwrap().to_string_lossy().starts_with(&name));
        assert!(ours());
        assert_eq!(running.end().0, 1, "read(1) at the end of the file");
        assert!(!ours());
    });
}
