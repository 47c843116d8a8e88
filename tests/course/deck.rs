//! Decks: what a file of slides says, and what is said of a broken one.

use proptest::prelude::*;
use unha::course::Side;
use unha::course::deck::{Kind, Part, deck, embedded, parts};
use unha::course::parse;
use unha::course::text::Lang;

use crate::person::lessons;

const GOOD: &str = "<!-- chapter: C -->\n\n# A title\n\n<!-- slide: one, 20s, must, lesson: one -->\n\ntext **strong** `code`\n\n<!-- notes: say\nthis\n\nand this -->\n\n<!-- pause -->\n\n<!-- one by one -->\n\n- a\n- b\n- c\n\n<!-- notes: later -->\n\n<!-- source: chroot(2) -->\n";

fn one(text: &str) -> Vec<(String, String)> {
    vec![("00-c.en.md".to_owned(), text.to_owned())]
}

fn wrong(text: &str) -> String {
    deck(&one(text)).unwrap_err().iter().map(|error| error.say(Lang::En)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_slide_is_read() {
    let deck = deck(&one(GOOD)).unwrap();
    let slide = &deck.slides[0];
    assert_eq!((slide.id.as_str(), slide.seconds, slide.must, slide.points), ("one", 20, true, 4));
    assert_eq!((slide.lesson.as_deref(), slide.last()), (Some("one"), 3));
    let face = slide.face(Lang::PtBr);
    assert_eq!(face, slide.face(Lang::En), "a deck in one language is shown in it");
    assert_eq!((face.title.as_str(), face.source.as_str()), ("A title", "chroot(2)"));
    assert_eq!([face.note(0), face.note(1), face.note(3)], ["say this\nand this", "say this\nand this", "later"]);
    assert_eq!(face.blocks.iter().map(|block| (block.from, block.each)).collect::<Vec<_>>(), [(0, false), (1, true)]);
    assert!(matches!(&face.blocks[1].kind, Kind::List(items) if items.len() == 3));
    assert!(!slide.is_live());
    assert_eq!(deck.unknown_lessons(&lessons(), Lang::En), Vec::<String>::new());
    assert_eq!(deck.opener("one"), Some(0));
}

#[test]
fn a_lesson_that_is_not_there_is_named() {
    let deck = deck(&one(&GOOD.replace("lesson: one", "lesson: uno"))).unwrap();
    let said = deck.unknown_lessons(&lessons(), Lang::En);
    assert_eq!(said, ["slide `one` opens the lesson `uno`, and there are only one, two, three"]);
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_what_helps() {
    let head = "<!-- chapter: C -->\n\n# T\n\n<!-- slide: a, 5s -->\n\n";
    let table = [
        (format!("{head}<!-- puase -->"), "00-c.en.md:7: `puase` means nothing", "did you mean `pause`?"),
        (
            format!("{head}{{inside.pidd}}"),
            "00-c.en.md:7: `{inside.pidd}` is no live fact",
            "outside, inside or machine",
        ),
        (format!("{head}```art\nok\n{{inside.x}}\n```"), "00-c.en.md:9: `{inside.x}`", "outside"),
        (format!("{head}```towers\napp\n```"), "00-c.en.md:7: this is no `towers`", "each line"),
        (format!("{head}```timeline\n1979 | a | b\n79 | a | b\n```"), "00-c.en.md:9: this is no `timeline`", "1979 |"),
        (format!("{head}```sides\noutside | a\nbox | b\nc\n```"), "00-c.en.md:9: this is no `sides`", "outside |"),
        (format!("{head}```mermaid\nx\n```"), "00-c.en.md:7: `mermaid` means nothing", "known: towers"),
        (format!("{head}> quoted"), "00-c.en.md:7: a slide has no place", "slides/README.md"),
        (format!("{head}<b>x</b>"), "00-c.en.md:7:", "slide has no place"),
        (format!("{head}<!-- columns -->\n\nx"), "00-c.en.md:3: the columns of this slide do not end", "end columns"),
        (format!("{head}<!-- end columns -->"), "00-c.en.md:7:", "columns"),
        ("# T\n\n<!-- slide: a, 5s -->\n".to_owned(), "00-c.en.md:1: this chapter has no title", "<!-- chapter"),
        ("<!-- chapter: C -->\n\n# T\n".to_owned(), "00-c.en.md:3: the slide \"T\" has no id", "<!-- slide"),
        ("<!-- chapter: C -->\n\ntext".to_owned(), "00-c.en.md:3: this stands before the first slide", "# Title"),
        (format!("{head}# U\n\n<!-- slide: b -->"), "00-c.en.md:9: the slide `b` has no planned time", "45s"),
        (format!("{head}# U\n\n<!-- slide: B, 5s -->"), "00-c.en.md:9: `B` cannot be a slide's id", "small letters"),
        (format!("{head}# U\n\n<!-- slide: b, 5s, mist -->"), "00-c.en.md:9: `mist` means nothing", "must"),
        (format!("{head}# U\n\n<!-- slide: a, 5s -->"), "00-c.en.md:7: there is another slide `a`", "of its own"),
    ];
    for (text, what, help) in table {
        let said = wrong(&text);
        assert!(said.contains(what), "{text}\n---\n{said}\n--- wanted: {what}");
        assert!(said.contains(help), "{said}\n--- wanted: {help}");
    }
}

#[test]
fn both_languages_have_the_same_slides_with_the_same_points() {
    let pair = |pt_br: &str| {
        let files = [("00-c.en.md".to_owned(), GOOD.to_owned()), ("00-c.pt-BR.md".to_owned(), pt_br.to_owned())];
        deck(&files).map_err(|errors| errors[0].say(Lang::En))
    };
    assert!(pair(GOOD).is_ok());
    for (from, to) in [
        ("one, 20s", "uno, 20s"),
        ("one, 20s", "one, 21s"),
        ("20s, must", "20s"),
        (", lesson: one", ""),
        ("<!-- pause -->", ""),
        ("- c\n", ""),
        ("<!-- notes: later -->", ""),
    ] {
        let said = pair(&GOOD.replace(from, to)).unwrap_err();
        assert!(said.starts_with("00-c.pt-BR.md:3:"), "{said}");
    }
    let more = format!("{GOOD}\n# Two\n\n<!-- slide: two, 5s -->\n");
    assert!(pair(&more).unwrap_err().contains("2 slides here, 1 in 00-c.en.md"));
    let files = [
        ("00-c.en.md".to_owned(), GOOD.to_owned()),
        ("00-c.pt-BR.md".to_owned(), GOOD.to_owned()),
        ("01-d.en.md".to_owned(), GOOD.replace("one,", "two,")),
    ];
    assert!(deck(&files).unwrap_err()[0].say(Lang::En).contains("01-d.pt-BR.md is missing"));
    let misnamed = deck(&[("00-c.md".to_owned(), GOOD.to_owned())]).unwrap_err();
    assert!(misnamed[0].say(Lang::En).contains("call it 00-c.en.md or 00-c.pt-BR.md"));
    assert!(deck(&[("README.md".to_owned(), "x".to_owned())]).unwrap_err()[0].say(Lang::PtBr).contains("nenhum slide"));
}

/// The folder and the program have the same files, and the talk's chapters come in the talk's order.
#[test]
fn our_own_deck_is_whole() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("slides");
    let mut files: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.retain(|file| file.starts_with(|c: char| c.is_ascii_digit()));
    files.sort();
    let ours: Vec<String> = embedded().into_iter().map(|(file, _)| file).collect();
    assert_eq!(files, ours);
    let deck = deck(&embedded()).unwrap();
    let chapters: Vec<&str> = deck.chapters.iter().map(|chapter| chapter.get(Lang::En)).collect();
    let order =
        ["Opening", "Virtualization", "History", "The process", "Namespaces", "Cgroups", "Rootfs", "Demo", "Summary"];
    assert_eq!(chapters, order);
    let opened: Vec<&str> = deck.slides.iter().filter_map(|slide| slide.lesson.as_deref()).collect();
    assert_eq!(opened, ["nothing", "uts", "pid", "mount", "cgroup", "rootfs"]);
    for slide in &deck.slides {
        for lang in Lang::ALL {
            let face = slide.face(lang);
            assert!(!face.note(0).is_empty(), "{} has nothing for the speaker to say in {lang}", slide.id);
            assert!(!face.source.is_empty() || slide.id == "title" || slide.id == "disclaimer", "{} {lang}", slide.id);
        }
    }
    assert!(deck.slides.iter().any(unha::course::deck::Slide::is_live));
}

/// Each date and number that the room sees on a slide, in either language, stands in the table of sources, in a row of
/// that slide.
#[test]
fn each_number_has_its_source() {
    let (_, facts) = include_str!("../../slides/README.md").split_once("## Facts").unwrap();
    let rows: Vec<[&str; 2]> = facts
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split(" | ").collect();
            (cells.len() == 3).then(|| [cells[0], cells[1]])
        })
        .collect();
    let mut without = vec![];
    for (file, text) in embedded() {
        for slide in text.split("\n# ").skip(1) {
            let id = slide.split_once("<!-- slide: ").unwrap().1.split(',').next().unwrap();
            for line in shown(slide).lines() {
                let said = numbers(line);
                let is_sourced = |row: &&[&str; 2]| {
                    row[1].split(", ").any(|of| of == id) && said.iter().all(|n| numbers(row[0]).contains(n))
                };
                if !said.is_empty() && !rows.iter().any(|row| is_sourced(&row)) {
                    without.push(format!("{file}, {id}: {line}"));
                }
            }
        }
    }
    assert!(without.is_empty(), "not in slides/README.md: {without:#?}");
}

