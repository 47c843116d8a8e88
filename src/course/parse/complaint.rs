//! What is wrong with a lesson, in both languages, made from what serde and the TOML reader say.

use crate::course::lesson::SCHEMA;
use crate::course::text::Text;

/// A fault and what helps against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    /// The fault in one line.
    pub what: Text,
    /// What was expected, and what may have been meant.
    pub help: Vec<Text>,
}

impl Complaint {
    /// A lesson of another format.
    pub fn schema(found: i64) -> Self {
        Self {
            what: Text::both(
                format!("this lesson has format {found}, which this unha does not read"),
                format!("esta lição está no formato {found}, que este unha não lê"),
            ),
            help: vec![Text::both(format!("expected: schema = {SCHEMA}"), format!("esperado: schema = {SCHEMA}"))],
        }
    }

    /// Two lessons of one name.
    pub fn id_twice(id: &str, first: &str) -> Self {
        Self {
            what: Text::both(
                format!("the id `{id}` is taken: {first} has it"),
                format!("o id `{id}` já tem dono: {first}"),
            ),
            help: vec![Text::both(
                "every lesson needs an id of its own: progress is kept by it",
                "cada lição precisa de um id só seu: o progresso é guardado por ele",
            )],
        }
    }

    /// A name of old that is in use today.
    pub fn not_old(name: &str) -> Self {
        Self {
            what: Text::both(
                format!("`{name}` cannot be a name of old: it is one of today"),
                format!("`{name}` não pode ser um nome antigo: é um nome de hoje"),
            ),
            help: vec![Text::both(
                "was = [\"…\"] names what has this name no more",
                "was = [\"…\"] traz nomes que não são mais de ninguém",
            )],
        }
    }

    /// What the reader said, in the words of whoever writes a lesson.
    pub fn from_message(message: &str) -> Self {
        let quoted = names(message);
        let first = quoted.first().copied().unwrap_or_default();
        if message.starts_with("unknown field") {
            unknown(&Text::both("unknown key", "chave desconhecida"), first, quoted.get(1..).unwrap_or_default())
        } else if message.starts_with("unknown variant") {
            let known = quoted.get(1..).unwrap_or_default();
            unknown(&kind(known), first, known)
        } else if message.starts_with("missing field") {
            Self {
                what: Text::both(format!("the key `{first}` is missing here"), format!("falta a chave `{first}` aqui")),
                help: shape(first).into_iter().collect(),
            }
        } else if message.starts_with("duplicate") {
            Self { what: Text::both("this key stands twice", "esta chave aparece duas vezes"), help: vec![] }
        } else if message.starts_with("wanted exactly 1 element") {
            Self {
                what: Text::both("an act is exactly one verb", "cada ação tem exatamente um verbo"),
                help: vec![Text::both(
                    "write one table for each: [{ inside = \"…\" }, { outside = \"…\" }]",
                    "escreva uma tabela para cada: [{ inside = \"…\" }, { outside = \"…\" }]",
                )],
            }
        } else {
            message
                .strip_prefix("invalid type: ")
                .or(message.strip_prefix("invalid value: "))
                .map_or_else(|| syntax(message), mistyped)
        }
    }
}

/// The names between backquotes.
fn names(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

fn unknown(kind: &Text, found: &str, known: &[&str]) -> Complaint {
    let mut help = Vec::new();
    if let Some(near) = nearest(found, known) {
        help.push(Text::both(format!("did you mean `{near}`?"), format!("você quis dizer `{near}`?")));
    }
    if !known.is_empty() {
        let list = wrapped(known);
        help.push(Text::both(format!("known here: {list}"), format!("aqui vale: {list}")));
    }
    Complaint { what: Text::both(format!("{} `{found}`", kind.en), format!("{} `{found}`", kind.pt_br)), help }
}

/// The known name that `found` is most like, if it is like one at all.
pub(in crate::course) fn nearest<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
    let found = found.to_lowercase();
    known
        .iter()
        .map(|name| (likeness(&found, name), *name))
        .filter(|(like, _)| *like >= 0.7)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name)
}

