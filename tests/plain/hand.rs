//! Practice by hand through a pipe: goals as lines, what is wrong said once, hints, lines put in order, a fresh bench.

use unha::course::text::Lang;

use super::home::Who;
use super::listener::Listener;

/// A wrong way, a fresh bench and the right one, all at once, as from a file.
fn typed(who: Who, lang: Lang) {
    let mut listener = Listener::of(who, lang, &["uts/hand-typed"]);
    let script = match lang {
        Lang::En => {
            "! hostname caixa\n! true\nhint\nfresh\nin unshare --uts sh\nhostname x\n! hostname caixa\npast\n\n"
        }
        Lang::PtBr => {
            "! hostname caixa\n! true\ndica\nnova\n! unshare --uts sh\nhostname x\nde hostname caixa\npassado\n\n"
        }
    };
    listener.types(script);
    listener.ends();
    assert!(listener.until_ended().success(), "{listener}");
    match lang {
        Lang::En => listener.heard_in_order(&[
            "Exercise 1 of 4. By hand now, with no help from unha: type these two lines.",
            "  unshare --uts sh",
            "Goal 1, open: a process of yours has a UTS namespace of its own.",
            "! LINE: types it into the shell. Enter: go on without this exercise.",
            "Typed: hostname caixa",
            "But: It is outside that is called caixa now",
            "Outside: hostname is now caixa.",
            "Typed: true",
            "Hint 1 of 2: ! and a line types it into the shell.",
            "Exercise 1 of 4.",
            "Typed: unshare --uts sh",
            "Goal 1 is reached: a process of yours",
            "Inside: hostname is now bench. Outside: unchanged, bench.",
            "ns uts: now different.",
            "I do not know the word hostname. A line for the shell begins with !,",
            "Goal 2 is reached: there the name is caixa",
            "hostname: outside bench, inside caixa. Different.",
            "Why: unshare(1) made the call",
            "Enter: exercise 2 of 4.",
            "Exercise 1. By hand now",
            "Exercise 2 of 4.",
            "  unshare [gap] sh -c 'hostname pedra; exec sh'",
        ]),
        Lang::PtBr => listener.heard_in_order(&[
            "Exercício 1 de 4. Agora na unha, sem ajuda do unha: digite estas duas linhas.",
            "Objetivo 1, falta: um processo seu tem um namespace UTS só dele.",
            "Mas: Quem se chama caixa agora é o lado de fora",
            "Dica 1 de 2: ! e uma linha digita no shell.",
            "Objetivo 1, alcançado: um processo seu",
            "Objetivo 2, alcançado: lá o nome é caixa",
            "hostname: fora bancada, dentro caixa. Diferente.",
            "Por quê: unshare(1) fez a chamada",
            "Enter: exercício 2 de 4.",
            "  unshare [lacuna] sh -c 'hostname pedra; exec sh'",
        ]),
    }
    let wrong = lang.pick("But: ", "Mas: ");
    assert_eq!(listener.heard.iter().filter(|line| line.starts_with(wrong)).count(), 1, "said once\n{listener}");
    listener.heard_only_text();
}

#[test]
fn an_exercise_is_done_by_lines_alone() {
    typed(Who::Me, Lang::En);
}

#[test]
fn likewise_by_hand_in_portuguese_by_somebody_without_any_rights() {
    typed(Who::Ordinary, Lang::PtBr);
}

/// The hints to their end, and the line that the last one puts at the prompt, run or replaced.
#[test]
fn what_a_hint_puts_at_the_prompt_is_run_by_one_sign() {
    let mut listener = Listener::of(Who::Me, Lang::En, &["uts/hand-gap"]);
    listener.hears();
    let says = |listener: &mut Listener, line: &str, wanted: &str| {
        let said = listener.asks(line);
        assert!(said.iter().any(|said| said.contains(wanted)), "{line}: {wanted}\n{listener}");
    };
    says(&mut listener, "hint", "Hint 1 of 3: ");
    says(&mut listener, "h", "Hint 2 of 3: ");
    says(&mut listener, "h", "Hint 3 of 3: unshare --u[gap] sh");
    listener.types("h\n");
    listener.hears();
    let at_the_prompt = "At the prompt, not run: unshare --uts sh -c 'hostname pedra; exec sh'";
    assert!(listener.heard(at_the_prompt), "{listener}");
    says(&mut listener, "! echo $((40 + 2))", "The shell prints: 42");
    says(&mut listener, "h", at_the_prompt);
    says(&mut listener, "!", "Enter: exercise 3 of 4.");
    listener.heard_in_order(&["Typed: unshare --uts sh -c", "Goal 1 is reached: ", "Goal 2 is reached: "]);
    listener.heard_only_text();
}

/// Numbers choose; a wrong order is run as the right one is, and what came of it is the kernel's word.
#[test]
fn lines_are_put_in_order_by_their_numbers() {
    let mut listener = Listener::of(Who::Me, Lang::En, &["uts/hand-order"]);
    let said = listener.hears();
    assert!(said.contains(&"1: hostname terra".to_owned()), "as the test knows them\n{listener}");
    assert!(said.contains(&"2: hostname lua".to_owned()), "as the test knows them\n{listener}");
    assert!(said.last().unwrap().starts_with("1 to 3: the line that comes next. "), "{said:?}");
    for number in ["2", "1", "3"] {
        listener.asks(number);
    }
    assert!(listener.heard("Your order: 1. hostname lua 2. hostname terra 3. unshare --uts sh"), "{listener}");
    assert!(listener.heard.last().unwrap().ends_with("Enter: run the lines in this order."), "{listener}");
    let said = listener.asks("");
    for wanted in [
        "Typed: hostname lua",
        "Goal 1 is reached: outside is called terra.",
        "But: Two namespaces, one name",
        "The lines ran in this order, and did not lead there.",
    ] {
        assert!(said.iter().any(|said| said.starts_with(wanted)), "{wanted}\n{listener}");
    }
    // The first one is taken out and comes last; a bench on which nothing was done is made for it.
    listener.asks("2");
    let said = listener.asks("2");
    assert!(said.contains(&"Your order: 1. hostname terra 2. unshare --uts sh 3. hostname lua".to_owned()), "{said:?}");
    let said = listener.asks("");
    assert!(said.last().unwrap().ends_with("Enter: exercise 4 of 4."), "{listener}");
    assert!(said.iter().any(|said| said.starts_with("Goal 2 is reached: ")), "{listener}");
    listener.heard_only_text();
}

#[test]
fn an_exercise_is_skipped_and_the_challenge_is_one_word_away() {
    let mut listener = Listener::of(Who::Me, Lang::PtBr, &["uts/hand-typed"]);
    listener.hears();
    let said = listener.asks("");
    assert_eq!(said[0], "Nem todo objetivo foi alcançado. Enter de novo segue sem ele.", "{listener}");
    let said = listener.asks("");
    assert!(said.iter().any(|line| line.starts_with("Exercício 2 de 4.")), "{listener}");
    let said = listener.asks("desafio");
    assert!(said.iter().any(|line| line.starts_with("Exercício 4 de 4.")), "{listener}");
    // By a way of one's own, and it runs on.
    let said = listener.asks("! unshare --uts sh -c 'hostname ilha; exec sleep 600'");
    assert!(said.iter().any(|line| line.starts_with("Por quê: Uma flag e um nome")), "{listener}");
    assert!(said.last().unwrap().ends_with("Enter: próxima lição: pid."), "{listener}");
    listener.heard_only_text();
}
