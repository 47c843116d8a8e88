//! A bench and a box without a script: what [`crate::course::play`] stands on.
//!
//! The shells, the looks and the journal are the same as a lesson's; there is one step, which asks and does nothing.

use super::super::event::Effect;
use super::super::lesson::{Lesson, OnHost, Restart, SCHEMA, Start, Step};
use super::super::text::{Lang, Text};
use super::{Machine, Phase, Route, Talk, View, index};
use crate::kernel::fact::Side;
use crate::kernel::feature::FeatureSet;

impl Talk {
    /// A talk that nobody leads.
    #[must_use]
    pub(in crate::course) fn without_script(lang: Lang, machine: Machine, size: (u16, u16)) -> Self {
        let mut talk = Self::new(vec![lesson()], lang, Route::Full, machine, None, size);
        talk.view = View::Lesson;
        talk.phase = Phase::Ready;
        talk.run.stands = true;
        talk
    }

    /// Starts the box so, and sets these limits once it runs; with `fresh`, what it wrote, or the bench too, is made anew.
    pub(in crate::course) fn put_box(&mut self, start: Start, fresh: Option<Restart>) -> Vec<Effect> {
        self.shells[index(Side::Inside)].touched = false;
        self.journal_from = self.journal.len();
        match fresh {
            Some(what) => self.restart(what, start),
            None => self.start_box(start),
        }
    }

    /// The box or the bench could not be built: nothing is waited for any more.
    pub(in crate::course) fn box_refused(&mut self) {
        self.run.waits = None;
        self.box_runs = false;
        self.ended = None;
        self.keyboard = self.keyboard.filter(|side| *side != Side::Inside);
    }

    /// Whether a command of the person's still runs inside.
    #[must_use]
    pub fn is_busy_inside(&self) -> bool {
        let shell = &self.shells[index(Side::Inside)];
        self.box_runs && shell.touched && !shell.idle
    }
}

/// A lesson with one step in it.
fn lesson() -> Lesson {
    let step = Step {
        id: "play".to_owned(),
        was: vec![],
        must: true,
        seconds: 0,
        text: Text::default(),
        in_lines: None,
        choices: vec![],
        answer: None,
        acts: vec![],
        expect: vec![],
        see: vec![],
        gauges: false,
        why: Text::default(),
        code: None,
        docker: None,
        page: None,
        load: vec![],
        destroys: false,
        two_ids: false,
        host: OnHost::default(),
    };
    Lesson {
        schema: SCHEMA,
        id: "play".to_owned(),
        was: vec![],
        title: Text::both("play", "play"),
        summary: Text::default(),
        begins_part: None,
        begins_with: FeatureSet::NONE,
        steps: vec![step],
        exercises: vec![],
    }
}
