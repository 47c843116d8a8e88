//! The judge: a container that is sound holds in everything, and each thing that was seen otherwise changes just its item.

use std::collections::BTreeMap;

use unha::course::grade::{Aspect, Finding, Item, Verdict, allows, grade, holds, means, verdict};
use unha::course::text::Lang;
use unha::kernel::evidence::{
    Capabilities, Control, Disks, Door, Evidence, Exposed, Ids, Kind, Limit, Namespace, Reach, Resource, Root, Whose,
};

/// What is seen of a container that lacks nothing.
fn sound() -> Evidence {
    let own = |kind| (kind, Ok(Namespace { here: 1, there: 2, next_child: false }));
    let limit = |resource| (resource, Ok(Limit { file: "/limit 64".to_owned(), in_force: true }));
    let closed = Reach { there: vec!["/closed".to_owned()], writable: vec![] };
    Evidence {
        pids: vec![4711, 1],
        name: "sh".to_owned(),
        namespaces: Kind::ALL.into_iter().map(own).collect(),
        ids: Ok(Ids { uid: 100_000, map: vec![[0, 100_000, 65536]] }),
        procs: Ok(vec![("/proc".to_owned(), Whose::Own)]),
        shared: Ok(vec![]),
        root: Ok(Root { there: "0:9/2".into(), here: "8:1/2".into(), bottom: Ok("0:9/2".into()), old: vec![] }),
        limits: [Resource::Pids, Resource::Memory, Resource::Cpu].into_iter().map(limit).collect(),
        controls: [Control::Cgroups, Control::ProcSys, Control::Sys]
            .map(|control| (control, Ok(closed.clone())))
            .into(),
        disks: Ok(Disks::default()),
        doors: Ok(vec![]),
        descriptors: Ok(3),
        cwd: Ok((Door { name: "cwd".into(), link: "/".into() }, false)),
        capabilities: Ok(Capabilities { effective: vec![], bounding: vec![], here: 41 }),
        no_new_privs: Ok(1),
        seccomp: Ok(2),
        exposed: Exposed::default(),
    }
}

/// The items that are other than a sound container's, when this is seen otherwise.
fn changed(change: impl FnOnce(&mut Evidence)) -> Vec<(Aspect, Verdict, Finding)> {
    let mut evidence = sound();
    change(&mut evidence);
    let (before, after) = (grade(&sound()), grade(&evidence));
    assert_eq!(before.len(), after.len());
    let differ = before
        .into_iter()
        .zip(after)
        .filter(|(one, other)| (one.verdict, one.finding) != (other.verdict, other.finding));
    differ.map(|(_, item)| (item.aspect, item.verdict, item.finding)).collect()
}

#[test]
fn a_sound_container_holds_in_everything() {
    let items = grade(&sound());
    assert!(holds(&items), "{items:#?}");
    let aspects: Vec<Aspect> = items.iter().map(|item| item.aspect).collect();
    assert_eq!(aspects, Aspect::ALL, "every aspect is judged, in the order of the report");
}

#[test]
fn what_is_seen_otherwise_changes_its_item_alone() {
    use {Aspect as A, Finding as F, Verdict as V};
    let share = |kind| {
        move |e: &mut Evidence| drop(e.namespaces.insert(kind, Ok(Namespace { here: 1, there: 1, next_child: false })))
    };
    for (kind, aspect) in [(Kind::Uts, A::Uts), (Kind::Net, A::Net), (Kind::Ipc, A::Ipc), (Kind::Cgroup, A::Cgroup)] {
        assert_eq!(changed(share(kind)), [(aspect, V::Missing, F::Shared)]);
    }
    let next =
        |e: &mut Evidence| drop(e.namespaces.insert(Kind::Time, Ok(Namespace { here: 1, there: 1, next_child: true })));
    assert_eq!(changed(next), [(A::Time, V::Missing, F::NextChild)]);
    // Without a user namespace of its own it is judged by whom it runs as.
    assert_eq!(changed(share(Kind::User)), [(A::User, V::Missing, F::Shared), (A::RootId, V::Has, F::Ordinary)]);
    // Whose processes a /proc lists is nothing to be proud of where they are everybody's.
    assert_eq!(changed(share(Kind::Pid)), [(A::Pid, V::Missing, F::Shared), (A::Proc, V::Missing, F::Shared)]);
    assert_eq!(changed(|e| e.pids = vec![4711, 7]), [(A::Pid, V::Leaky, F::NotFirst)]);
    let root = Ids { uid: 0, map: vec![[0, 100_000, 10], [10, 0, 1]] };
    assert_eq!(changed(|e| e.ids = Ok(root)), [(A::RootId, V::Leaky, F::OutsidesRoot)], "any id that is root's");
    for (whose, finding) in [(Whose::Outside, F::Shared), (Whose::Other, F::Foreign)] {
        let more = |e: &mut Evidence| e.procs.as_mut().unwrap().push(("/mnt/proc".into(), whose));
        assert_eq!(changed(more), [(A::Proc, V::Leaky, finding)]);
    }
    assert_eq!(changed(|e| e.procs = Ok(vec![])), [(A::Proc, V::Has, F::None)]);
    assert_eq!(changed(|e| e.shared = Ok(vec!["/mnt".into()])), [(A::Mount, V::Leaky, F::Propagates)]);
}

