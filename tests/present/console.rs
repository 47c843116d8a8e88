//! The presenter's console beside the talk: two real programs in two real terminals.

use std::process::Command;

use nix::sys::signal::Signal;
use unha::course::deck::{Deck, deck, embedded};
use unha::course::text::Lang;

use super::home::{Home, Who};
use super::terminal::{Terminal, key};

const SIZE: (u16, u16) = (80, 24);

fn stage(home: &Home, lang: Lang) -> Terminal {
    Terminal::open(home, SIZE, &["present", "--route", "full", "--lang", lang.tag()])
}

fn slides() -> Deck {
    deck(&embedded()).unwrap()
}

/// Waits until a console shows a slide at a point: its number, its notes, what comes next.
fn console_sees(console: &mut Terminal, deck: &Deck, slide: usize, point: usize) {
    let of = &deck.slides[slide];
    let face = of.face(Lang::PtBr);
    let number = format!("slide {}/{} · ponto {}/{}", slide + 1, deck.slides.len(), point + 1, of.points);
    let notes: String = face.note(point).split_whitespace().take(12).collect::<Vec<_>>().join(" ");
    let ahead = if point < of.last() {
        format!("A SEGUIR · ponto {}/{}", point + 2, of.points)
    } else {
        format!("A SEGUIR · slide {}", slide + 2)
    };
    console.until(format!("{number}: {notes}; {ahead}"), |screen| {
        screen.rows()[0].contains(&number) && screen.has(&notes) && screen.has(&ahead)
    });
}

fn stage_sees(stage: &mut Terminal, deck: &Deck, slide: usize) {
    let number = format!("{}/{}", slide + 1, deck.slides.len());
    stage.until(format!("slide {number}"), |screen| screen.rows()[0].trim_end().ends_with(&number));
}

/// It comes late, is killed midway, comes again, and is right each time; then it drives.
#[test]
fn killed_and_attached_again_midway_it_drives() {
    let home = Home::new(Who::Me);
    let deck = slides();
    let mut stage = stage(&home, Lang::PtBr);
    stage_sees(&mut stage, &deck, 0);
    stage.next_by(key::PAGE_DOWN);
    stage_sees(&mut stage, &deck, 1);
    let mut console = Terminal::open(&home, SIZE, &["notes"]);
    console_sees(&mut console, &deck, 1, 0);
    console.signal(Signal::SIGKILL);
    console.until_ended();
    // The talk does not notice.
    stage.next_by(key::PAGE_DOWN);
    stage_sees(&mut stage, &deck, 2);
    stage.next_by(key::PAGE_DOWN);
    stage.until_has("Ficam de fora: seccomp");
    let mut console = Terminal::open(&home, SIZE, &["notes"]);
    console_sees(&mut console, &deck, 2, 1);
    console.next_by(key::PAGE_DOWN);
    console_sees(&mut console, &deck, 2, 2);
    stage.until_has("Mas é de verdade");
    console.press(key::PAGE_UP);
    console_sees(&mut console, &deck, 2, 1);
    // Blank and shown again, to a slide by its number, the clock stopped.
    console.press("b");
    stage.until("a blank stage", |screen| screen.rows().concat().trim().is_empty());
    console.until_has("O PALCO ESTÁ APAGADO");
    console.press("b");
    stage_sees(&mut stage, &deck, 2);
    console.press("g9");
    console.until("the slide is found", |screen| screen.bottom().contains("Enter ▸ 9 "));
    console.press(key::ENTER);
    stage_sees(&mut stage, &deck, 8);
    console_sees(&mut console, &deck, 8, 0);
    console.press("p");
    console.until_has("RELÓGIO PARADO");
    // It leaves alone, and gives its terminal back.
    console.press("q");
    assert!(console.until_ended().success());
    assert_eq!(console.not_given_back(), Vec::<&str>::new());
    stage.press("q");
    stage.until_has("Sair?");
    stage.press("q");
    assert!(stage.until_ended().success());
}

/// A step of a lesson: the question with its answer, the command and the checks, done from the console.
#[test]
fn a_step_from_the_console() {
    let home = Home::new(Who::Me);
    let deck = slides();
    let mut stage = stage(&home, Lang::PtBr);
    let opener = deck.opener("uts").unwrap();
    stage_sees(&mut stage, &deck, 0);
    let mut console = Terminal::open(&home, (100, 40), &["notes"]);
    console_sees(&mut console, &deck, 0, 0);
    console.press(&format!("g{}", opener + 1));
    console.until("the slide is found", |screen| screen.bottom().contains("UTS"));
    console.press(key::ENTER);
    stage_sees(&mut stage, &deck, opener);
    console.until("the lesson is next", |screen| screen.bottom().contains("abrir a lição"));
    console.next();
    console.until("the first step's question", |screen| screen.rows()[0].contains("passo 1/") && screen.has("◀ certa"));
    stage.until("the first step's question", |screen| screen.bottom().starts_with("PERGUNTA"));
    console.until("the box stands", |screen| screen.rows()[0].contains("PERGUNTA"));
    console.press("1");
    // A hand is counted, and there may be more.
    console.until("it is answered", |screen| screen.rows()[0].contains("PERGUNTA") && screen.has("[1]"));
    stage.until_has("a sala disse 1");
    console.next();
    console.until("it is done", |screen| screen.rows()[0].contains("FEITO") && screen.has("[x]") && !screen.has("[ ]"));
    stage.until("it is done", |screen| screen.bottom().starts_with("FEITO"));
}

/// It waits for a talk, follows it, says that it is over, waits for the next; of two it wants one named.
#[test]
fn it_waits_for_a_talk_and_chooses_none() {
    let home = Home::new(Who::Ordinary);
    let deck = slides();
    let mut console = Terminal::open(&home, SIZE, &["notes", "--lang", "pt-BR"]);
    console.until_has("Esperando uma palestra");
    let mut first = stage(&home, Lang::En);
    console_sees(&mut console, &deck, 0, 0);
    first.signal(Signal::SIGKILL);
    first.until_ended();
    console.until_has("A palestra terminou.");
    let mut second = stage(&home, Lang::En);
    console_sees(&mut console, &deck, 0, 0);
    let mut third = stage(&home, Lang::En);
    stage_sees(&mut third, &deck, 0);
    let mut chooses = Terminal::open(&home, SIZE, &["notes", "--lang", "en"]);
    chooses.until_has("2 talks are being given");
    assert_eq!(chooses.until_ended().code(), Some(2));
    let [second_pid, third_pid] = [&second, &third].map(|stage| format!("unha notes {}", stage.pid()));
    assert!(chooses.screen().has(&second_pid) && chooses.screen().has(&third_pid), "{}", chooses.screen());
    // The number is the talk's.
    let mut of_third = Terminal::open(&home, SIZE, &["notes", "--lang", "pt-BR", &third.pid().to_string()]);
    console_sees(&mut of_third, &deck, 0, 0);
    third.next();
    console_sees(&mut of_third, &deck, 1, 0);
    console_sees(&mut console, &deck, 0, 0);
    second.press("qq");
    assert!(second.until_ended().success());
    let left: Vec<_> = std::fs::read_dir(home.records()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy() == format!("talk-{}", second.pid())), "{left:?}");
}

#[test]
fn without_a_terminal_it_says_so() {
    let output = Command::new(env!("CARGO_BIN_EXE_unha")).args(["notes", "--lang", "en"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("this is no terminal"));
}
