//! Process numbers of its own.

use unha::kernel::fact::Fact;
use unha::kernel::feature::Feature;

use crate::part::both;

#[test]
fn only_pid_gives_numbers_of_its_own() {
    both(|here| here.on_and_off(Feature::Pid, &[Fact::NsPid, Fact::Pid]));
}

#[test]
fn the_first_process_is_1_inside_and_another_outside() {
    both(|here| {
        let facts = here.facts("--pid");
        assert_eq!(facts.inside(Fact::Pid), 1);
        assert!(facts.outside(Fact::Pid).as_u64().unwrap() > 1);
        assert_eq!(here.run("--pid").sh("echo $$").says(), "1");
        assert_eq!(here.run("--pid --no-mount").sh("echo $$").says(), "1");
    });
}

#[test]
fn ps_needs_a_proc_of_its_own() {
    both(|here| {
        let own = here.run("--pid").command(["ps", "-e", "-o", "pid="]).says();
        assert_eq!(own.split_whitespace().collect::<Vec<_>>(), ["1"]);
        // The old /proc shows everybody, by their old numbers.
        let old = here.run("--pid --no-mount").sh("readlink /proc/self; ps -e -o pid= | wc -l").says();
        let numbers: Vec<u32> = old.split_whitespace().map(|number| number.parse().unwrap()).collect();
        assert!(numbers[0] > 5 && numbers[1] > 5, "{old}");
    });
}

#[test]
fn the_first_process_cannot_be_killed_from_within() {
    both(|here| {
        let said = here
            .run("--pid")
            .sh("kill -9 1; kill -TERM 1; sh -c 'kill -9 1; kill -9 -1' 2>/dev/null; echo alive")
            .says();
        assert_eq!(said, "alive");
    });
}

#[test]
fn all_die_with_the_first_process() {
    both(|here| {
        let mut running = here.run("--pid").sh("setsid sleep 1000 & echo ready; read line").start();
        assert_eq!(running.line(), "ready");
        running.tell("");
        assert_eq!(running.end().0, 0);
        assert_eq!(crate::left::children(), [].into());
    });
}