/// How like two names are, from 0 to 1. A name begun right counts by how far it is right; two letters swapped in a
/// name of three would then count as nothing, so it is their number that counts there.
fn likeness(one: &str, other: &str) -> f64 {
    let swapped = strsim::damerau_levenshtein(one, other) == 1;
    strsim::jaro_winkler(one, other).max(if swapped { 0.8 } else { 0.0 })
}

/// Names over as many lines as they need.
fn wrapped(names: &[&str]) -> String {
    let (mut list, mut used) = (String::new(), 14);
    for (at, name) in names.iter().enumerate() {
        let break_before = at > 0 && used + name.len() + 2 > 70;
        list += if at == 0 {
            ""
        } else if break_before {
            ",\n  "
        } else {
            ", "
        };
        used = if break_before { 4 } else { used + 2 } + name.len();
        list += name;
    }
    list
}

/// What the known names are names of.
fn kind(known: &[&str]) -> Text {
    match known {
        known if known.contains(&"ns.uts") => Text::both("unknown fact", "fato desconhecido"),
        known if known.contains(&"rootfs") => Text::both("unknown feature", "recurso desconhecido"),
        known if known.contains(&"machine") => Text::both("unknown side", "lado desconhecido"),
        known if known.contains(&"interrupt") => Text::both("unknown act", "ação desconhecida"),
        known if known.contains(&"cpus") => Text::both("unknown limit", "limite desconhecido"),
        _ => Text::both("unknown value", "valor desconhecido"),
    }
}

/// What a key that is missing should hold, where its name does not say it.
fn shape(key: &str) -> Option<Text> {
    Some(match key {
        "en" | "pt-BR" => Text::both(
            "every text stands in both languages: { en = \"…\", pt-BR = \"…\" }",
            "todo texto vem nas duas línguas: { en = \"…\", pt-BR = \"…\" }",
        ),
        "text" | "in-lines" | "why" | "title" | "summary" | "note" => Text::both(
            format!("expected: {key} = {{ en = \"…\", pt-BR = \"…\" }}"),
            format!("esperado: {key} = {{ en = \"…\", pt-BR = \"…\" }}"),
        ),
        "schema" => Text::both(format!("expected: schema = {SCHEMA}"), format!("esperado: schema = {SCHEMA}")),
        "step" => Text::both(
            "a lesson has steps, each below its own [[step]]",
            "uma lição tem passos, cada um embaixo do seu [[step]]",
        ),
        "seconds" => Text::both("the planned time: seconds = 60", "o tempo previsto: seconds = 60"),
        _ => return None,
    })
}

/// `string "x", expected a sequence` in the words of TOML and of lessons.
fn mistyped(said: &str) -> Complaint {
    let (found, expected) = said.split_once(", expected ").unwrap_or((said, ""));
    let (word, value) = found.split_once(' ').unwrap_or((found, ""));
    let word = match (word, found) {
        ("integer", _) => Text::both("a number", "um número"),
        ("floating", _) => Text::both("a number with a point", "um número com ponto"),
        ("string", _) => Text::both("a text", "um texto"),
        ("boolean", _) => Text::both("true or false", "true ou false"),
        ("sequence", _) => Text::both("a list", "uma lista"),
        ("unit", _) => Text::both("a name alone", "um nome sozinho"),
        ("map", _) => Text::both("a table", "uma tabela"),
        _ => Text::both(found, found),
    };
    let value = value.trim_start_matches("point ").replace('`', "");
    let value =
        if value.is_empty() || value == "variant" || value.len() > 40 { String::new() } else { format!(" ({value})") };
    let wanted = match expected {
        "a string" => Text::both("a text in quotes: \"…\"", "um texto entre aspas: \"…\""),
        "a boolean" => Text::both("true or false", "true ou false"),
        "a sequence" => Text::both("a list: [ … ]", "uma lista: [ … ]"),
        "u32" | "u64" | "usize" | "i64" => {
            Text::both("a whole number, not below 0", "um número inteiro, de 0 para cima")
        }
        "struct Text" => Text::both(
            "a text in both languages: { en = \"…\", pt-BR = \"…\" }",
            "um texto nas duas línguas: { en = \"…\", pt-BR = \"…\" }",
        ),
        "struct Code" => Text::both("a table with file, anchor and note", "uma tabela com file, anchor e note"),
        "newtype variant" => Text::both("a table: { name = … }", "uma tabela: { nome = … }"),
        "a map" => Text::both("a table: { key = \"…\" }", "uma tabela: { chave = \"…\" }"),
        other if other.starts_with("struct ") => Text::both("a table: { … }", "uma tabela: { … }"),
        other => Text::both(other, other),
    };
    Complaint {
        what: Text::both(
            format!("{}{value} cannot stand here", word.en),
            format!("{}{value} não cabe aqui", word.pt_br),
        ),
        help: vec![Text::both(format!("expected: {}", wanted.en), format!("esperado: {}", wanted.pt_br))],
    }
}

