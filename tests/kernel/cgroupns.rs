//! A view of cgroups that begins at its own.

use unha::kernel::fact::{Fact, Value};
use unha::kernel::feature::{Feature, FeatureSet};

use crate::outside::{Bench, value};
use crate::part::both;

#[test]
fn only_cgroupns_gives_a_namespace_of_its_own() {
    both(|here| here.on_and_off(Feature::Cgroupns, &[Fact::NsCgroup]));
}

#[test]
fn its_own_cgroup_is_the_root_of_what_it_sees() {
    both(|here| {
        // Each line `id:controllers:path`.
        let paths = |options: &str| {
            let said = here.run(options).command(["cat", "/proc/self/cgroup"]).says();
            said.lines().map(|line| line.splitn(3, ':').nth(2).unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert!(paths("--cgroup").iter().all(|path| path == "/"), "{:?}", paths("--cgroup"));
        let ours = std::fs::read_to_string("/proc/self/cgroup").unwrap();
        assert!(ours.lines().map(|line| line.splitn(3, ':').nth(2).unwrap()).eq(paths("--uts").iter()), "{ours}");
        if !here.has_cgroups("") {
            return;
        }
        // Entered before the namespace was made, else this were the parent of its root.
        assert!(paths("--cgroup --pids-limit 20").iter().all(|path| path == "/"));
        assert!(paths("--pids-limit 20").iter().any(|path| path.contains("unha-")));
        let facts = here.facts("--cgroup --pids-limit 20");
        assert_eq!(facts.inside(Fact::Cgroup), "/");
        assert!(facts.outside(Fact::Cgroup).as_str().unwrap().contains("unha-"), "{facts:?}");
    });
}

#[test]
fn on_a_bench_the_path_outside_is_the_boxs() {
    both(|here| {
        let mut bench = Bench::of(here);
        let features = FeatureSet::NONE.with(Feature::Cgroupns);
        if bench.standing.cgroup.is_none() {
            assert_eq!(bench.inside(features, "cut -d: -f3 /proc/self/cgroup | sort -u").unwrap(), "/");
            return;
        }
        let path = |text: &str| Value::Text(text.to_owned());
        for (features, seen) in [(features, "/"), (FeatureSet::NONE, "/box")] {
            let (outside, inside) = bench.facts(features.with(Feature::Cgroup));
            assert_eq!((value(&outside, Fact::Cgroup), value(&inside, Fact::Cgroup)), (&path("/box"), &path(seen)));
        }
    });
}
