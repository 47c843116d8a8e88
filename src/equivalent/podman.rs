//! The box as a line of `docker run` and of `podman run`, which take nearly the same options.
//!
//! Engines turn everything on that they have, so most of the line says what is to be left out.

use super::lacks::{self, Lack};
use super::line::{Line, all_quoted, each, quoted};
use super::wanted::disk;
use super::{Equivalent, Wanted};
use crate::kernel::feature::Feature;

/// The name of the image that a folder becomes for docker.
const IMAGE: &str = "unha-box";

/// The two of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    Docker,
    Podman,
}

/// The box as a `docker run` line.
#[must_use]
pub fn docker(wanted: &Wanted) -> Equivalent {
    let mut text = String::new();
    if let Some(root) = wanted.root() {
        text = format!("tar -C {} -c . | docker import - {IMAGE}\n", quoted(&root));
    }
    let mut line = Line::of("docker run --rm");
    options(wanted, Engine::Docker, &mut line);
    let image = if wanted.root().is_some() { IMAGE } else { "debian" };
    line.add(&format!("{image} {}", all_quoted(wanted.command())));
    let mut lacks = shared_lacks(wanted);
    lacks.push(if wanted.root().is_some() { lacks::ENGINE_IMAGE } else { lacks::ENGINE_ANY_IMAGE });
    if wanted.has(Feature::User) {
        lacks.push(lacks::DOCKER_USER);
    }
    Equivalent::new(text + &line.text(), lacks)
}

/// The box as a `podman run` line.
#[must_use]
pub fn podman(wanted: &Wanted) -> Equivalent {
    let mut line = Line::of("podman run --rm");
    options(wanted, Engine::Podman, &mut line);
    // With ids of their own besides, it is what podman does by itself.
    if wanted.has(Feature::User) && wanted.subordinate.is_none() {
        let (first, count) = match wanted.spec.ids {
            Some(first) => (first, 65536),
            // Without root, podman has a user namespace already, in which the caller is 0.
            None => (if wanted.spec.machine_root { wanted.caller } else { (0, 0) }, 1),
        };
        line.add(&format!("--uidmap 0:{}:{count} --gidmap 0:{}:{count}", first.0, first.1));
    }
    let root = wanted.root().unwrap_or_else(|| "/".to_owned());
    line.add(&format!("--rootfs {} {}", quoted(&(root + ":O")), all_quoted(wanted.command())));
    let mut lacks = shared_lacks(wanted);
    if wanted.root().is_none() {
        lacks.push(lacks::ENGINE_ROOT);
    }
    if wanted.has(Feature::User) && wanted.spec.machine_root {
        lacks.push(lacks::OCI_SETGROUPS);
    }
    Equivalent::new(line.text(), lacks)
}

fn options(wanted: &Wanted, engine: Engine, line: &mut Line) {
    let on = |feature| wanted.has(feature);
    let spec = &wanted.spec;
    line.add(if spec.terminal { "--interactive --tty" } else { "--interactive" });
    match &spec.hostname {
        Some(name) => line.add(&format!("--hostname {}", quoted(name))),
        // Else it would be the box's id; ours starts as a copy.
        None => line.add(if on(Feature::Uts) { "--hostname \"$(hostname)\"" } else { "--uts host" }),
    }
    line.add_if(!on(Feature::Pid), "--pid host");
    line.add(if on(Feature::Ipc) { "--ipc private" } else { "--ipc host" });
    line.add(match (on(Feature::Net), &spec.cable) {
        (false, _) => "--network host",
        (true, None) => "--network none",
        (true, Some(_)) => "--network bridge",
    });
    line.add(if on(Feature::Cgroupns) { "--cgroupns private" } else { "--cgroupns host" });
    line.add_if(engine == Engine::Docker && !on(Feature::User), "--userns host");
    limits(wanted, engine, line);
    rights(wanted, engine, line);
    if let Some(folder) = wanted.workdir() {
        line.add(&format!("--workdir {}", quoted(&folder)));
    }
    for (name, value) in wanted.env_of_image() {
        line.add(&format!("--env {}", quoted(&format!("{name}={value}"))));
    }
    if let Some(who) = &spec.who {
        let groups = who.groups.iter().map(u32::to_string);
        line.add(&format!("--user {}:{}{}", who.uid, who.gid, each(" --group-add ", groups)));
    }
    line.add_if(spec.init, "--init");
}

fn limits(wanted: &Wanted, engine: Engine, line: &mut Line) {
    let limits = &wanted.limits;
    match limits.pids {
        Some(pids) => line.add(&format!("--pids-limit {pids}")),
        // Podman's own default is 2048.
        None => line.add_if(engine == Engine::Podman, "--pids-limit=-1"),
    }
    if let Some(bytes) = limits.memory {
        line.add(&format!("--memory {bytes} --memory-swap {bytes}"));
    }
    if let Some(quota) = limits.cpu {
        line.add(&format!("--cpu-period 100000 --cpu-quota {quota}"));
    }
    if let Some(shares) = limits.cpu_shares {
        line.add(&format!("--cpu-shares {shares}"));
    }
    if let Some(io) = limits.io {
        line.add(&format!("--device-write-bps {}:{}", disk(io.disk), io.bytes));
    }
}

/// Capabilities, each by name: the engines do not leave the same ones.
fn rights(wanted: &Wanted, engine: Engine, line: &mut Line) {
    if wanted.has(Feature::Capabilities) {
        let kept = wanted.kept();
        let kept = kept.iter().map(|name| name.trim_start_matches("CAP_"));
        line.add(&format!("--cap-drop ALL{}", each(" --cap-add ", kept)));
    } else if engine == Engine::Docker && !wanted.spec.machine_root && !wanted.has(Feature::User) {
        // Docker's daemon is root: what an ordinary user starts without a user namespace is still theirs.
        line.add(&format!("--user {}:{}", wanted.caller.0, wanted.caller.1));
    } else {
        line.add("--cap-add ALL");
    }
    line.add_if(wanted.has(Feature::NoNewPrivs), "--security-opt no-new-privileges");
    if !wanted.has(Feature::Seccomp) {
        line.add("--security-opt seccomp=unconfined");
    } else if let Some(file) = &wanted.profile {
        line.add(&format!("--security-opt {}", quoted(&format!("seccomp={}", file.display()))));
    }
    // No feature of a box hides these; an engine does unless it is told.
    line.add_if(!wanted.has(Feature::Rootfs), "--security-opt systempaths=unconfined");
}

fn shared_lacks(wanted: &Wanted) -> Vec<Lack> {
    let on = |feature| wanted.has(feature);
    let spec = &wanted.spec;
    let admin = wanted.kept().iter().any(|name| name == "CAP_SYS_ADMIN");
    let all = [
        (lacks::ENGINE_MOUNT, !on(Feature::Mount)),
        (lacks::LAYERS, !spec.layers.is_empty()),
        (lacks::ENGINE_TIME, on(Feature::Time)),
        (lacks::ENGINE_LO, on(Feature::Net) && !spec.lo),
        (lacks::ENGINE_CABLE, spec.cable.is_some()),
        (lacks::ENGINE_DEVICES, !wanted.denied.is_empty()),
        (lacks::ENGINE_FILTER, on(Feature::Seccomp) && wanted.profile.is_none() && !admin),
        (lacks::ENGINE_FILTER_OF_ADMIN, on(Feature::Seccomp) && wanted.profile.is_none() && admin),
    ];
    all.into_iter().filter_map(|(lack, there)| there.then_some(lack)).collect()
}
