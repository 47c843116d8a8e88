//! Podman needs no daemon: its containers stand in files, and beside each that runs stands a conmon(8), which tells all in its words.
//!
//! Folders of state that others were told in their words (`runc --root DIR`) are found in the same round through /proc.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::tree::name_of;
use super::files::{container, entries, is_trusted, json, living, named, small};
use super::{Container, Engine};

/// What the words of running processes tell.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Containers that a conmon watches.
    pub(super) containers: Vec<Container>,
    /// Folders of state that runtimes were told.
    pub(super) roots: BTreeSet<(Engine, PathBuf)>,
}

/// Goes through all processes for those whose words tell something.
pub(super) fn told() -> Told {
    let mut told = Told::default();
    let entries = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    for pid in entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()) {
        let Some(name) = name_of(pid) else { continue };
        if !matches!(name.as_str(), "conmon" | "crun" | "runc" | "youki") || !is_trusted(pid) {
            continue;
        }
        let Some(words) = small(Path::new(&format!("/proc/{pid}/cmdline"))) else { continue };
        let words: Vec<&str> = words.split('\0').collect();
        match name.as_str() {
            "conmon" => told.containers.extend(watched(&words)),
            name => {
                let engine = if name == "crun" { Engine::Crun } else { Engine::Runc };
                let root = option(&words, "--root").filter(|root| root.starts_with('/'));
                told.roots.extend(root.map(|root| (engine, PathBuf::from(root))));
            }
        }
    }
    told
}

/// What stands behind an option, or after its `=`.
fn option<'w>(words: &[&'w str], name: &str) -> Option<&'w str> {
    words.iter().enumerate().find_map(|(at, word)| {
        let rest = word.strip_prefix(name)?;
        if rest.is_empty() { words.get(at + 1).copied() } else { rest.strip_prefix('=') }
    })
}

/// The container of a conmon: of Podman's, or of CRI-O's.
fn watched(words: &[&str]) -> Option<Container> {
    let id = option(words, "-c").or_else(|| option(words, "--cid"))?;
    let name = option(words, "-n").or_else(|| option(words, "--name")).filter(|name| !name.is_empty());
    let pid = option(words, "-p").or_else(|| option(words, "--container-pidfile"));
    let pid = pid.and_then(|file| small(Path::new(file))).and_then(|text| text.trim().parse().ok());
    let bundle = option(words, "-b").or_else(|| option(words, "--bundle"));
    let config = bundle.and_then(|bundle| json(&Path::new(bundle).join("config.json"))).unwrap_or_default();
    let (engine, pod) = match named("", &config) {
        (Engine::Kubernetes, name) => (Engine::Kubernetes, name),
        _ if name.is_some_and(|name| name.starts_with("k8s_")) => (Engine::Crio, None),
        _ => (Engine::Podman, None),
    };
    let name = pod.or_else(|| name.map(str::to_owned)).unwrap_or_else(|| id.chars().take(12).collect());
    Some(container(engine, &name, Some(id), living(pid, None)))
}

/// The containers in a storage of Podman's: `graph` has their names, `run` the numbers of those that run.
pub(super) fn of_storage(graph: &Path, run: &Path) -> Vec<Container> {
    let mut found = vec![];
    for (driver, folder) in entries(graph).into_iter().filter(|(name, _)| name.ends_with("-containers")) {
        for file in ["containers.json", "volatile-containers.json"] {
            let Some(Value::Array(all)) = json(&folder.join(file)) else { continue };
            found.extend(all.iter().filter_map(|one| stored(one, &run.join(&driver))));
        }
    }
    found
}

fn stored(one: &Value, run: &Path) -> Option<Container> {
    let id = one["id"].as_str()?;
    let metadata: Value = one["metadata"].as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let name = one["names"][0].as_str().or_else(|| metadata["name"].as_str()).unwrap_or(id);
    // The number is beside the layers of the container, whose name is its own.
    let pid = small(&run.join(id).join("userdata/pidfile")).and_then(|text| text.trim().parse().ok());
    let image = metadata["image-name"].as_str().map(|image| image.replace(char::is_control, "\u{fffd}"));
    Some(Container { image, ..container(Engine::Podman, name, Some(id), living(pid, None)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_storage_tells_commands_a_terminal() {
        let metadata = serde_json::json!({ "image-name": "x\u{1b}[2J:1" }).to_string();
        let one = serde_json::json!({ "id": "abc", "names": ["w\u{1b}eb"], "metadata": metadata });
        let told = stored(&one, Path::new("/none")).unwrap();
        assert_eq!((&*told.name, told.image.as_deref()), ("w\u{fffd}eb", Some("x\u{fffd}[2J:1")));
    }

    #[test]
    fn a_conmon_tells_its_container() {
        let folder = tempfile::tempdir().unwrap();
        let pidfile = folder.path().join("pidfile");
        fs::write(&pidfile, std::process::id().to_string()).unwrap();
        let line = format!(
            "conmon|--api-version|1|-c|abc123|-u|abc123|-r|/usr/bin/crun|-p|{}|-n|web|-b|/none",
            pidfile.display()
        );
        let words: Vec<&str> = line.split('|').collect();
        assert_eq!(watched(&words), Some(container(Engine::Podman, "web", Some("abc123"), Some(std::process::id()))));
        assert_eq!(watched(&["conmon", "--version"]), None);
        assert_eq!(
            (option(&["runc", "--root=/a"], "--root"), option(&["runc", "--root", "/b"], "--root")),
            (Some("/a"), Some("/b"))
        );
    }

    #[test]
    fn a_storage_tells_names() {
        let folder = tempfile::tempdir().unwrap();
        let graph = folder.path().join("overlay-containers");
        fs::create_dir(&graph).unwrap();
        let text = r#"[{"id":"abc","names":["web"],"metadata":"{\"image-name\":\"docker.io/nginx\"}"},{"nothing":1}]"#;
        fs::write(graph.join("containers.json"), text).unwrap();
        let found = of_storage(folder.path(), folder.path());
        let wanted = Container {
            image: Some("docker.io/nginx".to_owned()),
            ..container(Engine::Podman, "web", Some("abc"), None)
        };
        assert_eq!(found, [wanted]);
    }
}
