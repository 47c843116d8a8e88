//! Real exports, by root and by an ordinary user, in both languages: every slide and step is there, with what was printed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;
use unha::course::deck::{self, Deck};
use unha::course::expect::PROMPTS;
use unha::course::lesson::{Act, Lesson};
use unha::course::parse;
use unha::course::recording;
use unha::course::text::Lang;

use crate::browser;
use crate::home::{Home, Who};
use crate::page::Page;

/// How long an export may take: some seconds on an idle machine.
const PATIENCE: Duration = Duration::from_secs(300);

pub fn course() -> Vec<Lesson> {
    parse::course(parse::embedded().into_iter().map(|(file, text)| (file.into(), text.into())).collect()).unwrap()
}

fn is_recorded(lesson: &Lesson) -> bool {
    recording::embedded(lesson, Lang::En).is_some()
}

fn slides() -> Deck {
    deck::deck(&deck::embedded()).unwrap()
}

/// Somebody's folder for pages.
pub struct Desk {
    home: Home,
    folder: TempDir,
}

impl Desk {
    pub fn of(who: Who) -> Self {
        let home = Home::new(who);
        let folder = tempfile::tempdir().unwrap();
        if let Some((user, group)) = home.owner() {
            std::os::unix::fs::chown(folder.path(), Some(user.as_raw()), Some(group.as_raw())).unwrap();
        }
        Self { home, folder }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Exports, and waits for the end; a pipe that is full would stop it, so both are read.
    pub fn export(&self, lang: Lang, words: &[&str]) -> Output {
        let mut unha = self.home.unha_without_terminal();
        unha.current_dir(self.folder.path()).args(["--lang", lang.tag(), "export", "html"]).args(words);
        let child = unha.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let pid = Pid::from_raw(child.id().cast_signed());
        let (done, ended) = channel();
        std::thread::spawn(move || done.send(child.wait_with_output()));
        ended.recv_timeout(PATIENCE).map_or_else(
            |_| {
                let _ = kill(pid, Signal::SIGKILL);
                panic!("unha export {words:?} takes too long");
            },
            Result::unwrap,
        )
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }
}

/// Asserts that a page has all of the course, and that each step is told.
fn holds_the_course(page: &Page, lang: Lang) {
    let steps: usize = course().iter().map(|lesson| lesson.steps.len()).sum();
    assert_eq!(page.all("section.step").len(), steps);
    for (at, lesson) in course().iter().enumerate() {
        for (index, step) in lesson.steps.iter().enumerate() {
            let heading = page.texts(&format!("#step-{at}-{}-title", index + 1)).concat();
            let question = step.text.get(lang).replace('`', "");
            assert!(heading.ends_with(&question), "{heading:?} instead of {question:?}");
        }
    }
    for (index, slide) in slides().slides.iter().enumerate() {
        assert_eq!(page.texts(&format!("#slide-{}-title", index + 1)), [slide.face(lang).title.as_str()]);
    }
    assert_eq!(page.texts("nav ol ol li").len(), slides().slides.len() + course().len(), "the table of contents");
    assert!(page.text().contains("yabadabadoo"));
    assert!(page.texts("#script pre").concat().contains("unshare"));
    assert!(!page.texts("#script pre").concat().contains("echo 0 > $pids/pids.max"));
}

/// What each step's shells show, by step and side.
fn shells(page: &Page) -> BTreeMap<(String, &'static str), String> {
    let mut shells = BTreeMap::new();
    for step in page.all("section.step") {
        let id = step.attr("id").unwrap();
        for side in ["outside", "inside"] {
            if let Some(shell) = page.texts(&format!("#{id} .shell.{side} pre")).pop() {
                shells.insert((id.to_owned(), side), shell);
            }
        }
    }
    shells
}

/// Whether a step types into a shell: what one says that was only left running is told as far as it came.
fn is_typed((id, side): &(String, &'static str)) -> bool {
    let mut numbers = id.split('-').skip(1).map(|number| number.parse::<usize>().unwrap());
    let (lesson, step) = (numbers.next().unwrap(), numbers.next().unwrap());
    course()[lesson].steps[step - 1].acts.iter().any(|act| match act {
        Act::Inside(_) => *side == "inside",
        Act::Outside(_) => *side == "outside",
        _ => false,
    })
}

/// Nobody waits at a page as at a screen: what a command prints must be there although the step was done before.
fn says_as_much_as_the_recording(desk: &Desk, real: &Page) {
    let recorded = desk.export(Lang::En, &["--recorded", "-"]);
    let recorded = Page::sound(&String::from_utf8(recorded.stdout).unwrap(), "en");
    let real = shells(real);
    for (place, shell) in shells(&recorded) {
        let now = real.get(&place).unwrap_or_else(|| panic!("{place:?} says nothing, and once said {shell:?}"));
        let answers = |shell: &str| shell.lines().count() > 1;
        assert!(answers(now) || !answers(&shell) || !is_typed(&place), "{place:?}: {now:?}, and once {shell:?}");
    }
}

/// The talk as one person takes it home in one language.
fn is_whole(page: &Page, who: Who, lang: Lang) {
    holds_the_course(page, lang);
    // What cannot be done here is from a recording, and says so; nothing of what is recorded is left undone. A name
    // anyone can have.
    for (at, lesson) in course().iter().enumerate().filter(|(_, lesson)| is_recorded(lesson)) {
        let undone = page.texts(&format!("#lesson-{at} p.undone"));
        assert!(undone.is_empty(), "{who:?} {lang} {}: {undone:?}", lesson.id);
    }
    let uts = course().iter().position(|lesson| lesson.id == "uts").unwrap();
    let recorded = page.texts(&format!("#lesson-{uts} p.recorded"));
    assert!(recorded.is_empty(), "{who:?} {lang}: {recorded:?}");
    let word = lang.pick("RECORDED", "GRAVADO");
    assert!(page.texts("section.step > p.recorded").iter().all(|said| said.contains(word)));
    let prompt = lang.pick("inside# hostname yabadabadoo", "dentro# hostname yabadabadoo");
    assert!(page.texts(".shell.inside pre").iter().any(|shell| shell.starts_with(prompt)), "{prompt}");
}

/// A walk through the whole course is mostly waiting, so that all four take hardly longer than one.
#[test]
fn root_and_an_ordinary_user_take_the_talk_home() {
    let desks = [Who::Me, Who::Ordinary].map(|who| (who, Desk::of(who)));
    let name = |lang: Lang| format!("{lang}.html");
    std::thread::scope(|scope| {
        for (who, desk, lang) in desks.iter().flat_map(|(who, desk)| Lang::ALL.map(|lang| (who, desk, lang))) {
            scope.spawn(move || {
                let output = desk.export(lang, &[&name(lang)]);
                assert!(output.status.success(), "{who:?} {lang}: {}", String::from_utf8_lossy(&output.stderr));
            });
        }
    });
    for (who, desk) in &desks {
        for lang in Lang::ALL {
            let text = fs::read_to_string(desk.file(&name(lang))).unwrap();
            assert!(text.len() < 2_000_000, "{} bytes", text.len());
            is_whole(&Page::sound(&text, lang.tag()), *who, lang);
        }
        assert_eq!(desk.files().len(), 2, "{:?}", desk.files());
    }
    let (_, desk) = &desks[0];
    let real = fs::read_to_string(desk.file(&name(Lang::En))).unwrap();
    says_as_much_as_the_recording(desk, &Page::sound(&real, "en"));
    // A page in which everything is marked as recorded.
    assert!(desk.export(Lang::En, &["--recorded", "--route", "short", "recorded.html"]).status.success());
    browser::finds_nothing(&["en.html", "pt-BR.html", "recorded.html"].map(|name| desk.file(name)));
}

#[test]
fn recordings_alone_make_a_page_that_says_so() {
    let desk = Desk::of(Who::Ordinary);
    for lang in Lang::ALL {
        let output = desk.export(lang, &["--recorded", "-"]);
        assert!(output.status.success());
        let page = Page::sound(&String::from_utf8(output.stdout).unwrap(), lang.tag());
        holds_the_course(&page, lang);
        let steps: usize = course().iter().filter(|lesson| is_recorded(lesson)).map(|lesson| lesson.steps.len()).sum();
        assert_eq!(page.all("section.step > p.recorded").len(), steps);
        assert_eq!(page.all("section.step > p.undone").len(), page.all("section.step").len() - steps);
        let made = page.texts("p.made").concat();
        assert!(made.contains(lang.pick("from recordings", "a partir de gravações")), "{made}");
        for (place, shell) in shells(&page) {
            let typed =
                |line: &str| PROMPTS.iter().find_map(|prompt| Some(line.strip_prefix(prompt)?.trim().to_owned()));
            let twice = shell.lines().filter_map(typed).find(|line| typed(line).is_some());
            assert_eq!(twice, None, "{place:?} has one prompt behind another: {shell:?}");
        }
    }
    assert!(desk.files().is_empty(), "it goes to stdout alone");
}

#[test]
fn the_short_route_is_shorter() {
    let desk = Desk::of(Who::Me);
    let output = desk.export(Lang::En, &["--route", "short", "--recorded", "-"]);
    let page = Page::sound(&String::from_utf8(output.stdout).unwrap(), "en");
    let course = course();
    let must = course.iter().flat_map(|lesson| &lesson.steps).filter(|step| step.must).count();
    assert_eq!(page.all("section.step").len(), must);
    assert_eq!(page.all("section.slide").len(), slides().slides.iter().filter(|slide| slide.must).count());
}

#[test]
fn a_file_that_is_there_is_kept_unless_it_is_said_otherwise() {
    let desk = Desk::of(Who::Me);
    fs::write(desk.file("mine.html"), "mine").unwrap();
    let refused = desk.export(Lang::En, &["--recorded", "mine.html"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(fs::read_to_string(desk.file("mine.html")).unwrap(), "mine");
    let written = desk.export(Lang::En, &["--recorded", "--force", "mine.html"]);
    assert!(written.status.success());
    Page::sound(&fs::read_to_string(desk.file("mine.html")).unwrap(), "en");
    assert_eq!(desk.files(), ["mine.html"], "nothing stands beside it");
}

#[test]
fn ctrl_c_leaves_nothing() {
    let desk = Desk::of(Who::Me);
    let mut unha = desk.home.unha_without_terminal();
    unha.current_dir(desk.folder.path()).args(["--lang", "en", "export", "html", "never.html"]);
    let mut child = unha.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.any(|line| line.starts_with("pid 2/")), "it never came to a step");
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).unwrap();
    let _ = child.wait().unwrap();
    assert!(desk.files().is_empty(), "{:?}", desk.files());
    // What its bench's keeper still has to do, it does at once.
    let deadline = std::time::Instant::now() + PATIENCE;
    while fs::read_dir(desk.home.records()).is_ok_and(|mut records| records.next().is_some()) {
        assert!(std::time::Instant::now() < deadline, "a record of the run is left");
        std::thread::yield_now();
    }
}
