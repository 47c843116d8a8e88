//! Under sudo(8): the shelf of whoever called it. Root does not take from it by name, for what is on it was written by
//! another, but says that it is there.

use std::path::PathBuf;

use nix::unistd::{Uid, User, geteuid};

use crate::command::words;
use crate::course::text::Lang;
use crate::image::shelf::{Shelf, data_dir_of_caller};

/// What whoever called sudo has on a shelf of their own.
pub struct Theirs {
    /// How they are called, or their number.
    user: String,
    dir: PathBuf,
    names: Vec<String>,
}

impl Theirs {
    /// If there is anything, and we are root by sudo.
    pub fn find() -> Option<Self> {
        let number = std::env::var("SUDO_UID").ok()?.parse::<u32>().ok();
        let uid = number.filter(|uid| *uid != 0 && geteuid().is_root())?;
        let known = User::from_uid(Uid::from_raw(uid)).ok().flatten();
        let (user, home) = known.map_or_else(|| (uid.to_string(), None), |user| (user.name, Some(user.dir)));
        let dir = data_dir_of_caller(uid, home, &|name| std::env::var_os(name))?;
        let names = Shelf::at(&dir).names();
        (!names.is_empty()).then_some(Self { user, dir, names })
    }

    /// Whether one of them is called so.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// That they are there, and how root gets at them.
    pub fn listed(&self, lang: Lang) -> String {
        words::on_their_shelf(&self.user, &self.dir, &self.names, lang)
    }

    /// That the name is one of theirs.
    pub fn named(&self, name: &str, lang: Lang) -> String {
        words::is_theirs(name, &self.user, &self.dir, lang)
    }

    /// The same to whoever wants to remove it.
    pub fn stays(&self, name: &str, lang: Lang) -> String {
        words::is_theirs_to_remove(name, &self.user, &self.dir, lang)
    }
}
