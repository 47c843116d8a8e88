//! Whether the talk will work at a venue: what does not fit is named, each step is run, the last line is the verdict.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use unha::course::deck::{Deck, deck, embedded};
use unha::course::lesson::Lesson;
use unha::course::parse;
use unha::course::text::Lang;

use super::home::{Home, Who};
use super::refuse::refuse_everything;
use super::skip::{Why, skip};

/// What a check said: its lines, and how it ended.
struct Checked {
    code: Option<i32>,
    lines: Vec<String>,
}

impl Checked {
    /// The talk at a size, as somebody who has no terminal checks it.
    fn at(size: &str, who: Who, words: &[&str]) -> Self {
        let home = Home::new(who);
        let output = home.unha_without_terminal().args(["present", "--check", size]).args(words).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        Self { code: output.status.code(), lines: said.lines().map(str::to_owned).collect() }
    }

    /// The lines that begin so.
    fn are(&self, word: &str) -> Vec<&str> {
        self.lines.iter().filter_map(|line| line.strip_prefix(word)).map(str::trim).collect()
    }

    #[track_caller]
    fn ends(&self, code: i32, verdict: &str) {
        let tail = self.lines.iter().rev().take(2).any(|line| line.starts_with(verdict));
        assert!(tail && self.code == Some(code), "{:?}, and not {code} after `{verdict}`\n{}", self.code, self.all());
    }

    #[track_caller]
    fn says(&self, line: &str) {
        assert!(self.lines.iter().any(|said| said.contains(line)), "not said: {line}\n{}", self.all());
    }

    fn all(&self) -> String {
        self.lines.join("\n")
    }
}

fn lessons() -> Vec<Lesson> {
    let files = parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
    parse::course(files.collect()).unwrap()
}

/// The names of the steps that a deck opens on a route.
fn steps(deck: &Deck, short: bool) -> Vec<String> {
    let (lessons, mut names) = (lessons(), vec![]);
    for slide in deck.slides.iter().filter(|slide| !short || slide.must) {
        let Some(lesson) = slide.lesson.as_ref().and_then(|id| lessons.iter().find(|lesson| lesson.id == *id)) else {
            continue;
        };
        let walked = lesson.steps.iter().filter(|step| !short || step.must);
        names.extend(walked.map(|step| format!("{}/{}", lesson.id, step.id)));
    }
    names
}

#[test]
fn the_embedded_talk_works_here() {
    if !nix::unistd::geteuid().is_root() {
        skip("the_embedded_talk_works_here", Why::Root);
        return;
    }
    let ours = deck(&embedded()).unwrap();
    for (lang, route, verdict) in
        [(Lang::En, "full", "The talk works here."), (Lang::PtBr, "short", "A palestra funciona aqui.")]
    {
        let checked = Checked::at("80x24", Who::Me, &["--lang", lang.tag(), "--route", route]);
        let recorded = checked.are(lang.pick("RECORDED", "GRAVADO"));
        if !recorded.is_empty() && recorded.iter().all(|name| name.starts_with("cgroup/")) {
            skip("the_embedded_talk_works_here", Why::Cgroup);
            return;
        }
        checked.ends(0, verdict);
        let mut expected = steps(&ours, route == "short");
        let slides = ours.slides.iter().filter(|slide| route == "full" || slide.must).count();
        let fit = match lang {
            Lang::En => format!("{slides} slides and {} steps fit", expected.len()),
            Lang::PtBr => format!("{slides} slides e {} passos cabem", expected.len()),
        };
        expected.insert(0, fit);
        assert_eq!(checked.are("PASS"), expected, "{}", checked.all());
    }
}

/// A folder with a chapter for each language.
fn written(chapters: [(&str, &str); 2]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for (lang, text) in chapters {
        fs::write(folder.path().join(format!("00-mine.{lang}.md")), text).unwrap();
    }
    let path = folder.path().to_owned();
    (folder, path)
}

const FITS: &str = "<!-- chapter: Mine -->\n\n# Fits\n\n<!-- slide: fits, 90s, must -->\n\nwords\n";

/// What does not fit is named: the slide, the language, the points, and by how much.
#[test]
fn a_deck_that_overflows_fails() {
    let rows = "line\n\n".repeat(20);
    let en = format!(
        "{FITS}\n# Tall\n\n<!-- slide: tall, 30s, must -->\n\n{rows}\n\n# Wide\n\n<!-- slide: wide, 30s -->\n\nfirst\n\n\
         <!-- pause -->\n\n```art\n{}\n```\n\n# A title that is far too long to be large anywhere\n\n\
         <!-- slide: titled, 5s, must -->\n\nwords\n",
        "=".repeat(90)
    );
    let pt_br = en.replace(&rows, "linha\n").replace(&"=".repeat(90), "===");
    let (_folder, path) = written([("en", &en), ("pt-BR", &pt_br)]);
    let slides = path.to_str().unwrap();
    let checked = Checked::at("80x24", Who::Me, &["--deck", slides, "--route", "full", "--minutes", "2"]);
    checked.ends(1, "The talk will not work here as it is: 2 things do not fit.");
    let fails = checked.are("FAIL");
    assert_eq!(fails.len(), 2, "{}", checked.all());
    assert!(fails[0].starts_with("slide tall (en), at every point: it needs 22 "), "{}", checked.all());
    assert!(fails[0].ends_with("rows, and there are 19"), "{}", checked.all());
    assert!(fails[1].starts_with("slide wide (en), at point 2: too wide (90 > 72): ==="), "{}", checked.all());
    // What is only small is said, and nobody misses it.
    assert_eq!(checked.are("NOTE").len(), 1, "{}", checked.all());
    checked.says("full route: 2:35 min (plan: as the slides say); 0:35 over the 2 minutes");
    checked.says("The talk at 80×24, full route (en, pt-BR)");
    // In the other language alone it fits, and so does what the short route shows at a larger size.
    let only = Checked::at("80x24", Who::Me, &["--deck", slides, "--route", "full", "--lang", "pt-BR"]);
    only.ends(0, "A palestra funciona aqui.");
    let larger = Checked::at("120x60", Who::Me, &["--deck", slides, "--route", "short", "--minutes", "40"]);
    larger.ends(0, "The talk works here.");
    larger.says("short route: 2:05 min (plan: as the slides say); 37:55 of 40 minutes are left");
}

