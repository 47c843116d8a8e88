//! Whole lessons by lines alone: answered right and wrong, done by Enter and by hand, live and recorded.

use std::thread;

use unha::course::text::Lang;

use super::home::{Home, Who};
use super::listener::Listener;
use super::refuse::refuse_everything;
use super::skip::{Why, skip};

/// Does a lesson by what is said alone: answers every question with this number, and otherwise does what Enter does.
fn walks(listener: &mut Listener, answer: &str, until: &str) {
    let mut said = listener.hears();
    while !said.last().is_some_and(|line| line.contains(until)) {
        let asks = said.last().is_some_and(|line| line.contains(listener.lang.pick("your answer", "a sua resposta")));
        said = listener.asks(if asks { answer } else { "" });
    }
}

fn uts(who: Who, lang: Lang) {
    let mut listener = Listener::of(who, lang, &["uts"]);
    walks(&mut listener, "2", lang.pick("Enter: exercise 1 of 4.", "Enter: exercício 1 de 4."));
    match lang {
        Lang::En => listener.heard_in_order(&[
            "Lesson 1, uts: a name of its own.",
            "Step 1 of 6.",
            "2: the same as outside",
            "1 to 3: your answer. Enter: skip the question.",
            "You said 2, the same as outside.",
            "Enter: turn on UTS.",
            "hostname: bench, the same outside and inside.",
            "ns uts: now different. Outside ",
            "You said 2, the same as outside. That is it.",
            "Why: A new namespace starts as a copy",
            "System call: unshare(CLONE_NEWUTS) = 0",
            "Enter: step 2 of 6.",
            "Typed inside: hostname yabadabadoo",
            "Inside: hostname is now yabadabadoo. Outside: unchanged, bench.",
            "Outside: hostname is now bedrock. Inside: unchanged, yabadabadoo.",
            "Inside: hostname is now caixa. Outside: unchanged, bedrock.",
            "You said 2, two. It is 3, three.",
            "ns uts: now the same outside and inside, ",
            "In Docker's words: docker run --hostname caixa alpine hostname",
        ]),
        Lang::PtBr => listener.heard_in_order(&[
            "Lição 1, uts: um nome só seu.",
            "Passo 1 de 6.",
            "1 a 3: a sua resposta. Enter: pular a pergunta.",
            "hostname: bancada, igual fora e dentro.",
            "ns uts: agora diferente. Fora ",
            "Digitado dentro: hostname yabadabadoo",
            "Dentro: hostname agora é yabadabadoo. Fora: sem mudança, bancada.",
            "Você disse 2, dois. Deu 3, três.",
            "Nas palavras do Docker: docker run --hostname caixa alpine hostname",
        ]),
    }
    listener.heard_only_text();
    listener.types("q\n");
    assert!(listener.until_ended().success(), "{listener}");
    // The progress is the course's own: whoever comes back goes on.
    let home = std::mem::replace(&mut listener.home, Home::new(who));
    let mut back = Listener::at(home, lang, &[]);
    back.hears();
    assert!(
        back.heard.iter().any(|line| line.contains(lang.pick("1: uts, a name of its own.", "1: uts, um nome só seu."))
            && line.ends_with(lang.pick("Done.", "Feito."))),
        "{back}"
    );
}

#[test]
fn a_lesson_is_done_by_lines_alone() {
    uts(Who::Me, Lang::En);
}

#[test]
fn likewise_in_portuguese_by_somebody_without_any_rights() {
    uts(Who::Ordinary, Lang::PtBr);
}

/// All lines at once, as from a file: none is taken before its time.
#[test]
fn a_script_is_understood_as_a_person_would_be() {
    let mut listener = Listener::of(Who::Me, Lang::PtBr, &["0"]);
    let script = "\
dentro echo oi

1

hostnaem x
xyz
d
2

in cat
eu de novo
de minhas palavras
de ^D
dentro seq 2000
nova
s

ir uts/2
";
    listener.types(script);
    listener.ends();
    assert!(listener.until_ended().success(), "{listener}");
    listener.heard_in_order(&[
        "Lição 0, nada: um processo e mais nada.",
        // Done by hand: the kernel is asked, not the script.
        "Digitado dentro: echo oi",
        "Dentro mostra: oi",
        "Por quê: Dois shells de verdade",
        "Passo 2 de 4.",
        "Você disse 1, só dentro.",
        "Enter: digitar \"sleep 600 &\" dentro.",
        "Você disse 1, só dentro. Deu 2, nos dois.",
        "Não conheço a palavra hostnaem.",
        "Não conheço a palavra xyz.",
        "O passo está feito.",
        "Isso não faz nada aqui.",
        "Passo 3 de 4.",
        "Digitado dentro: cat",
        "O comando ainda roda dentro. interromper: manda Ctrl-C a ele.",
        "Não conheço a palavra eu.",
        "  minhas palavras",
        "Dentro mostra 2000 linhas:",
        "(1580 linhas ficam de fora aqui)",
        "  2000",
        "Passo 3 de 4.",
        "Escolha um número, 1 ou 2, ou Enter de novo para pular a pergunta.",
        "Você pulou a pergunta.",
        "Lição 1, uts: um nome só seu.",
        "Passo 2 de 6.",
        "O seu progresso fica guardado.",
    ]);
    listener.heard_only_text();
}

