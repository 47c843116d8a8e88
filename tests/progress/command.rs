//! `unha progress`: shown, taken along, brought in, wiped out; in both languages.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use unha::course::progress::Progress;
use unha::course::talk::Answer;
use unha::session::store;

/// A person's folder of state.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Of somebody who has done the first lesson but its last step, one prediction of two being wrong.
    fn of_learner() -> Self {
        let home = Self::new();
        let mut progress = Progress { schema: Progress::SCHEMA, at: 9, ..Progress::default() };
        for step in ["two-shells", "one-process", "one-kernel"] {
            progress.mark("nothing", step).done = Some(1_795_000_000);
        }
        for (step, chosen) in [("one-process", 2), ("one-kernel", 2)] {
            progress.mark("nothing", step).answer = Some(Answer::Chose(chosen));
        }
        fs::create_dir(home.0.path().join("unha")).unwrap();
        store::save(&home.file(), &progress).unwrap();
        home
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("unha/progress.json")
    }

    fn unha(&self, lang: &str) -> Command {
        let mut unha = Command::new(env!("CARGO_BIN_EXE_unha"));
        unha.args(["--lang", lang, "progress"]).env("XDG_STATE_HOME", self.0.path()).env("TZ", "UTC");
        unha.env_remove("SUDO_UID").env_remove("SUDO_GID").stdin(Stdio::null());
        unha
    }

    fn told(&self, lang: &str, words: &[&str]) -> (String, String, Option<i32>) {
        said(&self.unha(lang).args(words).output().unwrap())
    }

    fn kept(&self) -> Progress {
        store::load(&self.file()).unwrap().unwrap()
    }
}