#[test]
fn a_root_is_judged_by_what_is_below_it() {
    use {Aspect as A, Finding as F, Verdict as V};
    let root = |change: fn(&mut Root)| changed(|e| change(e.root.as_mut().unwrap()));
    assert_eq!(root(|root| root.bottom = Ok("8:1/2".into())), [(A::Root, V::Leaky, F::ChrootOnly)]);
    assert_eq!(root(|root| root.old = vec!["/old".into()]), [(A::Root, V::Leaky, F::OldRoot)]);
    assert_eq!(root(|root| root.there = "8:1/2".into()), [(A::Root, V::Missing, F::Shared)]);
    // Nobody says that it is gone who could not look.
    assert_eq!(root(|root| root.bottom = Err("setns() = EPERM".into())), [(A::Root, V::Unknown, F::Unread)]);
}

#[test]
fn rights_and_doors_are_judged() {
    use {Aspect as A, Finding as F, Verdict as V};
    let open = Reach { there: vec!["/sys".into()], writable: vec!["/sys".into()] };
    assert_eq!(changed(|e| drop(e.controls.insert(Control::Sys, Ok(open)))), [(A::Sys, V::Leaky, F::Writable)]);
    let disk = |denied| Ok(Disks { nodes: vec!["/dev/sda".into()], denied });
    assert_eq!(changed(|e| e.disks = disk(None)), [(A::Disks, V::Leaky, F::Reachable)]);
    assert_eq!(changed(|e| e.disks = disk(Some("c 1:3 rwm".into()))), [(A::Disks, V::Has, F::Denied)]);
    let door = Door { name: "fd/7".into(), link: "/root".into() };
    assert_eq!(changed(|e| e.doors = Ok(vec![door.clone()])), [(A::Descriptors, V::Leaky, F::LeadsOut)]);
    assert_eq!(changed(|e| e.cwd = Ok((door, true))), [(A::Cwd, V::Leaky, F::LeadsOut)]);
    let unlimited = Ok(Limit { file: "/memory.max max".into(), in_force: false });
    assert_eq!(
        changed(|e| drop(e.limits.insert(Resource::Memory, unlimited))),
        [(A::MemoryLimit, V::Missing, F::Unlimited)]
    );
    assert_eq!(changed(|e| e.seccomp = Ok(0)), [(A::Seccomp, V::Missing, F::Off)]);
    assert_eq!(changed(|e| e.no_new_privs = Err("gone".into())), [(A::NoNewPrivs, V::Unknown, F::Unread)]);

    let strong = |bounding: usize| {
        let sets = Capabilities {
            effective: vec!["CAP_CHOWN".into(), "CAP_SYS_ADMIN".into()],
            bounding: vec!["CAP_CHOWN".into(); bounding],
            here: 41,
        };
        move |e: &mut Evidence| e.capabilities = Ok(sets)
    };
    assert_eq!(changed(strong(41)), [(A::Capabilities, V::Has, F::Confined)], "in its own user namespace");
    let as_root = |bounding| {
        let strong = strong(bounding);
        let items = changed(|e| {
            strong(e);
            e.namespaces.remove(&Kind::User);
            e.namespaces.insert(Kind::User, Ok(Namespace { here: 1, there: 1, next_child: false }));
        });
        *items.last().unwrap()
    };
    assert_eq!(as_root(41), (A::Capabilities, V::Missing, F::Everything));
    assert_eq!(as_root(14), (A::Capabilities, V::Leaky, F::Dangerous));
}

#[test]
fn a_kernel_without_a_kind_of_namespace_is_not_blamed() {
    let mut evidence = sound();
    evidence.namespaces.remove(&Kind::Time);
    let items = grade(&evidence);
    assert!(holds(&items) && items.iter().all(|item| item.aspect != Aspect::Time));
}

#[test]
fn every_gap_says_what_it_allows_in_both_languages() {
    let mut bad = sound();
    bad.namespaces = Kind::ALL.map(|kind| (kind, Ok(Namespace { here: 1, there: 1, next_child: false }))).into();
    bad.root.as_mut().unwrap().there = "8:1/2".into();
    bad.ids.as_mut().unwrap().uid = 0;
    bad.limits = BTreeMap::new();
    bad.no_new_privs = Ok(0);
    for item in grade(&bad).into_iter().chain(grade(&sound())) {
        assert!(!item.seen.is_empty(), "{item:?}: no evidence");
        let words = |say: &dyn Fn(&Item, Lang) -> Option<&'static str>| Lang::ALL.map(|lang| say(&item, lang));
        let [en, pt_br] = words(&|item, lang| Some(means(item, lang)));
        assert!(en != pt_br && en.is_some_and(|said| said.ends_with('.')), "{item:?}: {en:?} {pt_br:?}");
        let [en, pt_br] = words(&allows);
        let gap = matches!(item.verdict, Verdict::Missing | Verdict::Leaky);
        assert!(en.is_some() == gap && pt_br.is_some() == gap && (!gap || en != pt_br), "{item:?}");
        assert_ne!(verdict(item.verdict, Lang::En), verdict(item.verdict, Lang::PtBr));
    }
}
