//! `unha vm KIND`: prints a recipe that brings unha to a machine which is not Linux, or where one may not do much.
//!
//! unha has no address to be downloaded from, so the recipe carries the program itself: one file is handed out, and it is
//! all that is needed. ld.so(8) says why it must be static: nothing of the machine that it was built on goes along.

mod program;
mod recipe;

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use self::program::Program;
use super::{MISUSED, words};
use crate::course::text::Lang;

/// One kind of recipe.
struct Kind {
    name: &'static str,
    /// What the recipe's file should be called.
    file: &'static str,
    template: &'static str,
    /// Whom it is for.
    whom: [&'static str; 2],
    /// What its words `@name@` stand for, other than those of the program.
    words: &'static [(&'static str, [&'static str; 2])],
}

const KINDS: [Kind; 8] = [
    Kind {
        name: "lima",
        file: "unha.yaml",
        template: include_str!("vm/lima.yaml"),
        whom: ["macOS (and Linux): a virtual machine with Lima", "macOS (e Linux): uma máquina virtual com o Lima"],
        words: &[],
    },
    Kind {
        name: "multipass",
        file: "unha.yaml",
        template: include_str!("vm/multipass.yaml"),
        whom: [
            "macOS, Windows, Ubuntu: a virtual machine with Multipass",
            "macOS, Windows, Ubuntu: uma máquina virtual com o Multipass",
        ],
        words: &[],
    },
    Kind {
        name: "vagrant",
        file: "Vagrantfile",
        template: include_str!("vm/Vagrantfile"),
        whom: [
            "who has Vagrant, with VirtualBox, VMware or Parallels",
            "quem tem Vagrant, com VirtualBox, VMware ou Parallels",
        ],
        words: &[],
    },
    Kind {
        name: "wsl",
        file: "unha-wsl.sh",
        template: include_str!("vm/wsl.sh"),
        whom: ["Windows 10 and 11: in WSL 2", "Windows 10 e 11: no WSL 2"],
        words: &[],
    },
    Kind {
        name: "cloud-init",
        file: "unha.yaml",
        template: include_str!("vm/cloud-init.yaml"),
        whom: [
            "any VM whose image has cloud-init: QEMU, Proxmox, clouds",
            "qualquer VM com cloud-init na imagem: QEMU, Proxmox, nuvens",
        ],
        words: &[(
            "tried",
            [
                "Debian 12 has booted it from a seed in QEMU, and all of `unha check` passed.",
                "Um Debian 12 subiu com ele, de um seed no QEMU, e o `unha check` passou inteiro.",
            ],
        )],
    },
    Kind {
        name: "docker",
        file: "Dockerfile",
        template: include_str!("vm/Dockerfile"),
        whom: ["a locked-down laptop where Docker may be used", "um notebook bloqueado em que se pode usar Docker"],
        words: &[
            ("engine", ["docker"; 2]),
            ("unmasked", ["systempaths=unconfined"; 2]),
            (
                "tried",
                [
                    "Built by Docker 20.10 with BuildKit and without; with the second command all of `unha check` passes but the\n\
                     limits. The first has been tried with podman alone; Docker Desktop has not been tried.",
                    "Construído pelo Docker 20.10 com e sem BuildKit; com o segundo comando o `unha check` passa inteiro, menos os\n\
                     limites. O primeiro só foi testado com o podman; o Docker Desktop não foi testado.",
                ],
            ),
        ],
    },
    Kind {
        name: "podman",
        file: "Dockerfile",
        template: include_str!("vm/Dockerfile"),
        whom: ["the same with podman", "o mesmo com o podman"],
        words: &[
            ("engine", ["podman"; 2]),
            ("unmasked", ["unmask=ALL"; 2]),
            (
                "tried",
                [
                    "Built and run by podman 4.3 as root, on cgroup v1: all of `unha check` passes with the first command, and with the
\
                     second all but the limits. Not tried: podman without root, podman machine.",
                    "Construído e rodado pelo podman 4.3 como root, com cgroup v1: o `unha check` passa inteiro com o primeiro
\
                     comando e, com o segundo, tudo menos os limites. Não testado: podman sem root, podman machine.",
                ],
            ),
        ],
    },
    Kind {
        name: "devcontainer",
        file: "devcontainer.json",
        template: include_str!("vm/devcontainer.json"),
        whom: [
            "a browser and no more: GitHub Codespaces, or VS Code",
            "só um navegador: GitHub Codespaces, ou VS Code",
        ],
        words: &[(
            "tried",
            [
                "Its fields are those of the published schema; no Codespace has run it yet.",
                "Os campos são os do esquema publicado; nenhum Codespace o rodou ainda.",
            ],
        )],
    },
];

/// Prints the recipe of that kind, or the kinds that there are.
pub fn run(kind: Option<&str>, program: Option<&Path>, force: bool, lang: Lang) -> ExitCode {
    let Some(name) = kind else { return list(lang) };
    let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else {
        words::complain(&unknown(name, lang));
        return ExitCode::from(MISUSED);
    };
    if io::stdout().is_terminal() && !force {
        words::complain(&to_a_file(kind, lang));
        return ExitCode::from(MISUSED);
    }
    let program = match Program::read(program) {
        Ok(program) => program,
        Err(unfit) => {
            words::complain(&unfit.told(lang));
            return ExitCode::FAILURE;
        }
    };
    let text = recipe::fill(kind, &program, lang);
    match io::stdout().write_all(text.as_bytes()) {
        // A reader that has seen enough, such as head, is no failure.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            words::complain(&words::unprinted(&error, lang));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Prints the kinds, each with whom it is for.
fn list(lang: Lang) -> ExitCode {
    println!(
        "{}\n",
        lang.pick("Which recipe? Each carries unha itself:", "Qual receita? Cada uma leva o próprio unha:")
    );
    for kind in &KINDS {
        println!("  {:<13} {}", kind.name, lang.pick(kind.whom[0], kind.whom[1]));
    }
    println!("\n{} unha vm lima > unha.yaml", lang.pick("Such as:", "Por exemplo:"));
    ExitCode::SUCCESS
}

fn unknown(name: &str, lang: Lang) -> String {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let near = words::meant(words::nearest(name, names.iter().copied()), lang);
    let list = names.join(", ");
    match lang {
        Lang::En => format!("there is no recipe `{name}`, only {list}{near}"),
        Lang::PtBr => format!("não há receita `{name}`, só {list}{near}"),
    }
}

/// Some megabytes of letters are not for eyes.
fn to_a_file(kind: &Kind, lang: Lang) -> String {
    let line = format!("unha vm {} > {}", kind.name, kind.file);
    match lang {
        Lang::En => format!(
            "the recipe carries unha itself, some megabytes of text, and is not for a terminal\n  \
             Next: {line} (the lines at its top say how it is used); --force prints it here"
        ),
        Lang::PtBr => format!(
            "a receita leva o próprio unha, alguns megabytes de texto, e não é para o terminal\n  \
             Tente: {line} (as linhas do começo dizem como se usa); com --force ela sai aqui mesmo"
        ),
    }
}
