//! Every line that a lesson types or offers to type and every box that it starts, for somebody who has to agree to it.
//!
//! Nothing in it may hide anything: signs that move the cursor or turn the writing round are spelled out.

use std::fmt::Write as _;

use crate::course::exercise::Exercise;
use crate::course::lesson::{Act, Lesson, Restart, Start};
use crate::course::text::Lang;
use crate::kernel::fact::Side;

/// What a lesson types and starts, step by step.
pub fn of(file: &str, lesson: &Lesson, lang: Lang) -> String {
    let mut said = format!("\n{} · {} {}\n", plain(file), lang.pick("lesson", "lição"), plain(&lesson.id));
    for step in &lesson.steps {
        let mut head = plain(&step.id);
        for act in &step.acts {
            for line in one(act, lang) {
                let _ = writeln!(said, "  {head:<18}  {line}");
                head.clear();
            }
        }
        for path in &step.host.makes {
            let makes = lang.pick("makes (--host)", "cria (--host)");
            let _ = writeln!(said, "  {head:<18}  {makes}  {}", plain(&path.to_string_lossy()));
            head.clear();
        }
    }
    for exercise in &lesson.exercises {
        let mut head = plain(exercise.id());
        for line in by_hand(exercise, lang) {
            let _ = writeln!(said, "  {head:<18}  {line}");
            head.clear();
        }
    }
    said
}

/// What an exercise puts at the prompt or runs in its order, and what `unha check` types besides: the wrong attempts.
fn by_hand(exercise: &Exercise, lang: Lang) -> Vec<String> {
    let solution = exercise.solution.iter().flat_map(|line| labelled(lang.pick("solution", "solução"), line));
    let attempts = exercise.diagnoses.iter().chain(&exercise.lost).flat_map(|diagnosis| &diagnosis.wrong);
    solution.chain(attempts.flat_map(|line| labelled(lang.pick("attempt", "errado"), line))).collect()
}

fn labelled(label: &str, what: &str) -> Vec<String> {
    // A line break would be a second line of the shell's.
    what.split('\n').map(|line| format!("{label:<8}  {}", plain(line))).collect()
}

fn one(act: &Act, lang: Lang) -> Vec<String> {
    let (inside, outside) = (lang.pick("inside", "dentro"), lang.pick("outside", "fora"));
    let side = |side: Side| if side == Side::Inside { inside } else { outside };
    match act {
        Act::Inside(line) => labelled(inside, line),
        Act::Outside(line) => labelled(outside, line),
        Act::Start(start) => labelled(lang.pick("box", "caixa"), &started(start)),
        Act::Limit(limits) => labelled(lang.pick("limit", "limite"), &json(limits)),
        Act::Interrupt(of) => labelled("Ctrl-C", side(*of)),
        Act::Restart(Restart::Box) => labelled(lang.pick("anew", "refaz"), lang.pick("the box", "a caixa")),
        Act::Restart(Restart::Bench) => labelled(lang.pick("anew", "refaz"), lang.pick("the bench", "a bancada")),
    }
}

/// How a box is started, as far as that is not usual: `features: uts pid, hostname: caixa`.
fn started(start: &Start) -> String {
    let value = |start: &Start| serde_json::to_value(start).ok().and_then(|value| value.as_object().cloned());
    let (Some(asked), Some(usual)) = (value(start), value(&Start::default())) else { return String::new() };
    let unusual = asked.iter().filter(|(key, value)| *key == "features" || usual.get(*key) != Some(*value));
    unusual.map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join(", ")
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A text in which every sign is seen: what moves the cursor, hides or turns round is spelled out.
pub fn plain(text: &str) -> String {
    let hides = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
    };
    let mut plain = String::with_capacity(text.len());
    for sign in text.chars() {
        if hides(sign) { plain.extend(sign.escape_unicode()) } else { plain.push(sign) }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hides() {
        assert_eq!(plain("echo \x1b[8m rm\r\u{202e}ok é"), "echo \\u{1b}[8m rm\\u{d}\\u{202e}ok é");
        let two = one(&Act::Inside("true\nrm -rf /".into()), Lang::En);
        assert_eq!(two, ["inside    true", "inside    rm -rf /"]);
    }

    #[test]
    fn no_line_of_an_exercise_is_left_out() {
        let files = crate::course::parse::embedded().into_iter();
        let lessons = files.filter_map(|(file, text)| crate::course::parse::lesson(file, text).ok());
        let mut attempts = 0;
        for lesson in lessons {
            for lang in Lang::ALL {
                let said = of("x.toml", &lesson, lang);
                for exercise in &lesson.exercises {
                    let tried: Vec<_> =
                        exercise.diagnoses.iter().chain(&exercise.lost).flat_map(|it| &it.wrong).collect();
                    for line in exercise.solution.iter().chain(tried.iter().copied()) {
                        assert!(said.lines().any(|shown| shown.ends_with(&format!("  {}", plain(line)))), "{line}");
                    }
                    assert!(said.contains(&format!("\n  {}", exercise.id())), "{said}");
                    attempts += tried.len();
                }
            }
        }
        assert!(attempts > 40, "{attempts}");
    }

    #[test]
    fn two_lines_in_one_are_two_in_an_exercise_too() {
        assert_eq!(labelled("solution", "true\nrm \x1b[8m"), ["solution  true", "solution  rm \\u{1b}[8m"]);
    }

    #[test]
    fn a_box_is_told_by_what_is_unusual_about_it() {
        let start = Start { hostname: Some("caixa".into()), wrong_order: true, ..Start::default() };
        assert_eq!(started(&start), "features: [], hostname: \"caixa\", wrong-order: true");
    }
}
