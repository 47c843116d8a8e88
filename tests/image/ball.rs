//! Archives made by hand, byte by byte where need be: no honest tool writes what must be tried here.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A tar that is being written.
#[derive(Debug, Clone, Default)]
pub struct Ball(pub Vec<u8>);

impl Ball {
    pub fn new() -> Self {
        Self::default()
    }

    /// An entry with a header that is changed at will before it gets its checksum.
    pub fn with(mut self, kind: u8, name: &[u8], data: &[u8], change: impl FnOnce(&mut tar::Header)) -> Self {
        let mut header = tar::Header::new_gnu();
        let old = header.as_old_mut();
        old.name[..name.len().min(100)].copy_from_slice(&name[..name.len().min(100)]);
        old.linkflag = [kind];
        header.set_mode(if kind == b'5' { 0o755 } else { 0o644 });
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(1_000_000_000);
        header.set_size(data.len() as u64);
        change(&mut header);
        header.set_cksum();
        self.0.extend_from_slice(header.as_bytes());
        self.0.extend_from_slice(data);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub fn file(self, name: &str, data: &[u8]) -> Self {
        self.with(b'0', name.as_bytes(), data, |_| {})
    }

    pub fn folder(self, name: &str) -> Self {
        self.with(b'5', name.as_bytes(), b"", |_| {})
    }

    /// A symbolic link; a long target goes before it, as GNU does it.
    pub fn symlink(self, name: &str, to: &str) -> Self {
        self.long(b'K', to.as_bytes()).with(b'2', name.as_bytes(), b"", |_| {})
    }

    pub fn link(self, name: &str, to: &str) -> Self {
        self.long(b'K', to.as_bytes()).with(b'1', name.as_bytes(), b"", |_| {})
    }

    /// A long name (`L`) or target (`K`) of the next entry, as GNU writes it.
    pub fn long(self, kind: u8, name: &[u8]) -> Self {
        self.with(kind, b"././@LongLink", &[name, b"\0"].concat(), |_| {})
    }

    /// Extended attributes of the next entry.
    pub fn pax(self, pairs: &[(&str, &[u8])]) -> Self {
        let mut text = vec![];
        for (key, value) in pairs {
            let rest = [b" ", key.as_bytes(), b"=", value, b"\n"].concat();
            let mut length = rest.len();
            while length != rest.len() + length.to_string().len() {
                length = rest.len() + length.to_string().len();
            }
            text.extend_from_slice(length.to_string().as_bytes());
            text.extend_from_slice(&rest);
        }
        self.with(b'x', b"PaxHeaders/x", &text, |_| {})
    }

    pub fn device(self, kind: u8, name: &str, major: u32, minor: u32) -> Self {
        self.with(kind, name.as_bytes(), b"", |header| {
            header.set_device_major(major).unwrap();
            header.set_device_minor(minor).unwrap();
        })
    }

    /// The two blocks of zeros.
    pub fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(&[0; 1024]);
        self.0
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    to.write_all(bytes).unwrap();
    to.finish().unwrap()
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// What an image says of itself.
pub fn configuration(layers: &[Vec<u8>]) -> Value {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let ids: Vec<String> = layers.iter().map(|layer| format!("sha256:{}", sha256(layer))).collect();
    json!({
        "architecture": arch, "os": "linux",
        "config": { "Env": ["PATH=/bin", "A=b"], "User": "1:2", "WorkingDir": "/w", "Entrypoint": ["/bin/sh"],
            "Cmd": null, "Volumes": null },
        "rootfs": { "type": "layers", "diff_ids": ids },
    })
}

/// An OCI layout of one image in a folder; a layer is stored as it is given, compressed or not.
pub fn oci(to: &Path, layers: &[Vec<u8>], tag: &str) {
    let blobs = to.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let put = |bytes: &[u8], kind: &str| {
        fs::write(blobs.join(sha256(bytes)), bytes).unwrap();
        json!({ "mediaType": kind, "digest": format!("sha256:{}", sha256(bytes)), "size": bytes.len() })
    };
    let layer = "application/vnd.oci.image.layer.v1.tar";
    let config = put(configuration(layers).to_string().as_bytes(), "application/vnd.oci.image.config.v1+json");
    let layers: Vec<Value> = layers.iter().map(|bytes| put(bytes, layer)).collect();
    let manifest = json!({ "schemaVersion": 2, "config": config, "layers": layers }).to_string();
    let mut entry = put(manifest.as_bytes(), "application/vnd.oci.image.manifest.v1+json");
    entry["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
    let old = fs::read(to.join("index.json")).ok();
    let mut index: Value =
        old.map_or_else(|| json!({ "schemaVersion": 2, "manifests": [] }), |old| serde_json::from_slice(&old).unwrap());
    index["manifests"].as_array_mut().unwrap().push(entry);
    fs::write(to.join("index.json"), index.to_string()).unwrap();
    fs::write(to.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
}

/// What `docker save` writes: the list of what is in it comes last.
pub fn docker(layers: &[Vec<u8>], tag: &str) -> Vec<u8> {
    let config = configuration(layers).to_string();
    let name = format!("{}.json", sha256(config.as_bytes()));
    let mut ball = Ball::new();
    let mut names = vec![];
    for layer in layers {
        let id = sha256(&[layer, b"id".as_slice()].concat());
        names.push(format!("{id}/layer.tar"));
        ball = ball.folder(&format!("{id}/")).file(&format!("{id}/VERSION"), b"1.0");
        ball = ball.file(&format!("{id}/layer.tar"), layer);
    }
    ball = ball.file(&name, config.as_bytes());
    let manifest = json!([{ "Config": name, "RepoTags": [tag], "Layers": names }]).to_string();
    ball.file("manifest.json", manifest.as_bytes()).end()
}
