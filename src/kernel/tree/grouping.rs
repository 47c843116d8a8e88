//! From processes to the tree: who is with whom, whose first process descends from whom, who shares what. No system call.
//!
//! namespaces(7). The learner sees the result as indented lines.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Group, Kind, Namespaces, Process};

/// How far up a line of descent is followed: numbers that were used again could lead in a circle.
pub(super) const MOST_ANCESTORS: usize = 4096;
/// How many of them are told.
const MOST_TOLD: usize = 64;
/// The most groups that are named as sharing a namespace with another: of thousands, nobody reads more.
const MOST_SHARING: usize = 32;

/// A process as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) pid: u32,
    pub(super) parent: u32,
    pub(super) started: u64,
    pub(super) namespaces: Namespaces,
    pub(super) zombie: bool,
}

/// The groups apart from `here`, in the order of the tree.
pub(super) fn groups(members: &[Member], here: Namespaces) -> Vec<Group> {
    let by_pid: HashMap<u32, &Member> = members.iter().map(|member| (member.pid, member)).collect();
    let mut by_namespaces: BTreeMap<Namespaces, Vec<&Member>> = BTreeMap::new();
    for member in members.iter().filter(|member| member.namespaces != here) {
        by_namespaces.entry(member.namespaces).or_default().push(member);
    }
    let mut groups: Vec<Group> =
        by_namespaces.into_iter().map(|(namespaces, all)| group(namespaces, here, &all, &by_pid)).collect();
    groups.sort_by_key(|group| (group.first.started, group.first.pid));
    let ancestors: Vec<Option<usize>> = {
        let at: HashMap<Namespaces, usize> =
            groups.iter().enumerate().map(|(at, group)| (group.namespaces, at)).collect();
        groups.iter().map(|group| ancestor(group, here, &by_pid).and_then(|found| at.get(&found).copied())).collect()
    };
    let mut groups = ordered(groups, &ancestors);
    share(&mut groups, here);
    groups
}

fn group(namespaces: Namespaces, here: Namespaces, all: &[&Member], by_pid: &HashMap<u32, &Member>) -> Group {
    let from_elsewhere = |member: &Member| {
        by_pid.get(&member.parent).is_none_or(|parent| parent.namespaces != namespaces || parent.pid == member.pid)
    };
    // Who lives speaks for the group before who is dead, and who came from elsewhere before who was born in it.
    let rank = |member: &&&Member| (member.zombie, !from_elsewhere(member), member.started, member.pid);
    let first = all.iter().min_by_key(rank).map(|first| **first);
    let mut pids: Vec<u32> = all.iter().map(|member| member.pid).collect();
    pids.sort_unstable();
    let process = first.map_or((0, 0, 0), |first| (first.pid, first.started, first.parent));
    Group {
        namespaces,
        apart: here.apart(&namespaces),
        parent: None,
        depth: 0,
        first: Process {
            pid: process.0,
            started: process.1,
            since: 0,
            parent: process.2,
            name: String::new(),
            command: String::new(),
            uid: 0,
            pid_inside: process.0,
            cgroup: String::new(),
        },
        ancestors: line(process.2, by_pid),
        pids,
        zombies: all.iter().filter(|member| member.zombie).count(),
        shares: BTreeMap::new(),
        container: None,
    }
}

/// A process, its parent, the parent of that: as far as they are known.
fn line(pid: u32, by_pid: &HashMap<u32, &Member>) -> Vec<u32> {
    let first = by_pid.get(&pid).copied();
    let up = |member: &&Member| by_pid.get(&member.parent).copied();
    std::iter::successors(first, up).take(MOST_TOLD).map(|member| member.pid).collect()
}

/// The namespaces of the nearest ancestor of its first process that is in neither the group nor `here`.
fn ancestor(group: &Group, here: Namespaces, by_pid: &HashMap<u32, &Member>) -> Option<Namespaces> {
    let mut pid = group.first.parent;
    for _ in 0..MOST_ANCESTORS {
        let member = by_pid.get(&pid)?;
        if member.namespaces == here {
            return None;
        }
        if member.namespaces != group.namespaces {
            return Some(member.namespaces);
        }
        pid = member.parent;
    }
    None
}

/// The groups with each below the one that it descends from. What would be below itself stands at the top.
fn ordered(groups: Vec<Group>, ancestors: &[Option<usize>]) -> Vec<Group> {
    let mut below: Vec<Vec<usize>> = vec![vec![]; groups.len()];
    let mut tops = vec![];
    for (at, ancestor) in ancestors.iter().enumerate() {
        match ancestor {
            Some(ancestor) => below[*ancestor].push(at),
            None => tops.push(at),
        }
    }
    // With stacks, for boxes may stand in boxes as deep as somebody likes.
    let mut order: Vec<(usize, Option<usize>, usize)> = vec![];
    let mut placed = HashSet::new();
    for top in tops.into_iter().chain(0..groups.len()) {
        let mut left = vec![(top, None, 0)];
        while let Some((at, parent, depth)) = left.pop() {
            if !placed.insert(at) {
                continue;
            }
            let place = order.len();
            order.push((at, parent, depth));
            left.extend(below[at].iter().rev().map(|child| (*child, Some(place), depth + 1)));
        }
    }
    let mut groups: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
    let placed = |(at, parent, depth): (usize, Option<usize>, usize)| {
        groups[at].take().map(|group| Group { parent, depth, ..group })
    };
    order.into_iter().filter_map(placed).collect()
}

