//! The bench and a box on it, made as a lesson makes them: what decides whether the course runs here.
//!
//! namespaces(7), cgroups(7). It goes as it came: the keeper removes its cgroup, and all else dies with its PID 1.

use std::ffi::CString;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Because, Finding, What, resources};
use crate::kernel::bench::Bench;
use crate::kernel::bench::protocol::{Config, Report, Request, Standing};
use crate::kernel::container::cgroup::Limits;
use crate::kernel::container::link::Failed;
use crate::kernel::container::{Rootfs, Spec};
use crate::kernel::feature::{Feature, FeatureSet};
use crate::kernel::reason::{Evidence, Reason};

/// How long bench and box may take, together some 20 ms here; a loaded or emulated machine has time.
const PATIENCE: Duration = Duration::from_secs(10);

/// Limits that are easy on the machine, and read back.
const LIMITS: Limits = Limits {
    pids: Some(15),
    memory: Some(32 << 20),
    cpu: Some(20_000),
    cpu_shares: None,
    io: None,
    frozen: None,
    rate: None,
};

/// The bench, the box, and whether its limits are in force.
pub(super) fn all(rootfs: Option<&Path>, records: &Path) -> Vec<Finding> {
    let deadline = Instant::now() + PATIENCE;
    let config = Config {
        hostname: "unha".to_owned(),
        rootfs: rootfs.map(Path::to_path_buf),
        cgroup: true,
        records: records.to_owned(),
        host: false,
        no_scope: None,
    };
    let (bench, standing) = match stands(&config, deadline) {
        Ok(stands) => stands,
        Err(because) => {
            let cgroup = super::cgroup_version().map(|version| Some(format!("v{version}")));
            let box_too = Finding::not(What::Box, because.clone());
            let others = [What::Freezer, What::Disk, What::Devices].map(|what| Finding::not(what, because.clone()));
            let found = [Finding::not(What::Bench, because), box_too, Finding::of(What::Cgroup, cgroup)];
            return found.into_iter().chain(others).collect();
        }
    };
    let in_box = start_box(&bench, &standing, deadline);
    // The box's terminal is held until its limits are read: without it the shell in it would end.
    let cgroup = cgroup(&bench, &standing, in_box.is_ok(), deadline);
    let mut found = match &in_box {
        Ok(files) => resources::all(&bench, &standing, &cgroup, files, deadline),
        Err(because) => {
            [What::Freezer, What::Disk, What::Devices].map(|what| Finding::not(what, because.clone())).to_vec()
        }
    };
    found.extend([
        Finding::works(What::Bench, None),
        Finding::of(What::Box, in_box.map(|_| None)),
        Finding::of(What::Cgroup, cgroup),
    ]);
    found
}

pub(super) fn because(failed: &Failed) -> Because {
    Because::of(failed, &Evidence::look())
}

fn stands(config: &Config, deadline: Instant) -> Result<(Bench, Standing), Because> {
    let bench = Bench::start(config).map_err(|error| because(&Failed::words(&error)))?;
    match next(&bench, deadline)?.0 {
        Report::Standing(standing) => Ok((bench, standing)),
        Report::Failed(failed) => Err(because(&failed)),
        _ => Err(Because::seen(Reason::Unknown, [])),
    }
}

/// The next report that is no news of an earlier box.
pub(super) fn next(bench: &Bench, deadline: Instant) -> Result<(Report, Vec<OwnedFd>), Because> {
    loop {
        match bench.report_until(deadline) {
            Ok(Some((Report::Ended { .. }, _))) => {}
            Ok(Some(next)) => return Ok(next),
            Ok(None) => return Err(because(&Failed::words(&"the bench's keeper died before the bench stood"))),
            Err(nix::errno::Errno::ETIMEDOUT) => return Err(Because::seen(Reason::TooSlow, [])),
            Err(errno) => return Err(because(&Failed::plain("recvmsg", errno))),
        }
    }
}

/// A box with everything that the lessons switch on and that can be had here.
fn start_box(bench: &Bench, standing: &Standing, deadline: Instant) -> Result<Vec<OwnedFd>, Because> {
    let mut features: FeatureSet = [Feature::Uts, Feature::Pid, Feature::Mount].into_iter().collect();
    if standing.cgroup.is_some() {
        features = features.with(Feature::Cgroup);
    }
    if standing.rootfs.is_some() {
        features = features.with(Feature::Rootfs);
    }
    let words = |words: &[&str]| words.iter().filter_map(|word| CString::new(*word).ok()).collect();
    let lower = standing.rootfs.clone();
    let spec = Spec {
        features,
        proc: true,
        hostname: Some("unha".to_owned()),
        rootfs: lower.map(|lower| Rootfs { lower, place: Some(standing.place.clone()) }),
        command: words(&["/bin/sh", "-c", "read line"]),
        env: words(&["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]),
        terminal: true,
        size: (80, 24),
        ..Spec::default()
    };
    ask(bench, &Request::Start(spec, Limits::default()))?;
    match next(bench, deadline)? {
        (Report::Box(_), files) => Ok(files),
        (Report::BoxFailed(failed), _) => Err(because(&failed)),
        _ => Err(Because::seen(Reason::Unknown, [])),
    }
}

pub(super) fn ask(bench: &Bench, request: &Request) -> Result<(), Because> {
    bench.ask(request).map_err(|errno| because(&Failed::plain("sendmsg", errno)))
}

/// Whether limits that are set on the box read back.
fn cgroup(bench: &Bench, standing: &Standing, has_box: bool, deadline: Instant) -> Result<Option<String>, Because> {
    let Some(group) = &standing.cgroup else {
        let evidence = Evidence::look();
        let why = standing.no_cgroup.as_ref().map(|why| Because::of_no_cgroup(why, &evidence));
        return Err(why.unwrap_or_else(|| Because::seen(Reason::CgroupRefused, [])));
    };
    let version = if group.folder("memory").is_some_and(|(_, v2)| v2) { "v2" } else { "v1" };
    if has_box {
        ask(bench, &Request::Limit(LIMITS))?;
        match next(bench, deadline)?.0 {
            Report::Limits(Ok(held))
                if (held.pids, held.memory, held.cpu) == (LIMITS.pids, LIMITS.memory, LIMITS.cpu) => {}
            Report::Limits(Err(failed)) => return Err(because(&failed)),
            other => return Err(Because::seen(Reason::CgroupRefused, [format!("{other:?}")])),
        }
    }
    Ok(Some(version.to_owned()))
}
