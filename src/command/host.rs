//! `unha --host`: the question before this very machine becomes the outside, and the list of what is different after.
//!
//! Asked once, with a word to type, for what can happen cannot always be undone. What is different is put back only on
//! a yes to that one line; what the course itself has typed it undoes itself, and says so.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use nix::unistd::{geteuid, gethostname};

use super::learn::Choice;
use crate::course::lesson::Lesson;
use crate::course::text::Lang;
use crate::kernel::host::Change;
use crate::kernel::record;
use crate::session::host::Host;

/// How a person answers.
pub type Ask<'a> = &'a mut dyn FnMut() -> Option<String>;

/// Asks whether this machine shall be the outside, and if so looks at it and writes down what it is like.
///
/// # Errors
/// That nobody is there to be asked, that the answer was no, or what could not be looked at: each a sentence.
pub fn begin(choice: &Choice, lessons: &[Lesson], lang: Lang) -> Result<Host, String> {
    if !is_asked() {
        return Err(lang
            .pick(
                "--host asks before it takes this machine as the outside, and here is no terminal to ask on\n\
                 Next: start it at a terminal, best in a VM that you can throw away",
                "--host pergunta antes de usar esta máquina como lado de fora, e aqui não há terminal para perguntar\n\
                 Tente: rode num terminal, de preferência numa VM que possa ser jogada fora",
            )
            .to_owned());
    }
    if !record::sweep(&record::folder(), true).hosts.is_empty() {
        return Err(lang
            .pick(
                "an earlier --host was killed, and nobody has decided on what it left on this machine\nNext: unha clean",
                "um --host anterior foi morto, e falta decidir sobre o que ele deixou nesta máquina\nTente: unha clean",
            )
            .to_owned());
    }
    let name = gethostname().map(|name| name.to_string_lossy().trim().to_owned()).unwrap_or_default();
    let word = if name.is_empty() { lang.pick("machine", "máquina").to_owned() } else { name };
    println!("{}", question(choice, &word, lang));
    print!("> ");
    let _ = io::stdout().flush();
    if typed().is_none_or(|line| line.trim() != word) {
        return Err(match lang {
            Lang::En => {
                format!("that is not `{word}`, so nothing was started\nNext: unha, without --host, has a bench")
            }
            Lang::PtBr => format!("isso não é `{word}`: nada foi iniciado\nTente: unha, sem --host, usa uma bancada"),
        });
    }
    let makes = lessons.iter().flat_map(|lesson| &lesson.steps).map(|step| step.host.makes.clone());
    let makes: Vec<Vec<PathBuf>> = makes.filter(|paths| !paths.is_empty()).collect();
    Host::take(makes).map_err(|error| match lang {
        Lang::En => format!("what this machine is like could not be written down, so nothing was started: {error}"),
        Lang::PtBr => format!("não deu para anotar como esta máquina está, então nada foi iniciado: {error}"),
    })
}

/// Whether somebody is there to be asked.
pub fn is_asked() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// A line from the terminal.
pub fn typed() -> Option<String> {
    let mut line = String::new();
    matches!(io::stdin().read_line(&mut line), Ok(1..)).then_some(line)
}

/// The question: a screenful at most, no line wider than a projector.
fn question(choice: &Choice, word: &str, lang: Lang) -> String {
    let theirs = choice.lessons.as_ref().map_or_else(String::new, |folder| {
        let folder = folder.display();
        match lang {
            Lang::En => format!("  - The lessons are from {folder}: their lines are typed here.\n"),
            Lang::PtBr => format!("  - As lições vêm de {folder}: as linhas delas são digitadas aqui.\n"),
        }
    });
    let user = if geteuid().is_root() { "" } else { lang.pick(NOT_ROOT, NOT_ROOT_PT_BR) };
    match lang {
        Lang::En => format!(
            "\
OUTSIDE WILL BE THIS MACHINE: {word}

There will be no bench. What is typed outside, by the course or by you, happens
to this machine:

  - The host name changes while lessons run.
  - Mounts, links and cgroups made outside, or leaking out of a box, are real.
  - `kill`, `rm`, `reboot` outside kill, remove and reboot. Nothing holds them.
  - Files below /tmp are written, and removed again.
{theirs}
What the course types it undoes at the end of each lesson. What you change is
listed when you leave, and put back only on your yes. Some steps are left out.
{user}
Best in a VM that you can throw away.
To go on, type the name of this machine: {word}"
        ),
        Lang::PtBr => format!(
            "\
FORA SERÁ ESTA MÁQUINA: {word}

Não haverá bancada. O que se digita fora, pelo curso ou por você, acontece
nesta máquina:

  - O nome da máquina muda durante as lições.
  - Montagens, interfaces e cgroups feitos fora, ou que vazem da caixa, são reais.
  - `kill`, `rm`, `reboot` fora matam, apagam e reiniciam. Nada os segura.
  - Arquivos em /tmp são gravados, e depois removidos.
{theirs}
O que o curso digita, ele desfaz no fim de cada lição. O que você mudar aparece
numa lista na saída e só volta ao que era se você disser que sim. Alguns passos
ficam de lado.
{user}
Melhor numa VM que se possa jogar fora.
Para seguir, digite o nome desta máquina: {word}"
        ),
    }
}

