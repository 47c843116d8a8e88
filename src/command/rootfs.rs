//! `--rootfs NAME|DIR`: finds the root file system that is meant, and makes sure that it can be used.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::image::{self, Image, ImageError};

/// The name of the built-in root file system.
pub const BUILT_IN: &str = "unha";

/// Where commands are looked up in a root of its own.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A root file system that is ready to be used.
pub struct Root {
    /// Its folder.
    pub dir: PathBuf,
    /// The programs that this machine could not give to the built-in one.
    pub missing: Vec<String>,
    /// Keeps the built-in one from being removed meanwhile.
    _image: Option<Image>,
}

/// Why there is none.
pub enum Unusable {
    /// The image says why.
    Image(ImageError),
    /// No root file system has that name; the nearest that there is.
    Name(String, &'static str),
}

impl From<ImageError> for Unusable {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}

/// The root file system that `name` means: the built-in one by its name, else a folder.
pub fn find(name: &OsStr) -> Result<Root, Unusable> {
    if name == BUILT_IN {
        return Ok(built_in()?);
    }
    let dir = Path::new(name);
    let looks_like_name = !name.as_encoded_bytes().contains(&b'/') && !dir.exists();
    if looks_like_name {
        return Err(Unusable::Name(name.to_string_lossy().into_owned(), BUILT_IN));
    }
    image::check_dir(dir)?;
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    Ok(Root { dir, missing: vec![], _image: None })
}

/// The built-in root file system, built if it is not there yet.
pub fn built_in() -> Result<Root, ImageError> {
    let cache = image::cache_dir(&|name| std::env::var_os(name))?;
    let image = image::ensure(&cache)?;
    let missing = image.missing.iter().map(|missing| missing.name.clone()).collect();
    Ok(Root { dir: image.path.clone(), missing, _image: Some(image) })
}
