//! The two languages of the course, always side by side.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that every text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Brazilian Portuguese.
    #[serde(rename = "pt-BR")]
    PtBr,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::En, Self::PtBr];

    /// The language's tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::PtBr => "pt-BR",
        }
    }

    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::PtBr,
            Self::PtBr => Self::En,
        }
    }

    /// The one of two texts that is in this language.
    #[must_use]
    pub const fn pick<'a>(self, en: &'a str, pt_br: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::PtBr => pt_br,
        }
    }

    /// The language that a locale name such as `pt_BR.UTF-8` asks for: Portuguese for any `pt`, else English.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("pt") { Self::PtBr } else { Self::En }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Lang {
    type Err = ();

    fn from_str(tag: &str) -> Result<Self, ()> {
        match tag.to_ascii_lowercase().replace('_', "-").as_str() {
            "en" => Ok(Self::En),
            "pt" | "pt-br" => Ok(Self::PtBr),
            _ => Err(()),
        }
    }
}

/// One text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Brazilian Portuguese.
    #[serde(rename = "pt-BR")]
    pub pt_br: String,
}

impl Text {
    /// The same thing said in both languages.
    pub fn both(en: impl Into<String>, pt_br: impl Into<String>) -> Self {
        Self { en: en.into(), pt_br: pt_br.into() }
    }

    /// What is said in either language.
    pub fn by(say: impl Fn(Lang) -> String) -> Self {
        Self { en: say(Lang::En), pt_br: say(Lang::PtBr) }
    }

    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.pt_br)
    }
}

/// Small letters without accents, which not every keyboard has: what is typed in haste is found too.
#[must_use]
pub fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}
