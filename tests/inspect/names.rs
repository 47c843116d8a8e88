//! Names: two engines of the test's own, on sockets of the test's own, one that hangs, one that is closed, one that talks nonsense.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ORDINARY, Standing, is_root, readable_program, said};
use crate::skip::{Why, skip};

/// How long an answer may take, whatever an engine does.
const SOON: Duration = Duration::from_secs(2);

/// An engine that answers as Docker does: a name, an id and a number for each container.
struct Engine {
    folder: TempDir,
}

type One = (&'static str, &'static str, &'static str, u32);

impl Engine {
    fn new(name: &str, containers: Vec<One>) -> Self {
        let engine = Self { folder: tempfile::tempdir().unwrap() };
        let listener = UnixListener::bind(engine.folder.path().join(name)).unwrap();
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut page = String::new();
                let mut reader = BufReader::new(&stream);
                reader.read_line(&mut page).unwrap();
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
                    line.clear();
                }
                let body = answer(&page, &containers).to_string();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                    body.len()
                );
                let _ = (&stream).write_all((head + &body).as_bytes());
            }
        });
        engine
    }

    fn host(&self, name: &str) -> String {
        format!("unix://{}", self.folder.path().join(name).display())
    }
}

fn answer(page: &str, containers: &[One]) -> Value {
    if page.contains("/containers/json") {
        let one = |(name, id, state, _): &One| json!({ "Id": id, "Names": [format!("/{name}")], "Image": "img", "State": state });
        return containers.iter().map(one).collect();
    }
    let (.., pid) = containers.iter().find(|(_, id, ..)| page.contains(id)).unwrap();
    json!({ "State": { "Pid": pid } })
}

fn unha(hosts: &[(&str, String)], args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unha"));
    command.args(args).env("LC_ALL", "C").env_remove("DOCKER_HOST").env_remove("CONTAINER_HOST");
    command.envs(hosts.iter().map(|(name, value)| (*name, value.as_str()))).output().unwrap()
}

#[test]
fn an_ambiguous_name_lists_what_picks_one() {
    let (one, other) = (Standing::new(&["env"], ""), Standing::new(&["env"], ""));
    let docker = Engine::new(
        "docker.sock",
        vec![("unha-web", "aaaa1111aaaa1111", "running", one.0.id()), ("unha-old", "bbbb1111", "exited", 0)],
    );
    let podman = Engine::new("podman.sock", vec![("unha-web", "cccc1111cccc1111", "running", other.0.id())]);
    let hosts = [("DOCKER_HOST", docker.host("docker.sock")), ("CONTAINER_HOST", podman.host("podman.sock"))];
    for (lang, words) in [("en", "may be 2 containers; name one"), ("pt-BR", "pode ser 2 contêineres; diga qual")] {
        let (code, sentence) = said(&unha(&hosts, &["--lang", lang, "inspect", "unha-web"]));
        assert_eq!(code, Some(1), "{sentence}");
        assert!(sentence.contains(words), "{sentence}");
        for (engine, place) in [("docker", &one), ("podman", &other)] {
            let line = format!("unha inspect {engine}:unha-web  (PID {})", place.pid());
            assert!(sentence.contains(&line), "{sentence}");
        }
    }
    for (word, pid) in
        [("docker:unha-web", &one), ("podman:unha-web", &other), ("aaaa1111", &one), ("cccc1111cccc1111", &other)]
    {
        let output = unha(&hosts, &["inspect", word, "--json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{word}: {output:?}"));
        assert_eq!(report["pid"], pid.0.id(), "{word}");
        assert_eq!(report["container"]["name"], "unha-web");
    }
    let (code, sentence) = said(&unha(&hosts, &["inspect", "unha-old"]));
    assert!(code == Some(1) && sentence.contains("docker:unha-old is there, but does not run"), "{sentence}");
    let (code, sentence) = said(&unha(&hosts, &["inspect", "unha-wbe"]));
    assert!(code == Some(1) && sentence.contains("did you mean `unha-web`?"), "{sentence}");
}

