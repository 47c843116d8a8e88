//! The table of contents: the chapters with their slides and lessons, and what stands behind the talk.

use maud::{Markup, html};

use super::{Handout, Walked, slide, step};

/// The table of contents.
pub fn nav(handout: &Handout) -> Markup {
    let lang = handout.lang;
    let title = lang.pick("Contents", "Sumário");
    html! {
        nav aria-labelledby="contents" {
            // Where there is room for it beside the talk it stands open, whatever the reader did.
            details {
            summary { h2 id="contents" { (title) } }
            ol.chapters {
                @for (chapter, title) in handout.deck.chapters.iter().enumerate() {
                    @let slides: Vec<_> = handout.slides().filter(|(_, slide)| slide.chapter == chapter).collect();
                    @if !slides.is_empty() {
                        li {
                            a href={ "#" (chapter_id(chapter)) } { (title.get(lang)) }
                            ol {
                                @for (index, slide) in slides {
                                    li { a href={ "#" (slide::id(index)) } { (slide.face(lang).title) } }
                                    @if let Some((at, walked)) = handout.opened_by(slide) { (lesson(handout, at, walked)) }
                                }
                            }
                        }
                    }
                }
                @if handout.unopened().next().is_some() {
                    li {
                        a href="#more" { (more(handout)) }
                        ol { @for (at, walked) in handout.unopened() { (lesson(handout, at, walked)) } }
                    }
                }
                @for (id, title) in super::page::behind(handout) { li { a href={ "#" (id) } { (title) } } }
            }
            }
        }
    }
}

fn lesson(handout: &Handout, at: usize, walked: &Walked) -> Markup {
    let lang = handout.lang;
    html! {
        li.lesson {
            a href={ "#" (step::lesson_id(at)) } { (lang.pick("Lesson ", "Lição ")) (at) " · " (walked.lesson.title.get(lang)) }
        }
    }
}

/// Where a chapter stands in the page.
pub fn chapter_id(chapter: usize) -> String {
    format!("chapter-{}", chapter + 1)
}

/// The title above the lessons that no slide opens.
pub const fn more(handout: &Handout) -> &'static str {
    handout.lang.pick("More lessons", "Mais lições")
}
