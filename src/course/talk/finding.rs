//! To a slide from anywhere: all of them at a glance, found by number, by words, or with the arrows.

use super::super::event::Effect;
use super::{Overlay, Spot, Talk};

/// The longest that can be looked for, in letters.
const LONGEST: usize = 40;

impl Talk {
    /// Shows all slides, to choose one or to type what is looked for.
    pub(super) fn overview(&mut self, typed: &str) -> Vec<Effect> {
        let Some(show) = &mut self.presenting else { return self.nothing() };
        typed.clone_into(&mut show.typed);
        show.chosen = if typed.is_empty() { show.at.slide } else { 0 };
        self.cover(Overlay::Overview);
        Vec::new()
    }

    /// One letter more of what is looked for; none: one less.
    pub(super) fn type_to_find(&mut self, letter: Option<char>) -> Vec<Effect> {
        if self.overlay != Some(Overlay::Overview) {
            return self.nothing();
        }
        if let Some(show) = &mut self.presenting {
            match letter {
                Some(letter) if show.typed.chars().count() < LONGEST => show.typed.push(letter),
                Some(_) => {}
                None => drop(show.typed.pop()),
            }
            show.chosen = 0;
        }
        Vec::new()
    }

    /// Another of the slides found.
    pub(super) fn choose_slide(&mut self, lines: i32) {
        let lang = self.lang;
        let Some(show) = &mut self.presenting else { return };
        let last = show.deck.search(&show.typed, lang).len().saturating_sub(1);
        let by = isize::try_from(lines).unwrap_or(0);
        show.chosen = show.chosen.saturating_add_signed(by).min(last);
    }

    /// The slide that is chosen in the overview.
    #[must_use]
    pub fn chosen_slide(&self) -> Option<usize> {
        let show = self.presenting.as_ref()?;
        show.found(self).get(show.chosen).copied()
    }

    /// The slide with this number or id.
    pub(super) fn slide_named(&self, name: &str) -> Option<Spot> {
        let slides = &self.presenting.as_ref()?.deck.slides;
        let numbered = name.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let slide = slides.iter().position(|slide| slide.id == name).or(numbered)?;
        (slide < slides.len()).then_some(Spot { slide, point: 0 })
    }

    /// Goes to the slide that is chosen.
    pub(super) fn go_to_chosen(&mut self) -> Vec<Effect> {
        match self.chosen_slide() {
            Some(slide) => self.show_slide(Spot { slide, point: 0 }),
            // A clicker has no Esc: with nothing to go to, Next stays where one was.
            None => self.close(),
        }
    }
}
