//! An expectation is met by what the kernel or a shell says, and by nothing else.

use proptest::prelude::*;
use unha::course::event::Ended;
use unha::course::expect::{World, has_one_form, met, of_rows, plain, words};
use unha::course::lesson::Expect;
use unha::course::text::Lang;
use unha::kernel::fact::{Fact, Facts, Reading, Snapshot, Value};

fn expect(keys: &str) -> Expect {
    toml::from_str(keys).unwrap_or_else(|error| panic!("{keys}: {error}"))
}

fn text(text: &str) -> Reading {
    Reading::Value(Value::Text(text.to_owned()))
}

fn number(number: u64) -> Reading {
    Reading::Value(Value::Number(number))
}

fn snapshot() -> Snapshot {
    let links = Reading::Value(Value::List(vec!["lo".to_owned(), "veth0".to_owned()]));
    Snapshot {
        machine: Facts::from([(Fact::Hostname, text("laptop"))]),
        outside: Facts::from([
            (Fact::Hostname, text("vm")),
            (Fact::Pid, number(4711)),
            (Fact::Kernel, text("6.1")),
            (Fact::Os, text("Debian")),
        ]),
        inside: Facts::from([
            (Fact::Hostname, text("caixa")),
            (Fact::Pid, number(1)),
            (Fact::Kernel, text("6.1")),
            (Fact::Os, Reading::Missing("open: ENOENT".to_owned())),
            (Fact::PidsMax, text("max")),
            (Fact::MemoryMax, text("33554432")),
            (Fact::Links, links),
        ]),
    }
}

fn world(now: &Snapshot) -> World<'_> {
    World {
        now,
        printed: ["outside# ps 4711\n 4711 pts/1 sleep\noutside#", "dentro# echo $?\n137\nmemory.max\ndentro#"],
        box_runs: true,
        ended: None,
        refused: None,
    }
}

fn fill(line: &str) -> String {
    line.replace("{pid}", "4711").replace("{box-name}", "caixa").replace("{memory.max}", "memory.max")
}

const MET: &[&str] = &[
    "fact = 'hostname'\non = 'inside'\nis = '{box-name}'",
    "fact = 'hostname'\non = 'machine'\nis = 'laptop'",
    "fact = 'pid'\non = 'outside'\nis = '{pid}'",
    "fact = 'pid'\non = 'outside'\nis = '04711'",
    "fact = 'memory.max'\non = 'inside'\nis = '033554432'",
    "fact = 'links'\non = 'inside'\nis = 'lo veth0'",
    "fact = 'hostname'\non = 'inside'\nis-not = 'vm'",
    "fact = 'pid'\non = 'inside'\nat-least = 1",
    "fact = 'pid'\non = 'inside'\nat-most = 1",
    "fact = 'links'\non = 'inside'\ncontains = 'lo'",
    "fact = 'hostname'\non = 'inside'\ncontains = 'aix'",
    "fact = 'hostname'\nsides = 'differ'",
    "fact = 'kernel'\nsides = 'same'",
    "on = 'inside'\nprints = '^137$'",
    "on = 'inside'\nprints = '^{memory.max}$'",
    "on = 'outside'\nprints = '^ *{pid} .*sleep$'",
    "on = 'inside'\nprints-not = 'echo'",
    "box = 'running'",
];

const UNMET: &[&str] = &[
    "fact = 'hostname'\non = 'outside'\nis = 'caixa'",
    "fact = 'hostname'\non = 'inside'\nis = 'Caixa'",
    "fact = 'os'\non = 'inside'\nis = ''",
    "fact = 'os'\non = 'inside'\nis-not = 'Debian'",
    "fact = 'os'\nsides = 'differ'",
    "fact = 'uid'\nsides = 'same'",
    "fact = 'hostname'\nsides = 'same'",
    "fact = 'pids.max'\non = 'inside'\nat-least = 1",
    "fact = 'pids.max'\non = 'inside'\nat-most = 1",
    "fact = 'pid'\non = 'inside'\nat-least = 2",
    "fact = 'links'\non = 'inside'\ncontains = 'veth'",
    "on = 'inside'\nprints = 'echo'",
    "on = 'outside'\nprints = 'ps'",
    "on = 'outside'\nprints = '137'",
    "on = 'inside'\nprints = '('",
    "on = 'inside'\nprints-not = '('",
    "on = 'inside'\nprints-not = '^137$'",
    "on = 'machine'\nprints = '137'",
    "box = 'ended'",
    "refused = 'EBUSY'",
];

#[test]
fn expectations_are_met_by_what_is_so() {
    let now = snapshot();
    for keys in MET {
        assert!(met(&expect(keys), &world(&now), &fill), "{keys}");
    }
    for keys in UNMET {
        assert!(!met(&expect(keys), &world(&now), &fill), "{keys}");
    }
}

