//! Clocks of its own, of the time since the machine was started.

use unha::kernel::fact::{Fact, Value};
use unha::kernel::feature::{Feature, FeatureSet};

use crate::outside::{Bench, value};
use crate::part::both;

/// 1000 days.
const LONG: u64 = 86_400_000;

fn seconds(text: &str) -> u64 {
    text.split(['.', ' ']).next().unwrap().parse().unwrap()
}

/// How long the machine has been up.
fn up() -> u64 {
    seconds(&std::fs::read_to_string("/proc/uptime").unwrap())
}

#[test]
fn only_time_gives_a_namespace_of_its_own() {
    both(|here| here.on_and_off(Feature::Time, &[Fact::NsTime]));
}

#[test]
fn the_machine_was_started_long_ago_and_it_is_today_all_the_same() {
    both(|here| {
        let before = up();
        for options in ["--time --boottime 86400000", "--boottime 86400000 --pid", "--boottime 86400000 --user"] {
            let there = seconds(&here.run(options).command(["cat", "/proc/uptime"]).says());
            assert!((before + LONG..=up() + LONG).contains(&there), "{options}: {there}");
        }
        assert!(here.run("--boottime 86400000").command(["uptime"]).says().contains(" 1000 days"));
        let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let before = now();
        let date = seconds(&here.run("--boottime 86400000").command(["date", "+%s"]).says());
        assert!((before..=now()).contains(&date), "{date}");
    });
}

#[test]
fn it_is_a_copy_at_first_and_may_go_back() {
    both(|here| {
        let before = up();
        let there = seconds(&here.run("--time").command(["cat", "/proc/uptime"]).says());
        assert!((before..=up()).contains(&there), "{there}");
        let there = seconds(&here.run("--boottime -60").command(["cat", "/proc/uptime"]).says());
        assert!((before - 60..=up() - 60).contains(&there), "{there}");
        // Before the machine's start there was no time.
        let done = here.run("--boottime -99999999999").command(["true"]).done();
        assert!(done.code == 125 && done.err.contains("timens_offsets") && done.err.contains("ERANGE"), "{done:?}");
    });
}

#[test]
fn both_sides_see_their_own() {
    both(|here| {
        let facts = here.facts("--boottime 86400000");
        assert_eq!((facts.outside(Fact::Boottime), facts.inside(Fact::Boottime)), (&0.into(), &LONG.into()));
        let [outside, inside] =
            [facts.outside(Fact::Uptime), facts.inside(Fact::Uptime)].map(|up| up.as_u64().unwrap());
        assert!((LONG..=LONG + 60).contains(&(inside - outside)) && inside % 60 == 0, "{outside} {inside}");
        assert_eq!(here.facts("--boottime -60").inside(Fact::Boottime), "-60");
    });
}

#[test]
fn on_a_bench_too() {
    both(|here| {
        let mut bench = Bench::of(here);
        bench.boottime = 86_400_000;
        for own_ids in [false, true] {
            bench.own_ids = own_ids;
            let said = bench.inside(FeatureSet::NONE.with(Feature::Time), "cat /proc/uptime").unwrap();
            assert!(seconds(&said) >= LONG, "{said}");
            let (outside, inside) = bench.facts(FeatureSet::NONE.with(Feature::Time).with(Feature::Pid));
            assert_eq!(value(&outside, Fact::Boottime), &Value::Number(0));
            assert_eq!(value(&inside, Fact::Boottime), &Value::Number(LONG));
        }
    });
}
