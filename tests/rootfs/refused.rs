//! What is refused, and the sentence that says so, in both languages: each with the next thing to do.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::json;

use crate::image::{busybox, noise, sum, tar};
use crate::place::{Home, Who, has, tool};

fn said(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

/// The words end in that way, in English and in Portuguese, with that exit code.
#[track_caller]
fn refused(home: &Home, words: &[&str], code: i32, [en, pt]: [&str; 2]) {
    for (lang, expected) in [("en", en), ("pt-BR", pt)] {
        let done = home.run(&[&["--lang", lang], words].concat());
        let said = said(&done);
        assert_eq!(done.status.code(), Some(code), "{words:?}: {said}");
        assert!(said.contains(expected), "{words:?}: {said}");
    }
}

#[test]
fn names_and_sources_that_cannot_be_are_refused_in_a_sentence() {
    if !has("refusals", &["busybox", "tar"]) {
        return;
    }
    for who in Who::all("refusals") {
        let home = Home::of(who);
        let at = home.sources();
        let whole = at.join("box.tar");
        tar(&busybox(&at), &whole);
        fs::write(at.join("text"), "no archive\n").unwrap();
        let (whole, text) = (whole.to_str().unwrap(), at.join("text"));
        home.well(&["rootfs", "import", whole]);
        assert_eq!(home.on_shelf(), ["box", "lock"]);
        for (words, code, sentence) in [
            (
                vec!["import", whole],
                1,
                ["a root file system called `box` already", "já existe um sistema raiz chamado `box`"],
            ),
            (vec!["import", whole, "--name", "box"], 1, ["--replace", "--replace"]),
            (vec!["import", whole, "--name", "Box"], 2, ["small letters", "letras minúsculas"]),
            (vec!["import", whole, "--name", "../x"], 2, ["cannot be a name", "não serve de nome"]),
            (vec!["import", whole, "--name", "unha"], 2, ["the built-in", "o sistema raiz embutido"]),
            (vec!["import"], 2, ["there is no SOURCE", "faltou a ORIGEM"]),
            (vec!["import", whole, "more"], 2, ["one word too many", "sobrou"]),
            (vec!["import", "/nowhere.tar", "--name", "x"], 1, ["does not exist", "não existe"]),
            (
                vec!["import", text.to_str().unwrap(), "--name", "x"],
                1,
                ["give a folder, a tar", "dê uma pasta, um tar"],
            ),
            (vec!["show", "bxo"], 1, ["did you mean `box`?", "você quis dizer `box`?"]),
            (vec!["rm", "boxx"], 1, ["did you mean `box`?", "você quis dizer `box`?"]),
            (vec!["rm"], 2, ["there is no NAME", "faltou o NOME"]),
            (vec!["rm", "unha"], 2, ["Next: unha rootfs list", "Tente: unha rootfs list"]),
            (vec!["import", whole, "--name", "unha"], 2, ["another name, with --name", "outro nome, com --name"]),
            (vec!["rm", "box", "wrong"], 1, ["nothing was removed", "nada foi removido"]),
            (vec!["rm", "box", "unha"], 2, ["nothing was removed", "nada foi removido"]),
            (vec!["show", "box", "/never"], 1, ["no layer of `box` has /never", "nenhuma camada de `box` tem /never"]),
            (vec!["imprt"], 2, ["did you mean `import`?", "você quis dizer `import`?"]),
        ] {
            refused(&home, &[&["rootfs"], &words[..]].concat(), code, sentence);
        }
        let run = |more: &[&'static str]| [&["run", "--rootfs"], more].concat();
        refused(&home, &run(&["bax", "--", "true"]), 125, ["did you mean `box`?", "você quis dizer `box`?"]);
        refused(&home, &run(&["box", "--rootfs-layers"]), 125, ["it came as one layer", "em uma camada só"]);
        refused(&home, &run(&["box", "--", "sj"]), 127, ["there is no command `sj`", "não existe o comando `sj`"]);
        let told = ["`unha run --rootfs box -- COMMAND`", "`unha run --rootfs box -- COMANDO`"];
        refused(&home, &["run", "box", "sh"], 127, told);
        let [_, said] = super::beside::said(&home.run(&["run", "box", "sh"]));
        assert!(!said.contains("did you mean") && !said.contains("quis dizer"), "{said}");
        assert_eq!(home.well(&["rootfs", "ls"]), home.well(&["rootfs", "list"]));
        assert_eq!(home.on_shelf(), ["box", "lock"], "{who:?}: nothing is left of what was refused");
        home.well(&["rootfs", "import", whole, "--replace"]);
        home.well(&["rootfs", "rm", "box"]);
    }
}

#[test]
fn what_has_nothing_of_a_system_at_its_top_is_said() {
    if !has("roots further in", &["busybox", "tar"]) {
        return;
    }
    let home = Home::of(Who::Root);
    let at = home.sources();
    let root = busybox(&at);
    // The root is one folder further in, as of those who pack the folder and not what is in it.
    let whole = at.join("further-in.tar");
    tool(&["tar", "-cf", whole.to_str().unwrap(), root.file_name().unwrap().to_str().unwrap()], &at);
    for (lang, sentence) in [("en", "there is no bin, etc or usr"), ("pt-BR", "não há bin, etc nem usr")] {
        let said = home.well(&["--lang", lang, "rootfs", "import", whole.to_str().unwrap(), "--replace"]);
        assert!(said.contains(sentence), "{said}");
    }
    tar(&root, &whole);
    let said = home.well(&["--lang", "en", "rootfs", "import", whole.to_str().unwrap(), "--replace"]);
    assert!(!said.contains("there is no bin"), "{said}");
    // One image in a folder, as skopeo's `dir:` has it.
    let folder = at.join("dir");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("manifest.json"), json!({ "schemaVersion": 2, "layers": [] }).to_string()).unwrap();
    let folder = folder.to_str().unwrap();
    refused(&home, &["rootfs", "import", folder], 1, ["Next: skopeo copy dir:", "Tente: skopeo copy dir:"]);
    // Pages have a file of that name too, and are no image.
    fs::write(at.join("dir/manifest.json"), json!({ "name": "page", "icons": [] }).to_string()).unwrap();
    let said = home.well(&["--lang", "en", "rootfs", "import", folder, "--name", "page"]);
    assert!(said.contains("there is no bin"), "{said}");
}

#[test]
fn what_a_box_has_as_its_root_is_neither_removed_nor_replaced() {
    if !has("a root in use", &["busybox", "tar"]) {
        return;
    }
    for who in Who::all("a root in use") {
        let home = Home::of(who);
        let whole = home.sources().join("box.tar");
        tar(&busybox(&home.sources()), &whole);
        home.import(&whole, "box");
        let mut running = home.unha(&["run", "--rootfs", "box", "--", "cat"]).stdin(Stdio::piped()).spawn().unwrap();
        let (mut to, mut from) = (running.stdin.take().unwrap(), running.stdout.take().unwrap());
        to.write_all(b"x").unwrap();
        from.read_exact(&mut [0]).unwrap();
        refused(&home, &["rootfs", "rm", "box"], 1, ["`box` is in use", "`box` está em uso"]);
        let again = ["rootfs", "import", whole.to_str().unwrap(), "--replace"];
        refused(&home, &again, 1, ["`box` is in use", "`box` está em uso"]);
        drop(to);
        assert!(running.wait().unwrap().success());
        home.well(&again);
        home.well(&["rootfs", "rm", "box"]);
        assert_eq!(home.on_shelf(), ["lock"], "{who:?}");
    }
}

#[test]
fn a_full_disk_is_said_and_nothing_stays() {
    if !nix::unistd::geteuid().is_root() || !has("a full disk", &["busybox", "tar"]) {
        return;
    }
    let home = Home::of(Who::Root);
    let whole = home.sources().join("noise.tar");
    tar(&noise(&home.sources(), 100, 100_000), &whole);
    for (lang, expected) in [("en", "no space left"), ("pt-BR", "não há espaço")] {
        // A small disk of its own, in a list of mounts of its own.
        let script = "mount --make-rprivate / && mount -t tmpfs -o size=4m none \"$XDG_DATA_HOME\" && \"$@\"; code=$?; \
                      ls -A \"$XDG_DATA_HOME/unha/rootfs\"; exit $code";
        let words = ["--lang", lang, "rootfs", "import", whole.to_str().unwrap()];
        let unha = home.unha(&words);
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", script, "sh"]).arg(unha.get_program()).args(unha.get_args());
        command.envs(unha.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let done = command.output().unwrap();
        let said = said(&done);
        assert_eq!(done.status.code(), Some(1), "{said}");
        assert!(said.contains(expected), "{said}");
        assert_eq!(String::from_utf8_lossy(&done.stdout), "lock\n", "{said}");
    }
}

/// It would clear a terminal's screen and turn the text; and how it is to be shown.
const HOSTILE: &str = "a\u{1b}[2J\u{202e}b";
const SHOWN: &str = "a\\u{1b}[2J\\u{202e}b";

/// What `docker save` writes, in a folder, of an image that says nothing else of itself.
fn hostile(at: &Path) -> PathBuf {
    let folder = at.join("hostile");
    fs::create_dir(&folder).unwrap();
    let layer = folder.join("layer.tar");
    tar(&busybox(at), &layer);
    let config = json!({
        "architecture": if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" },
        "os": "linux",
        "config": {
            "Env": [format!("{HOSTILE}=x"), "=x", "x", "2=x", format!("GOOD={HOSTILE}\nmore")],
            "WorkingDir": format!("/{HOSTILE}"),
            "User": HOSTILE,
            "Entrypoint": [HOSTILE],
            "Cmd": [HOSTILE],
        },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{}", sum(&layer))] },
    });
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let manifest = json!([{ "Config": "config.json", "RepoTags": [HOSTILE], "Layers": ["layer.tar"] }]);
    fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
    folder
}

/// All that it said, in which nothing commands a terminal.
#[track_caller]
fn harmless(done: &Output) -> String {
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &said(done);
    let commands = |char: char| (char.is_control() && char != '\n') || char == '\u{202e}';
    assert!(!said.contains(commands), "{said:?}");
    said
}

#[test]
fn no_word_of_an_image_commands_the_terminal() {
    if !has("hostile words", &["busybox", "tar"]) {
        return;
    }
    for who in Who::all("hostile words") {
        let home = Home::of(who);
        let plain = hostile(&home.sources());
        let other = format!("{}:other", plain.display());
        for (lang, expected) in [("en", "it has"), ("pt-BR", "tem")] {
            let said = harmless(&home.run(&["--lang", lang, "rootfs", "import", &other, "--name", "x"]));
            assert!(said.contains(&format!("{expected} {SHOWN}; ")), "{who:?}: {said}");
        }
        // Where it lies is shown too.
        let named = home.sources().join(HOSTILE);
        fs::rename(&plain, &named).unwrap();
        home.import(&named, "hostile");
        for (lang, left_out, lacks, asked) in [
            ("en", "environment entries that are no NAME=value: 4", "there is no command", "the image is to run as"),
            (
                "pt-BR",
                "entradas do ambiente que não são NOME=valor: 4",
                "não existe o comando",
                "a imagem pede o usuário",
            ),
        ] {
            let said = harmless(&home.run(&["--lang", lang, "rootfs", "show", "hostile"]));
            assert!(said.contains(left_out), "{who:?}: {said}");
            assert_eq!(said.matches(SHOWN).count(), 6, "source, env, user, workdir, entrypoint, cmd: {said}");
            let run = ["--lang", lang, "run", "--rootfs", "hostile"];
            for (more, asked) in [(&[][..], lacks), (&["--entrypoint", "sh"][..], asked)] {
                let said = harmless(&home.run(&[&run[..], more].concat()));
                assert!(said.contains(&format!("{asked} `{SHOWN}`")), "{who:?}: {said}");
            }
            // The next thing to do is one that can be done.
            let root = home.root("hostile").display().to_string();
            let said = harmless(&home.run(&[&run[..], &["--entrypoint", "sh"]].concat()));
            assert!(said.contains(&format!("--rootfs {root}")), "{who:?}: {said}");
            home.well(&["run", "--rootfs", &root, "--", "sh", "-c", "true"]);
        }
        assert!(harmless(&home.run(&["rootfs", "list"])).contains(SHOWN), "{who:?}");
        home.well(&["rootfs", "rm", "hostile"]);
    }
}
