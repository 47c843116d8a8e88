//! A person on a stage: what they press, and what the room must then see.

use std::fs;
use std::process::Command;

use nix::sys::signal::Signal;
use unha::course::deck::{Deck, Kind, Span, deck, embedded};
use unha::course::text::Lang;

use super::home::{Home, Who};
use super::terminal::{Terminal, key};

pub const SIZE: (u16, u16) = (80, 24);
/// What a clicker's start key sends.
const F5: &str = "\x1b[15~";

/// A person on a stage.
pub struct Speaker {
    /// Before the home: unha writes to it when it is ended.
    pub terminal: Terminal,
    pub home: Home,
    pub lang: Lang,
    pub deck: Deck,
    /// Whether only what must be is shown.
    pub short: bool,
}

impl Speaker {
    pub fn on(home: Home, lang: Lang, more: &[&str]) -> Self {
        let words = [&["present", "--lang", lang.tag()], more].concat();
        let terminal = Terminal::open(&home, SIZE, &words);
        Self { terminal, home, lang, deck: deck(&embedded()).unwrap(), short: more.contains(&"short") }
    }

    /// Waits until a slide is seen at a point: its number and chapter, what it says by then, what Next does.
    pub fn sees(&mut self, slide: usize, point: usize) {
        let of = &self.deck.slides[slide];
        let face = of.face(self.lang);
        let number = format!("{}/{}", slide + 1, self.deck.slides.len());
        let chapter = self.deck.chapters[of.chapter].get(self.lang).to_owned();
        let (mut said, mut unsaid): (Vec<String>, Vec<String>) = (vec![], vec![]);
        for block in &face.blocks {
            let items: Vec<String> = match &block.kind {
                Kind::Text(words) | Kind::Subtitle(words) => vec![joined(words)],
                Kind::List(items) => items.iter().map(|item| joined(item)).collect(),
                Kind::Table(_, rows) => rows.iter().map(|row| row.iter().map(|cell| joined(cell)).collect()).collect(),
                Kind::Timeline(entries) => entries.iter().map(|[_, name, remark]| format!("{name}{remark}")).collect(),
                Kind::Boxes(boxes) => boxes.iter().map(|lines| lines[0].clone()).collect(),
                Kind::Towers(rows) => rows[0].iter().filter(|name| *name != "=").cloned().collect(),
                Kind::Art(lines) => lines.iter().filter(|line| !line.contains('{')).cloned().collect(),
                Kind::Columns(_) | Kind::Sides(..) => continue,
            };
            let reached = (point + 1).saturating_sub(block.from);
            let shown = if block.each || reached == 0 { reached.min(items.len()) } else { items.len() };
            said.extend(items[..shown].iter().map(|text| squeezed(text)));
            unsaid.extend(items[shown..].iter().map(|text| squeezed(text)));
        }
        // Such as a name that the next point's table has again.
        unsaid.retain(|text| !said.iter().any(|said| said.contains(text)));
        let more = point < of.last();
        let does = if more {
            vec![self.lang.pick("next point", "próximo ponto").to_owned()]
        } else if of.lesson.is_some() {
            // The second where one came back out of it, and its bench still stands.
            let open = self.lang.pick("open the lesson", "abrir a lição");
            [open, self.lang.pick("go on with the lesson", "continuar a lição")].map(str::to_owned).into()
        } else {
            let next = self.deck.slides[slide + 1..].iter().find(|next| !self.short || next.must);
            vec![next.map_or_else(
                || self.lang.pick("this is the last slide", "este é o último slide").to_owned(),
                |next| next.face(self.lang).title.clone(),
            )]
        };
        self.terminal.until(format!("slide {number} {}, point {point}: {said:?}; {does:?}", of.id), |screen| {
            let top = screen.rows()[0].clone();
            let body = squeezed(&screen.rows()[1..21].concat());
            top.trim_end().ends_with(&number)
                && top.contains(&chapter)
                && does.iter().any(|does| screen.bottom().contains(does))
                && said.iter().all(|text| body.contains(text))
                && !unsaid.iter().any(|text| body.contains(text))
        });
    }

