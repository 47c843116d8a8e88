//! From the recipe to a list: which file of this machine goes where in the root.
//!
//! A tool is taken under its own name as what it resolves to, so that the links of busybox, of the
//! uutils and of Debian's alternatives all become plain programs; none may lead out of the root later.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use super::elf;
use super::error::ImageError;
use super::loader::{Loader, Placed};
use super::missing::{Lack, Missing};
use super::recipe::Recipe;
use super::seen::Seen;

/// Where a machine keeps its programs and says where its objects are.
#[derive(Debug, Clone)]
pub struct Host {
    /// The folders with programs, the preferred one first.
    pub programs: Vec<PathBuf>,
    /// The loader's configuration; it need not exist.
    pub ld_so_conf: PathBuf,
}

impl Host {
    /// This machine. The caller's PATH plays no part: what is built must not depend on who builds it,
    /// and `/run/wrappers` of `NixOS` holds programs that refuse to run elsewhere.
    #[must_use]
    pub fn here() -> Self {
        let programs = [
            "/usr/bin",
            "/bin",
            "/usr/sbin",
            "/sbin",
            "/run/current-system/sw/bin",
            "/run/current-system/profile/bin",
            "/run/current-system/profile/sbin",
            "/nix/var/nix/profiles/default/bin",
        ];
        Self { programs: programs.map(PathBuf::from).to_vec(), ld_so_conf: PathBuf::from("/etc/ld.so.conf") }
    }
}

/// What is to be copied, and what could not be had.
#[derive(Debug)]
pub(super) struct Plan {
    /// Path in the root, and the file of the machine to copy there.
    pub copies: BTreeMap<PathBuf, PathBuf>,
    pub missing: Vec<Missing>,
    pub seen: Seen,
}

impl Plan {
    /// Looks for everything that the recipe names; copies nothing yet.
    pub fn of(recipe: &Recipe, host: &Host) -> Result<Self, ImageError> {
        let mut search = Search::new(recipe, host);
        for tools in &recipe.tools {
            for tool in &tools.names {
                if let Err(why) = search.tool(tool) {
                    let missing = Missing { name: tool.clone(), why };
                    if tools.required {
                        return Err(ImageError::Required(missing));
                    }
                    search.plan.missing.push(missing);
                }
            }
        }
        search.scripts();
        search.opened();
        search.terminals();
        Ok(search.plan)
    }
}

struct Search<'a> {
    recipe: &'a Recipe,
    programs: Vec<PathBuf>,
    loader: Loader,
    plan: Plan,
}

impl<'a> Search<'a> {
    fn new(recipe: &'a Recipe, host: &Host) -> Self {
        let mut seen = Seen::default();
        let loader = Loader::new(&host.ld_so_conf, &mut seen);
        let mut programs: Vec<PathBuf> = Vec::new();
        for folder in &host.programs {
            // On merged systems /bin is /usr/bin again.
            let Ok(real) = fs::canonicalize(folder) else {
                seen.look(folder);
                continue;
            };
            if !programs.contains(&real) {
                programs.push(real);
            }
        }
        let plan = Plan { copies: BTreeMap::new(), missing: Vec::new(), seen };
        Self { recipe, programs, loader, plan }
    }

    /// Takes the first program that may stand for the tool and can be started in the root.
    fn tool(&mut self, tool: &str) -> Result<(), Lack> {
        let mut first_lack = None;
        for program in self.recipe.programs(tool) {
            for path in self.programs.iter().map(|folder| folder.join(program)).collect::<Vec<_>>() {
                if !self.plan.seen.look(&path) {
                    continue;
                }
                match self.program(&path, tool) {
                    Ok(()) => return Ok(()),
                    Err(lack) => _ = first_lack.get_or_insert(lack),
                }
            }
        }
        Err(first_lack.unwrap_or(Lack::NotThere))
    }

    fn program(&mut self, path: &Path, tool: &str) -> Result<(), Lack> {
        let from = fs::canonicalize(path).map_err(|_| Lack::NotThere)?;
        let head = first_page(&from).ok_or(Lack::Unreadable)?;
        if head.starts_with(b"#!") {
            return Err(elf::interpreter(&head).map_or(Lack::NoProgram, Lack::Script));
        }
        let program = Placed { from, to: Path::new("/usr/bin").join(tool) };
        let objects = self.loader.objects(&program, None, &mut self.plan.seen)?;
        self.take(objects);
        self.take([program]);
        Ok(())
    }