#[test]
fn everything_else_is_said_on_request() {
    let mut listener = Listener::of(Who::Me, Lang::En, &["uts"]);
    listener.hears();
    let mut says = |line: &str, wanted: &str| {
        let said = listener.asks(line);
        assert!(said.iter().any(|line| line.contains(wanted)), "{line}: {wanted}\n{listener}");
        said
    };
    let help = says("help", "interrupt: sends Ctrl-C to the command that runs.");
    assert!(help.len() > 20, "{help:?}");
    says("hint", "Waiting for: ns uts not the same outside and inside; now: ");
    says("hint", "Type this: in hostname");
    says("in hostname foo", "Outside and inside: hostname is now foo.");
    says("values", "hostname: foo, the same outside and inside.");
    says("code", "unshare(CloneFlags::CLONE_NEWUTS)");
    says("code all", "use ");
    says("words", "namespace: ");
    says("words cgroup", "(cgroups(7))");
    says("words nonsense", "The glossary does not have nonsense.");
    says("3", "You said 3, a random one.");
    says("", "You said 3, a random one. It is 2, the same as outside.");
    says("syscalls", "unshare(CLONE_NEWUTS) = 0");
    says("past", "You said 3, a random one. It is 2, the same as outside.");
    says("repeat", "Why: A new namespace starts as a copy");
    says("", "Step 2 of 6.");
    says("in exit 3", "The box ended, exit 3: a container lives as long as its first process.");
    says("", "The box runs again.");
    says("features", "2: pid, process numbers: off");
    says("2", "pid, process numbers: on.");
    says("", "This is off the script. The box has: UTS, PID.");
    says("in echo $$", "Inside prints: 1");
    says("", "Back on the script.");
    says("in true", "Typed inside: true");
    says("back", "Going back builds everything anew, and what you typed is lost.");
    says("no", "Enter: ");
    says("back", "close: stays.");
    says("", "Step 1 of 6.");
    says("route", "The short route is walked");
    says("route", "Every step is walked");
    says("language", "Passo 1 de 6.");
    says("língua", "Step 1 of 6.");
    says("go nowhere", "There is no lesson or step nowhere.");
    says("uts", "go uts goes there");
    says("machine", "This machine: root ");
    says("agenda", "20: all, and what a real engine adds.");
    says("99", "There is no lesson or step 99.");
    says("back", "A number goes to that lesson.");
    says("4", "Lesson 4, cgroup: this far and no further.");
    listener.types("quit\n");
    assert!(listener.until_ended().success(), "{listener}");
    assert!(listener.heard("Your progress is kept."), "{listener}");
    listener.heard_only_text();
}

#[test]
fn a_limit_is_turned_by_a_sign_and_told_as_the_kernel_has_it() {
    let mut listener = Listener::of(Who::Me, Lang::En, &["cgroup/3"]);
    listener.hears();
    let machine = listener.asks("machine");
    if !machine.iter().any(|line| line.contains("cgroup v")) {
        return skip("a_limit_is_turned_by_a_sign_and_told_as_the_kernel_has_it", Why::Cgroup);
    }
    listener.asks("2");
    for (line, wanted) in [
        ("", "memory.max is now 32M; in use "),
        ("+", "memory.max is now 64M; in use "),
        ("less", "memory.max is now 32M; in use "),
    ] {
        let said = listener.asks(line);
        assert!(said.iter().any(|said| said.starts_with(wanted)), "{line}: {wanted}\n{listener}");
    }
    listener.heard_only_text();
}

/// In a thread of its own, which is refused and nobody else.
#[test]
fn where_the_kernel_refuses_a_recording_is_told_and_says_so() {
    let walk = || {
        refuse_everything();
        let mut listener = Listener::of(Who::Ordinary, Lang::En, &["uts"]);
        let said = listener.hears();
        assert!(said.iter().any(|line| line.starts_with("The kernel refused this step.")), "{listener}");
        assert!(said.last().unwrap().ends_with("Enter: go on with the recording."), "{listener}");
        listener.types("\n");
        walks(&mut listener, "2", "step 2 of 6.");
        listener.heard_in_order(&[
            "Why: ",
            "What you can do, best first:",
            "go on with the recording",
            "RECORDED 20",
            "Step 1 of 6.",
            "Enter: turn on UTS.",
            "Typed inside: hostname",
            "Inside prints: ",
            "ns uts: now different.",
            "That is it.",
        ]);
        let said = listener.asks("in hostname");
        assert!(said[0].starts_with("This is a recording"), "{said:?}");
        listener.heard_only_text();
    };
    thread::spawn(walk).join().unwrap();
}

#[test]
fn a_terminal_that_can_only_print_gets_lines_and_is_told_why() {
    let mut listener = Listener::at_terminal(Home::new(Who::Me), Lang::En);
    let said = listener.hears();
    assert!(said[0].starts_with("TERM=dumb: this terminal can only print"), "{listener}");
    let said = listener.asks("uts");
    assert!(said.iter().any(|line| line.contains("go uts goes there")), "{listener}");
    let said = listener.asks("go uts");
    assert!(said.iter().any(|line| line.contains("Step 1 of 6.")), "{listener}");
    // Who types sees what they type already.
    let said = listener.asks("in hostname bar");
    assert!(!said.iter().any(|line| line.starts_with("Typed inside")), "{said:?}");
    listener.asks("2");
    let said = listener.asks("");
    assert!(said.iter().any(|line| line.trim_end() == "Typed inside: hostname"), "what the course types: {said:?}");
    // Ctrl-C is for the command, as long as one holds the shell.
    let said = listener.asks("in sleep 100");
    assert!(said.iter().any(|line| line.contains("still runs")), "{said:?}");
    listener.types("\x03");
    listener.hears();
    let said = listener.asks("in echo still here");
    assert!(said.iter().any(|line| line.trim_end() == "Inside prints: still here"), "{said:?}\n{listener}");
    listener.types("quit\n");
    let end = listener.until_ended();
    for line in &mut listener.heard {
        // The terminal's own: a return before each new line.
        *line = line.trim_end_matches('\r').to_owned();
    }
    assert!(end.success(), "{end}\n{listener}");
    listener.heard_only_text();
}
