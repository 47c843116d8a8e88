//! A slide: its title, all its points, where it is from, and what the speaker says. The lesson that it opens follows it.

use maud::{Markup, html};

use super::drawing::Ink;
use super::prose::linked;
use super::{Handout, drawing};
use crate::course::deck::{Block, Face, Slide};
use crate::course::text::Lang;

/// Where a slide stands in the page.
pub fn id(index: usize) -> String {
    format!("slide-{}", index + 1)
}

/// A slide.
pub fn section(handout: &Handout, index: usize, slide: &Slide) -> Markup {
    let lang = handout.lang;
    let face = slide.face(lang);
    let ink = Ink { lang, live: handout.live.as_ref() };
    html! {
        section.slide id=(id(index)) aria-labelledby={ (id(index)) "-title" } {
            p.number aria-hidden="true" { (index + 1) "/" (handout.deck.slides.len()) }
            h3 id={ (id(index)) "-title" } { (face.title) }
            @for block in &face.blocks { (drawing::block(block, &ink)) }
            @if face.blocks.iter().any(Block::is_live) { (live(&ink)) }
            @if !face.source.is_empty() {
                p.source { (lang.pick("Source: ", "Fonte: ")) (linked(&face.source)) }
            }
            (notes(face, lang))
        }
    }
}

/// Whether what the slide says of the kernel was read.
fn live(ink: &Ink) -> Markup {
    let said = match ink.live {
        Some(_) => ink.lang.pick(
            "Read from a real box when this page was made.",
            "Lido de uma caixa de verdade na hora em que esta página foi feita.",
        ),
        None => ink.lang.pick(
            "A dash stands where a value is read from a real box: there was none when this page was made.",
            "O travessão está no lugar de um valor lido de uma caixa de verdade: não havia nenhuma quando esta página foi feita.",
        ),
    };
    html! { p.live { (said) } }
}

fn notes(face: &Face, lang: Lang) -> Markup {
    html! {
        @if !face.notes.is_empty() {
            details.notes {
                summary { (lang.pick("What the speaker says", "O que se fala")) }
                @for (_, note) in &face.notes {
                    @for paragraph in note.lines() { p { (linked(paragraph)) } }
                }
            }
        }
    }
}
