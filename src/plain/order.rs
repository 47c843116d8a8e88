//! What a line that was typed asks for: a number, nothing at all, a word, or a line for one of the shells.
//!
//! The words stand in one table, which is also what `help` reads aloud. Those of the other language are understood too.

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

/// What can be asked for by a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Do what Enter does.
    Next,
    /// One step back.
    Back,
    /// Say it again.
    Repeat,
    /// A hint.
    Hint,
    /// All facts of the step.
    Values,
    /// The source of the step.
    Code,
    /// The system calls.
    Calls,
    /// What the words of the trade mean.
    Words,
    /// The lesson so far.
    Past,
    /// Type inside.
    Inside,
    /// Type outside.
    Outside,
    /// Ctrl-C.
    Interrupt,
    /// A limit up.
    More,
    /// A limit down.
    Less,
    /// A fresh box.
    Fresh,
    /// Straight to the lesson's last exercise.
    Challenge,
    /// The features as switches.
    Features,
    /// The agenda.
    Agenda,
    /// To a lesson or step.
    Go,
    /// What this machine can do.
    Machine,
    /// The other language.
    Language,
    /// The other route.
    Route,
    /// No to a question; close what is open.
    Close,
    /// The words.
    Help,
    /// Leave.
    Quit,
}

/// A word of a language, and the one letter that stands for it; an empty one: none does.
type Spelled = (&'static str, &'static str);

/// A verb in both languages, and what it does.
pub struct Word {
    /// What it asks for.
    pub verb: Verb,
    en: Spelled,
    pt_br: Spelled,
    /// What may stand behind it.
    argument: (&'static str, &'static str),
    does: (&'static str, &'static str),
}

impl Word {
    /// The word and its letter.
    #[must_use]
    pub const fn spelled(&self, lang: Lang) -> Spelled {
        match lang {
            Lang::En => self.en,
            Lang::PtBr => self.pt_br,
        }
    }

    /// What stands behind the word, in capitals where it must.
    #[must_use]
    pub const fn argument(&self, lang: Lang) -> &'static str {
        lang.pick(self.argument.0, self.argument.1)
    }

    /// What it does.
    #[must_use]
    pub const fn does(&self, lang: Lang) -> &'static str {
        lang.pick(self.does.0, self.does.1)
    }

    fn is(&self, typed: &str, lang: Lang) -> bool {
        let (word, letter) = self.spelled(lang);
        typed == letter || typed == folded(word)
    }
}

macro_rules! words {
    ($($verb:ident: $en:literal $en_letter:literal, $pt_br:literal $pt_br_letter:literal, $argument:expr, $does_en:literal, $does_pt_br:literal;)*) => {
        /// All words, in the order in which a newcomer needs them.
        pub const WORDS: &[Word] = &[$(Word {
            verb: Verb::$verb,
            en: ($en, $en_letter),
            pt_br: ($pt_br, $pt_br_letter),
            argument: $argument,
            does: ($does_en, $does_pt_br),
        }),*];
    };
}

const NONE: (&str, &str) = ("", "");

words! {
    Next: "next" "n", "seguir" "s", NONE, "does what Enter does", "faz o que Enter faz";
    Back: "back" "b", "voltar" "v", NONE, "one step back; the box is built anew", "um passo atrás; a caixa é montada de novo";
    Repeat: "repeat" "r", "repetir" "r", NONE, "says the step again", "diz o passo de novo";
    Hint: "hint" "h", "dica" "d", NONE, "what the step waits for; again: the command; by hand: the next hint", "o que falta no passo; de novo: o comando; na unha: a próxima dica";
    Values: "values" "v", "fatos" "f", NONE, "all values of the step, on both sides", "todos os valores do passo, dos dois lados";
    Inside: "in" "i", "dentro" "de", ("LINE", "LINHA"),
        "types the line into the shell inside; ^C, ^D: that key", "digita a linha no shell de dentro; ^C, ^D: essa tecla";
    Outside: "out" "o", "fora" "fo", ("LINE", "LINHA"),
        "types the line into the shell outside", "digita a linha no shell de fora";
    Interrupt: "interrupt" "", "interromper" "", NONE,
        "sends Ctrl-C to the command that runs", "manda Ctrl-C ao comando que está rodando";
    Code: "code" "c", "código" "c", ("all", "tudo"), "the lines of code that did it; code all: the whole file", "as linhas de código que fizeram isso; código tudo: o arquivo inteiro";
    Calls: "syscalls" "s", "chamadas" "ch", ("all", "tudo"),
        "the system calls of the step; syscalls all: those before too", "as chamadas de sistema do passo; chamadas tudo: as de antes também";
    Words: "words" "w", "palavras" "p", ("word", "palavra"),
        "what the words of the step mean; words cgroup: what this one means", "o que dizem as palavras do passo; palavras cgroup: o que diz esta";
    Past: "past" "p", "passado" "", NONE, "the lesson so far", "a lição até aqui";
    More: "more" "+", "mais" "+", NONE, "the limit up", "o limite para cima";
    Less: "less" "-", "menos" "-", NONE, "the limit down", "o limite para baixo";
    Fresh: "fresh" "f", "nova" "n", NONE,
        "a fresh box, as the script expects it; by hand a fresh bench",
        "uma caixa nova, como o roteiro espera; na unha, uma bancada nova";
    Challenge: "challenge" "", "desafio" "", NONE,
        "by hand: straight to the lesson's last exercise", "na unha: direto ao último exercício da lição";
    Features: "features" "", "recursos" "", NONE,
        "switches features on and off: what if?", "liga e desliga recursos: e se?";
    Agenda: "agenda" "a", "agenda" "a", NONE, "all lessons", "todas as lições";
    Go: "go" "g", "ir" "i", ("NAME", "NOME"),
        "to a lesson, or to its step: go pid, go pid/3", "vai a uma lição, ou a um passo dela: ir pid, ir pid/3";
    Machine: "machine" "m", "máquina" "m", NONE, "what this machine can do", "o que esta máquina consegue";
    Language: "language" "l", "língua" "l", NONE, "Portuguese", "inglês";
    Route: "route" "t", "trilha" "t", NONE, "every step, or the short route", "todos os passos, ou a trilha curta";
    Close: "close" "x", "fechar" "x", NONE, "no to a question; closes what is open", "não a uma pergunta; fecha o que está aberto";
    Help: "help" "?", "ajuda" "?", NONE, "these words", "estas palavras";
    Quit: "quit" "q", "sair" "q", NONE, "leaves; your progress is kept", "sai; o progresso fica guardado";
}

/// What else people type.
const ALIASES: &[(&str, Verb)] = &[
    ("exit", Verb::Quit),
    ("no", Verb::Close),
    ("nao", Verb::Close),
    ("stay", Verb::Close),
    ("ficar", Verb::Close),
    ("inside", Verb::Inside),
    ("outside", Verb::Outside),
    ("calls", Verb::Calls),
    ("idioma", Verb::Language),
    ("^c", Verb::Interrupt),
    ("=", Verb::More),
];

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
    WORDS.iter().any(|word| word.verb == verb && word.argument != NONE)
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
