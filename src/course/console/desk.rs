//! The console itself: what it was told, what its person types, and what is to be asked of the talk.

use super::{Asked, Press, SCHEMA, State, Told};
use crate::course::text::{Lang, folded};

/// The longest that can be looked for, in letters.
const LONGEST: usize = 40;

/// Why a console has nothing to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absent {
    /// No talk is given, or none yet.
    NoTalk,
    /// The talk is over.
    Ended,
    /// More than one is given: their process numbers.
    Several(Vec<u32>),
    /// There may be one, but it cannot be reached: why, in words.
    Unreachable(String),
    /// The talk speaks another version of this language.
    Foreign(u32),
}

/// A console.
#[derive(Debug, Clone)]
pub struct Desk {
    /// What the talk told last; none: there is no talk.
    pub told: Option<Told>,
    /// Why there is none.
    pub absent: Absent,
    /// How far the notes are scrolled, in lines.
    pub scroll: usize,
    /// What was typed to find a slide, while one is looked for.
    pub going: Option<String>,
    /// Whether the keys are shown.
    pub help: bool,
    /// The console's own language, if it does not follow the stage's.
    own: Option<Lang>,
    locale: Lang,
}

/// What a key of the console means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    /// This is asked of the talk; while a slide is looked for, Next goes there.
    Press(Press),
    /// Look for a slide, by this so far.
    Look(String),
    /// One letter more of what is looked for; none: one less.
    Find(Option<char>),
    /// Scroll the notes up (negative) or down.
    Scroll(i32),
    /// The other language, on the console alone.
    Language,
    /// Show the keys.
    Help,
    /// Close what covers the console, or the stage.
    Close,
    /// Leave the console; the talk goes on.
    Leave,
}

impl Desk {
    /// A console that no talk has told anything yet. Without a language of its own it follows the stage's.
    #[must_use]
    pub const fn new(own: Option<Lang>, locale: Lang) -> Self {
        Self { told: None, absent: Absent::NoTalk, scroll: 0, going: None, help: false, own, locale }
    }

    /// What is shown of the talk.
    #[must_use]
    pub fn state(&self) -> Option<&State> {
        self.told.as_ref().map(|told| &told.state)
    }

    /// The language shown.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.own.or_else(|| self.state().map(|state| state.lang)).unwrap_or(self.locale)
    }

    /// The talk has told its state; an older one than is known comes too late.
    pub fn hear(&mut self, told: Told) {
        if self.told.as_ref().is_some_and(|known| known.seq >= told.seq) {
            return;
        }
        let place = |state: &State| (state.title.clone(), state.notes.clone());
        if self.state().map(place) != Some(place(&told.state)) {
            self.scroll = 0;
        }
        self.told = Some(told);
    }

    /// There is no talk, for this reason; what was known of one is forgotten.
    pub fn lose(&mut self, absent: Absent) {
        // That it is over is worth more than that there is none.
        if (&self.absent, &absent) != (&Absent::Ended, &Absent::NoTalk) {
            self.absent = absent;
        }
        self.told = None;
        self.going = None;
        self.scroll = 0;
    }

    /// The slide that is looked for: its index.
    #[must_use]
    pub fn found(&self) -> Option<usize> {
        let (typed, slides) = (folded(self.going.as_ref()?), &self.state()?.slides);
        let typed = typed.trim();
        if let Ok(number) = typed.parse::<usize>() {
            return number.checked_sub(1).filter(|slide| *slide < slides.len());
        }
        let says = |word| move |title: &str| title.contains(word);
        let matches = |title: &str| !typed.is_empty() && typed.split_whitespace().all(|word| says(word)(title));
        slides.iter().position(|title| matches(&folded(title.get(self.lang()))))
    }

    /// Does what a key means; gives what is to be asked of the talk.
    pub fn touch(&mut self, touch: Touch) -> Option<Asked> {
        let press = match touch {
            Touch::Press(Press::Next) if self.going.is_some() => {
                let slide = self.found();
                self.going = None;
                Press::GoTo((slide? + 1).to_string())
            }
            Touch::Press(press) => {
                self.help = false;
                press
            }
            Touch::Close if self.going.is_some() || self.help => {
                (self.going, self.help) = (None, false);
                return None;
            }
            Touch::Close => Press::Close,
            other => {
                self.turn(other);
                return None;
            }
        };
        self.told.as_ref().map(|told| Asked { schema: SCHEMA, seen: told.seq, press })
    }

    /// What concerns the console alone.
    fn turn(&mut self, touch: Touch) {
        match touch {
            Touch::Look(typed) if self.told.is_some() => self.going = Some(typed),
            Touch::Find(letter) => {
                let typed = self.going.get_or_insert_default();
                match letter {
                    Some(letter) if typed.chars().count() < LONGEST => typed.push(letter),
                    Some(_) => {}
                    None => drop(typed.pop()),
                }
            }
            Touch::Scroll(lines) => {
                self.scroll = self.scroll.saturating_add_signed(isize::try_from(lines).unwrap_or(0));
            }
            Touch::Language => self.own = Some(self.lang().other()),
            Touch::Help => self.help = !self.help,
            Touch::Look(_) | Touch::Press(_) | Touch::Close | Touch::Leave => {}
        }
    }
}
