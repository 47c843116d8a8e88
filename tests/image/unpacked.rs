//! Honest archives in all their forms, held against what is in them and against `tar -x`.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, symlink};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use unha::image::archive::{ImportError, Kind, Looks, Wanted, open, open_wanted};
use unha::image::unpack::{But, How, Limits, Owners, Progress, unpack, unpack_as};

use crate::ball::{Ball, configuration, docker, gzip, oci, sha256};
use crate::sandbox::{Sandbox, again, as_both, is_root, is_there, mode, seen};
use crate::start;

/// Runs a tool; false when it is not there.
fn tool(words: &[&str], folder: &Path) -> bool {
    let done = start(Command::new(words[0]).args(&words[1..]).current_dir(folder)).and_then(Child::wait_with_output);
    if done.as_ref().is_ok_and(|done| done.status.success()) {
        return true;
    }
    assert!(std::env::var_os("UNHA_NO_SKIP").is_none(), "SKIP: {words:?}: {done:?}");
    eprintln!("SKIP: {words:?}: {done:?}");
    false
}

/// A small system with all that a tar can carry.
fn system(at: &Path) {
    fs::create_dir_all(at.join("usr/bin")).unwrap();
    symlink("usr/bin", at.join("bin")).unwrap();
    fs::write(at.join("usr/bin/sh"), "#!/bin/true\n").unwrap();
    fs::hard_link(at.join("usr/bin/sh"), at.join("usr/bin/dash")).unwrap();
    let long = format!("usr/{}/{}", "long".repeat(30), "name".repeat(40));
    fs::create_dir_all(at.join(&long)).unwrap();
    fs::write(at.join(&long).join("não"), vec![7; 100_000]).unwrap();
    let holes = fs::File::create(at.join("holes")).unwrap();
    holes.set_len(3 << 20).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&holes, b"middle", 1 << 20).unwrap();
    fs::create_dir(at.join("closed")).unwrap();
    fs::write(at.join("closed/file"), "in a folder that nobody may write to").unwrap();
    for (path, mode) in [("usr/bin/sh", 0o755), ("closed/file", 0o440), ("closed", 0o555), ("", 0o711)] {
        fs::set_permissions(at.join(path), std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    }
    assert!(tool(&["mkfifo", "-m", "600", "pipe"], at));
}

#[test]
fn every_kind_of_tar_is_unpacked_as_tar_does_it() {
    as_both("unpacked::every_kind_of_tar_is_unpacked_as_tar_does_it", || {
        for (number, (format, pack)) in [
            ("gnu", None),
            ("posix", None),
            ("ustar", None),
            ("gnu", Some("gzip")),
            ("posix", Some("xz")),
            ("gnu", Some("zstd")),
        ]
        .into_iter()
        .enumerate()
        {
            let at = Sandbox::new();
            let (from, by_tar) = (at.path("from"), at.path("by-tar"));
            fs::create_dir_all(&from).unwrap();
            fs::create_dir(&by_tar).unwrap();
            system(&from);
            if format == "ustar" {
                // Its names end at 255 bytes.
                fs::remove_dir_all(from.join("usr").join("long".repeat(30))).unwrap();
            }
            let format = format!("--format={format}");
            let mut words = vec!["tar", "-c", "-f", "../archive", &format, "."];
            if number != 2 {
                words.insert(1, "-S");
            }
            assert!(tool(&words, &from));
            assert!(tool(&["tar", "-x", "-p", "-f", "../archive"], &by_tar));
            if let Some(pack) = pack {
                assert!(tool(&[pack, "-q", "archive"], at.place.path()));
                let packed = fs::read_dir(at.place.path()).unwrap().map(|entry| entry.unwrap().path());
                let packed = packed.into_iter().find(|path| path.extension().is_some()).unwrap();
                fs::rename(packed, at.path("archive")).unwrap();
            }
            let source = open(&at.path("archive")).unwrap();
            assert_eq!((source.kind, source.layers.len()), (Kind::Tar, 1));
            let done = at.unpack(&at.path("archive")).unwrap();
            assert_eq!(seen(&at.root("")), seen(&by_tar), "{words:?} {pack:?}");
            assert_eq!((done.layers, &done.but), (0, &But::default()));
            let folders = ["", "closed", "usr"].map(|path| at.root(path).metadata().unwrap().mtime());
            assert_eq!(folders, ["", "closed", "usr"].map(|path| by_tar.join(path).metadata().unwrap().mtime()));
            assert_eq!(at.root("usr/bin/dash").metadata().unwrap().nlink(), 2);
            assert_eq!(mode(&at.root("")), 0o711);
            if number != 2 {
                assert!(at.root("holes").metadata().unwrap().blocks() < 1000, "the holes are holes");
            }
        }
    });
}

