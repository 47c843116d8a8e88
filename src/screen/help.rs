//! The keys, in the order in which a newcomer needs them.

use ratatui::layout::Rect;

use super::pen::Pen;

/// A key, and what it does in English and in Portuguese. An empty key begins a group.
const KEYS: &[(&str, &str, &str)] = &[
    ("", "WHILE THE TALK HAS THE KEYBOARD", "COM O TECLADO NA PALESTRA"),
    ("Enter  →  PgDn", "next, as the bottom line says", "segue, como diz a última linha"),
    ("←  PgUp", "one step back; the box is built anew", "um passo atrás; a caixa é montada de novo"),
    ("1 2 3 4", "answer", "responde"),
    ("F2", "type in the shell in view, or go on with its line", "digita no shell à vista, ou continua a linha dele"),
    ("F4  Tab", "the other side in view", "o outro lado à vista"),
    ("↑ ↓", "read the lesson so far", "relê a lição até aqui"),
    ("h", "hint; again: more of it, at last the command", "dica; de novo: mais um pouco, até o comando"),
    ("c", "the code of this step", "o código deste passo"),
    ("s", "the system calls made", "as chamadas de sistema feitas"),
    ("r", "a fresh box, as the script expects it", "uma caixa nova, como o roteiro espera"),
    ("f", "features on and off: what if?", "liga e desliga recursos: e se?"),
    ("x", "by hand: straight to the challenge", "na unha: direto ao desafio"),
    ("- +", "the limit down, up", "o limite para baixo, para cima"),
    ("a   g 3", "agenda; go to lesson 3", "agenda; vai à lição 3"),
    ("L   T", "language; route", "idioma; trilha"),
    ("d", "what the underlined words mean", "o que dizem as palavras sublinhadas"),
    ("y", "copy what is shown", "copia o que se vê"),
    ("q  Ctrl-C", "leave (asks first)", "sai (pergunta antes)"),
    ("", "WHILE A SHELL HAS THE KEYBOARD", "COM O TECLADO NO SHELL"),
    ("F2  Ctrl-]", "give the keyboard back", "devolve o teclado"),
    ("PgUp  PgDn", "likewise: a clicker never types", "também: um passador nunca digita"),
    ("F4", "to the other side's shell", "para o shell do outro lado"),
];

/// What there is besides on a stage.
const ON_A_STAGE: &[(&str, &str, &str)] = &[
    ("", "ON A STAGE", "NO PALCO"),
    ("PgDn  PgUp", "next point, slide or step; back", "próximo ponto, slide ou passo; volta"),
    (".  b", "blank the screen; any key shows it", "apaga a tela; qualquer tecla a mostra"),
    ("P", "stop the talk's clock, start it again", "para o relógio da palestra, volta a contar"),
    ("g 12  /", "go to a slide by number, by words", "vai a um slide: número, palavras"),
    ("a", "all slides", "todos os slides"),
    ("F5  Esc", "start; close: a clicker's keys", "começa; fecha: teclas de um passador"),
    ("1-4", "one hand for this answer", "uma mão para esta resposta"),
    ("0", "ten times as many hands", "dez vezes mais mãos"),
    ("Backspace", "takes the last count back", "desfaz a última contagem"),
    ("v", "the room votes again", "a sala vota de novo"),
    ("i", "why a recording plays", "por que há uma gravação"),
];

/// What a word on a shell's bar means.
const UNPROTECTED: &[(&str, &str, &str)] = &[
    ("", "ON A SHELL'S BAR: NO SAFETY LIMITS", "NA BARRA DE UM SHELL: SEM LIMITES DE SEGURANÇA"),
    ("cgroup", "none here holds back a bomb that you type", "aqui nenhum segura uma bomba que você digite"),
    ("unha doctor", "says why, and what would mend it", "diz por quê, e o que resolveria"),
];

/// What there is on the presenter's console.
const ON_A_CONSOLE: &[(&str, &str, &str)] = &[
    ("", "ON THE CONSOLE, FOR THE STAGE", "NO CONSOLE, PARA O PALCO"),
    ("Enter  →  PgDn", "next, as the last line says", "segue, como diz a última linha"),
    ("←  PgUp", "back", "volta"),
    ("1 2 3 4", "the room's answer; a way out", "a resposta da plateia; uma saída"),
    (".  b", "blank the stage; any key shows it", "apaga o palco; qualquer tecla o mostra"),
    ("g 12  /", "go to a slide by number, by words", "vai a um slide: número, palavras"),
    ("p", "stop the talk's clock, start it again", "para o relógio da palestra, volta a contar"),
    ("Esc", "close what covers the stage", "fecha o que cobre o palco"),
    ("", "FOR THE CONSOLE ALONE", "SÓ PARA O CONSOLE"),
    ("↑ ↓", "scroll the notes", "rola as notas"),
    ("L", "the other language, here alone", "o outro idioma, só aqui"),
    ("F1  ?", "these keys", "estas teclas"),
    ("q  Ctrl-C", "leave; the talk goes on", "sai; a palestra continua"),
];

