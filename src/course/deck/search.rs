//! Finding a slide by its number or by words that stand on it.

use super::Deck;
use crate::course::text::{Lang, folded};

impl Deck {
    /// The slides that a person means who typed this: by number, else those that have all the words, first those whose
    /// title has them as they are typed; else in talk order.
    #[must_use]
    pub fn search(&self, typed: &str, lang: Lang) -> Vec<usize> {
        let typed = folded(typed);
        let words: Vec<&str> = typed.split_whitespace().collect();
        if let Some(number) =
            typed.trim().parse::<usize>().ok().filter(|number| (1..=self.slides.len()).contains(number))
        {
            return vec![number - 1];
        }
        let says = |slide: usize, word: &str| self.said(slide, lang).contains(word);
        let found = (0..self.slides.len()).filter(|slide| words.iter().all(|word| says(*slide, word)));
        let mut found: Vec<usize> = found.collect();
        let phrase = words.join(" ");
        found.sort_by_key(|slide| !folded(&self.slides[*slide].face(lang).title).contains(&phrase));
        found
    }

    /// All that stands on a slide, folded.
    fn said(&self, slide: usize, lang: Lang) -> String {
        let slide = &self.slides[slide];
        let face = slide.face(lang);
        let mut said = vec![slide.id.as_str(), self.chapters[slide.chapter].get(lang), &face.title];
        said.extend(face.blocks.iter().flat_map(super::Block::texts));
        folded(&said.join(" "))
    }
}
