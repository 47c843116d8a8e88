//! Why a source was not imported, and what of one is not as its archive has it, in both languages.
//!
//! The English of an error is [`ImportError`]'s own; names out of an archive are always escaped.

use super::io;
use crate::course::text::Lang;
use crate::image::archive::{Bound, Damage, Field, ImportError, Looks, Refusal, bytes, shown};
use crate::image::unpack::But;

/// Why nothing was imported.
pub fn import(error: &ImportError, lang: Lang) -> String {
    match lang {
        Lang::En => error.to_string(),
        Lang::PtBr => portuguese(error),
    }
}

fn portuguese(error: &ImportError) -> String {
    let give = "dê uma pasta, um tar, um layout OCI ou o que o `docker save` gravou";
    match error {
        ImportError::NotThere(path) => format!("{path:?} não existe; {give}"),
        ImportError::Call { call, path, why } => format!("{call}({path:?}) = {}", io(why, Lang::PtBr)),
        ImportError::Unknown { path, looks } => {
            let looks = match looks {
                Looks::Nothing => "está vazio".to_owned(),
                Looks::Other => "o conteúdo não é um tar".to_owned(),
                Looks::NoFile => "é um pipe, um socket ou um dispositivo".to_owned(),
                Looks::Format(name) => format!("o formato é {name}"),
            };
            format!("{path:?} não é um arquivo de sistema raiz: {looks}; {give}")
        }
        ImportError::Empty(path) => format!("{path:?} não tem nenhum arquivo dentro; é esse mesmo?"),
        ImportError::Damaged { part, why } => {
            format!("{part} está danificado: {}; baixe ou gere de novo", damage(why))
        }
        ImportError::Refused { entry, why } => {
            format!("recusado por causa da entrada \"{}\": {}; nada foi importado", shown(entry), refusal(why))
        }
        ImportError::TooMuch { entry, bound } => {
            format!("recusado na entrada \"{}\": {}; nada foi importado", shown(entry), over(*bound))
        }
        ImportError::NoSpace { entry, free, needs } => {
            let needs = needs.map_or_else(String::new, |needs| format!(" e são precisos {}", comma(needs)));
            format!(
                "não há espaço para \"{}\": há {} livres{needs}; libere espaço ou aponte XDG_DATA_HOME para um disco maior",
                shown(entry),
                comma(*free)
            )
        }
        ImportError::Choose { path, wanted, machine, choices } => {
            choose(&path.display().to_string(), wanted.as_deref(), machine, choices)
        }
        ImportError::Digest { part, said, is } => {
            format!("{part} não é o que a imagem diz: o sha256 é {is} e devia ser {said}; baixe de novo")
        }
        ImportError::Lacks(part) => {
            format!("a imagem cita {part}, que não está nela; não foi copiada inteira: baixe de novo")
        }
        ImportError::Interrupted => "interrompido; nada foi importado".to_owned(),
    }
}

/// Portuguese writes a comma where English has a point.
fn comma(count: u64) -> String {
    bytes(count).replace('.', ",")
}

fn choose(path: &str, wanted: Option<&str>, machine: &str, choices: &[String]) -> String {
    let (Some(first), listed) = (choices.first(), choices.join(", ")) else {
        return format!("{path} não cita imagem nenhuma");
    };
    match wanted {
        Some(wanted) => format!("{path} não tem a imagem {wanted:?}; tem {listed}; escolha assim: {path}:{first}"),
        None if choices.len() == 1 => {
            format!(
                "{path} não tem imagem para esta máquina, {machine}; tem {listed}; se quiser mesmo assim: {path}:{first}"
            )
        }
        None => format!("{path} tem várias imagens: {listed}; escolha assim: {path}:{first}"),
    }
}

fn damage(why: &Damage) -> String {
    match why {
        Damage::Truncated => "termina antes do fim".to_owned(),
        Damage::Header(at) => format!("o que devia ser o cabeçalho de uma entrada não é, {at} bytes adentro do tar"),
        Damage::Number { entry, field } => {
            let field = match field {
                Field::Size => "um tamanho",
                Field::Owner => "um dono",
                Field::Mode => "um modo",
                Field::Time => "uma data",
                Field::Device => "um número de dispositivo",
                Field::Sparse => "um mapa de buracos",
            };
            format!("a entrada \"{}\" tem {field} impossível", shown(entry))
        }
        Damage::Extended => "não dá para ler o cabeçalho estendido de uma entrada".to_owned(),
        Damage::Compressed(why) => format!("não dá para descomprimir ({why})"),
        Damage::Json(why) => format!("não é o JSON que devia ser ({why})"),
    }
}

fn refusal(why: &Refusal) -> String {
    match why {
        Refusal::Up => "o nome sobe com `..`".to_owned(),
        Refusal::LinkUp(to) => format!("é um hard link para \"{}\", que sobe com `..`", shown(to)),
        Refusal::LinkLacks(to) => {
            format!("é um hard link para \"{}\", que não está no arquivo antes dela", shown(to))
        }
        Refusal::LinkFolder(to) => format!("é um hard link para \"{}\", que é uma pasta", shown(to)),
        Refusal::Nul => "há um NUL no nome".to_owned(),
        Refusal::Nameless => "não tem nome, ou não leva a nada".to_owned(),
        Refusal::LongName => "um nome nela é mais longo do que o kernel aceita".to_owned(),
        Refusal::Circle => "o caminho até ela é um círculo de links simbólicos".to_owned(),
        Refusal::Whiteout => "é um whiteout de nada, de `.` ou de `..`".to_owned(),
        Refusal::Top => "faria do topo da árvore outra coisa que não uma pasta".to_owned(),
    }
}