/// What is no TOML at all.
fn syntax(message: &str) -> Complaint {
    if message.starts_with("string values must be quoted") {
        return Complaint {
            what: Text::both("no value stands here", "aqui não há um valor"),
            help: vec![Text::both(
                "expected: a number, true, false, a list, a table, or a text in quotes",
                "esperado: um número, true, false, uma lista, uma tabela ou um texto entre aspas",
            )],
        };
    }
    if message == "wanted string or table" {
        return Complaint {
            what: Text::both("no name stands here", "aqui não há um nome"),
            help: vec![Text::both("expected: a name in quotes", "esperado: um nome entre aspas")],
        };
    }
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let help = if expected.is_empty() {
        vec![]
    } else {
        vec![Text::both(format!("expected: {expected}"), format!("esperado: {}", translated(expected)))]
    };
    Complaint {
        what: Text::both(format!("not TOML: {what}"), format!("isto não é TOML: {}", translated(what))), help
    }
}

/// The TOML reader's words in Portuguese, as far as a lesson's author is likely to meet them.
fn translated(said: &str) -> &str {
    PORTUGUESE.iter().find(|(en, _)| *en == said).map_or(said, |(_, pt)| pt)
}

const PORTUGUESE: &[(&str, &str)] = &[
    ("duplicate key", "chave repetida"),
    ("extra `=`", "`=` a mais"),
    ("extra comma in array", "vírgula a mais na lista"),
    ("extra comma in inline table", "vírgula a mais na tabela"),
    ("invalid basic string", "texto entre aspas malformado"),
    ("invalid inline table element", "elemento inválido na tabela"),
    ("invalid key-value pair", "par de chave e valor inválido"),
    ("invalid unquoted key", "chave sem aspas inválida"),
    ("invalid value", "valor inválido"),
    ("key", "chave"),
    ("key with no value", "chave sem valor"),
    ("missing assignment between key-value pairs", "falta o `=` entre chave e valor"),
    ("missing comma between array elements", "falta vírgula entre os elementos da lista"),
    ("missing comma between key-value pairs", "falta vírgula entre os pares de chave e valor"),
    ("missing escaped value", "falta o caractere depois de `\\`"),
    ("missing key for inline table element", "falta a chave do elemento da tabela"),
    ("missing value", "falta o valor"),
    ("missing value for key", "falta o valor da chave"),
    ("newline", "fim de linha"),
    ("unclosed array", "lista sem `]`"),
    ("unclosed array table", "cabeçalho sem `]]`"),
    ("unclosed inline table", "tabela sem `}`"),
    ("unclosed table", "cabeçalho sem `]`"),
    ("unexpected `=` in array", "`=` fora de lugar na lista"),
    ("unexpected content", "conteúdo fora de lugar"),
    ("unexpected key or value", "chave ou valor fora de lugar"),
    ("value", "valor"),
    ("value, `]`", "valor ou `]`"),
];