#[test]
fn an_ended_box_and_a_refusal_are_seen() {
    let now = snapshot();
    let ended = World { box_runs: false, ended: Some(Ended::Signal(9)), refused: Some("EBUSY"), ..world(&now) };
    for (keys, holds) in [("box = 'ended'", true), ("box = 'running'", false), ("refused = 'EBUSY'", true)] {
        assert_eq!(met(&expect(keys), &ended, &fill), holds, "{keys}");
    }
    assert!(!met(&expect("refused = 'EPERM'"), &ended, &fill));
    let never = World { ended: None, ..ended };
    assert!(!met(&expect("box = 'ended'"), &never, &fill));
}

#[test]
fn keys_of_no_form_or_of_two_are_never_met() {
    let now = snapshot();
    for keys in [
        "",
        "fact = 'pid'",
        "on = 'inside'",
        "fact = 'pid'\nis = '1'",
        "on = 'inside'\nis = '1'",
        "fact = 'pid'\non = 'inside'\nis = '1'\nat-most = 1",
        "fact = 'hostname'\non = 'inside'\nsides = 'differ'",
        "fact = 'pid'\non = 'inside'\nprints = '137'",
        "prints = '137'",
        "box = 'running'\non = 'inside'",
        "box = 'running'\nrefused = 'EBUSY'",
    ] {
        assert!(!has_one_form(&expect(keys)), "{keys}");
        assert!(!met(&expect(keys), &world(&now), &fill), "{keys}");
    }
    assert!(MET.iter().all(|keys| has_one_form(&expect(keys))));
}

#[test]
fn words_say_what_is_expected_and_what_is_so() {
    let now = snapshot();
    for (keys, en, pt_br) in [
        (
            "fact = 'hostname'\non = 'inside'\nis = '{box-name}'",
            "inside hostname = caixa · now: caixa",
            "dentro hostname = caixa · agora: caixa",
        ),
        ("fact = 'os'\non = 'inside'\nis-not = 'x'", "inside os ≠ x · now: ?", "dentro os ≠ x · agora: ?"),
        ("fact = 'pid'\non = 'inside'\nat-least = 2", "inside pid ≥ 2 · now: 1", "dentro pid ≥ 2 · agora: 1"),
        (
            "fact = 'pid'\nsides = 'same'",
            "pid: outside = inside · now: 4711 · 1",
            "pid: fora = dentro · agora: 4711 · 1",
        ),
        (
            "on = 'inside'\nprints = '^0$'",
            "inside prints ^0$ · now: memory.max",
            "dentro mostra ^0$ · agora: memory.max",
        ),
        ("box = 'ended'", "the box has ended · now: runs", "a caixa terminou · agora: está rodando"),
        (
            "refused = 'EBUSY'",
            "the kernel refuses with EBUSY · now: nothing refused",
            "o kernel recusa com EBUSY · agora: nada recusado",
        ),
    ] {
        assert_eq!(words(&expect(keys), &world(&now), &fill, Lang::En), en);
        assert_eq!(words(&expect(keys), &world(&now), &fill, Lang::PtBr), pt_br);
    }
}

#[test]
fn plain_text_is_what_a_terminal_would_be_left_with() {
    for (bytes, left) in [
        ("", ""),
        ("oi\r\n", "oi\n"),
        ("oi\r\ninside# ", "oi\ninside#"),
        ("\x1b[31mred\x1b[0m\r\n", "red\n"),
        ("\x1b]0;title\x07name\r\n", "name\n"),
        ("inside# lx\x08 \x08s\r\na b\r\n", "inside# ls\na b\n"),
        ("10%\r20%\r100%\r\n", "100%\n"),
        ("hello\r\x1b[Kbye\r\n", "bye\n"),
        ("a\tb\r\n", "a       b\n"),
        ("só 容器\r\n", "só 容器\n"),
        ("ab\x1b[2D\x1b[@x\x1b[P\r\n", "xb\n"),
        ("old\x1b[H\x1b[2Jnew\r\n", "new\n"),
        ("x\x1b[99999999999Cy\x1b[1Kz", "                   z"),
    ] {
        assert_eq!(plain(bytes.as_bytes()).trim_start(), left.trim_start(), "{bytes:?}");
    }
    let long = "x".repeat(500);
    assert_eq!(plain(format!("{long}\r\n").as_bytes()), format!("{long}\n"));
}

