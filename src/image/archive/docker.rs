//! What `docker save`, `podman save` and `crane pull` write: `manifest.json` names configurations and layers by file names.
//!
//! Older than the OCI layout, and still in every archive that they write. The layers are tars, crane's compressed; what they
//! must be stands in the configuration, as the digests of the unpacked layers (`rootfs.diff_ids`).

use std::sync::Arc;

use serde::Deserialize;

use super::choice::{self, Candidate};
use super::entry::{Check, Content};
use super::error::{ImportError, shown};
use super::keep::Keep;
use super::oci::{Told, json};
use super::reason::{Bound, Damage, Looks};
use super::seal::sha256;
use super::{Kind, Layer, Source, Wanted};

const MOST: usize = 500;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Image {
    config: String,
    repo_tags: Option<Vec<String>>,
    layers: Option<Vec<String>>,
}

/// What skopeo and podman call the format in which that file is about one image, and no list of them.
pub const DIR: &str = "skopeo dir:, podman docker-dir";

/// Whether a `manifest.json` is the manifest of one image itself.
fn tells_of_one(manifest: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(manifest).is_ok_and(|manifest| manifest.get("schemaVersion").is_some())
}

/// Whether a file of that name is of images at all: pages and programs have one too.
pub(super) fn is_of_images(keep: &Keep) -> bool {
    let manifest = keep.small(b"manifest.json").unwrap_or_default();
    !manifest.trim_ascii_start().starts_with(b"{") || tells_of_one(&manifest)
}

/// The image in an archive that is wanted.
pub(super) fn read(keep: &Arc<Keep>, wanted: &Wanted) -> Result<Source, ImportError> {
    let manifest = keep.small(b"manifest.json")?;
    if tells_of_one(&manifest) {
        return Err(ImportError::Unknown { path: keep.path().to_owned(), looks: Looks::Format(DIR) });
    }
    let images: Vec<Image> = json(&manifest, "manifest.json")?;
    let candidates: Vec<Candidate> = images.iter().map(candidate).collect();
    let chosen = choice::choose(keep.path(), wanted, &candidates)?;
    let at = candidates.iter().position(|one| one == chosen).unwrap_or(0);
    let image = &images[at];
    let told = configuration(keep, image)?;
    told.must_fit(keep, wanted)?;
    let names = image.layers.as_deref().unwrap_or_default();
    let digests = told.layers();
    if names.len() > MOST {
        return Err(ImportError::TooMuch { entry: image.config.clone().into(), bound: Bound::Layers(MOST as u64) });
    }
    if names.len() != digests.len() {
        let why = format!("{} layers, {} diff_ids", names.len(), digests.len());
        return Err(ImportError::Damaged { part: "manifest.json".to_owned(), why: Damage::Json(why) });
    }
    let layers = names.iter().zip(digests).map(|(name, digest)| {
        let (_, size) = keep.feed(name.as_bytes())?;
        let check = Check::Content(digest);
        let content = Content::Part { keep: keep.clone(), name: name.clone().into_bytes(), check };
        Ok(Layer { name: shown(name.as_bytes()), size: Some(size), content })
    });
    let layers = layers.collect::<Result<Vec<_>, ImportError>>()?;
    if layers.is_empty() {
        return Err(ImportError::Empty(keep.path().to_owned()));
    }
    let path = keep.path().to_owned();
    Ok(Source { path, kind: Kind::Docker, layers, config: told.config(), tag: chosen.names.first().cloned() })
}

fn candidate(image: &Image) -> Candidate {
    let names = image.repo_tags.clone().unwrap_or_default();
    Candidate { names, platform: None, digest: stem(&image.config).to_owned() }
}

/// The configuration is named after its digest.
fn configuration(keep: &Keep, image: &Image) -> Result<Told, ImportError> {
    let text = keep.small(image.config.as_bytes())?;
    let (said, is) = (stem(&image.config), sha256(&text));
    let is_digest = said.len() == 64 && said.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_digest && said != is {
        return Err(ImportError::Digest { part: shown(image.config.as_bytes()), said: said.to_owned(), is });
    }
    json(&text, &shown(image.config.as_bytes()))
}

fn stem(config: &str) -> &str {
    let name = config.rsplit('/').next().unwrap_or(config);
    let name = name.strip_suffix(".json").unwrap_or(name);
    name.strip_prefix("sha256:").unwrap_or(name)
}
