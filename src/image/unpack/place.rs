//! Where an entry belongs: its name, without what could lead anywhere else.
//!
//! Names stay bytes: the kernel knows no letters, only `/` and NUL. An absolute name is taken as beneath the target, as
//! tar(1) takes it; `..` is refused, because no honest archive needs it.

use super::Limits;
use super::fault::Fault;
use crate::image::archive::{Bound, Refusal};

/// A path beneath the target: no `/` at its ends, no `.` and no `..` in it. Empty is the target itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    path: Vec<u8>,
    /// Where the last part begins.
    last: usize,
    /// Whether the name began with `/`.
    pub absolute: bool,
}

impl Place {
    /// What a name means; `up` is what is said when it leads up.
    pub fn of(name: &[u8], up: Refusal, limits: &Limits) -> Result<Self, Fault> {
        if name.is_empty() {
            return Err(Refusal::Nameless.into());
        }
        if name.contains(&0) {
            return Err(Refusal::Nul.into());
        }
        let mut path = Vec::with_capacity(name.len());
        let (mut last, mut depth) = (0, 0);
        for part in name.split(|&byte| byte == b'/') {
            match part {
                b"" | b"." => continue,
                b".." => return Err(up.into()),
                _ if part.len() > 255 => return Err(Refusal::LongName.into()),
                _ => {}
            }
            if !path.is_empty() {
                path.push(b'/');
            }
            last = path.len();
            path.extend_from_slice(part);
            depth += 1;
        }
        if path.len() as u64 > limits.path {
            return Err(Fault::Over(Bound::Path(limits.path)));
        }
        if depth > limits.depth {
            return Err(Fault::Over(Bound::Depth(limits.depth)));
        }
        Ok(Self { path, last, absolute: name[0] == b'/' })
    }

    /// The whole path.
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// The folder that it is in.
    pub fn folder(&self) -> &[u8] {
        &self.path[..self.last.saturating_sub(1)]
    }

    /// Its name there.
    pub fn name(&self) -> &[u8] {
        &self.path[self.last..]
    }
}

/// A folder's path with a name in it.
pub(super) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_beneath_the_target_or_refused() {
        let long = "a/".repeat(200);
        for (name, place) in [
            ("a", Some(("", "a"))),
            ("./a/b/", Some(("a", "b"))),
            ("//a//b/./c", Some(("a/b", "c"))),
            ("/", Some(("", ""))),
            ("./", Some(("", ""))),
            ("...", Some(("", "..."))),
            ("a/../b", None),
            ("..", None),
            ("", None),
            ("a\0b", None),
            (&long, None),
            (&"a".repeat(256), None),
        ] {
            let is = Place::of(name.as_bytes(), Refusal::Up, &Limits::default());
            let is = is.as_ref().ok().map(|place| (place.folder(), place.name()));
            assert_eq!(is, place.map(|(folder, name)| (folder.as_bytes(), name.as_bytes())), "{name:?}");
        }
        assert!(Place::of(b"/etc", Refusal::Up, &Limits::default()).unwrap().absolute);
    }
}
