//! `unha play` as a person plays it: switches, sliders and shells on the real kernel, and what is copied.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use unha::course::text::Lang;

use super::home::{Home, Who};
use super::skip;
use super::terminal::{Seen, Terminal, key};

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (200, 60);

/// A person before the switches.
struct Player {
    terminal: Terminal,
    home: Home,
    lang: Lang,
}

impl Player {
    fn at(who: Who, lang: Lang, size: (u16, u16), words: &[&str]) -> Self {
        Self::of(Home::new(who), lang, size, words)
    }

    fn of(home: Home, lang: Lang, size: (u16, u16), words: &[&str]) -> Self {
        let words: Vec<&str> = ["--lang", lang.tag(), "play"].iter().chain(words).copied().collect();
        let terminal = Terminal::open(&home, size, &words);
        let mut player = Self { terminal, home, lang };
        player.sees_prompt();
        player
    }

    /// The box runs, and its shell waits.
    fn sees_prompt(&mut self) {
        let prompts = [self.lang.pick("inside#", "dentro#"), self.lang.pick("inside$", "dentro$")];
        let waits = |row: &String, prompt: &str| {
            row.rsplit_once(prompt)
                .is_some_and(|(_, rest)| rest.trim_matches([' ', '│']).is_empty() || rest.trim_start().starts_with('│'))
        };
        self.terminal.until("a prompt inside", |screen| {
            screen.rows().iter().any(|row| prompts.iter().any(|prompt| waits(row, prompt)))
        });
    }

    /// Goes to a line of the list, by its name.
    fn chooses(&mut self, name: &str) {
        self.terminal.press("\x1b[H");
        self.terminal.until("the first line is chosen", |screen| chosen(screen).contains("uts"));
        for _ in 0..40 {
            let now = chosen(&self.terminal.screen());
            if now.split_whitespace().any(|word| word == name) || now.contains(&format!(" {name} ")) {
                return;
            }
            self.terminal.press(key::DOWN);
            self.terminal.until("another line is chosen", |screen| chosen(screen) != now);
        }
        panic!("no line is called {name}\n{}", self.terminal.screen());
    }

    /// Flips the chosen switch, and waits for the box that is started with it.
    fn flips(&mut self, name: &str, on: bool) {
        self.chooses(name);
        self.terminal.press(" ");
        let state = if on { self.lang.pick("[on ]", "[sim]") } else { self.lang.pick("[off]", "[não]") };
        self.terminal.until(format!("{name} is {state}"), |screen| chosen(screen).contains(state));
        self.sees_prompt();
    }

    /// Waits until a row of the columns compares so.
    fn sees(&mut self, fact: &str, sign: char) {
        self.terminal.until(format!("{fact} {sign}"), |screen| {
            row(screen, fact).is_some_and(|row| row.contains(&format!("│ {sign} │")))
        });
    }

    /// Types a line into the shell in view, and gives the keyboard back.
    fn types(&mut self, line: &str) {
        self.terminal.press(key::F2);
        self.terminal.until_has(self.lang.pick("YOUR KEYBOARD IS HERE", "SEU TECLADO ESTÁ AQUI"));
        self.terminal.press(&format!("{line}\r"));
        self.terminal.press(key::F2);
        let here = self.lang.pick("YOUR KEYBOARD IS HERE", "SEU TECLADO ESTÁ AQUI");
        self.terminal.until("the switches have the keyboard", |screen| !screen.has(here));
    }

    /// Leaves; nothing is left.
    fn leaves(mut self) {
        self.terminal.press("q");
        self.terminal.until_has(self.lang.pick("Leave?", "Sair?"));
        self.terminal.press("q");
        assert!(self.terminal.until_ended().success());
        assert_eq!(self.terminal.not_given_back(), Vec::<&str>::new());
        let left: Vec<PathBuf> =
            fs::read_dir(self.home.records()).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// The row of the chosen line, the list's part of it.
fn chosen(screen: &Seen) -> String {
    let row = screen.rows().into_iter().find(|row| row.starts_with('▸')).unwrap_or_default();
    format!("{} ", row.split('│').next().unwrap_or_default())
}

/// The row of a fact beside the list.
fn row(screen: &Seen, fact: &str) -> Option<String> {
    screen
        .rows()
        .into_iter()
        .find(|row| row.split_once('│').is_some_and(|(_, right)| right.trim_start().starts_with(fact)))
}

/// What stands in the pane at the right edge, without its title and without blanks.
fn pane(screen: &Seen) -> String {
    squeezed(
        &screen.rows().iter().skip(5).filter_map(|row| row.rsplit_once('│')).map(|(_, pane)| pane).collect::<String>(),
    )
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// The folders of the run's cgroups that have this file, below /sys/fs/cgroup.
fn files_of_boxes(name: &str) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut left = vec![PathBuf::from("/sys/fs/cgroup")];
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() {
                if path.ends_with("box") && path.join(name).exists() {
                    found.push(path.join(name));
                }
                left.push(path);
            }
        }
    }
    found
}