proptest! {
    /// A number is that number however it is written, and no other.
    #[test]
    fn numbers_are_compared_as_numbers(seen: u64, said: u64, zeros in 0usize..3) {
        let now = Snapshot { inside: Facts::from([(Fact::MemoryMax, number(seen))]), ..Snapshot::default() };
        let of = |key: &str, said: &str| expect(&format!("fact = 'memory.max'\non = 'inside'\n{key} = {said}"));
        let holds = |expect: &Expect| met(expect, &world(&now), &fill);
        let padded = format!("'{}{seen}'", "0".repeat(zeros));
        prop_assert!(holds(&of("is", &padded)));
        prop_assert_eq!(holds(&of("is", &format!("'{said}'"))), seen == said);
        prop_assert_eq!(holds(&of("is-not", &format!("'{said}'"))), seen != said);
        let said = said >> 1;
        prop_assert_eq!(holds(&of("at-least", &said.to_string())), seen >= said);
        prop_assert_eq!(holds(&of("at-most", &said.to_string())), seen <= said);
    }

    /// Both sides known: they are the same or they differ.
    #[test]
    fn sides_are_the_same_or_differ(outside in "[a-c]{1,2}", inside in "[a-c]{1,2}") {
        let now = Snapshot {
            outside: Facts::from([(Fact::Os, text(&outside))]),
            inside: Facts::from([(Fact::Os, text(&inside))]),
            ..Snapshot::default()
        };
        let same = met(&expect("fact = 'os'\nsides = 'same'"), &world(&now), &fill);
        let differ = met(&expect("fact = 'os'\nsides = 'differ'"), &world(&now), &fill);
        prop_assert_eq!((same, differ), (outside == inside, outside != inside));
    }

    /// What is typed at a prompt never meets the expectation that it prints.
    #[test]
    fn an_echo_is_no_output(typed in "[a-z ]{1,20}", at in 0usize..4) {
        let prompt = ["fora# ", "dentro# ", "outside# ", "inside# "][at];
        let printed = format!("{prompt}{typed}\n{prompt}");
        let now = Snapshot::default();
        let world = World { printed: ["", &printed], ..world(&now) };
        prop_assert!(!met(&expect("on = 'inside'\nprints = '.'"), &world, &fill));
        prop_assert!(met(&expect("on = 'inside'\nprints-not = '.'"), &world, &fill));
    }

    /// No bytes upset it, no control character is left over, and it grows no more than bytes may ask for.
    #[test]
    fn any_bytes_become_plain_text(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let left = plain(&bytes);
        prop_assert!(left.chars().all(|c| c == '\n' || !c.is_ascii_control()));
    }

    /// Text without control characters comes back line by line.
    #[test]
    fn text_comes_back_as_it_was(lines in proptest::collection::vec("[a-zà-ü#$/ ]{0,30}[a-z]", 0..5)) {
        let bytes = lines.join("\r\n");
        prop_assert_eq!(plain(bytes.as_bytes()), lines.join("\n"));
    }
}

/// A learner reads it in the words of the rows: no key, no number of seventeen digits.
#[test]
fn a_learner_is_told_by_the_rows() {
    let now = snapshot();
    let cases = [
        (
            "fact = 'hostname'\non = 'inside'\nis = 'x'",
            "inside hostname = x · now: caixa",
            "dentro hostname = x · agora: caixa",
        ),
        (
            "fact = 'memory.max'\non = 'inside'\nis = '33554432'",
            "inside memory.max = 32M · now: 33554432",
            "dentro memory.max = 32M · agora: 33554432",
        ),
        (
            "fact = 'seccomp'\non = 'inside'\nis = '2'",
            "inside Seccomp = 2: a filter · now: ?",
            "dentro Seccomp = 2: um filtro · agora: ?",
        ),
        (
            "fact = 'memory.oom-kills'\non = 'inside'\nat-least = 1",
            "inside oom_kill at least 1 · now: ?",
            "dentro oom_kill pelo menos 1 · agora: ?",
        ),
        (
            "fact = 'links'\non = 'inside'\ncontains = 'eth0'",
            "inside links with eth0 · now: lo veth0",
            "dentro interfaces com eth0 · agora: lo veth0",
        ),
        (
            "fact = 'hostname'\nsides = 'same'",
            "hostname the same outside and inside · now: vm · caixa",
            "hostname igual fora e dentro · agora: vm · caixa",
        ),
    ];
    for (keys, en, pt_br) in cases {
        let said = |lang| of_rows(&expect(keys), &world(&now), &fill, lang);
        assert_eq!(said(Lang::En).as_deref(), Some(en), "{keys}");
        assert_eq!(said(Lang::PtBr).as_deref(), Some(pt_br), "{keys}");
    }
    assert_eq!(of_rows(&expect("box = 'ended'"), &world(&now), &fill, Lang::En), None);
}
