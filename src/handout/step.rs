//! A lesson and its steps: the question, what was done, what both shells printed, what the kernel said, the answer and why.

use maud::{Markup, html};

use super::drawing::class;
use super::prose::{linked, sentence};
use super::{Handout, Seen, Told, Walked, code, facts};
use crate::course::lesson::{Act, Restart, Start, Step, Switch};
use crate::course::portuguese::plainly;
use crate::course::recording::Made;
use crate::course::text::{Lang, Text};
use crate::course::{Side, words};

/// Where a lesson stands in the page.
pub fn lesson_id(index: usize) -> String {
    format!("lesson-{index}")
}

/// A lesson with its steps on the route.
pub fn lesson(handout: &Handout, index: usize, walked: &Walked) -> Markup {
    let lang = handout.lang;
    let id = lesson_id(index);
    html! {
        section.lesson aria-labelledby={ (id) "-title" } id=(id) {
            h3 id={ (id) "-title" } {
                (lang.pick("Lesson ", "Lição ")) (index) " · "
                (walked.lesson.title.get(lang)) ": " (walked.lesson.summary.get(lang))
            }
            @for (at, step, told) in walked.on_route() { (self::step(handout, (index, at), step, told)) }
        }
    }
}

fn step(handout: &Handout, (lesson, at): (usize, usize), step: &Step, told: &Told) -> Markup {
    let lang = handout.lang;
    let id = format!("step-{lesson}-{}", at + 1);
    html! {
        section.step id=(id) aria-labelledby={ (id) "-title" } {
            h4 id={ (id) "-title" } { span.number { (lesson) "." (at + 1) } " " (sentence(step.text.get(lang))) }
            @if !step.choices.is_empty() {
                ol.choices { @for choice in &step.choices { li { (sentence(choice.get(lang))) } } }
            }
            @match told {
                Told::Seen(seen) => (self::seen(step, seen, lang)),
                Told::Recorded(seen, made, why) => {
                    (recorded(made, why.as_deref(), lang))
                    (self::seen(step, seen, lang))
                }
                Told::Undone(why) => {
                    (done(&step.acts, lang))
                    p.undone { strong { (lang.pick("NOT DONE HERE", "NÃO FEITO AQUI")) } " · " (linked(&plainly(why, lang))) }
                }
                Told::OffRoute => {},
            }
            p.why {
                @if let Some((number, choice)) = answer(step) {
                    strong { (lang.pick("Answer: ", "Resposta: ")) (number) ", " (sentence(choice.get(lang))) "." } " "
                }
                (sentence(step.why.get(lang)))
            }
            @if let Some(docker) = &step.docker { p.docker { "Docker: " code { (docker) } } }
            @if told.seen().is_some_and(|seen| seen.script.is_some()) {
                p { a href="#script" { (super::page::script_title(lang)) } }
            }
            @if let Some(code) = &step.code { (code::excerpt(handout, code)) }
        }
    }
}

fn answer(step: &Step) -> Option<(usize, &Text)> {
    let number = step.answer?;
    Some((number, step.choices.get(number.checked_sub(1)?)?))
}

/// Where and when a recording was made: `2026-11-24 · Linux 6.18.44 · root`.
pub fn place(made: &Made, lang: Lang) -> String {
    let user = if made.root { "root" } else { lang.pick("ordinary user", "usuário comum") };
    let cgroup = match made.cgroup {
        Some(version) => format!("cgroup v{version}"),
        None => lang.pick("no cgroup limits", "sem limites de cgroup").to_owned(),
    };
    format!("{} · Linux {} · {cgroup} · {user}", made.date, made.kernel)
}

/// That what follows was recorded: where, when, and why it was not done here.
pub fn recorded(made: &Made, why: Option<&str>, lang: Lang) -> Markup {
    html! {
        p.recorded {
            strong { (words::recorded(lang)) } " · " (place(made, lang))
            @if let Some(why) = why {
                br; (lang.pick("Why not here: ", "Por que não aqui: ")) (linked(&plainly(why, lang)))
            }
        }
    }
}

fn seen(step: &Step, seen: &Seen, lang: Lang) -> Markup {
    // What was typed stands in what the shells show.
    let acts: Vec<Act> =
        step.acts.iter().filter(|act| !matches!(act, Act::Inside(_) | Act::Outside(_))).cloned().collect();
    html! {
        (done(&acts, lang))
        (shells(seen, lang))
        (facts::table(step, seen, lang))
        (calls(seen, lang))
    }
}

/// What was done, one thing a line.
fn done(acts: &[Act], lang: Lang) -> Markup {
    html! {
        @if !acts.is_empty() {
            ul.acts aria-label=(lang.pick("What is done", "O que se faz")) {
                @for act in acts { li { (self::act(act, lang)) } }
            }
        }
    }
}

