//! Asking everybody at once, and putting what they say together: one container is told of by up to three engines.
//!
//! Each socket is asked by a thread of its own, so one that hangs keeps nobody else from answering, unix(7).

use std::collections::HashMap;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::Value;

use super::super::tree::{Tree, name_of};
use super::files::{self, container, living};
use super::path::hint;
use super::socket::{PATIENCE, get};
use super::{Container, Engine, Roster, Trouble, Why, podman};

/// What of the environment says where an engine is.
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The sockets that may be there; one that is named by a variable is asked first.
fn sockets() -> Vec<(Engine, PathBuf)> {
    let named = |name, engine| {
        let value = variable(name)?;
        // Another machine's containers are none of this one's processes.
        let path = value.to_str()?.strip_prefix("unix://")?.to_owned();
        let engine = if path.contains("podman") { Engine::Podman } else { engine };
        Some((engine, PathBuf::from(path)))
    };
    let mut found: Vec<(Engine, PathBuf)> =
        [named("DOCKER_HOST", Engine::Docker), named("CONTAINER_HOST", Engine::Podman)].into_iter().flatten().collect();
    found.push((Engine::Docker, PathBuf::from("/run/docker.sock")));
    found.push((Engine::Podman, PathBuf::from("/run/podman/podman.sock")));
    if let Some(run) = variable("XDG_RUNTIME_DIR") {
        found.push((Engine::Docker, run.join("docker.sock")));
        found.push((Engine::Podman, run.join("podman/podman.sock")));
    }
    let mut known: Vec<PathBuf> = vec![];
    found.retain(|(_, path)| {
        let path = path.canonicalize().unwrap_or_else(|_| path.clone());
        let new = !known.contains(&path);
        known.push(path);
        new
    });
    found
}

/// What all engines of this machine tell; it takes as long as the slowest may, a second.
#[must_use]
pub fn roster() -> Roster {
    let mut roster = Roster::default();
    std::thread::scope(|scope| {
        let end = Instant::now() + PATIENCE;
        let ask = |(engine, path): (Engine, PathBuf)| {
            let asking = path.clone();
            let thread = std::thread::Builder::new().spawn_scoped(scope, move || answer(engine, &asking, end));
            (engine, path, thread)
        };
        let asked: Vec<_> = sockets().into_iter().map(ask).collect();
        roster.containers = in_files();
        for (engine, path, thread) in asked {
            let answer = match thread.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(answer)) => answer,
                Ok(Err(_)) => Err(Why::Failed("panic".to_owned())),
                Err(error) => Err(Why::Failed(format!("clone: {error}"))),
            };
            match answer {
                Ok(containers) => roster.containers.extend(containers),
                Err(why) => roster.troubles.push(Trouble { engine, place: path.display().to_string(), why }),
            }
        }
    });
    roster.containers = settled(roster.containers);
    roster
}

/// What stands in files, which are there without a daemon too.
fn in_files() -> Vec<Container> {
    let told = podman::told();
    let mut found = told.containers;
    let (run, home) = (variable("XDG_RUNTIME_DIR"), variable("HOME"));
    found.extend(podman::of_storage(Path::new("/var/lib/containers/storage"), Path::new("/run/containers/storage")));
    if let (Some(run), Some(home)) = (&run, home) {
        let data = variable("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share"));
        found.extend(podman::of_storage(&data.join("containers/storage"), &run.join("containers")));
    }
    found.extend(files::of_containerd(Path::new("/run/containerd/io.containerd.runtime.v2.task")));
    found.extend(files::of_machined(Path::new("/run/systemd/machines")));
    let mut roots = told.roots;
    for run in [Some(PathBuf::from("/run")), run].into_iter().flatten() {
        let of = [(Engine::Crun, "crun"), (Engine::Runc, "runc"), (Engine::Runc, "youki")];
        roots.extend(of.map(|(engine, name)| (engine, run.join(name))));
    }
    found.extend(roots.iter().flat_map(|(engine, root)| files::of_runtime(*engine, root)));
    found
}

/// Docker's answer, or Podman's, which is the same.
fn answer(engine: Engine, path: &Path, end: Instant) -> Result<Vec<Container>, Why> {
    match path.metadata() {
        // Who is not there has nothing to say, and that is no trouble.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        Ok(found) if !found.file_type().is_socket() => return Ok(vec![]),
        _ => {}
    }
    let asked = |page: &str| {
        let body = get(path, page, end)?;
        serde_json::from_slice::<Value>(&body).map_err(|error| Why::Nonsense(error.to_string()))
    };
    let Value::Array(list) = asked("/containers/json?all=1")? else {
        return Err(Why::Nonsense("/containers/json".to_owned()));
    };
    let mut found: Vec<Container> = list.iter().take(files::MOST).filter_map(|one| listed(engine, one)).collect();
    // The list has no numbers. Where there is no time for all of them, the others are known by their cgroups.
    let runs = |one: &Value| one["State"].as_str() == Some("running");
    let running: Vec<String> =
        list.iter().filter(|one| runs(one)).filter_map(|one| one["Id"].as_str().map(str::to_owned)).collect();
    for one in found.iter_mut().filter(|one| one.id.as_ref().is_some_and(|id| running.contains(id))) {
        let id = one.id.clone().unwrap_or_default();
        if !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            continue;
        }
        match asked(&format!("/containers/{id}/json")) {
            Ok(told) => one.pid = living(told["State"]["Pid"].as_u64(), None),
            Err(Why::Hangs(_)) => break,
            Err(_) => {}
        }
    }
    Ok(found)
}

