//! What engines keep in files below /run: their containers and the numbers of these.
//!
//! runc, crun and youki: a folder for each container with its state in JSON; containerd: `init.pid` and the bundle's config.json;
//! machined: a file for each machine. All of it may be left behind by who is dead: a process is believed only when its start is the
//! one that was written down, where one was.

use std::fs::{self, File, OpenOptions};
use std::io::Read as _;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::tree;
use super::{Container, Engine};

/// The most containers of one folder, and the most of a file.
pub(super) const MOST: usize = 4096;
const LONGEST: u64 = 4 << 20;

/// A small regular file; nothing where it is something else. First only a handle: to open a FIFO may wait for ever, and to open
/// a device may do something.
pub(super) fn small(path: &Path) -> Option<String> {
    let handle = OpenOptions::new().read(true).custom_flags(libc::O_PATH).open(path).ok()?;
    handle.metadata().ok().filter(fs::Metadata::is_file)?;
    let file = File::open(format!("/proc/self/fd/{}", handle.as_raw_fd())).ok()?;
    let mut bytes = vec![];
    file.take(LONGEST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

pub(super) fn json(path: &Path) -> Option<Value> {
    serde_json::from_str(&small(path)?).ok()
}

/// The folders in a folder, with their names.
pub(super) fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).take(MOST);
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect()
}

pub(super) fn container(engine: Engine, name: &str, id: Option<&str>, pid: Option<u32>) -> Container {
    let plain = |text: &str| text.replace(char::is_control, "\u{fffd}");
    Container { engine, name: plain(name), id: id.map(plain), pid, image: None }
}

/// A number that some file names, of a process that is there.
pub(super) fn living(pid: Option<u64>, started: Option<u64>) -> Option<u32> {
    let pid = u32::try_from(pid?).ok().filter(|pid| *pid > 0)?;
    let found = tree::started(pid)?;
    started.is_none_or(|started| started == found).then_some(pid)
}

/// The containers of runc, crun or youki that keep their state below this folder.
pub(super) fn of_runtime(engine: Engine, folder: &Path) -> Vec<Container> {
    let one = |(id, path): (String, PathBuf)| {
        let state = json(&path.join("status")).or_else(|| json(&path.join("state.json")))?;
        let number = |keys: [&str; 2]| keys.iter().find_map(|key| state.get(key)?.as_u64());
        let pid = number(["pid", "init_process_pid"]);
        let started = number(["process-start-time", "init_process_start"]);
        Some(container(engine, &id, Some(&id), living(pid, started)))
    };
    entries(folder).into_iter().filter_map(one).collect()
}

/// containerd's, of all its namespaces: `moby` is Docker's, `k8s.io` Kubernetes's.
pub(super) fn of_containerd(folder: &Path) -> Vec<Container> {
    let mut found = vec![];
    for (space, path) in entries(folder) {
        for (id, path) in entries(&path) {
            let pid = small(&path.join("init.pid")).and_then(|text| text.trim().parse().ok());
            let config = json(&path.join("config.json")).unwrap_or_default();
            let (engine, name) = named(&space, &config);
            let name = name.unwrap_or_else(|| id.chars().take(12).collect());
            found.push(container(engine, &name, Some(&id), living(pid, None)));
        }
    }
    found
}

/// Whose a bundle of containerd's or CRI-O's is, and what its annotations call it.
pub(super) fn named(space: &str, config: &Value) -> (Engine, Option<String>) {
    let said = |key: &str| config["annotations"][key].as_str().filter(|word| !word.is_empty());
    let pod =
        |space: &str, pod: &str, name: &str| Some([said(space)?, said(pod)?, said(name).unwrap_or("pause")].join("/"));
    let kubernetes = pod(
        "io.kubernetes.cri.sandbox-namespace",
        "io.kubernetes.cri.sandbox-name",
        "io.kubernetes.cri.container-name",
    )
    .or_else(|| pod("io.kubernetes.pod.namespace", "io.kubernetes.pod.name", "io.kubernetes.container.name"));
    match space {
        _ if kubernetes.is_some() => (Engine::Kubernetes, kubernetes),
        "k8s.io" => (Engine::Kubernetes, None),
        "moby" => (Engine::Docker, None),
        _ => (Engine::Containerd, said("nerdctl/name").map(str::to_owned)),
    }
}

