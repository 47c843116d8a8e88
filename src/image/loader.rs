//! Finds the shared objects of a program where ld.so(8) would find them.
//!
//! The order is the loader's: the program's own run path, the folders of /etc/ld.so.conf, the usual
//! ones. `ldd /bin/ls` shows the learner the result; a program without its objects does not start.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::elf::Asks;
use super::missing::Lack;
use super::seen::Seen;

/// A file of the machine and where it belongs in the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub from: PathBuf,
    pub to: PathBuf,
}

/// The search for shared objects; remembers what it has read.
#[derive(Debug)]
pub(super) struct Loader {
    configured: Vec<PathBuf>,
    usual: Vec<PathBuf>,
    read: HashMap<PathBuf, Option<Rc<Asks>>>,
}

/// A file whose needs are still to be met.
struct Object {
    asks: Rc<Asks>,
    run_path: Vec<Placed>,
    hands_down: Vec<Placed>,
}

impl Loader {
    /// A loader that knows the folders of `conf` (/etc/ld.so.conf), then the usual ones.
    pub fn new(conf: &Path, seen: &mut Seen) -> Self {
        let mut named = Vec::new();
        configured(conf, 0, &mut named, seen);
        let mut usual = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"].map(PathBuf::from).to_vec();
        named.retain(|folder| is_folder(folder, seen));
        usual.retain(|folder| is_folder(folder, seen));
        Self { configured: named, usual, read: HashMap::new() }
    }

    /// What the file at `path` asks for, or nothing when it is not ELF or not readable.
    pub fn asks(&mut self, path: &Path) -> Option<Rc<Asks>> {
        let known = self.read.entry(path.to_owned());
        known.or_insert_with(|| Asks::read(&fs::read(path).ok()?).map(Rc::new)).clone()
    }

    /// All that must be in the root beside `file` for it to be loaded, the interpreter first.
    /// `interpreter` stands in for an object that names none itself.
    pub fn objects(&mut self, file: &Placed, interpreter: Option<&Path>, seen: &mut Seen) -> Result<Vec<Placed>, Lack> {
        let asks = self.asks(&file.from).ok_or(Lack::NoProgram)?;
        let Some(interpreter) = asks.interpreter.as_deref().or(interpreter).map(Path::to_owned) else {
            return Ok(Vec::new()); // a static program
        };
        let missing = |name: &Path| Lack::Object(name.display().to_string());
        if !seen.look(&interpreter) {
            return Err(missing(&interpreter));
        }
        let real = fs::canonicalize(&interpreter).map_err(|_| missing(&interpreter))?;
        let beside = real.parent().unwrap_or(Path::new("/")).to_owned();

        // The loader is an object too, known by its own name (libc.so.6 asks for it).
        let mut loaded: HashSet<String> =
            interpreter.file_name().map(|name| name.to_string_lossy().into()).into_iter().collect();
        let mut found = vec![Placed { from: real, to: interpreter }];
        let mut waiting = VecDeque::from([Object::new(asks, file, &[])]);
        while let Some(object) = waiting.pop_front() {
            for name in &object.asks.needed {
                if !loaded.insert(name.clone()) {
                    continue;
                }
                let placed = self.find(name, &object, &beside, seen).ok_or_else(|| Lack::Object(name.clone()))?;
                if let Some(asks) = self.asks(&placed.from) {
                    waiting.push_back(Object::new(asks, &placed, &object.hands_down));
                }
                found.push(placed);
            }
        }
        Ok(found)
    }

    /// An object of the usual folders, of the same kind as `like`.
    pub fn find_usual(&mut self, name: &str, like: &Asks, beside: &Path, seen: &mut Seen) -> Option<Placed> {
        let folders = self.configured.iter().map(PathBuf::as_path).chain([beside]);
        let paths: Vec<_> =
            folders.chain(self.usual.iter().map(PathBuf::as_path)).map(|folder| folder.join(name)).collect();
        let from = paths.iter().find_map(|path| self.fitting(path, like, seen))?;
        // The root has no ld.so.cache: without a run path the loader finds only what lies in the folders
        // that were compiled into it, and its own is always one of them.
        Some(Placed { from, to: beside.join(name) })
    }

