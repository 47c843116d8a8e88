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
        counted_along: 0,
        hidden: vec![],
        shared: Ok(vec![]),
        root: Ok(Root {
            there: "0:9/2".into(),
            here: "8:1/2".into(),
            bottom: Ok("0:9/2".into()),
            old: vec![],
            read_only: false,
            writable: vec![],
        }),
        limits: [Resource::Pids, Resource::Memory, Resource::Cpu].into_iter().map(limit).collect(),
        controls: [Control::Cgroups, Control::ProcSys, Control::Sys]
            .map(|control| (control, Ok(closed.clone())))
            .into(),
        disks: Ok(Disks::default()),
        doors: Ok(vec![]),
        descriptors: Ok(3),
        cwd: Ok((Door { name: "cwd".into(), link: "/".into() }, false)),
        capabilities: Ok(Capabilities { effective: vec![], permitted: vec![], bounding: vec![], here: 41 }),
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
fn our_root_is_told_read_only_where_it_is_and_stays_so() {
    use Finding as F;
    let ours = |change: &dyn Fn(&mut Evidence)| {
        let mut evidence = sound();
        let root = evidence.root.as_mut().unwrap();
        (root.there, root.read_only) = (root.here.clone(), true);
        change(&mut evidence);
        grade(&evidence).into_iter().find(|item| item.aspect == Aspect::Root).unwrap().finding
    };
    assert_eq!(ours(&|_| {}), F::ReadOnly);
    assert_eq!(ours(&|e| e.root.as_mut().unwrap().writable = vec!["/home".into()]), F::PartlyWritable);
    assert_eq!(ours(&|e| e.root.as_mut().unwrap().read_only = false), F::Shared);
    let mounts = |e: &mut Evidence| e.capabilities.as_mut().unwrap().effective = vec!["CAP_SYS_ADMIN".to_owned()];
    assert_eq!(ours(&mounts), F::Remountable);
}

/// What a shared namespace allows a process of which this was seen: whether it only sees.
fn only_sees(aspect: Aspect, change: &dyn Fn(&mut Evidence)) -> bool {
    let mut evidence = sound();
    for kind in [Kind::User, Kind::Uts, Kind::Pid, Kind::Mnt, Kind::Net, Kind::Ipc] {
        evidence.namespaces.insert(kind, Ok(Namespace { here: 1, there: 1, next_child: false }));
    }
    change(&mut evidence);
    let item = grade(&evidence).into_iter().find(|item| item.aspect == aspect).unwrap();
    assert_eq!(item.finding, Finding::Shared);
    let said = allows(&item, Lang::En).unwrap();
    assert_eq!(said.contains(" sees ") || said.contains("stay closed"), item.only_sees, "{said}");
    item.only_sees
}

#[test]
fn what_is_shared_is_changed_by_whoever_has_the_right_to_alone() {
    use Aspect as A;
    let holds =
        |name: &'static str| move |e: &mut Evidence| e.capabilities.as_mut().unwrap().effective = vec![name.to_owned()];
    let has_users = |e: &mut Evidence| {
        e.namespaces.insert(Kind::User, Ok(Namespace { here: 1, there: 2, next_child: false }));
    };
    let rights = [
        (A::Uts, "CAP_SYS_ADMIN"),
        (A::Mount, "CAP_SYS_ADMIN"),
        (A::Net, "CAP_NET_ADMIN"),
        (A::Net, "CAP_NET_RAW"),
        (A::Ipc, "CAP_IPC_OWNER"),
        (A::Pid, "CAP_KILL"),
        (A::Proc, "CAP_SYS_PTRACE"),
    ];
    for (aspect, name) in rights {
        assert!(only_sees(aspect, &|_| {}), "{aspect:?}: nothing is held");
        assert!(only_sees(aspect, &holds("CAP_CHOWN")), "{aspect:?}: another is");
        assert!(!only_sees(aspect, &holds(name)), "{aspect:?} {name}");
        let in_its_own = |e: &mut Evidence| (holds(name)(e), has_users(e)).1;
        assert!(only_sees(aspect, &in_its_own), "{aspect:?} {name}: it counts in its own user namespace alone");
        let to_be_taken = |e: &mut Evidence| e.capabilities.as_mut().unwrap().permitted = vec![name.to_owned()];
        assert!(!only_sees(aspect, &to_be_taken), "{aspect:?} {name}");
        let of_root = |e: &mut Evidence| {
            e.ids.as_mut().unwrap().uid = 0;
            e.capabilities.as_mut().unwrap().bounding = vec![name.to_owned()];
        };
        assert!(!only_sees(aspect, &of_root), "{aspect:?} {name}: root has it with the next program");
        assert!(!only_sees(aspect, &|e| e.capabilities = Err("EACCES".to_owned())), "what was not seen may be held");
    }
    // Without a capability root is still who owns root's processes and queues.
    let bare_root = |e: &mut Evidence| e.ids.as_mut().unwrap().uid = 0;
    assert!(!only_sees(A::Pid, &bare_root) && !only_sees(A::Ipc, &bare_root) && only_sees(A::Mount, &bare_root));
}

#[test]
fn a_proc_that_hides_is_told_so() {
    use {Aspect as A, Finding as F, Verdict as V};
    let hides = |e: &mut Evidence| {
        e.namespaces.insert(Kind::User, Ok(Namespace { here: 1, there: 1, next_child: false }));
        e.procs = Ok(vec![("/proc".into(), Whose::Outside)]);
        e.hidden = vec!["/proc".into()];
    };
    assert!(changed(hides).contains(&(A::Proc, V::Leaky, F::Hidden)));
    let sees_all = |e: &mut Evidence| {
        hides(e);
        e.capabilities.as_mut().unwrap().effective = vec!["CAP_SYS_PTRACE".to_owned()];
    };
    assert!(changed(sees_all).contains(&(A::Proc, V::Leaky, F::Shared)));
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
            permitted: vec![],
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
