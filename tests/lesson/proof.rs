//! Each finding is found in a lesson with that one fault, on its line, and not in a good one.

use unha::course::parse::{embedded, lesson};
use unha::course::proof::{Finding, findings};
use unha::course::text::Lang;
use unha::kernel::container;

const GOOD: &str = r#"schema = 1
id = "uts"
title = { en = "uts", pt-BR = "uts" }
summary = { en = "a name of its own", pt-BR = "um nome só seu" }
begins-with = ["cgroup"]

[[step]]
id = "one"
seconds = 50
text = { en = "Which name?", pt-BR = "Que nome?" }
choices = [{ en = "old", pt-BR = "velho" }, { en = "new", pt-BR = "novo" }]
answer = 2
do = [
    { limit = { pids = "15" } },
    { inside = "b() { b | b & }; cat {pids}/pids.max ${HOME}" },
]
expect = [{ fact = "ns.uts", sides = "differ" }, { on = "inside", prints = "^{pid}[0-9]{2}$" }]
see = ["hostname", "ns.uts"]
load = ["pids"]
why = { en = "Because.", pt-BR = "Porque sim." }

[step.code]
file = "x.rs"
anchor = "fn two()"
note = { en = "Look.", pt-BR = "Veja." }

[[step]]
id = "two"
seconds = 50
text = { en = "All gone?", pt-BR = "Sumiu tudo?" }
do = [
    { start = { features = ["uts", "mount", "rootfs"], hostname = "caixa" } },
    { inside = "rm -rf /" },
]
expect = [{ box = "running" }]
see = []
destroys = true
why = { en = "Because.", pt-BR = "Porque sim." }
"#;

fn source_of(file: &str) -> Option<&'static str> {
    (file == "x.rs").then_some("fn one() {}\nfn two() {}\nfn one() {}\n")
}

fn found(source: &str) -> Vec<Finding> {
    let lesson = lesson("l.toml", source).unwrap_or_else(|error| panic!("{error}"));
    findings("l.toml", source, &lesson, &source_of)
}

