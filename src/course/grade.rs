//! The judge: what of a container holds, what is missing and what leaks, item by item, from what was seen of it.
//!
//! It is a pure function of the [`Evidence`], the same for `unha grade` and for whatever was built by hand in a lesson.
//! namespaces(7), cgroups(7), capabilities(7). The learner sees a verdict a line, what the gap allows, and what was seen.

mod allows;
mod item;
mod limits;
mod rights;
mod words;

use crate::kernel::evidence::{Control, Evidence, Kind, Namespace, Seen, Whose};

pub use allows::allows;
pub use item::{Aspect, DANGEROUS, Finding, Item, Verdict};
pub use words::{means, verdict};

/// Judges every aspect, in the order of [`Aspect::ALL`]; one that this kernel has not got is left out.
#[must_use]
pub fn grade(evidence: &Evidence) -> Vec<Item> {
    Aspect::ALL.iter().filter_map(|aspect| judge(evidence, *aspect)).collect()
}

/// Whether all of it holds.
#[must_use]
pub fn holds(items: &[Item]) -> bool {
    items.iter().all(|item| item.verdict == Verdict::Has)
}

/// A verdict, the finding that it follows from, and what was seen.
type Judged = (Verdict, Finding, Vec<String>);

fn judge(e: &Evidence, aspect: Aspect) -> Option<Item> {
    let judged = match aspect {
        Aspect::User => namespace(e, Kind::User)?,
        Aspect::Uts => namespace(e, Kind::Uts)?,
        Aspect::Net => namespace(e, Kind::Net)?,
        Aspect::Ipc => namespace(e, Kind::Ipc)?,
        Aspect::Cgroup => namespace(e, Kind::Cgroup)?,
        Aspect::Time => namespace(e, Kind::Time)?,
        Aspect::Pid => pid(e)?,
        Aspect::Mount => mount(e)?,
        Aspect::RootId => root_id(e),
        Aspect::Proc => proc(e),
        Aspect::Root => root(e),
        Aspect::PidsLimit | Aspect::MemoryLimit | Aspect::CpuLimit => limits::limit(e, aspect),
        Aspect::Cgroupfs => limits::control(e, Control::Cgroups),
        Aspect::ProcSys => limits::control(e, Control::ProcSys),
        Aspect::Sys => limits::control(e, Control::Sys),
        Aspect::Disks => limits::disks(e),
        Aspect::Descriptors => limits::descriptors(e),
        Aspect::Cwd => limits::cwd(e),
        Aspect::Capabilities => limits::capabilities(e),
        Aspect::NoNewPrivs => limits::bit(e, &e.no_new_privs, "NoNewPrivs"),
        Aspect::Seccomp => limits::bit(e, &e.seccomp, "Seccomp"),
    };
    let (verdict, finding, mut seen) = judged;
    let powerless = if finding == Finding::Shared { rights::none(e, aspect) } else { None };
    let only_sees = powerless.is_some();
    seen.extend(powerless);
    Some(Item { aspect, verdict, finding, only_sees, seen })
}

/// Judges what was seen; what was not is unknown.
fn known<T>(seen: &Seen<T>, judge: impl FnOnce(&T) -> Judged) -> Judged {
    match seen {
        Ok(seen) => judge(seen),
        Err(why) => (Verdict::Unknown, Finding::Unread, vec![why.clone()]),
    }
}

fn links(e: &Evidence, kind: Kind, namespace: &Namespace) -> String {
    let (name, sign) = (kind.name(), if namespace.is_own() { "≠" } else { "=" });
    format!("/proc/{}/ns/{name} {name}:[{}] {sign} [{}]", e.pid(), namespace.there, namespace.here)
}

fn namespace(e: &Evidence, kind: Kind) -> Option<Judged> {
    Some(known(e.namespaces.get(&kind)?, |namespace| {
        let seen = vec![links(e, kind, namespace)];
        match namespace {
            _ if namespace.is_own() => (Verdict::Has, Finding::Own, seen),
            Namespace { next_child: true, .. } => (Verdict::Missing, Finding::NextChild, seen),
            _ => (Verdict::Missing, Finding::Shared, seen),
        }
    }))
}

fn pid(e: &Evidence) -> Option<Judged> {
    let (verdict, finding, mut seen) = namespace(e, Kind::Pid)?;
    if verdict != Verdict::Has {
        return Some((verdict, finding, seen));
    }
    let numbers: Vec<String> = e.pids.iter().map(u32::to_string).collect();
    seen.push(format!("/proc/{}/status NSpid: {}", e.pid(), numbers.join(" ")));
    let first = e.pids.len() > 1 && e.pids.last() == Some(&1);
    Some(if first { (verdict, finding, seen) } else { (Verdict::Leaky, Finding::NotFirst, seen) })
}

