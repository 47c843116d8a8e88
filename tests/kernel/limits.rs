//! Limits in docker run's words, and sets of features.

use std::collections::BTreeMap;

use proptest::prelude::{Just, Strategy, any, proptest};
use proptest::sample::subsequence;
use proptest::{prop_assert, prop_assert_eq};
use unha::course::lesson::Limit;
use unha::kernel::cgroupfs::weight;
use unha::kernel::container::cgroup::Limits;
use unha::kernel::container::cgroup::devices::Device;
use unha::kernel::container::cgroup::io::WriteLimit;
use unha::kernel::feature::{Feature, FeatureSet};
use unha::session::limits::{cores, device, parse, rate, size};

#[test]
fn sizes_are_read_as_docker_run_reads_them() {
    let good = [
        ("1", 1),
        ("32M", 32 << 20),
        ("32m", 32 << 20),
        ("32MB", 32 << 20),
        ("32MiB", 32 << 20),
        ("1g", 1 << 30),
        ("512k", 512 << 10),
        ("100b", 100),
        ("007", 7),
    ];
    for (text, bytes) in good {
        assert_eq!(size(text), Ok(bytes), "{text}");
    }
    let bad = [
        "",
        "M",
        "0",
        "0M",
        "-1",
        "1.5G",
        "32 M",
        "32T",
        "32Mo",
        "１",
        "99999999999999999999",
        "17179869184G",
        "1_000",
    ];
    for text in bad {
        let why = size(text).unwrap_err();
        assert!(why.starts_with(text) && why.contains("32M"), "{text}: {why}");
    }
}

#[test]
fn cores_become_microseconds_in_100_ms() {
    for (text, quota) in
        [("1", 100_000), ("0.2", 20_000), (".5", 50_000), ("2.5", 250_000), ("0.01", 1000), ("1024", 102_400_000)]
    {
        assert_eq!(cores(text), Ok(quota), "{text}");
    }
    for text in ["", "0", "0.001", "-1", "1025", "inf", "NaN", "one", "0,2", "20%"] {
        let why = cores(text).unwrap_err();
        assert!(why.starts_with(text) && why.contains("0.2"), "{text}: {why}");
    }
}

#[test]
fn a_lessons_limits_are_read_together_and_the_wrong_one_is_told() {
    let limits = |limits: &[(Limit, &str)]| {
        parse(&limits.iter().map(|(limit, text)| (*limit, (*text).to_owned())).collect(), Some((8, 0)))
    };
    assert_eq!(limits(&[]), Ok(Limits::default()));
    let three = limits(&[(Limit::Pids, "15"), (Limit::Memory, "32M"), (Limit::Cpus, "0.2")]);
    let usual = Limits::default();
    assert_eq!(three, Ok(Limits { pids: Some(15), memory: Some(32 << 20), cpu: Some(20_000), ..usual }));
    let others = limits(&[(Limit::CpuShares, "512"), (Limit::DeviceWriteBps, "1M"), (Limit::Freezer, "frozen")]);
    let io = Some(WriteLimit { disk: (8, 0), bytes: 1 << 20 });
    assert_eq!(others, Ok(Limits { cpu_shares: Some(512), io, frozen: Some(true), ..usual }));
    assert_eq!(limits(&[(Limit::Freezer, "thawed")]), Ok(Limits { frozen: Some(false), ..usual }));
    assert_eq!(limits(&[(Limit::Rate, "4mbit")]), Ok(Limits { rate: Some(4_000_000), ..Limits::default() }));
    for (text, bits) in [("8kbit", 8000), ("9600", 9600), ("1Gbit", 1_000_000_000)] {
        assert_eq!(rate(text), Ok(bits));
    }
    for text in ["", "mbit", "1kbit", "4 mbit", "4mbps", "31gbit", "-1mbit"] {
        assert!(rate(text).unwrap_err().contains("4mbit"), "{text}");
    }
    let wrong = [(Limit::Pids, "many"), (Limit::Memory, "lots"), (Limit::Cpus, "all"), (Limit::CpuShares, "1")];
    for (limit, text) in wrong.into_iter().chain([(Limit::DeviceWriteBps, "fast"), (Limit::Freezer, "cold")]) {
        assert!(limits(&[(limit, text)]).unwrap_err().starts_with(text));
    }
    assert_eq!(parse(&BTreeMap::new(), None), Ok(Limits::default()));
    assert!(parse(&BTreeMap::from([(Limit::DeviceWriteBps, "1M".to_owned())]), None).unwrap_err().contains("no disk"));
}

#[test]
fn devices_are_named_as_docker_names_them() {
    assert_eq!(device("none"), Ok(None));
    assert_eq!(device("c 1:5"), Ok(Some(Device { block: false, major: 1, minor: 5 })));
    assert_eq!(device("b 8:0"), Ok(Some(Device { block: true, major: 8, minor: 0 })));
    for text in ["", "c", "c 1", "d 1:5", "c 1:x", "c 1:5 rwm", "/dev/zero"] {
        assert!(device(text).unwrap_err().contains("c 1:5"), "{text}");
    }
}

#[test]
fn weights_keep_their_usual_and_their_ends() {
    assert_eq!([2, 1024, 262_144, 0, u64::MAX].map(weight), [1, 100, 10_000, 1, 10_000]);
    assert!((2..5000).all(|shares| weight(shares) <= weight(shares + 1)));
}

fn set() -> impl Strategy<Value = FeatureSet> {
    subsequence(Feature::ALL.to_vec(), 0..=Feature::ALL.len()).prop_map(|list| list.into_iter().collect())
}

fn feature() -> impl Strategy<Value = Feature> {
    (0..Feature::ALL.len()).prop_map(|index| Feature::ALL[index])
}

proptest! {
    #[test]
    fn any_text_is_a_size_or_a_sentence(text in any::<String>()) {
        if let Ok(bytes) = size(&text) {
            prop_assert!((1..1 << 60).contains(&bytes));
        }
        if let Ok(quota) = cores(&text) {
            prop_assert!((1000..=102_400_000).contains(&quota));
        }
    }

    #[test]
    fn numbers_of_bytes_are_themselves(bytes in 1_u64..1 << 60) {
        prop_assert_eq!(size(&bytes.to_string()), Ok(bytes));
        prop_assert_eq!(size(&format!("{bytes}b")), Ok(bytes));
    }

    #[test]
    fn a_set_has_what_is_put_in_and_only_that(set in set(), one in feature()) {
        for other in Feature::ALL {
            prop_assert_eq!(set.with(one).has(other), other == one || set.has(other));
            prop_assert_eq!(set.without(one).has(other), other != one && set.has(other));
        }
        prop_assert_eq!(set.iter().collect::<FeatureSet>(), set);
        prop_assert!(set.iter().is_sorted());
    }

    #[test]
    fn closing_adds_what_is_needed_and_no_more(set in set()) {
        let closed = set.closed();
        prop_assert_eq!(closed.closed(), closed);
        prop_assert!(set.iter().all(|feature| closed.has(feature)));
        prop_assert_eq!(closed == set, !set.has(Feature::Rootfs) || set.has(Feature::Mount));
    }

    #[test]
    fn a_set_goes_through_json(set in set(), _unused in Just(())) {
        let text = serde_json::to_string(&set).unwrap();
        prop_assert_eq!(serde_json::from_str::<FeatureSet>(&text).unwrap(), set);
    }
}
