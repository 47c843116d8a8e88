//! `unha inspect` as a person or a script runs it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "inspect/engines.rs"]
mod engines;
#[path = "inspect/holes.rs"]
mod holes;
#[path = "inspect/names.rs"]
mod names;
#[path = "inspect/silent.rs"]
mod silent;
#[path = "kernel/skip.rs"]
#[allow(dead_code, reason = "not all is needed here")]
mod skip;
#[path = "inspect/topmost.rs"]
mod topmost;
#[path = "inspect/tree.rs"]
mod tree;

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use unha::kernel::fact::Fact;

const ORDINARY: [&str; 6] = ["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"];

/// A process that stands in the place that `before` makes, until its standard input ends.
struct Standing(Child);

impl Standing {
    fn new(before: &[&str], script: &str) -> Self {
        let script = format!("{script}\necho ready; exec cat");
        Self::start(&[before, &["sh", "-c", &script]].concat())
    }

    /// A command that says that it is ready, and ends with its standard input.
    fn start(words: &[&str]) -> Self {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Self(child)
    }

    fn pid(&self) -> String {
        self.0.id().to_string()
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn unha(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unha")).args(args).env("LC_ALL", "C").output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, String) {
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

/// The program where an ordinary user can start it; the folder that this was built in may be closed to them.
fn readable_program() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("unha");
    let built = env!("CARGO_BIN_EXE_unha");
    std::fs::hard_link(built, &program).or_else(|_| std::fs::copy(built, &program).map(drop)).unwrap();
    (folder, program)
}

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

#[test]
fn json_has_both_sides_with_documented_keys() {
    let place = Standing::new(&["unshare", "--map-root-user", "--uts"], "hostname caixa");
    let output = unha(&["inspect", &place.pid(), "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["schema"], 1);
    assert_eq!(report["inside"]["hostname"], json!({"value": "caixa"}));
    assert_ne!(report["outside"]["ns.uts"], report["inside"]["ns.uts"]);
    assert!(report["outside"]["pid"]["value"].is_u64());
    assert!(report["inside"]["links"]["value"].is_array());
    let help = said(&unha(&["inspect", "--help"])).1;
    for side in ["outside", "inside"] {
        for (key, reading) in report[side].as_object().unwrap() {
            assert!(key.parse::<Fact>().is_ok() && help.contains(key.as_str()), "{key}");
            assert!(reading["value"] != reading["missing"], "{key}: {reading}");
        }
    }
}

#[test]
fn the_table_marks_what_differs_in_both_languages() {
    let place = Standing::new(&["unshare", "--map-root-user", "--uts"], "hostname caixa");
    for (lang, words) in [("en", ["outside", "inside"]), ("pt-BR", ["fora", "dentro"])] {
        let (code, table) = said(&unha(&["--lang", lang, "inspect", &place.pid()]));
        assert_eq!(code, Some(0));
        assert!(words.iter().all(|word| table.lines().next().unwrap().contains(word)), "{table}");
        let row = |key: &str| table.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
        assert!(row("hostname ").contains('≠') && row("hostname ").ends_with("caixa"), "{table}");
        assert!(row("kernel ").contains(" = "), "{table}");
    }
}

#[test]
fn an_ordinary_user_sees_into_a_user_namespace_of_theirs() {
    let (_folder, program) = readable_program();
    let as_user: &[&str] = if is_root() { &ORDINARY } else { &["env"] };

    let box_flags = ["unshare", "--map-root-user", "--uts", "--ipc", "--cgroup"];
    let place = Standing::new(&[as_user, &box_flags].concat(), "hostname caixa; ipcmk -Q >/dev/null");
    let inspect = |pid: &str| {
        let mut command = Command::new(as_user[0]);
        command.args(&as_user[1..]).arg(&program).args(["inspect", pid, "--json"]).output().unwrap()
    };
    let report: Value = serde_json::from_slice(&inspect(&place.pid()).stdout).unwrap();
    assert_eq!(report["inside"]["hostname"], json!({"value": "caixa"}));
    assert_eq!(report["inside"]["ipc"], json!({"value": 1}));
    assert_eq!(report["inside"]["cgroup"], json!({"value": "/"}));
    assert_eq!(report["inside"]["uid"], json!({"value": 0}));

    if !is_root() {
        return println!("SKIP somebody else's process: this is not root");
    }
    let (code, sentence) = said(&inspect("1"));
    assert_eq!(code, Some(1));
    assert!(sentence.contains("readlink(\"/proc/1/ns/uts\") = EACCES") && sentence.contains("sudo"), "{sentence}");
}

#[test]
fn what_cannot_be_looked_at_is_told_in_a_sentence() {
    let place = Standing::new(&["env"], "");
    let gone = place.pid();
    drop(place);
    let (code, sentence) = said(&unha(&["inspect", &gone]));
    assert_eq!(code, Some(1));
    assert!(sentence.contains(&format!("open(\"/proc/{gone}\") = ENOENT")) && sentence.contains("ps -e"), "{sentence}");
    for (word, why) in [("0", "not a process number"), ("99999999999", "not a process number"), ("", "no name given")] {
        let (code, sentence) = said(&unha(&["inspect", word]));
        assert_eq!(code, Some(2), "{word}");
        assert!(sentence.contains(why), "{sentence}");
    }
    for word in ["abc", "1.5", "1\u{1b}[2J", "docker:", ":", "docker:a:b"] {
        let (code, sentence) = said(&unha(&["inspect", word]));
        assert_eq!(code, Some(1), "{word}");
        assert!(sentence.contains("nobody here has") && !sentence.contains('\u{1b}'), "{sentence}");
    }
}

#[test]
fn root_is_not_sent_to_sudo() {
    if !is_root() {
        return skip::skip("root_is_not_sent_to_sudo", skip::Why::Root);
    }
    let place = Standing::new(&["env"], "");
    for (lang, words) in [("en", "CAP_SYS_PTRACE"), ("pt-BR", "root da própria máquina")] {
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set", "-all", env!("CARGO_BIN_EXE_unha"), "--lang", lang, "inspect", &place.pid()]);
        let (code, sentence) = said(&command.output().unwrap());
        assert_eq!(code, Some(1));
        assert!(sentence.contains("EACCES") && sentence.contains(words) && !sentence.contains("sudo"), "{sentence}");
    }
}

/// bubblewrap makes a second user namespace where it makes a /dev: what it made before belongs to the first.
#[test]
fn an_ordinary_user_sees_into_a_user_namespace_within_another() {
    let test = "an_ordinary_user_sees_into_a_user_namespace_within_another";
    if Command::new("bwrap").arg("--version").output().is_err() {
        return skip::skip(test, skip::Why::Tool);
    }
    let (_folder, program) = readable_program();
    let as_user: &[&str] = if is_root() { &ORDINARY } else { &["env"] };
    let bwrap = ["bwrap", "--unshare-all", "--hostname", "caixa", "--die-with-parent"];
    let files = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"];
    let place = Standing::new(&[as_user, &bwrap, &files].concat(), "echo $$ >/dev/null");
    // bubblewrap stays outside; it has one child, and that one again, in the namespaces that are asked for.
    let child = |of: &str| {
        let told = Command::new("ps").args(["-o", "pid=", "--ppid", of]).output().unwrap();
        String::from_utf8(told.stdout).unwrap().trim().to_owned()
    };
    let inner = child(&child(&place.pid()));
    let run = |words: &[&str]| {
        let mut command = Command::new(as_user[0]);
        command.args(&as_user[1..]).args(words).env("LC_ALL", "C").output().unwrap()
    };
    let program = program.to_str().unwrap();
    let report = run(&[program, "inspect", &inner, "--json"]);
    let report: Value = serde_json::from_slice(&report.stdout).unwrap_or_else(|_| panic!("{report:?}"));
    assert_eq!(report["inside"]["hostname"], json!({"value": "caixa"}));
    assert_eq!(report["inside"]["links.up"], json!({"value": ["lo"]}));
    assert_eq!(report["inside"]["ipc"], json!({"value": 0}));

    // The shell goes the same way, and no other: its terminal is one of its own.
    let stat = std::fs::read_to_string(format!("/proc/{inner}/stat")).unwrap();
    let started = stat.rsplit_once(')').unwrap().1.split_ascii_whitespace().nth(19).unwrap().to_owned();
    let end = nix::pty::openpty(None, None).unwrap();
    let (mut ours, slave) = (std::fs::File::from(end.master), end.slave);
    let mut command = Command::new(as_user[0]);
    command.args(&as_user[1..]).args([program, "--lang", "en", "__enter", &inner, &started]);
    command.stdin(slave.try_clone().unwrap()).stdout(slave.try_clone().unwrap()).stderr(slave);
    let mut shell = command.spawn().unwrap();
    drop(command);
    ours.write_all(b"echo name-$(hostname)-is; exit 7\n").unwrap();
    let (mut said, mut chunk) = (String::new(), [0; 4096]);
    // EIO is how a terminal says that nobody has its other side open.
    while let Ok(length @ 1..) = ours.read(&mut chunk) {
        said += &String::from_utf8_lossy(&chunk[..length]);
    }
    assert!(said.contains("name-caixa-is") && shell.wait().unwrap().code() == Some(7), "{said}");
    for call in ["ns/uts, NS_GET_USERNS)) = 0", "ns/uts) = 0", "ns/net) = 0", "ns/user) = 0"] {
        assert!(said.contains(call), "{call}: {said}");
    }
}
