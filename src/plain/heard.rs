//! What the shells said, as whole lines: which side, what was typed, what was printed.
//!
//! A shell writes to a terminal; here its bytes become plain lines, escape sequences carried out or dropped. What is too
//! long to be listened to is cut in the middle, and that is said.

use std::collections::VecDeque;

use crate::course::Side;
use crate::course::expect::{PROMPTS, plain, prompt_at};
use crate::course::text::Lang;
use crate::course::words;

/// So many lines of what one command prints are said, and so many at its end.
const FIRST: usize = 400;
const LAST: usize = 20;
/// And so many of what is printed while nobody asks for anything, as a command in the background does.
const UNASKED: usize = 10;
/// A line that grows longer than this without an end is ended.
const LONGEST: usize = 16 * 1024;
/// Of a line so many letters are said.
const LETTERS: usize = 2000;

/// Who wrote a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A command: it is output.
    Command,
    /// The course, which types.
    Course,
    /// The person, who typed.
    Person,
}

/// What one side said in one go.
struct Said {
    side: Side,
    by: By,
    /// Whether it was the one shell that there is by hand, whichever side it has come to.
    alone: bool,
    first: Vec<String>,
    left_out: usize,
    last: VecDeque<String>,
}

/// What the shells said and nobody was told yet.
#[derive(Default)]
pub struct Heard {
    said: Vec<Said>,
    /// Whether there is one shell, and no side to tell it by.
    pub alone: bool,
    /// The line that each shell is at: outside, inside.
    lines: [Vec<u8>; 2],
    /// Whether each has ended a line since it was sent one: before that, its prompt is the old one.
    answers: [bool; 2],
}

const fn index(side: Side) -> usize {
    match side {
        Side::Inside => 1,
        Side::Outside | Side::Machine => 0,
    }
}

impl Heard {
    /// Takes in what a shell wrote; `by` tells who wrote a line behind a prompt: it may be output of a command
    /// in the background.
    pub fn hear(&mut self, side: Side, bytes: &[u8], by: &dyn Fn(&str) -> By) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = &mut self.lines[index(side)];
            line.extend_from_slice(part);
            if part.ends_with(b"\n") || line.len() > LONGEST {
                let line = std::mem::take(line);
                self.answers[index(side)] = true;
                self.line(side, &line, by);
            }
        }
    }

    /// A new shell is there, or what stands at its prompt is known otherwise.
    pub fn begin(&mut self, side: Side, line: &str) {
        self.lines[index(side)] = line.as_bytes().to_vec();
    }

    fn line(&mut self, side: Side, bytes: &[u8], by: &dyn Fn(&str) -> By) {
        let text: String = plain(bytes).trim_end().chars().take(LETTERS).collect();
        let mut line = text.as_str();
        let mut behind_prompt = false;
        while let Some(rest) = PROMPTS.iter().find_map(|prompt| line.strip_prefix(prompt)) {
            (line, behind_prompt) = (rest.trim_start(), true);
        }
        // A key that was pressed stands in the terminal's answer, but nobody has printed it.
        let by = if behind_prompt { by(line) } else { By::Command };
        if behind_prompt && line.is_empty() || ["^C", "^D"].contains(&line) {
            return;
        }
        let goes_on = self.said.last().is_some_and(|said| said.side == side && [said.by, by] == [By::Command; 2]);
        if !goes_on {
            self.said.push(Said { side, by, alone: self.alone, first: vec![], left_out: 0, last: VecDeque::new() });
        }
        let Some(said) = self.said.last_mut() else { return };
        if said.first.len() < FIRST {
            said.first.push(line.to_owned());
            return;
        }
        said.last.push_back(line.to_owned());
        if said.last.len() > LAST {
            said.last.pop_front();
            said.left_out += 1;
        }
    }

    /// Whether what a shell has printed since its last line ends in its prompt.
    pub fn ends_in_prompt(&self, side: Side) -> bool {
        let line = plain(&self.lines[index(side)]);
        self.answers[index(side)] && PROMPTS.iter().any(|prompt| line.trim_end().ends_with(prompt))
    }

    /// A line is sent to a shell.
    pub fn sent(&mut self, side: Side) {
        self.answers[index(side)] = false;
    }

    /// Whether there is something to tell.
    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// Forgets what was not told.
    pub fn forget(&mut self) {
        self.said.clear();
    }

    /// Tells it; what the person typed only if it `echoes`, and of what nobody asked for only the beginning and the end.
    pub fn tell(&mut self, lang: Lang, echoes: bool, asked: bool) -> Vec<String> {
        let said = std::mem::take(&mut self.said).into_iter().filter(|said| echoes || said.by != By::Person);
        said.flat_map(|said| if asked { said } else { said.shortened() }.told(lang)).collect()
    }

    /// Takes what stands before a prompt on its line, or without an end where none came, for a line.
    pub fn settle(&mut self) {
        for side in [Side::Outside, Side::Inside] {
            let line = plain(&self.lines[index(side)]);
            let end = prompt_at(line.as_bytes()).unwrap_or(line.len());
            if line[..end].trim().is_empty() {
                continue;
            }
            self.line(side, &line.as_bytes()[..end], &|_| By::Command);
            self.lines[index(side)] = line.as_bytes()[end..].to_vec();
        }
    }
}

