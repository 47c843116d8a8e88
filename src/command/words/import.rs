//! Why nothing was imported, in both languages. The English is [`ImportError`]'s own; here is the Portuguese.

use std::path::Path;

use super::io;
use crate::course::text::Lang;
use crate::image::archive::{Bound, DIR, Damage, Field, ImportError, Looks, Refusal, bytes, shown};

/// Why nothing was imported.
pub fn import(why: &ImportError, lang: Lang) -> String {
    let said = if lang == Lang::En { why.to_string() } else { portuguese(why) };
    let next = match why {
        ImportError::NotThere(it) => it.to_str().and_then(|it| fetched(it, lang).or_else(|| image_meant(it, lang))),
        ImportError::Unknown { looks: Looks::Format(DIR), .. } => Some(
            lang.pick(
                "Next: skopeo copy dir:FOLDER docker-archive:image.tar, then unha rootfs import image.tar",
                "Tente: skopeo copy dir:PASTA docker-archive:image.tar, depois unha rootfs import image.tar",
            )
            .to_owned(),
        ),
        _ => None,
    };
    next.map_or(said.clone(), |next| format!("{said}\n  {next}"))
}

/// What to do with an address: whoever makes boxes fetches nothing. None with one that a shell would not take for one word.
fn fetched(address: &str, lang: Lang) -> Option<String> {
    let is_one = ["http://", "https://"].iter().any(|begins| address.starts_with(begins));
    let can_be_quoted = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\'');
    (is_one && can_be_quoted).then(|| match lang {
        Lang::En => format!("Next: unha fetches nothing; curl -fL '{address}' | unha rootfs import - --name NAME"),
        Lang::PtBr => format!("Tente: o unha não baixa nada; curl -fL '{address}' | unha rootfs import - --name NOME"),
    })
}

/// What to do with the name of an image that stands where a root file system is meant; nothing with what is no such name.
pub fn image_meant(word: &str, lang: Lang) -> Option<String> {
    reference(word).map(|(image, file)| saved(image, &file, lang))
}

fn saved(image: &str, file: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!(
            "Next: if an image is meant, docker pull {image} && docker save {image} -o {file} (podman likewise), then unha rootfs import {file}"
        ),
        Lang::PtBr => format!(
            "Tente: se for uma imagem, docker pull {image} && docker save {image} -o {file} (o podman também serve), depois unha rootfs import {file}"
        ),
    }
}

/// The endings of files that people give.
const FILES: [&str; 8] = [".tar", ".gz", ".tgz", ".zst", ".xz", ".bz2", ".zip", ".img"];

/// The name of an image in a registry, `debian:12` or `ghcr.io/somebody/app`, and the file that it may be saved in; not what
/// can only be a path.
fn reference(word: &str) -> Option<(&str, String)> {
    // As skopeo(1) and podman write it.
    let word = word.strip_prefix("docker://").unwrap_or(word);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
    let begins = word.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if !begins || !word.bytes().all(allowed) || word.ends_with('/') || FILES.iter().any(|end| word.ends_with(end)) {
        return None;
    }
    let last = word.rsplit('/').next().unwrap_or(word);
    let name = last.split([':', '@']).next().filter(|name| !name.is_empty())?;
    Some((word, format!("{name}.tar")))
}

/// An amount with a comma.
fn amount(count: u64) -> String {
    bytes(count).replace('.', ",")
}

