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
    let known = |bit: u64| CapabilitySet::all().iter_names().find(|(_, one)| one.bits() == 1 << bit);
    let name = |bit| known(bit).map_or_else(|| format!("CAP_{bit}"), |(name, _)| format!("CAP_{name}"));
    (0..64).filter(|bit| bits & (1 << bit) != 0).map(name).collect()
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