#[test]
fn any_switch_in_any_order() {
    let mut player = Player::at(Who::Me, Lang::En, SMALL, &[]);
    player.terminal.until_has("a process and nothing more");
    player.sees("hostname", '=');
    player.flips("uts", true);
    player.sees("hostname", '≠');

    // A root file system needs mounts of its own: said, and both are on.
    player.flips("rootfs", true);
    player.terminal.until_has("rootfs needs mount: switched on too");
    player.sees("os-release", '≠');
    player.chooses("mount");
    assert!(chosen(&player.terminal.screen()).contains("[on ]"));

    // What has the number 1 inside has another outside.
    player.flips("pid", true);
    player.sees("pid", '≠');
    player.types("echo first $$; hostname");
    player.terminal.until_has("first 1");

    player.flips("mount", false);
    player.terminal.until_has("rootfs needs mount: switched off too");
    player.sees("os-release", '=');

    player.terminal.press("a");
    player.terminal.until("everything is on", |screen| screen.has("[on ] user"));
    player.sees_prompt();
    player.terminal.press("n");
    player.terminal.until_has("a process and nothing more");
    player.sees_prompt();
    player.leaves();
}

/// Whoever kills all that they see kills the bench and nothing else; Enter makes another.
#[test]
fn a_bench_that_was_killed_is_made_anew() {
    let mut player = Player::at(Who::Me, Lang::PtBr, SMALL, &["uts", "pid", "mount"]);
    player.terminal.press(key::F4);
    player.terminal.until("the outside is in view", |screen| screen.has("─ FORA "));
    player.types("kill -9 -1");
    player.terminal.until("the box is gone", |screen| screen.has("iniciar a caixa de novo"));
    player.terminal.next();
    player.sees("hostname", '≠');
    player.terminal.press(key::F4);
    player.sees_prompt();
    player.leaves();
}

/// Each line in turn, one upon the other: the kernel takes them all, or the list says before that it would not.
#[test]
fn every_line_is_taken_by_the_kernel() {
    let mut player = Player::at(Who::Me, Lang::En, SMALL, &[]);
    let mut seen = 0;
    loop {
        let now = chosen(&player.terminal.screen());
        let cannot = now.contains("---");
        // What came with a switch is on already.
        let on = now.contains("[on ]") || now.trim_end().ends_with(" on") || now.contains("host name   box");
        if !cannot && !on {
            player.terminal.press(" ");
            player.terminal.until(format!("{now}: another state"), |screen| chosen(screen) != now);
            player.sees_prompt();
        }
        let screen = player.terminal.screen();
        assert!(!screen.has("not so here") && !screen.has("refused"), "{screen}");
        seen += 1;
        let now = chosen(&player.terminal.screen());
        if now.contains("devices") {
            break;
        }
        player.terminal.press(key::DOWN);
        player.terminal.until("the next line", |screen| chosen(screen) != now);
    }
    assert_eq!(seen, unha::course::play::Line::ALL.len());
    // What was refused late would be said by now.
    player.terminal.press("n");
    player.terminal.until_has("a process and nothing more");
    player.sees_prompt();
    player.leaves();
}

#[test]
fn a_command_inside_is_not_ended_without_asking_and_an_ended_box_is_started_anew() {
    let mut player = Player::at(Who::Me, Lang::PtBr, SMALL, &["uts"]);
    player.types("sleep 600");
    player.terminal.until("the command runs", |screen| screen.has("sleep 600"));
    player.chooses("ipc");
    player.terminal.press(" ");
    player.terminal.until_has("acabar com o que roda dentro, iniciar com uts ipc");
    player.terminal.press(key::ENTER);
    player.terminal.until("ipc is on", |screen| chosen(screen).contains("[sim]"));
    player.sees_prompt();

    player.types("exit 3");
    player.terminal.until_has("O contêiner acabou (exit 3)");
    player.terminal.press(key::ENTER);
    player.terminal.until("the box runs", |screen| !screen.has("O contêiner acabou"));
    player.sees_prompt();
    player.types("echo de novo aqui");
    player.terminal.until_has("de novo aqui");
    player.leaves();
}

