//! The same system, however it comes: imported, held against the tree that it was made of and against umoci's unpacking,
//! and started.

use std::fs;
use std::path::{Path, PathBuf};

use crate::image::{busybox, compressed, crane, debian, docker, oci, tar};
use crate::place::{Home, Who, has, tool};
use crate::skip::aloud;
use crate::tree::{assert_same, of};

/// Imports it in all its forms and holds each against what umoci unpacks.
fn in_all_forms(home: &Home, root: &Path, whole: &Path, starts: &dyn Fn(&Home, &str)) {
    let at = home.sources();
    let layout = oci(&[whole.to_owned()], &at);
    tool(&["umoci", "unpack", "--image", &format!("{}:one", layout.display()), "bundle"], &at);
    let theirs = of(&at.join("bundle/rootfs"));
    let sources: [(&str, &dyn Fn() -> PathBuf); 7] = [
        ("folder", &|| root.to_owned()),
        ("gz", &|| compressed(whole, &["gzip", "-1"], "gz")),
        ("xz", &|| compressed(whole, &["xz", "-0", "-T2"], "xz")),
        ("zst", &|| compressed(whole, &["zstd", "-q", "-1"], "zst")),
        ("oci", &|| layout.clone()),
        ("docker", &|| docker(&[whole.to_owned()], &at)),
        ("crane", &|| crane(whole, &at)),
    ];
    for (name, source) in sources {
        home.import(&source(), name);
        assert_same(&format!("{name} of {}", root.display()), &of(&home.root(name)), &theirs);
        starts(home, name);
        home.well(&["rootfs", "rm", name]);
    }
    assert_eq!(home.on_shelf(), ["lock"]);
}

#[test]
fn a_busybox_is_the_same_however_it_comes() {
    if !nix::unistd::geteuid().is_root() || !has("a busybox in all forms", &["umoci", "busybox", "xz", "zstd", "tar"]) {
        return;
    }
    let home = Home::of(Who::Root);
    let root = busybox(&home.sources());
    let whole = home.sources().join("busybox.tar");
    tar(&root, &whole);
    in_all_forms(&home, &root, &whole, &|home, name| {
        let said = home.well(&["run", "--rootfs", name, "--entrypoint", "cat", "--", "/etc/os-release"]);
        assert!(said.contains("Busybox for tests"), "{name}: {said}");
        let stat = ["run", "--rootfs", name, "--entrypoint", "stat", "--", "-c", "%u:%g %a", "/etc/shadow"];
        assert_eq!(home.well(&stat), "0:42 640\n", "{name}");
    });
}

#[test]
fn a_debian_is_the_same_however_it_comes() {
    if !nix::unistd::geteuid().is_root() || !has("a Debian in all forms", &["umoci", "xz", "zstd", "tar"]) {
        return;
    }
    let Some(whole) = debian() else {
        let strict = std::env::var("UNHA_NO_SKIP").is_ok_and(|value| value == "1");
        assert!(!strict, "tests/rootfs/debian.sh has made no Debian");
        return aloud("SKIP a Debian in all forms: tests/rootfs/debian.sh makes one");
    };
    let home = Home::of(Who::Root);
    let root = home.sources().join("debian");
    fs::create_dir(&root).unwrap();
    let near = home.sources().join("debian.tar");
    fs::hard_link(&whole, &near).or_else(|_| fs::copy(&whole, &near).map(drop)).unwrap();
    let words = ["tar", "--numeric-owner", "--xattrs", "--xattrs-include=*", "-xpf", near.to_str().unwrap()];
    tool(&[&words[..], &["-C", root.to_str().unwrap()]].concat(), Path::new("/"));
    in_all_forms(&home, &root, &near, &|home, name| {
        let said = home.well(&["run", "--pid", "--uts", "--rootfs", name, "--entrypoint", "dpkg", "--", "--version"]);
        assert!(said.contains("Debian"), "{name}: {said}");
    });
}

/// Three layers: a file that is changed, one that is taken away, a folder that is emptied and filled anew.
fn layers(at: &Path) -> [PathBuf; 3] {
    let root = busybox(at);
    let [lowest, middle, top] = ["0.tar", "1.tar", "2.tar"].map(|name| at.join(name));
    tar(&root, &lowest);
    let other = at.join("other");
    fs::create_dir_all(other.join("etc")).unwrap();
    fs::create_dir_all(other.join("srv")).unwrap();
    fs::write(other.join("etc/os-release"), "PRETTY_NAME=changed\n").unwrap();
    fs::write(other.join("usr-is-gone"), "").unwrap();
    fs::write(other.join(".wh.usr"), "").unwrap();
    fs::write(other.join("srv/.wh..wh..opq"), "").unwrap();
    fs::write(other.join("srv/new"), "new").unwrap();
    tar(&other, &middle);
    fs::remove_dir_all(&other).unwrap();
    fs::create_dir_all(other.join("etc")).unwrap();
    fs::write(other.join("etc/.wh.shadow"), "").unwrap();
    fs::write(other.join("top"), "top").unwrap();
    tar(&other, &top);
    [lowest, middle, top]
}

