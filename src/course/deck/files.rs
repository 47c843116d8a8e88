//! From the files of a folder to a deck: chapters in the order of their names, both languages side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::complaint::{Complaint, DeckError};
use super::markdown::{self, Chapter, Sheet};
use super::{Deck, Slide};
use crate::course::text::{Lang, Text};

macro_rules! slides {
    ($($name:literal)*) => { [$(($name, include_str!(concat!("../../../slides/", $name)))),*] };
}

/// The talk's own slides, as file name and text.
#[must_use]
pub fn embedded() -> Vec<(String, String)> {
    let files = slides!(
        "00-credits.en.md" "00-credits.pt-BR.md"
        "01-kinds.en.md" "01-kinds.pt-BR.md"
        "02-history.en.md" "02-history.pt-BR.md"
        "03-process.en.md" "03-process.pt-BR.md"
        "04-namespaces.en.md" "04-namespaces.pt-BR.md"
        "05-cgroups.en.md" "05-cgroups.pt-BR.md"
        "06-rootfs.en.md" "06-rootfs.pt-BR.md"
        "07-demo.en.md" "07-demo.pt-BR.md"
        "08-summary.en.md" "08-summary.pt-BR.md"
    );
    files.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec()
}

/// A chapter's file in one language.
struct File<'a> {
    name: &'a str,
    text: &'a str,
    chapter: Chapter,
}

