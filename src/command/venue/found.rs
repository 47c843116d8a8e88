//! What was found at a venue, and what that makes of the talk, in words.

use crate::course::text::Lang;

/// What was found.
#[derive(Default)]
pub struct Found {
    /// How many things do not fit.
    pub cut_off: usize,
    /// Whether slides show dashes where they should show what is read from the kernel.
    pub dark: bool,
    /// How many steps will be shown as they were recorded.
    pub recorded: usize,
    /// They, or the lessons of which it is every step.
    pub played: Vec<String>,
    /// Steps that will not be shown at all.
    pub missing: Vec<String>,
}

impl Found {
    /// Whether all of it works.
    pub const fn is_nothing(&self) -> bool {
        self.cut_off == 0 && !self.dark && self.recorded == 0 && self.missing.is_empty()
    }

    /// What that makes of the talk, and what to do about it.
    pub fn verdict(&self, lang: Lang) -> String {
        if self.is_nothing() {
            return lang.pick("The talk works here.", "A palestra funciona aqui.").to_owned();
        }
        let mut said = if self.cut_off > 0 || !self.missing.is_empty() {
            let will_not = lang.pick("The talk will not work here as it is", "A palestra não vai funcionar aqui assim");
            format!("{will_not}: {}.", self.troubles(lang).join("; "))
        } else {
            let but = lang
                .pick("The talk will work, but not all of it live", "A palestra vai funcionar, mas nem tudo ao vivo");
            match (self.recorded, lang) {
                (0, _) => format!("{but}."),
                (1, Lang::En) => {
                    format!("The talk will work, with one step from a recording: {}.", self.played.join(", "))
                }
                (1, Lang::PtBr) => {
                    format!("A palestra vai funcionar, com um passo de gravação: {}.", self.played.join(", "))
                }
                (many, Lang::En) => {
                    format!("The talk will work, with {many} steps from recordings: {}.", self.played.join(", "))
                }
                (many, Lang::PtBr) => {
                    format!("A palestra vai funcionar, com {many} passos de gravações: {}.", self.played.join(", "))
                }
            }
        };
        if self.dark || self.recorded > 0 || !self.missing.is_empty() {
            said += lang.pick(
                "\nThe check fails: this machine does not run all of the talk. `unha doctor` says what mends it.",
                "\nA checagem falha: esta máquina não roda a palestra toda. O `unha doctor` diz o que resolve.",
            );
        }
        said
    }

    /// Why it will not work, and what else the room will not see live.
    fn troubles(&self, lang: Lang) -> Vec<String> {
        let mut why = vec![];
        match (self.cut_off, lang) {
            (0, _) => {}
            (1, Lang::En) => why.push("one thing does not fit".to_owned()),
            (many, Lang::En) => why.push(format!("{many} things do not fit")),
            (1, Lang::PtBr) => why.push("uma coisa não cabe".to_owned()),
            (many, Lang::PtBr) => why.push(format!("{many} coisas não cabem")),
        }
        if !self.missing.is_empty() {
            let will_not = lang.pick("steps that will not run", "passos que não vão rodar");
            why.push(format!("{will_not}: {}", self.missing.join(", ")));
        }
        if self.recorded > 0 {
            let from = lang.pick("from recordings", "de gravações");
            why.push(format!("{from}: {}", self.played.join(", ")));
        }
        why
    }
}