#[test]
fn an_engine_that_hangs_is_left_out_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("docker.sock");
    // Nobody ever takes the connection, or answers.
    let _listener = UnixListener::bind(&path).unwrap();
    let place = Standing::new(&["env"], "");
    let podman = Engine::new("podman.sock", vec![("unha-lives", "dddd1111", "running", place.0.id())]);
    let hosts = [("DOCKER_HOST", format!("unix://{}", path.display())), ("CONTAINER_HOST", podman.host("podman.sock"))];
    for (lang, words) in [("en", "did not answer"), ("pt-BR", "não respondeu")] {
        let begin = Instant::now();
        let (code, sentence) = said(&unha(&hosts, &["--lang", lang, "inspect", "unha-nobody"]));
        assert!(begin.elapsed() < SOON, "{:?}", begin.elapsed());
        assert_eq!(code, Some(1));
        assert!(sentence.contains(words) && sentence.contains(path.to_str().unwrap()), "{sentence}");
    }
    // The others still answer, and so does the kernel.
    let begin = Instant::now();
    let (code, text) = said(&unha(&hosts, &["inspect", "unha-lives"]));
    assert!(code == Some(0) && text.starts_with("podman:unha-lives"), "{text}");
    let (code, text) = said(&unha(&hosts, &["inspect", "--plain"]));
    assert!(code == Some(0) && text.contains("docker was left out"), "{text}");
    assert!(begin.elapsed() < 2 * SOON, "{:?}", begin.elapsed());
}

#[test]
fn a_queue_that_is_full_and_a_stranger_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |path: &Path, words: &str| {
        let hosts = [("DOCKER_HOST", format!("unix://{}", path.display()))];
        let begin = Instant::now();
        let (code, sentence) = said(&unha(&hosts, &["inspect", "unha-nobody"]));
        assert!(begin.elapsed() < SOON, "{:?}", begin.elapsed());
        assert!(code == Some(1) && sentence.contains(words), "{sentence}");
    };
    let full = folder.path().join("full.sock");
    let listener = UnixListener::bind(&full).unwrap();
    rustix_listen(&listener, 0);
    let waiting: Vec<PathBuf> = vec![full.clone(); 4];
    let connected: Vec<_> = waiting.iter().map(|path| connect_without_waiting(path)).collect();
    ask(&full, "did not answer");
    drop(connected);

    let stranger = folder.path().join("stranger.sock");
    let listener = UnixListener::bind(&stranger).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let _ = (&stream).write_all(b"SSH-2.0-OpenSSH\r\n");
        }
    });
    ask(&stranger, "SSH-2.0-OpenSSH");

    // Left by an engine that was killed.
    let left = folder.path().join("left.sock");
    drop(UnixListener::bind(&left).unwrap());
    ask(&left, "ECONNREFUSED");
}

fn rustix_listen(listener: &UnixListener, backlog: i32) {
    let backlog = nix::sys::socket::Backlog::new(backlog).unwrap();
    nix::sys::socket::listen(listener, backlog).unwrap();
}

fn connect_without_waiting(path: &Path) -> std::os::fd::OwnedFd {
    use nix::sys::socket::{AddressFamily, SockFlag, SockType, UnixAddr, connect, socket};
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let fd = socket(AddressFamily::Unix, SockType::Stream, flags, None).unwrap();
    let _ = connect(std::os::fd::AsRawFd::as_raw_fd(&fd), &UnixAddr::new(path).unwrap());
    fd
}

#[test]
fn an_engine_that_is_closed_to_a_user_is_said() {
    if !is_root() {
        return skip("an_engine_that_is_closed_to_a_user_is_said", Why::Root);
    }
    let (folder, program) = readable_program();
    let path = folder.path().join("docker.sock");
    let _listener = UnixListener::bind(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut command = Command::new(ORDINARY[0]);
    command.args(&ORDINARY[1..]).arg(program).args(["--lang", "en", "inspect", "unha-nobody"]);
    let output = command.env("DOCKER_HOST", format!("unix://{}", path.display())).output().unwrap();
    let (code, sentence) = said(&output);
    assert_eq!(code, Some(1));
    assert!(sentence.contains("= EACCES") && sentence.contains("with sudo"), "{sentence}");
}

/// A unit of systemd's, by its name with and without its ending; in the guest, for root and for a user.
#[test]
fn a_unit_of_systemds_has_its_name() {
    if !Path::new("/run/systemd/system").is_dir() {
        return skip("a_unit_of_systemds_has_its_name", Why::Guest);
    }
    let users: &[&str] = if is_root() { &[] } else { &["--user"] };
    let unit = format!("unha-test-{}.service", std::process::id());
    let mut start = Command::new("systemd-run");
    // A network of its own as well, where that is root's to give: then it is in the tree.
    let own: &[&str] = if is_root() { &["-p", "PrivateNetwork=yes"] } else { &[] };
    start.args(users).args(["--quiet", "--collect", "--unit", &unit]).args(own).args(["sleep", "1000"]);
    assert!(start.status().unwrap().success());
    for word in [unit.as_str(), unit.trim_end_matches(".service"), &format!("systemd:{unit}")] {
        let output = unha(&[], &["inspect", word, "--json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{word}: {output:?}"));
        let command = std::fs::read_to_string(format!("/proc/{}/cmdline", report["pid"])).unwrap();
        assert_eq!(report["container"]["name"], json!(unit));
        // systemd has looked the program up.
        assert!(command.ends_with("sleep\u{0}1000\u{0}"), "{command:?}");
    }
    if is_root() {
        let tree: Value = serde_json::from_slice(&unha(&[], &["inspect", "--json"]).stdout).unwrap();
        let group = tree["groups"].as_array().unwrap().iter().find(|group| group["container"]["name"] == unit.as_str());
        assert!(group.unwrap()["apart"].as_array().unwrap().contains(&json!("net")), "{tree:#}");
    }
    let mut stop = Command::new("systemctl");
    assert!(stop.args(users).args(["stop", &unit]).status().unwrap().success());
}

/// What makes a group of its own, for root and for anybody else.
fn apart(script: &str) -> Standing {
    let users: &[&str] = if is_root() { &[] } else { &["--map-root-user"] };
    Standing::start(&[&["unshare", "--uts"], users, &["sh", "-c", script]].concat())
}

/// Asks until it is answered so: a shell is a shell until it has become the program.
fn until(word: &str, lang: &str, is_so: impl Fn(Option<i32>, &str) -> bool) -> String {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let (code, text) = said(&unha(&[], &["--lang", lang, "inspect", word]));
        if is_so(code, &text) {
            return text;
        }
        assert!(Instant::now() < end, "{word}: {code:?} {text}");
    }
}

