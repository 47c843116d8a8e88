//! The recipes as their readers read them: YAML, JSON, shell, Ruby, a Dockerfile, cloud-init's own schema.

use std::process::{Command, Stdio};

use serde_norway::Value;

use crate::skip::{Why, skip};
use crate::{AARCH64, KINDS, LANGS, X86_64, read_by, recipe, unha, unpacked};

/// Whether a program can be had; else it is said that `what` is skipped.
fn has(program: &str, what: &str) -> bool {
    let there = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there {
        skip(&format!("{what}: {program}"), Why::Tool);
    }
    there
}

/// The letters of the program between two lines of a shell script.
fn here_document(script: &str) -> &str {
    let (_, rest) = script.split_once("base64 -d <<'END' | gunzip > /usr/local/bin/unha.new\n").unwrap();
    rest.split_once("\nEND\n").unwrap().0
}

fn is_a_script(script: &str) {
    let (fine, said) = read_by("sh", &["-n"], script);
    assert!(fine, "{said}");
}

#[test]
fn nothing_is_left_to_fill_in_and_one_language_is_left_out() {
    let bytes = unha(X86_64);
    for kind in KINDS {
        let [en, pt] = LANGS.map(|lang| recipe(kind, lang, &bytes));
        for text in [&en, &pt] {
            let lines = || text.lines().filter(|line| line.len() < 120 || line.contains(' '));
            let of_template = |line: &&str| {
                ["#en", "#pt", "//en", "//pt", "@program@", "@arch@", "@tried@", "@engine@", "@debian@", "@unmasked@"]
                    .iter()
                    .any(|mark| line.contains(mark))
            };
            assert_eq!(lines().find(of_template), None, "{kind}");
            let long =
                lines().find(|line| (line.starts_with('#') || line.starts_with("//")) && line.chars().count() > 130);
            assert_eq!(long, None, "{kind}");
            assert!(text.ends_with('\n') && !text.contains('\r') && !text.contains('\t'), "{kind}");
        }
        assert!(en.contains("The program in it is for x86_64") || !pt.contains("O programa aqui dentro"), "{kind}");
        assert!(pt.contains("unha --lang pt-BR") && !en.contains("pt-BR"), "{kind}");
        assert_ne!(en, pt);
    }
}

#[test]
fn cloud_init_and_multipass_take_the_user_data() {
    let bytes = unha(X86_64);
    for (kind, lang) in ["cloud-init", "multipass"].into_iter().flat_map(|kind| LANGS.map(|lang| (kind, lang))) {
        let text = recipe(kind, lang, &bytes);
        assert!(text.starts_with("#cloud-config\n"), "else cloud-init takes it for something else");
        let data: Value = serde_norway::from_str(&text).unwrap();
        let file = &data["write_files"][0];
        assert_eq!(file["path"].as_str(), Some("/usr/local/bin/unha"));
        assert_eq!((file["permissions"].as_str(), file["encoding"].as_str()), (Some("0755"), Some("gz+b64")));
        assert_eq!(unpacked(file["content"].as_str().unwrap()), bytes);
        if has("cloud-init", "the schema of the user-data") {
            let dir = tempfile::tempdir().unwrap();
            let file = dir.path().join("user-data");
            std::fs::write(&file, text).unwrap();
            let output = Command::new("cloud-init").args(["schema", "--config-file"]).arg(file).output().unwrap();
            assert!(output.status.success(), "{output:?}");
        }
    }
}

#[test]
fn lima_takes_the_template() {
    for (machine, arch, debian) in [(X86_64, "x86_64", "amd64"), (AARCH64, "aarch64", "arm64")] {
        for lang in LANGS {
            let bytes = unha(machine);
            let text = recipe("lima", lang, &bytes);
            // Lima reads no more than 4 MiB.
            assert!(text.len() < 4 << 20, "{}", text.len());
            let Value::Mapping(template) = serde_norway::from_str(&text).unwrap() else { panic!("no mapping") };
            let known =
                ["minimumLimaVersion", "arch", "images", "cpus", "memory", "disk", "mounts", "containerd", "provision"];
            let keys: Vec<&str> = template.keys().map(|key| key.as_str().unwrap()).collect();
            assert_eq!(keys, known, "the names that Lima documents in templates/default.yaml");
            assert_eq!(template["arch"].as_str(), Some(arch));
            let image = &template["images"][0];
            assert_eq!(image["arch"].as_str(), Some(arch));
            assert!(image["location"].as_str().unwrap().ends_with(&format!("-{debian}.qcow2")));
            assert_eq!(template["mounts"].as_sequence().unwrap().len(), 0, "nothing of the laptop's is in there");
            assert_eq!(template["provision"][0]["mode"].as_str(), Some("system"));
            let script = template["provision"][0]["script"].as_str().unwrap();
            is_a_script(script);
            assert_eq!(unpacked(here_document(script)), bytes);
        }
    }
}

