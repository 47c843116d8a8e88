//! Whatever an author writes and whatever a program prints stands in the page as words.

use std::collections::{BTreeMap, BTreeSet};

use unha::course::deck::deck;
use unha::course::event::Event;
use unha::course::recording::Made;
use unha::course::talk::{Machine, Route, Talk};
use unha::course::text::Lang;
use unha::course::{Call, Fact, Reading, Side, Snapshot, Value, parse};
use unha::handout::{Handout, Seen, Told, Walked, html};

use crate::page::Page;

const EVIL: &str =
    "</pre></style><script>alert(1)</script><img src=x onerror=alert(2)>\" onclick=\"x' & {{7*7}} \u{202e}";

/// Letters that a screen must not be told, and markup: as a TOML string.
fn lesson() -> String {
    let evil = EVIL.replace('\\', "\\\\").replace('"', "\\\"");
    let both = format!("{{ en = \"{evil}\\u0007\", pt-BR = \"{evil}\\u0007\" }}");
    format!(
        "schema = 1\nid = \"<x y>\"\ntitle = {both}\nsummary = {both}\n[[step]]\nid = \"a b\"\nseconds = 9\ntext = {both}\n\
         choices = [{both}, {both}]\nanswer = 1\nsee = [\"hostname\", \"os\", \"pid\"]\nwhy = {both}\ndocker = \"{evil}\"\n\
         do = [{{ inside = \"{evil}\" }}]\n\
         code = {{ file = \"uts.rs\", anchor = \"x\", note = {both} }}\n\
         [[step]]\nid = \"undone\"\nseconds = 9\ntext = {both}\nwhy = {both}\n"
    )
}

fn slides() -> String {
    let evil = EVIL.replace('<', "\\<").replace('*', "");
    format!(
        "<!-- chapter: {0} -->\n\n# {evil}\n\n<!-- slide: one, 9s, lesson: <x y> -->\n\n{evil}\n\n- {evil}\n\n| a | |\n|---|---|\n\
         | {evil} | `{0}` |\n\n```towers\n{0} | b | =\n*{0} | | x\n```\n\n```timeline\n1979 | {0} | {0}\n```\n\n```sides\n\
         outside | {0} | {{outside.hostname}}\ninside | {{inside.hostname:9}}\n{0}\n```\n\n```boxes\n{0} | {0}\n```\n\n\
         ```art\n{0} OUTSIDE {{inside.os:99}}|\n```\n\n<!-- source: {0} · uname(2) -->\n\n<!-- notes: {0} -->\n",
        "</style><script>alert(3)</script>"
    )
}

fn look() -> Snapshot {
    let value = |text: &str| Reading::Value(Value::Text(text.into()));
    let facts = |pid| {
        BTreeMap::from([
            (Fact::Hostname, value(EVIL)),
            (Fact::Os, Reading::Missing(EVIL.into())),
            (Fact::Pid, Reading::Value(Value::Number(pid))),
        ])
    };
    Snapshot { machine: facts(3), outside: facts(2), inside: facts(1) }
}

/// A talk whose shells printed what they must not.
fn talk(lessons: &[unha::course::lesson::Lesson], lang: Lang) -> Talk {
    let machine = Machine { root: true, namespaces: Ok(()), cgroup: Ok(2), rootfs: Ok(()) };
    let mut talk = Talk::new(lessons.to_vec(), lang, Route::Full, machine, None, (80, 24));
    let print = |text: &str| Event::ShellBytes(Side::Inside, text.as_bytes().to_vec());
    talk.update(Event::Snapshot(look()));
    talk.update(print("\x1b[31minside# cat evil\r\n"));
    talk.update(print(&format!("{EVIL}\x1b]0;title\x07\x1b[0m\0\x01\u{85}\r\n")));
    talk.update(Event::ShellBytes(Side::Inside, vec![0xff, 0xfe, b'!', b'\r', b'\n']));
    talk.update(Event::Journal(Call { name: EVIL.into(), args: vec![EVIL.into()], result: Err("EPERM".into()) }));
    talk
}

fn page(lang: Lang, route: Route) -> String {
    let lessons = parse::course(vec![("00-x.toml".into(), lesson())]).unwrap();
    let deck = deck(&[("00-x.en.md".into(), slides())]).unwrap_or_else(|errors| panic!("{}", errors[0].say(Lang::En)));
    let talk = talk(&lessons, lang);
    let mut seen = Seen::of(&talk, &Seen::prompts(&talk));
    seen.changed = BTreeSet::from([(Fact::Hostname, Side::Inside)]);
    seen.script = Some(vec![EVIL.into()]);
    let made = Made { date: EVIL.into(), kernel: EVIL.into(), cgroup: None, root: false };
    let told = Told::Recorded(seen, made.clone(), Some(EVIL.into()));
    let walked = Walked { lesson: &lessons[0], steps: vec![told, Told::Undone(EVIL.into())] };
    html(&Handout {
        lang,
        route,
        made,
        version: "1",
        deck: &deck,
        live: Some(look()),
        lessons: vec![walked],
        source: &|_| Some("fn x() {}\n// </code></pre><script>alert(4)</script>\n"),
    })
}

#[test]
fn what_is_meant_ill_is_shown_and_does_nothing() {
    for lang in Lang::ALL {
        let text = page(lang, Route::Full);
        let page = Page::sound(&text, lang.tag());
        let shown = page.text();
        for word in ["alert(1)", "alert(2)", "alert(3)", "alert(4)"] {
            assert!(shown.contains(word), "{word} is not shown");
        }
        let evil = EVIL.replace('\u{202e}', "\u{fffd}");
        assert!(page.texts(".shell.inside pre")[0].contains(&evil), "{:?}", page.texts(".shell.inside pre"));
        assert!(page.texts(".facts td.inside")[0].contains(&evil));
        assert!(page.texts("#script pre")[0].contains(&evil));
        assert!(!text.contains('\u{202e}') && !text.contains('\x1b'));
        assert_eq!(page.all("section.step").len(), 2);
        assert_eq!(page.texts(".facts strong.changed").len(), 1);
    }
}

#[test]
fn what_the_route_leaves_out_is_not_there() {
    let lessons = parse::course(vec![("00-x.toml".into(), lesson())]).unwrap();
    let deck = deck(&[("00-x.en.md".into(), slides())]).unwrap();
    let made = Made { date: "2026-11-24".into(), kernel: "6.1".into(), cgroup: None, root: true };
    let walked = Walked { lesson: &lessons[0], steps: vec![Told::OffRoute, Told::Undone("why".into())] };
    let text = html(&Handout {
        lang: Lang::En,
        route: Route::Short,
        made,
        version: "1",
        deck: &deck,
        live: None,
        lessons: vec![walked],
        source: &|_| None,
    });
    let page = Page::sound(&text, "en");
    assert!(page.all("section.slide").is_empty(), "no slide of the deck is on the short route");
    assert_eq!(page.texts("h2")[1], "More lessons", "the lesson that the slide would open stands alone");
    assert_eq!(page.all("section.step").len(), 1);
    assert!(page.all("#script").is_empty() && page.all("#code").is_empty());
}