/// What the room sees of a slide's text, but for what is read from the kernel: no comments, no live facts.
fn shown(slide: &str) -> String {
    let without = |text: &str, [open, close]: [&str; 2]| {
        let mut parts = text.split(open);
        let first = parts.next().unwrap_or_default().to_owned();
        first + &parts.map(|part| part.split_once(close).map_or("", |(_, rest)| rest)).collect::<String>()
    };
    without(&without(slide, ["<!--", "-->"]), ["{", "}"])
}

/// The numbers in a text, such as 2.6.19.
fn numbers(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '.').map(|word| word.trim_matches('.'));
    words.filter(|word| !word.is_empty()).collect()
}

/// A slide's seconds are enough to say its notes, at 150 words a minute and with a breath at each point, and not twice
/// as long.
#[test]
fn the_planned_seconds_are_honest() {
    for slide in &deck(&embedded()).unwrap().slides {
        for lang in Lang::ALL {
            let notes = &slide.face(lang).notes;
            let words: usize = notes.iter().map(|(_, note)| note.split_whitespace().count()).sum();
            let spoken = (words * 60).div_ceil(150) + slide.last();
            let planned = slide.seconds as usize;
            assert!(planned >= spoken, "{} {lang}: {spoken} s to say, {planned} s planned", slide.id);
            assert!(planned <= 2 * spoken + 5, "{} {lang}: {spoken} s to say, {planned} s planned", slide.id);
        }
    }
}