    /// Goes to the slide of a lesson by its number, and by a clicker's key through it into the lesson.
    pub fn opens(&mut self, lesson: &str) {
        let slide = self.deck.opener(lesson).unwrap();
        self.sees(0, 0);
        self.terminal.press(&format!("g{}", slide + 1));
        let found = format!("▸ {} {}", slide + 1, self.deck.slides[slide].face(self.lang).title);
        self.terminal.until(format!("found: {found}"), |screen| screen.bottom().contains(&found));
        self.terminal.next_by(key::PAGE_DOWN);
        self.clicks_through(slide);
        self.terminal.next_by(key::PAGE_DOWN);
        let open = self.lang.pick("QUESTION", "PERGUNTA");
        self.terminal.until(format!("the first step of {lesson}"), |screen| screen.bottom().starts_with(open));
    }

    /// Every point of a slide, then on.
    fn clicks_through(&mut self, slide: usize) {
        for point in 0..self.deck.slides[slide].points {
            self.sees(slide, point);
            if point < self.deck.slides[slide].last() {
                self.terminal.next_by(key::PAGE_DOWN);
            }
        }
    }

    /// Into the lesson that a slide opens, and out again.
    fn looks_into_the_lesson(&mut self, slide: usize) {
        let title = self.deck.slides[slide].lesson.clone().unwrap();
        self.terminal.next_by(key::PAGE_DOWN);
        let lang = self.lang;
        let phases = [lang.pick("QUESTION", "PERGUNTA"), lang.pick("READY", "PRONTO")];
        self.terminal.until(format!("the first step of {title}"), |screen| {
            screen.rows()[0].contains("1/") && phases.iter().any(|phase| screen.bottom().starts_with(phase))
        });
        self.terminal.next_by(key::PAGE_UP);
        let last = self.deck.slides[slide].last();
        // Its bench still stands: Next goes on where one was.
        let does = lang.pick("go on with the lesson", "continuar a lição");
        self.terminal.until(format!("back on slide {}, {last}", slide + 1), |screen| screen.bottom().contains(does));
    }

    /// The words that stand on the screen.
    pub fn leaves(mut self) -> Home {
        self.terminal.press("q");
        self.terminal.until_has(self.lang.pick("Leave?", "Sair?"));
        self.terminal.press("q");
        assert!(self.terminal.until_ended().success());
        assert_eq!(self.terminal.not_given_back(), Vec::<&str>::new());
        self.home
    }
}

/// However it is broken into lines.
fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

