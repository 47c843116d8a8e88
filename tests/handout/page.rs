//! A page as a browser's parser reads it, and what must hold of every one.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Selector};

/// A page that was read.
pub struct Page {
    html: Html,
}

impl Page {
    /// Reads a page that must be sound.
    pub fn sound(text: &str, lang: &str) -> Self {
        let page = Self { html: Html::parse_document(text) };
        assert_eq!(page.html.errors, Vec::<String>::new(), "the parser had to mend it");
        assert!(text.starts_with("<!DOCTYPE html>"));
        assert_eq!(page.one("html").attr("lang"), Some(lang));
        let control = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
        assert_eq!(text.chars().find(|letter| control(*letter)), None, "a control character");
        page.asks_for_nothing(text);
        page.links_resolve();
        page.headings_descend();
        page
    }

    pub fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        self.html.select(&Selector::parse(selector).unwrap()).collect()
    }

    pub fn one(&self, selector: &str) -> ElementRef<'_> {
        let [one] = self.all(selector)[..] else { panic!("not one {selector}: {}", self.all(selector).len()) };
        one
    }

    /// The words below each of these.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).into_iter().map(|element| element.text().collect()).collect()
    }

    /// All words that are shown.
    pub fn text(&self) -> String {
        self.one("body").text().collect()
    }

    fn asks_for_nothing(&self, text: &str) {
        for fetched in
            ["script", "link", "img", "iframe", "object", "embed", "base", "form", "video", "audio", "svg use"]
        {
            assert!(self.all(fetched).is_empty(), "{fetched}");
        }
        for element in self.all("*") {
            for (name, value) in element.value().attrs() {
                let leads = element.value().name() == "a" && name == "href";
                assert!(leads || !value.contains("://"), "{}", element.html());
                assert!(
                    !["src", "srcset", "style", "action", "data", "poster", "ping"].contains(&name),
                    "{name}={value}"
                );
                assert!(!name.starts_with("on"), "{name}={value}");
                let safe = value.starts_with('#') || value.starts_with("https://");
                assert!(!leads || safe, "{}", element.html());
            }
        }
        let style: String = self.one("style").text().collect();
        assert!(!style.contains("url(") && !style.contains("@import"), "the style fetches something");
        let policy = self.one("meta[http-equiv=Content-Security-Policy]").attr("content").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'unsafe-inline'"), "{policy}");
        assert_eq!(text.matches("</style>").count(), 1);
    }

    fn links_resolve(&self) {
        let mut ids = BTreeSet::new();
        for element in self.all("[id]") {
            let id = element.attr("id").unwrap();
            assert!(ids.insert(id), "the id {id} stands twice");
        }
        for link in self.all("a[href^='#']") {
            let to = &link.attr("href").unwrap()[1..];
            assert!(ids.contains(to), "#{to} leads nowhere");
        }
        for labelled in self.all("[aria-labelledby]") {
            let by = labelled.attr("aria-labelledby").unwrap();
            assert!(ids.contains(by), "nothing is called {by}");
        }
        let skip = self.all("body > *").into_iter().next().unwrap();
        assert_eq!(skip.attr("href"), Some("#talk"), "the first thing skips to the talk");
    }

    /// Headings go down one level at a time, and there is one first.
    fn headings_descend(&self) {
        let mut before = 0;
        for heading in self.all("h1, h2, h3, h4, h5, h6") {
            let level: usize = heading.value().name()[1..].parse().unwrap();
            let words: String = heading.text().collect();
            assert!(level <= before + 1, "h{level} after h{before}: {words}");
            assert!(!words.trim().is_empty(), "a heading without words");
            before = level;
        }
        assert_eq!(self.all("h1").len(), 1);
    }
}
