//! What an image says of itself, beside `unha run`: in what is exported, in `show`, under sudo; and what is told of an
//! import where nobody watches.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::image::{busybox, docker, tar};
use crate::place::{Home, Who, has};

pub fn said(done: &Output) -> [String; 2] {
    [&done.stdout, &done.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}

/// An image with an entrypoint, a folder and variables of its own, imported as `tested`.
fn import(home: &Home) {
    let whole = home.sources().join("box.tar");
    tar(&busybox(&home.sources()), &whole);
    home.import(&docker(&[whole], &home.sources()), "tested");
}

#[test]
fn a_bundle_starts_what_is_shown_and_keeps_whose_files_they_are() {
    if !has("bundles of images", &["busybox", "tar"]) {
        return;
    }
    for who in Who::all("bundles of images") {
        let home = Home::of(who);
        import(&home);
        for (number, (more, args)) in [
            (&["--entrypoint", "sh"][..], &["sh"][..]),
            (&["--", "-c", "true"], &["/bin/sh", "-c", "true"]),
            (&["id"], &["/bin/sh", "id"]),
            (&[], &["/bin/sh", "-c", "pwd; echo $GREETING"]),
        ]
        .into_iter()
        .enumerate()
        {
            let bundle = home.dir.path().join("run").join(number.to_string());
            let words = ["--lang", "en", "export", "oci", bundle.to_str().unwrap(), "--pid", "--rootfs", "tested"];
            let said = home.well(&[&words[..], more].concat());
            let text = fs::read_to_string(bundle.join("config.json")).unwrap();
            let config: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(config["process"]["args"], serde_json::json!(args), "{who:?} {more:?}");
            assert_eq!(config["process"]["cwd"], "/srv/work", "{who:?}");
            let env = config["process"]["env"].as_array().unwrap();
            assert!(env.contains(&"GREETING=hi there".into()), "{who:?} {env:?}");
            let is = fs::symlink_metadata(bundle.join("rootfs/etc/shadow")).unwrap();
            let group = if who == Who::Single { 0 } else { 42 };
            assert_eq!((is.uid(), is.gid()), (who.id(0), who.id(group)), "{who:?}");
            assert_eq!(said.contains("--map-auto rm -r"), who == Who::Range, "{who:?}: {said}");
        }
        // What cannot be written leaves nothing, whosever the files are.
        let run = home.dir.path().join("run");
        fs::create_dir(run.join("taken")).unwrap();
        fs::write(run.join("taken/file"), "").unwrap();
        let taken = run.join("taken");
        let done = home.run(&["export", "oci", taken.to_str().unwrap(), "--rootfs", "tested"]);
        assert_eq!(done.status.code(), Some(2), "{:?}", said(&done));
        let left: Vec<_> = fs::read_dir(&run).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".unha-")), "{left:?}");
        home.well(&["rootfs", "rm", "tested"]);
    }
}

#[test]
fn under_sudo_the_shelf_of_whoever_called_it_is_told() {
    if !nix::unistd::geteuid().is_root() || !has("the caller's shelf", &["busybox", "tar"]) {
        return;
    }
    let home = Home::of(Who::Single);
    import(&home);
    let root = tempfile::tempdir().unwrap();
    let sudo = |words: &[&str]| {
        let mut command = Command::new(home.dir.path().join("unha"));
        command.args(words).env("SUDO_UID", "1000").env("SUDO_GID", "1000").env("HOME", root.path());
        command.env("XDG_DATA_HOME", home.dir.path().join("data")).env("XDG_CACHE_HOME", root.path().join("cache"));
        command.env("UNHA_RECORDS", root.path().join("run")).env("UNHA_SCOPE", "as-it-is").stdin(Stdio::null());
        command.output().unwrap()
    };
    let files = home.root("tested");
    let files = files.to_str().unwrap();
    for (lang, list, run) in
        [("en", "on another shelf: tested", "`tested` is "), ("pt-BR", "em outra prateleira: tested", "`tested` é de ")]
    {
        let [listed, _] = said(&sudo(&["--lang", lang, "rootfs", "list"]));
        assert!(listed.contains(list), "{listed}");
        let done = sudo(&["--lang", lang, "run", "--rootfs", "tested", "--", "true"]);
        let [_, refused] = said(&done);
        assert_eq!(done.status.code(), Some(125), "{refused}");
        assert!(refused.contains(run) && refused.contains(&format!("--rootfs {files}")), "{refused}");
        let [_, refused] = said(&sudo(&["--lang", lang, "rootfs", "show", "tested"]));
        assert!(refused.contains(run), "{refused}");
        let [_, refused] = said(&sudo(&["--lang", lang, "rootfs", "rm", "tested"]));
        assert!(refused.contains(run) && refused.contains("unha rootfs rm tested"), "{refused}");
        assert!(!refused.contains("import"), "{refused}");
    }
    // The command that is named is one.
    let done = sudo(&["run", "--rootfs", files, "--", "cat", "/etc/os-release"]);
    assert!(said(&done)[0].contains("Busybox for tests"), "{:?}", said(&done));
    // Nothing of it for root that nobody has called, and for a name that nobody has.
    let [_, refused] = said(&sudo(&["--lang", "en", "run", "--rootfs", "other", "--", "true"]));
    assert!(refused.contains("neither a folder nor the name"), "{refused}");
}

