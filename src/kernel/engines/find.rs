//! Which container a word means: `web`, `docker:web`, the beginning of an id, a unit of systemd's. No system call.
//!
//! The learner types what they know, and is asked for more only where two are called the same.

use super::{Container, Engine};

/// Why no container is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFound {
    /// Nobody has one of that name.
    Unknown,
    /// Several are meant; `engine:name` picks one, and where these are the same, the id.
    Ambiguous(Vec<Container>),
    /// It is there, but no process of its runs.
    Stopped(Container),
}

/// The fewest letters of an id that mean it.
const FEWEST: usize = 4;

/// Finds the one container that is meant.
///
/// # Errors
/// None is, or several are, or the one does not run.
pub fn find(word: &str, among: &[Container]) -> Result<Container, NotFound> {
    let (engine, name) = match word.split_once(':').and_then(|(engine, name)| Some((Engine::named(engine)?, name))) {
        Some((engine, name)) => (Some(engine), name),
        None => (None, word),
    };
    let asked = among.iter().filter(|one| engine.is_none_or(|engine| one.engine == engine));
    let asked: Vec<&Container> = asked.collect();
    let ways: [&dyn Fn(&Container) -> bool; 4] = [
        &|one| one.name == name || one.id.as_deref() == Some(name),
        // As systemctl(1) has it.
        &|one| one.engine == Engine::Systemd && one.name.strip_suffix(".service") == Some(name),
        // A container or a pod of Kubernetes's, without its namespace.
        &|one| one.engine == Engine::Kubernetes && one.name.split('/').skip(1).any(|part| part == name),
        &|one| name.len() >= FEWEST && one.id.as_ref().is_some_and(|id| id.starts_with(name)),
    ];
    for is_meant in ways {
        let mut meant: Vec<&Container> = asked.iter().copied().filter(|one| is_meant(one)).collect();
        if meant.iter().any(|one| one.pid.is_some()) {
            meant.retain(|one| one.pid.is_some());
        }
        match meant.as_slice() {
            [] => {}
            [one] if one.pid.is_some() => return Ok((*one).clone()),
            [one] => return Err(NotFound::Stopped((*one).clone())),
            several => return Err(NotFound::Ambiguous(several.iter().map(|one| (*one).clone()).collect())),
        }
    }
    Err(NotFound::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(engine: Engine, name: &str, id: Option<&str>, pid: Option<u32>) -> Container {
        Container { engine, name: name.to_owned(), id: id.map(str::to_owned), pid, image: None }
    }

    #[test]
    fn a_word_means_one() {
        let all = [
            one(Engine::Docker, "web", Some("abcdef12"), Some(1)),
            one(Engine::Podman, "web", Some("abcd9999"), Some(2)),
            one(Engine::Podman, "old", None, None),
            one(Engine::Systemd, "nginx.service", None, Some(3)),
            one(Engine::Kubernetes, "default/dns-1/dns", Some("ffff0000"), Some(4)),
            one(Engine::Kubernetes, "default/dns-1/pause", Some("ffff1111"), Some(5)),
            one(Engine::Runc, "a:b", None, Some(6)),
        ];
        for (word, pid) in [
            ("docker:web", 1),
            ("podman:web", 2),
            ("abcdef", 1),
            ("podman:abcd", 2),
            ("nginx", 3),
            ("nginx.service", 3),
            ("systemd:nginx", 3),
            ("dns", 4),
            ("k8s:default/dns-1/pause", 5),
            ("a:b", 6),
            ("runc:a:b", 6),
        ] {
            assert_eq!(find(word, &all).map(|found| found.pid), Ok(Some(pid)), "{word}");
        }
        for word in ["web", "abcd", "dns-1"] {
            assert!(matches!(find(word, &all), Err(NotFound::Ambiguous(two)) if two.len() == 2), "{word}");
        }
        assert_eq!(find("old", &all), Err(NotFound::Stopped(all[2].clone())));
        for word in ["abc", "", "nginx.socket", "docker:old", "default"] {
            assert_eq!(find(word, &all), Err(NotFound::Unknown), "{word}");
        }
    }
}