fn said(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn it_is_shown_lesson_by_lesson() {
    let home = Home::of_learner();
    for (lang, right, done) in [("en", "1 of 2", "3 of "), ("pt-BR", "1 de 2", "3 de ")] {
        let (out, err, code) = home.told(lang, &[]);
        assert_eq!((err.as_str(), code), ("", Some(0)));
        let nothing = out.lines().find(|line| line.contains(" nothing ")).unwrap();
        assert!(nothing.contains("3/4") && nothing.contains(right) && nothing.ends_with("3 one-kernel"), "{out}");
        assert!(out.contains(done) && out.contains("2026-11-18"), "{out}");
        assert!(out.contains(&home.file().display().to_string()), "{out}");
        assert!(out.lines().all(|line| line.chars().count() <= 100 || line.contains('/')), "{out}");
        assert_eq!(home.told(lang, &["show"]).0, out);
    }
}

#[test]
fn it_goes_to_another_machine_and_is_merged_there() {
    let (here, there) = (Home::of_learner(), Home::new());
    let mut other = Progress { schema: Progress::SCHEMA, ..Progress::default() };
    other.mark("uts", "on").done = Some(5);
    fs::create_dir(there.0.path().join("unha")).unwrap();
    store::save(&there.file(), &other).unwrap();
    let (text, _, code) = here.told("en", &["export"]);
    assert_eq!(code, Some(0));
    let mut child = there.unha("en").arg("import").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let (out, _, code) = said(&child.wait_with_output().unwrap());
    assert!(code == Some(0) && out.contains("steps done: 4, 3 of them new"), "{out}");
    assert_eq!(there.kept().lessons["nothing"], here.kept().lessons["nothing"]);
    assert_eq!(there.kept().lessons["uts"]["on"].done, Some(5));
    // By a file, and once more: nothing is new then.
    let file = here.0.path().join("mine.json");
    let name = file.to_str().unwrap();
    assert_eq!(here.told("pt-BR", &["export", name]).2, Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    let (out, _, _) = there.told("pt-BR", &["import", name]);
    assert!(out.contains("passos feitos: 4, dos quais 0 novos"), "{out}");
    let (_, err, code) = here.told("en", &["export", name]);
    assert!(code == Some(2) && err.contains("there already"), "{err}");
    assert_eq!(here.told("en", &["export", name, "--force"]).2, Some(0));
}

#[test]
fn what_is_no_progress_is_not_taken() {
    let home = Home::of_learner();
    let before = fs::read(home.file()).unwrap();
    let whole = home.told("en", &["export"]).0;
    let file = home.0.path().join("theirs.json");
    let cases = [
        (String::new(), "makes no sense", "não faz sentido"),
        (
            "{\"schema\": 9}".to_owned(),
            "written by a newer unha; nothing was changed",
            "unha mais novo; nada foi mudado",
        ),
        (whole.replace("kernel", "colonel"), "damaged, or changed", "danificado, ou mudado"),
        (whole[..whole.len() / 2].to_owned(), "makes no sense at line", "não faz sentido na linha"),
    ];
    for (text, en, pt_br) in cases {
        fs::write(&file, text).unwrap();
        for (lang, wanted) in [("en", en), ("pt-BR", pt_br)] {
            let (_, err, code) = home.told(lang, &["import", file.to_str().unwrap()]);
            assert!(code == Some(2) && err.contains(wanted), "{err}");
            assert_eq!(fs::read(home.file()).unwrap(), before);
        }
    }
    // What was changed by hand can be read still, if that is meant.
    fs::write(&file, whole.replace("kernel", "colonel")).unwrap();
    assert_eq!(home.told("en", &["import", "--force", file.to_str().unwrap()]).2, Some(0));
    assert!(home.kept().lessons["nothing"].contains_key("one-colonel"));
    let (_, err, code) = home.told("pt-BR", &["import", "/gone.json"]);
    assert!(code == Some(1) && err.contains("open(\"/gone.json\") = ENOENT"), "{err}");
}

#[test]
fn a_reset_asks_and_keeps_a_copy() {
    let home = Home::of_learner();
    let before = home.kept();
    for (lang, wanted) in [("en", "unha progress reset --yes"), ("pt-BR", "não há terminal")] {
        let (_, err, code) = home.told(lang, &["reset"]);
        assert!(code == Some(2) && err.contains(wanted), "{err}");
        assert_eq!(home.kept(), before);
    }
    let (out, _, code) = home.told("en", &["reset", "--yes"]);
    assert!(code == Some(0) && out.contains("progress.json.before"), "{out}");
    assert_eq!(home.kept().marks().count(), 0);
    let copy = home.0.path().join("unha/progress.json.before");
    // An unha that still runs saves what it knew: that stays wiped out.
    store::merge(&home.file(), before.clone(), Progress::merged).unwrap();
    assert_eq!(home.kept().marks().count(), 0);
    assert_eq!(home.told("en", &["import", copy.to_str().unwrap()]).2, Some(0));
    assert_eq!(home.kept().lessons, before.lessons);
    let nothing = Home::new();
    assert!(nothing.told("en", &["reset"]).0.contains("Nothing is done yet"));
    assert!(nothing.told("pt-BR", &["export"]).1.contains("ainda não há progresso"));
}

#[test]
fn a_broken_file_is_said_and_the_save_before_it_goes_on() {
    let home = Home::of_learner();
    store::merge(&home.file(), Progress::default(), Progress::merged).unwrap();
    fs::write(home.file(), "{\"schema\":2,").unwrap();
    let (out, err, code) = home.told("en", &[]);
    assert!(err.contains("makes no sense at line 1") && err.contains("progress.json.unread"), "{err}");
    assert!(err.contains("the copy of the save before"), "{err}");
    assert!(code == Some(0) && out.contains("3/4"), "{out}");
    assert_eq!(fs::read_to_string(home.file().with_extension("json.unread")).unwrap(), "{\"schema\":2,");
}

/// Under sudo everything that is made is the user's: else they could not go on without it.
#[test]
fn under_sudo_it_is_the_users() {
    if !nix::unistd::geteuid().is_root() {
        eprintln!("SKIP only root can write for somebody else");
        return;
    }
    let (home, place) = (Home::of_learner(), tempfile::tempdir().unwrap());
    let exported = place.path().join("theirs.json");
    fs::write(&exported, home.told("en", &["export"]).0).unwrap();
    // A user whose home is here, known in a mount namespace of its own alone.
    let passwd = place.path().join("passwd");
    let theirs = place.path().join("home");
    fs::create_dir(&theirs).unwrap();
    chown(&theirs, Some(4711), Some(4711)).unwrap();
    let line = format!("root:x:0:0::/root:/bin/sh\nana:x:4711:4711::{}:/bin/sh\n", theirs.display());
    fs::write(&passwd, line).unwrap();
    let mut sudo = Command::new("unshare");
    sudo.args(["--mount", "sh", "-ec", "mount --bind \"$1\" /etc/passwd; exec \"$2\" progress import \"$3\"", "sh"]);
    sudo.args([passwd.as_os_str(), env!("CARGO_BIN_EXE_unha").as_ref(), exported.as_os_str()]);
    sudo.env("SUDO_UID", "4711").env("SUDO_GID", "4711");
    let (out, err, code) = said(&sudo.output().unwrap());
    if err.contains("unshare failed") {
        eprintln!("SKIP there are no mount namespaces here: {err}");
        return;
    }
    assert_eq!(code, Some(0), "{out}{err}");
    for made in
        [".local", ".local/state/unha", ".local/state/unha/progress.json", ".local/state/unha/progress.json.lock"]
    {
        let made = theirs.join(made);
        let owner = fs::symlink_metadata(&made).map(|of| (of.uid(), of.gid())).unwrap();
        assert_eq!(owner, (4711, 4711), "{}", made.display());
    }
}
