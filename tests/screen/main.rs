//! The screen, looked at as text: every screen in every phase, both languages, all sizes.

mod show;
mod talks;
