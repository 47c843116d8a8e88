//! What of the source and of the journal says most about the step at hand.

use super::super::lesson::Code;
use super::Talk;
use crate::kernel::journal::Call;

impl Talk {
    /// The piece of source that was last shown in this lesson: the step's own, or one before.
    #[must_use]
    pub fn taught(&self) -> Option<&Code> {
        self.lesson().steps.iter().take(self.at.step + 1).rev().find_map(|step| step.code.as_ref())
    }

    /// The call that says most, of the step's if it made any: what its source is about, or a refused one. A box that is built
    /// anew makes many; where none of them has to do with the step, none is shown.
    #[must_use]
    pub fn telling(&self) -> Option<&Call> {
        let own = self.journal.get(self.journal_from..).unwrap_or_default();
        let anchor = self.taught_call();
        // What was not tidied away at once is tried again, and teaches nothing.
        let telling_failure = |call: &Call| call.failed() && call.name != "rmdir";
        let score = |call: &&Call| 4 * likeness(call, anchor) + usize::from(telling_failure(call));
        // max_by_key gives the last of equals.
        if own.is_empty() {
            // A step with source of its own will make its call; what the bench did alike would only mislead.
            if self.step().code.is_some() {
                return None;
            }
            // Of earlier calls only what the source is about has to do with the step.
            return self.journal.iter().max_by_key(score).filter(|call| likeness(call, anchor) > 0);
        }
        // A limit is set live by one of these alone; and the last calls of a box may be heard of late.
        let live = |call: &Call| ["write", "sendto", "bpf"].contains(&call.name.as_str());
        let builds = own.iter().any(|call| call.name == "execve");
        own.iter().max_by_key(score).filter(|call| score(call) > 0 || !builds && live(call))
    }

    /// What a call has in common with the source that was last shown; a profile in JSON makes none.
    fn taught_call(&self) -> &str {
        let shown = self.lesson().steps.iter().take(self.at.step + 1).rev().filter_map(|step| step.code.as_ref());
        let mut source = shown.filter(|code| code.call.is_some() || code.file.rsplit('.').next() == Some("rs"));
        source.next().map(|code| code.call.as_ref().unwrap_or(&code.anchor).as_str()).unwrap_or_default()
    }
}

/// How much of a call stands in the source.
fn likeness(call: &Call, anchor: &str) -> usize {
    // Ours are named in Rust's way: `set_hostname` makes sethostname(2).
    if !anchor.contains(&call.name) && !anchor.replace('_', "").contains(&call.name) {
        return 0;
    }
    let words = call.args.iter().flat_map(|arg| arg.split('|')).filter(|word| {
        let word = word.trim_matches('"');
        let word = word.rsplit('/').next().unwrap_or(word);
        word.len() > 2 && anchor.contains(word)
    });
    1 + words.count()
}
