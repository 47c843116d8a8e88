//! What was seen of a step, taken from the talk at its end: the looks, the marks, the calls, and what the shells printed.

use std::collections::BTreeSet;

use crate::course::event::Ended;
use crate::course::expect::plain;
use crate::course::lesson::Page;
use crate::course::script::script;
use crate::course::talk::Talk;
use crate::course::{Call, Fact, Side, Snapshot};

/// What the shells outside and inside show on the line of their cursor: their prompts, while they wait.
pub type Prompts = [String; 2];

/// What was seen of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The look at its end.
    pub now: Snapshot,
    /// The facts that it changed, each with the side on which that shows.
    pub changed: BTreeSet<(Fact, Side)>,
    /// What the shells outside and inside printed, as text.
    pub printed: [String; 2],
    /// Their prompts: what stands behind one in a line was typed.
    pub prompts: Prompts,
    /// The system calls that were made.
    pub calls: Vec<Call>,
    /// The call that says most; it may be an earlier step's.
    pub telling: Option<Call>,
    /// How the box's first process ended, if none runs.
    pub ended: Option<Ended>,
    /// The container as a shell script, where the step closes with it.
    pub script: Option<Vec<String>>,
}

impl Seen {
    /// What stands on the line of each shell's cursor, before a step acts: the line that is typed goes behind it.
    #[must_use]
    pub fn prompts(talk: &Talk) -> Prompts {
        [0, 1].map(|at: usize| {
            let screen = talk.shells[at].terminal.screen();
            let (row, column) = screen.cursor_position();
            screen.contents_between(row, 0, row, column)
        })
    }

    /// What the talk shows at the end of a step; `prompts` is what its shells showed before it acted.
    #[must_use]
    pub fn of(talk: &Talk, prompts: &Prompts) -> Self {
        let after = Self::prompts(talk);
        let printed = [0, 1].map(|at: usize| transcript(&talk.shells[at].since, &prompts[at], &after[at]));
        // A shell that is busy shows no prompt.
        let prompts = [0, 1].map(|at: usize| if talk.shells[at].idle { &after[at] } else { &prompts[at] }.clone());
        let marked =
            |side| talk.changed.iter().filter(move |fact| talk.changed_on(side, **fact)).map(move |fact| (*fact, side));
        Self {
            now: talk.now.clone(),
            changed: [Side::Outside, Side::Inside].into_iter().flat_map(marked).collect(),
            printed,
            prompts,
            calls: talk.journal.get(talk.journal_from..).unwrap_or_default().to_vec(),
            telling: talk.telling().cloned(),
            ended: talk.ended.filter(|_| !talk.box_runs),
            script: (talk.step().page == Some(Page::Script)).then(|| script(&talk.journal, talk.lang)),
        }
    }
}

/// What a shell printed, behind the prompt that stood there before, and without the one at which it waits after.
fn transcript(bytes: &[u8], prompt: &str, after: &str) -> String {
    let printed = plain(bytes);
    if printed.trim().is_empty() {
        return String::new();
    }
    // A shell that was started anew has printed its prompt itself.
    let goes_on = !prompt.is_empty() && !printed.starts_with(prompt.trim_end());
    let whole = if goes_on { format!("{prompt}{printed}") } else { printed };
    let waits = |line: &&str| line.trim_end() == after.trim_end();
    let lines: Vec<&str> = whole.trim_end().lines().collect();
    let end = lines.len() - usize::from(lines.last().is_some_and(waits));
    lines[..end].join("\n")
}

#[cfg(test)]
mod tests {
    fn transcript(bytes: &[u8], prompt: &str) -> String {
        super::transcript(bytes, prompt, prompt)
    }

    #[test]
    fn a_line_stands_behind_the_prompt_that_was_there() {
        assert_eq!(transcript(b"hostname\r\nbench\r\noutside# ", "outside# "), "outside# hostname\nbench");
        assert_eq!(transcript(b"inside# ps\r\nPID\r\ninside# ", "inside# "), "inside# ps\nPID", "a new shell");
        assert_eq!(transcript(b"", "inside# "), "", "nothing was typed");
        assert_eq!(super::transcript(b"\r\n", "inside# ", ""), "", "the box is gone");
        assert_eq!(super::transcript(b"inside# ps\r\nPID\r\ninside# ", "", "inside# "), "inside# ps\nPID", "the first");
        assert_eq!(transcript(b"\x1b[31mred\x1b[0m\r\nab\x08c\r\n", ""), "red\nac", "as on the screen");
        assert_eq!(transcript(b"sleep 9\r\n", "inside# "), "inside# sleep 9", "it still runs");
    }
}