#[test]
fn a_slider_is_seen_in_the_kernels_file() {
    let mut player = Player::at(Who::Me, Lang::En, SMALL, &["cgroup"]);
    player.chooses("cgroup");
    if !chosen(&player.terminal.screen()).contains("[on ]") {
        let is_root = nix::unistd::geteuid().is_root();
        let why = if is_root { skip::Why::Cgroup } else { skip::Why::UserCgroup };
        return skip::skip("a slider is seen in the kernel's file", why);
    }
    player.chooses("pids");
    // What is set must be in a file of this box, which runs on without being started anew.
    player.types("x=alive");
    player.terminal.press(" ");
    player.terminal.until("a limit of 15", |screen| chosen(screen).contains("15"));
    player.terminal.until("the gauge says so", |screen| row(screen, "pids.max").is_some_and(|row| row.contains("/15")));
    assert!(values("pids.max").contains(&"15".to_owned()), "{:?}", values("pids.max"));
    player.terminal.press("-");
    player.terminal.until("the gauge says so", |screen| row(screen, "pids.max").is_some_and(|row| row.contains("/8")));
    assert!(values("pids.max").contains(&"8".to_owned()), "{:?}", values("pids.max"));
    player.terminal.press(" ");
    player
        .terminal
        .until("there is none", |screen| row(screen, "pids.max").is_some_and(|row| row.contains("no limit")));
    player.types("echo still $x");
    player.terminal.until_has("still alive");
    player.leaves();
}

fn values(file: &str) -> Vec<String> {
    let read = |path: &PathBuf| fs::read_to_string(path).ok();
    files_of_boxes(file).iter().filter_map(read).map(|text| text.trim().to_owned()).collect()
}

/// What goes to the clipboard is the text, letter by letter, that stands in the pane.
#[test]
fn copied_is_what_stands_there() {
    let mut player = Player::at(Who::Me, Lang::En, LARGE, &["uts", "pid", "mount"]);
    let mut texts = vec![];
    for (digit, name) in [
        ("1", "unshare"),
        ("2", "docker run"),
        ("3", "podman run"),
        ("4", "bwrap"),
        ("5", "ociVersion"),
        ("6", "unha run"),
    ] {
        player.terminal.press(digit);
        player
            .terminal
            .until(format!("{name} is shown"), |screen| screen.has(&format!("[{digit} ")) && !screen.has("sent to"));
        player.terminal.press("y");
        player.terminal.until_has("sent to the terminal's clipboard");
        let copied = player.terminal.copied().expect("something was copied");
        assert!(copied.contains(name), "{copied}");
        let (shown, copied) = (pane(&player.terminal.screen()), squeezed(&copied));
        // A bundle's file is longer than the screen.
        let seen: String = copied.chars().take(if digit == "5" { 400 } else { usize::MAX }).collect();
        assert!(shown.contains(&seen), "{seen}\n{shown}\n{}", player.terminal.screen());
        texts.push(player.terminal.copied().unwrap());
    }
    // The last one is what runs here: it makes the same box.
    let line = texts[5].lines().next().unwrap().replace("unha run", "\"$0\" run");
    let ran = std::process::Command::new("sh")
        .args(["-c", &format!("{line} -c 'hostname; echo $$'"), env!("CARGO_BIN_EXE_unha")])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "box\n1\n", "{line}: {ran:?}");
    // And the others are what is told of that box.
    for (tool, text) in ["shell", "docker", "podman", "bwrap"].into_iter().zip(&texts) {
        let line = line.replace("\"$0\" run", &format!("\"$0\" export {tool}"));
        let told = std::process::Command::new("sh").args(["-c", &line, env!("CARGO_BIN_EXE_unha")]).output().unwrap();
        // That box has no terminal, for its output is a pipe.
        assert_eq!(String::from_utf8_lossy(&told.stdout), text.replace(" --tty", ""), "{line}: {told:?}");
    }
    player.leaves();
}

