//! Whoever comes back another day is asked in lines too, and where nothing can be kept a line says so.

use std::fs;
use std::path::{Path, PathBuf};

use unha::course::lesson::Lesson;
use unha::course::progress::Progress;
use unha::course::talk::Answer;
use unha::course::text::Lang;
use unha::session::store;

use super::home::{Home, Who};
use super::listener::Listener;

/// A day long ago, wherever this machine is.
const THEN: u64 = 1_795_000_000;

fn file(home: &Home) -> PathBuf {
    let unha = home.unha();
    let folder = unha.get_envs().find_map(|(name, value)| value.filter(|_| name == "XDG_STATE_HOME"));
    PathBuf::from(folder.expect("a home has one")).join("unha/progress.json")
}

#[test]
fn who_comes_back_another_day_is_asked_in_lines() {
    let home = Home::new(Who::Me);
    let first = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/00-nothing.toml");
    let nothing: Lesson = toml::from_str(&fs::read_to_string(first).unwrap()).unwrap();
    let mut progress = Progress { schema: Progress::SCHEMA, at: THEN, ..Progress::default() };
    for step in &nothing.steps {
        let mark = progress.mark(&nothing.id, &step.id);
        mark.done = Some(THEN);
        (mark.answer, mark.answered) = (step.answer.map(Answer::Chose), THEN);
    }
    let last = nothing.steps.last().unwrap();
    let (truth, lang) = (last.answer.unwrap(), Lang::PtBr);
    progress.mark(&nothing.id, &last.id).answer = Some(Answer::Chose(truth % last.choices.len() + 1));
    fs::create_dir_all(file(&home).parent().unwrap()).unwrap();
    store::save(&file(&home), &progress).unwrap();

    let mut listener = Listener::at(home, lang, &[]);
    let said = listener.hears();
    assert!(said.contains(&"Antes de continuar: o que ficou?".to_owned()), "{listener}");
    assert!(said.iter().any(|line| line.starts_with("Pergunta 1 de 3, da lição 0, nada: ")), "{listener}");
    assert!(said.contains(&last.told(lang).to_owned()), "{listener}");
    assert!(said.last().unwrap().ends_with("a sua resposta. fechar: à agenda. Enter: pular a pergunta."), "{said:?}");
    let said = listener.asks(&truth.to_string());
    assert!(said[0].starts_with(&format!("Você disse {truth}, ")) && said[0].ends_with("É isso."), "{said:?}");
    assert_eq!(said[1], format!("Por quê: {}", last.why.get(lang)));
    assert!(said.last().unwrap().ends_with("Enter: a próxima pergunta."), "{said:?}");
    let said = listener.asks("");
    assert!(said.iter().any(|line| line.starts_with("Pergunta 2 de 3")), "{listener}");
    let said = listener.asks("fechar");
    assert!(said.iter().any(|line| line.starts_with("1: uts, ")), "the agenda was not heard before\n{listener}");
    listener.types("q\n");
    assert!(listener.until_ended().success(), "{listener}");
    listener.heard_only_text();
    let kept = store::load::<Progress>(&file(&listener.home)).unwrap().unwrap();
    assert_eq!(kept.lessons[&nothing.id][&last.id].answer, Some(Answer::Chose(truth)));
}

#[test]
fn what_cannot_be_kept_is_said_as_a_line() {
    let home = Home::new(Who::Me);
    fs::write(file(&home).parent().unwrap(), "no folder").unwrap();
    let mut listener = Listener::at(home, Lang::En, &[]);
    listener.hears();
    // The route is kept, or would be; why not is known a moment later.
    listener.asks("route");
    let not_kept = |line: &String| line.starts_with("Progress is not kept: ");
    while !listener.heard.iter().any(not_kept) {
        listener.hears();
    }
    listener.types("q\n");
    listener.until_ended();
    assert!(!listener.heard("Your progress is kept."), "{listener}");
    listener.heard_only_text();
}
