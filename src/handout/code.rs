//! The code that ran: at a step the lines that it is about, lit, with the remark below; at the end every file whole.

use std::collections::BTreeSet;
use std::ops::Range;

use maud::{Markup, html};

use super::Handout;
use crate::course::lesson::Code;
use crate::course::words;

/// How many lines stand before and after the lit ones at a step, at most: a function, if it is no longer.
const AROUND: usize = 12;

/// Where a file stands whole.
fn id(file: &str) -> String {
    format!("code-{}", file.trim_end_matches(".rs").replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"))
}

/// The lines that a step is about.
pub fn excerpt(handout: &Handout, code: &Code) -> Markup {
    let lang = handout.lang;
    let Some(source) = (handout.source)(&code.file) else {
        return html! { p { (words::code(lang)) " · " (code.file) ": " (words::not_found(lang)) } };
    };
    let lit = code.lit_lines(source);
    let shown = around(source, &lit);
    html! {
        figure.code {
            figcaption {
                (words::code(lang)) " · " a href={ "#" (id(&code.file)) } { (code.file) } ", "
                (lang.pick("lines ", "linhas ")) (shown.start + 1) "–" (shown.end)
            }
            (listing(source, &shown, &lit))
            p.callout { (super::prose::sentence(code.note.get(lang))) }
        }
    }
}

/// The lines from one blank line to the next.
fn around(source: &str, lit: &Range<usize>) -> Range<usize> {
    let lines: Vec<&str> = source.lines().collect();
    let is_blank = |line: &&str| line.trim().is_empty();
    let before = lines[..lit.start].iter().rev().take(AROUND).position(is_blank).unwrap_or(AROUND.min(lit.start));
    let after = lines[lit.end..].iter().take(AROUND).position(is_blank).unwrap_or(AROUND.min(lines.len() - lit.end));
    lit.start - before..lit.end + after
}

fn listing(source: &str, shown: &Range<usize>, lit: &Range<usize>) -> Markup {
    html! {
        pre tabindex="0" lang="en" translate="no" {
            code { @for (index, line) in source.lines().enumerate().take(shown.end).skip(shown.start) {
                span.line-number aria-hidden="true" { (format!("{:>3} ", index + 1)) }
                @if lit.contains(&index) { mark { (line) } } @else { (line) }
                "\n"
            } }
        }
    }
}

/// The files that the steps speak of, in the order of the talk.
pub fn files<'a>(handout: &Handout<'a>) -> Vec<&'a str> {
    let mut known = BTreeSet::new();
    let steps = handout.walked().flat_map(|(_, walked)| walked.on_route());
    let named = steps.filter_map(|(_, step, _)| Some(step.code.as_ref()?.file.as_str()));
    named.filter(|file| (handout.source)(file).is_some() && known.insert(*file)).collect()
}

/// Every file whole.
pub fn whole(handout: &Handout) -> Markup {
    let lang = handout.lang;
    html! {
        @for file in files(handout) {
            @let source = (handout.source)(file).unwrap_or_default();
            h3 id=(id(file)) { (file) }
            details {
                summary {
                    (lang.pick("All of ", "O arquivo inteiro: ")) (file)
                    " (" (source.lines().count()) " " (lang.pick("lines", "linhas")) ")"
                }
                (listing(source, &(0..source.lines().count()), &(0..0)))
            }
        }
    }
}
