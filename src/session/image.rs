//! How an image wants commands to be started: its environment, its folder, its user. docker run(1), and `unha run`.
//!
//! The learner sees in a box with that root what the image's own programs would see.

use std::path::PathBuf;

use nix::unistd::geteuid;

use crate::kernel::container::Who;

/// What an image says of that; nothing where the root is no image's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    /// Its environment, `NAME=value` each.
    pub env: Vec<String>,
    /// Where a command starts.
    pub workdir: Option<PathBuf>,
    /// Whom it runs as, if not as root.
    pub who: Option<Who>,
    /// Where that user is at home, if the root knows.
    pub home: Option<String>,
    /// The first user and group of the range of ids to whom its files belong, where they are an ordinary user's.
    pub range: Option<(u32, u32)>,
}

impl Image {
    /// Whom a command runs as, in a box that has a user namespace of its own or has not: with a single id there is only
    /// root.
    #[must_use]
    pub fn who(&self, user: bool) -> Option<&Who> {
        let many = self.range.is_some() || (geteuid().is_root() && !user);
        self.who.as_ref().filter(|_| many)
    }

    /// Where they are at home.
    #[must_use]
    pub fn home(&self, user: bool) -> &str {
        let known = self.home.as_deref().filter(|_| self.who(user).is_some());
        known.unwrap_or(if self.who(user).is_some() { "/" } else { "/root" })
    }

    /// That environment, and over it what the image says.
    #[must_use]
    pub fn over(&self, fixed: Vec<String>) -> Vec<String> {
        let name = |entry: &str| entry.split('=').next().unwrap_or_default().to_owned();
        let mut entries = fixed;
        for entry in &self.env {
            entries.retain(|known| name(known) != name(entry));
            entries.push(entry.clone());
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_image_says_takes_the_place_of_what_was_there() {
        let image = Image { env: ["A=2", "B=x=y", "A=3"].map(str::to_owned).to_vec(), ..Image::default() };
        let over = image.over(["A=1", "AB=1", "HOME=/root"].map(str::to_owned).to_vec());
        assert_eq!(over, ["AB=1", "HOME=/root", "B=x=y", "A=3"]);
    }

    #[test]
    fn with_a_single_id_there_is_only_root() {
        let who = Who { uid: 101, gid: 102, groups: vec![] };
        let single = Image { who: Some(who), home: Some("/srv".to_owned()), ..Image::default() };
        assert_eq!((single.who(true), single.home(true)), (None, "/root"));
        let ranged = Image { range: Some((100_000, 100_000)), ..single.clone() };
        assert_eq!((ranged.who(true), ranged.home(true)), (ranged.who.as_ref(), "/srv"));
        let homeless = Image { home: None, ..ranged };
        assert_eq!(homeless.home(true), "/");
        assert_eq!(Image { who: None, ..single }.home(true), "/root");
    }
}
