//! A talk that plays recordings, where the machine refuses.

use unha::course::event::{Action, Cause, Effect, Event, Failure, NO_CGROUP, Names};
use unha::course::recording::embedded;
use unha::course::talk::{Machine, Notice, Phase, Place, Route, Talk, View};
use unha::course::text::Lang;
use unha::course::way::{Way, chosen, ways};
use unha::course::{Call, Side};
use unha::kernel::reason::{Because, Reason};

use super::{course, shelf};

/// A talk on the lessons of the program, and the time.
struct Room {
    talk: Talk,
    clock: u64,
}

impl Room {
    fn new(lang: Lang) -> Self {
        let machine = Machine {
            root: false,
            namespaces: Ok(()),
            cgroup: Err(Because::seen(Reason::CgroupV1, [])),
            rootfs: Ok(()),
        };
        let mut talk = Talk::new(shelf(), lang, Route::Full, machine, None, (80, 24));
        talk.shelf = embedded;
        Self { talk, clock: 0 }
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        self.clock += 300;
        self.talk.update(Event::Tick(self.clock));
        self.talk.update(Event::Action(action))
    }

    /// The bench cannot be built.
    fn refuse(&mut self) -> Vec<Effect> {
        self.talk.update(Event::StageFailed(Failure {
            call: Some(Call { name: "unshare".into(), args: vec![], result: Err("EPERM".into()) }),
            before: vec![],
            message: "EPERM".into(),
            seen: vec![],
            cause: Cause::Reason(Reason::SeccompFilter),
        }))
    }

    /// The bench stands, and the box in it, without a cgroup.
    fn build(&mut self) -> Vec<Effect> {
        let names: Names = [(NO_CGROUP.to_owned(), "none here".to_owned())].into();
        self.talk.update(Event::BenchReady(names.clone()));
        self.talk.update(Event::BoxStarted(names))
    }

    /// In a lesson on a machine that refuses everything, and on with the recording.
    fn recorded(lang: Lang, lesson: &str) -> Self {
        let mut room = Self::new(lang);
        room.act(Action::GoTo(lesson.into()));
        room.refuse();
        room.act(Action::Next);
        room
    }

    /// Tells what is played; what the talk wants done meanwhile nobody does.
    fn play(&mut self, effects: Vec<Effect>) {
        let began = self.clock;
        for effect in effects {
            let Effect::Play(moments) = effect else { continue };
            for moment in moments {
                self.clock = began + moment.t;
                self.talk.update(Event::Tick(self.clock));
                let wanted = self.talk.update(moment.event);
                assert!(wanted.iter().all(|effect| matches!(effect, Effect::SaveProgress)), "{wanted:?}");
            }
        }
    }

    /// Does the step at hand, to its end.
    fn does(&mut self) {
        let step = self.talk.step().clone();
        assert!(self.talk.recorded.is_some() && self.talk.stands_open(), "{}", step.id);
        if let Some(answer) = step.answer {
            assert_eq!(self.talk.phase, Phase::Ask, "{}", step.id);
            self.act(Action::Choose(answer));
        }
        assert_eq!(self.talk.phase, Phase::Ready, "{}", step.id);
        let effects = self.act(Action::Next);
        let plays = effects.iter().filter(|effect| matches!(effect, Effect::Play(_))).count();
        assert_eq!(plays, usize::from(!step.acts.is_empty()), "{}: {effects:?}", step.id);
        self.play(effects);
        let missing = self.talk.missing(self.talk.lang);
        assert_eq!(self.talk.phase, Phase::Done, "{}: {missing:?}", step.id);
    }

    /// Goes on from a step that is done, past a closing page.
    fn goes_on(&mut self) -> Vec<Effect> {
        let here = self.talk.at;
        let mut effects = self.act(Action::Next);
        if self.talk.at == here && self.talk.overlay.is_some() {
            effects = self.act(Action::Next);
        }
        effects
    }
}