#[test]
fn a_folder_is_copied_as_tar_would_do_it() {
    as_both("unpacked::a_folder_is_copied_as_tar_would_do_it", || {
        let at = Sandbox::new();
        let from = at.path("from");
        fs::create_dir(&from).unwrap();
        system(&from);
        assert_eq!(open(&from).unwrap().kind, Kind::Folder);
        let done = at.unpack(&from).unwrap();
        assert_eq!(seen(&at.root("")), seen(&from));
        assert_eq!(done.but, But::default());
        assert!(at.root("holes").metadata().unwrap().blocks() < 1000);
        assert_eq!(at.root("usr/bin/dash").metadata().unwrap().nlink(), 2);
        assert_eq!(at.root("usr").metadata().unwrap().mtime(), from.join("usr").metadata().unwrap().mtime());
    });
}

/// What a folder is unpacked into may be in it.
#[test]
fn a_folder_that_holds_the_target_is_copied_without_it() {
    let at = Sandbox::new();
    fs::create_dir(at.path("bin")).unwrap();
    unpack(&open(at.place.path()).unwrap(), &at.path("into"), at.owners, &mut |_| {}).unwrap();
    assert!(at.root("bin").is_dir() && at.root("outside/secret").is_file() && !at.root("into").exists());
}

/// Three layers, with all that a layer can say about those below.
fn layers() -> Vec<Vec<u8>> {
    let bottom = Ball::new().folder("etc").file("etc/a", b"a0").file("etc/b", b"b0").file("etc/c", b"c0");
    let bottom =
        bottom.folder("d").file("d/one", b"1").file("d/two", b"2").symlink("l", "etc").file("gone/deep/x", b"x");
    let middle =
        Ball::new().file("etc/a", b"a1").file("etc/.wh.b", b"").file("d/new", b"n").file("d/.wh..wh..opq", b"");
    let middle =
        middle.file(".wh.gone", b"").file("l/through", b"t").link("etc/hard", "etc/c").file(".wh..wh.plnk", b"");
    let top = Ball::new().file("etc/b", b"b2").folder("gone").file("gone/back", b"y").file("etc/.wh.none", b"");
    let top = top.file("etc/keep", b"k").file("etc/.wh.keep", b"");
    vec![bottom.end(), gzip(&middle.end()), top.end()]
}

