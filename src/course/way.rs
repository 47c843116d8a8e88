//! The ways out of a failure, best first: what the failure pane offers and `Choose` picks from.

use super::event::{Cause, Failure};
use super::mend;
use super::portuguese::plainly;
use super::reason::why;
use super::talk::{Talk, View};
use super::text::Lang;

/// One way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Leave, and start again as root.
    Root,
    /// Leave, and mend it by the line that does.
    Mend,
    /// Leave, and start in a container that may.
    Docker,
    /// Go on with the recording of the lesson.
    Recorded,
    /// Try once more.
    Again,
    /// Leave this step out.
    Skip,
    /// Write down what this machine can do, for whoever helps.
    Help,
    /// Choose another lesson.
    Agenda,
}

/// The ways out that there are now.
#[must_use]
pub fn ways(talk: &Talk) -> Vec<Way> {
    let cause = talk.failure.as_ref().map(|failure| failure.cause);
    // What a lesson leaves out on a real machine as an ordinary user, root may do.
    let on_host = cause == Some(Cause::NotOnHost);
    let (root, elsewhere) = match cause {
        Some(Cause::Reason(reason)) => (mend::root_helps(reason), mend::elsewhere_helps(reason)),
        Some(Cause::NotOnHost) => (talk.step().host.refused.is_none(), false),
        Some(Cause::Wanted | Cause::InTheWay) => (false, false),
        Some(Cause::Other) | None => (true, false),
    };
    let root = (root && !talk.machine.root).then_some(Way::Root);
    // One line that mends it is enough: where root is, another would be more than is needed.
    let mends = (root.is_none() && command(Way::Mend, talk).is_some()).then_some(Way::Mend);
    let docker = (elsewhere && talk.about.docker).then_some(Way::Docker);
    let recorded = talk.recording().filter(|_| !on_host).map(|_| Way::Recorded);
    let first = [root, mends, docker, recorded].into_iter().flatten();
    // What a lesson leaves out it leaves out the next time too, and nobody can help.
    let rest = [Way::Skip, Way::Again, Way::Help, Way::Agenda];
    first.chain(rest.into_iter().filter(|way| !on_host || matches!(way, Way::Skip | Way::Agenda))).collect()
}

/// The way out that is chosen, where there is a failure.
#[must_use]
pub fn chosen(talk: &Talk) -> Option<Way> {
    let View::Failure { chosen } = talk.view else { return None };
    ways(talk).get(chosen).copied()
}

/// What is to be typed in a shell after leaving, where that is the way out.
#[must_use]
pub fn command(way: Way, talk: &Talk) -> Option<String> {
    match way {
        Way::Root => {
            let host = if talk.host { " --host" } else { "" };
            let verb = if talk.presenting.is_some() { " present" } else { "" };
            Some(format!("sudo unha{host}{verb}"))
        }
        Way::Docker => Some("unha vm docker".to_owned()),
        Way::Mend => mend::line(&talk.failure.as_ref()?.because()?, &talk.about),
        Way::Recorded | Way::Again | Way::Skip | Way::Help | Way::Agenda => None,
    }
}

/// What a way out does, in words.
#[must_use]
pub fn does(way: Way, talk: &Talk, lang: Lang) -> String {
    if let Some(line) = command(way, talk) {
        return format!("{}: {line}", lang.pick("leave, then", "sair e rodar"));
    }
    let (en, pt_br) = match way {
        Way::Agenda if talk.presenting.is_some() => ("back to the slides", "voltar aos slides"),
        Way::Recorded => ("go on with the recording", "seguir com a gravação"),
        Way::Again => ("try again", "tentar de novo"),
        Way::Skip => ("leave this step out", "deixar este passo de lado"),
        Way::Help => ("ask for help", "pedir ajuda"),
        Way::Agenda | Way::Root | Way::Mend | Way::Docker => ("back to the agenda", "voltar à agenda"),
    };
    lang.pick(en, pt_br).to_owned()
}

/// Why a step could not be built, a sentence each.
#[must_use]
pub fn reasons(talk: &Talk, failure: &Failure, lang: Lang) -> Vec<String> {
    let message = plainly(&failure.message, lang);
    let in_the_way = lang.pick(
        "This step makes a file outside, and outside is your machine: one of that name is there already.",
        "Este passo cria um arquivo do lado de fora, e fora é a sua máquina: já existe um com esse nome.",
    );
    let known = match failure.cause {
        Cause::NotOnHost => talk.refusal().map(|why| why.get(lang)),
        Cause::InTheWay => Some(in_the_way),
        _ => failure.because().map(|because| why(because.reason, lang)),
    };
    let Some(known) = known else { return vec![message] };
    let says_more = failure.call.is_none() && failure.seen.is_empty() && !message.is_empty();
    std::iter::once(known.to_owned()).chain(says_more.then_some(message)).collect()
}

/// What to know of a way out.
#[must_use]
pub const fn note(way: Way, lang: Lang) -> &'static str {
    let (en, pt_br) = match way {
        Way::Root => ("all lessons; may ask for a password", "todas as lições; pode pedir senha"),
        Way::Mend => ("mends it on this system", "resolve neste sistema"),
        Way::Docker => ("you may use docker; all lessons", "você pode usar docker; todas as lições"),
        Way::Recorded => ("no rights needed; it says RECORDED", "sem privilégio; a tela diz GRAVADO"),
        Way::Again => ("builds the step once more", "monta o passo mais uma vez"),
        Way::Skip => ("goes on with the next one", "segue com o próximo"),
        Way::Help => ("writes doctor.txt, no secrets in it", "grava doctor.txt, sem segredos"),
        Way::Agenda => ("choose another lesson", "escolha outra lição"),
    };
    lang.pick(en, pt_br)
}