/// What is changed in the good lesson; the line and step of the finding; what it says.
type Flaw = (&'static str, &'static str, usize, Option<&'static str>, &'static str, &'static str);

const FIVE: &str = r#"choices = [{ en = "a", pt-BR = "a" }, { en = "b", pt-BR = "b" }, { en = "c", pt-BR = "c" }, "#;

const FLAWS: &[Flaw] = &[
    ("Porque sim.", " ", 20, Some("one"), "why says nothing in pt-BR", "why está vazio em pt-BR"),
    ("Look.", "", 22, Some("one"), "code says nothing in en", "code está vazio em en"),
    ("\"old\"", "\"\"", 11, Some("one"), "choices says nothing in en", "choices está vazio em en"),
    ("en = \"uts\"", "en = \"namespaces\"", 3, None, "takes 10 columns in en, but has 8", "ocupa 10 colunas em en"),
    ("um nome só seu", "um nome só seu, e de mais ninguém nesta casa", 4, None, "but has 38", "só cabem 38"),
    ("answer = 2\n", "", 11, Some("one"), "no answer: add answer =", "inclua answer ="),
    ("answer = 2", "answer = 3", 12, Some("one"), "answer 3 is none of the choices", "a resposta 3 não é nenhuma"),
    ("answer = 2", "answer = 0", 12, Some("one"), "they count from 1 to 2", "elas vão de 1 a 2"),
    ("choices = [", FIVE, 11, Some("one"), "two to four choices, not 5", "de duas a quatro alternativas, não 5"),
    ("see = []", "see = []\nanswer = 1", 37, Some("two"), "nothing to choose from", "nenhuma alternativa"),
    ("expect = [{ box = \"running\" }]\n", "", 31, Some("two"), "add expect", "inclua expect"),
    (
        "see = []",
        "see = [\"os\", \"pid\", \"uid\", \"root\", \"ipc\", \"links\"]",
        36,
        Some("two"),
        "6 facts to see",
        "6 fatos",
    ),
    ("see = []", "see = [\"fd.leaks\"]", 36, Some("two"), "use it in an exercise", "use-o num exercício"),
    ("see = []", "see = []\nhost = { makes = [\"a\"] }", 37, Some("two"), "wants whole paths", "caminhos completos"),
    ("x.rs", "y.rs", 22, Some("one"), "no source `y.rs`", "não existe o fonte `y.rs`"),
    ("fn two()", "fn one()", 22, Some("one"), "stands there 2 times", "mas aparece 2"),
    ("fn two()", "fn six()", 22, Some("one"), "stands there 0 times", "mas aparece 0"),
    ("id = \"two\"", "id = \"one\"", 28, Some("one"), "stands twice in this lesson", "aparece duas vezes"),
    ("id = \"two\"", "id = \"2 x\"", 28, Some("2 x"), "must begin with a letter", "deve começar com letra"),
    ("cat {pids}", "cat {memry}", 15, Some("one"), "{memry}: did you mean {memory}?", "você quis dizer {memory}?"),
    ("^{pid}", "^{upperr}", 17, Some("one"), "did you mean {upper}?", "nome desconhecido entre chaves"),
    ("box = \"running\"", "box = \"running\", refused = \"EBUSY\"", 35, Some("two"), "exactly one form", "uma forma"),
    ("box = \"running\"", "on = \"inside\"", 35, Some("two"), "exactly one form", "exatamente uma forma"),
    ("box = \"running\"", "on = \"machine\", prints = \"x\"", 35, Some("two"), "exactly one form", "uma forma"),
    ("box = \"running\"", "fact = \"os\", is = \"x\"", 35, Some("two"), "exactly one form", "uma forma"),
    ("{2}$", "{2}($", 17, Some("one"), "is no regular expression", "não é expressão regular"),
    ("{ limit = { pids = \"15\" } },", "", 19, Some("one"), "no limit `pids` is set", "sem limite `pids`"),
    ("[\"uts\", \"mount\", \"rootfs\"]", "[\"uts\", \"mount\"]", 37, Some("two"), "`rootfs` on", "`rootfs` ligado"),
    ("\"mount\", ", "", 32, Some("two"), "need `mount` too", "precisam também de `mount`"),
    ("\"uts\", \"mount\"", "\"mount\"", 32, Some("two"), "`hostname` needs the feature `uts`", "`uts` ligado"),
    ("hostname = \"caixa\"", "proc = true", 32, Some("two"), "`proc` needs the feature `pid`", "`pid` ligado"),
    ("hostname = \"caixa\"", "refuses = [\"mkdir\"]", 32, Some("two"), "feature `seccomp`", "`seccomp` ligado"),
    (
        "\"rootfs\"], hostname = \"caixa\"",
        "\"rootfs\", \"capabilities\"], cap-drop = [\"CHWON\"]",
        32,
        Some("two"),
        "`CHWON` is no capability",
        "não é uma capability",
    ),
    ("[\"cgroup\"]", "[\"cgroup\", \"rootfs\"]", 5, None, "need `mount` too", "precisam também de `mount`"),
];

#[test]
fn a_good_lesson_has_no_finding() {
    assert_eq!(found(GOOD), []);
}

#[test]
fn each_flaw_is_found_on_its_line_and_said_in_both_languages() {
    for (from, to, line, step, en, pt_br) in FLAWS {
        let source = GOOD.replacen(from, to, 1);
        assert_ne!(source, GOOD, "{from}");
        let found = found(&source);
        let [finding] = found.as_slice() else { panic!("{to}: {found:#?}") };
        assert_eq!((finding.line, finding.step.as_deref()), (Some(*line), *step), "{to}: {finding:?}");
        assert!(finding.said(Lang::En).contains(en), "{to}: {finding:?}");
        assert!(finding.said(Lang::PtBr).contains(pt_br), "{to}: {finding:?}");
    }
}

#[test]
fn without_cgroup_neither_limit_nor_load() {
    let found = found(&GOOD.replacen("[\"cgroup\"]", "[]", 1));
    let lines: Vec<_> = found.iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [Some(14), Some(19)], "{found:#?}");
    assert!(found.iter().all(|finding| finding.say.en.contains("feature `cgroup`")));
}

#[test]
fn an_expectation_without_an_act_is_found() {
    let source = GOOD.replacen("do = [\n    { start", "see = [] #", 1).replacen("see = []\ndes", "des", 1);
    let source = source.replacen("    { inside = \"rm -rf /\" },\n]\n", "", 1);
    let found = found(&source);
    assert!(matches!(found.as_slice(), [one] if one.say.en.contains("does nothing: add do")), "{found:#?}");
}

/// A text of this many words of four columns.
fn words(count: usize) -> String {
    vec!["word"; count].join(" ")
}

#[test]
fn a_text_may_fill_two_lines_and_no_more() {
    // Fifteen words of four and the blanks between them take 74 of 76 columns.
    for (key, fits) in [("Which name?", 30), ("Because.", 30)] {
        assert_eq!(found(&GOOD.replacen(key, &words(fits), 1)), []);
        let found = found(&GOOD.replacen(key, &words(fits + 1), 1));
        assert!(matches!(found.as_slice(), [one] if one.say.en.contains("takes 3 lines")), "{found:#?}");
    }
    let found = found(&GOOD.replacen("Because.", &"w".repeat(153), 1));
    assert!(matches!(found.as_slice(), [one] if one.say.pt_br.contains("ocupa 3 linhas")), "{found:#?}");
}

#[test]
fn choices_fill_one_line_and_no_more() {
    // `1 old   2 ` leaves 66 of 76 columns.
    assert_eq!(found(&GOOD.replacen("en = \"new\"", &format!("en = \"{}\"", "é".repeat(66)), 1)), []);
    let found = found(&GOOD.replacen("en = \"new\"", &format!("en = \"{}\"", "é".repeat(67)), 1));
    assert!(matches!(found.as_slice(), [one] if one.say.en.contains("takes 77 columns")), "{found:#?}");
}

