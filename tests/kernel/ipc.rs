//! System V IPC objects of its own.

use unha::kernel::fact::{Fact, Value};
use unha::kernel::feature::{Feature, FeatureSet};

use crate::outside::{Bench, value};
use crate::part::both;

#[test]
fn only_ipc_gives_a_namespace_of_its_own() {
    both(|here| here.on_and_off(Feature::Ipc, &[Fact::NsIpc]));
}

#[test]
fn a_queue_made_inside_is_not_there_outside() {
    both(|here| {
        let before = std::fs::read_to_string("/proc/sysvipc/msg").unwrap();
        let facts = here.facts_after("--ipc", "ipcmk -Q >&2");
        assert_eq!(facts.inside(Fact::Ipc), 1);
        assert_eq!(std::fs::read_to_string("/proc/sysvipc/msg").unwrap(), before);
    });
}

#[test]
fn segments_and_queues_of_the_bench_are_its_own() {
    both(|here| {
        let mut bench = Bench::of(here);
        assert_eq!(bench.outside("ipcmk -M 1024 > /dev/null; touch /dev/mqueue/hello"), "");
        let hello = Value::List(vec!["hello".to_owned()]);
        let (none, nothing) = (Value::Number(0), Value::List(vec![]));
        let all: FeatureSet = [Feature::Ipc, Feature::Mount, Feature::Rootfs].into_iter().collect();
        for own_ids in [false, true] {
            bench.own_ids = own_ids;
            let (outside, inside) = bench.facts(all);
            assert_eq!((value(&outside, Fact::Ipc), value(&outside, Fact::Queues)), (&Value::Number(1), &hello));
            assert_eq!((value(&inside, Fact::Ipc), value(&inside, Fact::Queues)), (&none, &nothing));
            // The old mount shows the old queues, until there is a new one.
            let look = "ls /dev/mqueue; umount /dev/mqueue; mount -t mqueue none /dev/mqueue; ls /dev/mqueue; echo end";
            let old = bench.inside(all.without(Feature::Rootfs), look).unwrap();
            // Whoever is in a user namespace of its own cannot take off what was mounted before.
            assert_eq!(old.lines().filter(|line| !line.contains("umount")).collect::<Vec<_>>(), ["hello", "end"]);
        }
        bench.own_ids = false;
        let off = bench.facts(all.without(Feature::Ipc)).1;
        assert_eq!((value(&off, Fact::Ipc), value(&off, Fact::Queues)), (&Value::Number(1), &hello));
    });
}