#[test]
fn the_program_of_a_first_process_is_a_name_too() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("unha-quartz");
    std::os::unix::fs::symlink("/bin/cat", &program).unwrap();
    let script = format!("echo ready; exec {}", program.display());
    let one = apart(&script);
    let pid = one.pid();
    for (lang, head) in
        [("en", "No container is called unha-quartz; PID"), ("pt-BR", "Nenhum contêiner se chama unha-quartz")]
    {
        let text = until("unha-quartz", lang, |code, _| code == Some(0));
        assert!(text.starts_with(head) && text.lines().next().unwrap().contains(&pid), "{text}");
        assert!(text.contains("\nhostname "), "{text}");
    }
    let (code, sentence) = said(&unha(&[], &["inspect", "unha-quarzt"]));
    assert!(code == Some(1) && sentence.contains("did you mean `unha-quartz`?"), "{sentence}");
    // Of two that run it nobody is guessed: both are listed.
    let other = apart(&script);
    for (lang, words) in
        [("en", "it is the program of 2 first processes"), ("pt-BR", "é o programa de 2 primeiros processos")]
    {
        let text = until("unha-quartz", lang, |code, _| code == Some(1));
        assert!(text.contains(words), "{text}");
        assert!([&pid, &other.pid()].iter().all(|pid| text.contains(&format!("\n  unha inspect {pid}"))), "{text}");
    }
}

#[test]
fn the_starter_outside_points_at_its_child() {
    let script = "echo ready; exec cat";
    let program = env!("CARGO_BIN_EXE_unha");
    let box_ = ["run", "--uts", "--pid", "--mount", "--", "sh", "-c", script];
    let ours = Standing::start(&[&[program][..], &box_].concat());
    let pid = ours.pid();
    let tree: Value = serde_json::from_slice(&unha(&[], &["inspect", "--json"]).stdout).unwrap();
    let groups = tree["groups"].as_array().unwrap();
    let child =
        groups.iter().find(|group| group["ancestors"].as_array().unwrap().contains(&json!(ours.0.id()))).unwrap();
    for (lang, words) in [("en", "is in no container"), ("pt-BR", "não está em contêiner nenhum")] {
        let (code, text) = said(&unha(&[], &["--lang", lang, "inspect", &pid]));
        let lines: Vec<&str> = text.lines().collect();
        assert!(code == Some(0) && lines[0].contains(words), "{text}");
        assert!(lines[1].contains(&format!("`unha inspect {}` (unha:", child["first"]["pid"])), "{text}");
    }
    // One that has made a PID namespace for its children is in others itself, and still not in that.
    let users: &[&str] = if is_root() { &[] } else { &["--map-root-user"] };
    let half = Standing::start(&[&["unshare", "--uts", "--pid", "--fork"], users, &["sh", "-c", script]].concat());
    let (_, text) = said(&unha(&[], &["inspect", &half.pid()]));
    assert!(text.contains("outside of the PID namespace that it made") && text.contains("\nIts child is"), "{text}");
    // Whoever is in one is told nothing of the kind.
    let (_, text) = said(&unha(&[], &["inspect", &child["first"]["pid"].to_string()]));
    assert!(!text.contains("in no container"), "{text}");
}