/// A presenter has 40 minutes.
#[test]
fn the_short_route_takes_at_most_forty_minutes() {
    let files = parse::embedded().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned()));
    let lessons = parse::course(files.collect()).unwrap();
    let deck = deck(&embedded()).unwrap();
    let opened = lessons.iter().filter(|lesson| deck.opener(&lesson.id).is_some());
    let steps = opened.flat_map(|lesson| &lesson.steps).filter(|step| step.must).map(|step| step.seconds);
    let slides = deck.slides.iter().filter(|slide| slide.must).map(|slide| slide.seconds);
    let seconds: u32 = steps.chain(slides).sum();
    assert!(seconds <= 40 * 60, "{}:{:02}", seconds / 60, seconds % 60);
}

/// The deck that `unha new deck` makes shows each thing that a slide can do.
#[test]
fn the_deck_to_begin_with_is_one() {
    let files = [
        ("00-mine.en.md", include_str!("../../src/command/new/00-mine.en.md")),
        ("00-mine.pt-BR.md", include_str!("../../src/command/new/00-mine.pt-BR.md")),
    ];
    let deck = deck(&files.map(|(name, text)| (name.to_owned(), text.to_owned()))).unwrap();
    assert_eq!(deck.slides.iter().filter_map(|slide| slide.lesson.as_deref()).collect::<Vec<_>>(), ["uts"]);
    for wanted in ["pause", "one by one", "columns", "column", "end columns", "notes:", "source:", "chapter:"] {
        assert!(files.iter().all(|(_, text)| text.contains(&format!("<!-- {wanted}"))), "{wanted}");
    }
    assert!(deck.slides.iter().any(unha::course::deck::Slide::is_live));
}

#[test]
fn live_facts_are_found_between_words() {
    let found = parts("a {inside.hostname} ${b} {outside.ns.uts:12}.");
    let shape: Vec<_> = found
        .iter()
        .map(|part| match part {
            Part::Words(words) => (*words).to_owned(),
            Part::Live(live) => format!("<{:?} {} {:?}>", live.side, live.fact, live.width),
        })
        .collect();
    assert_eq!(shape, ["a ", "<Inside hostname None>", " ${b} ", "<Outside ns.uts Some(12)>", "."]);
    assert!(matches!(parts("{machine.kernel}")[..], [Part::Live(live)] if live.side == Side::Machine));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_a_panic(text in "(?s).{0,400}") {
        let _ = deck(&one(&text));
        let _ = parts(&text);
    }

    /// Any shuffle of lines of real slides is a deck or an error with a line of the file.
    #[test]
    fn no_shuffle_of_slides_is_a_panic(picks in prop::collection::vec(0usize..400, 0..80)) {
        let all: Vec<String> = embedded().into_iter().flat_map(|(_, text)| {
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        }).collect();
        let text = picks.iter().map(|pick| all[pick % all.len()].as_str()).collect::<Vec<_>>().join("\n");
        match deck(&one(&format!("<!-- chapter: C -->\n\n{text}"))) {
            Ok(deck) => prop_assert!(deck.slides.iter().all(|slide| slide.points > 0 && slide.seconds > 0)),
            Err(errors) => prop_assert!(errors.iter().all(|error| error.line <= text.lines().count() + 2)),
        }
    }

    /// What is taken apart is all there.
    #[test]
    fn the_words_around_live_facts_are_kept(before in "[a-z {}$]{0,12}", after in "[a-z {}$]{0,12}") {
        let text = format!("{before}{{inside.pid}}{after}");
        let back: String = parts(&text).iter().map(|part| match part {
            Part::Words(words) => (*words).to_owned(),
            Part::Live(_) => "{inside.pid}".to_owned(),
        }).collect();
        prop_assert_eq!(back, text);
    }
}