#[test]
fn ruby_takes_the_vagrantfile() {
    let bytes = unha(X86_64);
    for lang in LANGS {
        let text = recipe("vagrant", lang, &bytes);
        let (_, rest) = text.split_once("inline: <<~'SCRIPT'\n").unwrap();
        // What Ruby makes of <<~: the lines without what they are all indented by.
        let (body, _) = rest.split_once("  SCRIPT\n").unwrap();
        let script: String = body.split_inclusive('\n').map(|line| &line[4..]).collect();
        is_a_script(&script);
        assert_eq!(unpacked(here_document(&script)), bytes);
        if has("ruby", "the Vagrantfile") {
            let (fine, said) = read_by("ruby", &["-c"], &text);
            assert!(fine, "{said}");
        }
    }
}

#[test]
fn a_shell_takes_the_script_for_wsl() {
    let bytes = unha(X86_64);
    for lang in LANGS {
        let text = recipe("wsl", lang, &bytes);
        is_a_script(&text);
        assert_eq!(unpacked(here_document(&text)), bytes);
    }
    // For another processor than this machine's it says so, and does nothing.
    let other = if cfg!(target_arch = "aarch64") { X86_64 } else { AARCH64 };
    let (fine, said) = read_by("sh", &[], &recipe("wsl", "en", &unha(other)));
    assert!(!fine && (said.contains("this machine is") || said.contains("must run as root")), "{said}");
}

#[test]
fn the_dev_container_is_json_with_known_names() {
    let bytes = unha(X86_64);
    for lang in LANGS {
        let text = recipe("devcontainer", lang, &bytes);
        let json: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        // Those of devContainer.base.schema.json; it allows no others.
        let known = [
            "name",
            "image",
            "privileged",
            "runArgs",
            "init",
            "remoteUser",
            "mounts",
            "containerEnv",
            "postCreateCommand",
            "postStartCommand",
            "customizations",
        ];
        assert!(json.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())));
        for command in ["postCreateCommand", "postStartCommand"] {
            is_a_script(json[command].as_str().unwrap());
        }
        // The command that a container runs after it was made, in a folder like the repository's.
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join(".devcontainer/unha");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("devcontainer.json"), text).unwrap();
        let out = dir.path().join("out");
        let command = json["postCreateCommand"].as_str().unwrap().replace("/usr/local/bin/unha", out.to_str().unwrap());
        let status = Command::new("sh").args(["-c", &command]).current_dir(dir.path()).status().unwrap();
        assert!(status.success());
        assert_eq!(std::fs::read(out).unwrap(), bytes);
    }
}

#[test]
fn the_dockerfiles_commands_fit_where_they_must() {
    let bytes = unha(X86_64);
    for (kind, lang) in ["docker", "podman"].into_iter().flat_map(|kind| LANGS.map(|lang| (kind, lang))) {
        let text = recipe(kind, lang, &bytes);
        // No line is longer than a builder reads: bufio.Scanner's 64 KiB.
        assert!(text.lines().all(|line| line.len() < 1000));
        let joined = text.replace("\\\n", "");
        let mut letters = String::new();
        for json in joined.lines().filter_map(|line| line.strip_prefix("RUN [")) {
            let words: Vec<String> = serde_json::from_str(&format!("[{json}")).unwrap();
            assert_eq!(words[..4], ["/bin/sh", "-c", "printf %s \"$@\" >> /unha.b64", "sh"]);
            // execve(2): 128 KiB for one word, 2 MiB for all of them.
            assert!(words.iter().all(|word| word.len() < 128 << 10));
            assert!(words.iter().map(String::len).sum::<usize>() < 3 << 19);
            letters.extend(words[4..].iter().map(String::as_str));
        }
        assert_eq!(unpacked(&letters), bytes);
        assert!(text.contains(&format!("{kind} run -it --rm --init --privileged --cgroupns=private")));
    }
}
