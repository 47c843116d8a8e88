//! Every slide, drawn: nothing overflows on a projector, and some are compared with how they last looked.

use std::collections::BTreeMap;

use unha::course::deck::{Deck, deck, embedded};
use unha::course::lesson::Lesson;
use unha::course::parse;
use unha::course::talk::{Machine, Overlay, Replay, Route, Spot, Talk};
use unha::course::text::Lang;
use unha::course::{Fact, Facts, Reading, Snapshot, Value};
use unha::screen::{Glyphs, Wish, misfits};

use super::show;
use super::talks::{named, number, recorded, words};

fn lessons() -> Vec<Lesson> {
    let files = parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
    parse::course(files.collect()).expect("our own lessons")
}

fn facts(name: &str, last: u64, (pid, processes): (u64, u64), links: &[&str]) -> Facts {
    let links = links.iter().map(ToString::to_string).collect();
    BTreeMap::from([
        (Fact::Hostname, words(name)),
        (Fact::NsUts, number(4_026_530_000 + last)),
        (Fact::Kernel, words("6.18.44-fc-v657-generic")),
        (Fact::Pid, number(pid)),
        (Fact::Processes, number(processes)),
        (Fact::Links, Reading::Value(Value::List(links))),
    ])
}

/// A talk on a stage, a box of its own standing.
pub fn talk(lang: Lang) -> Talk {
    with(deck(&embedded()).expect("our own slides"), lang)
}

fn with(deck: Deck, lang: Lang) -> Talk {
    let machine = Machine { root: true, namespaces: Ok(()), cgroup: Ok(2), rootfs: Ok(()) };
    let mut talk = Talk::new(lessons(), lang, Route::Full, machine, None, (80, 24)).with_deck(deck, None);
    let bench = lang.pick("bench", "bancada");
    talk.now = Snapshot {
        machine: facts("debian", 1838, (48_213, 187), &["lo", "eth0"]),
        outside: facts(bench, 2177, (31, 6), &["lo"]),
        inside: facts(lang.pick("box", "caixa"), 2252, (1, 2), &["lo"]),
    };
    talk
}

/// The talk at a slide, by id or number, all its points shown.
pub fn at(lang: Lang, slide: &str) -> Option<Talk> {
    let mut talk = talk(lang);
    let show = talk.presenting.as_mut()?;
    let by_number = slide.parse::<usize>().ok().map(|number| number - 1);
    let index = show.deck.slides.iter().position(|one| one.id == slide).or(by_number)?;
    show.deck.slides.get(index)?;
    show.at = Spot { slide: index, point: show.deck.slides.get(index)?.last() };
    Some(talk)
}

fn ids() -> Vec<String> {
    let talk = talk(Lang::En);
    talk.presenting.expect("a deck").deck.slides.into_iter().map(|slide| slide.id).collect()
}

