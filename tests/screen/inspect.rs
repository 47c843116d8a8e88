//! Looking around on the machine, as text: the tree, a portrait, what covers them, and the table of keys.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use unha::course::inspect::{Inspection, Look as Seen, Subject, Touch, View};
use unha::course::text::Lang;
use unha::course::{Namespaces, Tree};
use unha::screen::inspect::{draw, touch};
use unha::screen::{Colours, Glyphs, Look, Theme, Wish};

use super::inspected::{self, on, portrait, subject, tree, with_shell};
use super::show;

const SIZES: [(u16, u16); 2] = [(80, 24), (200, 60)];

pub fn cells(on: &mut Inspection, look: &Look, (width, height): (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("no input or output");
    // What is drawn first tells how far it can be scrolled.
    for _ in 0..2 {
        terminal.draw(|frame| draw(frame, on, look)).expect("no input or output");
    }
    terminal.backend().buffer().clone()
}

fn text(on: &mut Inspection, size: (u16, u16)) -> String {
    show::letters(&cells(on, &show::look(Wish::default(), "xterm-256color"), size))
}

fn pictures(name: &str, of: impl Fn(Lang, (u16, u16)) -> Inspection) {
    for lang in Lang::ALL {
        for size in SIZES {
            let (width, height) = size;
            insta::assert_snapshot!(format!("inspect-{name}-{lang}-{width}x{height}"), text(&mut of(lang, size), size));
        }
    }
}

#[test]
fn the_tree() {
    pictures("tree", |lang, _| on(lang));
}

#[test]
fn a_portrait() {
    pictures("portrait", |lang, _| portrait(lang));
}

#[test]
fn one_that_has_ended() {
    pictures("ended", |lang, _| {
        let mut on = portrait(lang);
        let mut tree = tree();
        tree.groups.drain(..2);
        on.seen(tree);
        on.looked(Seen::Ended(subject()));
        on
    });
}

#[test]
fn a_shell_and_the_question_before_it() {
    pictures("shell", with_shell);
    pictures("too-late", |lang, _| {
        let mut on = portrait(lang);
        on.looked(Seen::Ended(subject()));
        on.touch(Touch::Shell);
        on
    });
    pictures("refused", |lang, size| {
        let mut on = with_shell(lang, size);
        on.shell_ended(Err("There is no /bin/sh in this container.".to_owned()));
        on
    });
    pictures("question", |lang, _| {
        let mut on = portrait(lang);
        on.touch(Touch::Shell);
        on
    });
}

#[test]
fn a_starter_of_one() {
    pictures("starter", |lang, _| {
        let mut tree = tree();
        tree.groups[0].first.parent = 4700;
        tree.groups[0].ancestors = vec![4700, 1];
        let mut on = Inspection::of(Subject { pid: 4700, started: 9 }, lang);
        on.now = portrait(lang).now;
        on.seen(tree);
        on.looked(inspected::seen(Subject { pid: 4700, started: 9 }));
        on
    });
}

#[test]
fn what_the_words_mean() {
    pictures("words", |lang, _| {
        let mut on = portrait(lang);
        on.touch(Touch::Glossary);
        on
    });
    // It is scrolled by itself: what is below stays where it was.
    let mut on = portrait(Lang::En);
    on.touch(Touch::Glossary);
    text(&mut on, SIZES[0]);
    on.touch(Touch::End(false));
    assert_eq!((on.glossary.0, on.scroll), (on.glossary.1, 0));
    assert!(on.glossary.1 > 20, "{:?}", on.glossary);
    on.touch(Touch::Move(-1));
    on.touch(Touch::Page(-1));
    assert!(on.glossary.0 < on.glossary.1 - 10, "{:?}", on.glossary);
    on.touch(Touch::Close);
    assert_eq!((on.overlay, on.view), (None, View::Portrait));
}

#[test]
fn the_keys() {
    pictures("keys", |lang, _| {
        let mut on = on(lang);
        on.touch(Touch::Help);
        on
    });
}

#[test]
fn the_rest_of_a_portrait_is_scrolled_to_and_enter_ends_at_the_list() {
    let mut on = portrait(Lang::En);
    let mut seen = String::new();
    let mut pages = 0;
    while on.view == View::Portrait {
        seen += &text(&mut on, SIZES[0]);
        pages += 1;
        assert!(pages < 9, "{seen}");
        on.touch(Touch::Next);
    }
    for said in [
        "LIMITS",
        "48M/64M",
        "WHO SHARES WHAT",
        "net ipc",
        "with podman:sidecar (4790)",
        "HIGH",
        "engine-socket",
        "CIS Docker Benchmark 1.6.0, 5.32",
        "WHAT ISOLATES IT",
        "WHAT COULD NOT BE SEEN",
        "Enter ▸ back to the list",
    ] {
        assert!(seen.contains(said), "{said}\n{seen}");
    }
}

#[test]
fn nothing_to_show_says_why_and_what_to_do() {
    let mut on = Inspection::new(Lang::En);
    assert!(text(&mut on, SIZES[0]).contains("One moment"));
    on.seen(Tree { namespaces: Namespaces([1; 8]), ..Tree::default() });
    let picture = text(&mut on, SIZES[0]);
    assert!(picture.contains("no container runs") && picture.contains("unha run --uts"), "{picture}");
    on.seen(tree());
    on.touch(Touch::Find);
    "nobody".chars().for_each(|letter| drop(on.touch(Touch::Letter(Some(letter)))));
    let picture = text(&mut on, SIZES[0]);
    assert!(picture.contains("Nothing is called so.") && picture.contains("find: nobody"), "{picture}");
    let mut refused = inspected::on(Lang::En);
    refused.looked(Seen::Refused(subject(), "readlink(\"/proc/4711/ns/uts\") = EACCES".to_owned()));
    refused.touch(Touch::Next);
    let picture = text(&mut refused, SIZES[0]);
    assert!(picture.contains("may not be looked into") && picture.contains("sudo"), "{picture}");
}

#[test]
fn no_size_is_too_small_or_too_odd() {
    for size in [(1, 1), (20, 5), (59, 18), (60, 18), (61, 19), (119, 40), (120, 39), (120, 40), (150, 41), (400, 100)]
    {
        for lang in Lang::ALL {
            text(&mut on(lang), size);
            text(&mut portrait(lang), size);
            text(&mut with_shell(lang, size), size);
        }
    }
}

/// All that is told is told by words, in 16 colours, without any, and by the characters of every font.
#[test]
fn every_terminal_shows_it() {
    for wish in [
        Wish { colours: Some(Colours::None), glyphs: Some(Glyphs::Ascii), ..Wish::default() },
        Wish { colours: Some(Colours::Sixteen), glyphs: Some(Glyphs::Console), ..Wish::default() },
        Wish { theme: Some(Theme::Light), ..Wish::default() },
    ] {
        let look = show::look(wish, "xterm-256color");
        let tree = show::letters(&cells(&mut on(Lang::En), &look, SIZES[0]));
        let portrait = show::letters(&cells(&mut portrait(Lang::En), &look, SIZES[0]));
        assert!(
            tree.contains("podman:web") && portrait.contains("1 HIGH") && portrait.contains("OUTSIDE"),
            "{portrait}"
        );
        if wish.glyphs == Some(Glyphs::Ascii) {
            assert!(tree.is_ascii() && portrait.is_ascii(), "{tree}\n{portrait}");
        }
    }
}

fn key(code: KeyCode) -> Event {
    Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

#[test]
fn keys_mean_what_the_help_says() {
    let list = on(Lang::En);
    let wheel = |kind| Event::Mouse(MouseEvent { kind, column: 0, row: 0, modifiers: KeyModifiers::NONE });
    for (event, wanted) in [
        (key(KeyCode::Enter), Some(Touch::Next)),
        (key(KeyCode::Up), Some(Touch::Move(-1))),
        (key(KeyCode::Char(' ')), Some(Touch::Page(1))),
        (key(KeyCode::Left), Some(Touch::Fold(true))),
        (key(KeyCode::Char('/')), Some(Touch::Find)),
        (key(KeyCode::Char('!')), Some(Touch::Shell)),
        (key(KeyCode::Char('d')), Some(Touch::Glossary)),
        (key(KeyCode::Char('L')), Some(Touch::Language)),
        (key(KeyCode::F(1)), Some(Touch::Help)),
        (key(KeyCode::Char('q')), Some(Touch::Leave)),
        (Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)), Some(Touch::Leave)),
        (key(KeyCode::Char('x')), None),
        (wheel(MouseEventKind::ScrollDown), Some(Touch::Move(3))),
        (Event::Paste("! \r".to_owned()), None),
    ] {
        assert_eq!(touch(&event, &list), wanted, "{event:?}");
    }
    // While a name is typed letters are letters.
    let mut typing = on(Lang::En);
    typing.touch(Touch::Find);
    for letter in ['q', '!', 'L', '/', ' '] {
        assert_eq!(touch(&key(KeyCode::Char(letter)), &typing), Some(Touch::Letter(Some(letter))));
    }
    // In a shell all but the way back is the shell's.
    let shell = with_shell(Lang::En, SIZES[0]);
    assert_eq!(touch(&key(KeyCode::Char('q')), &shell), Some(Touch::Type(b"q".to_vec())));
    assert_eq!(touch(&key(KeyCode::Esc), &shell), Some(Touch::Type(b"\x1b".to_vec())));
    assert_eq!(touch(&key(KeyCode::F(2)), &shell), Some(Touch::Keyboard));
}