#[test]
fn where_nobody_watches_an_import_says_that_it_begins_and_ends() {
    if !has("an import into a pipe", &["busybox", "tar"]) {
        return;
    }
    for who in Who::all("an import into a pipe") {
        let home = Home::of(who);
        let whole = home.sources().join("box.tar");
        tar(&busybox(&home.sources()), &whole);
        let [out, err] = said(&home.run(&["--lang", "en", "rootfs", "import", "/nowhere.tar", "--name", "x"]));
        assert_eq!((out.as_str(), err.lines().count()), ("", 1), "{who:?}: {err}");
        assert!(err.contains("does not exist") && !err.contains("every file will be yours"), "{who:?}: {err}");
        for (lang, begins, ends, mine) in [
            ("en", "importing: box, from ", "imported: box, ", "every file will be yours"),
            ("pt-BR", "importando: box, de ", "importado: box, ", "todos os arquivos vão ser seus"),
        ] {
            let words = ["--lang", lang, "rootfs", "import", whole.to_str().unwrap(), "--replace"];
            let [out, err] = said(&home.run(&words));
            assert!(out.starts_with(ends), "{who:?}: {out}");
            assert_eq!(err.contains(mine), who == Who::Single, "{who:?}: {err}");
            let lines: Vec<&str> = err.lines().filter(|line| !line.contains(mine)).collect();
            assert!(matches!(lines[..], [line] if line.starts_with(begins)), "{who:?}: {err}");
        }
    }
}

#[test]
fn what_was_changed_is_not_said_to_be_left_out() {
    if !nix::unistd::geteuid().is_root() || !has("what was changed", &["busybox", "tar"]) {
        return;
    }
    let home = Home::of(Who::Single);
    import(&home);
    for (lang, changed, left_out, owners) in [
        ("en", "changed", "left out", "files of others that are yours here"),
        ("pt-BR", "mudou", "ficou fora", "arquivos de outros que aqui são seus"),
    ] {
        let shown = home.well(&["--lang", lang, "rootfs", "show", "tested"]);
        let line = shown.lines().find(|line| line.contains(owners)).unwrap();
        assert!(line.starts_with(changed), "{shown}");
        assert!(shown.lines().any(|line| line.starts_with(left_out) && !line.contains(owners)), "{shown}");
    }
}

/// The folder of a busybox whose name is several folders and an option to overlayfs.
fn of_a_strange_name(home: &Home) -> PathBuf {
    let strange = home.sources().join("a:b,c=d");
    fs::rename(busybox(&home.sources()), &strange).unwrap();
    strange
}

#[test]
fn the_script_takes_a_root_of_any_name() {
    if !nix::unistd::geteuid().is_root() || !has("a root of a strange name", &["busybox", "unshare", "pivot_root"]) {
        return;
    }
    let home = Home::of(Who::Root);
    let strange = of_a_strange_name(&home);
    // What the script takes from the new root, at its end.
    for name in ["umount", "env", "mkdir"] {
        let _ = std::os::unix::fs::symlink("busybox", strange.join("bin").join(name));
    }
    let words = ["export", "shell", "--pid", "--rootfs", strange.to_str().unwrap(), "--", "cat", "/etc/os-release"];
    let script = home.well(&words);
    let done = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(said(&done)[0].contains("Busybox for tests"), "{:?}\n{script}", said(&done));
}

#[test]
fn what_bwrap_has_no_folder_for_is_said() {
    if !nix::unistd::geteuid().is_root() || !has("bwrap without folders", &["busybox", "bwrap"]) {
        return;
    }
    let home = Home::of(Who::Root);
    let strange = of_a_strange_name(&home);
    fs::set_permissions(&strange, fs::Permissions::from_mode(0o755)).unwrap();
    let root = strange.to_str().unwrap();
    let words = ["--lang", "en", "export", "bwrap", "--pid", "--rootfs", root, "--", "cat", "/etc/os-release"];
    let [script, lacks] = said(&home.run(&words));
    let make = format!("mkdir {root}/proc {root}/sys {root}/dev");
    assert!(script.replace('\'', "").contains(&make), "{script}");
    assert!(lacks.lines().any(|line| line.contains("first the mkdir of the remark")), "{lacks}");
    let runs = |script: &str| Command::new("sh").args(["-c", script]).output().unwrap();
    assert!(!runs(&script).status.success(), "it goes without:\n{script}");
    // The remark is the line that mends it; then there is none.
    let line = script.lines().find(|line| line.contains("mkdir")).unwrap().rsplit(": ").next().unwrap();
    assert!(runs(line).status.success() && strange.join("sys").is_dir(), "{line}");
    assert!(said(&runs(&script))[0].contains("Busybox for tests"), "{:?}\n{script}", said(&runs(&script)));
    let [script, lacks] = said(&home.run(&words));
    assert!(!script.contains("mkdir") && !lacks.contains("it lacks a folder"), "{script}{lacks}");
    assert!(Path::new(root).join("dev").is_dir());
}