fn act(act: &Act, lang: Lang) -> Markup {
    let typed =
        |side, line: &str| html! { (lang.pick("typed ", "digitado ")) (place_word(side, lang)) ": " code { (line) } };
    match act {
        Act::Inside(line) => typed(Side::Inside, line),
        Act::Outside(line) => typed(Side::Outside, line),
        Act::Interrupt(side) => html! { "Ctrl-C " (place_word(*side, lang)) },
        Act::Start(start) => self::start(start, lang),
        Act::Limit(limits) => html! {
            @for (index, (limit, value)) in limits.iter().enumerate() {
                @if index > 0 { ", " }
                (lang.pick("limit: ", "limite: "))
                (words::limit(*limit, lang)) " " (value)
            }
        },
        Act::Restart(Restart::Box) => html! { (lang.pick("a fresh box", "uma caixa nova")) },
        Act::Restart(Restart::Bench) => {
            html! { (lang.pick("a fresh bench, and the box in it", "uma bancada nova, e a caixa nela")) }
        }
    }
}

const fn place_word(side: Side, lang: Lang) -> &'static str {
    match side {
        Side::Inside => lang.pick("inside", "dentro"),
        Side::Outside | Side::Machine => lang.pick("outside", "fora"),
    }
}

fn start(start: &Start, lang: Lang) -> Markup {
    let features: Vec<String> = start.features.iter().map(|feature| feature.to_string()).collect();
    html! {
        @if features.is_empty() {
            (lang.pick("a box with no feature: a process", "uma caixa sem nenhum recurso: um processo"))
        } @else {
            (lang.pick("a box with ", "uma caixa com ")) (features.join(", "))
        }
        @if let Some(name) = &start.hostname { "; hostname " code { (name) } }
        @if start.proc == Some(false) { (lang.pick("; the old /proc stays", "; o /proc antigo fica")) }
        @if start.shared { (lang.pick("; its mounts stay shared", "; as montagens continuam compartilhadas")) }
        @if start.cable { (lang.pick("; a cable between bench and box", "; um cabo entre bancada e caixa")) }
        @if start.lo == Some(Switch::Up) { (lang.pick("; lo up", "; lo ligado")) }
        @if start.boottime != 0 { "; boottime " (start.boottime) " s" }
        @if start.init { (lang.pick("; an init before the shell", "; um init antes do shell")) }
        @for (what, names) in [
            ("cap-drop", &start.cap_drop),
            ("cap-add", &start.cap_add),
            (lang.pick("refused", "negadas"), &start.refuses),
            (lang.pick("killed for", "mortais"), &start.kills),
        ] {
            @if !names.is_empty() { "; " (what) " " code { (names.join(" ")) } }
        }
        @if start.wrong_order {
            (lang.pick("; pivot_root before the new root is a mount", "; pivot_root antes de a nova raiz ser um mount"))
        }
    }
}

/// What the shells show, side by side where there is room.
fn shells(seen: &Seen, lang: Lang) -> Markup {
    let sides = [Side::Outside, Side::Inside].into_iter().zip(seen.printed.iter().zip(&seen.prompts));
    let spoke: Vec<_> = sides.filter(|(_, (printed, _))| !printed.is_empty()).collect();
    html! {
        @if !spoke.is_empty() {
            div.shells {
                @for (side, (printed, prompt)) in spoke {
                    figure class={ "shell " (class(side)) } {
                        figcaption { (words::side(side, lang)) " · " (words::place(side, lang)) }
                        pre tabindex="0" lang="en" translate="no" {
                            code { @for line in printed.lines() { (shown(line, prompt.trim_end())) "\n" } }
                        }
                    }
                }
            }
        }
    }
}

/// A line of a shell; what was typed stands out.
fn shown(line: &str, prompt: &str) -> Markup {
    let typed = line.strip_prefix(prompt).filter(|_| !prompt.is_empty());
    html! { @if let Some(typed) = typed { span.prompt { (prompt) } b { (typed) } } @else { (line) } }
}

fn calls(seen: &Seen, lang: Lang) -> Markup {
    html! {
        @if let Some(call) = &seen.telling { p.call { (words::call(lang)) ": " code { (call) } } }
        // One call alone stands above already.
        @if seen.calls.iter().any(|call| seen.telling.as_ref() != Some(call)) {
            details.calls {
                summary { (lang.pick("System calls of this step: ", "Chamadas de sistema deste passo: ")) (seen.calls.len()) }
                ol { @for call in &seen.calls {
                    li { code { @if call.failed() { strong { (call) } } @else { (call) } } }
                } }
            }
        }
    }
}