/// The keys where a person looks around on the machine.
const ON_INSPECT: &[(&str, &str, &str)] = &[
    ("", "THE LIST", "A LISTA"),
    ("↑ ↓  PgUp PgDn", "a line, a page; the wheel and Space too", "uma linha, uma página; a roda e o espaço também"),
    ("Enter", "look into it, as the last line says", "olha dentro, como diz a última linha"),
    ("←  →", "fold away what stands below it; show it", "recolhe o que está abaixo; mostra"),
    ("/", "find by name, command or number", "procura por nome, comando ou número"),
    (
        "·",
        "in its column: shared, mostly with this machine",
        "na coluna do tipo: compartilhado, em geral com a máquina",
    ),
    ("", "ONE OF THEM", "UM DELES"),
    ("↑ ↓  PgUp PgDn", "scroll", "rola"),
    ("Enter", "read on; at the end, back to the list", "continua; no fim, volta à lista"),
    ("←  Esc", "back to the list", "volta à lista"),
    ("!", "a shell inside; asks first", "um shell lá dentro; pergunta antes"),
    ("F2", "the keyboard to that shell, and back", "o teclado para esse shell, e de volta"),
    ("", "EVERYWHERE", "EM TODA PARTE"),
    ("d", "what the underlined words mean", "o que dizem as palavras sublinhadas"),
    ("L", "the other language", "o outro idioma"),
    ("F1  ?", "these keys", "estas teclas"),
    ("q  Ctrl-C", "leave; nothing was changed", "sai; nada foi mudado"),
];

/// What there is in `unha play`.
const IN_PLAY: &[(&str, &str, &str)] = &[
    ("", "WHILE THE SWITCHES HAVE THE KEYBOARD", "COM O TECLADO NAS CHAVES"),
    ("↑ ↓", "another switch or slider", "outra chave ou outro controle"),
    ("Enter", "flip it; what it needs comes along", "liga ou desliga; o que ela precisa vem junto"),
    ("- +  ← →", "slide it: limits act while the box runs", "mexe: limites valem com a caixa rodando"),
    ("a   n", "everything on; nothing on", "liga tudo; desliga tudo"),
    (
        "1-6",
        "text: 1 shell 2 docker 3 podman 4 bwrap 5 OCI 6 unha",
        "texto: 1 shell 2 docker 3 podman 4 bwrap 5 OCI 6 unha",
    ),
    ("0  Esc", "back to the columns", "volta às colunas"),
    ("PgUp  PgDn", "scroll the text", "rola o texto"),
    ("y", "copy the text; beside the columns, docker run", "copia o texto; junto às colunas, o docker run"),
    ("F2", "type in the shell in view", "digita no shell à vista"),
    ("F4  Tab", "the other side in view", "o outro lado à vista"),
    ("r", "a fresh box: its files too", "uma caixa nova, com arquivos novos"),
    ("s", "the system calls made", "as chamadas de sistema feitas"),
    ("L", "language", "idioma"),
    ("q  Ctrl-C", "leave (asks first)", "sai (pergunta antes)"),
    ("", "WHILE A SHELL HAS THE KEYBOARD", "COM O TECLADO NO SHELL"),
    ("F2  Ctrl-]", "give the keyboard back", "devolve o teclado"),
    ("F4", "to the other side's shell", "para o shell do outro lado"),
];

/// Draws the keys where a person looks around.
pub fn draw_inspect(pen: &mut Pen, area: Rect) {
    keys(pen, area, 0, ON_INSPECT);
}

/// Draws the keys of the play; `scroll` rows down.
pub fn draw_play(pen: &mut Pen, area: Rect, scroll: usize) {
    keys(pen, area, scroll, IN_PLAY);
}

/// Draws the keys of the console.
pub fn draw_console(pen: &mut Pen, area: Rect) {
    keys(pen, area, 0, ON_A_CONSOLE);
}

/// Draws the keys, those of a stage first where one stands on it; `scroll` rows down. Where nothing holds back what is
/// typed, it says first what the word for that means.
pub fn draw(pen: &mut Pen, area: Rect, scroll: usize, on_stage: bool, unprotected: bool) {
    let first = UNPROTECTED.iter().filter(|_| unprotected).chain(ON_A_STAGE.iter().filter(|_| on_stage));
    let all: Vec<_> = first.chain(KEYS).copied().collect();
    keys(pen, area, scroll, &all);
}

fn keys(pen: &mut Pen, area: Rect, scroll: usize, keys: &[(&str, &str, &str)]) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    pen.rule(area, 0, "─", dim);
    pen.put(area, 0, 1, pen.pick(" KEYS ", " TECLAS "), strong);
    let rows = usize::from(area.height.saturating_sub(1));
    let first = scroll.min(keys.len().saturating_sub(rows));
    for (row, (key, en, pt_br)) in (1..area.height).zip(keys.iter().skip(first)) {
        let does = pen.pick(en, pt_br);
        if key.is_empty() {
            pen.put(area, row, 1, does, strong);
        } else {
            pen.put(area, row, 3, key, strong);
            pen.put(area, row, 21, does, text);
        }
    }
}