fn holds_what_layers_say(at: &Sandbox) {
    let text = |path: &str| fs::read_to_string(at.root(path)).unwrap_or_default();
    let files = ["etc/a", "etc/b", "etc/c", "etc/hard", "d/new", "gone/back", "etc/through", "etc/keep"];
    assert_eq!(files.map(text), ["a1", "b2", "c0", "c0", "n", "y", "t", "k"]);
    for gone in ["d/one", "d/two", "gone/deep", "etc/.wh.b", "d/.wh..wh..opq", ".wh..wh.plnk", "etc/.wh.none"] {
        assert!(!is_there(&at.root(gone)), "{gone}");
    }
    assert!(at.root("l").is_symlink());
    let layer = |path: &str| at.path("into/layers").join(path);
    let whiteout = |path: &str| {
        let is = layer(path).symlink_metadata().unwrap();
        is.file_type().is_char_device() && is.rdev() == 0
    };
    assert!(whiteout("1/etc/b") && whiteout("1/gone") && !is_there(&layer("2/etc/none")));
    let opaque = |path: &str| {
        let mut value = [0; 8];
        let name = if is_root() { "trusted.overlay.opaque" } else { "user.overlay.opaque" };
        rustix::fs::getxattr(layer(path), name, &mut value[..]).is_ok_and(|length| value[..length] == *b"y")
    };
    assert!(opaque("1/d") && !opaque("1/etc") && !opaque("0/d"));
    assert_eq!(fs::read(layer("0/etc/a")).unwrap(), b"a0");
    assert_eq!(fs::read(layer("1/etc/through")).unwrap(), b"t");
    let inode = |path: &Path| path.symlink_metadata().unwrap().ino();
    assert_eq!(inode(&layer("1/etc/a")), inode(&at.root("etc/a")), "one file, two names");
    assert_eq!(fs::metadata(layer("1/etc")).unwrap().mode(), fs::metadata(at.root("etc")).unwrap().mode());
}

#[test]
fn layers_lie_over_each_other() {
    as_both("unpacked::layers_lie_over_each_other", || {
        let at = Sandbox::new();
        let layout = at.path("layout");
        oci(&layout, &layers(), "v1");
        let source = open(&layout).unwrap();
        assert_eq!((source.kind, source.layers.len(), source.tag.as_deref()), (Kind::Oci, 3, Some("v1")));
        assert_eq!(source.config.env, ["PATH=/bin", "A=b"]);
        assert_eq!((&*source.config.user, &*source.config.workdir), ("1:2", "/w"));
        assert_eq!((source.config.entrypoint, source.config.cmd), (vec!["/bin/sh".to_owned()], vec![]));
        assert_eq!(at.unpack(&layout).unwrap().layers, 3);
        holds_what_layers_say(&at);
        overlay_shows_the_same(&at);
    });
}

/// The kernel's own overlay over the layers is the merged tree; only root may mount one here.
fn overlay_shows_the_same(at: &Sandbox) {
    if !is_root() {
        return;
    }
    let lowers: Vec<String> = (0..3).rev().map(|number| at.text(&format!("into/layers/{number}"))).collect();
    fs::create_dir(at.path("mnt")).unwrap();
    let script = format!(
        "mount -t overlay overlay -o lowerdir={} {m} && cp -a {m} {copy}",
        lowers.join(":"),
        m = at.text("mnt"),
        copy = at.text("copy"),
    );
    if tool(&["unshare", "-m", "sh", "-c", &script], at.place.path()) {
        assert_eq!(seen(&at.path("copy")), seen(&at.root("")));
    }
}

#[test]
fn an_image_may_be_in_a_tar_compressed_or_not() {
    for pack in [false, true] {
        let at = Sandbox::new();
        let layout = at.path("layout");
        oci(&layout, &layers(), "v1");
        assert!(tool(&["tar", "-c", "-f", "../archive", "."], &layout));
        let plain = fs::read(at.path("archive")).unwrap();
        let source = at.give(&if pack { gzip(&plain) } else { plain });
        assert_eq!(open(&source).unwrap().kind, Kind::Oci);
        at.unpack(&source).unwrap();
        holds_what_layers_say(&at);
    }
}

#[test]
fn what_docker_saves_is_known_by_its_content() {
    as_both("unpacked::what_docker_saves_is_known_by_its_content", || {
        let at = Sandbox::new();
        let mut layers = layers();
        layers[1] = Ball::new().file("etc/a", b"a1").file("etc/.wh.b", b"").end();
        let source = at.give(&docker(&layers, "debian:12"));
        let opened = open(&source).unwrap();
        assert_eq!((opened.kind, opened.layers.len(), opened.tag.as_deref()), (Kind::Docker, 3, Some("debian:12")));
        at.unpack(&source).unwrap();
        assert_eq!(fs::read(at.root("etc/a")).unwrap(), b"a1");
    });
}

