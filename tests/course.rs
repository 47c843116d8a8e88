//! The talk as a state machine: what it wants done when this and that happens, with small lessons of its own.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

#[path = "course/acting.rs"]
mod acting;
#[path = "course/any.rs"]
mod any;
#[path = "course/aside.rs"]
mod aside;
#[path = "course/console.rs"]
mod console;
#[path = "course/deck.rs"]
mod deck;
#[path = "course/grade.rs"]
mod grade;
#[path = "course/helping.rs"]
mod helping;
#[path = "course/inspect.rs"]
mod inspect;
#[path = "course/instead.rs"]
mod instead;
#[path = "course/judging.rs"]
mod judging;
#[path = "course/kept.rs"]
mod kept;
#[path = "course/moving.rs"]
mod moving;
#[path = "course/person.rs"]
mod person;
#[path = "course/plan.rs"]
mod plan;
#[path = "course/play.rs"]
mod play;
#[path = "course/practice.rs"]
mod practice;
#[path = "course/recall.rs"]
mod recall;
#[path = "course/slides.rs"]
mod slides;
#[path = "course/stage.rs"]
mod stage;
#[path = "course/tally.rs"]
mod tally;
#[path = "course/telling.rs"]
mod telling;