impl Said {
    fn shortened(mut self) -> Self {
        if self.first.len() > UNASKED {
            let rest = self.first.split_off(UNASKED);
            self.left_out += rest.len() + self.last.len();
            self.last = self.last.pop_back().or(rest.last().cloned()).into_iter().collect();
            self.left_out -= self.last.len();
        }
        self
    }

    fn told(mut self, lang: Lang) -> Vec<String> {
        let begins = self.first.iter().position(|line| !line.is_empty()).unwrap_or(self.first.len());
        self.first.drain(..begins);
        if self.last.is_empty() {
            let ends = self.first.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
            self.first.truncate(ends);
        }
        if self.first.is_empty() {
            return vec![];
        }
        let (prints, typed) = (lang.pick("prints", "mostra"), lang.pick("Typed", "Digitado"));
        let begins = match (self.by, self.alone) {
            (By::Command, true) => format!("{} {prints}", lang.pick("The shell", "O shell")),
            (By::Command, false) => format!("{} {prints}", sentence_side(self.side, lang)),
            (_, true) => typed.to_owned(),
            (_, false) => format!("{typed} {}", words::side(self.side, lang).to_lowercase()),
        };
        if let ([line], 0) = (&self.first[..], self.last.len()) {
            return vec![format!("{begins}: {}", line.trim_start())];
        }
        let count = self.first.len() + self.left_out + self.last.len();
        let mut told = vec![format!("{begins} {count} {}:", lang.pick("lines", "linhas"))];
        let indented = |line: &String| if line.is_empty() { String::new() } else { format!("  {line}") };
        told.extend(self.first.iter().map(indented));
        if self.left_out > 0 {
            told.push(match lang {
                Lang::En => format!("({} lines are left out here)", self.left_out),
                Lang::PtBr => format!("({} linhas ficam de fora aqui)", self.left_out),
            });
        }
        told.extend(self.last.iter().map(indented));
        told
    }
}

/// A side at the beginning of a sentence: `Inside`, `Fora`.
pub fn sentence_side(side: Side, lang: Lang) -> String {
    let word = words::side(side, lang);
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_string() + &letters.as_str().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8], echoes: bool) -> Vec<String> {
        let mut heard = Heard::default();
        heard.hear(Side::Inside, bytes, &|line| match line {
            "ps" => By::Person,
            "id" => By::Course,
            _ => By::Command,
        });
        heard.settle();
        heard.tell(Lang::En, echoes, true)
    }

    #[test]
    fn a_shell_is_told_as_what_was_typed_and_what_it_prints() {
        assert_eq!(told(b"inside# ps\r\nPID\r\ninside# ", true), ["Typed inside: ps", "Inside prints: PID"]);
        assert_eq!(told(b"inside# ps\r\nPID\r\ninside# ", false), ["Inside prints: PID"], "who typed it has seen it");
        assert_eq!(told(b"inside# id\r\n0\r\n", false), ["Typed inside: id", "Inside prints: 0"], "the course did");
        assert_eq!(told(b"\r\n  b\r\n\r\n", true), ["Inside prints: b"], "without the air around it");
        assert_eq!(told(b"a\r\n  b\r\n", true), ["Inside prints 2 lines:", "  a", "    b"]);
        assert_eq!(told(b"inside# oops\r\n", true), ["Inside prints: oops"], "a command in the background");
        assert_eq!(told(b"abcinside# ", true), ["Inside prints: abc"], "no end of line");
        assert_eq!(told(b"abcinside# p", true), ["Inside prints: abc"], "and half a word that is typed behind it");
        assert_eq!(told(b"name? ", true), ["Inside prints: name?"], "a question");
        assert_eq!(told(b"inside# \r\n^C\r\n\r\ninside# ", true), [""; 0], "nothing");
    }

    #[test]
    fn no_escape_sequence_is_passed_on() {
        assert_eq!(told(b"\x1b[31mred\x1b[0m \x07\xc2\x9b2J\r\n", true), ["Inside prints: red 2J"]);
        assert_eq!(told(b"10%\r20%\r100%\r\n", true), ["Inside prints: 100%"], "as a terminal shows it in the end");
    }

    #[test]
    fn what_is_too_long_is_cut_in_the_middle_and_that_is_said() {
        let all = (1..=1000).map(|n| n.to_string()).collect::<Vec<_>>().join("\r\n") + "\r\n";
        let said = told(all.as_bytes(), true);
        assert_eq!(said.len(), 1 + FIRST + 1 + LAST);
        assert_eq!(said[0], "Inside prints 1000 lines:");
        assert_eq!(said[FIRST + 1], "(580 lines are left out here)");
        assert_eq!(said.last().unwrap(), "  1000");
        let mut heard = Heard::default();
        heard.hear(Side::Outside, all.as_bytes(), &|_| By::Command);
        let said = heard.tell(Lang::PtBr, true, false);
        assert_eq!(said.len(), 1 + UNASKED + 1 + 1, "nobody asked for it");
        assert_eq!(said[UNASKED + 1..], ["(989 linhas ficam de fora aqui)", "  1000"]);
        let endless = told(&vec![b'x'; 10 * LONGEST], true);
        assert!(endless.iter().all(|line| line.len() <= LETTERS + 100), "{}", endless.len());
    }
}
