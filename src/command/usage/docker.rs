//! Verbs and options that people know from docker, and what does the same here.
//!
//! docker(1), podman(1). The learner types what the fingers know, and is told which of unha's commands it is.

use crate::course::text::Lang;

/// A verb, and what to do in its place, in English and in Portuguese.
type Told = (&'static [&'static str], &'static str, &'static str);

const VERBS: &[Told] = &[
    (
        &["ps", "container", "top", "stats"],
        "`unha inspect` shows all containers of this machine, live; with a name or a PID, one of them",
        "`unha inspect` mostra todos os contêineres desta máquina, ao vivo; com um nome ou PID, um deles",
    ),
    (
        &["exec", "attach", "enter"],
        "`unha inspect -w NAME`, and there the key ! opens a shell inside",
        "`unha inspect -w NOME`, e lá a tecla ! abre um shell lá dentro",
    ),
    (
        &["images", "image"],
        "`unha rootfs list` shows the root file systems that there are",
        "`unha rootfs list` mostra os sistemas raiz que existem",
    ),
    (&["rmi"], "`unha rootfs rm NAME` removes one", "`unha rootfs rm NOME` remove um"),
    (
        &["pull", "load", "login", "search"],
        "`docker pull IMAGE && docker save IMAGE -o image.tar`, then `unha rootfs import image.tar`: unha asks no registry",
        "`docker pull IMAGEM && docker save IMAGEM -o imagem.tar`, depois `unha rootfs import imagem.tar`: o unha não usa registry",
    ),
    (
        &["build", "commit"],
        "`docker save` an image that is built and `unha rootfs import` it, or give --rootfs a folder: unha builds none",
        "`docker save` de uma imagem pronta e `unha rootfs import`, ou uma pasta no --rootfs: o unha não constrói imagens",
    ),
    (
        &["create", "start", "restart"],
        "`unha run` makes a box and starts it; it ends with its command",
        "`unha run` faz uma caixa e a inicia; ela acaba junto com o comando",
    ),
    (
        &["stop", "kill", "rm", "pause", "wait"],
        "`kill -9 PID`, the one that `unha inspect` shows: the box ends with it and leaves nothing. Ctrl-C and `kill` are not heard by a PID 1 without a handler; `unha run --init` puts one before it that passes them on",
        "`kill -9 PID`, o que o `unha inspect` mostra: a caixa acaba junto e não deixa nada. Ctrl-C e `kill` um PID 1 sem handler não ouve; `unha run --init` põe na frente um que os repassa",
    ),
    (&["logs"], "`unha run … >FILE` keeps what a box prints", "`unha run … >ARQUIVO` guarda o que a caixa imprime"),
    (
        &["info", "version"],
        "`unha doctor` says what this machine can do, `unha --version` which unha it is",
        "`unha doctor` diz o que esta máquina consegue, `unha --version` qual unha é este",
    ),
    (
        &["prune", "system"],
        "`unha clean` removes what killed runs left",
        "`unha clean` remove o que ficou de execuções mortas",
    ),
];

const OPTIONS: &[Told] = &[
    (
        &["-i", "-t", "--interactive", "--tty"],
        "leave out -it: the box has your terminal as it is. An image is named by --rootfs: `unha run --rootfs NAME -- sh`",
        "tire o -it: a caixa já usa o seu terminal. A imagem vai em --rootfs: `unha run --rootfs NOME -- sh`",
    ),
    (&["--rm"], "leave it out: a box leaves nothing behind", "tire: uma caixa não deixa nada para trás"),
    (&["-d", "--detach"], "`unha run … &` goes on in the background", "`unha run … &` segue em segundo plano"),
    (
        &["-v", "--volume"],
        "leave it out: without --rootfs the box sees all files of this machine",
        "tire: sem --rootfs a caixa vê todos os arquivos desta máquina",
    ),
    (
        &["-p", "--publish", "-P"],
        "--veth lays a cable: what listens inside answers at 10.77.0.2, no port is mapped",
        "--veth põe um cabo: o que escuta lá dentro responde em 10.77.0.2, sem mapear porta",
    ),
    (&["-e", "--env"], "`unha run … -- env NAME=VALUE COMMAND`", "`unha run … -- env NOME=VALOR COMANDO`"),
    (
        &["--name"],
        "a box has no name, only a PID, which `unha inspect` shows; its host name is --hostname NAME",
        "uma caixa não tem nome, só um PID, que o `unha inspect` mostra; o nome de host dela é --hostname NOME",
    ),
    (
        &["--network"],
        "--net gives it an empty network (docker's none), --veth a cable as well; without them it has this machine's (host)",
        "--net dá uma rede vazia (o none do docker), --veth também um cabo; sem eles vale a desta máquina (host)",
    ),
    (
        &["--privileged"],
        "leave it out: rights are only taken where --all, --cap-drop or --seccomp ask for it",
        "tire: direitos só são tirados onde --all, --cap-drop ou --seccomp pedem",
    ),
    (
        &["-w", "--workdir"],
        "`unha run … -- sh -c 'cd /FOLDER && exec COMMAND'`",
        "`unha run … -- sh -c 'cd /PASTA && exec COMANDO'`",
    ),
];

/// What to do in place of docker's verb.
pub(super) fn verb(name: &str, lang: Lang) -> Option<&'static str> {
    find(VERBS, name, lang)
}

/// What to do in place of an option of `docker run`'s.
pub(super) fn option(name: &str, lang: Lang) -> Option<&'static str> {
    find(OPTIONS, name, lang)
}

fn find(table: &[Told], name: &str, lang: Lang) -> Option<&'static str> {
    let told = table.iter().find(|(names, ..)| names.contains(&name));
    told.map(|(_, en, pt_br)| lang.pick(en, pt_br))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::super::Args;
    use super::*;

    /// A hint that names a command or an option which there is not would send people from one error to the next.
    #[test]
    fn no_hint_stands_for_what_there_is_and_each_names_what_there_is() {
        let tree = Args::command();
        let run = tree.find_subcommand("run").expect("run");
        let verbs: Vec<&str> = tree.get_subcommands().map(clap::Command::get_name).collect();
        let longs: Vec<&str> = run.get_arguments().filter_map(clap::Arg::get_long).collect();
        for (names, ..) in VERBS {
            assert!(names.iter().all(|name| !verbs.contains(name)), "{names:?}");
        }
        for (names, ..) in OPTIONS {
            assert!(names.iter().all(|name| !longs.contains(&name.trim_start_matches('-'))), "{names:?}");
        }
        for (_, en, pt_br) in VERBS.iter().chain(OPTIONS) {
            for said in [en, pt_br] {
                for line in said.split("`unha ").skip(1) {
                    let next = line.split([' ', '`']).next().unwrap_or_default();
                    assert!(next.starts_with('-') || verbs.contains(&next), "{said}: {next}");
                }
            }
        }
    }
}
