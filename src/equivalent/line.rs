//! Words as a shell reads them: quoted where they must be, and a long line cut into several.

/// A word as one word for a POSIX shell.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Words, each as one.
pub(super) fn all_quoted<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    words.into_iter().map(|word| quoted(word.as_ref())).collect::<Vec<_>>().join(" ")
}

/// Words in a row, each with this before it.
pub(super) fn each<S: AsRef<str>>(before: &str, words: impl IntoIterator<Item = S>) -> String {
    words.into_iter().fold(String::new(), |all, word| all + before + word.as_ref())
}

/// A command line of a program, what belongs together on a line of its own.
pub(super) struct Line(Vec<String>);

impl Line {
    /// The line begins with these words.
    pub(super) fn of(words: &str) -> Self {
        Self(vec![words.to_owned()])
    }

    /// Words that are no option of ours to quote: they are written as they are.
    pub(super) fn add(&mut self, words: &str) {
        self.0.push(words.to_owned());
    }

    /// The same, where something is wanted.
    pub(super) fn add_if(&mut self, wanted: bool, words: &str) {
        if wanted {
            self.add(words);
        }
    }

    /// What a shell reads, with a line feed.
    pub(super) fn text(&self) -> String {
        format!("{}\n", self.0.join(" \\\n    "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word() {
        assert_eq!(all_quoted(["sh", "-c", "echo it's $1", ""]), r"sh -c 'echo it'\''s $1' ''");
    }
}
