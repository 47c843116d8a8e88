//! The program and its verbs on their help pages: how each is used, in both languages, and in Portuguese what it does.
//!
//! In English a verb's own comment in `Args` says what it does.

/// The program itself, and each of its verbs: name, usage in English and in Portuguese, and in Portuguese what it does.
pub(super) const VERBS: &[(&str, &str, &str, &str)] = &[
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
