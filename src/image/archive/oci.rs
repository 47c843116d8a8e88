//! An OCI image layout: `index.json` names manifests, a manifest names a configuration and layers, all by digest.
//!
//! opencontainers/image-spec, image-layout.md. The learner may follow the same way with `jq` and `sha256sum`: everything
//! but the index lies in `blobs/sha256/` under the digest of its own content.

use std::sync::Arc;

use oci_spec::image::{Descriptor, Digest, DigestAlgorithm, ImageIndex, ImageManifest, MediaType};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::choice::{self, Candidate, is_platform, machine};
use super::entry::{Check, Content};
use super::error::{ImportError, shown};
use super::keep::Keep;
use super::reason::{Bound, Damage};
use super::seal::sha256;
use super::{Config, Kind, Layer, Source, Wanted};

/// An index within an index within an index is more than anybody has.
const DEEPEST: u32 = 3;

/// How many images an index may list, and how many layers an image may have. overlayfs takes 500.
const MOST: usize = 500;

/// What is read of an image's configuration; of Docker's too, which leaves out much and writes null.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Told {
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
    config: Option<ToldConfig>,
    rootfs: Option<ToldRootfs>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ToldConfig {
    env: Option<Vec<String>>,
    user: Option<String>,
    working_dir: Option<String>,
    entrypoint: Option<Vec<String>>,
    cmd: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
struct ToldRootfs {
    diff_ids: Option<Vec<String>>,
}

impl Told {
    /// The digests of the layers when unpacked, without `sha256:`.
    pub fn layers(&self) -> Vec<String> {
        let ids = self.rootfs.as_ref().and_then(|rootfs| rootfs.diff_ids.clone()).unwrap_or_default();
        // What is no digest is the digest of nothing, and is said to be wrong.
        ids.iter().map(|id| shown(id.strip_prefix("sha256:").unwrap_or(id).as_bytes())).collect()
    }

    /// Refuses an image of another kind of machine, unless it was asked for.
    pub fn must_fit(&self, keep: &Keep, wanted: &Wanted) -> Result<(), ImportError> {
        let Some(arch) = self.architecture.as_deref().filter(|arch| !arch.is_empty()) else { return Ok(()) };
        let os = self.os.as_deref().filter(|os| !os.is_empty()).unwrap_or("linux");
        let variant = self.variant.as_deref().filter(|variant| !variant.is_empty());
        let own = variant.map_or_else(|| format!("{os}/{arch}"), |variant| format!("{os}/{arch}/{variant}"));
        if is_platform(&own, &wanted.platform.clone().unwrap_or_else(machine)) {
            return Ok(());
        }
        let path = keep.path().to_owned();
        Err(ImportError::Choose { path, wanted: None, machine: machine(), choices: vec![format!("@{own}")] })
    }

    /// How it wants to be started.
    pub fn config(self) -> Config {
        let told = self.config.unwrap_or_default();
        Config {
            env: told.env.unwrap_or_default(),
            user: told.user.unwrap_or_default(),
            workdir: told.working_dir.unwrap_or_default(),
            entrypoint: told.entrypoint.unwrap_or_default(),
            cmd: told.cmd.unwrap_or_default(),
        }
    }
}

/// Reads JSON, or says of which part it is not what it should be.
pub(super) fn json<T: DeserializeOwned>(text: &[u8], part: &str) -> Result<T, ImportError> {
    // It quotes what it did not expect.
    let why = |why: serde_json::Error| Damage::Json(why.to_string().replace(char::is_control, "\u{fffd}"));
    serde_json::from_slice(text).map_err(|error| ImportError::Damaged { part: part.to_owned(), why: why(error) })
}

/// The image in a layout that is wanted.
pub(super) fn read(keep: &Arc<Keep>, wanted: &Wanted) -> Result<Source, ImportError> {
    let index: ImageIndex = json(&keep.small(b"index.json")?, "index.json")?;
    let mut found = vec![];
    let mut lacking = None;
    list(keep, &index, &[], DEEPEST, &mut found, &mut lacking)?;
    if let (true, Some(lacking)) = (found.is_empty(), lacking) {
        return Err(ImportError::Lacks(lacking));
    }
    let chosen = choice::choose(keep.path(), wanted, &found)?;
    let part = name(&chosen.digest);
    let manifest: ImageManifest = json(&blob(keep, &chosen.digest)?, &part)?;
    let told: Told = json(&blob(keep, sha(manifest.config().digest(), &part)?)?, "config")?;
    told.must_fit(keep, wanted)?;
    if manifest.layers().len() > MOST {
        return Err(ImportError::TooMuch { entry: part.into(), bound: Bound::Layers(MOST as u64) });
    }
    let layers = manifest.layers().iter().map(|layer| {
        let digest = sha(layer.digest(), &part)?;
        let (_, size) = keep.feed(name(digest).as_bytes())?;
        let content = Content::Part {
            keep: keep.clone(),
            name: name(digest).into_bytes(),
            check: Check::Blob(digest.to_owned()),
        };
        Ok(Layer { name: format!("sha256:{digest}"), size: Some(size), content })
    });
    let layers = layers.collect::<Result<Vec<_>, ImportError>>()?;
    if layers.is_empty() {
        return Err(ImportError::Empty(keep.path().to_owned()));
    }
    let path = keep.path().to_owned();
    Ok(Source { path, kind: Kind::Oci, layers, config: told.config(), tag: chosen.names.first().cloned() })
}

/// Lists the images of an index and of those in it. Docker names all platforms and saves but one: what is not there
/// is passed over.
fn list(
    keep: &Keep,
    index: &ImageIndex,
    names: &[String],
    deeper: u32,
    to: &mut Vec<Candidate>,
    lacking: &mut Option<String>,
) -> Result<(), ImportError> {
    for each in index.manifests() {
        let digest = sha(each.digest(), "index.json")?;
        if is_no_image(each) {
            continue;
        }
        if !keep.has(name(digest).as_bytes()) {
            *lacking = Some(name(digest));
            continue;
        }
        let mut own = own_names(each);
        own.extend(names.iter().cloned());
        if is_index(each) {
            let next = deeper.checked_sub(1);
            let next = next.ok_or_else(|| too_many(digest))?;
            let inner: ImageIndex = json(&blob(keep, digest)?, &name(digest))?;
            list(keep, &inner, &own, next, to, lacking)?;
        } else {
            let platform = each.platform().as_ref().map(|platform| {
                let variant = platform.variant().as_ref().filter(|variant| !variant.is_empty());
                let base = format!("{}/{}", platform.os(), platform.architecture());
                variant.map_or_else(|| base.clone(), |variant| format!("{base}/{variant}"))
            });
            to.push(Candidate { names: own, platform, digest: digest.to_owned() });
        }
        if to.len() > MOST {
            return Err(too_many(digest));
        }
    }
    Ok(())
}

fn too_many(digest: &str) -> ImportError {
    ImportError::TooMuch { entry: name(digest).into_bytes(), bound: Bound::Layers(MOST as u64) }
}

/// Build tools put what they attest beside an image, as an image for no machine.
fn is_no_image(each: &Descriptor) -> bool {
    let notes = each.annotations().as_ref();
    notes.is_some_and(|notes| notes.contains_key("vnd.docker.reference.type"))
        || each.platform().as_ref().is_some_and(|platform| platform.os().to_string() == "unknown")
}

fn is_index(each: &Descriptor) -> bool {
    let docker = "application/vnd.docker.distribution.manifest.list.v2+json";
    *each.media_type() == MediaType::ImageIndex || each.media_type().to_string() == docker
}

fn own_names(each: &Descriptor) -> Vec<String> {
    let notes = each.annotations().as_ref();
    let keys = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];
    keys.iter().filter_map(|key| notes?.get(*key).cloned()).filter(|name| !name.is_empty()).collect()
}

fn name(digest: &str) -> String {
    format!("blobs/sha256/{digest}")
}

fn sha<'a>(digest: &'a Digest, part: &str) -> Result<&'a str, ImportError> {
    if *digest.algorithm() == DigestAlgorithm::Sha256 {
        return Ok(digest.digest());
    }
    let why = Damage::Json(format!("digest {digest:?}"));
    Err(ImportError::Damaged { part: part.to_owned(), why })
}

/// A small blob that is what its digest says.
fn blob(keep: &Keep, digest: &str) -> Result<Vec<u8>, ImportError> {
    let content = keep.small(name(digest).as_bytes())?;
    let is = sha256(&content);
    if is == digest {
        return Ok(content);
    }
    Err(ImportError::Digest { part: name(digest), said: digest.to_owned(), is })
}