#[test]
fn all_lessons_are_walked_and_asked_for_once() {
    for lang in Lang::ALL {
        let mut room = Room::new(lang);
        room.act(Action::Next);
        room.refuse();
        assert_eq!(chosen(&room.talk), Some(Way::Recorded), "Enter goes on with the recording");
        assert_eq!(room.talk.next_does(Lang::En), "go on with the recording");
        let effects = room.act(Action::Next);
        assert!(effects.contains(&Effect::Rest), "{effects:?}");
        let lessons = shelf();
        for (index, lesson) in lessons.iter().enumerate() {
            for step in 0..lesson.steps.len() {
                assert_eq!(room.talk.at, Place { lesson: index, step });
                room.does();
                let effects = room.goes_on();
                let built = effects.iter().any(|effect| matches!(effect, Effect::Restart(..)));
                let next = step + 1 == lesson.steps.len() && index + 1 < lessons.len();
                assert_eq!(built, next, "each lesson is tried anew, each step is not: {effects:?}");
                if built {
                    assert!(room.talk.recorded.is_none());
                    assert!(room.refuse().contains(&Effect::Rest), "nobody is asked again");
                }
            }
        }
        assert!(matches!(room.talk.view, View::Agenda { .. }));
        assert_eq!(room.talk.done.len(), lessons.iter().map(|lesson| lesson.steps.len()).sum::<usize>());
    }
}

#[test]
fn the_learner_cannot_reach_into_a_recording() {
    let mut room = Room::recorded(Lang::En, "uts");
    for action in [Action::Keyboard, Action::Stray, Action::Knob(1)] {
        assert!(room.act(action).is_empty());
        assert_eq!((room.talk.keyboard, &room.talk.notice), (None, &Some(Notice::Recorded)));
    }
    // The first time a hint says what is waited for, the second time it would be typed.
    room.act(Action::Hint);
    assert!(matches!(room.talk.notice, Some(Notice::Waiting(_))));
    assert!(room.act(Action::Hint).is_empty());
    assert_eq!(room.talk.notice, Some(Notice::Recorded));
    assert_eq!(room.talk.step().id, "switch-on");
    room.does();
}

#[test]
fn one_goes_back_and_begins_again_as_often_as_one_likes() {
    let mut room = Room::recorded(Lang::En, "uts");
    room.does();
    room.goes_on();
    room.does();
    let shown = room.talk.shells[1].terminal.screen().contents();
    assert!(shown.contains("yabadabadoo"), "{shown}");
    let effects = room.act(Action::Back);
    assert!(effects.contains(&Effect::Rest), "what was left of the act is told no more: {effects:?}");
    assert_eq!(room.talk.step().id, "switch-on");
    assert!(!room.talk.shells[1].terminal.screen().contents().contains("yabadabadoo"));
    // Answered already: the step opens ready.
    let effects = room.act(Action::Next);
    room.play(effects);
    assert_eq!(room.talk.phase, Phase::Done);
    assert!(room.act(Action::Fresh).contains(&Effect::Rest));
    assert_eq!((room.talk.step().id.as_str(), room.talk.phase), ("switch-on", Phase::Ready));
    // An act that is broken off half way begins anew too.
    let effects = room.act(Action::Next);
    let Some(Effect::Play(moments)) = effects.into_iter().find(|effect| matches!(effect, Effect::Play(_))) else {
        panic!("nothing is played")
    };
    for moment in moments.into_iter().take(5) {
        room.talk.update(moment.event);
    }
    room.act(Action::Fresh);
    let effects = room.act(Action::Next);
    room.play(effects);
    assert_eq!(room.talk.phase, Phase::Done);
}

#[test]
fn the_next_step_speaks_the_language_that_was_switched_to() {
    let mut room = Room::recorded(Lang::En, "uts");
    room.does();
    room.act(Action::Language);
    room.goes_on();
    let shown = room.talk.shells[1].terminal.screen().contents();
    assert!(shown.contains("dentro#") && !shown.contains("inside#"), "{shown}");
    room.does();
}

