//! `--help` in both languages. The English of an option stands with it in [`Args`]; here is its Portuguese.
//!
//! clap has a few words of its own ("Usage:", "Options:", "Print help"), so the page is laid out by our own template.

use clap::{Arg, ArgAction, Command, CommandFactory};

use super::args::Args;
use super::{grade, inspect};
use crate::course::text::Lang;

/// The program itself, and each of its verbs: name, usage in English and in Portuguese, and in Portuguese what it does.
const VERBS: &[(&str, &str, &str, &str)] = &[
    (
        "unha",
        "unha [OPTIONS]\n       unha [OPTIONS] COMMAND",
        "unha [OPÇÕES]\n     unha [OPÇÕES] COMANDO",
        "Contêineres Linux na unha: monte um na sua frente, um recurso do kernel por vez",
    ),
    (
        "learn",
        "unha learn [OPTIONS] [LESSON]",
        "unha learn [OPÇÕES] [LIÇÃO]",
        "Ensina: o curso, como sem comando; a partir desta lição, ou em linhas de texto",
    ),
    (
        "run",
        "unha run [OPTIONS] [--] COMMAND [ARGUMENT]...",
        "unha run [OPÇÕES] [--] COMANDO [ARGUMENTO]...",
        "Roda um comando numa caixa com os recursos pedidos, como faria o unshare(1)",
    ),
    (
        "rootfs",
        "unha rootfs [OPTIONS] [list|build]\n       unha rootfs import SOURCE [--name NAME] [--replace]\n       unha rootfs show NAME [PATH]\n       unha rootfs rm NAME...",
        "unha rootfs [OPÇÕES] [list|build]\n     unha rootfs import ORIGEM [--name NOME] [--replace]\n     unha rootfs show NOME [CAMINHO]\n     unha rootfs rm NOME...",
        "Guarda sistemas raiz com nome: mostra quais há, desempacota um, conta tudo de um, remove",
    ),
    (
        "play",
        "unha play [OPTIONS] [FEATURE]...",
        "unha play [OPÇÕES] [RECURSO]...",
        "Liga e desliga cada recurso com os dois lados à vista, em qualquer combinação, e escreve a caixa na linguagem de outras ferramentas",
    ),
    (
        "inspect",
        "unha inspect [OPTIONS] [PID|NAME|ENGINE:NAME]",
        "unha inspect [OPÇÕES] [PID|NOME|MOTOR:NOME]",
        "Olha dentro dos contêineres desta máquina: todos, ou um pelo número ou pelo nome. Não muda nada",
    ),
    (
        "grade",
        "unha grade [OPTIONS] [--] COMMAND [ARGUMENT]...\n       unha grade [OPTIONS] --pid PID",
        "unha grade [OPÇÕES] [--] COMANDO [ARGUMENTO]...\n     unha grade [OPÇÕES] --pid PID",
        "Inicia qualquer programa que faz um contêiner e diz o que o contêiner tem, o que falta e o que vaza",
    ),
    (
        "present",
        "unha present [OPTIONS]",
        "unha present [OPÇÕES]",
        "Dá a palestra num palco: slides e passos ao vivo, com um passador",
    ),
    (
        "new",
        "unha new [OPTIONS] deck DIR\n       unha new [OPTIONS] lesson NAME",
        "unha new [OPÇÕES] deck PASTA\n     unha new [OPÇÕES] lesson NOME",
        "Cria um deck ou uma lição sua, que já roda, para você mudar",
    ),
    (
        "notes",
        "unha notes [OPTIONS] [PID]",
        "unha notes [OPÇÕES] [PID]",
        "Mostra o console de quem palestra, num segundo terminal: notas, o que vem a seguir, o tempo",
    ),
    ("list", "unha list [OPTIONS]", "unha list [OPÇÕES]", "Mostra a agenda"),
    (
        "check",
        "unha check [OPTIONS] [LESSON]...",
        "unha check [OPÇÕES] [LIÇÃO]...",
        "Roda cada passo e exercício de cada lição em caixas de verdade, sem tela",
    ),
    (
        "record",
        "unha record [OPTIONS] [LESSON]...",
        "unha record [OPÇÕES] [LIÇÃO]...",
        "Percorre lições em caixas de verdade, em ritmo humano, e guarda em arquivos o que aconteceu",
    ),
    (
        "replay",
        "unha replay [OPTIONS] FILE",
        "unha replay [OPÇÕES] ARQUIVO",
        "Mostra uma gravação, em qualquer máquina e sem privilégio",
    ),
    (
        "export",
        "unha export [OPTIONS] html FILE\n       unha export oci DIR [OPTIONS OF run] [--] [COMMAND]...\n       unha export shell|docker|podman|bwrap [OPTIONS OF run] [--] [COMMAND]...",
        "unha export [OPÇÕES] html ARQUIVO\n     unha export oci PASTA [OPÇÕES DO run] [--] [COMANDO]...\n     unha export shell|docker|podman|bwrap [OPÇÕES DO run] [--] [COMANDO]...",
        "Grava a palestra para levar para casa, numa página que dispensa rede; ou mostra uma caixa na linguagem de outras ferramentas",
    ),
    (
        "progress",
        "unha progress [OPTIONS] [show|export|import|reset] [FILE]",
        "unha progress [OPÇÕES] [show|export|import|reset] [ARQUIVO]",
        "Mostra o que já está feito; leva para outra máquina, traz de outra, ou apaga",
    ),
    (
        "doctor",
        "unha doctor [OPTIONS]",
        "unha doctor [OPÇÕES]",
        "Diz o que esta máquina consegue, item por item, por que não, e que linha resolve",
    ),
    (
        "clean",
        "unha clean [OPTIONS]",
        "unha clean [OPÇÕES]",
        "Remove o que ficou de execuções que foram mortas, e só isso",
    ),
    (
        "vm",
        "unha vm [OPTIONS] [KIND]",
        "unha vm [OPÇÕES] [TIPO]",
        "Imprime uma receita com o unha dentro, para macOS, Windows ou um notebook bloqueado",
    ),
];

