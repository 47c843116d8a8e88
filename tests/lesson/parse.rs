//! A broken lesson says where and why, in both languages.

use proptest::prelude::*;
use unha::course::parse::{course, embedded, lesson};
use unha::course::text::Lang;

const GOOD: &str = r#"schema = 1
id = "uts"
title = { en = "uts", pt-BR = "uts" }
summary = { en = "a name of its own", pt-BR = "um nome só seu" }
begins-with = ["pid"]

[[step]]
id = "switch-on"
seconds = 50
text = { en = "Which name?", pt-BR = "Que nome?" }
choices = [{ en = "old", pt-BR = "velho" }, { en = "new", pt-BR = "novo" }]
answer = 2
do = [{ start = { features = ["uts"] } }, { inside = "hostname" }]
expect = [{ fact = "ns.uts", sides = "differ" }]
see = ["hostname", "ns.uts"]
why = { en = "Because.", pt-BR = "Porque sim." }
"#;

/// What is changed in the good lesson; where the error stands; what it says, in English and Portuguese.
type Broken = (&'static str, &'static str, (usize, usize), &'static str, &'static str);

const BROKEN: &[Broken] = &[
    ("schema = 1", "schema = 7", (1, 10), "format 7, which this unha does not read", "formato 7, que este unha não lê"),
    ("seconds", "secnds", (9, 1), "did you mean `seconds`?", "você quis dizer `seconds`?"),
    ("seconds", "secnds", (9, 1), "unknown key `secnds`", "chave desconhecida `secnds`"),
    ("seconds = 50\n", "", (7, 1), "the key `seconds` is missing here", "falta a chave `seconds` aqui"),
    (", pt-BR = \"Que nome?\"", "", (10, 8), "the key `pt-BR` is missing", "falta a chave `pt-BR`"),
    ("pt-BR = \"uts\"", "pt = \"uts\"", (3, 23), "did you mean `pt-BR`?", "você quis dizer `pt-BR`?"),
    ("\"hostname\", ", "\"hostnme\", ", (15, 8), "unknown fact `hostnme`", "fato desconhecido `hostnme`"),
    ("\"hostname\", ", "\"hostnme\", ", (15, 8), "did you mean `hostname`?", "você quis dizer `hostname`?"),
    ("[\"pid\"]", "[\"pdi\"]", (5, 16), "did you mean `pid`?", "você quis dizer `pid`?"),
    ("[\"uts\"]", "[\"utz\"]", (13, 31), "unknown feature `utz`", "recurso desconhecido `utz`"),
    ("inside =", "inide =", (13, 45), "unknown act `inide`", "ação desconhecida `inide`"),
    ("\"differ\"", "\"difer\"", (14, 38), "did you mean `differ`?", "você quis dizer `differ`?"),
    ("seconds = 50", "seconds = \"50\"", (9, 11), "expected: a whole number", "esperado: um número inteiro"),
    ("answer = 2", "answer = -1", (12, 10), "a number (-1) cannot stand here", "um número (-1) não cabe aqui"),
    ("[\"pid\"]", "\"pid\"", (5, 15), "expected: a list", "esperado: uma lista"),
    ("\"ns.uts\"]", "3]", (15, 20), "expected: a name in quotes", "esperado: um nome entre aspas"),
    ("{ en = \"Because.\", pt-BR = \"Porque sim.\" }", "\"x\"", (16, 7), "in both languages", "nas duas línguas"),
    ("inside = \"hostname\"", "inside = \"a\", outside = \"b\"", (13, 43), "exactly one verb", "exatamente um verbo"),
    ("answer = 2", "answer = dois", (12, 10), "no value stands here", "aqui não há um valor"),
    ("answer = 2", "answer = 2\nanswer = 2", (13, 1), "this key stands twice", "esta chave aparece duas vezes"),
    ("id = \"uts\"", "id = \"uts", (2, 10), "not TOML", "isto não é TOML"),
    ("see = [", "see = [[", (16, 1), "not TOML", "isto não é TOML"),
];

#[test]
fn the_good_lesson_is_read() {
    assert_eq!(lesson("uts.toml", GOOD).unwrap().steps.len(), 1);
}

#[test]
fn a_broken_lesson_says_where_and_why_in_both_languages() {
    for (from, to, place, en, pt_br) in BROKEN {
        let source = GOOD.replacen(from, to, 1);
        let error = lesson("uts.toml", &source).expect_err(to);
        for (lang, words) in [(Lang::En, en), (Lang::PtBr, pt_br)] {
            let said = error.say(lang);
            assert!(said.contains(words), "{to}: {said}");
            assert!(said.starts_with(&format!("uts.toml:{}:{}: ", place.0, place.1)), "{to}: {said}");
        }
        assert_eq!(error.to_string(), error.say(Lang::En));
    }
}

