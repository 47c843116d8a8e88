//! The two sides as a table: outside left, inside right, whether they are the same between them, and what the step changed.

use maud::{Markup, html};

use super::Seen;
use super::drawing::class;
use crate::course::lesson::Step;
use crate::course::portuguese::plainly;
use crate::course::text::Lang;
use crate::course::{Fact, Reading, Side, words};

/// What the kernel said of the facts that a step shows.
pub fn table(step: &Step, seen: &Seen, lang: Lang) -> Markup {
    let machine = words::machine_values(&seen.now, &step.see, lang);
    html! {
        @if !step.see.is_empty() {
            table.facts {
                caption.unseen { (lang.pick("What the kernel said", "O que o kernel disse")) }
                thead { tr {
                    th scope="col" { (lang.pick("fact", "fato")) }
                    @if step.gauges {
                        th.outside scope="col" { (words::outside(lang)) " · " (words::cgroup_files(lang)) }
                    } @else {
                        th.outside scope="col" { (words::outside(lang)) " · " (words::bench(lang)) }
                        th scope="col" { span.unseen { (lang.pick("compared", "comparados")) } }
                        th.inside scope="col" { (words::inside(lang)) " · " (inside(seen, lang)) }
                    }
                } }
                tbody {
                    @for fact in &step.see {
                        @if step.gauges { (gauge(*fact, seen, lang)) } @else { (row(*fact, seen, lang)) }
                    }
                }
            }
            @if !step.gauges && !machine.is_empty() {
                p.machine { (words::machine(lang)) ": " (machine) }
            }
        }
    }
}

/// A file of the box's cgroup: there is one, whoever reads it.
fn gauge(fact: Fact, seen: &Seen, lang: Lang) -> Markup {
    let side = if seen.now.value(Side::Outside, fact).is_some() { Side::Outside } else { Side::Inside };
    let changed = seen.changed.iter().any(|(marked, _)| *marked == fact);
    html! {
        tr { th scope="row" { (words::fact(fact, lang)) } td { (value(fact, side, seen, lang)) (mark(changed, lang)) } }
    }
}

fn mark(changed: bool, lang: Lang) -> Markup {
    html! { @if changed { " " strong.changed { "◀ " (words::changed(lang)) } } }
}

/// What inside is: the box, or how it ended.
fn inside(seen: &Seen, lang: Lang) -> String {
    seen.ended.map_or_else(|| words::the_box(lang).to_owned(), |how| words::ended(how, lang))
}

fn row(fact: Fact, seen: &Seen, lang: Lang) -> Markup {
    let of = |side| seen.now.value(side, fact);
    let signs = match (of(Side::Outside), of(Side::Inside)) {
        (Some(outside), Some(inside)) if outside == inside => Some(("=", lang.pick("the same", "igual"))),
        (Some(_), Some(_)) => Some(("≠", lang.pick("different", "diferente"))),
        _ => None,
    };
    html! {
        tr {
            th scope="row" { (words::fact(fact, lang)) }
            (cell(fact, Side::Outside, seen, lang))
            td.sign {
                @if let Some((sign, said)) = signs { span aria-hidden="true" { (sign) } span.unseen { (said) } }
            }
            (cell(fact, Side::Inside, seen, lang))
        }
    }
}

fn cell(fact: Fact, side: Side, seen: &Seen, lang: Lang) -> Markup {
    html! {
        td class=(class(side)) {
            (value(fact, side, seen, lang))
            (mark(seen.changed.contains(&(fact, side)), lang))
        }
    }
}

/// A value, or why there is none.
fn value(fact: Fact, side: Side, seen: &Seen, lang: Lang) -> Markup {
    match seen.now.side(side).get(&fact) {
        Some(Reading::Value(value)) => html! { (words::value(fact, value, lang)) },
        Some(Reading::Missing(why)) => html! { em { "— " (plainly(why, lang)) } },
        None => html! { em { "—" } },
    }
}
