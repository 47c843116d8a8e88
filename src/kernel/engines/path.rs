//! Whose container, by the path of its cgroup alone: every engine calls the cgroup after the container. cgroups(7).
//!
//! systemd's escapes: systemd.unit(5). A path says no more than its words: who may make cgroups may call one as they like.

use super::Engine;

/// What a path tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hint {
    pub(super) engine: Engine,
    /// The container's id, where the engine puts that into the path.
    pub(super) id: Option<String>,
    /// Its name, where it stands there.
    pub(super) name: Option<String>,
}

impl Hint {
    fn id(engine: Engine, id: &str) -> Self {
        Self { engine, id: Some(id.to_owned()), name: None }
    }

    fn name(engine: Engine, name: &str) -> Option<Self> {
        (!name.is_empty()).then(|| Self { engine, id: None, name: Some(unescaped(name)) })
    }

    /// What it is called where the engine itself tells no name.
    pub(super) fn shown(&self) -> String {
        let short = |id: &String| id.chars().take(12).collect();
        self.name.clone().or_else(|| self.id.as_ref().map(short)).unwrap_or_default()
    }
}

/// What the path of a cgroup tells of whose it is.
pub(super) fn hint(path: &str) -> Option<Hint> {
    let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
    // The innermost that says something: engines run in engines.
    let by_engine = (0..words.len()).rev().find_map(|at| of_engine(&words, at));
    by_engine.or_else(|| words.iter().rev().find_map(|word| unit(word)))
}

fn of_engine(words: &[&str], at: usize) -> Option<Hint> {
    let word = words[at];
    let above = at.checked_sub(1).map_or("", |above| words[above]);
    let bare = word.strip_suffix(".scope").or_else(|| word.strip_suffix(".service")).unwrap_or(word);
    let in_pod = words.iter().any(|word| word.starts_with("kubepods"));
    let of_id = [
        ("docker-", Engine::Docker),
        ("libpod-", Engine::Podman),
        ("cri-containerd-", Engine::Kubernetes),
        ("nerdctl-", Engine::Containerd),
        ("crio-", if in_pod { Engine::Kubernetes } else { Engine::Crio }),
    ];
    if let Some((id, engine)) = of_id.iter().find_map(|(start, engine)| Some((bare.strip_prefix(start)?, engine)))
        && is_id(id)
    {
        return Some(Hint::id(*engine, id));
    }
    if is_id(bare) {
        let engine = match above {
            _ if in_pod => Engine::Kubernetes,
            "docker" => Engine::Docker,
            _ => Engine::Containerd,
        };
        return Some(Hint::id(engine, bare));
    }
    if is_run(word) {
        return Hint::name(Engine::Unha, &words[at..].join("/"));
    }
    if let Some(name) = word.strip_prefix("lxc.payload.") {
        return Hint::name(Engine::Lxc, name);
    }
    if above == "lxc" {
        return Hint::name(Engine::Lxc, word);
    }
    // The machine's supervisor is a process of the host's.
    if words.last() == Some(&"supervisor") {
        return None;
    }
    if let Some(name) = word.strip_suffix(".service").and_then(|word| word.strip_prefix("systemd-nspawn@")) {
        return Hint::name(Engine::Nspawn, name);
    }
    let machine = word.strip_suffix(".scope").and_then(|word| word.strip_prefix("machine-"));
    // libvirt calls its own so too: qemu's are no containers.
    if let Some(name) = machine.filter(|name| !name.starts_with("qemu\\x2d")) {
        return match name.strip_prefix("lxc\\x2d") {
            Some(name) => Hint::name(Engine::Lxc, name),
            None => Hint::name(Engine::Nspawn, name),
        };
    }
    let by_scope = word.strip_suffix(".scope")?;
    let by = |start, engine| by_scope.strip_prefix(start).and_then(|name| Hint::name(engine, name));
    by("crun-", Engine::Crun).or_else(|| by("runc-", Engine::Runc))
}