#[test]
fn a_lesson_that_can_run_runs() {
    let mut room = Room::recorded(Lang::En, "nothing");
    for _ in 0..course()[0].steps.len() {
        room.does();
        room.goes_on();
    }
    assert!(room.talk.rebuilding, "the next lesson is tried on the machine");
    room.build();
    assert_eq!((room.talk.recorded.as_ref(), room.talk.at.lesson, room.talk.view), (None, 1, View::Lesson));
    assert!(room.talk.journal.is_empty(), "the journal is this machine's");
    assert!(!room.act(Action::Keyboard).iter().any(|effect| matches!(effect, Effect::Play(_))));
    assert!(room.talk.keyboard.is_some());
}

#[test]
fn only_the_steps_that_need_limits_are_played_where_there_are_none() {
    let mut room = Room::new(Lang::En);
    room.act(Action::GoTo("cgroup/folder".into()));
    room.build();
    assert!(room.talk.recorded.is_none(), "nobody has asked for it yet");
    room.act(Action::Choose(2));
    room.act(Action::Next);
    assert_eq!(chosen(&room.talk), Some(Way::Recorded));
    room.act(Action::Next);
    assert_eq!((room.talk.step().id.as_str(), room.talk.phase), ("folder", Phase::Ready), "the answer is kept");
    let effects = room.act(Action::Next);
    room.play(effects);
    assert_eq!(room.talk.phase, Phase::Done);
    // Later, and not asked again: the step that needs limits opens as it was recorded, the one that does not runs.
    room.act(Action::GoTo("rootfs".into()));
    room.build();
    assert!(room.talk.recorded.is_none());
    room.act(Action::GoTo("cgroup/no-limit".into()));
    room.build();
    assert!(room.talk.recorded.is_none());
    room.act(Action::Choose(2));
    room.act(Action::Next);
    assert_eq!(room.talk.phase, Phase::Done);
    room.goes_on();
    assert!(room.talk.recorded.is_some() && room.talk.view == View::Lesson);
}

#[test]
fn a_load_that_is_refused_can_be_seen_as_it_was_recorded() {
    let mut room = Room::new(Lang::En);
    let limits: Names = [("pids".to_owned(), "/x".to_owned()), ("memory".to_owned(), "/x".to_owned())].into();
    room.act(Action::GoTo("cgroup/memory".into()));
    room.talk.update(Event::BenchReady(limits.clone()));
    room.talk.update(Event::BoxStarted(limits));
    for _ in 0..40 {
        if !room.talk.rebuilding {
            break;
        }
        for side in [Side::Outside, Side::Inside] {
            room.talk.update(Event::Typed(side));
            room.talk.update(Event::ShellIdle(side, true));
        }
    }
    room.act(Action::Choose(3));
    room.act(Action::Next);
    room.talk.update(Event::ShellIdle(Side::Inside, true));
    assert_eq!(room.talk.phase, Phase::Doing);
    room.talk.update(Event::LoadRefused("Memory: no limit is in force".into()));
    assert!(matches!(room.talk.view, View::Failure { .. }));
    assert!(ways(&room.talk).contains(&Way::Recorded));
    room.act(Action::Next);
    assert!(room.talk.recorded.is_some());
    let effects = room.act(Action::Next);
    room.play(effects);
    assert_eq!(room.talk.phase, Phase::Done);
}

#[test]
fn without_a_recording_nothing_is_offered() {
    let mut room = Room::new(Lang::En);
    room.talk.shelf = unha::course::recording::none;
    room.act(Action::Next);
    room.refuse();
    assert_eq!(room.talk.view, View::Failure { chosen: 0 });
    assert_eq!(ways(&room.talk), [Way::Skip, Way::Again, Way::Help, Way::Agenda]);
}