fn path(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

fn portuguese(why: &ImportError) -> String {
    match why {
        ImportError::NotThere(it) => {
            format!("{} não existe; dê uma pasta, um tar, um layout OCI ou o que o `docker save` gravou", path(it))
        }
        ImportError::Call { call, path: it, why } => format!("{call}({}) = {}", path(it), io(why, Lang::PtBr)),
        ImportError::Unknown { path: it, looks } => format!(
            "{} não é um arquivo de sistema raiz: {}; dê uma pasta, um tar, um layout OCI ou o que o `docker save` gravou",
            path(it),
            self::looks(*looks)
        ),
        ImportError::Empty(it) => format!("não há arquivo nenhum em {}; é esse mesmo?", path(it)),
        ImportError::Damaged { part, why } => {
            format!("{part} está danificado: {}; baixe ou faça de novo", damage(why))
        }
        ImportError::Refused { entry, why } => {
            format!("recusado por causa da entrada \"{}\": {}; nada foi importado", shown(entry), refusal(why))
        }
        ImportError::TooMuch { entry, bound } => {
            format!("recusado na entrada \"{}\": {}; nada foi importado", shown(entry), self::bound(*bound))
        }
        ImportError::NoSpace { entry, free, needs } => {
            let needs = needs.map_or_else(String::new, |needs| format!(", e são precisos {}", amount(needs)));
            format!(
                "não há espaço para \"{}\": há {} livres{needs}; libere espaço, ou aponte XDG_DATA_HOME para um disco maior",
                shown(entry),
                amount(*free)
            )
        }
        ImportError::Choose { path, wanted, machine, choices } => choose(path, wanted.as_deref(), machine, choices),
        ImportError::Digest { part, said, is } => {
            format!("{part} não é o que a imagem diz que é: o sha256 é {is}, e devia ser {said}; baixe de novo")
        }
        ImportError::Lacks(part) => {
            format!("a imagem cita {part}, que não está nela; ela não foi copiada inteira: baixe de novo")
        }
        ImportError::Interrupted => "interrompido; nada foi importado".to_owned(),
    }
}

fn looks(looks: Looks) -> String {
    match looks {
        Looks::Nothing => "está vazio".to_owned(),
        Looks::Other => "o conteúdo não é um tar".to_owned(),
        Looks::NoFile => "não é um arquivo nem uma pasta".to_owned(),
        Looks::Format(name) => format!("é {name}"),
    }
}

fn damage(why: &Damage) -> String {
    match why {
        Damage::Truncated => "termina antes do fim".to_owned(),
        Damage::Header(at) => format!("o que devia ser o cabeçalho de uma entrada não é, {at} bytes tar adentro"),
        Damage::Number { entry, field } => {
            format!("a entrada \"{}\" tem {} impossível", shown(entry), self::field(*field))
        }
        Damage::Extended => "o cabeçalho estendido de uma entrada não se deixa ler".to_owned(),
        Damage::Compressed(why) => format!("não dá para descomprimir ({why})"),
        Damage::Json(why) => format!("não é o JSON que devia ser ({why})"),
    }
}

const fn field(field: Field) -> &'static str {
    match field {
        Field::Size => "um tamanho",
        Field::Owner => "um dono",
        Field::Mode => "um modo",
        Field::Time => "uma hora",
        Field::Device => "um número de dispositivo",
        Field::Sparse => "um mapa de buracos",
    }
}

fn refusal(why: &Refusal) -> String {
    match why {
        Refusal::Up => "o nome sobe com `..`".to_owned(),
        Refusal::LinkUp(to) => format!("é um hard link para \"{}\", que sobe com `..`", shown(to)),
        Refusal::LinkLacks(to) => format!("é um hard link para \"{}\", que não veio antes no arquivo", shown(to)),
        Refusal::LinkFolder(to) => format!("é um hard link para \"{}\", que é uma pasta", shown(to)),
        Refusal::Nul => "há um NUL no nome".to_owned(),
        Refusal::Nameless => "não tem nome, ou não leva a nada".to_owned(),
        Refusal::LongName => "há nela um nome mais longo do que o kernel aceita".to_owned(),
        Refusal::Circle => "o caminho até ela é um círculo de links simbólicos".to_owned(),
        Refusal::Whiteout => "é um whiteout de nada, de `.` ou de `..`".to_owned(),
        Refusal::Top => "faria do topo da árvore outra coisa que não uma pasta".to_owned(),
    }
}

