//! The talk on a session on paper: what a person does, in any order and at any moment, and where it leads.

mod output;
mod paper;
mod patience;
mod walking;