/// What `--trust` does, wherever it stands.
const TRUST: &str = "Roda lições que não fazem parte do unha sem perguntar se as linhas delas podem ser digitadas";

/// Each argument: its verb, its id, the word for its value ("" if it takes none), and what it does.
const ARGUMENTS: &[(&str, &str, &str, &str)] = &[
    ("unha", "lang", "IDIOMA", "O idioma: pt-BR ou en. Sem ela, o do locale"),
    (
        "unha",
        "route",
        "full|short",
        "Percorre todos os passos (full) ou a trilha curta (short). Sem ela, a da última vez",
    ),
    ("unha", "lessons", "PASTA", "Uma pasta com lições suas, no lugar das embutidas"),
    (
        "unha",
        "theme",
        "dark|light|contrast|16|none",
        "As cores: para tela escura, tela clara ou projetor fraco, as 16 de todo terminal, ou nenhuma",
    ),
    ("learn", "lesson", "LIÇÃO", "A lição por onde começar, por id ou número, ou um passo dela: uts, 3, uts/2"),
    ("learn", "plain", "", "Conta em linhas de texto, para leitor de tela, terminal que só imprime, ou pipe"),
    (
        "learn",
        "rootfs",
        "NOME|PASTA",
        "O sistema raiz das caixas: um nome do `unha rootfs list`, ou uma pasta; sem ela, o embutido",
    ),
    ("learn", "record", "ARQUIVO", "Guarda neste arquivo tudo o que é mostrado, para o `unha replay`"),
    ("learn", "force", "", "Grava por cima do arquivo de --record, se já existir"),
    (
        "learn",
        "theme",
        "dark|light|contrast|16|none",
        "As cores: para tela escura, tela clara ou projetor fraco, as 16 de todo terminal, ou nenhuma",
    ),
    (
        "play",
        "features",
        "RECURSO",
        "O que já começa ligado, por nome: uts, pid, mount, cgroup, rootfs, ipc, net, user, cgroupns, time, capabilities, no-new-privs, seccomp",
    ),
    ("play", "all", "", "Tudo ligado, do que se consegue aqui"),
    (
        "play",
        "rootfs",
        "NOME|PASTA",
        "O sistema raiz por trás da chave: `unha` para o embutido, um nome do `unha rootfs list`, ou uma pasta; liga rootfs",
    ),
    (
        "play",
        "theme",
        "dark|light|contrast|16|none",
        "As cores: para tela escura, tela clara ou projetor fraco, as 16 de todo terminal, ou nenhuma",
    ),
    ("present", "deck", "PASTA", "Um deck seu, no lugar do embutido; `unha new deck PASTA` cria um"),
    (
        "present",
        "rootfs",
        "NOME|PASTA",
        "O sistema raiz das caixas: um nome do `unha rootfs list`, ou uma pasta; sem ela, o embutido",
    ),
    ("new", "what", "deck|lesson", "O que criar: deck ou lesson (lição)"),
    (
        "new",
        "name",
        "NOME",
        "A pasta do deck, que ainda não existe ou está vazia; o nome ou o arquivo da lição, como minha ou minha/01-minha.toml",
    ),
    (
        "present",
        "rehearse",
        "",
        "Ensaio: guarda quanto durou cada slide e passo; a próxima palestra segue esses tempos",
    ),
    (
        "present",
        "check",
        "COLUNASxLINHAS",
        "Diz se a palestra vai funcionar aqui: desenha tudo neste tamanho, como 80x24, e roda cada passo",
    ),
    ("present", "minutes", "NÚMERO", "Com --check: quantos minutos a palestra pode durar"),
    ("unha", "record", "ARQUIVO", "Guarda neste arquivo tudo o que é mostrado, para o `unha replay`"),
    ("unha", "force", "", "Grava por cima do arquivo de --record, se já existir"),
    ("present", "record", "ARQUIVO", "Guarda neste arquivo tudo o que é mostrado, para o `unha replay`"),
    ("present", "force", "", "Grava por cima do arquivo de --record, se já existir"),
    (
        "present",
        "theme",
        "dark|light|contrast|16|none",
        "As cores: para tela escura, tela clara ou projetor fraco, as 16 de todo terminal, ou nenhuma",
    ),
    ("notes", "pid", "PID", "O PID da palestra, se houver mais de uma ao mesmo tempo"),
    ("notes", "theme", "dark|light|16|none", "As cores: para tela escura ou clara, as 16 de todo terminal, ou nenhuma"),
    (
        "unha",
        "host",
        "",
        "Fora é esta máquina mesmo, sem bancada; pergunta antes. Melhor numa VM que se possa jogar fora",
    ),
    ("run", "uts", "", "Hostname próprio"),
    ("run", "pid", "", "PIDs próprios; liga também --mount"),
    ("run", "mount", "", "Tabela de montagens própria"),
    ("run", "no_mount", "", "Fica com a tabela de montagens antiga e, com ela, o /proc antigo"),
    ("run", "ipc", "", "Objetos IPC System V e filas de mensagens próprios"),
    ("run", "net", "", "Interfaces de rede, endereços e portas próprios"),
    (
        "run",
        "user",
        "",
        "Um user namespace em volta de tudo: root dentro, e fora quem iniciou; sem root, é criado quando preciso",
    ),
    (
        "run",
        "veth",
        "",
        "Um cabo até esta máquina: 10.77.0.1 aqui, 10.77.0.2 dentro, e lo ligada; liga também --net, precisa de root",
    ),
    ("run", "net_rate", "TAXA", "Pelo cabo entra no máximo isto: 4mbit; liga também --veth"),
    ("run", "cgroup", "", "Uma visão dos cgroups que começa no seu próprio"),
    ("run", "time", "", "Relógios próprios, do tempo desde que a máquina foi ligada"),
    (
        "run",
        "boottime",
        "SEGUNDOS",
        "Para a caixa, a máquina está ligada há tantos segundos a mais (ou a menos, se negativo); liga também --time",
    ),
    ("run", "hostname", "NOME", "O hostname, definido antes de o comando começar; liga também --uts"),
    (
        "run",
        "rootfs",
        "NOME|PASTA",
        "O sistema de arquivos raiz: `unha` para o embutido, um nome do `unha rootfs list`, ou uma pasta; liga também --mount. O env, workdir, user, entrypoint e cmd da imagem valem como no docker run",
    ),
    ("run", "rootfs_layers", "", "Monta as camadas da imagem uma a uma, cada qual uma pasta lower do overlay"),
    ("run", "entrypoint", "PROGRAMA", "No lugar do entrypoint e do cmd da imagem"),
    (
        "rootfs",
        "what",
        "list|build|import|show|rm",
        "list (mostra quais há), build (monta o embutido), import, show ou rm; sem nada, list",
    ),
    (
        "rootfs",
        "words",
        "PALAVRA",
        "import ORIGEM: uma pasta, um tar (também .gz, .xz, .zst), um layout OCI, o que o `docker save` gravou; de várias imagens, ORIGEM:TAG. show NOME [CAMINHO]: também de que camada CAMINHO vem. rm NOME...",
    ),
    ("rootfs", "name", "NOME", "Com import: como vai se chamar; sem ela, como a imagem ou o arquivo"),
    ("rootfs", "replace", "", "Com import: toma o lugar do que tem esse nome"),
    (
        "rootfs",
        "json",
        "",
        "Com list e show: sai em JSON: {\"schema\":1,\"rootfs\":[{\"name\":…,\"os\":…,\"size\":…,\"layers\":[…],\"config\":{…}}]}",
    ),
    ("run", "memory", "TAMANHO", "No máximo esta memória, e nada de swap: 32M, 1G, ou em bytes"),
    ("run", "cpus", "NÚCLEOS", "No máximo esta fatia de CPU: 0.2 é um quinto de um núcleo"),
    ("run", "pids_limit", "NÚMERO", "No máximo este número de processos e threads"),
    ("run", "cpu_shares", "NÚMERO", "Quanta CPU recebe quando outros também querem: 1024 é o normal, 512 é a metade"),
    (
        "run",
        "device_write_bps",
        "ONDE:TAXA",
        "Escreve no máximo esta taxa, em bytes por segundo, no disco em que fica ONDE: /var/tmp:1M",
    ),
    ("run", "device_deny", "DISPOSITIVO", "Tira um dispositivo, até do root: 'c 1:5' é /dev/zero. Precisa de root"),
    ("run", "cap_drop", "NOME|ALL", "Tira uma das 14 capabilities que o Docker deixa: CHOWN, ou ALL"),
    ("run", "cap_add", "NOME|ALL", "Acrescenta uma capability às 14 que o Docker deixa: SYS_TIME, ou ALL"),
    ("run", "no_new_privs", "", "Nenhum programa ganha direitos ao ser executado, setuid ou não"),
    (
        "run",
        "seccomp",
        "ARQUIVO|default",
        "Filtra chamadas de sistema: `default` para o perfil embutido, ou um arquivo no formato do Docker",
    ),
    ("run", "init", "", "Põe um PID 1 nosso na frente do comando: repassa sinais e recolhe os zumbis"),
    ("run", "journal", "", "Mostra no stderr cada chamada de sistema que monta a caixa"),
    (
        "run",
        "all",
        "",
        "uts, pid, mount, ipc, net, cgroup, time, o rootfs embutido, memory 512M, pids 256, cpus 1, as capabilities do Docker, no-new-privs, seccomp default",
    ),
    (
        "run",
        "command",
        "COMANDO",
        "O comando e os argumentos dele. Com --rootfs toma o lugar do cmd da imagem; sem ele roda esse, ou sh",
    ),
    (
        "inspect",
        "what",
        "PID|NOME|MOTOR:NOME",
        "O número de um processo, como o `ps` mostra aqui; o nome ou id de um contêiner, ou o programa que ele roda; uma unidade do systemd. Sem ele, tudo o que existe",
    ),
    (
        "inspect",
        "json",
        "",
        "Sai em JSON: {\"schema\":1,\"outside\":{fato:{\"value\":…}|{\"missing\":motivo}},\"inside\":{…},\"holes\":[…],…}; de tudo, {\"groups\":[…],…}",
    ),
    ("inspect", "plain", "", "Sai em linhas de texto, mesmo num terminal"),
    (
        "inspect",
        "theme",
        "dark|light|contrast|16|none",
        "As cores: para tela escura, tela clara ou projetor fraco, as 16 de todo terminal, ou nenhuma",
    ),
    ("inspect", "watch", "", "Mostra numa tela, ao vivo, o que foi nomeado; sem nome, é o que um terminal já mostra"),
    (
        "grade",
        "json",
        "",
        "Sai em JSON: {\"schema\":1,\"container\":true|false,\"holds\":true|false,\"pid\":…,\"items\":[…]}",
    ),
    ("grade", "seconds", "SEGUNDOS", "Quanto tempo esperar por um contêiner; sem ela, 10"),
    ("grade", "pid", "PID", "Não inicia nada: olha este processo, que um daemon pode ter iniciado"),
    ("grade", "command", "COMANDO", "O comando que faz um contêiner e os argumentos dele"),
    ("unha", "trust", "", TRUST),
    ("learn", "trust", "", TRUST),
    ("present", "trust", "", TRUST),
    ("check", "trust", "", TRUST),
    ("record", "trust", "", TRUST),
    ("export", "trust", "", TRUST),
    ("check", "names", "LIÇÃO", "Lições por id, número ou arquivo; sem nenhuma, todas"),
    ("record", "names", "LIÇÃO", "Lições por id, número ou arquivo; sem nenhuma, todas"),
    ("record", "out", "PASTA", "A pasta dos arquivos, um para cada lição e idioma; sem ela, esta aqui"),
    (
        "export",
        "format",
        "FORMATO",
        "O que sai: html, a palestra; ou, com as opções do `unha run`, a caixa que ele faz: oci, um bundle; ou shell, docker, podman ou bwrap, na saída padrão",
    ),
    (
        "export",
        "file",
        "ARQUIVO.html|PASTA",
        "O arquivo da página, `-` é a saída padrão; com oci, a pasta do bundle, que ainda não existe ou está vazia",
    ),
    ("export", "deck", "PASTA", "Uma pasta com slides seus, no lugar dos embutidos"),
    ("export", "recorded", "", "Tira todos os passos das gravações que vêm com o unha: nenhuma caixa é criada"),
    ("export", "force", "", "Grava por cima de um arquivo que já existe"),
    ("replay", "file", "ARQUIVO", "A gravação"),
    ("replay", "speed", "NÚMERO", "A velocidade: 2 é duas vezes mais rápido do que aconteceu"),
    (
        "replay",
        "theme",
        "dark|light|16|none",
        "As cores: para tela escura ou clara, as 16 de todo terminal, ou nenhuma",
    ),
    ("replay", "cast", "", "Sai em asciicast, que o asciinema toca; dispensa terminal"),
    ("replay", "size", "80x24", "Colunas e linhas do asciicast; sem ela, as da tela gravada"),
    ("replay", "idle_limit", "SEGUNDOS", "Nenhuma pausa do asciicast passa disto ao tocar"),
    (
        "doctor",
        "json",
        "",
        "Sai em JSON: {\"schema\":1,\"course\":true|false,\"machine\":{…},\"features\":[…],\"lessons\":[…],\"helps\":[…]}",
    ),
    ("doctor", "share", "", "Sai um texto para quem vai ajudar, sem nomes, caminhos e endereços seus"),
    (
        "progress",
        "what",
        "show|export|import|reset",
        "show (mostra), export (leva), import (traz) ou reset (apaga); sem nada, show",
    ),
    ("progress", "file", "ARQUIVO", "O arquivo a gravar ou a trazer; sem ele ou com `-`, a saída ou a entrada padrão"),
    ("progress", "yes", "", "Com reset: não pergunta"),
    (
        "progress",
        "force",
        "",
        "Com export: grava por cima de um arquivo que já existe. Com import: aproveita de um arquivo danificado o que der para ler",
    ),
    ("clean", "dry_run", "", "Só diz o que seria removido"),
    (
        "vm",
        "kind",
        "TIPO",
        "lima, multipass, vagrant, wsl, cloud-init, docker, podman ou devcontainer; sem ele, para quem é cada um",
    ),
    ("vm", "program", "ARQUIVO", "O unha que vai dentro, no lugar deste: estático, para x86_64 ou aarch64"),
    ("vm", "force", "", "Imprime mesmo que seja num terminal"),
];

