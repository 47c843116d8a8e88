//! Sets of features, every pair of them in every combination, start, run, and leave nothing.

use unha::kernel::feature::{Feature, FeatureSet};

use crate::left::Before;
use crate::outside::Bench;
use crate::part::{Here, both};
use crate::program::options;
use crate::sets::covering;

fn sets(with_cgroup: bool) -> Vec<FeatureSet> {
    covering(|feature| with_cgroup || feature != Feature::Cgroup)
}

fn words(set: FeatureSet) -> String {
    set.iter().map(Feature::name).collect::<Vec<_>>().join(" ")
}

fn with_cgroup(here: &Here) -> bool {
    here.has_cgroups(": the sets with cgroup in them")
}

#[test]
fn of_any_set_by_run() {
    both(|here| {
        for set in sets(with_cgroup(here)) {
            let before = Before::look(&here.dir);
            let done = here.run(&options(set)).command(["true"]).done();
            assert_eq!((done.code, done.err.as_str()), (0, ""), "{}", words(set));
            before.again(&here.dir);
        }
    });
}

#[test]
fn of_any_set_with_an_init_by_run() {
    both(|here| {
        for set in sets(false).into_iter().filter(|set| set.has(Feature::Pid)) {
            let before = Before::look(&here.dir);
            let done = here.run(&format!("{} --init", options(set))).command(["true"]).done();
            assert_eq!((done.code, done.err.as_str()), (0, ""), "{}", words(set));
            before.again(&here.dir);
        }
    });
}

#[test]
fn of_any_set_on_a_bench() {
    both(|here| {
        let with_cgroup = with_cgroup(here);
        let before = Before::look(&here.dir);
        let mut bench = Bench::of(here);
        assert_eq!(bench.standing.cgroup.is_some(), with_cgroup, "{:?}", bench.standing.without);
        let look = "ps -e -o comm=; wc -l < /proc/self/mountinfo; ls /dev /tmp";
        let empty = bench.outside(look);
        for set in sets(with_cgroup) {
            assert_eq!(bench.inside(set, "true").unwrap(), "", "{}", words(set));
        }
        assert_eq!(bench.outside(look), empty);
        drop(bench);
        before.again(&here.dir);
    });
}

#[test]
fn of_a_box_that_could_not_be_made() {
    both(|here| {
        let before = Before::look(&here.dir);
        // The kernel takes 64 bytes: it refuses after the box's namespaces are made.
        let name = "n".repeat(65);
        let done = here.run(&format!("--pid --hostname {name}")).command(["true"]).done();
        assert_eq!(done.code, 125);
        assert!(done.err.contains("sethostname(") && done.err.contains("EINVAL"), "{done:?}");
        before.again(&here.dir);
        if with_cgroup(here) {
            let done = here.run(&format!("--pids-limit 20 --memory 64M --hostname {name}")).command(["true"]).done();
            assert_eq!(done.code, 125);
            before.again(&here.dir);
            // Where the limit itself is refused, the cgroup has been made already.
            let done = here.run("--pids-limit 9999999999999").command(["true"]).done();
            assert_eq!(done.code, 125);
            assert!(done.err.contains("pids.max") && done.err.contains("EINVAL"), "{done:?}");
            before.again(&here.dir);
        }
    });
}