const NOT_ROOT: &str = "
You are not root: each box gets a user namespace, and the steps that rename the
machine, leak a mount or look into the overlay from outside are left out too.
";

const NOT_ROOT_PT_BR: &str = "
Você não é root: cada caixa ganha um user namespace, e também ficam de lado os
passos que renomeiam a máquina, vazam uma montagem ou olham o overlay de fora.
";

/// After the course: what is different, and for each difference whether to put it back.
pub fn end(host: Host, lang: Lang, ask: Option<Ask<'_>>) {
    let changes = host.difference();
    let line_of = |change: &Change| host.line_of(change).map(str::to_owned);
    if settle(&changes, &line_of, ask, lang) {
        host.settled();
    } else {
        let kept = lang.pick("Written down; later: unha clean", "Ficou anotado; depois: unha clean");
        let _ = writeln!(io::stdout(), "{kept}");
    }
}

/// Lists the differences and asks about each; false if nobody has answered, or something that was to be put back was not.
pub fn settle(
    changes: &[Change],
    line_of: &dyn Fn(&Change) -> Option<String>,
    ask: Option<Ask<'_>>,
    lang: Lang,
) -> bool {
    let mut out = io::stdout();
    let mut say = |line: &str| {
        // The window may be closed by now.
        let _ = writeln!(out, "{line}");
    };
    if changes.is_empty() {
        say(lang.pick("This machine is as it was at the start.", "Esta máquina está como no começo."));
        return true;
    }
    say(lang
        .pick("Different on this machine since the course began:", "Diferente nesta máquina desde o começo do curso:"));
    for change in changes {
        say(&format!("  {}", described(change, line_of(change).as_deref(), lang)));
    }
    let Some(ask) = ask else { return false };
    say(lang.pick(
        "Who did this cannot always be told. Only what you say yes to is put back.",
        "Nem sempre se sabe quem fez isso. Só volta ao que era o que você confirmar.",
    ));
    let mut all = true;
    for change in changes.iter().filter(|change| change.can_be_undone()) {
        let _ = write!(io::stdout(), "{} {} ", change.command(), lang.pick("[y/N]", "[s/N]"));
        let _ = io::stdout().flush();
        let Some(answer) = ask() else { return false };
        if !["y", "yes", "s", "sim"].contains(&answer.trim().to_lowercase().as_str()) {
            continue;
        }
        if let Err(error) = change.undo() {
            let _ = writeln!(io::stdout(), "  {}", super::words::plainly(&error.to_string(), lang));
            all = false;
        }
    }
    all
}

/// A difference and the command that would undo it, on a line.
fn described(change: &Change, typed: Option<&str>, lang: Lang) -> String {
    let what = match (change, lang) {
        (Change::Hostname { was, now }, Lang::En) => format!("host name {now} (was {was})"),
        (Change::Hostname { was, now }, Lang::PtBr) => format!("nome da máquina {now} (era {was})"),
        (Change::Mounted(mount), Lang::En) => {
            format!("mounted on {}: {} ({})", mount.point.display(), mount.source, mount.kind)
        }
        (Change::Mounted(mount), Lang::PtBr) => {
            format!("montado em {}: {} ({})", mount.point.display(), mount.source, mount.kind)
        }
        (Change::Unmounted(mount), Lang::En) => format!("no longer mounted on {}", mount.point.display()),
        (Change::Unmounted(mount), Lang::PtBr) => format!("não está mais montado em {}", mount.point.display()),
        (Change::Link(name), Lang::En) => format!("network link {name}"),
        (Change::Link(name), Lang::PtBr) => format!("interface de rede {name}"),
        (Change::Cgroup(dir), Lang::En) => format!("empty cgroup {}", dir.display()),
        (Change::Cgroup(dir), Lang::PtBr) => format!("cgroup vazio {}", dir.display()),
        (Change::Made(path), Lang::En) => format!("the course has made {}", path.display()),
        (Change::Made(path), Lang::PtBr) => format!("o curso criou {}", path.display()),
    };
    let typed = typed.map_or_else(String::new, |line| match lang {
        Lang::En => format!("  (the course typed `{line}`)"),
        Lang::PtBr => format!("  (o curso digitou `{line}`)"),
    });
    format!("{what}: {}{typed}", change.command())
}