/// The options that speak of the course, and the verbs that it is nothing to: there they are neither listed nor taken.
pub const OF_THE_COURSE: [&str; 2] = ["route", "lessons"];
pub const WITHOUT_COURSE: [&str; 9] = ["run", "rootfs", "play", "inspect", "grade", "notes", "clean", "vm", "new"];

/// Where the options stand that every verb has, and those for help: below the others.
const COMMON: usize = 100;
const LAST: usize = 200;

/// The command line with every word of its help pages in `lang`.
pub fn command(lang: Lang) -> Command {
    let mut command = Args::command();
    let verbs: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    for verb in verbs {
        command = command.mut_subcommand(verb, |verb| dressed(verb, lang));
    }
    dressed(command, lang).disable_version_flag(true).arg(
        Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .display_order(LAST)
            .help(lang.pick("Print the version", "Mostra a versão")),
    )
}

/// One page.
fn dressed(command: Command, lang: Lang) -> Command {
    let name = command.get_name().to_owned();
    let layout = template(&command, lang);
    let mut page = command.help_template(layout);
    if name == "inspect" {
        page = page.after_help(lang.pick(inspect::KEYS, inspect::KEYS_PT_BR));
    }
    if name == "grade" {
        page = page.after_help(lang.pick(grade::ENDS, grade::ENDS_PT_BR));
    }
    if let Some((_, en, pt_br, about)) = VERBS.iter().find(|(verb, ..)| *verb == name) {
        page = page.override_usage(lang.pick(en, pt_br));
        if lang == Lang::PtBr {
            page = page.about(*about);
        }
    }
    if lang == Lang::PtBr {
        for (_, id, value, help) in ARGUMENTS.iter().filter(|(verb, ..)| *verb == name) {
            page = page.mut_arg(id, |arg| {
                let arg = arg.help(*help);
                if value.is_empty() { arg } else { arg.value_name(*value) }
            });
        }
    }
    if name == "unha" {
        // They stand on every verb's page too, and there below the verb's own.
        page = page.mut_args(|arg| arg.display_order(COMMON));
    }
    if WITHOUT_COURSE.contains(&name.as_str()) {
        // clap hands an option on only to a verb that has none of that name.
        page = page.args(OF_THE_COURSE.map(|id| Arg::new(id).long(id).num_args(1).hide(true)));
    }
    let help = lang.pick("Print this help", "Mostra esta ajuda");
    page.disable_help_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).display_order(LAST).help(help))
}