fn joined(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// The whole deck forth and back with a clicker's two keys; each lesson is looked into on the way.
fn gives(lang: Lang) {
    let mut speaker = Speaker::on(Home::new(Who::Me), lang, &["--route", "full"]);
    let openers: Vec<usize> =
        (0..speaker.deck.slides.len()).filter(|slide| speaker.deck.slides[*slide].lesson.is_some()).collect();
    for slide in 0..=openers[0] {
        speaker.clicks_through(slide);
        if slide < openers[0] {
            speaker.terminal.next_by(key::PAGE_DOWN);
        }
    }
    for slide in (0..=openers[0]).rev() {
        for point in (0..speaker.deck.slides[slide].points).rev() {
            speaker.sees(slide, point);
            if (slide, point) != (0, 0) {
                speaker.terminal.next_by(key::PAGE_UP);
            }
        }
    }
    for slide in openers {
        speaker.terminal.press(&format!("g{}", slide + 1));
        let found = format!("{} {}", slide + 1, speaker.deck.slides[slide].face(lang).title);
        speaker.terminal.until(format!("found: {found}"), |screen| screen.bottom().contains(&found));
        speaker.terminal.next_by(key::PAGE_DOWN);
        speaker.sees(slide, 0);
        speaker.looks_into_the_lesson(slide);
    }
    let last = speaker.deck.slides.len() - 1;
    speaker.terminal.press(&format!("g{}", last - 1));
    speaker.terminal.until(format!("slide {} is chosen", last - 1), |screen| {
        screen.bottom().contains(&format!("Enter ▸ {} ", last - 1))
    });
    speaker.terminal.next_by(key::PAGE_DOWN);
    for slide in last - 2..=last {
        speaker.clicks_through(slide);
        speaker.terminal.next_by(key::PAGE_DOWN);
    }
    speaker.terminal.until_has(lang.pick("that was the last slide", "esse foi o último slide"));
    speaker.leaves();
}

#[test]
fn all_slides_in_portuguese() {
    gives(Lang::PtBr);
}

#[test]
fn all_slides_in_english() {
    gives(Lang::En);
}

/// What a slide says of the kernel is read from it.
#[test]
fn a_slide_is_live() {
    is_live_for(Who::Me);
}

#[test]
fn a_slide_is_live_for_an_ordinary_user() {
    is_live_for(Who::Ordinary);
}

fn is_live_for(who: Who) {
    let mut speaker = Speaker::on(Home::new(who), Lang::PtBr, &[]);
    speaker.sees(0, 0);
    speaker.terminal.press("/um kernel so");
    speaker.terminal.until("it is found", |screen| screen.bottom().contains("6 Um kernel só"));
    speaker.terminal.next();
    let kernel = nix::sys::utsname::uname().unwrap().release().to_string_lossy().into_owned();
    speaker.terminal.until("both names and the kernel", |screen| {
        let row = |words: &[&str]| screen.rows().iter().any(|row| words.iter().all(|word| row.contains(word)));
        row(&["║", "bancada", "caixa"]) && row(&[&format!("kernel {kernel}"), "● ao vivo"])
    });
    // The language changes while one speaks; the box keeps its name.
    speaker.terminal.press("L");
    speaker
        .terminal
        .until("the slide in English", |screen| screen.has("A container uses yours.") && screen.has("● live"));
    speaker.lang = Lang::En;
    speaker.leaves();
}

/// A blank screen is blank, any key shows it again and does no more; a clicker's start key does no harm.
#[test]
fn the_screen_can_be_blank() {
    let mut speaker = Speaker::on(Home::new(Who::Me), Lang::En, &[]);
    speaker.sees(0, 0);
    for (blank, back) in [(".", key::PAGE_DOWN), ("b", key::ESCAPE), (".", F5), ("b", "b")] {
        speaker.terminal.press(blank);
        speaker.terminal.until("nothing", |screen| screen.rows().concat().trim().is_empty());
        speaker.terminal.press(back);
        speaker.sees(0, 0);
    }
    speaker.terminal.press(F5);
    // Escape takes a notice away: by that it is seen to have been read alone, and not as the beginning of the next key.
    speaker.terminal.press(key::PAGE_UP);
    speaker.terminal.until_has("nothing to do with this key here");
    speaker.terminal.press(key::ESCAPE);
    speaker.sees(0, 0);
    speaker.terminal.until("no notice", |screen| !screen.has("nothing to do with this key here"));
    speaker.terminal.next_by(key::PAGE_DOWN);
    speaker.sees(1, 0);
    speaker.leaves();
}

/// Who is cut off goes on at the same point, in a lesson too; who came to the end begins anew.
#[test]
fn the_place_survives() {
    let mut speaker = Speaker::on(Home::new(Who::Me), Lang::En, &["--route", "full"]);
    speaker.sees(0, 0);
    for (slide, point) in [(1, 0), (2, 0), (2, 1)] {
        speaker.terminal.next_by(key::PAGE_DOWN);
        speaker.sees(slide, point);
    }
    speaker.home.until_kept(r#""point":1,"slide":"disclaimer""#);
    speaker.terminal.signal(Signal::SIGKILL);
    speaker.terminal.until_ended();
    let Speaker { home, .. } = speaker;
    let mut speaker = Speaker::on(home, Lang::En, &[]);
    speaker.sees(2, 1);
    speaker.terminal.until_has("where you left");
    let opener = speaker.deck.opener("uts").unwrap();
    speaker.terminal.press(&format!("g{}", opener + 1));
    speaker.terminal.until("the slide is chosen", |screen| screen.bottom().contains("UTS"));
    speaker.terminal.next();
    speaker.sees(opener, 0);
    speaker.terminal.next_by(key::PAGE_DOWN);
    speaker.terminal.until("the first step", |screen| screen.bottom().starts_with("QUESTION"));
    speaker.home.until_kept(r#""in_lesson":true"#);
    speaker.terminal.signal(Signal::SIGKILL);
    speaker.terminal.until_ended();
    let Speaker { home, .. } = speaker;
    let mut speaker = Speaker::on(home, Lang::En, &[]);
    speaker
        .terminal
        .until("the same step", |screen| screen.rows()[0].contains("[UTS]") && screen.bottom().starts_with("QUESTION"));
    let last = speaker.deck.slides.len();
    speaker.terminal.press(&format!("g{last}"));
    speaker.terminal.until("the slide is chosen", |screen| screen.bottom().contains(&format!("▸ {last} ")));
    speaker.terminal.next();
    speaker.sees(last - 1, 0);
    let home = speaker.leaves();
    Speaker::on(home, Lang::En, &[]).sees(0, 0);
}

/// The deck that `unha new deck` makes runs, by the line that it says to type.
#[test]
fn a_deck_to_begin_with() {
    let home = Home::new(Who::Me);
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("my deck");
    let mut new = Command::new(env!("CARGO_BIN_EXE_unha"));
    let made = new.args(["new", "deck", "--lang", "pt-BR"]).arg(&folder).output().unwrap();
    let said = String::from_utf8(made.stdout).unwrap();
    assert!(made.status.success(), "{said}");
    assert!(said.starts_with(&format!("unha present --deck '{}' ", folder.display())), "{said}");
    assert!(fs::read_to_string(folder.join("README.md")).unwrap().trim_end().ends_with("em cada ponto."));
    let deck = folder.to_str().unwrap();
    let mut terminal = Terminal::open(&home, SIZE, &["present", "--deck", deck, "--lang", "pt-BR"]);
    terminal.until("the first slide", |screen| screen.has("Cada slide são poucas linhas") && !screen.has("pausa"));
    terminal.next_by(key::PAGE_DOWN);
    terminal.until_has("Uma pausa segura a linha");
    terminal.press("g4");
    terminal.until("the slide is chosen", |screen| screen.bottom().contains("4 Ao vivo"));
    terminal.next();
    terminal.until("it is live", |screen| screen.has("bancada") && screen.has("● ao vivo"));
    terminal.next_by(key::PAGE_DOWN);
    terminal.until("the lesson", |screen| screen.rows()[0].contains("[UTS]"));
    terminal.press("qq");
    assert!(terminal.until_ended().success());
}

/// A folder of one's own: what is wrong with it is said before the screen is taken, with file and line.
#[test]
fn a_deck_of_ones_own() {
    let home = Home::new(Who::Me);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("00-mine.en.md");
    let good = "<!-- chapter: Mine -->\n\n# My talk\n\n<!-- slide: mine, 10s -->\n\nWords of mine.\n";
    fs::write(&file, good.replace("slide: mine, 10s", "slide: mine")).unwrap();
    let slides = folder.path().to_str().unwrap();
    let refused =
        Command::new(env!("CARGO_BIN_EXE_unha")).args(["present", "--deck", slides, "--lang", "en"]).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success());
    assert!(said.contains(&format!("{}:5: the slide `mine` has no planned time", file.display())), "{said}");
    fs::write(&file, good).unwrap();
    let mut terminal = Terminal::open(&home, SIZE, &["present", "--deck", slides, "--lang", "pt-BR"]);
    terminal.until_has("Words of mine.");
    terminal.press("qq");
    assert!(terminal.until_ended().success());
}