/// machined's: systemd-nspawn's and whoever else registers a container there.
pub(super) fn of_machined(folder: &Path) -> Vec<Container> {
    let one = |(name, path): (String, PathBuf)| {
        // Beside each file a link leads to it by its unit.
        let text = small(&path).filter(|_| !name.starts_with("unit:"))?;
        let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        let is_container = value("CLASS").is_none_or(|class| class == "container");
        let service = value("SERVICE").unwrap_or_default();
        let engine = if service.contains("lxc") { Engine::Lxc } else { Engine::Nspawn };
        let pid = value("LEADER").and_then(|pid| pid.parse().ok());
        is_container.then(|| container(engine, value("NAME").unwrap_or(&name), None, living(pid, None)))
    };
    entries(folder).into_iter().filter_map(one).collect()
}

/// Whether what is said in the process's words may be believed: it is root's or ours, and no container's, whose root may
/// call its programs and their options as it likes.
pub(super) fn is_trusted(pid: u32) -> bool {
    let owner = fs::metadata(format!("/proc/{pid}")).map(|found| found.uid());
    let same = |kind: &str| {
        let link = |pid: &str| fs::read_link(format!("/proc/{pid}/ns/{kind}")).ok();
        link("self").is_some_and(|ours| link(&pid.to_string()) == Some(ours))
    };
    // An ordinary user's podman runs its conmon in a user namespace; root's does not.
    let is_believed = |uid| if uid == 0 { same("user") } else { uid == nix::unistd::geteuid().as_raw() };
    owner.is_ok_and(is_believed) && same("pid")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_state_is_believed_of_who_lives_alone() {
        let folder = tempfile::tempdir().unwrap();
        let me = std::process::id();
        let start = tree::started(me).unwrap();
        for (name, file, state) in [
            ("a", "status", json!({ "pid": me, "process-start-time": start })),
            ("b", "state.json", json!({ "init_process_pid": me, "init_process_start": start + 1 })),
            ("c", "state.json", json!({ "init_process_pid": 0 })),
        ] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join(file), state.to_string()).unwrap();
        }
        fs::create_dir(folder.path().join("d")).unwrap();
        nix::unistd::mkfifo(&folder.path().join("d/status"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let mut found = of_runtime(Engine::Crun, folder.path());
        found.sort_by_key(|found| found.name.clone());
        let told: Vec<(&str, Option<u32>)> = found.iter().map(|found| (found.name.as_str(), found.pid)).collect();
        assert_eq!(told, [("a", Some(me)), ("b", None), ("c", None)]);
    }

    #[test]
    fn a_bundle_tells_its_name() {
        let pod = json!({ "annotations": {
            "io.kubernetes.cri.sandbox-namespace": "kube-system",
            "io.kubernetes.cri.sandbox-name": "dns-1",
            "io.kubernetes.cri.container-name": "dns",
        }});
        assert_eq!(named("k8s.io", &pod), (Engine::Kubernetes, Some("kube-system/dns-1/dns".to_owned())));
        assert_eq!(named("moby", &json!({})), (Engine::Docker, None));
        let nerdctl = json!({ "annotations": { "nerdctl/name": "web" } });
        assert_eq!(named("default", &nerdctl), (Engine::Containerd, Some("web".to_owned())));
    }

    #[test]
    fn a_machine_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let me = std::process::id();
        fs::write(
            folder.path().join("deb"),
            format!("# x\nNAME=deb\nSERVICE=systemd-nspawn\nCLASS=container\nLEADER={me}\n"),
        )
        .unwrap();
        fs::write(folder.path().join("vm"), format!("NAME=vm\nCLASS=vm\nLEADER={me}\n")).unwrap();
        assert_eq!(of_machined(folder.path()), [container(Engine::Nspawn, "deb", None, Some(me))]);
    }
}
