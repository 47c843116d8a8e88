//! The screen, looked at as text: every screen in every phase, both languages, all sizes.

mod console;
mod hands;
mod inspect;
mod inspected;
mod keys;
mod lines;
mod pictures;
mod play;
mod recall;
mod script;
mod show;
mod sizes;
mod slides;
mod talks;
mod themes;
