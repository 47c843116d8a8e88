//! The words that can be typed, in both languages, and what each does.

use crate::course::text::{Lang, folded};

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

    /// Whether anything may stand behind it.
    pub(super) fn takes(&self) -> bool {
        self.argument != NONE
    }

    pub(super) fn is(&self, typed: &str, lang: Lang) -> bool {
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
pub(super) const ALIASES: &[(&str, Verb)] = &[
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
