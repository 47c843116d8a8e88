//! Which image of several: one archive may hold many tags, and one tag an image for each kind of machine.
//!
//! What runs here is taken without asking; where that leaves more than one, or none, the choices are said in the very
//! words that can be given after the colon.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::Wanted;
use super::error::ImportError;

/// An image that could be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Its names: tags, or whole ones.
    pub names: Vec<String>,
    /// `linux/amd64`, where the index says so.
    pub platform: Option<String>,
    /// Which it is: the digest of its manifest or configuration, without `sha256:`.
    pub digest: String,
}

/// Takes `PATH:WANTED` apart. A path that is there as it stands wants nothing.
pub(super) fn split(source: &Path) -> (PathBuf, Wanted) {
    let bytes = source.as_os_str().as_bytes();
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    if is_there(source) {
        return (source.to_owned(), Wanted::default());
    }
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b':') {
        let path = Path::new(OsStr::from_bytes(&bytes[..at]));
        if at > 0 && is_there(path) {
            return (path.to_owned(), wanted(&String::from_utf8_lossy(&bytes[at + 1..])));
        }
    }
    (source.to_owned(), Wanted::default())
}

fn wanted(text: &str) -> Wanted {
    let (name, platform) = text.split_once('@').map_or((text, None), |(name, platform)| (name, Some(platform)));
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Wanted { name: given(name), platform: platform.and_then(given) }
}

/// What this machine runs, in the words of images.
pub(super) fn machine() -> String {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" if cfg!(target_endian = "little") => "ppc64le",
        "loongarch64" => "loong64",
        other => other,
    };
    format!("linux/{arch}")
}

/// Whether `platform` is `wanted`, or a variant of it.
pub(super) fn is_platform(platform: &str, wanted: &str) -> bool {
    platform.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Candidate {
    fn is_called(&self, wanted: &str) -> bool {
        let named = |name: &String| {
            name == wanted || name.rsplit_once(':').is_some_and(|(_, tag)| tag == wanted && !tag.contains('/'))
        };
        let hex = wanted.strip_prefix("sha256:").unwrap_or(wanted);
        self.names.iter().any(named) || (hex.len() >= 6 && self.digest.starts_with(hex))
    }

    fn fits(&self, platform: &str) -> bool {
        self.platform.as_ref().is_none_or(|own| is_platform(own, platform))
    }

    /// What can be given after the colon to have it.
    fn said(&self, with_platform: bool) -> String {
        let short = || self.digest.chars().take(12).collect();
        let name = self.names.first().cloned().unwrap_or_else(short);
        match &self.platform {
            Some(platform) if with_platform => format!("{name}@{platform}"),
            _ => name,
        }
    }
}

/// The one that is meant.
pub(super) fn choose<'a>(
    path: &Path,
    wanted: &Wanted,
    candidates: &'a [Candidate],
) -> Result<&'a Candidate, ImportError> {
    let choose = |wanted: Option<String>, among: &[&Candidate]| {
        let mut choices: Vec<String> = among.iter().map(|one| one.said(false)).collect();
        choices.dedup();
        let twice = (1..choices.len()).any(|at| choices[..at].contains(&choices[at]));
        if twice || choices.len() < among.len() || among.iter().all(|one| !one.fits(&machine())) {
            choices = among.iter().map(|one| one.said(true)).collect();
        }
        ImportError::Choose { path: path.to_owned(), wanted, machine: machine(), choices }
    };
    let all: Vec<&Candidate> = candidates.iter().collect();
    let mut left = all.clone();
    if let Some(name) = &wanted.name {
        left.retain(|one| one.is_called(name));
        if left.is_empty() {
            return Err(choose(Some(name.clone()), &all));
        }
    }
    let named = left.clone();
    left.retain(|one| one.fits(&wanted.platform.clone().unwrap_or_else(machine)));
    left.dedup_by(|one, other| one.digest == other.digest);
    match left[..] {
        [one] => Ok(one),
        [] => Err(choose(wanted.platform.as_ref().map(|platform| format!("@{platform}")), &named)),
        _ => Err(choose(None, &left)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(names: &[&str], platform: Option<&str>, digest: &str) -> Candidate {
        let names = names.iter().map(ToString::to_string).collect();
        Candidate { names, platform: platform.map(ToOwned::to_owned), digest: digest.to_owned() }
    }

    fn chosen(text: &str, candidates: &[Candidate]) -> Result<String, Vec<String>> {
        match choose(Path::new("x"), &wanted(text), candidates) {
            Ok(one) => Ok(one.digest.clone()),
            Err(ImportError::Choose { choices, .. }) => Err(choices),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_runs_here_is_taken_and_the_rest_asked_for() {
        let here = machine();
        let many = [
            candidate(&["docker.io/library/a:1"], Some(&here), "aaaaaaa"),
            candidate(&["docker.io/library/a:1"], Some("linux/none/v7"), "bbbbbbb"),
            candidate(&["docker.io/library/b:2"], None, "ccccccc"),
        ];
        assert_eq!(chosen("1", &many), Ok("aaaaaaa".to_owned()));
        assert_eq!(chosen("docker.io/library/a:1", &many), Ok("aaaaaaa".to_owned()));
        assert_eq!(chosen("1@linux/none", &many), Ok("bbbbbbb".to_owned()));
        assert_eq!(chosen("2", &many), Ok("ccccccc".to_owned()));
        assert_eq!(chosen("sha256:bbbbbb@linux/none/v7", &many), Ok("bbbbbbb".to_owned()));
        assert_eq!(chosen("", &many), Err(vec!["docker.io/library/a:1".into(), "docker.io/library/b:2".into()]));
        assert_eq!(chosen("", &many[1..2]), Err(vec!["docker.io/library/a:1@linux/none/v7".to_owned()]));
        assert_eq!(chosen("3", &many).unwrap_err().len(), 3);
        assert_eq!(chosen("1@linux/other", &many).unwrap_err().len(), 2);
    }

    #[test]
    fn a_path_is_told_from_what_is_wanted_of_it() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("a:b.tar");
        std::fs::write(&file, "").unwrap();
        let with = |end: &str| PathBuf::from(format!("{}{end}", file.display()));
        assert_eq!(split(&file), (file.clone(), Wanted::default()));
        let whole = Wanted { name: Some("debian:12".into()), platform: Some("linux/arm64".into()) };
        assert_eq!(split(&with(":debian:12@linux/arm64")), (file.clone(), whole));
        assert_eq!(split(&with(":@linux/arm64")).1.name, None);
        assert_eq!(split(&with("x")), (with("x"), Wanted::default()));
    }
}
