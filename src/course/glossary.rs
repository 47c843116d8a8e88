//! The glossary: what each word of the trade is, in both languages, and where to read on.
//!
//! `lessons/glossary/terms.toml` says it. The screen underlines a term where a lesson says it first, and a key opens
//! what it means.

use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::text::{Lang, Text};

/// A word of the trade.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Stable name.
    pub id: String,
    /// How it is spelled in a text; the first form is its name.
    pub forms: Forms,
    /// What it is, in a breath.
    pub means: Text,
    /// Where to read on: a manual page, a document of the kernel's, a standard.
    pub source: String,
}

/// The spellings of a term.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forms {
    /// In English.
    pub en: Vec<String>,
    /// In Brazilian Portuguese.
    #[serde(rename = "pt-BR")]
    pub pt_br: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    term: Vec<Term>,
}

static TERMS: LazyLock<Result<Vec<Term>, toml::de::Error>> =
    LazyLock::new(|| toml::from_str::<File>(include_str!("../../lessons/glossary/terms.toml")).map(|file| file.term));

/// All terms, in the order of the file. A test holds the file to its format.
#[must_use]
pub fn terms() -> &'static [Term] {
    TERMS.as_deref().unwrap_or_default()
}

impl Term {
    /// Its spellings in `lang`.
    #[must_use]
    pub fn forms(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::En => &self.forms.en,
            Lang::PtBr => &self.forms.pt_br,
        }
    }

    /// Its name in `lang`.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        self.forms(lang).first().map_or(self.id.as_str(), String::as_str)
    }
}

/// The terms that a text says, each where it says it first, in the order of the text; the places are bytes.
///
/// What stands between backticks is a command and no word. The longest spelling wins: "user namespace" is one term.
#[must_use]
pub fn find(text: &str, lang: Lang) -> Vec<(Range<usize>, &'static Term)> {
    let mut found: Vec<(Range<usize>, &'static Term)> = vec![];
    let mut code = false;
    let mut free = 0;
    for (at, letter) in text.char_indices() {
        code ^= letter == '`';
        let inside_a_word = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        if code || at < free || inside_a_word {
            continue;
        }
        let spelled = terms().iter().filter_map(|term| Some((spelling(&text[at..], term, lang)?, term)));
        let Some((length, term)) = spelled.max_by_key(|(length, _)| *length) else { continue };
        free = at + length;
        if found.iter().all(|(_, known)| known.id != term.id) {
            found.push((at..free, term));
        }
    }
    found
}

/// How many bytes of the text's beginning spell this term, as whole words.
fn spelling(text: &str, term: &Term, lang: Lang) -> Option<usize> {
    let spells = |form: &&String| {
        let Some((begins, rest)) = text.split_at_checked(form.len()) else { return false };
        // A form with a capital is a name, and stands as it is.
        let exact = form.chars().any(char::is_uppercase);
        let same = if exact { begins == *form } else { begins.to_lowercase() == **form };
        same && !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
    };
    term.forms(lang).iter().filter(spells).map(String::len).max()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_term_is_whole_and_short_and_no_spelling_means_two_things() {
        assert!(TERMS.as_ref().is_ok_and(|terms| terms.len() >= 40), "{TERMS:?}");
        let mut ids = BTreeSet::new();
        for term in terms() {
            assert!(ids.insert(&term.id), "{} stands twice", term.id);
            assert!(!term.source.is_empty(), "{} has no source", term.id);
            for lang in Lang::ALL {
                let means = term.means.get(lang);
                assert!((20..=200).contains(&means.chars().count()), "{} ({lang}): {means}", term.id);
                assert!(!term.forms(lang).is_empty(), "{} has no name ({lang})", term.id);
            }
        }
        for lang in Lang::ALL {
            let mut forms = BTreeSet::new();
            for form in terms().iter().flat_map(|term| term.forms(lang)) {
                assert!(forms.insert(form), "{form} is two terms ({lang})");
            }
        }
    }

    #[test]
    fn a_term_is_found_once_as_a_whole_word_and_never_in_a_command() {
        let said =
            |text, lang| find(text, lang).into_iter().map(|(at, term)| (&text[at], &*term.id)).collect::<Vec<_>>();
        for (text, lang, found) in [
            ("Names live in the namespace.", Lang::En, vec![("namespace", "namespace")]),
            ("Namespaces; a namespace.", Lang::En, vec![("Namespaces", "namespace")]),
            ("a user namespace", Lang::En, vec![("user namespace", "user")]),
            ("the PID, no pid, no PIDs", Lang::En, vec![("PID", "pid")]),
            ("`mount -t proc`", Lang::En, vec![]),
            ("the mount `mount` hides", Lang::En, vec![("mount", "mount")]),
            ("mountain, dismount, mount_setattr", Lang::En, vec![]),
            ("os cgroups e a bancada", Lang::PtBr, vec![("cgroups", "cgroup"), ("bancada", "bench")]),
            ("ação e propagação", Lang::PtBr, vec![("propagação", "propagation")]),
            ("what /proc/1 says", Lang::En, vec![("/proc", "procfs")]),
            ("", Lang::En, vec![]),
        ] {
            assert_eq!(said(text, lang), found, "{text}");
        }
    }
}
