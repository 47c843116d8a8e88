//! Where it is all from: every manual page that is cited, and every other source, each with the places that cite it.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::prose::{Manual, linked, manuals};
use super::{Handout, slide, step};

/// The places that cite a source: where each stands, and what it is called.
type Places = Vec<(String, String)>;

/// The sources with the places that cite them.
#[derive(Default)]
struct Cited {
    manuals: BTreeMap<Manual, Places>,
    others: BTreeMap<String, Places>,
}

impl Cited {
    fn cite(&mut self, text: &str, place: &(String, String)) {
        for manual in manuals(text) {
            add(self.manuals.entry(manual).or_default(), place);
        }
    }

    fn of(handout: &Handout) -> Self {
        let lang = handout.lang;
        let mut cited = Self::default();
        for (index, slide) in handout.slides() {
            let face = slide.face(lang);
            let place = (slide::id(index), face.title.clone());
            cited.cite(&face.source, &place);
            for block in &face.blocks {
                block.texts().into_iter().for_each(|text| cited.cite(text, &place));
            }
            for other in face.source.split(" · ").filter(|other| !other.is_empty() && manuals(other).is_empty()) {
                add(cited.others.entry(other.to_owned()).or_default(), &place);
            }
        }
        for (index, walked) in handout.walked() {
            let name = format!("{} {index}", lang.pick("Lesson", "Lição"));
            let place = (step::lesson_id(index), name);
            for (_, step, _) in walked.on_route() {
                let note = step.code.as_ref().map(|code| code.note.get(lang));
                let texts = [Some(step.text.get(lang)), Some(step.why.get(lang)), note];
                texts.into_iter().flatten().for_each(|text| cited.cite(text, &place));
            }
        }
        cited
    }
}

fn add(places: &mut Places, place: &(String, String)) {
    if !places.contains(place) {
        places.push(place.clone());
    }
}

/// The list of sources.
pub fn list(handout: &Handout) -> Markup {
    let lang = handout.lang;
    let cited = Cited::of(handout);
    html! {
        @if !cited.manuals.is_empty() {
            h3 { (lang.pick("Manual pages", "Páginas de manual")) }
            ul.cited {
                @for (manual, places) in &cited.manuals {
                    li { a href=(manual.url) { (manual.cited) } (self::places(places)) }
                }
            }
        }
        @if !cited.others.is_empty() {
            h3 { (lang.pick("Elsewhere", "Fora do manual")) }
            ul.cited { @for (other, places) in &cited.others { li { (linked(other)) (self::places(places)) } } }
        }
    }
}

fn places(places: &Places) -> Markup {
    html! {
        span.places { @for (index, (id, name)) in places.iter().enumerate() {
            (if index == 0 { " → " } else { ", " }) a href={ "#" (id) } { (name) }
        } }
    }
}
