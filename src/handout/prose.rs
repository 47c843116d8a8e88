//! Words as a page has them: code in its letters, manual pages and addresses as links.

use std::sync::OnceLock;

use maud::{Markup, html};
use regex_lite::Regex;

/// A sentence: what stands between backticks is code, what names a manual page or an address leads there.
pub fn sentence(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (linked(part)) }
        }
    }
}

/// Words with their links; line breaks stay.
pub fn linked(text: &str) -> Markup {
    html! {
        @for (index, line) in text.split('\n').enumerate() {
            @if index > 0 { br; }
            @for part in parts(line) {
                @match part {
                    Part::Words(words) => (words),
                    Part::Link(words, to) => a href=(to) { (words) },
                }
            }
        }
    }
}

/// A manual page by its name and section: `mount(2)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Manual {
    /// As it is cited.
    pub cited: String,
    /// Where it can be read.
    pub url: String,
}

/// The manual pages that a text cites.
pub fn manuals(text: &str) -> Vec<Manual> {
    let found = parts(text).into_iter().filter_map(|part| match part {
        Part::Link(cited, url) if cited.ends_with(')') => Some(Manual { cited: cited.to_owned(), url }),
        _ => None,
    });
    found.collect()
}

enum Part<'a> {
    Words(&'a str),
    Link(&'a str, String),
}

/// What is a link, and what stands between.
fn parts(text: &str) -> Vec<Part<'_>> {
    static LINKS: OnceLock<Option<Regex>> = OnceLock::new();
    // A manual page, or an address without its scheme, as sources name them.
    let links = LINKS.get_or_init(|| {
        Regex::new(
            r"(?x) (?P<page>[a-z][a-z0-9_.-]*)\((?P<section>[1-8])\)
                | (?P<host>([a-z0-9][a-z0-9-]*\.)+(org|com|io|uk|net)) (?P<path>/[A-Za-z0-9_./-]*[A-Za-z0-9_/-])?",
        )
        .ok()
    });
    let mut parts = vec![];
    let mut from = 0;
    for found in links.iter().flat_map(|links| links.captures_iter(text)) {
        let Some(whole) = found.get(0) else { continue };
        let named = |name| found.name(name).map_or("", |part| part.as_str());
        // Of a longer word, such as an address of mail, it is only the end.
        if text[..whole.start()].ends_with(|letter: char| letter.is_alphanumeric() || "@:/.".contains(letter)) {
            continue;
        }
        let to = match named("page") {
            "" => format!("https://{}{}", named("host"), named("path")),
            page => manual(page, named("section")),
        };
        parts.push(Part::Words(&text[from..whole.start()]));
        parts.push(Part::Link(whole.as_str(), to));
        from = whole.end();
    }
    parts.push(Part::Words(&text[from..]));
    parts
}

/// Where a manual page is to be read: Linux's at man7.org, but jails are FreeBSD's.
fn manual(page: &str, section: &str) -> String {
    match page {
        "jail" => format!("https://man.freebsd.org/cgi/man.cgi?query={page}&sektion={section}"),
        _ => format!("https://man7.org/linux/man-pages/man{section}/{page}.{section}.html"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manual_pages_and_addresses_are_links() {
        let page = |text| linked(text).into_string();
        assert_eq!(
            page("see pivot_root(2) · os-release(5)."),
            "see <a href=\"https://man7.org/linux/man-pages/man2/pivot_root.2.html\">pivot_root(2)</a> · \
             <a href=\"https://man7.org/linux/man-pages/man5/os-release.5.html\">os-release(5)</a>."
        );
        assert_eq!(
            page("docs.kernel.org, infoq.com/articles/x-y."),
            "<a href=\"https://docs.kernel.org\">docs.kernel.org</a>, \
             <a href=\"https://infoq.com/articles/x-y\">infoq.com/articles/x-y</a>."
        );
        for plain in ["exit(137)", "memory.max", "b() { b | b & }", "me@example.org", "getpid()", "https://x.org/"] {
            assert!(!page(plain).contains("<a "), "{plain}: {}", page(plain));
        }
        assert!(manuals("jail(8) · W. Losh · kernel.org")[0].url.contains("freebsd"));
    }

    #[test]
    fn code_and_markup_stay_what_they_are() {
        assert_eq!(sentence("type `a < b`").into_string(), "type <code>a &lt; b</code>");
        assert_eq!(linked("<script>&\"").into_string(), "&lt;script&gt;&amp;&quot;");
    }
}