fn bound(bound: Bound) -> String {
    match bound {
        Bound::Bytes(most) => format!("o conteúdo todo passa de {}", amount(most)),
        Bound::Entries(most) => format!("há mais de {most} entradas"),
        Bound::Depth(most) => format!("as pastas passam de {most} níveis"),
        Bound::Path(most) => format!("há um caminho com mais de {most} bytes"),
        Bound::Header(most) => format!("a descrição dele mesmo passa de {}", amount(most)),
        Bound::Layers(most) => format!("há mais de {most} camadas ou imagens"),
    }
}

fn choose(path: &Path, wanted: Option<&str>, machine: &str, choices: &[String]) -> String {
    let path = path.display();
    let choices: Vec<String> = choices.iter().map(|choice| shown(choice.as_bytes())).collect();
    let (Some(first), listed) = (choices.first(), choices.join(", ")) else {
        return format!("{path} não cita imagem nenhuma");
    };
    match wanted {
        Some(wanted) => format!("{path} não tem a imagem {wanted:?}; tem {listed}; escolha com {path}:{first}"),
        None if choices.len() == 1 => format!(
            "{path} não tem imagem para esta máquina, {machine}; tem {listed}; para usar assim mesmo, dê {path}:{first}"
        ),
        None => format!("{path} tem várias imagens: {listed}; escolha com {path}:{first}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_image_commands_no_terminal() {
        for choices in [vec!["a\u{1b}[2J".to_owned()], vec!["a\u{1b}[2J".to_owned(), "b\u{202e}".to_owned()]] {
            for wanted in [None, Some("c\u{1b}".to_owned())] {
                let (path, machine) = (Path::new("x.tar").to_owned(), "linux/amd64".to_owned());
                let why = ImportError::Choose { path, wanted, machine, choices: choices.clone() };
                for lang in [Lang::En, Lang::PtBr] {
                    let said = import(&why, lang);
                    assert!(said.contains("x.tar:a\\u{1b}[2J"), "{said:?}");
                    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
                }
            }
        }
    }

    #[test]
    fn the_name_of_an_image_is_told_from_a_path() {
        for (word, file) in [
            ("alpine:latest", Some("alpine.tar")),
            ("alpine", Some("alpine.tar")),
            ("ghcr.io/somebody/app:1.2", Some("app.tar")),
            ("debian@sha256:00ff", Some("debian.tar")),
            ("docker://alpine:3", Some("alpine.tar")),
            ("docker://", None),
            ("./alpine", None),
            ("/srv/alpine", None),
            ("alpine.tar", None),
            ("layers/", None),
            ("a b", None),
            ("$(id)", None),
            (":", None),
            ("", None),
        ] {
            assert_eq!(reference(word).map(|(_, file)| file).as_deref(), file, "{word}");
        }
        let why = ImportError::NotThere("alpine:3".into());
        assert!(import(&why, Lang::En).contains("docker save alpine:3 -o alpine.tar"));
        assert!(import(&why, Lang::PtBr).contains("depois unha rootfs import alpine.tar"));
        let why = ImportError::NotThere("https://example.org/a.tar.gz".into());
        for lang in Lang::ALL {
            assert!(
                import(&why, lang).contains("curl -fL 'https://example.org/a.tar.gz' | unha rootfs import - --name N")
            );
            for address in ["https://a/'$(id)'", "https://a/\u{1b}[2J", "https://a/b c"] {
                assert!(!import(&ImportError::NotThere(address.into()), lang).contains("curl"), "{address:?}");
            }
        }
        let why = ImportError::NotThere("docker://alpine".into());
        assert!(import(&why, Lang::En).contains("docker pull alpine && docker save alpine -o"));
        assert!(!import(&ImportError::NotThere("/alpine".into()), Lang::En).contains("docker pull"));
    }
}