#[test]
fn the_caret_stands_below_the_fault() {
    let error = lesson("uts.toml", &GOOD.replacen("\"ns.uts\"]", "\"ns.utz\"]", 1)).unwrap_err();
    insta::assert_snapshot!(error.say(Lang::En).lines().take(5).collect::<Vec<_>>().join("\n"), @r#"
    uts.toml:15:20: unknown fact `ns.utz`
       |
    15 | see = ["hostname", "ns.utz"]
       |                    ^^^^^^^^
       = did you mean `ns.uts`?
    "#);
}

#[test]
fn the_caret_counts_columns_of_the_screen() {
    let source = GOOD.replacen("pt-BR = \"um nome só seu\" }", "pt-BR = \"só 容器 é\", xx = 1 }", 1);
    let error = lesson("uts.toml", &source).unwrap_err();
    let said = error.say(Lang::En);
    let lines: Vec<&str> = said.lines().collect();
    let before = &lines[2][..lines[2].find("xx").unwrap()];
    assert_eq!(unicode_width::UnicodeWidthStr::width(before), lines[3].find('^').unwrap(), "{said}");
}

#[test]
fn a_long_line_is_cut_around_the_fault() {
    let long = format!("[\"uts\"], hostname = \"{}\", prok = true", "ção ".repeat(60));
    let error = lesson("uts.toml", &GOOD.replacen("[\"uts\"]", &long, 1)).unwrap_err();
    let said = error.say(Lang::PtBr);
    let lines: Vec<Vec<char>> = said.lines().map(|line| line.chars().collect()).collect();
    let caret = lines[3].iter().position(|c| *c == '^').unwrap();
    assert_eq!(lines[2][caret..caret + 4].iter().collect::<String>(), "prok", "{said}");
    assert!(lines.iter().all(|line| line.len() <= 80), "{said}");
}

#[test]
fn nothing_like_it_is_known_so_none_is_suggested() {
    let said = lesson("uts.toml", &GOOD.replacen("seconds", "xyzzy", 1)).unwrap_err().to_string();
    assert!(!said.contains("did you mean") && said.contains("known here: id, was, must"), "{said}");
}

#[test]
fn a_course_is_sorted_by_file_and_refuses_an_id_that_stands_twice() {
    let named = |id: &str| GOOD.replacen("id = \"uts\"", &format!("id = \"{id}\""), 1);
    let files = |ids: [(&str, &str); 3]| ids.map(|(file, id)| (file.to_owned(), named(id))).to_vec();
    let lessons = course(files([("02.toml", "b"), ("03.toml", "c"), ("01.toml", "a")])).unwrap();
    assert_eq!(lessons.iter().map(|lesson| lesson.id.as_str()).collect::<String>(), "abc");

    let errors = course(files([("01.toml", "a"), ("02.toml", "a"), ("03.toml", "c")])).unwrap_err();
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert!(error.to_string().starts_with("02.toml:2:6: the id `a` is taken: 01.toml has it"), "{error}");
    assert!(error.say(Lang::PtBr).contains("já tem dono: 01.toml"));
}

#[test]
fn a_course_tells_every_broken_lesson() {
    let files = ["01.toml", "02.toml"].map(|file| (file.to_owned(), "schema = 1\n".to_owned())).to_vec();
    assert_eq!(course(files).unwrap_err().len(), 2);
}

#[test]
fn the_course_within_is_read() {
    let files = embedded().into_iter().map(|(file, source)| (file.to_owned(), source.to_owned())).collect();
    let lessons = course(files).map_err(|errors| errors[0].to_string()).unwrap();
    let ids: Vec<&str> = lessons.iter().map(|lesson| lesson.id.as_str()).collect();
    let talk = ["nothing", "uts", "pid", "mount", "cgroup", "rootfs"];
    let namespaces = ["ipc", "net", "user", "cgroupns", "time"];
    let resources = ["share", "io", "devices"];
    let deeper = ["init", "layers", "escape"];
    let rights = ["capabilities", "no-new-privs", "seccomp", "all"];
    assert_eq!(ids, [&talk[..], &namespaces, &resources, &deeper, &rights].concat());
}

proptest! {
    /// Whatever is cut out of a lesson or put into it, the error can be said and stands within the text.
    #[test]
    fn no_text_is_too_broken_to_say_where(at in 0usize..GOOD.len(), cut in 0usize..40, put in "[\\PC\n\t\r\"]{0,6}") {
        let start = (0..=at).rev().find(|at| GOOD.is_char_boundary(*at)).unwrap();
        let end = (start + cut).min(GOOD.len());
        let end = (end..=GOOD.len()).find(|at| GOOD.is_char_boundary(*at)).unwrap();
        let source = format!("{}{put}{}", &GOOD[..start], &GOOD[end..]);
        if let Err(error) = lesson("x.toml", &source) {
            for lang in Lang::ALL {
                prop_assert!(error.say(lang).starts_with("x.toml:"));
            }
            if let Some((line, _)) = error.place() {
                prop_assert!(line >= 1 && line <= source.matches('\n').count() + 1);
            }
        }
    }
}