fn share(groups: &mut [Group], here: Namespaces) {
    let mut having: HashMap<(usize, u64), Vec<usize>> = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        for (kind, inode) in group.namespaces.0.into_iter().enumerate().filter(|(kind, inode)| here.0[*kind] != *inode)
        {
            having.entry((kind, inode)).or_default().push(at);
        }
    }
    for (at, group) in groups.iter_mut().enumerate() {
        for (number, kind) in Kind::ALL.into_iter().enumerate() {
            let with = having.get(&(number, group.namespaces.0[number])).filter(|with| with.len() > 1);
            if let Some(with) = with {
                let others = with.iter().copied().filter(|other| *other != at).take(MOST_SHARING);
                group.shares.insert(kind, others.collect());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Tree;
    use super::*;

    const HERE: Namespaces = Namespaces([1; 8]);

    fn member(pid: u32, parent: u32, namespaces: Namespaces) -> Member {
        Member { pid, parent, started: u64::from(pid), namespaces, zombie: false }
    }

    fn with(kinds: &[(usize, u64)]) -> Namespaces {
        let mut namespaces = HERE;
        for (kind, inode) in kinds {
            namespaces.0[*kind] = *inode;
        }
        namespaces
    }

    #[test]
    fn a_sidecar_and_a_box_in_a_box() {
        let pod = with(&[(2, 10), (3, 11), (4, 12)]);
        let sidecar = with(&[(2, 20), (3, 21), (4, 12)]);
        let nested = with(&[(2, 30), (3, 11), (4, 12)]);
        let members = [
            member(1, 0, HERE),
            member(5, 1, HERE),
            member(10, 5, pod),
            member(11, 10, pod),
            member(20, 5, sidecar),
            member(30, 11, nested),
        ];
        let found = groups(&members, HERE);
        let firsts: Vec<(u32, Option<usize>, usize)> =
            found.iter().map(|group| (group.first.pid, group.parent, group.depth)).collect();
        assert_eq!(firsts, [(10, None, 0), (30, Some(0), 1), (20, None, 0)]);
        assert_eq!(found[0].pids, [10, 11]);
        assert_eq!(found[1].ancestors, [11, 10, 5, 1]);
        let tree = Tree { groups: found.clone(), ..Tree::default() };
        let firsts = |pid| tree.started_by(pid).iter().map(|group| group.first.pid).collect::<Vec<_>>();
        assert_eq!((firsts(5), firsts(1)), (vec![10, 20], vec![10, 20]));
        assert_eq!((firsts(10), firsts(11), firsts(20)), (vec![30], vec![30], vec![]));
        assert_eq!(tree.home_of(11).map(|group| group.first.pid), Some(10));
        assert_eq!(tree.home_of(5), None);
        assert_eq!(found[2].apart, [Kind::Pid, Kind::Mnt, Kind::Net]);
        assert_eq!(found[0].shares, BTreeMap::from([(Kind::Mnt, vec![1]), (Kind::Net, vec![1, 2])]));
        assert_eq!(found[2].shares, BTreeMap::from([(Kind::Net, vec![0, 1])]));
    }

    #[test]
    fn the_first_is_who_came_from_elsewhere_and_lives() {
        let inside = with(&[(1, 7)]);
        // 9 was adopted by somebody outside, 12 is the oldest that is alive and came from there.
        let mut members = vec![member(1, 0, HERE), member(9, 1, inside), member(12, 1, inside), member(13, 12, inside)];
        members[1].zombie = true;
        let found = groups(&members, HERE);
        assert_eq!((found.len(), found[0].first.pid, found[0].zombies), (1, 12, 1));
        assert_eq!(found[0].pids, [9, 12, 13]);
    }

    #[test]
    fn a_circle_is_no_endless_loop() {
        let (one, other) = (with(&[(1, 7)]), with(&[(1, 8)]));
        let found = groups(&[member(2, 3, one), member(3, 2, other)], HERE);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].parent, None);
    }

    proptest! {
        #[test]
        fn everybody_apart_is_in_one_group_and_parents_come_first(
            all in prop::collection::vec((0_u32..40, 1_u64..4, 1_u64..4, any::<bool>()), 1..40),
        ) {
            let members: Vec<Member> = all.iter().enumerate().map(|(at, (parent, uts, net, zombie))| {
                let pid = u32::try_from(at).unwrap() + 1;
                Member { zombie: *zombie, ..member(pid, *parent, with(&[(1, *uts), (4, *net)])) }
            }).collect();
            let found = groups(&members, HERE);
            let mut placed: Vec<u32> = found.iter().flat_map(|group| group.pids.clone()).collect();
            placed.sort_unstable();
            let apart = members.iter().filter(|member| member.namespaces != HERE);
            prop_assert_eq!(placed, apart.map(|member| member.pid).collect::<Vec<_>>());
            for (at, group) in found.iter().enumerate() {
                prop_assert!(group.parent.is_none_or(|parent| parent < at && found[parent].depth + 1 == group.depth));
                prop_assert!(group.pids.contains(&group.first.pid) && !group.apart.is_empty());
                for (kind, others) in &group.shares {
                    for other in others {
                        prop_assert_ne!(*other, at);
                        prop_assert_eq!(found[*other].namespaces.of(*kind), group.namespaces.of(*kind));
                    }
                }
            }
        }
    }
}
