//! The words of the trade that stand on the screen.

use super::{Phase, Recall, Talk, View};
use crate::course::glossary::{Term, find};

impl Talk {
    /// The terms that are said on the screen, in the order in which they are said.
    #[must_use]
    pub fn terms(&self) -> Vec<&'static Term> {
        let mut said: Vec<&str> = vec![];
        match self.view {
            View::Lesson => {
                let step = self.step();
                said.push(step.text.get(self.lang));
                said.extend(step.choices.iter().map(|choice| choice.get(self.lang)));
                if self.phase == Phase::Done {
                    said.push(step.why.get(self.lang));
                }
            }
            View::Recall => {
                let Some(asked) = self.recall.as_ref().and_then(Recall::asks) else { return vec![] };
                let step = &self.lessons[asked.place.lesson].steps[asked.place.step];
                said.push(step.text.get(self.lang));
                said.extend(step.choices.iter().map(|choice| choice.get(self.lang)));
                said.extend(asked.said.map(|_| step.why.get(self.lang)));
            }
            View::Slides => {
                let Some(show) = &self.presenting else { return vec![] };
                let face = show.slide().face(self.lang);
                said.push(&face.title);
                said.extend(
                    face.blocks.iter().filter(|block| block.from <= show.at.point).flat_map(|block| block.texts()),
                );
            }
            View::Agenda { .. } | View::Failure { .. } => {}
        }
        let mut terms: Vec<&'static Term> = vec![];
        for (_, term) in said.iter().flat_map(|text| find(text, self.lang)) {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        terms
    }
}
