//! The page around it all: head, skip link, where and when it was made, contents, the talk, and what stands behind it.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::prose::linked;
use super::{Handout, Told, code, contents, slide, sources, step};
use crate::course::text::Lang;

/// How it looks, on a screen, in the dark and on paper. It is part of the page: nothing is fetched.
const STYLE: &str = include_str!("style.css");

/// The only things that a page may load: none, but its own style.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The page.
pub fn page(handout: &Handout) -> Markup {
    let lang = handout.lang;
    html! {
        (DOCTYPE)
        html lang=(lang) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="generator" content={ "unha " (handout.version) };
                title { (handout.title()) " · unha" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#talk" { (lang.pick("Skip to the talk", "Pular para a palestra")) }
                header { h1 { (handout.title()) } (made(handout)) }
                (contents::nav(handout))
                main id="talk" tabindex="-1" { (talk(handout)) }
                footer { p { "unha " (handout.version) " · " (origin(handout)) } }
            }
        }
    }
}

/// Where and when the page was made: from recordings alone it could have been anywhere.
fn origin(handout: &Handout) -> String {
    let (made, lang) = (&handout.made, handout.lang);
    if handout.counts()[0] > 0 {
        return step::place(made, lang);
    }
    format!("{} · {}", made.date, lang.pick("from recordings", "a partir de gravações"))
}

/// Where and when the page was made, and how much of it was seen there.
fn made(handout: &Handout) -> Markup {
    let lang = handout.lang;
    let [here, recorded, undone] = handout.counts();
    html! {
        p.made {
            (lang.pick("Made: ", "Feita em: ")) (origin(handout)) ". "
            (lang.pick("Steps done on a real box: ", "Passos feitos numa caixa de verdade: ")) (here)
            @if recorded > 0 {
                (lang.pick("; taken from a recording and marked RECORDED: ", "; tirados de uma gravação e marcados GRAVADO: "))
                (recorded)
            }
            @if undone > 0 {
                (lang.pick("; not done, each with the reason: ", "; não feitos, cada um com o motivo: ")) (undone)
            }
            ". "
            (lang.pick(
                "What shells and kernel say here, they said then.",
                "O que os shells e o kernel dizem aqui, disseram naquela hora.",
            ))
        }
    }
}

fn talk(handout: &Handout) -> Markup {
    let lang = handout.lang;
    html! {
        @for (chapter, title) in handout.deck.chapters.iter().enumerate() {
            @let slides: Vec<_> = handout.slides().filter(|(_, slide)| slide.chapter == chapter).collect();
            @if !slides.is_empty() {
                h2 id=(contents::chapter_id(chapter)) { (title.get(lang)) }
                @for (index, slide) in slides {
                    (slide::section(handout, index, slide))
                    @if let Some((at, walked)) = handout.opened_by(slide) { (step::lesson(handout, at, walked)) }
                }
            }
        }
        @if handout.unopened().next().is_some() {
            h2 id="more" { (contents::more(handout)) }
            @for (at, walked) in handout.unopened() { (step::lesson(handout, at, walked)) }
        }
        @for (id, title) in behind(handout) {
            section id=(id) aria-labelledby={ (id) "-title" } {
                h2 id={ (id) "-title" } { (title) }
                @match id {
                    SCRIPT => (script(handout)),
                    CODE => (code::whole(handout)),
                    _ => (sources::list(handout)),
                }
            }
        }
    }
}

const SCRIPT: &str = "script";
const CODE: &str = "code";
const SOURCES: &str = "sources";

/// What stands behind the talk: where, and its title.
pub fn behind(handout: &Handout) -> Vec<(&'static str, &'static str)> {
    let lang = handout.lang;
    let script = scripted(handout).map(|_| (SCRIPT, script_title(lang)));
    let code = (!code::files(handout).is_empty()).then_some((CODE, lang.pick("The code", "O código")));
    let sources = (SOURCES, lang.pick("Sources", "Fontes"));
    [script, code, Some(sources)].into_iter().flatten().collect()
}

/// The title of the page that the last lesson closes with.
pub const fn script_title(lang: Lang) -> &'static str {
    lang.pick("Your container, without unha", "O seu contêiner, sem o unha")
}

/// The container as a shell script, and what is told of the step that it comes from.
fn scripted<'a>(handout: &'a Handout) -> Option<(&'a Vec<String>, &'a Told)> {
    let told = handout.lessons.iter().flat_map(|walked| &walked.steps);
    told.filter_map(|told| Some((told.seen()?.script.as_ref()?, told))).next_back()
}

fn script(handout: &Handout) -> Markup {
    let lang = handout.lang;
    let said = lang.pick(
        "The system calls of the last box as a shell script that works without unha, as root. Its paths are those of the \
         machine where the box was made.",
        "As chamadas de sistema da última caixa como um script de shell que funciona sem o unha, como root. Os caminhos são \
         os da máquina em que a caixa foi feita.",
    );
    html! {
        @if let Some((lines, told)) = scripted(handout) {
            @if let Told::Recorded(_, made, why) = told { (step::recorded(made, why.as_deref(), lang)) }
            p { (linked(said)) }
            pre tabindex="0" translate="no" { code { @for line in lines { (line) "\n" } } }
        }
    }
}
