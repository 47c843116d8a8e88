//! Writes a plan out as folders, links and files: afterwards there is a root file system.
//!
//! Nothing here is special: mkdir(2), symlink(2), open(2), `copy_file_range(2)`, chmod(2). That is the
//! learner's surprise: what makes a "distribution" is files, and the box only changes its `/` to them.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use super::error::ImageError;
use super::plan::Plan;
use super::recipe::{Kit, Recipe};

/// Builds a root at `root`, which must not exist yet.
pub(super) fn build(root: &Path, recipe: &Recipe, kit: &Kit, plan: &Plan) -> Result<(), ImageError> {
    folder(root, 0o755)?;
    for each in &recipe.folders {
        folders_above(root, &each.path)?;
        folder(&inside(root, &each.path), each.mode)?;
    }
    for (path, target) in &recipe.links {
        let link = inside(root, path);
        symlink(target, &link).map_err(ImageError::call("symlink", &link))?;
    }
    for (path, text) in kit.files {
        folders_above(root, Path::new(path))?;
        let path = inside(root, Path::new(path));
        fs::write(&path, text).map_err(ImageError::call("write", &path))?;
        set_mode(&path, 0o644)?;
    }
    copies(root, plan)
}

/// One program can have many names (busybox, the uutils): it is copied once and linked for the rest.
fn copies(root: &Path, plan: &Plan) -> Result<(), ImageError> {
    let mut copied: HashMap<(u64, u64), PathBuf> = HashMap::new();
    for (path, from) in &plan.copies {
        let to = inside(root, path);
        if to.symlink_metadata().is_ok() {
            continue; // our own file stands there
        }
        folders_above(root, path)?;
        let source = File::open(from).map_err(ImageError::call("open", from))?;
        let is = source.metadata().map_err(ImageError::call("fstat", from))?;
        if let Some(first) = copied.get(&(is.dev(), is.ino())) {
            fs::hard_link(first, &to).map_err(ImageError::call("link", &to))?;
        } else {
            copy(source, is.mode(), &to)?;
            copied.insert((is.dev(), is.ino()), to);
        }
    }
    Ok(())
}

/// mount, su and ping carry setuid bits or capabilities on the machine. A copy must not: not even for
/// the moment between creating it and changing its mode.
fn copy(mut source: File, mode: u32, to: &Path) -> Result<(), ImageError> {
    let mode = if mode & 0o111 == 0 { 0o644 } else { 0o755 };
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(mode).open(to).map_err(ImageError::call("open", to))?;
    io::copy(&mut source, &mut file).map_err(ImageError::call("copy_file_range", to))?;
    set_mode(to, mode)
}

fn folders_above(root: &Path, path: &Path) -> Result<(), ImageError> {
    let mut at = root.to_owned();
    for part in path.parent().into_iter().flat_map(Path::iter).skip(1) {
        at.push(part);
        if !at.is_dir() {
            folder(&at, 0o755)?;
        }
    }
    Ok(())
}

fn folder(path: &Path, mode: u32) -> Result<(), ImageError> {
    DirBuilder::new().mode(0o700).create(path).map_err(ImageError::call("mkdir", path))?;
    set_mode(path, mode)
}

/// After creation, because the umask has cut what creation asked for.
fn set_mode(path: &Path, mode: u32) -> Result<(), ImageError> {
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(ImageError::call("chmod", path))
}

fn inside(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}