#[test]
fn the_course_within_has_no_finding() {
    for (file, source) in embedded() {
        let lesson = lesson(file, source).unwrap_or_else(|error| panic!("{error}"));
        let found = findings(file, source, &lesson, &container::source);
        let said: Vec<String> = found.iter().map(|finding| finding.said(Lang::En)).collect();
        assert_eq!(said, [""; 0]);
    }
}

const BY_HAND: &str = r#"
[[exercise]]
id = "gap"
kind = "blank"
seconds = 60
text = { en = "Do it.", pt-BR = "Faça." }
do = ["unshare --uts sh", "hostname caixa"]
gap = "--uts"
see = ["hostname"]
hints = [{ en = "Look.", pt-BR = "Veja." }, { en = "Think.", pt-BR = "Pense." }]
after = { en = "Because.", pt-BR = "Porque sim." }

[[exercise.goal]]
say = { en = "apart", pt-BR = "à parte" }
expect = [{ fact = "ns.uts", sides = "differ" }]

[[exercise.diagnosis]]
when = [{ fact = "hostname", on = "outside", is = "caixa" }]
say = { en = "Outside.", pt-BR = "Fora." }
wrong = ["hostname caixa"]
"#;

/// What is changed in an exercise; the line behind its own of the finding; what it says.
const FLAWS_BY_HAND: &[(&str, &str, usize, &str, &str)] = &[
    ("id = \"gap\"", "id = \"one\"", 1, "stands twice in this lesson", "aparece duas vezes"),
    ("gap = \"--uts\"\n", "", 0, "belongs to kind", "é só para kind"),
    ("gap = \"--uts\"", "gap = \"--pid\"", 6, "must stand in one of the lines", "deve aparecer em uma"),
    ("kind = \"blank\"\n", "kind = \"whole\"\n", 6, "belongs to kind", "é só para kind"),
    ("caixa\"]\ngap = \"--uts\"", "caixa\"]", 0, "belongs to kind", "é só para kind"),
    (", { en = \"Think.\", pt-BR = \"Pense.\" }]", "]", 8, "1 hints, but a ladder", "a escada tem de duas"),
    ("wrong = [\"hostname caixa\"]\n", "", 15, "no typical wrong attempt", "nenhuma tentativa errada"),
    ("wrong = [\"hostname caixa\"]", "wrong = [\"x\"]\ngoal = 2", 15, "counts from 1 to 1", "vai de 1 a 1"),
    (
        "sides = \"differ\" }]\n\n[[",
        "sides = \"differ\", on = \"inside\" }]\n\n[[",
        0,
        "exactly one form",
        "exatamente uma",
    ),
    ("hostname caixa\"]\ngap", "hostname {bxo-name}\"]\ngap", 5, "did you mean {box-name}", "quis dizer"),
    ("en = \"apart\"", "en = \"\"", 11, "goal says nothing in en", "goal está vazio"),
];

#[test]
fn an_exercise_is_proven_too() {
    let good = format!("{GOOD}{BY_HAND}");
    assert_eq!(found(&good), []);
    let first = GOOD.lines().count() + 2;
    for (from, to, line, en, pt_br) in FLAWS_BY_HAND {
        let flawed = BY_HAND.replacen(from, to, 1);
        assert_ne!(flawed, BY_HAND, "{from}");
        let found = found(&format!("{GOOD}{flawed}"));
        let [finding] = found.as_slice() else { panic!("{from} {to}: {found:#?}") };
        assert!(finding.said(Lang::En).contains(en) && finding.said(Lang::PtBr).contains(pt_br), "{finding:?}");
        if *line > 0 {
            assert_eq!(finding.line, Some(first + line), "{finding:?}");
        }
    }
}

#[test]
fn an_exercise_has_its_rows_and_its_lines() {
    let with = |from: &str, to: &str| found(&format!("{GOOD}{}", BY_HAND.replacen(from, to, 1)));
    let long = "w".repeat(70);
    assert!(with("Because.", &long)[..].is_empty(), "two lines");
    assert!(with("en = \"apart\"", &format!("en = \"{long}\""))[0].say.en.contains("takes 2 lines of 69"));
    assert!(with("--uts sh", &format!("--uts {long}"))[0].say.en.contains("do takes"));
    let many = r#"see = ["hostname", "os", "pid", "uid", "root", "ipc", "links", "ns.uts", "ns.pid"]"#;
    assert!(with("see = [\"hostname\"]", many)[0].say.en.contains("show fewer facts"));
    let goal = "[[exercise.goal]]\nsay = { en = \"a\", pt-BR = \"a\" }\nexpect = [{ box = \"running\" }]\n";
    assert!(with("[[exercise.diag", &format!("{}[[exercise.diag", goal.repeat(4)))[0].say.en.contains("5 goals"));
    assert_eq!(with("[[exercise.diag", &format!("{}[[exercise.diag", goal.repeat(3))), [], "four");
}