/// Only an image has layers: elsewhere it is a name like any other.
#[test]
fn a_whiteout_is_one_in_images_alone() {
    as_both("unpacked::a_whiteout_is_one_in_images_alone", || {
        let at = Sandbox::new();
        let tar = Ball::new().file("a", b"a").file(".wh.x", b"").end();
        oci(&at.path("layout"), std::slice::from_ref(&tar), "t");
        fs::write(at.path("saved"), docker(std::slice::from_ref(&tar), "t")).unwrap();
        fs::create_dir(at.path("folder")).unwrap();
        fs::write(at.path("folder/a"), "a").unwrap();
        fs::write(at.path("folder/.wh.x"), "").unwrap();
        at.give(&tar);
        for (source, kept) in [("layout", false), ("saved", false), ("folder", true), ("archive", true)] {
            assert_eq!(at.unpack(&at.path(source)).unwrap().layers, 0);
            assert_eq!(fs::read(at.root("a")).unwrap(), b"a");
            assert_eq!(is_there(&at.root(".wh.x")), kept, "{source}");
            fs::remove_dir_all(at.root("")).unwrap();
        }
    });
}

/// Before version 1.10 two images had one layer as a file and a link to it.
#[test]
fn a_layer_may_be_a_link_to_another() {
    let at = Sandbox::new();
    let layer = Ball::new().file("a", b"a").end();
    let config = configuration(&[layer.clone(), layer.clone()]).to_string();
    let (one, two) = ("1".repeat(64), "2".repeat(64));
    let manifest = format!(
        r#"[{{"Config":"{}.json","RepoTags":null,"Layers":["{one}/layer.tar","{two}/layer.tar"]}}]"#,
        sha256(config.as_bytes())
    );
    let ball = Ball::new().file(&format!("{one}/layer.tar"), &layer);
    let ball = ball.symlink(&format!("{two}/layer.tar"), &format!("../{one}/layer.tar"));
    let ball = ball.file(&format!("{}.json", sha256(config.as_bytes())), config.as_bytes());
    at.unpack(&at.give(&ball.file("manifest.json", manifest.as_bytes()).end())).unwrap();
    assert_eq!(fs::read(at.path("into/layers/1/a")).unwrap(), b"a");
}

#[test]
fn among_several_images_one_must_be_named() {
    let at = Sandbox::new();
    let layout = at.path("layout");
    oci(&layout, &[Ball::new().file("a", b"1").end()], "one");
    oci(&layout, &[Ball::new().file("a", b"2").end()], "two");
    let Err(ImportError::Choose { choices, .. }) = open(&layout) else { panic!("one was taken") };
    assert_eq!(choices, ["one", "two"]);
    at.unpack(Path::new(&at.text("layout:two"))).unwrap();
    assert_eq!(fs::read(at.root("a")).unwrap(), b"2");
    let wanted = Wanted { name: Some("three".to_owned()), platform: None };
    assert!(matches!(open_wanted(&layout, &wanted), Err(ImportError::Choose { .. })));
}

/// As newer versions of Docker save: an index in the index, other platforms named and not there, and what attests.
#[test]
fn an_index_within_the_index_is_looked_into() {
    let at = Sandbox::new();
    let layout = at.path("layout");
    oci(&layout, &[Ball::new().file("a", b"a").end()], "t");
    let index: serde_json::Value = serde_json::from_slice(&fs::read(layout.join("index.json")).unwrap()).unwrap();
    let mut here = index["manifests"][0].clone();
    here.as_object_mut().unwrap().remove("annotations");
    let (mut other, mut attests) = (here.clone(), here.clone());
    other["digest"] = format!("sha256:{}", "1".repeat(64)).into();
    other["platform"] = serde_json::json!({ "os": "linux", "architecture": "other" });
    attests["platform"] = serde_json::json!({ "os": "unknown", "architecture": "unknown" });
    let inner = serde_json::json!({ "schemaVersion": 2, "manifests": [other, attests, here] }).to_string();
    fs::write(layout.join("blobs/sha256").join(sha256(inner.as_bytes())), &inner).unwrap();
    let outer = serde_json::json!({ "schemaVersion": 2, "manifests": [{
        "mediaType": "application/vnd.oci.image.index.v1+json", "size": inner.len(),
        "digest": format!("sha256:{}", sha256(inner.as_bytes())),
        "annotations": { "io.containerd.image.name": "docker.io/library/a:1", "org.opencontainers.image.ref.name": "1" },
    }] });
    fs::write(layout.join("index.json"), outer.to_string()).unwrap();
    let source = open(Path::new(&at.text("layout:1"))).unwrap();
    assert_eq!(source.tag.as_deref(), Some("docker.io/library/a:1"));
    at.unpack(&layout).unwrap();
    assert_eq!(fs::read(at.root("a")).unwrap(), b"a");
}

