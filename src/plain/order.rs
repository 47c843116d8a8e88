//! What a line that was typed asks for: a number, nothing at all, a word, or a line for one of the shells.
//!
//! The words stand in one table ([`verbs`]), which is also what `help` reads aloud. Those of the other language are understood too.

mod verbs;

use self::verbs::ALIASES;
pub use self::verbs::{Verb, WORDS, Word};
use crate::course::Side;
use crate::course::text::{Lang, folded};

/// What a person wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// A choice: an answer, a lesson, a way out, a switch.
    Choose(usize),
    /// Type this into the shell of this side; none: of the side that spoke last.
    Type(Option<Side>, Keys),
    /// A word, with what stands behind it.
    Do(Verb, String),
}

/// What goes to a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// A line, and Enter.
    Line(String),
    /// A letter with the Ctrl key: `^C`.
    Control(u8),
}

/// A word may be cut short to so many letters: fewer could be a shell's command.
const SHORTEST: usize = 3;

/// Reads a line; what cannot be understood comes back as its first word.
///
/// # Errors
/// The word that is not known.
pub fn read(line: &str, lang: Lang) -> Result<Order, String> {
    let line = line.trim();
    if let Some(typed) = line.strip_prefix('!') {
        return Ok(Order::Type(None, keys(typed)));
    }
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let bare = folded(word.trim_end_matches([':', '.', ')']));
    if bare.is_empty() && word.is_empty() {
        return Ok(Order::Do(Verb::Next, String::new()));
    }
    if let (Ok(number), true) = (bare.parse(), rest.is_empty()) {
        return Ok(Order::Choose(number));
    }
    let verb = verb(&bare, lang).ok_or_else(|| word.to_owned())?;
    match verb {
        Verb::Inside => Ok(Order::Type(Some(Side::Inside), keys(rest))),
        Verb::Outside => Ok(Order::Type(Some(Side::Outside), keys(rest))),
        // A line that was meant for a shell is no order that happens to begin alike.
        _ if !rest.trim().is_empty() && !takes(verb) => Err(word.to_owned()),
        _ => Ok(Order::Do(verb, rest.trim().to_owned())),
    }
}

/// The word that was meant, if one is near.
#[must_use]
pub fn nearest(word: &str, lang: Lang) -> Option<&'static str> {
    let known = WORDS.iter().map(|known| known.spelled(lang).0);
    let word = folded(word);
    let near = known.map(|known| (strsim::damerau_levenshtein(&folded(known), &word), known)).min()?;
    (near.0 <= 2 && near.0 < word.chars().count()).then_some(near.1)
}

fn takes(verb: Verb) -> bool {
    WORDS.iter().any(|word| word.verb == verb && word.takes())
}

fn verb(typed: &str, lang: Lang) -> Option<Verb> {
    let spelled = |lang| WORDS.iter().find(|word| word.is(typed, lang)).map(|word| word.verb);
    let alias = || ALIASES.iter().find(|(alias, _)| *alias == typed).map(|(_, verb)| *verb);
    let whole = || WORDS.iter().find(|word| typed == folded(word.spelled(lang.other()).0)).map(|word| word.verb);
    spelled(lang).or_else(alias).or_else(whole).or_else(|| shortened(typed, lang))
}

/// The one word that begins so.
fn shortened(typed: &str, lang: Lang) -> Option<Verb> {
    if typed.chars().count() < SHORTEST {
        return None;
    }
    let mut begins = WORDS.iter().filter(|word| folded(word.spelled(lang).0).starts_with(typed));
    let word = begins.next()?;
    begins.next().is_none().then_some(word.verb)
}

