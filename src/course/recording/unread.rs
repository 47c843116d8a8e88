//! Why a recording could not be read, for a person.

use std::fmt;

use super::SCHEMA;
use crate::course::deck::DeckError;
use crate::course::parse::LessonError;
use crate::course::text::Lang;

/// Why a recording could not be read. [`fmt::Display`] says it in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It does not begin as a recording does.
    Nothing,
    /// It is of another version of the format.
    Schema(u32),
    /// Its lesson cannot be read.
    Lesson(Box<LessonError>),
    /// Its slides cannot be read.
    Slides(Box<DeckError>),
    /// It cannot be unpacked.
    Damaged,
    /// It stops before its end.
    CutOff,
    /// It is longer than any recording.
    TooLong,
    /// A line is not what it should be.
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
}

impl Unread {
    /// What is wrong with `file`, and what to do.
    #[must_use]
    pub fn say(&self, file: &str, lang: Lang) -> String {
        let anew = lang.pick("Make it anew: unha record", "Grave de novo: unha record");
        match (self, lang) {
            (Self::Nothing, Lang::En) => {
                format!("{file}: not a recording: its first line is no header of one. `unha record` makes recordings")
            }
            (Self::Nothing, Lang::PtBr) => {
                format!("{file}: não é uma gravação: a primeira linha não é o cabeçalho de uma. `unha record` grava")
            }
            (Self::Schema(schema), Lang::En) if *schema > SCHEMA => {
                format!("{file}:1: made by a newer unha (format {schema}, this one reads {SCHEMA}). Get a newer unha")
            }
            (Self::Schema(schema), Lang::PtBr) if *schema > SCHEMA => {
                format!("{file}:1: feita por um unha mais novo (formato {schema}; este lê {SCHEMA}). Atualize o unha")
            }
            (Self::Schema(schema), Lang::En) => format!("{file}:1: format {schema}, this unha reads {SCHEMA}. {anew}"),
            (Self::Schema(schema), Lang::PtBr) => format!("{file}:1: formato {schema}; este unha lê {SCHEMA}. {anew}"),
            (Self::Lesson(error), Lang::En) => format!("{file}:1: the lesson in it: {}", error.say(lang)),
            (Self::Lesson(error), Lang::PtBr) => format!("{file}:1: a lição que está nela: {}", error.say(lang)),
            (Self::Slides(error), Lang::En) => format!("{file}:1: the slides in it: {}", error.say(lang)),
            (Self::Slides(error), Lang::PtBr) => format!("{file}:1: os slides que estão nela: {}", error.say(lang)),
            (Self::Damaged, Lang::En) => format!("{file}: damaged: it cannot be unpacked. Copy it again"),
            (Self::Damaged, Lang::PtBr) => format!("{file}: danificada: não dá para descompactar. Copie de novo"),
            (Self::CutOff, Lang::En) => format!("{file}: cut off: its last line is missing. Copy it again, whole"),
            (Self::CutOff, Lang::PtBr) => {
                format!("{file}: incompleta: falta a última linha. Copie de novo o arquivo inteiro")
            }
            (Self::TooLong, Lang::En) => format!("{file}: larger than any recording; it was not read"),
            (Self::TooLong, Lang::PtBr) => format!("{file}: maior que qualquer gravação; não foi lida"),
            (Self::Line { line, why }, Lang::En) => format!("{file}:{line}: not understood: {why}. {anew}"),
            (Self::Line { line, why }, Lang::PtBr) => format!("{file}:{line}: não deu para entender: {why}. {anew}"),
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say("recording", Lang::En))
    }
}

impl std::error::Error for Unread {}
