//! The box as a line of bwrap(1), bubblewrap, which flatpak starts its programs with.
//!
//! It is made for ordinary users: no cgroups, no clocks, and rights are only ever given up.

use super::filter;
use super::lacks::{self, Lack};
use super::line::{Line, all_quoted, each, quoted};
use super::{Equivalent, Wanted};
use crate::course::text::Lang;
use crate::kernel::container::cgroup::Limits;
use crate::kernel::feature::Feature;

/// The box as a bwrap line.
#[must_use]
pub fn bwrap(wanted: &Wanted) -> Equivalent {
    let on = |feature| wanted.has(feature);
    let filters = if on(Feature::Seccomp) { filter::programs(wanted) } else { Some(vec![]) };
    let mut lacks = lacks(wanted);
    if filters.is_none() {
        lacks.push(lacks::NO_FILTER);
    }
    let filters = filters.unwrap_or_default();
    let mut line = Line::of("bwrap --die-with-parent");
    namespaces(wanted, &mut line);
    if let Some(root) = wanted.root() {
        own_root(wanted, &root, &mut line);
    } else {
        line.add("--dev-bind / /");
        line.add_if(wanted.mounts_proc(), "--proc /proc");
    }
    rights(wanted, &mut line);
    for at in 0..filters.len() {
        line.add(&format!("--add-seccomp-fd {}", FIRST + at));
    }
    line.add(&format!("-- {}", all_quoted(wanted.command())));
    Equivalent::new(points(wanted) + &files(&filters, wanted.lang) + &line.text(), lacks)
}

/// What makes the folders that something is mounted on, where the root has not got them: a remark, for they stay there.
fn points(wanted: &Wanted) -> String {
    let Some(root) = wanted.root().filter(|_| !wanted.missing.is_empty()) else { return String::new() };
    let folders = wanted.missing.iter().map(|name| quoted(&format!("{root}/{name}")));
    let says = wanted.lang.pick("once before, and it stays", "antes, uma vez só, e fica");
    format!("# {says}: mkdir{}\n", each(" ", folders))
}

/// The first descriptor that a filter is given on.
const FIRST: usize = 4;

/// What opens the filters' programs before the line: a file that is gone again as soon as it is open.
fn files(filters: &[String], lang: Lang) -> String {
    let says = lang.pick("the filter, compiled", "o filtro, compilado");
    let one = |(at, program): (usize, &String)| {
        let fd = FIRST + at;
        format!(
            "# seccomp(2): {says}\n\
             file=$(mktemp) && base64 -d <<'END' | gunzip >\"$file\" && exec {fd}<\"$file\" && rm \"$file\"\n{program}\nEND\n"
        )
    };
    filters.iter().enumerate().map(one).collect()
}

fn namespaces(wanted: &Wanted, line: &mut Line) {
    let on = |feature| wanted.has(feature);
    line.add_if(on(Feature::User), "--unshare-user --uid 0 --gid 0");
    if on(Feature::Uts) {
        let name = wanted.spec.hostname.as_deref();
        line.add(
            &name.map_or_else(
                || "--unshare-uts".to_owned(),
                |name| format!("--unshare-uts --hostname {}", quoted(name)),
            ),
        );
    }
    if on(Feature::Pid) {
        line.add(if wanted.spec.init { "--unshare-pid" } else { "--unshare-pid --as-pid-1" });
    }
    line.add_if(on(Feature::Ipc), "--unshare-ipc");
    line.add_if(on(Feature::Net), "--unshare-net");
    line.add_if(on(Feature::Cgroupns), "--unshare-cgroup");
}

fn own_root(wanted: &Wanted, root: &str, line: &mut Line) {
    line.add(&format!("--ro-bind {} /", quoted(root)));
    // Without process numbers of their own, an ordinary user's kernel gives no fresh one.
    line.add(if wanted.has(Feature::User) && !wanted.has(Feature::Pid) {
        "--bind /proc /proc"
    } else {
        "--proc /proc"
    });
    line.add("--ro-bind /sys /sys");
    line.add("--dev /dev --perms 1777 --tmpfs /dev/shm");
    line.add_if(wanted.mounts_queues(), "--mqueue /dev/mqueue");
    let env = wanted.env().into_iter().map(|(name, value)| format!("--setenv {} {}", quoted(&name), quoted(&value)));
    line.add(&format!("--clearenv {}", env.collect::<Vec<_>>().join(" ")));
    if let Some(folder) = wanted.workdir() {
        line.add(&format!("--chdir {}", quoted(&folder)));
    }
}

/// Capabilities. Root keeps those that it was started with and an ordinary user none, unless they are asked for.
fn rights(wanted: &Wanted, line: &mut Line) {
    if wanted.has(Feature::Capabilities) {
        line.add(&format!("--cap-drop ALL{}", each(" --cap-add ", wanted.kept())));
    } else if wanted.has(Feature::User) {
        line.add("--cap-add ALL");
    }
}

fn lacks(wanted: &Wanted) -> Vec<Lack> {
    let on = |feature| wanted.has(feature);
    let spec = &wanted.spec;
    let limited = wanted.limits != Limits { rate: None, ..Limits::default() } && wanted.has_limits();
    let own_root = on(Feature::Rootfs);
    let all = [
        // First, for without it the line does not even start.
        (lacks::BWRAP_POINTS, own_root && !wanted.missing.is_empty()),
        (lacks::BWRAP_MOUNT, !on(Feature::Mount)),
        (lacks::BWRAP_USER, !spec.machine_root && !on(Feature::User)),
        (lacks::BWRAP_RANGE, on(Feature::User) && (spec.ids.is_some() || wanted.subordinate.is_some())),
        (lacks::BWRAP_ROOT, own_root),
        (lacks::LAYERS, !spec.layers.is_empty()),
        (lacks::BWRAP_WHO, spec.who.is_some()),
        (lacks::BWRAP_SYS, own_root && on(Feature::Net)),
        (lacks::BWRAP_SLAVE, on(Feature::Mount)),
        (
            lacks::BWRAP_BOUNDING,
            on(Feature::Capabilities) && !wanted.keeps_all() && spec.machine_root && !on(Feature::User),
        ),
        (lacks::BWRAP_AMBIENT, wanted.has_ambient()),
        (lacks::BWRAP_HIDDEN, own_root && spec.machine_root),
        (lacks::BWRAP_NO_NEW_PRIVS, !on(Feature::NoNewPrivs)),
        (lacks::BWRAP_LIMITS, limited),
        (lacks::BWRAP_DEVICES, !wanted.denied.is_empty()),
        (lacks::BWRAP_TIME, on(Feature::Time)),
        (lacks::BWRAP_LO, on(Feature::Net) && !spec.lo),
        (lacks::CABLE, spec.cable.is_some()),
        (lacks::BWRAP_INIT, spec.init),
        (lacks::BWRAP_TERMINAL, spec.terminal),
    ];
    all.into_iter().filter_map(|(lack, there)| there.then_some(lack)).collect()
}

impl Wanted {
    /// Whether bwrap is asked to keep capabilities.
    fn has_ambient(&self) -> bool {
        (self.has(Feature::Capabilities) && !self.kept().is_empty())
            || (self.has(Feature::User) && !self.has(Feature::Capabilities))
    }
}