fn keys(typed: &str) -> Keys {
    let typed = typed.trim();
    match typed.strip_prefix('^').map(str::as_bytes) {
        Some([letter]) if letter.is_ascii_alphabetic() => Keys::Control(letter.to_ascii_uppercase() - b'@'),
        _ => Keys::Line(typed.chars().filter(|letter| !letter.is_control()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn done(verb: Verb) -> Order {
        Order::Do(verb, String::new())
    }

    fn typed(side: Side, line: &str) -> Order {
        Order::Type(Some(side), Keys::Line(line.to_owned()))
    }

    #[test]
    fn a_line_is_read_in_either_language() {
        for lang in Lang::ALL {
            assert_eq!(read("", lang), Ok(done(Verb::Next)));
            assert_eq!(read("  ", lang), Ok(done(Verb::Next)));
            assert_eq!(read("2", lang), Ok(Order::Choose(2)));
            assert_eq!(read("2.", lang), Ok(Order::Choose(2)));
            assert_eq!(read("back", lang), Ok(done(Verb::Back)));
            assert_eq!(read("Voltar", lang), Ok(done(Verb::Back)));
            assert_eq!(read("codigo", lang), Ok(done(Verb::Code)));
            assert_eq!(read("CÓDIGO", lang), Ok(done(Verb::Code)));
            assert_eq!(read("+", lang), Ok(done(Verb::More)));
            assert_eq!(read("?", lang), Ok(done(Verb::Help)));
            assert_eq!(read("exit", lang), Ok(done(Verb::Quit)));
            assert_eq!(read("in hostname  x", lang), Ok(typed(Side::Inside, "hostname  x")));
            assert_eq!(read("inside: hostname x", lang), Ok(typed(Side::Inside, "hostname x")));
            assert_eq!(read("fora ls", lang), Ok(typed(Side::Outside, "ls")));
            assert_eq!(read("in", lang), Ok(typed(Side::Inside, "")));
            assert_eq!(read("in ^c", lang), Ok(Order::Type(Some(Side::Inside), Keys::Control(3))));
            assert_eq!(read("!ps", lang), Ok(Order::Type(None, Keys::Line("ps".to_owned()))));
            assert_eq!(read("in a\x1b[2Jb", lang), Ok(typed(Side::Inside, "a[2Jb")));
        }
        assert_eq!(read("h", Lang::En), Ok(done(Verb::Hint)));
        assert_eq!(read("d", Lang::PtBr), Ok(done(Verb::Hint)));
        assert_eq!(read("s", Lang::En), Ok(done(Verb::Calls)));
        assert_eq!(read("s", Lang::PtBr), Ok(done(Verb::Next)));
        assert_eq!(read("go uts/2", Lang::PtBr), Ok(Order::Do(Verb::Go, "uts/2".to_owned())));
    }

    #[test]
    fn what_was_meant_for_a_shell_is_no_order() {
        for line in ["hostname x", "ls", "id", "ps", "back up.tar", "codex", "1 2", "-x", "next door"] {
            for lang in Lang::ALL {
                let word = line.split(' ').next().unwrap();
                assert_eq!(read(line, lang), Err(word.to_owned()), "{line} ({lang})");
            }
        }
        assert_eq!(nearest("bakc", Lang::En), Some("back"));
        assert_eq!(nearest("codgo", Lang::PtBr), Some("código"));
        assert_eq!(nearest("hostname", Lang::En), None);
    }

    #[test]
    fn every_word_and_letter_means_one_thing_and_stands_alone() {
        for lang in Lang::ALL {
            let mut known = BTreeSet::new();
            for word in WORDS {
                let (spelled, letter) = word.spelled(lang);
                assert!(known.insert(folded(spelled)), "{spelled} is two words ({lang})");
                assert!(letter.is_empty() || letter == spelled || known.insert(letter.to_owned()), "{letter} ({lang})");
                for typed in [spelled, letter].into_iter().filter(|typed| !typed.is_empty()) {
                    assert_eq!(verb(&folded(typed), lang), Some(word.verb), "{typed} ({lang})");
                }
                assert!(!word.does(lang).is_empty());
            }
        }
    }

    #[test]
    fn a_word_may_be_cut_short_as_far_as_it_stays_clear() {
        assert_eq!(read("fea", Lang::En), Ok(done(Verb::Features)));
        assert_eq!(read("int", Lang::PtBr), Ok(done(Verb::Interrupt)));
        assert_eq!(read("pas", Lang::PtBr), Ok(done(Verb::Past)));
        assert_eq!(read("fe", Lang::En), Err("fe".to_owned()));
    }
}
