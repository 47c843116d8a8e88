//! The play as it is seen: both languages, the sizes, other tools' words, and what cannot be had.

use std::collections::{BTreeMap, BTreeSet};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use unha::course::event::{Cause, Ended, Failure};
use unha::course::lesson::Limit;
use unha::course::play::{Choice, Cover, Line, Pane, Play, Press, Said, Written};
use unha::course::talk::Machine;
use unha::course::text::{Lang, Text};
use unha::course::{Because, Fact, Facts, Feature, Reason, Side, Snapshot, Value};
use unha::kernel::doctor::What;
use unha::screen::{Colours, Glyphs, Look, Theme, Wish, play};

use super::{show, talks, themes};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn facts(inside: bool, lang: Lang) -> Facts {
    let pick = |yes: &str, no: &str| talks::words(if inside { yes } else { no });
    let list =
        |items: &[&str]| unha::course::Reading::Value(Value::List(items.iter().map(ToString::to_string).collect()));
    BTreeMap::from([
        (Fact::Hostname, pick(lang.pick("box", "caixa"), lang.pick("bench", "bancada"))),
        (Fact::Pid, talks::number(if inside { 1 } else { 7 })),
        (Fact::Processes, talks::number(if inside { 2 } else { 5 })),
        (Fact::Mounts, talks::number(31)),
        (Fact::Os, pick("unha", "Debian GNU/Linux 13")),
        (Fact::NsIpc, talks::number(4_026_531_839)),
        (Fact::Links, if inside { list(&["lo"]) } else { list(&["lo", "eth0"]) }),
        (Fact::Uid, talks::number(0)),
        (Fact::Cgroup, talks::words("/unha-4711/box")),
        (Fact::Uptime, talks::number(7_440)),
        (Fact::CapEff, list(&["CAP_CHOWN", "CAP_KILL", "CAP_SETUID"])),
        (Fact::NoNewPrivs, talks::number(0)),
        (Fact::Seccomp, talks::number(0)),
        (Fact::PidsMax, talks::number(15)),
        (Fact::PidsNow, talks::number(3)),
        (Fact::MemoryMax, talks::words("max")),
        (Fact::MemoryNow, talks::number(5 << 20)),
        (Fact::CpuMax, talks::words("max")),
        (Fact::CpuNow, talks::number(0)),
        (Fact::CpuWeight, talks::number(100)),
        (Fact::IoMax, talks::words("max")),
        (Fact::IoNow, talks::number(0)),
        (Fact::NetRate, talks::words("max")),
        (Fact::NetNow, talks::number(0)),
        (Fact::Frozen, talks::number(0)),
    ])
}

fn at(play: &mut Play, line: Line) {
    play.at = Line::ALL.iter().position(|known| *known == line).expect("a line");
}

/// A play with five features and a limit, on a machine without clocks of one's own.
fn playing(lang: Lang) -> Play {
    let machine = Machine { root: true, namespaces: Ok(()), cgroup: Ok(2), rootfs: Ok(()) };
    let no = Because { reason: Reason::NotInKernel, call: None, seen: vec![] };
    let mut play = Play::new(lang, machine, BTreeMap::from([(What::Time, no)]), (80, 24));
    let lines = [Feature::Uts, Feature::Pid, Feature::Rootfs, Feature::Net].map(Line::Feature);
    let lines = lines.into_iter().chain([Line::Lo, Line::Limit(Limit::Pids)]);
    let none = Choice { lang, ..Choice::default() };
    play.roots = vec!["unha".into(), "debian".into()];
    play.begin(lines.fold(none, |choice, line| choice.switched(line, true, None).0));
    play.talk.box_runs = true;
    play.talk.now = Snapshot { machine: Facts::new(), outside: facts(false, lang), inside: facts(true, lang) };
    let [outside, inside] = [lang.pick("outside# ", "fora# "), lang.pick("inside# ", "dentro# ")];
    play.talk.shells = [talks::shell(outside), talks::shell(&format!("{inside}hostname\r\nbox\r\n{inside}"))];
    play.talk.names.insert("pid".into(), "7".into());
    play.take(unha::course::event::Event::BoxStarted(BTreeMap::new()));
    let docker = "docker run --rm -it --hostname box --network none \\\n  --pids-limit 15 \\\n  image sh\n";
    let script =
        "#!/bin/sh -e\nunshare --uts --pid --fork --mount --net sh -c '\n  hostname box\n  exec chroot /root sh'\n";
    let lacks = Text::both("It has no time namespace.", "Ele não tem time namespace.");
    play.texts = BTreeMap::from([
        (Pane::Docker, Written { text: docker.into(), lacks: vec![lacks] }),
        (Pane::Script, Written { text: script.into(), lacks: vec![] }),
    ]);
    play
}

/// The play in a state that has a name.
fn named(name: &str, lang: Lang) -> Play {
    let mut play = playing(lang);
    match name {
        "switches" => at(&mut play, Line::Feature(Feature::Pid)),
        "limits" => at(&mut play, Line::Limit(Limit::Pids)),
        "text" => play.pane = Pane::Docker,
        "script" => play.pane = Pane::Script,
        "greyed" => at(&mut play, Line::Offset),
        "along" => {
            let line = Line::Feature(Feature::Rootfs);
            play.said = Some(Said::Along { line, on: true, along: vec![Line::Feature(Feature::Mount)] });
        }
        "asked" => play.asked = Some(Choice { lang, ..Choice::default() }.switched(Line::Init, true, None).0),
        "ended" => {
            play.talk.box_runs = false;
            play.talk.ended = Some(Ended::Exit(3));
        }
        "typing" => play.talk.keyboard = Some(Side::Inside),
        "help" => play.cover = Some(Cover::Help),
        "calls" => {
            play.cover = Some(Cover::Calls);
            play.talk.journal = talks::whole_journal();
        }
        "leave" => play.cover = Some(Cover::Leave),
        "unmade" => {
            play.failure = Some(Failure {
                call: Some(talks::call("unshare", &["CLONE_NEWUSER"], Err("EPERM"))),
                before: vec![],
                message: String::new(),
                seen: vec![],
                cause: Cause::Reason(Reason::UsernsClone),
            });
        }
        other => panic!("no play is called {other}"),
    }
    play
}

