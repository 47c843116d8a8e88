//! A few sets of features that stand for all of them: each pair is met in every combination, and there are too many
//! sets to try each one.

use std::collections::BTreeSet;

use unha::kernel::feature::{Feature, FeatureSet};

/// None, all, each alone, each alone missing, and halves in which any two are on different sides: closed under what their
/// members need, the empty one first, and only of features that `can` be had.
pub fn covering(can: impl Fn(Feature) -> bool) -> Vec<FeatureSet> {
    let features: Vec<Feature> = Feature::ALL.into_iter().filter(|feature| can(*feature)).collect();
    let all: FeatureSet = features.iter().copied().collect();
    let mut sets = vec![FeatureSet::NONE];
    sets.extend(features.iter().map(|alone| FeatureSet::NONE.with(*alone)));
    // Two different numbers differ in some digit, so the two features stand on different sides when it divides them.
    for digit in 0..features.len().next_power_of_two().trailing_zeros() {
        let half: FeatureSet = features
            .iter()
            .enumerate()
            .filter(|(number, _)| number >> digit & 1 == 1)
            .map(|(_, feature)| *feature)
            .collect();
        sets.extend([half, all.iter().filter(|feature| !half.has(*feature)).collect()]);
    }
    sets.extend(features.iter().map(|missing| all.without(*missing)));
    sets.push(all);
    let mut seen = BTreeSet::new();
    sets.into_iter().map(FeatureSet::closed).filter(|set| seen.insert(set.iter().collect::<Vec<_>>())).collect()
}

#[test]
fn every_pair_is_met_in_every_combination_that_there_is() {
    let sets = covering(|_| true);
    assert!(sets[0] == FeatureSet::NONE && sets.contains(&Feature::ALL.into_iter().collect()));
    let limit = 2 * Feature::ALL.len() + 2 * 5 + 2;
    assert!(sets.len() <= limit, "{} sets take too long", sets.len());
    for (index, set) in sets.iter().enumerate() {
        assert!(!sets[..index].contains(set) && set.closed() == *set, "{set:?}");
    }
    for one in Feature::ALL {
        assert!(sets.contains(&FeatureSet::NONE.with(one).closed()), "{one} alone");
        for other in Feature::ALL.into_iter().filter(|other| *other != one) {
            for (on, beside) in [(true, true), (true, false), (false, false)] {
                let met = sets.iter().any(|set| set.has(one) == on && set.has(other) == beside);
                let cannot_be = on && !beside && FeatureSet::NONE.with(one).closed().has(other);
                assert_eq!(met, !cannot_be, "{one} {on}, {other} {beside}");
            }
        }
    }
}

#[test]
fn what_cannot_be_had_is_in_none_of_them() {
    let sets = covering(|feature| feature != Feature::Cgroup);
    assert!(sets.iter().all(|set| !set.has(Feature::Cgroup)));
}
