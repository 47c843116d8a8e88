//! The box as an OCI bundle: a config.json for runc, crun and every engine on top of them.
//! <https://github.com/opencontainers/runtime-spec/blob/main/config.md>.
//!
//! The folder beside it is the root: `unha export oci` copies it there.

mod mounts;
mod resources;

use std::collections::HashMap;
use std::path::PathBuf;

use oci_spec::runtime::{
    Capabilities, Capability, Linux, LinuxCapabilities, LinuxIdMapping, LinuxIdMappingBuilder, LinuxNamespace,
    LinuxNamespaceType, LinuxSeccomp, LinuxTimeOffset, Process, Root, Spec, User,
};

use super::lacks::{self, Lack};
use super::{Equivalent, Wanted};
use crate::kernel::feature::Feature;

/// The folder of a bundle's root, beside its config.json.
pub const ROOT: &str = "rootfs";

/// The version of the specification: the one that has time namespaces, where they are used; else what older runtimes know.
const VERSIONS: [&str; 2] = ["1.0.2", "1.1.0"];

/// The box as a bundle's config.json.
#[must_use]
pub fn oci(wanted: &Wanted) -> Equivalent {
    let (spec, filtered) = spec(wanted);
    let mut lacks = lacks(wanted);
    if !filtered {
        lacks.push(lacks::NO_FILTER);
    }
    let text = serde_json::to_value(&spec).and_then(|mut value| {
        sort_capabilities(&mut value);
        serde_json::to_string_pretty(&value)
    });
    Equivalent::new(text.unwrap_or_default() + "\n", lacks)
}

/// The configuration, and whether the filter is in it as it is wanted.
fn spec(wanted: &Wanted) -> (Spec, bool) {
    let mut root = Root::default();
    root.set_path(PathBuf::from(ROOT)).set_readonly(Some(false));
    let (linux, filtered) = linux(wanted);
    let mut spec = Spec::default();
    spec.set_version(VERSIONS[usize::from(wanted.has(Feature::Time))].to_owned())
        .set_root(Some(root))
        .set_mounts(Some(mounts::all(wanted)))
        .set_process(Some(process(wanted)))
        .set_hostname(wanted.spec.hostname.clone())
        .set_linux(Some(linux));
    (spec, filtered)
}

fn process(wanted: &Wanted) -> Process {
    let mut user = User::default();
    if let Some(who) = &wanted.spec.who {
        user.set_uid(who.uid).set_gid(who.gid).set_additional_gids(Some(who.groups.clone()));
    } else if wanted.has(Feature::User) || wanted.spec.machine_root {
        user.set_uid(0).set_gid(0);
    } else {
        user.set_uid(wanted.caller.0).set_gid(wanted.caller.1);
    }
    let kept: Capabilities = wanted.kept().iter().filter_map(|name| capability(name)).collect();
    let mut capabilities = LinuxCapabilities::default();
    capabilities
        .set_bounding(Some(kept.clone()))
        .set_effective(Some(kept.clone()))
        .set_permitted(Some(kept))
        .set_inheritable(None)
        .set_ambient(None);
    let mut process = Process::default();
    process
        .set_terminal(Some(wanted.spec.terminal))
        .set_user(user)
        .set_args(Some(wanted.command()))
        .set_env(Some(wanted.env().into_iter().map(|(name, value)| format!("{name}={value}")).collect()))
        .set_cwd(wanted.spec.workdir.clone().unwrap_or_else(|| PathBuf::from("/")))
        .set_capabilities(Some(capabilities))
        .set_rlimits(None)
        .set_no_new_privileges(Some(wanted.has(Feature::NoNewPrivs)));
    process
}

/// The capability of that name; one that the specification does not know stays out.
fn capability(name: &str) -> Option<Capability> {
    serde_json::from_value(name.into()).ok()
}