fn mount(e: &Evidence) -> Option<Judged> {
    let (verdict, finding, seen) = namespace(e, Kind::Mnt)?;
    if verdict != Verdict::Has {
        return Some((verdict, finding, seen));
    }
    Some(known(&e.shared, |points| {
        if points.is_empty() {
            return (verdict, finding, seen);
        }
        let told = format!("/proc/{}/mountinfo shared: {}", e.pid(), some(points));
        (Verdict::Leaky, Finding::Propagates, [seen, vec![told]].concat())
    }))
}

fn root_id(e: &Evidence) -> Judged {
    known(&e.ids, |ids| {
        let own = e.has_own(Kind::User);
        let is_root = |[_, here, count]: &[u64; 3]| *here == 0 && *count > 0;
        let uid = format!("/proc/{}/status Uid: {}", e.pid(), ids.uid);
        let lines: Vec<String> = ids.map.iter().map(|[a, b, c]| format!("{a} {b} {c}")).collect();
        let map = format!("/proc/{}/uid_map {}", e.pid(), lines.join(", "));
        match (own, ids.uid) {
            (true, _) if ids.map.iter().any(is_root) => (Verdict::Leaky, Finding::OutsidesRoot, vec![map]),
            (true, _) => (Verdict::Has, Finding::Mapped, vec![map]),
            (false, 0) => (Verdict::Missing, Finding::OutsidesRoot, vec![uid]),
            (false, _) => (Verdict::Has, Finding::Ordinary, vec![uid]),
        }
    })
}

fn proc(e: &Evidence) -> Judged {
    known(&e.procs, |procs| {
        let all: Vec<String> = procs.iter().map(|(point, _)| point.clone()).collect();
        let of = |whose: Whose| -> Vec<String> {
            procs.iter().filter(|(_, of)| *of == whose).map(|(point, _)| point.clone()).collect()
        };
        let seen = |points: &[String]| vec![format!("/proc/{}/mountinfo proc: {}", e.pid(), some(points))];
        let (outsides, foreign) = (of(Whose::Outside), of(Whose::Other));
        let hidden = |points: &[String]| {
            points.iter().all(|point| e.hidden.contains(point)) && rights::none(e, Aspect::Proc).is_some()
        };
        match e.has_own(Kind::Pid) {
            _ if procs.is_empty() => (Verdict::Has, Finding::None, seen(&[])),
            false if hidden(&all) => (Verdict::Missing, Finding::Hidden, seen(&all)),
            true if !outsides.is_empty() && hidden(&outsides) => (Verdict::Leaky, Finding::Hidden, seen(&outsides)),
            false => (Verdict::Missing, Finding::Shared, seen(&all)),
            true if !outsides.is_empty() => (Verdict::Leaky, Finding::Shared, seen(&outsides)),
            true if !foreign.is_empty() => (Verdict::Leaky, Finding::Foreign, seen(&foreign)),
            true => (Verdict::Has, Finding::Own, seen(&all)),
        }
    })
}

fn root(e: &Evidence) -> Judged {
    known(&e.root, |root| {
        let sign = if root.there == root.here { "=" } else { "≠" };
        let mut seen = vec![format!("/proc/{}/root {} {sign} {}", e.pid(), root.there, root.here)];
        if root.there == root.here {
            let finding = rights::over_root(e, root);
            let mark = format!("/proc/{}/mountinfo / ro", e.pid());
            seen.extend(root.read_only.then_some(mark));
            if !root.writable.is_empty() {
                seen.push(format!("rw: {}", some(&root.writable)));
            }
            return (Verdict::Missing, finding, seen);
        }
        match &root.bottom {
            Err(why) => (Verdict::Unknown, Finding::Unread, [seen, vec![why.clone()]].concat()),
            Ok(bottom) if *bottom != root.there => {
                seen.push(format!("/proc/{}/ns/mnt / {bottom} ≠ {}", e.pid(), root.there));
                (Verdict::Leaky, Finding::ChrootOnly, seen)
            }
            Ok(_) if !root.old.is_empty() => {
                seen.push(format!("/proc/{}/mountinfo / → {}", e.pid(), some(&root.old)));
                (Verdict::Leaky, Finding::OldRoot, seen)
            }
            Ok(bottom) => {
                seen.push(format!("/proc/{}/ns/mnt / {bottom}", e.pid()));
                (Verdict::Has, Finding::Own, seen)
            }
        }
    })
}

/// The first few of a list.
fn some(list: &[String]) -> String {
    const FEW: usize = 6;
    match list.len() {
        0 => "0".to_owned(),
        length if length <= FEW => list.join(" "),
        length => format!("{} … ({length})", list[..FEW].join(" ")),
    }
}