fn listed(engine: Engine, one: &Value) -> Option<Container> {
    let id = one["Id"].as_str()?;
    let name = one["Names"][0].as_str().map_or(id, |name| name.trim_start_matches('/'));
    let image = one["Image"].as_str().map(|image| image.replace(char::is_control, "\u{fffd}"));
    Some(Container { image, ..container(engine, name, Some(id), None) })
}

/// Each container once, as its uppermost engine has it, with what only those below know of it.
#[must_use]
pub fn settled(mut all: Vec<Container>) -> Vec<Container> {
    // Who has a name of its own for it, and not only the id, before who has none.
    let is_named = |one: &Container| one.id.as_ref().is_none_or(|id| !id.starts_with(&one.name));
    all.sort_by_key(|one| (one.engine, !is_named(one)));
    let mut kept: Vec<Container> = vec![];
    let (mut ids, mut numbers): (HashMap<String, usize>, HashMap<u32, usize>) = Default::default();
    for one in all {
        let same = one.id.as_ref().and_then(|id| ids.get(id)).or_else(|| numbers.get(&one.pid?)).copied();
        let at = same.unwrap_or(kept.len());
        if let Some(id) = &one.id {
            ids.entry(id.clone()).or_insert(at);
        }
        if let Some(pid) = one.pid {
            numbers.entry(pid).or_insert(at);
        }
        match kept.get_mut(at) {
            Some(known) => {
                known.pid = known.pid.or(one.pid);
                known.image = known.image.take().or(one.image);
            }
            None => kept.push(one),
        }
    }
    kept
}

impl Roster {
    /// Gives the groups of a tree their names: by the numbers of their processes, else by their cgroups.
    pub fn name(&self, tree: &mut Tree) {
        let numbers: HashMap<u32, &Container> =
            self.containers.iter().filter_map(|one| Some((one.pid?, one))).collect();
        let ids: HashMap<&str, &Container> =
            self.containers.iter().filter_map(|one| Some((one.id.as_deref()?, one))).collect();
        for group in &mut tree.groups {
            let mut pids = std::iter::once(group.first.pid).chain(group.pids.iter().copied());
            let by_number = || pids.find_map(|pid| numbers.get(&pid).copied()).cloned();
            let by_cgroup = || {
                let hint = hint(&group.first.cgroup)?;
                let known = hint.id.as_deref().and_then(|id| ids.get(id).copied()).cloned();
                let shown = hint.shown();
                Some(known.unwrap_or_else(|| container(hint.engine, &shown, hint.id.as_deref(), None)))
            };
            let by_parent = || {
                let ours = name_of(group.first.parent)? == "unha";
                ours.then(|| container(Engine::Unha, &format!("unha-{}", group.first.parent), None, None))
            };
            group.container = { by_number }()
                .or_else(|| by_cgroup().filter(|found| found.engine != Engine::Systemd))
                .or_else(by_parent)
                .or_else(by_cgroup);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_container_of_three_engines_is_one() {
        let all = vec![
            container(Engine::Runc, "abc", Some("abc"), Some(7)),
            container(Engine::Docker, "web", Some("abc"), None),
            container(Engine::Docker, "abc", Some("abc"), Some(7)),
            container(Engine::Crun, "mine", Some("mine"), Some(9)),
        ];
        let settled = settled(all);
        let told: Vec<(String, Option<u32>)> = settled.iter().map(|one| (one.full_name(), one.pid)).collect();
        assert_eq!(told, [("docker:web".to_owned(), Some(7)), ("crun:mine".to_owned(), Some(9))]);
    }

    #[test]
    fn nothing_that_an_engine_lists_commands_a_terminal() {
        let one = serde_json::json!({ "Id": "a\u{1b}b", "Names": ["/w\u{7}eb"], "Image": "x\u{1b}[2J:1" });
        let told = listed(Engine::Docker, &one).unwrap();
        assert_eq!((told.id.as_deref(), &*told.name), (Some("a\u{fffd}b"), "w\u{fffd}eb"));
        assert_eq!(told.image.as_deref(), Some("x\u{fffd}[2J:1"));
    }
}