#[test]
fn an_image_of_another_machine_is_taken_only_when_asked_for() {
    let at = Sandbox::new();
    let layer = Ball::new().file("a", b"a").end();
    let config = configuration(std::slice::from_ref(&layer)).to_string();
    let config = config.replace("\"amd64\"", "\"other\"").replace("\"arm64\"", "\"other\"");
    let ball = Ball::new().file(&format!("{}.json", sha256(config.as_bytes())), config.as_bytes());
    let manifest = format!(r#"[{{"Config":"{}.json","Layers":["l.tar"]}}]"#, sha256(config.as_bytes()));
    let ball =
        ball.file("blobs/l.tar", &layer).file("manifest.json", manifest.replace("l.tar", "blobs/l.tar").as_bytes());
    let source = at.give(&ball.end());
    let Err(ImportError::Choose { choices, .. }) = open(&source) else { panic!("it was taken") };
    assert_eq!(choices, ["@linux/other"]);
    at.unpack(Path::new(&at.text("archive:@linux/other"))).unwrap();
}

#[test]
fn what_is_no_source_is_said_to_be_none() {
    let at = Sandbox::new();
    assert!(matches!(open(&at.path("none")), Err(ImportError::NotThere(_))));
    assert!(matches!(open(Path::new("/dev/null")), Err(ImportError::Unknown { looks: Looks::NoFile, .. })));
    fs::create_dir(at.path("empty")).unwrap();
    assert!(matches!(open(&at.path("empty")), Err(ImportError::Empty(_))));
    assert!(matches!(open(&at.give(&Ball::new().end())), Err(ImportError::Empty(_))));
    for (content, looks) in [
        (b"".as_slice(), Looks::Nothing),
        (b"hello", Looks::Other),
        (&[b'x'; 4096], Looks::Other),
        (b"PK\x03\x04 and what follows", Looks::Format("zip")),
    ] {
        let done = open(&at.give(content));
        assert!(matches!(&done, Err(ImportError::Unknown { looks: is, .. }) if *is == looks), "{done:?}");
    }
    assert!(matches!(open(&at.give(&gzip(b"hello"))), Err(ImportError::Unknown { .. } | ImportError::Damaged { .. })));
}

#[test]
fn extended_attributes_and_capabilities_are_set_where_they_may_be() {
    as_both("unpacked::extended_attributes_and_capabilities_are_set_where_they_may_be", || {
        let at = Sandbox::new();
        // cap_net_raw+ep, as setcap(8) writes it; a newline in a value must not end it.
        let capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let pairs = [("SCHILY.xattr.user.note", b"a\nb".as_slice()), ("SCHILY.xattr.security.capability", &capability)];
        let done = at.unpack(&at.give(&Ball::new().pax(&pairs).file("ping", b"x").end())).unwrap();
        let mut value = [0; 64];
        let length = rustix::fs::getxattr(at.root("ping"), "user.note", &mut value[..]).unwrap();
        assert_eq!(&value[..length], b"a\nb");
        let length = rustix::fs::getxattr(at.root("ping"), "security.capability", &mut value[..]).unwrap_or(0);
        assert_eq!((length, done.but.xattrs), if is_root() { (20, 0) } else { (0, 1) });
    });
}

#[test]
fn progress_grows_to_the_total_and_an_interrupt_ends_it() {
    let at = Sandbox::new();
    let source = at.give(&Ball::new().file("a", &vec![1; 3 << 20]).file("b", b"b").end());
    let source = open(&source).unwrap();
    let mut told: Vec<Progress> = vec![];
    unpack(&source, &at.path("into"), at.owners, &mut |now| told.push(now)).unwrap();
    assert!(told.windows(2).all(|two| two[0].read <= two[1].read && two[0].entries <= two[1].entries));
    let last = told.last().unwrap();
    assert_eq!((Some(last.read), last.entries), (last.total, 2));
    assert!(told.len() > 10, "in pieces: {}", told.len());

    fs::create_dir(at.path("again")).unwrap();
    let stop = AtomicBool::new(false);
    let how = How { owners: Owners::Mine, limits: Limits::default(), stop: &stop };
    let mut after = 0;
    let done = unpack_as(&source, &at.path("again"), &how, &mut |_| {
        after += 1;
        stop.store(after == 3, Ordering::Relaxed);
    });
    assert!(matches!(done, Err(ImportError::Interrupted)), "{done:?}");
    assert_eq!(after, 3, "it went on");
}

/// A tmpfs of two megabytes, in a mount namespace of its own.
#[test]
fn a_full_disk_is_said_to_be_full() {
    const DISK: &str = "UNHA_TEST_DISK";
    const NAME: &str = "unpacked::a_full_disk_is_said_to_be_full";
    if std::env::var_os(DISK).is_some() {
        for (large, needs) in [(4 << 20, true), (1 << 20, false)] {
            let at = Sandbox::new();
            let into = Path::new("/mnt/into");
            fs::create_dir(into).unwrap();
            let ball =
                Ball::new().file("a", &vec![1; 900 << 10]).file("b", &vec![1; large]).file("c", &vec![1; 900 << 10]);
            let source = open(&at.give(&ball.end())).unwrap();
            let done = unpack(&source, into, at.owners, &mut |_| {});
            let Err(ImportError::NoSpace { free, needs: needed, entry }) = done else { panic!("{done:?}") };
            assert!(free < 2 << 20);
            assert_eq!((needed.is_some(), entry.as_slice()), (needs, if needs { b"b".as_slice() } else { b"c" }));
            fs::remove_dir_all(into).unwrap();
        }
        return;
    }
    if !is_root() {
        assert!(std::env::var_os("UNHA_NO_SKIP").is_none(), "SKIP: a tmpfs to fill: we are not root");
        eprintln!("SKIP: a tmpfs to fill: we are not root");
        return;
    }
    let mount = "mount -t tmpfs -o size=2m,mode=1777 tmpfs /mnt && exec \"$@\"";
    for user in [&["env"][..], &["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"]] {
        let words = [&["env", "UNHA_TEST_DISK=1", "unshare", "-m", "sh", "-c", mount, "sh"][..], user].concat();
        let done = again(&words, NAME);
        assert!(done.contains("1 passed"), "{done}");
    }
}

/// The folder of a running system: /proc is not copied.
#[test]
fn what_is_mounted_in_a_folder_stays_outside() {
    const NAME: &str = "unpacked::what_is_mounted_in_a_folder_stays_outside";
    if std::env::var_os("UNHA_TEST_MOUNTED").is_some() {
        let at = Sandbox::new();
        let done = unpack(&open(Path::new("/mnt")).unwrap(), &at.path("into"), at.owners, &mut |_| {}).unwrap();
        assert_eq!((done.but.mounts, done.entries), (1, 3));
        assert!(at.root("file").is_file() && at.root("proc").is_dir() && !at.root("proc/self").exists());
        return;
    }
    if !is_root() {
        assert!(std::env::var_os("UNHA_NO_SKIP").is_none(), "SKIP: a mount to leave out: we are not root");
        eprintln!("SKIP: a mount to leave out: we are not root");
        return;
    }
    let mount = "mount -t tmpfs tmpfs /mnt && echo >/mnt/file && mkdir /mnt/proc && mount --bind /proc /mnt/proc && exec \"$@\"";
    let done = again(&["env", "UNHA_TEST_MOUNTED=1", "unshare", "-m", "sh", "-c", mount, "sh"], NAME);
    assert!(done.contains("1 passed"), "{done}");
}

/// An inode has its number within its own file system only, and a file may be mounted from another one.
#[test]
fn files_of_two_file_systems_are_told_apart() {
    const NAME: &str = "unpacked::files_of_two_file_systems_are_told_apart";
    if std::env::var_os("UNHA_TEST_INODES").is_some() {
        let inode = |path: &str| fs::metadata(path).unwrap().ino();
        if inode("/mnt/a") != inode("/mnt/c") {
            // Before Linux 5.9 every tmpfs counts on where another has stopped.
            assert!(std::env::var_os("UNHA_NO_SKIP").is_none(), "SKIP: two files with one number: they have two");
            eprintln!("SKIP: two files with one number: they have two");
            return;
        }
        let at = Sandbox::new();
        unpack(&open(Path::new("/mnt")).unwrap(), &at.path("into"), at.owners, &mut |_| {}).unwrap();
        let text = |name: &str| fs::read_to_string(at.root(name)).unwrap();
        assert_eq!(["a", "b", "c"].map(text), ["one\n", "one\n", "two\n"]);
        assert_eq!(["a", "b", "c"].map(|name| at.root(name).metadata().unwrap().nlink()), [2, 2, 1]);
        return;
    }
    if !is_root() {
        assert!(std::env::var_os("UNHA_NO_SKIP").is_none(), "SKIP: a file to mount: we are not root");
        eprintln!("SKIP: a file to mount: we are not root");
        return;
    }
    let mount = "mount -t tmpfs tmpfs /mnt && echo one >/mnt/a && ln /mnt/a /mnt/b && mkdir /mnt/s && \
        mount -t tmpfs tmpfs /mnt/s && echo two >/mnt/s/a && ln /mnt/s/a /mnt/s/b && touch /mnt/c && \
        mount --bind /mnt/s/a /mnt/c && exec \"$@\"";
    let done = again(&["env", "UNHA_TEST_INODES=1", "unshare", "-m", "sh", "-c", mount, "sh"], NAME);
    assert!(done.contains("1 passed"), "{done}");
}

/// Before Linux 5.6, and where a container's seccomp profile knows no openat2: one name after the other.
#[test]
fn without_openat2_it_is_the_same() {
    as_both("unpacked::without_openat2_it_is_the_same", || {
        let with = Sandbox::new();
        let mut layers = layers();
        layers[1] = Ball::new().file("etc/a", b"a1").file("l/through", b"t").file("d/.wh..wh..opq", b"").end();
        layers
            .push(Ball::new().with(b'5', b"closed", b"", |header| header.set_mode(0o555)).file("closed/x", b"x").end());
        let source = with.give(&docker(&layers, "t"));
        with.unpack(&source).unwrap();
        let without = Sandbox::new();
        let there = std::thread::scope(|scope| {
            let run = || {
                let rules = [(libc::SYS_openat2, vec![])].into_iter().collect();
                let enosys = SeccompAction::Errno(libc::ENOSYS.cast_unsigned());
                let arch = std::env::consts::ARCH.try_into().unwrap();
                let filter = SeccompFilter::new(rules, SeccompAction::Allow, enosys, arch).unwrap();
                seccompiler::apply_filter(&BpfProgram::try_from(filter).unwrap()).unwrap();
                without.unpack(&source).map(|_| seen(&without.root("")))
            };
            scope.spawn(run).join().unwrap().unwrap()
        });
        assert_eq!(there, seen(&with.root("")));
        assert_eq!(mode(&without.root("closed")), 0o555);
    });
}