    /// A script is as good as a program once its interpreter is there, so they come after all others.
    fn scripts(&mut self) {
        let (scripts, missing) = std::mem::take(&mut self.plan.missing)
            .into_iter()
            .partition(|missing| matches!(&missing.why, Lack::Script(interpreter) if self.holds(interpreter)));
        self.plan.missing = missing;
        for script in scripts {
            let names = self.recipe.programs(&script.name);
            let paths = names.iter().flat_map(|name| self.programs.iter().map(move |folder| folder.join(name)));
            if let Some(from) = paths.into_iter().find_map(|path| fs::canonicalize(path).ok()) {
                self.take([Placed { from, to: Path::new("/usr/bin").join(&script.name) }]);
            }
        }
    }

    /// `env` would go on to look for another program; such a script does not count as startable.
    fn holds(&self, interpreter: &Path) -> bool {
        interpreter.file_name().is_some_and(|name| name != "env")
            && self.plan.copies.contains_key(&settled(interpreter, self.recipe))
    }

    /// Objects and folders that are opened by name, where the machine has them.
    fn opened(&mut self) {
        let recipe = self.recipe;
        let shell = self.plan.copies.get(Path::new("/usr/bin/sh")).cloned();
        let asks = shell.and_then(|shell| self.loader.asks(&shell));
        let interpreter = asks.as_ref().and_then(|asks| asks.interpreter.clone());
        let real = interpreter.as_deref().and_then(|path| fs::canonicalize(path).ok());
        if let (Some(asks), Some(beside)) = (asks, real.as_deref().and_then(Path::parent)) {
            for name in &recipe.opened.objects {
                let seen = &mut self.plan.seen;
                let Some(object) = self.loader.find_usual(name, &asks, beside, seen) else {
                    continue;
                };
                if let Ok(objects) = self.loader.objects(&object, interpreter.as_deref(), seen) {
                    self.take(objects);
                    self.take([object]);
                }
            }
        }
        for folder in &recipe.opened.folders {
            if self.plan.seen.look(folder) {
                self.folder(folder, 0);
            }
        }
    }

    fn folder(&mut self, folder: &Path, depth: u32) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_file() {
                self.take([Placed { from: path.clone(), to: path }]);
            } else if path.is_dir() && depth < 4 {
                self.folder(&path, depth + 1);
            }
        }
    }

    /// terminfo(5) files them by first letter, on some systems by its number in hexadecimal.
    fn terminals(&mut self) {
        let recipe = self.recipe;
        for name in &recipe.terminfo.names {
            let Some(letter) = name.chars().next() else {
                continue;
            };
            let folders = [letter.to_string(), format!("{:x}", u32::from(letter))];
            let mut paths = recipe
                .terminfo
                .r#where
                .iter()
                .flat_map(|base| folders.iter().map(|folder| base.join(folder).join(name)));
            let found = paths.find(|path| self.plan.seen.look(path));
            if let Some(from) = found.and_then(|path| fs::canonicalize(path).ok()) {
                let to = Path::new("/usr/share/terminfo").join(&folders[0]).join(name);
                self.take([Placed { from, to }]);
            } else {
                self.plan.missing.push(Missing { name: name.clone(), why: Lack::NoTerminal });
            }
        }
    }

    fn take(&mut self, files: impl IntoIterator<Item = Placed>) {
        for file in files {
            self.plan.copies.entry(settled(&file.to, self.recipe)).or_insert(file.from);
        }
    }
}

/// The path within the root without `.`, `..` and the recipe's own links: each file has one place.
fn settled(path: &Path, recipe: &Recipe) -> PathBuf {
    let mut at = PathBuf::from("/");
    for part in path.components() {
        match part {
            Component::Normal(name) => at.push(name),
            Component::ParentDir => _ = at.pop(),
            _ => {}
        }
        if let Some(target) = recipe.links.get(&at) {
            at.pop();
            at.push(target);
        }
    }
    at
}

fn first_page(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    fs::File::open(path).ok()?.take(4096).read_to_end(&mut head).ok()?;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::recipe::BUILTIN;

    #[test]
    fn every_path_has_one_place() {
        let recipe = Recipe::parse(BUILTIN.recipe).unwrap();
        for (path, place) in [
            ("/lib64/ld-linux-x86-64.so.2", "/usr/lib64/ld-linux-x86-64.so.2"),
            ("/usr/bin/../lib/libx.so", "/usr/lib/libx.so"),
            ("/bin/../lib/x", "/usr/lib/x"),
            ("/usr/sbin/ip", "/usr/bin/ip"),
            ("/../../etc/x", "/etc/x"),
            ("/nix/store/a-b/lib/x", "/nix/store/a-b/lib/x"),
        ] {
            assert_eq!(settled(Path::new(path), &recipe), Path::new(place), "{path}");
        }
    }
}