fn linux(wanted: &Wanted) -> (Linux, bool) {
    let mut linux = Linux::default();
    linux
        .set_namespaces(Some(namespaces(wanted)))
        .set_resources(Some(resources::all(wanted)))
        .set_masked_paths(None)
        .set_readonly_paths(None)
        .set_devices(None)
        .set_rootfs_propagation(Some(if wanted.spec.shared { "shared" } else { "private" }.to_owned()));
    if wanted.has(Feature::Rootfs) && wanted.spec.machine_root {
        linux.set_masked_paths(Some(mounts::hidden())).set_readonly_paths(Some(mounts::read_only()));
    }
    if wanted.has(Feature::User) {
        let (first, count) = wanted.spec.ids.map_or((wanted.caller, 1), |first| (first, 65536));
        let more = (wanted.subordinate.map(|more| more.0), wanted.subordinate.map(|more| more.1));
        linux.set_uid_mappings(mapping(first.0, count, more.0)).set_gid_mappings(mapping(first.1, count, more.1));
    }
    if wanted.has(Feature::Time) && wanted.spec.boottime != 0 {
        let mut offset = LinuxTimeOffset::default();
        offset.set_secs(Some(wanted.spec.boottime)).set_nanosecs(Some(0));
        linux.set_time_offsets(Some(HashMap::from([("boottime".to_owned(), offset)])));
    }
    if !wanted.has(Feature::Seccomp) {
        return (linux, true);
    }
    let filter = seccomp(wanted);
    let filtered = filter.is_some();
    linux.set_seccomp(filter);
    (linux, filtered)
}

fn namespaces(wanted: &Wanted) -> Vec<LinuxNamespace> {
    let kinds = [
        (Feature::User, LinuxNamespaceType::User),
        (Feature::Uts, LinuxNamespaceType::Uts),
        (Feature::Pid, LinuxNamespaceType::Pid),
        (Feature::Ipc, LinuxNamespaceType::Ipc),
        (Feature::Net, LinuxNamespaceType::Network),
        (Feature::Cgroupns, LinuxNamespaceType::Cgroup),
        (Feature::Time, LinuxNamespaceType::Time),
    ];
    let on = kinds.into_iter().filter(|(feature, _)| wanted.has(*feature)).map(|(_, kind)| kind);
    // The mount namespace always: without it a runtime would put its mounts on the machine.
    let kinds = on.chain([LinuxNamespaceType::Mount]);
    kinds
        .map(|kind| {
            let mut namespace = LinuxNamespace::default();
            namespace.set_typ(kind);
            namespace
        })
        .collect()
}

/// The ids that are 0 and on inside, and those that are 1 and on where only one of the first is there.
fn mapping(first: u32, count: u32, more: Option<u32>) -> Option<Vec<LinuxIdMapping>> {
    let one = |inside: u32, outside: u32, count: u32| {
        LinuxIdMappingBuilder::default().container_id(inside).host_id(outside).size(count).build().ok()
    };
    let more = more.map(|more| one(1, more, 65535));
    std::iter::once(one(0, first, count)).chain(more).collect()
}

/// The rules that count for this box, in the specification's words.
fn seccomp(wanted: &Wanted) -> Option<LinuxSeccomp> {
    let profile = wanted.spec.settled_profile().ok()?;
    let mut filter: LinuxSeccomp = serde_json::from_value(serde_json::to_value(profile).ok()?).ok()?;
    let architectures =
        if cfg!(target_arch = "x86_64") { &["SCMP_ARCH_X86_64", "SCMP_ARCH_X32"][..] } else { &["SCMP_ARCH_AARCH64"] };
    filter.set_architectures(serde_json::from_value(architectures.into()).ok());
    Some(filter)
}

/// The sets of capabilities are written in one order, so that the same box is the same text.
fn sort_capabilities(value: &mut serde_json::Value) {
    let Some(sets) = value.pointer_mut("/process/capabilities").and_then(serde_json::Value::as_object_mut) else {
        return;
    };
    for names in sets.values_mut().filter_map(serde_json::Value::as_array_mut) {
        names.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    }
}

fn lacks(wanted: &Wanted) -> Vec<Lack> {
    let on = |feature| wanted.has(feature);
    let spec = &wanted.spec;
    let all = [
        (lacks::OCI_MOUNT, !on(Feature::Mount)),
        (lacks::OCI_ROOT, on(Feature::Rootfs)),
        (lacks::OCI_OLD_ROOT, !on(Feature::Rootfs)),
        (lacks::OCI_SETGROUPS, on(Feature::User) && spec.machine_root),
        (lacks::OCI_LO, on(Feature::Net) && !spec.lo),
        (lacks::CABLE, spec.cable.is_some()),
        (lacks::LAYERS, !spec.layers.is_empty()),
        (lacks::OCI_TIME, on(Feature::Time)),
        (lacks::OCI_INIT, spec.init),
        (lacks::OCI_DEVICES, wanted.denied.iter().any(resources::is_usual)),
    ];
    all.into_iter().filter_map(|(lack, there)| there.then_some(lack)).collect()
}
