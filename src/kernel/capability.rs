//! The names of capabilities, and sets of them as docker run's options make them. capabilities(7).
//!
//! The learner sees names instead of `CapEff: 00000000a80425fb`.

use rustix::thread::CapabilitySet;

/// The capability of that name: `CHOWN` or `CAP_CHOWN`, in either case.
#[must_use]
pub fn named(name: &str) -> Option<CapabilitySet> {
    let name = name.to_ascii_uppercase();
    let name = name.strip_prefix("CAP_").unwrap_or(&name);
    CapabilitySet::all().iter_names().find(|(known, _)| *known == name).map(|(_, one)| one)
}

/// The names of the set's capabilities, in the kernel's order: `CAP_CHOWN`, …; one that has no name yet is its bit,
/// `CAP_41`.
#[must_use]
pub fn names(bits: u64) -> Vec<String> {
    let mut known = CapabilitySet::from_bits_retain(bits).iter_names();
    let mut names: Vec<String> = known.by_ref().map(|(name, _)| format!("CAP_{name}")).collect();
    let rest = known.remaining().bits();
    names.extend((0..64).filter(|bit| rest & (1 << bit) != 0).map(|bit| format!("CAP_{bit}")));
    names
}

/// The set that is left of `usual` when these are added and those dropped. `ALL` stands for all of them; what is named
/// by itself counts more.
///
/// # Errors
/// The name that is none.
pub fn changed(usual: CapabilitySet, add: &[String], drop: &[String]) -> Result<CapabilitySet, String> {
    let has_all = |list: &[String]| list.iter().any(|name| name.eq_ignore_ascii_case("all"));
    let set = |list: &[String]| {
        let each = list.iter().filter(|name| !name.eq_ignore_ascii_case("all"));
        each.map(|name| named(name).ok_or_else(|| name.clone())).collect::<Result<CapabilitySet, String>>()
    };
    let (added, dropped) = (set(add)?, set(drop)?);
    Ok(match (has_all(add), has_all(drop)) {
        (_, true) => added,
        (true, false) => CapabilitySet::all().difference(dropped),
        (false, false) => usual.union(added).difference(dropped),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_has_a_name_and_every_name_its_bit() {
        assert_eq!(names(0b1001), ["CAP_CHOWN", "CAP_FOWNER"]);
        assert_eq!(names(1 << 40 | 1 << 63), ["CAP_CHECKPOINT_RESTORE", "CAP_63"]);
        let all: Vec<CapabilitySet> = CapabilitySet::all().iter_names().map(|(_, one)| one).collect();
        assert!(all.len() >= 41 && all.iter().all(|one| named(&names(one.bits())[0]) == Some(*one)));
        assert_eq!((named("chown"), named("nothing")), (Some(CapabilitySet::CHOWN), None));
    }
}