#[test]
fn every_slide_fits_on_a_projector_in_both_languages() {
    let mut found = vec![];
    for lang in Lang::ALL {
        for id in ids() {
            let talk = at(lang, &id).expect("a slide");
            for size in [(80, 24), (100, 30), (120, 40), (200, 60)] {
                let look = show::look(Wish::default(), "xterm-256color");
                found.extend(
                    misfits(&talk, &look, size).into_iter().map(|what| format!("{id} {lang} {size:?}: {what}")),
                );
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_deck_to_begin_with_fits_in_both_languages() {
    let files = [
        ("00-mine.en.md", include_str!("../../src/command/new/00-mine.en.md")),
        ("00-mine.pt-BR.md", include_str!("../../src/command/new/00-mine.pt-BR.md")),
    ];
    let deck = deck(&files.map(|(name, text)| (name.to_owned(), text.to_owned()))).expect("a deck");
    let look = show::look(Wish::default(), "xterm-256color");
    for lang in Lang::ALL {
        let mut talk = with(deck.clone(), lang);
        for slide in 0..deck.slides.len() {
            talk.presenting.as_mut().expect("a deck").at = Spot { slide, point: deck.slides[slide].last() };
            assert_eq!(misfits(&talk, &look, (80, 24)), Vec::<String>::new(), "{} {lang}", deck.slides[slide].id);
        }
    }
}

/// What a point shows stays where it is when the next one comes.
#[test]
fn nothing_moves_when_a_point_is_added() {
    let look = show::look(Wish::default(), "xterm-256color");
    for id in ids() {
        let mut talk = at(Lang::PtBr, &id).expect("a slide");
        let last = talk.presenting.as_ref().expect("a deck").at.point;
        let mut before: Option<ratatui::buffer::Buffer> = None;
        for point in 0..=last {
            talk.presenting.as_mut().expect("a deck").at.point = point;
            let now = show::cells(&talk, &look, (80, 24));
            if let Some(before) = &before {
                // The bottom line says what comes next, and the line of time gets its dots.
                let body = 0..80 * 21;
                let moved = body.filter(|cell| {
                    let (was, is) = (before.content[*cell].symbol(), now.content[*cell].symbol());
                    was != " " && was != is && is != "●"
                });
                assert_eq!(moved.count(), 0, "{id}, point {point}\n{}", show::letters(&now));
            }
            before = Some(now);
        }
    }
}

#[test]
fn what_does_not_fit_is_found() {
    let long = "word ".repeat(300);
    let text = format!(
        "<!-- chapter: C -->\n\n# T\n\n<!-- slide: a, 5s -->\n\n{long}\n\n# A title that is far too long to be large anywhere\n\n<!-- slide: b, 5s -->\n\n# W\n\n<!-- slide: c, 5s -->\n\n```art\n{}\n```\n\n# F\n\n<!-- slide: d, 5s -->\n\nfits\n",
        "=".repeat(90)
    );
    let machine = Machine { root: true, namespaces: Ok(()), cgroup: Ok(2), rootfs: Ok(()) };
    let deck = deck(&[("00-c.en.md".to_owned(), text)]).expect("a deck");
    let mut talk = Talk::new(lessons(), Lang::En, Route::Full, machine, None, (80, 24)).with_deck(deck, None);
    let look = show::look(Wish::default(), "xterm-256color");
    for (slide, wrong) in [Some("rows"), Some("too long to be large"), Some("too wide"), None].into_iter().enumerate() {
        talk.presenting.as_mut().expect("a deck").at = Spot { slide, point: 0 };
        let found = misfits(&talk, &look, (80, 24)).join("\n");
        assert_eq!(wrong.map(|wrong| found.contains(wrong)), wrong.map(|_| true), "{slide}: {found}");
        assert_eq!(wrong.is_none(), found.is_empty(), "{slide}: {found}");
    }
}

#[test]
fn some_slides() {
    for id in ["title", "kinds", "into-the-kernel", "eight", "user", "uts"] {
        for lang in Lang::ALL {
            let talk = at(lang, id).expect("a slide");
            insta::assert_snapshot!(format!("slide-{id}-{lang}-80x24"), show::text(&talk, (80, 24)));
        }
    }
    let talk = at(Lang::PtBr, "uts").expect("a slide");
    insta::assert_snapshot!("slide-uts-200x60", show::text(&talk, (200, 60)));
}

#[test]
fn a_slide_on_the_linux_console() {
    let look = show::look(Wish { glyphs: Some(Glyphs::Console), ..Wish::default() }, "linux");
    for id in ["uts", "kinds"] {
        let talk = at(Lang::PtBr, id).expect("a slide");
        insta::assert_snapshot!(format!("slide-{id}-console"), show::letters(&show::cells(&talk, &look, (80, 24))));
    }
}

/// On no slide a letter that the font of the Linux console lacks.
#[test]
fn the_console_has_all_letters() {
    const HAS: &str = "─│┌┐└┘├┤┬┴┼═║╔╗╚╝╤█▀▄►◄→←↑↓·áàâãéêíóôõúçÁÉÍÓÚÇ~ ";
    let look = show::look(Wish { glyphs: Some(Glyphs::Console), ..Wish::default() }, "linux");
    for id in ids() {
        for lang in Lang::ALL {
            let cells = show::cells(&at(lang, &id).expect("a slide"), &look, (80, 24));
            let lacks = |cell: &&ratatui::buffer::Cell| !cell.symbol().is_ascii() && !HAS.contains(cell.symbol());
            let lacking: Vec<&str> = cells.content.iter().filter(lacks).map(ratatui::buffer::Cell::symbol).collect();
            assert!(lacking.is_empty(), "{id} {lang}: {lacking:?}");
        }
    }
}

#[test]
fn blank_is_blank_and_the_overview_lists() {
    let mut talk = talk(Lang::PtBr);
    talk.presenting.as_mut().expect("a deck").blank = true;
    assert_eq!(show::text(&talk, (80, 24)).trim(), "");
    talk.presenting.as_mut().expect("a deck").blank = false;
    talk.overlay = Some(Overlay::Overview);
    insta::assert_snapshot!("slide-overview", show::text(&talk, (80, 24)));
    talk.presenting.as_mut().expect("a deck").typed = "memoria".into();
    insta::assert_snapshot!("slide-found", show::text(&talk, (80, 24)));
}

/// The talk at a slide, from a file; its `replay` is shown with the keys of whoever looks at it.
fn from_a_file(lang: Lang, slide: &str, replay: bool) -> Talk {
    let mut talk = at(lang, slide).expect("a slide");
    talk.file = recorded(lang).recorded;
    talk.replay = replay.then_some(Replay { paused: true, over: false, speed: 100 });
    talk
}

#[test]
fn nothing_that_is_shown_from_a_file_passes_for_live() {
    for lang in Lang::ALL {
        let word = lang.pick("RECORDED", "GRAVADO");
        let says = |talk: &Talk, what: &str| {
            for size in [(60, 18), (80, 24), (200, 60)] {
                let text = show::text(talk, size);
                assert!(text.contains(word), "{what}: {text}");
                for live in [lang.pick("● live", "● ao vivo"), lang.pick("untouched", "intacta")] {
                    assert!(!text.contains(live), "{what}: {text}");
                }
            }
        };
        for id in ids() {
            for replay in [true, false] {
                let mut talk = from_a_file(lang, &id, replay);
                talk.untouched = false;
                says(&talk, &id);
            }
        }
        for overlay in [Overlay::Help, Overlay::Overview, Overlay::Leave, Overlay::Code, Overlay::Calls] {
            let mut talk = from_a_file(lang, "uts", true);
            talk.overlay = Some(overlay);
            says(&talk, &format!("{overlay:?}"));
        }
        for name in ["agenda", "doing", "typing", "failed", "refused", "building", "script"] {
            let mut talk = named(name, lang).expect("a known talk");
            talk.file = recorded(lang).recorded;
            says(&talk, name);
        }
        let mut talk = from_a_file(lang, "uts", true);
        talk.presenting.as_mut().expect("a stage").blank = true;
        says(&talk, "blank");
        talk.replay = None;
        says(&talk, "blank, in a cast");
    }
}

#[test]
fn slides_from_a_file() {
    for lang in Lang::ALL {
        for size in [(80, 24), (200, 60)] {
            let name = |what| format!("{what}-{lang}-{}x{}", size.0, size.1);
            insta::assert_snapshot!(name("from-a-file"), show::text(&from_a_file(lang, "uts", true), size));
        }
    }
    let mut talk = from_a_file(Lang::En, "uts", true);
    talk.presenting.as_mut().expect("a stage").blank = true;
    insta::assert_snapshot!("from-a-file-blank", show::text(&talk, (80, 24)));
}