fn over(bound: Bound) -> String {
    match bound {
        Bound::Bytes(most) => format!("o conteúdo passa de {} no total", comma(most)),
        Bound::Entries(most) => format!("são mais de {most} entradas"),
        Bound::Depth(most) => format!("as pastas têm mais de {most} níveis"),
        Bound::Path(most) => format!("um caminho passa de {most} bytes"),
        Bound::Header(most) => format!("a descrição de si mesma passa de {}", comma(most)),
        Bound::Layers(most) => format!("são mais de {most} camadas ou imagens"),
    }
}

/// What of a source is not as its archive has it, a sentence for each.
pub fn but(but: &But, lang: Lang) -> Vec<String> {
    let said = |count: u64, english: [&str; 2], portuguese: [&str; 2]| {
        let form = usize::from(count != 1);
        (count > 0).then(|| format!("{count} {}", lang.pick(english[form], portuguese[form])))
    };
    let all = [
        said(
            but.owners,
            ["file belongs to you, not to its own owner", "files belong to you, not to their own owners"],
            ["arquivo é seu, e não do dono original", "arquivos são seus, e não dos donos originais"],
        ),
        said(
            but.setuid,
            [
                "program is no longer setuid: it would have run as you",
                "programs are no longer setuid: they would have run as you",
            ],
            [
                "programa deixou de ser setuid: rodaria como você",
                "programas deixaram de ser setuid: rodariam como você",
            ],
        ),
        said(
            but.devices,
            ["device was not made", "devices were not made"],
            ["dispositivo não foi criado", "dispositivos não foram criados"],
        ),
        said(
            but.xattrs,
            ["extended attribute was left out", "extended attributes were left out"],
            ["atributo estendido ficou de fora", "atributos estendidos ficaram de fora"],
        ),
        said(
            but.absolute,
            ["absolute name was taken as beneath the root", "absolute names were taken as beneath the root"],
            ["nome absoluto foi posto dentro da raiz", "nomes absolutos foram postos dentro da raiz"],
        ),
        said(
            but.unknown,
            ["socket or entry of an unknown kind was left out", "sockets or entries of an unknown kind were left out"],
            [
                "socket ou entrada de tipo desconhecido ficou de fora",
                "sockets ou entradas de tipo desconhecido ficaram de fora",
            ],
        ),
        said(
            but.mounts,
            [
                "folder is empty: something else is mounted on it",
                "folders are empty: something else is mounted on them",
            ],
            ["pasta ficou vazia: há outra coisa montada nela", "pastas ficaram vazias: há outra coisa montada nelas"],
        ),
    ];
    all.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_what_is_wrong_and_what_next() {
        let choices = vec!["a:1".to_owned(), "b:2".to_owned()];
        let error = |wanted: Option<&str>, choices: &[String]| ImportError::Choose {
            path: "x.tar".into(),
            wanted: wanted.map(ToOwned::to_owned),
            machine: "linux/amd64".to_owned(),
            choices: choices.to_owned(),
        };
        let refused = ImportError::Refused { entry: b"../\x1b[m".to_vec(), why: Refusal::Up };
        let full = ImportError::NoSpace { entry: b"usr/lib/x".to_vec(), free: 1500, needs: Some(120_500_000) };
        for (error, english, portuguese) in [
            (
                error(None, &choices),
                "x.tar has several images: a:1, b:2; give one as x.tar:a:1",
                "x.tar tem várias imagens: a:1, b:2; escolha assim: x.tar:a:1",
            ),
            (
                error(None, &choices[..1]),
                "x.tar has no image for this machine, linux/amd64; it has a:1; to have it anyway, give x.tar:a:1",
                "x.tar não tem imagem para esta máquina, linux/amd64; tem a:1; se quiser mesmo assim: x.tar:a:1",
            ),
            (
                error(Some("c"), &choices),
                "x.tar has no image \"c\"; it has a:1, b:2; give one as x.tar:a:1",
                "x.tar não tem a imagem \"c\"; tem a:1, b:2; escolha assim: x.tar:a:1",
            ),
            (
                refused,
                "refused because of the entry \"../\\u{1b}[m\": its name leads up with `..`; nothing was imported",
                "recusado por causa da entrada \"../\\u{1b}[m\": o nome sobe com `..`; nada foi importado",
            ),
            (
                full,
                "no space left for \"usr/lib/x\": 1.5 kB are free, and it takes 120.5 MB; make room, or set XDG_DATA_HOME \
                 to a larger disk",
                "não há espaço para \"usr/lib/x\": há 1,5 kB livres e são precisos 120,5 MB; libere espaço ou aponte \
                 XDG_DATA_HOME para um disco maior",
            ),
        ] {
            assert_eq!(import(&error, Lang::En), english);
            assert_eq!(import(&error, Lang::PtBr), portuguese);
        }
    }

    #[test]
    fn what_is_not_as_it_was_is_counted() {
        let counted = But { owners: 2, devices: 1, ..But::default() };
        let said = ["2 files belong to you, not to their own owners", "1 device was not made"];
        assert_eq!(but(&counted, Lang::En), said);
        assert_eq!(but(&counted, Lang::PtBr).len(), 2);
        assert!(but(&But::default(), Lang::En).is_empty());
    }
}
