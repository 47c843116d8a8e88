//! The recipe of the built-in root, `rootfs/recipe.toml`, and the few files that are its own.
//!
//! Both are part of the program, so that one file is enough to teach with; hier(7) says what the
//! folders are for. The learner sees them as the system inside: `cat /etc/os-release` is one of them.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::error::ImageError;

/// Everything that unha itself brings to a root; the rest is the machine's.
#[derive(Debug, Clone, Copy)]
pub struct Kit<'a> {
    /// The recipe, as TOML.
    pub recipe: &'a str,
    /// Path in the root and content of each file of our own.
    pub files: &'a [(&'a str, &'a str)],
}

/// The kit that this program was built with.
pub const BUILTIN: Kit<'static> = Kit {
    recipe: include_str!("../../rootfs/recipe.toml"),
    files: &[
        ("/etc/group", include_str!("../../rootfs/etc/group")),
        ("/etc/hosts", include_str!("../../rootfs/etc/hosts")),
        ("/etc/issue", include_str!("../../rootfs/etc/issue")),
        ("/etc/nsswitch.conf", include_str!("../../rootfs/etc/nsswitch.conf")),
        ("/etc/os-release", include_str!("../../rootfs/etc/os-release")),
        ("/etc/passwd", include_str!("../../rootfs/etc/passwd")),
        ("/etc/profile", include_str!("../../rootfs/etc/profile")),
        ("/etc/resolv.conf", include_str!("../../rootfs/etc/resolv.conf")),
    ],
};

/// What a root is made of. The comments that explain it stand in the recipe itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    schema: u32,
    #[serde(rename = "folder")]
    pub(super) folders: Vec<Folder>,
    #[serde(default)]
    pub(super) links: BTreeMap<PathBuf, PathBuf>,
    pub(super) tools: Vec<Tools>,
    #[serde(default)]
    from: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) opened: Opened,
    #[serde(default)]
    pub(super) terminfo: Terminfo,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Folder {
    pub path: PathBuf,
    #[serde(default = "everyone_reads")]
    pub mode: u32,
}

const fn everyone_reads() -> u32 {
    0o755
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tools {
    #[serde(rename = "why")]
    _why: String,
    #[serde(default)]
    pub required: bool,
    pub names: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opened {
    pub objects: Vec<String>,
    pub folders: Vec<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Terminfo {
    pub names: Vec<String>,
    pub r#where: Vec<PathBuf>,
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// When it is not TOML, has a key too many or too few, is of another schema, or names a path that
    /// could lead out of the root.
    pub fn parse(text: &str) -> Result<Self, ImageError> {
        let recipe: Self = toml::from_str(text).map_err(|why| ImageError::Recipe(why.to_string()))?;
        if recipe.schema != 1 {
            return Err(ImageError::Recipe(format!("schema {} is not known, only 1", recipe.schema)));
        }
        let paths = recipe.folders.iter().map(|folder| &folder.path).chain(recipe.links.keys());
        if let Some(path) = paths.into_iter().find(|path| !stays_inside(path)) {
            return Err(ImageError::Recipe(format!("{} must be absolute, without . and ..", path.display())));
        }
        let names = recipe.tools.iter().flat_map(|tools| &tools.names);
        if let Some(name) = names.chain(&recipe.terminfo.names).find(|name| !plain(name)) {
            return Err(ImageError::Recipe(format!("{name:?} must be a plain name")));
        }
        Ok(recipe)
    }

    /// The programs that may stand for a tool, the preferred one first.
    pub(super) fn programs<'a>(&'a self, tool: &'a str) -> Vec<&'a str> {
        match self.from.get(tool) {
            Some(programs) => programs.iter().map(String::as_str).collect(),
            None => vec![tool],
        }
    }
}

fn stays_inside(path: &Path) -> bool {
    let mut parts = path.components();
    parts.next() == Some(Component::RootDir) && parts.all(|part| matches!(part, Component::Normal(_)))
}

fn plain(name: &str) -> bool {
    !name.is_empty() && !name.contains('/') && name != "." && name != ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_recipe_is_one() {
        let recipe = Recipe::parse(BUILTIN.recipe).unwrap();
        assert!(recipe.tools.iter().any(|tools| tools.required && tools.names == ["sh"]));
        assert_eq!(recipe.programs("sh"), ["dash", "sh"]);
        assert_eq!(recipe.programs("ls"), ["ls"]);
    }

    #[test]
    fn every_tool_is_named_once() {
        let recipe = Recipe::parse(BUILTIN.recipe).unwrap();
        let mut names: Vec<_> = recipe.tools.iter().flat_map(|tools| &tools.names).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_file_beside_the_recipe_is_in_the_kit() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rootfs/etc");
        let mut there: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| format!("/etc/{}", entry.unwrap().file_name().to_str().unwrap()))
            .collect();
        there.sort();
        assert_eq!(there, BUILTIN.files.iter().map(|(path, _)| *path).collect::<Vec<_>>());
    }

    #[test]
    fn what_a_recipe_must_not_say_is_refused() {
        for (text, word) in [
            ("", "schema"),
            ("schema = 2\nfolder = []\ntools = []", "schema 2"),
            ("schema = 1\nfolder = []\ntools = []\ncolour = 1", "colour"),
            ("schema = 1\nfolder = [{ path = \"/a\", mood = 1 }]\ntools = []", "mood"),
            ("schema = 1\nfolder = [{ path = \"/a/../..\" }]\ntools = []", "/a/../.."),
            ("schema = 1\nfolder = [{ path = \"a\" }]\ntools = []", "absolute"),
            ("schema = 1\nfolder = []\ntools = [{ why = \"\", names = [\"../sh\"] }]", "../sh"),
        ] {
            let said = Recipe::parse(text).unwrap_err().to_string();
            assert!(said.contains(word), "{text:?} gave {said:?}");
        }
    }
}