    fn find(&mut self, name: &str, object: &Object, beside: &Path, seen: &mut Seen) -> Option<Placed> {
        if name.contains('/') {
            let from = self.fitting(Path::new(name), &object.asks, seen)?;
            return Some(Placed { from, to: PathBuf::from(name) });
        }
        for folder in &object.run_path {
            if let Some(from) = self.fitting(&folder.from.join(name), &object.asks, seen) {
                return Some(Placed { from, to: folder.to.join(name) });
            }
        }
        self.find_usual(name, &object.asks, beside, seen)
    }

    /// The real file behind `path`, if it is one that a file like `like` could load.
    fn fitting(&mut self, path: &Path, like: &Asks, seen: &mut Seen) -> Option<PathBuf> {
        if !seen.look(path) {
            return None;
        }
        let real = fs::canonicalize(path).ok()?;
        (self.asks(&real)?.kind == like.kind).then_some(real)
    }
}

impl Object {
    fn new(asks: Rc<Asks>, file: &Placed, inherited: &[Placed]) -> Self {
        let mut hands_down = expand(&asks.rpath, file);
        hands_down.extend_from_slice(inherited);
        let run_path = if asks.runpath.is_empty() { hands_down.clone() } else { expand(&asks.runpath, file) };
        Self { asks, run_path, hands_down }
    }
}

/// `$ORIGIN` is the folder of the file itself, which is one on the machine and another in the root.
/// `$LIB` and `$PLATFORM` are the loader's secrets; entries with them are passed over.
fn expand(entries: &[String], file: &Placed) -> Vec<Placed> {
    let at = |entry: &str, file: &Path| {
        let origin = file.parent().unwrap_or(Path::new("/")).to_string_lossy();
        PathBuf::from(entry.replace("${ORIGIN}", &origin).replace("$ORIGIN", &origin))
    };
    let placed = entries.iter().map(|entry| Placed { from: at(entry, &file.from), to: at(entry, &file.to) });
    placed.filter(|folder| folder.to.is_absolute() && !folder.to.to_string_lossy().contains('$')).collect()
}

/// The folders that ld.so.conf names, its includes in the order of their names as ldconfig(8) does.
fn configured(conf: &Path, depth: u32, folders: &mut Vec<PathBuf>, seen: &mut Seen) {
    if depth > 4 || !seen.look(conf) {
        return;
    }
    let text = fs::read_to_string(conf).unwrap_or_default();
    for line in text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
        if let Some(pattern) = line.strip_prefix("include").filter(|rest| rest.starts_with(char::is_whitespace)) {
            let pattern = conf.parent().unwrap_or(Path::new("/")).join(pattern.trim());
            for file in matching(&pattern, seen) {
                configured(&file, depth + 1, folders, seen);
            }
        } else if line.starts_with('/') {
            folders.push(PathBuf::from(line));
        }
    }
}

/// The files that an include means: one by name, or `*.conf` of a folder.
fn matching(pattern: &Path, seen: &mut Seen) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (pattern.parent(), pattern.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    let Some((start, end)) = name.split_once('*') else {
        return vec![pattern.to_owned()];
    };
    seen.look(folder); // a file more or less changes its time
    let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let mut files: Vec<_> = names
        .filter(|name| name.to_str().is_some_and(|name| name.starts_with(start) && name.ends_with(end)))
        .map(|name| folder.join(name))
        .collect();
    files.sort();
    files
}

/// Remembers a folder only where there is none: the time of one that is there changes with every
/// package, and what counts are the files that were looked for in it.
fn is_folder(folder: &Path, seen: &mut Seen) -> bool {
    folder.is_dir() || seen.look(folder)
}