fn unit(word: &str) -> Option<Hint> {
    let is_unit = [".service", ".scope"].iter().any(|end| word.len() > end.len() && word.ends_with(end));
    // A unit's name is written with its escapes.
    is_unit.then(|| Hint { engine: Engine::Systemd, id: None, name: Some(word.to_owned()) })
}

fn is_id(word: &str) -> bool {
    word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `unha-4711-0`.
fn is_run(word: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    word.strip_prefix("unha-").and_then(|rest| rest.split_once('-')).is_some_and(|(pid, n)| digits(pid) && digits(n))
}

/// `a\x2db` is `a-b`.
fn unescaped(name: &str) -> String {
    let mut text = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("\\x") {
        text.push_str(before);
        let code = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(u8::is_ascii_graphic);
        if let Some(code) = code {
            text.push(char::from(code));
            rest = &after[2..];
        } else {
            text.push_str("\\x");
            rest = after;
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_tell_whose_they_are() {
        let id = "0123456789abcdef".repeat(4);
        let table = [
            (format!("/docker/{id}"), "docker", "0123456789ab"),
            (format!("/system.slice/docker-{id}.scope"), "docker", "0123456789ab"),
            (format!("/machine.slice/libpod-{id}.scope/container"), "podman", "0123456789ab"),
            (format!("/libpod_parent/libpod-{id}"), "podman", "0123456789ab"),
            (
                format!("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{id}.scope"),
                "podman",
                "0123456789ab",
            ),
            (format!("/kubepods/besteffort/pod12-34/{id}"), "kubernetes", "0123456789ab"),
            (format!("/kubepods.slice/kubepods-pod1.slice/cri-containerd-{id}.scope"), "kubernetes", "0123456789ab"),
            (format!("/kubepods.slice/kubepods-pod1.slice/crio-{id}.scope"), "kubernetes", "0123456789ab"),
            (format!("/default/{id}"), "containerd", "0123456789ab"),
            ("/lxc.payload.web".to_owned(), "lxc", "web"),
            ("/lxc/web".to_owned(), "lxc", "web"),
            ("/machine.slice/machine-deb\\x2d12.scope/payload/init.scope".to_owned(), "nspawn", "deb-12"),
            ("/machine.slice/systemd-nspawn@deb.service/payload".to_owned(), "nspawn", "deb"),
            ("/user.slice/user-0.slice/session-1.scope/unha-4711-0".to_owned(), "unha", "unha-4711-0"),
            ("/unha-4711-0/bench/box".to_owned(), "unha", "unha-4711-0/bench/box"),
            ("/system.slice/crun-mine.scope".to_owned(), "crun", "mine"),
            ("/system.slice/nginx.service".to_owned(), "systemd", "nginx.service"),
            ("/system.slice/a\\x2db.service/sub".to_owned(), "systemd", "a\\x2db.service"),
            ("/user.slice/user-1000.slice/session-3.scope".to_owned(), "systemd", "session-3.scope"),
            // A box of ours in a container of Docker's is ours.
            (format!("/docker/{id}/unha-1-0"), "unha", "unha-1-0"),
        ];
        for (path, engine, name) in table {
            let hint = hint(&path).unwrap_or_else(|| panic!("{path}"));
            assert_eq!((hint.engine.word(), hint.shown().as_str()), (engine, name), "{path}");
        }
    }

    #[test]
    fn other_paths_tell_nothing() {
        let id = "0".repeat(63);
        for path in
            ["/", "", "/docker", "/foo/bar", &format!("/docker/{id}"), "/unha-x-0", "/lxc", "/system.slice/.service"]
        {
            assert_eq!(hint(path), None, "{path}");
        }
        assert_eq!(hint("/machine.slice/machine-deb.scope/supervisor").map(|hint| hint.engine), Some(Engine::Systemd));
    }

    #[test]
    fn every_engine_has_its_word() {
        assert!(Engine::ALL.iter().all(|engine| Engine::named(engine.word()) == Some(*engine)));
        assert!(Engine::ALL.is_sorted(), "who comes first built on who comes later");
        assert_eq!((Engine::named("cri"), Engine::named("web")), (Some(Engine::Kubernetes), None));
    }
}