/// A step whose text is too long is found by its picture.
#[test]
fn a_lesson_that_overflows_fails() {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/01-uts.toml");
    let lesson = fs::read_to_string(source).unwrap();
    let text = lesson.lines().find(|line| line.starts_with("why = ")).map(str::to_owned);
    let text = text.or_else(|| lesson.lines().find(|line| line.starts_with("en = ")).map(str::to_owned)).unwrap();
    let long = text.replacen("en = \"", &format!("en = \"{}", "A long story. ".repeat(60)), 1);
    assert_ne!(long, text);
    fs::write(folder.path().join("01-uts.toml"), lesson.replacen(&text, &long, 1)).unwrap();
    let opener = FITS.replace("must -->", "must, lesson: uts -->");
    let (_folder, path) = written([("en", &opener), ("pt-BR", &opener)]);
    let words =
        ["--deck", path.to_str().unwrap(), "--trust", "--lessons", folder.path().to_str().unwrap(), "--route", "full"];
    let checked = Checked::at("80x24", Who::Me, &words);
    checked.ends(1, "The talk will not work here as it is: one thing does not fit");
    let fails = checked.are("FAIL step uts/");
    assert!(fails.len() == 1 && fails[0].contains("(en) does not fit at 80×24"), "{}", checked.all());
    assert!(fails[0].contains("letters are cut off"), "{}", checked.all());
}

/// The machine refuses everything: each step is named with the reason, and the talk would be given from recordings.
fn refused(lang: Lang) {
    refuse_everything();
    let checked = Checked::at("80x24", Who::Ordinary, &["--lang", lang.tag(), "--route", "full"]);
    let steps = steps(&deck(&embedded()).unwrap(), false);
    let recorded = checked.are(lang.pick("RECORDED", "GRAVADO"));
    let names: Vec<&str> = recorded.iter().filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    assert_eq!(names, steps, "{}", checked.all());
    assert!(recorded.iter().all(|line| line.contains("EPERM")), "no reason: {}", checked.all());
    let slides = deck(&embedded()).unwrap().slides;
    let list = slides.into_iter().filter_map(|slide| slide.lesson).collect::<Vec<_>>().join(", ");
    let verdict = match lang {
        Lang::En => format!("The talk will work, with {} steps from recordings: {list}.", steps.len()),
        Lang::PtBr => format!("A palestra vai funcionar, com {} passos de gravações: {list}.", steps.len()),
    };
    checked.ends(1, &verdict);
    checked.says(lang.pick("The check fails: this machine", "A checagem falha: esta máquina"));
    assert_eq!((checked.are("SKIP slides").len(), checked.are("FAIL").len()), (1, 0), "{}", checked.all());
    // A lesson of one's own has no recording: there the talk has nothing to show.
    let folder = tempfile::tempdir().unwrap();
    let own = "schema = 1\nid = \"own\"\ntitle = { en = \"own\", pt-BR = \"own\" }\nsummary = { en = \"o\", pt-BR = \"o\" }\n\
               begins-with = []\n\n[[step]]\nid = \"look\"\nmust = true\nseconds = 60\n\
               text = { en = \"Look.\", pt-BR = \"Veja.\" }\nwhy = { en = \"So.\", pt-BR = \"Assim.\" }\n\
               do = [{ inside = \"echo x\" }]\nexpect = [{ on = \"inside\", prints = \"x\" }]\n";
    fs::write(folder.path().join("00-own.toml"), own).unwrap();
    let opener = FITS.replace("must -->", "must, lesson: own -->");
    let (_folder, path) = written([("en", &opener), ("pt-BR", &opener)]);
    let words = ["--deck", path.to_str().unwrap(), "--trust", "--lessons", folder.path().to_str().unwrap()];
    let nothing = Checked::at("80x24", Who::Me, &[&words[..], &["--lang", lang.tag()]].concat());
    nothing.ends(1, lang.pick("The talk will not work here as it is:", "A palestra não vai funcionar aqui assim:"));
    nothing.says(lang.pick("and there is no recording of it", "e não há gravação dele"));
    nothing.says("own/look");
}

/// In a thread of its own, which is refused and nobody else.
fn in_a_thread(lang: Lang) {
    if let Err(why) = thread::spawn(move || refused(lang)).join() {
        panic!("{}", why.downcast_ref::<String>().map_or("the check failed", String::as_str));
    }
}

#[test]
fn a_machine_that_refuses_everything_fails_in_english() {
    in_a_thread(Lang::En);
}

#[test]
fn a_machine_that_refuses_everything_fails_in_portuguese() {
    in_a_thread(Lang::PtBr);
}