/// An image whose commands want a folder, a user and a variable of its own, imported as `tested`; `false` where there is no
/// busybox to put in it.
fn imports_an_image(home: &Home) -> bool {
    let at = tempfile::tempdir().unwrap();
    let sh = |script: &str| Command::new("sh").args(["-euc", script]).current_dir(at.path()).output().unwrap();
    if !std::path::Path::new("/bin/busybox").exists() {
        skip::skip("a play in an image", skip::Why::Tool);
        return false;
    }
    let made = sh("mkdir -p root/bin root/etc root/srv && cp /bin/busybox root/bin && ln -s busybox root/bin/sh && \
                   ln -s busybox root/bin/id && echo web:x:101:102::/srv:/bin/sh >root/etc/passwd && \
                   tar -C root -cf layer.tar . && sha256sum layer.tar");
    assert!(made.status.success(), "{made:?}");
    let sum = String::from_utf8_lossy(&made.stdout)[..64].to_owned();
    let config = serde_json::json!({
        "architecture": if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" },
        "os": "linux",
        "config": { "Env": ["GREETING=hi", "PATH=/bin"], "WorkingDir": "/srv/work", "User": "web",
            "Entrypoint": ["/bin/id"] },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{sum}")] },
    });
    fs::write(at.path().join("config.json"), config.to_string()).unwrap();
    let manifest = serde_json::json!([{ "Config": "config.json", "RepoTags": ["tested:1"], "Layers": ["layer.tar"] }]);
    fs::write(at.path().join("manifest.json"), manifest.to_string()).unwrap();
    fs::remove_dir_all(at.path().join("root")).unwrap();
    fs::set_permissions(at.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut import = home.unha_without_terminal();
    import.args(["rootfs", "import"]).arg(at.path()).args(["--name", "tested"]);
    let done = import.output().unwrap();
    assert!(done.status.success(), "{done:?}");
    true
}

/// The play's own box is the one of the line beside it: the image's variables, folder and user are in both.
#[test]
fn an_image_counts_in_the_box_as_in_the_line_beside_it() {
    for who in [Who::Me, Who::Ordinary] {
        image_counts(who);
    }
}

fn image_counts(who: Who) {
    let home = Home::new(who);
    if !imports_an_image(&home) {
        return;
    }
    let says = "echo $GREETING-$HOME-$PWD-$(id -u)";
    let is_root = nix::unistd::geteuid().is_root() && who == Who::Me;
    // With a single id, and on the bench of whoever has a range, there is nobody but root.
    let user = if is_root { "hi-/srv-/srv/work-101" } else { "hi-/root-/srv/work-0" };
    let equal = is_root || !home.has_range();
    let mut player = Player::of(home, Lang::En, LARGE, &["--rootfs", "tested"]);
    player.types(says);
    player.terminal.until_has(user);
    player.terminal.press("6");
    player.terminal.until_has("[6 ");
    player.terminal.press("y");
    player.terminal.until_has("sent to the terminal's clipboard");
    let copied = player.terminal.copied().expect("something was copied");
    let mut lines = copied.lines();
    let (run, export) = (lines.next().unwrap(), lines.next().unwrap());
    assert!(run.ends_with("--rootfs tested --entrypoint sh"), "{copied}");
    assert!(export.ends_with("--rootfs tested --entrypoint sh"), "{copied}");
    let mut line = player.home.unha_without_terminal();
    line.args(run.split(' ').skip(1)).args(["--", "-c", says]);
    let ran = line.output().unwrap();
    let ran = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert_eq!(ran.trim() == user, equal, "{run}: {ran}");
    assert_eq!(copied.lines().count(), 2, "{copied}");
    // Without that root the machine's own words count again.
    player.flips("rootfs", false);
    player.types("echo [$GREETING]");
    player.terminal.until_has("[]");
    player.leaves();
}

#[test]
fn an_ordinary_user_plays_too() {
    let mut player = Player::at(Who::Ordinary, Lang::En, SMALL, &["uts", "pid", "mount"]);
    player.sees("hostname", '≠');
    player.types("echo first $$");
    player.terminal.until_has("first 1");
    player.chooses("cgroup");
    // What cannot be had is greyed, and says why.
    if chosen(&player.terminal.screen()).contains("[---]") {
        player.terminal.until_has("not here:");
    }
    player.leaves();
}