const ALL: [&str; 13] = [
    "switches", "limits", "text", "script", "greyed", "along", "asked", "ended", "typing", "help", "calls", "leave",
    "unmade",
];

fn cells(play: &Play, look: &Look, (width, height): (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("no input or output");
    terminal.draw(|frame| play::draw(frame, play, look)).expect("no input or output");
    terminal.backend().buffer().clone()
}

fn text(play: &Play, size: (u16, u16)) -> String {
    show::letters(&cells(play, &show::look(Wish::default(), "xterm-256color"), size))
}

#[test]
fn pictures() {
    for (name, lang) in ALL.into_iter().flat_map(|name| Lang::ALL.map(|lang| (name, lang))) {
        let play = named(name, lang);
        let sizes = if ["switches", "limits", "text"].contains(&name) { &SIZES[..] } else { &SIZES[..1] };
        for (width, height) in sizes {
            insta::assert_snapshot!(format!("play-{name}-{lang}-{width}x{height}"), text(&play, (*width, *height)));
        }
    }
}

#[test]
fn fonts_without_the_glyphs() {
    for (name, glyphs) in [("console", Glyphs::Console), ("ascii", Glyphs::Ascii)] {
        let look = show::look(Wish { glyphs: Some(glyphs), ..Wish::default() }, "xterm");
        let screen = show::letters(&cells(&named("limits", Lang::PtBr), &look, (80, 24)));
        assert!(glyphs != Glyphs::Ascii || screen.is_ascii(), "{screen}");
        insta::assert_snapshot!(format!("play-{name}"), screen);
    }
}

#[test]
fn each_letter_stands_off_its_ground() {
    let mut faint = BTreeSet::new();
    for name in ALL {
        let play = named(name, Lang::En);
        for (theme, colours) in [Theme::Dark, Theme::Light]
            .into_iter()
            .flat_map(|theme| [(theme, Colours::Full), (theme, Colours::Indexed)])
        {
            for asked in [None, Some(false), Some(true)] {
                let wanted = if asked == Some(true) { 7.0 } else { 4.5 };
                let screen = cells(&play, &themes::look(asked, theme, colours), (120, 40));
                for cell in screen.content.iter().filter(|cell| cell.symbol() != " ") {
                    let [ink, ground] = themes::seen(cell, theme);
                    let found = themes::contrast(ink, ground);
                    if found < wanted || cell.modifier.contains(Modifier::DIM) {
                        faint.insert(format!("{name} {theme:?}, {asked:?}: {:?} on {:?}", cell.fg, cell.bg));
                    }
                }
            }
        }
    }
    assert!(faint.is_empty(), "{faint:#?}");
}

#[test]
fn nothing_is_told_by_colour_alone() {
    let plain = show::look(Wish { colours: Some(Colours::None), ..Wish::default() }, "xterm");
    for name in ALL {
        let play = named(name, Lang::En);
        let cells = cells(&play, &plain, (80, 24));
        assert!(cells.content.iter().all(|cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset)));
        assert_eq!(show::letters(&cells), text(&play, (80, 24)));
    }
    let screen = text(&named("switches", Lang::En), (80, 24));
    assert!(screen.contains("[on ] uts") && screen.contains("[off] ipc"), "{screen}");
    assert!(text(&named("greyed", Lang::En), (80, 24)).contains("[---] time"));
}

/// Whatever is chosen is in view, with its row or its gauge, on the smallest screen too, and no size is too small to draw.
#[test]
fn the_chosen_line_is_always_in_view() {
    for (lang, size) in
        Lang::ALL.into_iter().flat_map(|lang| SIZES.into_iter().chain([(60, 18)]).map(move |s| (lang, s)))
    {
        let mut play = playing(lang);
        play.talk.size = size;
        for _ in Line::ALL {
            let screen = text(&play, size);
            let name = unha::course::play::words::name(play.line(), lang);
            let chosen: Vec<&str> = screen.lines().filter(|row| row.starts_with('▸')).collect();
            assert!(chosen.len() == 1 && chosen[0].contains(name), "{name}\n{screen}");
            play.press(Press::Move(1));
        }
    }
    for size in [(59, 18), (30, 5), (80, 17), (1, 1)] {
        text(&playing(Lang::En), size);
    }
}

/// What is said of each line fits on the narrowest usual screen.
#[test]
fn what_is_said_of_a_line_fits() {
    use unha::course::play::words::{about, name, setting};
    let mut long = vec![];
    for (lang, line) in Lang::ALL.into_iter().flat_map(|lang| Line::ALL.map(|line| (lang, line))) {
        let said = name(line, lang).chars().count() + 2 + about(line, lang).chars().count();
        if said > 77 {
            long.push(format!("{said}: {}", about(line, lang)));
        }
        let mut play = playing(lang);
        for turn in [None, Some(true), Some(false), Some(false), Some(false), Some(false)] {
            if let Some((next, _)) = turn.and_then(|up| play.choice.turned(line, up)) {
                play.choice = next;
            }
            let shown = setting(&play, line);
            if line.is_below() && shown.chars().count() > 10 {
                long.push(shown);
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}