/// How a page is laid out. The escapes are those that clap puts around its own headings; it takes them out where the
/// output is no terminal.
fn template(command: &Command, lang: Lang) -> String {
    let heading = |en, pt_br| format!("\x1b[1m\x1b[4m{}\x1b[0m", lang.pick(en, pt_br));
    let mut page = format!("{{about-with-newline}}\n{} {{usage}}\n", heading("Usage:", "Uso:"));
    let section = |tag, en, pt_br| format!("\n{}\n{{{tag}}}\n", heading(en, pt_br));
    if command.has_subcommands() {
        page += &section("subcommands", "Commands:", "Comandos:");
        page += lang.pick("  (none: the course, on the screen)\n", "  (nenhum: o curso, na tela)\n");
    }
    if command.get_positionals().next().is_some() {
        page += &section("positionals", "Arguments:", "Argumentos:");
    }
    page + &format!("\n{}\n{{options}}{{after-help}}", heading("Options:", "Opções:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The program and its verbs that a person is told of.
    fn pages() -> Vec<Command> {
        let command = Args::command();
        let verbs: Vec<Command> = command.get_subcommands().filter(|verb| !verb.is_hide_set()).cloned().collect();
        [vec![command], verbs].concat()
    }

    fn rendered(lang: Lang, verb: &str) -> String {
        let mut command = command(lang);
        command.build();
        let page = if verb == "unha" { Some(&mut command) } else { command.find_subcommand_mut(verb) };
        page.unwrap().render_help().to_string()
    }

    #[test]
    fn every_verb_and_argument_has_its_portuguese() {
        let mut found = vec![];
        for page in pages() {
            let name = page.get_name();
            assert!(VERBS.iter().any(|(verb, ..)| *verb == name), "{name} has no Portuguese");
            for arg in page.get_arguments() {
                let row = ARGUMENTS.iter().find(|(verb, id, ..)| *verb == name && arg.get_id() == *id);
                let (_, id, value, _) = row.unwrap_or_else(|| panic!("{name} {} has no Portuguese", arg.get_id()));
                let takes = arg.is_positional() || arg.get_action().takes_values();
                assert_eq!(takes, !value.is_empty(), "{name} {id}: the word for its value");
                assert!(arg.get_possible_values().is_empty() || !takes, "{name} {id}: clap would list its values");
                assert!(arg.get_default_values().is_empty() || !takes, "{name} {id}: clap would say [default: …]");
                found.push((name.to_owned(), *id));
            }
        }
        assert_eq!(found.len(), ARGUMENTS.len(), "the table speaks of an argument that there is not");
    }

    #[test]
    fn what_speaks_of_the_course_stands_where_there_is_one() {
        for lang in Lang::ALL {
            for page in pages() {
                let name = page.get_name();
                let lists = |id: &&str| rendered(lang, name).contains(&format!("--{id} "));
                assert_eq!(OF_THE_COURSE.iter().all(lists), !WITHOUT_COURSE.contains(&name), "{name}");
                assert_eq!(OF_THE_COURSE.iter().any(lists), !WITHOUT_COURSE.contains(&name), "{name}");
            }
        }
    }

    #[test]
    fn a_page_is_in_one_language() {
        for page in pages() {
            let name = page.get_name();
            let (en, pt_br) = (rendered(Lang::En, name), rendered(Lang::PtBr, name));
            for (word, other) in [("Usage:", "Uso:"), ("Options:", "Opções:"), ("Print", "Mostra")] {
                assert!(en.contains(word) && !en.contains(other), "{en}");
                assert!(pt_br.contains(other) && !pt_br.contains(word), "{pt_br}");
            }
            for arg in page.get_arguments() {
                let help = arg.get_help().unwrap().to_string();
                assert!(!pt_br.contains(&help), "{name} {}: {help}", arg.get_id());
            }
        }
    }
}
