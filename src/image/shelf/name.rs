//! What a root file system may be called, and what it is called where nobody says.
//!
//! A name is a folder's too, and stands on command lines: small letters, digits, dot, dash and underscore.

use std::path::Path;

use crate::image::store::LOCK;

/// The longest name: with what unha puts before and behind it, a file name still takes it.
const LONGEST: usize = 64;

/// What archives' names end with; the longer first.
const ENDINGS: [&str; 16] = [
    ".tar.gz",
    ".tar.xz",
    ".tar.zst",
    ".tar.zstd",
    ".tar.bz2",
    ".tgz",
    ".txz",
    ".tzst",
    ".tar",
    ".oci",
    ".docker",
    ".img",
    ".gz",
    ".xz",
    ".zst",
    ".rootfs",
];

/// Whether it may be a name: it begins with a letter or a digit, so that none is hidden or looks like an option, and is not
/// that of the shelf's own lock.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
    name != LOCK
        && name.bytes().all(fits)
        && name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
        && name.len() <= LONGEST
}

/// The name of what lies in this file or folder: its own, without what archives' names end with.
#[must_use]
pub fn name_of_file(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let name = ENDINGS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    fitting(name)
}

/// The name of an image: of `docker.io/library/alpine:3.20@sha256:…` that is `alpine-3.20`; `latest` says nothing.
#[must_use]
pub fn name_of_reference(reference: &str) -> Option<String> {
    let last = reference.split('@').next()?.rsplit('/').next()?;
    let (image, tag) = last.split_once(':').unwrap_or((last, ""));
    let tag = if tag == "latest" { "" } else { tag };
    fitting(&[image, tag].join("-").to_lowercase())
}

/// The text with a dash for each run of letters that no name has.
fn fitting(text: &str) -> Option<String> {
    let fits = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || ".-_".contains(char);
    let words: Vec<&str> = text.split(|char| !fits(char)).filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(LONGEST).collect();
    let name = name.trim_matches(|char: char| !char.is_ascii_alphanumeric()).to_owned();
    is_name(&name).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_come_from_files_and_references() {
        let of_file = |path| name_of_file(Path::new(path));
        assert_eq!(
            of_file("/tmp/alpine-minirootfs-3.20.3-x86_64.tar.gz").as_deref(),
            Some("alpine-minirootfs-3.20.3-x86_64")
        );
        assert_eq!(of_file("Debian 12.TAR.ZST").as_deref(), Some("debian-12"));
        assert_eq!(of_file("busybox/").as_deref(), Some("busybox"));
        assert_eq!(of_file("/"), None);
        assert_eq!(of_file("…"), None);
        assert_eq!(name_of_reference("docker.io/library/alpine:3.20").as_deref(), Some("alpine-3.20"));
        assert_eq!(name_of_reference("alpine:latest").as_deref(), Some("alpine"));
        assert_eq!(name_of_reference("localhost:5000/me/app@sha256:00").as_deref(), Some("app"));
    }

    #[test]
    fn names_are_no_paths_and_no_options() {
        for name in ["", ".", "..", ".aside-1-0", "lock", "-rf", "a/b", "A", "a b", "ã", &"a".repeat(65)] {
            assert!(!is_name(name), "{name}");
        }
        for name in ["a", "0", "debian-12", "alpine_3.20"] {
            assert!(is_name(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_file_is_called_its_name_is_one(path in ".*", reference in ".*") {
            for name in [name_of_file(Path::new(&path)), name_of_reference(&reference)].into_iter().flatten() {
                prop_assert!(is_name(&name), "{}", name);
            }
        }
    }
}