/// Reads the files of a deck. What does not begin with a number is no chapter. A deck that stands in one language
/// alone is shown in it whatever language is asked for.
///
/// # Errors
///
/// What is wrong in each file that cannot be read; else where the languages differ; else what is missing.
pub fn deck(files: &[(String, String)]) -> Result<Deck, Vec<DeckError>> {
    let mut found: BTreeMap<&str, [Option<File>; 2]> = BTreeMap::new();
    let mut errors = vec![];
    for (name, text) in files.iter().filter(|(name, _)| name.starts_with(|c: char| c.is_ascii_digit())) {
        let Some((stem, lang)) = stem(name) else {
            errors.push(DeckError::at(name, text, 0, misnamed(name)));
            continue;
        };
        match markdown::chapter(name, text) {
            Ok(chapter) => found.entry(stem).or_default()[index(lang)] = Some(File { name, text, chapter }),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let alone = Lang::ALL.into_iter().find(|lang| found.values().all(|pair| pair[index(lang.other())].is_none()));
    let mut deck = Deck { chapters: vec![], slides: vec![] };
    for (stem, [en, pt_br]) in &found {
        match (en, pt_br) {
            (Some(en), Some(pt_br)) => join(&mut deck, en, pt_br, &mut errors),
            (Some(file), None) | (None, Some(file)) if alone.is_some() => join(&mut deck, file, file, &mut errors),
            (Some(file), None) => errors.push(missing(file, stem, Lang::PtBr)),
            (None, Some(file)) => errors.push(missing(file, stem, Lang::En)),
            (None, None) => {}
        }
    }
    if errors.is_empty() && deck.slides.is_empty() {
        let none = Complaint::new(
            ("there is no slide in this deck", "não há nenhum slide aqui"),
            (
                "a chapter is a file NN-name.en.md or NN-name.pt-BR.md: see slides/README.md",
                "um capítulo é um arquivo NN-nome.en.md ou NN-nome.pt-BR.md: veja slides/README.md",
            ),
        );
        errors.push(DeckError::at("slides", "", 0, none));
    }
    if errors.is_empty() { Ok(deck) } else { Err(errors) }
}

const fn index(lang: Lang) -> usize {
    match lang {
        Lang::En => 0,
        Lang::PtBr => 1,
    }
}

/// `04-namespaces.pt-BR.md` is `04-namespaces` in Portuguese.
fn stem(name: &str) -> Option<(&str, Lang)> {
    let (stem, tag) = name.strip_suffix(".md")?.rsplit_once('.')?;
    Some((stem, Lang::ALL.into_iter().find(|lang| lang.tag() == tag)?))
}

fn misnamed(name: &str) -> Complaint {
    let stem = name.split('.').next().unwrap_or(name);
    Complaint::new(
        ("its name does not say which language it is in", "o nome não diz em que língua está"),
        (&format!("call it {stem}.en.md or {stem}.pt-BR.md"), &format!("chame-o de {stem}.en.md ou {stem}.pt-BR.md")),
    )
}

fn missing(file: &File, stem: &str, lang: Lang) -> DeckError {
    let wanted = format!("{stem}.{}.md", lang.tag());
    let complaint = Complaint::new(
        (&format!("{wanted} is missing"), &format!("falta {wanted}")),
        (
            "this deck has chapters in both languages, so every chapter needs both",
            "este deck tem capítulos nas duas línguas, então cada capítulo precisa das duas",
        ),
    );
    DeckError::at(file.name, "", 0, complaint)
}

/// Adds a chapter.
fn join(deck: &mut Deck, en: &File, pt_br: &File, errors: &mut Vec<DeckError>) {
    let chapter = deck.chapters.len();
    deck.chapters.push(Text::both(en.chapter.title.as_str(), pt_br.chapter.title.as_str()));
    let mut taken: BTreeSet<String> = deck.slides.iter().map(|slide| slide.id.clone()).collect();
    for (one, other) in en.chapter.slides.iter().zip(&pt_br.chapter.slides) {
        if let Some(difference) = difference(one, other) {
            errors.push(DeckError::at(pt_br.name, pt_br.text, other.line, difference));
            return;
        }
        let head = one.head.clone().unwrap_or_default();
        if !taken.insert(head.id.clone()) {
            let complaint = Complaint::new(
                (&format!("there is another slide `{}`", head.id), &format!("já existe outro slide `{}`", head.id)),
                ("every slide needs an id of its own", "cada slide precisa de um id só seu"),
            );
            errors.push(DeckError::at(en.name, en.text, one.line, complaint));
        }
        deck.slides.push(Slide {
            id: head.id,
            chapter,
            seconds: head.seconds,
            must: head.must,
            lesson: head.lesson,
            points: one.points,
            faces: [one.face.clone(), other.face.clone()],
        });
    }
    let (one, other) = (en.chapter.slides.len(), pt_br.chapter.slides.len());
    if one != other {
        let complaint = Complaint::new(
            (
                &format!("{other} slides here, {one} in {}", en.name),
                &format!("{other} slides aqui, {one} em {}", en.name),
            ),
            (
                "both languages have the same slides in the same order",
                "as duas línguas têm os mesmos slides, na mesma ordem",
            ),
        );
        errors.push(DeckError::at(pt_br.name, pt_br.text, 0, complaint));
    }
}

/// In what a slide differs between the languages.
fn difference(en: &Sheet, pt_br: &Sheet) -> Option<Complaint> {
    let said = |head: &Sheet| {
        let head = head.head.clone().unwrap_or_default();
        let lesson = head.lesson.map(|lesson| format!(", lesson: {lesson}")).unwrap_or_default();
        format!("slide: {}, {}s{}{lesson}", head.id, head.seconds, if head.must { ", must" } else { "" })
    };
    let points = |sheet: &Sheet| sheet.face.notes.iter().map(|(from, _)| *from).collect::<Vec<_>>();
    let (what, other) = if en.head != pt_br.head {
        (said(pt_br), said(en))
    } else if en.points != pt_br.points {
        (format!("{} pontos / points", pt_br.points), en.points.to_string())
    } else if points(en) != points(pt_br) {
        (format!("notes {:?}", points(pt_br)), format!("{:?}", points(en)))
    } else {
        return None;
    };
    Some(Complaint::new(
        (&format!("{what} here, in English {other}"), &format!("{what} aqui, em inglês {other}")),
        (
            "both languages have the same slides with the same pauses",
            "as duas línguas têm os mesmos slides, com as mesmas pausas",
        ),
    ))
}