#[test]
fn layers_are_one_tree_and_can_be_told_apart() {
    if !has("layers", &["busybox", "tar", "umoci"]) {
        return;
    }
    for who in Who::all("layers") {
        let home = Home::of(who);
        let at = home.sources();
        let layers = layers(&at);
        let layout = oci(&layers, &at);
        home.import(&layout, "layers");
        home.import(&docker(&layers, &at), "saved");
        if who == Who::Root {
            tool(&["umoci", "unpack", "--image", &format!("{}:one", layout.display()), "bundle"], &at);
            let theirs = of(&at.join("bundle/rootfs"));
            assert_same("the layers of an OCI image", &of(&home.root("layers")), &theirs);
            assert_same("those of a docker archive", &of(&home.root("saved")), &theirs);
        }
        let ls = "cd /; ls etc srv; ls -d usr* top; cat etc/os-release";
        let whole = home.well(&["run", "--rootfs", "layers", "--", "-c", ls]);
        assert!(whole.contains("new") && whole.contains("changed") && !whole.contains("shadow"), "{who:?}: {whole}");
        let apart = ["run", "--rootfs", "layers", "--rootfs-layers", "--", "-c"];
        let said = home.well(&[&apart[..], &[ls]].concat());
        assert_eq!(said, whole, "{who:?}: mounted one by one they are the same");
        let mounts = home.well(&[&apart[..], &["head -1 /proc/mounts || cat /proc/mounts"]].concat());
        assert!(mounts.contains("lowerdir=2:1:0,"), "{who:?}: {mounts}");
        for (path, said) in [
            ("/bin/sh", "layer 0"),
            ("/etc/os-release", "layer 1"),
            ("/top", "layer 2"),
            ("/etc/shadow", "taken away by layer 2"),
            ("/usr/bin/su", "taken away by layer 1"),
            ("/srv/linked", "taken away by layer 1"),
            ("/srv/new", "layer 1"),
        ] {
            let told = home.well(&["rootfs", "show", "layers", path]);
            assert!(told.contains(&format!("{path}: {said}")), "{who:?}: {told}");
        }
        home.well(&["rootfs", "rm", "layers", "saved"]);
        assert_eq!(home.on_shelf(), ["lock"], "{who:?}");
    }
}

#[test]
fn an_image_is_started_as_it_wants_to_be() {
    if !has("an image's own command", &["busybox", "tar"]) {
        return;
    }
    for who in Who::all("an image's own command") {
        let home = Home::of(who);
        let at = home.sources();
        tar(&busybox(&at), &at.join("0.tar"));
        home.import(&docker(&[at.join("0.tar")], &at), "image");
        assert_eq!(home.well(&["run", "--rootfs", "image"]), "/srv/work\nhi there\n", "{who:?}");
        assert_eq!(home.well(&["run", "--rootfs", "image", "--", "-c", "echo other"]), "other\n", "{who:?}");
        assert_eq!(home.well(&["run", "--rootfs", "image", "--entrypoint", "pwd"]), "/srv/work\n", "{who:?}");
        let shown = home.well(&["rootfs", "show", "image"]);
        for line in ["GREETING=hi there", "/srv/work", "\"/bin/sh\"", "layer 0", "Busybox for tests"] {
            assert!(shown.contains(line), "{who:?}: {line}: {shown}");
        }
        let json: serde_json::Value = serde_json::from_str(&home.well(&["rootfs", "list", "--json"])).unwrap();
        let row = json["rootfs"].as_array().unwrap().iter().find(|row| row["name"] == "image").unwrap();
        assert_eq!(row["config"]["workdir"], "/srv/work");
        assert_eq!(row["owners_kept"], who != Who::Single);
        // The name comes from the image where nobody gives one.
        let said = home.well(&["rootfs", "import", at.join("saved.tar").to_str().unwrap()]);
        assert!(said.contains("imported: tested-1.0,"), "{who:?}: {said}");
        home.well(&["rootfs", "rm", "tested-1.0", "image"]);
    }
}

#[test]
fn owners_are_those_of_the_source_where_there_are_ids_for_them() {
    if !has("owners", &["busybox", "tar"]) {
        return;
    }
    for who in Who::all("owners") {
        if !nix::unistd::geteuid().is_root() {
            continue; // then nothing has another owner to begin with
        }
        let home = Home::of(who);
        let at = home.sources();
        tar(&busybox(&at), &at.join("owned.tar"));
        home.import(&at.join("owned.tar"), "owned");
        let tree = of(&home.root("owned"));
        let owner = |path: &str| tree[Path::new(path)].owner;
        assert_eq!(owner("etc/passwd"), (who.id(0), who.id(0)), "{who:?}");
        let kept = who != Who::Single;
        let own = who.id(0);
        assert_eq!(owner("etc/shadow"), (own, if kept { who.id(42) } else { own }), "{who:?}");
        assert_eq!(owner("srv"), if kept { (who.id(101), who.id(102)) } else { (own, own) }, "{who:?}");
        let setuid = tree[Path::new("usr/bin/su")].mode & 0o4000 != 0;
        assert_eq!(setuid, kept, "{who:?}: a setuid program of the user's own would be one of theirs for all");
        let said = home.well(&["run", "--rootfs", "owned", "--", "stat", "-c", "%u:%g", "/srv", "/etc/shadow"]);
        assert_eq!(said, if kept { "101:102\n0:42\n" } else { "0:0\n0:0\n" }, "{who:?}");
        let shown = home.well(&["rootfs", "show", "owned"]);
        assert!(shown.contains(if kept { "as in the source" } else { "all files are yours" }), "{who:?}: {shown}");
        home.well(&["rootfs", "rm", "owned"]);
    }
}
