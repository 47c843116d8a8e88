//! Lessons as data: how broken ones are refused, what is found wrong in those that can be read, and how their
//! expectations are judged.

#[path = "lesson/expect.rs"]
mod expect;
#[path = "lesson/parse.rs"]
mod parse;
#[path = "lesson/proof.rs"]
mod proof;
