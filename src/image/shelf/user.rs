//! Whom an image's command runs as: `user`, `user:group`, or their numbers, looked up in the root's own passwd(5) and
//! group(5), as docker run does. The machine's files know other people.

use std::io::Read as _;
use std::path::Path;

use rustix::fs::OFlags;

use crate::image::inside::open_inside;

/// No file of users is longer.
const LONGEST: u64 = 1 << 20;

/// Numbers of a user, and where they are at home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The user's number.
    pub uid: u32,
    /// Their group's.
    pub gid: u32,
    /// Other groups that they are in.
    pub groups: Vec<u32>,
    /// Their home, where passwd(5) knows one.
    pub home: Option<String>,
}

/// The root knows nobody of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is in no line of the root's /etc/passwd or /etc/group")]
pub struct NoSuch(pub String);

/// The user that `who` names in this root.
///
/// # Errors
/// When it is a name that is not known there.
pub fn identity(root: &Path, who: &str) -> Result<Identity, NoSuch> {
    let (user, group) = who.split_once(':').map_or((who, None), |(user, group)| (user, Some(group)));
    let users = lines(root, "/etc/passwd");
    let groups = lines(root, "/etc/group");
    let known = |lines: &[Vec<String>], name: &str| {
        lines
            .iter()
            .find(|line| line[0] == name)
            .or_else(|| lines.iter().find(|line| line.get(2).is_some_and(|id| id == name)))
            .cloned()
    };
    let number = |line: Option<&Vec<String>>, column: usize| line.and_then(|line| id(line.get(column)?));
    let line = known(&users, user);
    let uid = number(line.as_ref(), 2).or_else(|| id(user)).ok_or_else(|| NoSuch(user.to_owned()))?;
    let gid = match group.filter(|group| !group.is_empty()) {
        Some(group) => {
            number(known(&groups, group).as_ref(), 2).or_else(|| id(group)).ok_or_else(|| NoSuch(group.to_owned()))?
        }
        None if line.is_some() => number(line.as_ref(), 3).ok_or_else(|| NoSuch(user.to_owned()))?,
        None => 0,
    };
    let name = line.as_ref().map(|line| line[0].clone());
    let member = |line: &&Vec<String>| {
        let members = line.get(3).map_or("", String::as_str);
        name.as_deref().is_some_and(|name| members.split(',').any(|member| member == name))
    };
    // A group that is named takes the place of all.
    let others = groups.iter().filter(member).filter_map(|line| number(Some(line), 2));
    let groups = if group.is_some() { vec![] } else { others.filter(|other| *other != gid).collect() };
    Ok(Identity { uid, gid, groups, home: line.and_then(|line| line.get(5).filter(|home| !home.is_empty()).cloned()) })
}

/// A number that somebody can have: setresuid(2) takes the highest for "as it is", which here is root.
fn id(word: &str) -> Option<u32> {
    word.parse().ok().filter(|id| *id != u32::MAX)
}

fn lines(root: &Path, file: &str) -> Vec<Vec<String>> {
    let mut bytes = vec![];
    if let Ok(open) = open_inside(root, Path::new(file), OFlags::RDONLY | OFlags::NONBLOCK) {
        let _ = open.take(LONGEST).read_to_end(&mut bytes);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    text.lines().map(|line| line.split(':').map(str::to_owned).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_looked_up_in_the_root() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("etc")).unwrap();
        std::fs::write(root.path().join("etc/passwd"), "root:x:0:0::/root:/bin/sh\nweb:x:101:102::/srv:/bin/sh\n")
            .unwrap();
        std::fs::write(root.path().join("etc/group"), "root:x:0:\nwww:x:102:\nlog:x:7:web,other\n").unwrap();
        let of = |who: &str| identity(root.path(), who).map(|is| (is.uid, is.gid, is.groups, is.home));
        assert_eq!(of("web"), Ok((101, 102, vec![7], Some("/srv".to_owned()))));
        assert_eq!(of("101"), Ok((101, 102, vec![7], Some("/srv".to_owned()))));
        assert_eq!(of("web:log"), Ok((101, 7, vec![], Some("/srv".to_owned()))));
        assert_eq!(of("5000:6000"), Ok((5000, 6000, vec![], None)));
        assert_eq!(of("5000"), Ok((5000, 0, vec![], None)));
        assert_eq!(of("nobody"), Err(NoSuch("nobody".to_owned())));
        assert_eq!(of("web:none"), Err(NoSuch("none".to_owned())));
    }

    #[test]
    fn the_number_that_changes_nothing_is_nobodys() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("etc")).unwrap();
        let users = "a:x:4294967295:7::/:/bin/sh\nb:x:7:4294967295::/:/bin/sh\nc:x:7:8::/:/bin/sh\n";
        std::fs::write(root.path().join("etc/passwd"), users).unwrap();
        std::fs::write(root.path().join("etc/group"), "all:x:4294967295:c\n").unwrap();
        let of = |who: &str| identity(root.path(), who).map(|is| (is.uid, is.gid, is.groups));
        for (who, named) in [
            ("a", "a"),
            ("b", "b"),
            ("4294967295", "4294967295"),
            ("4294967295:0", "4294967295"),
            ("c:4294967295", "4294967295"),
            ("c:all", "all"),
            ("-1", "-1"),
            ("4294967296", "4294967296"),
        ] {
            assert_eq!(of(who), Err(NoSuch(named.to_owned())), "{who}");
        }
        assert_eq!(of("c"), Ok((7, 8, vec![])));
        assert_eq!(of("4294967294"), Ok((u32::MAX - 1, 0, vec![])));
    }
}
