//! A recipe's template, filled in: one language of its two, and the program.
//!
//! In a template `#en` and `#pt` (`//en`, `//pt` in JSON) begin a remark in that language, or end a line that is for it
//! alone. `@name@` is a word to be filled in, and a line with `@program@` and no more is the program.

use super::Kind;
use super::program::Program;
use crate::course::text::Lang;

/// So many letters of the program on a line: some editors and builders take no long lines.
const LINE: usize = 120;

/// So many on one argument of a command: execve(2) takes 128 KiB and no more.
const ARGUMENT: usize = 100 * 1000 / LINE * LINE;

/// So many such arguments in one command: execve(2) takes 2 MiB together, the environment with them.
const ARGUMENTS: usize = 10;

/// The recipe as it is printed.
pub(super) fn fill(kind: &Kind, program: &Program, lang: Lang) -> String {
    let mut text = String::with_capacity(program.packed.len() * 5 / 4);
    for line in kind.template.lines().filter_map(|line| in_lang(line, lang)) {
        let indent = &line[..line.len() - line.trim_start().len()];
        if line.trim_start() == "@program@" {
            lay_out(&program.packed, kind.file, indent, &mut text);
        } else {
            text.push_str(&fill_in(&line, kind, program, lang));
            text.push('\n');
        }
    }
    text
}

/// The line, if it is for this language, without the mark that says so.
fn in_lang(line: &str, lang: Lang) -> Option<String> {
    for (mark, of) in [("en", Lang::En), ("pt", Lang::PtBr)] {
        let (trimmed, begin) = (line.trim_start(), line.len() - line.trim_start().len());
        for sign in ["#", "//"] {
            if let Some(remark) = trimmed.strip_prefix(sign).and_then(|rest| rest.strip_prefix(mark))
                && (remark.is_empty() || remark.starts_with(' '))
            {
                return (of == lang).then(|| format!("{}{sign}{remark}", &line[..begin]));
            }
        }
        if let Some(rest) = line.strip_suffix(&format!(" #{mark}")) {
            return (of == lang).then(|| rest.to_owned());
        }
    }
    Some(line.to_owned())
}

fn fill_in(line: &str, kind: &Kind, program: &Program, lang: Lang) -> String {
    let mut line = line.replace("@arch@", program.arch.name()).replace("@debian@", program.arch.debian());
    for (name, value) in kind.words {
        let name = format!("@{name}@");
        if let Some(at) = line.find(&name) {
            // A remark of several lines: each begins as the first does.
            let sign = line.split(' ').next().unwrap_or_default().to_owned();
            let value = lang.pick(value[0], value[1]).replace('\n', &format!("\n{sign} "));
            line.replace_range(at..at + name.len(), &value);
        }
    }
    line
}

/// The program in the way that the format takes.
fn lay_out(packed: &str, file: &str, indent: &str, text: &mut String) {
    // ASCII throughout, so any byte is a border between letters.
    let lines = |packed: &str| -> Vec<String> {
        packed.as_bytes().chunks(LINE).map(|line| String::from_utf8_lossy(line).into_owned()).collect()
    };
    match file {
        "Dockerfile" => {
            for command in packed.as_bytes().chunks(ARGUMENT * ARGUMENTS).map(String::from_utf8_lossy) {
                text.push_str("RUN [\"/bin/sh\", \"-c\", \"printf %s \\\"$@\\\" >> /unha.b64\", \"sh\"");
                for argument in command.as_bytes().chunks(ARGUMENT).map(String::from_utf8_lossy) {
                    text.push_str(", \"\\\n");
                    text.push_str(&lines(&argument).join("\\\n"));
                    text.push_str("\\\n\"");
                }
                text.push_str("]\n");
            }
        }
        "devcontainer.json" => {
            let quoted: Vec<String> = lines(packed).into_iter().map(|line| format!("{indent}\"{line}\"")).collect();
            text.push_str(&quoted.join(",\n"));
            text.push('\n');
        }
        _ => {
            for line in lines(packed) {
                text.push_str(indent);
                text.push_str(&line);
                text.push('\n');
            }
        }
    }
}
