//! What is imported: a busybox with entries of every kind, and a Debian; as folder, tars, OCI layout and docker archive.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::place::tool;

/// A busybox, and beside it whatever a tree may hold.
pub fn busybox(at: &Path) -> PathBuf {
    let root = at.join("busybox");
    for folder in ["bin", "etc", "srv", "tmp", "var/spool", "usr/bin"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    let file = |name: &str, text: &str, mode: u32| {
        fs::write(root.join(name), text).unwrap();
        fs::set_permissions(root.join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    fs::copy("/bin/busybox", root.join("bin/busybox")).unwrap();
    for name in ["sh", "ls", "cat", "id", "env", "pwd", "stat"] {
        symlink("busybox", root.join("bin").join(name)).unwrap();
    }
    file("etc/os-release", "NAME=Busybox\nPRETTY_NAME=\"Busybox for tests\"\n", 0o644);
    file("etc/passwd", "root:x:0:0::/root:/bin/sh\nweb:x:101:102::/srv:/bin/sh\n", 0o644);
    file("etc/group", "root:x:0:\nlog:x:7:web\n", 0o644);
    file("etc/shadow", "root:*:\n", 0o640);
    file("usr/bin/su", "#!/bin/sh\n", 0o4755);
    file("srv/empty", "", 0o600);
    file("srv/não é ascii", "ç", 0o444);
    file(&format!("srv/{}", "long-".repeat(45)), "long", 0o644);
    fs::hard_link(root.join("etc/passwd"), root.join("srv/linked")).unwrap();
    symlink("/etc/passwd", root.join("srv/absolute")).unwrap();
    symlink("nowhere", root.join("srv/dangling")).unwrap();
    fs::set_permissions(root.join("tmp"), fs::Permissions::from_mode(0o1777)).unwrap();
    fs::set_permissions(root.join("var/spool"), fs::Permissions::from_mode(0o2750)).unwrap();
    nix::unistd::mkfifo(&root.join("srv/pipe"), nix::sys::stat::Mode::from_bits_truncate(0o640)).unwrap();
    if nix::unistd::geteuid().is_root() {
        chown(root.join("etc/shadow"), Some(0), Some(42)).unwrap();
        chown(root.join("srv"), Some(101), Some(102)).unwrap();
        chown(root.join("srv/empty"), Some(65534), Some(65534)).unwrap();
        let set = |name: &str, key: &str, value: &[u8]| {
            let flags = rustix::fs::XattrFlags::empty();
            rustix::fs::lsetxattr(root.join(name), key, value, flags).unwrap();
        };
        // CAP_NET_RAW, as Debian's ping has it.
        set("bin/busybox", "security.capability", &[1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        set("etc/os-release", "user.note", b"kept");
    }
    root
}

/// The Debian that `tests/rootfs/debian.sh` makes.
pub fn debian() -> Option<PathBuf> {
    let tar = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/rootfs/debian.tar");
    tar.exists().then_some(tar)
}

/// A tar of the tree.
pub fn tar(root: &Path, to: &Path) {
    let words = ["tar", "--numeric-owner", "--xattrs", "--xattrs-include=*", "-cf", to.to_str().unwrap()];
    tool(&[&words[..], &["-C", root.to_str().unwrap(), "."]].concat(), Path::new("/"));
}

/// The tar, compressed by that program.
pub fn compressed(tar: &Path, words: &[&str], end: &str) -> PathBuf {
    let to = PathBuf::from(format!("{}.{end}", tar.display()));
    let input = fs::File::open(tar).unwrap();
    let output = fs::File::create(&to).unwrap();
    let status = std::process::Command::new(words[0]).args(&words[1..]).stdin(input).stdout(output).status().unwrap();
    assert!(status.success(), "{words:?}");
    to
}

pub fn sum(file: &Path) -> String {
    let done = std::process::Command::new("sha256sum").arg(file).output().unwrap();
    String::from_utf8(done.stdout).unwrap()[..64].to_owned()
}

/// How the images want to be started.
fn config(layers: &[String]) -> Value {
    json!({
        "architecture": if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" },
        "os": "linux",
        "config": {
            "Env": ["PATH=/usr/bin:/bin", "GREETING=hi there"],
            "WorkingDir": "/srv/work",
            "User": "0",
            "Entrypoint": ["/bin/sh"],
            "Cmd": ["-c", "pwd; echo $GREETING"],
        },
        "rootfs": { "type": "layers", "diff_ids": layers.iter().map(|sum| format!("sha256:{sum}")).collect::<Vec<_>>() },
        "history": [],
    })
}

/// An OCI layout of these tars, gzipped there.
pub fn oci(tars: &[PathBuf], at: &Path) -> PathBuf {
    let layout = at.join("layout");
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let keep = |bytes: &[u8]| {
        let file = at.join("blob");
        fs::write(&file, bytes).unwrap();
        let sum = sum(&file);
        fs::rename(&file, blobs.join(&sum)).unwrap();
        json!({ "digest": format!("sha256:{sum}"), "size": bytes.len() })
    };
    let media = |mut blob: Value, kind: &str| {
        blob["mediaType"] = format!("application/vnd.oci.image.{kind}").into();
        blob
    };
    let mut layers = vec![];
    for tar in tars {
        let zipped = compressed(tar, &["gzip", "-1", "-n"], "layer");
        layers.push(media(keep(&fs::read(&zipped).unwrap()), "layer.v1.tar+gzip"));
        fs::remove_file(zipped).unwrap();
    }
    let sums: Vec<String> = tars.iter().map(|tar| sum(tar)).collect();
    let config = media(keep(config(&sums).to_string().as_bytes()), "config.v1+json");
    let manifest = json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config, "layers": layers });
    let mut manifest = media(keep(manifest.to_string().as_bytes()), "manifest.v1+json");
    manifest["annotations"] = json!({ "org.opencontainers.image.ref.name": "one" });
    fs::write(layout.join("index.json"), json!({ "schemaVersion": 2, "manifests": [manifest] }).to_string()).unwrap();
    fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    layout
}

/// What `docker save` would write of them.
pub fn docker(tars: &[PathBuf], at: &Path) -> PathBuf {
    let folder = at.join("saved");
    fs::create_dir_all(&folder).unwrap();
    let sums: Vec<String> = tars.iter().map(|tar| sum(tar)).collect();
    for (tar, sum) in tars.iter().zip(&sums) {
        fs::create_dir_all(folder.join(sum)).unwrap();
        fs::hard_link(tar, folder.join(sum).join("layer.tar")).unwrap();
    }
    // It is called by its own sum.
    fs::write(folder.join("config"), config(&sums).to_string()).unwrap();
    let config = format!("{}.json", sum(&folder.join("config")));
    fs::rename(folder.join("config"), folder.join(&config)).unwrap();
    let layers: Vec<String> = sums.iter().map(|sum| format!("{sum}/layer.tar")).collect();
    let manifest = json!([{ "Config": config, "RepoTags": ["example/tested:1.0"], "Layers": layers }]);
    fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
    let to = at.join("saved.tar");
    let names = sums.iter().map(String::as_str).chain([config.as_str(), "manifest.json"]);
    let words = ["tar", "-cf", to.to_str().unwrap(), "-C", folder.to_str().unwrap()];
    tool(&words.into_iter().chain(names).collect::<Vec<_>>(), Path::new("/"));
    fs::remove_dir_all(folder).unwrap();
    to
}

/// What `crane pull`, ko and kaniko would write of it: the same but for the names, and layers that are compressed.
pub fn crane(tar: &Path, at: &Path) -> PathBuf {
    let folder = at.join("pulled");
    fs::create_dir_all(&folder).unwrap();
    let packed = compressed(tar, &["gzip", "-1"], "gz");
    let layer = format!("{}.tar.gz", sum(&packed));
    fs::rename(&packed, folder.join(&layer)).unwrap();
    fs::write(folder.join("config"), config(&[sum(tar)]).to_string()).unwrap();
    let config = format!("sha256:{}", sum(&folder.join("config")));
    fs::rename(folder.join("config"), folder.join(&config)).unwrap();
    let manifest = json!([{ "Config": config, "RepoTags": ["example/pulled:2.0"], "Layers": [layer] }]);
    fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
    let to = at.join("pulled.tar");
    let words = ["tar", "--force-local", "-cf", to.to_str().unwrap(), "-C", folder.to_str().unwrap()];
    tool(&words.into_iter().chain([config.as_str(), layer.as_str(), "manifest.json"]).collect::<Vec<_>>(), at);
    to
}

/// Files that no compression makes smaller, so that an import of them takes its time.
pub fn noise(at: &Path, files: u64, size: usize) -> PathBuf {
    let root = at.join("noise");
    fs::create_dir_all(root.join("bin")).unwrap();
    fs::copy("/bin/busybox", root.join("bin/sh")).unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    for number in 0..files {
        let folder = root.join(format!("d{}", number % 10));
        fs::create_dir_all(&folder).unwrap();
        let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(size).collect();
        fs::File::create(folder.join(number.to_string())).unwrap().write_all(&bytes).unwrap();
    }
    root
}
