//! What the value of each option should look like, for whoever gave another.

use super::super::args::{ACCOUNTS, DEEDS, FEATURES, THEMES};
use crate::course::text::Lang;

/// What an option's value should look like, and the names it may be, if it is one of a few.
pub(super) fn wanted(option: &str, lang: Lang) -> Option<(&'static str, &'static [&'static str])> {
    let (en, pt_br, names): (_, _, &[&str]) = match option {
        "--lang" => ("pt-BR or en", "pt-BR ou en", &["pt-BR", "en"]),
        "--route" => ("full or short", "full ou short", &["full", "short"]),
        "[show|export|import|reset]" => ("show, export, import or reset", "show, export, import ou reset", &ACCOUNTS),
        "[list|build|import|show|rm]" => ("list, build, import, show or rm", "list, build, import, show ou rm", &DEEDS),
        "<deck|lesson>" => ("deck or lesson", "deck ou lesson", &["deck", "lesson"]),
        "[FEATURE]..." | "[RECURSO]..." => {
            ("a feature's name, such as uts", "o nome de um recurso, como uts", &FEATURES)
        }
        "--theme" => ("dark, light, contrast, 16 or none", "dark, light, contrast, 16 ou none", &THEMES),
        "--memory" => {
            ("bytes, or a number with k, m or g, such as 32M", "bytes, ou um número com k, m ou g, como 32M", &[])
        }
        "--cpus" => {
            ("a number of cores from 0.01 to 1024, such as 0.2", "um número de núcleos de 0.01 a 1024, como 0.2", &[])
        }
        "<FORMAT>" | "<FORMATO>" => (
            "html, oci, shell, docker, podman or bwrap",
            "html, oci, shell, docker, podman ou bwrap",
            &["html", "oci", "shell", "docker", "podman", "bwrap"],
        ),
        "[PID]" | "--pid" => ("a process number, such as 4711", "o número de um processo, como 4711", &[]),
        "--speed" => ("a number from 0.1 to 20, such as 2", "um número de 0.1 a 20, como 2", &[]),
        "--check" => (
            "columns x rows, from 60x18 to 500x200, such as 80x24",
            "colunas x linhas, de 60x18 a 500x200, como 80x24",
            &[],
        ),
        "--minutes" => {
            ("a number of minutes from 1 to 600, such as 40", "um número de minutos de 1 a 600, como 40", &[])
        }
        "--size" => (
            "columns x rows from 60x18 to 500x200, such as 80x24",
            "colunas x linhas de 60x18 a 500x200, como 80x24",
            &[],
        ),
        "--idle-limit" => (
            "a whole number of seconds from 1 up, such as 2",
            "segundos: um número inteiro, de 1 para cima, como 2",
            &[],
        ),
        "--seconds" => (
            "a whole number of seconds from 1 to 3600, such as 10",
            "segundos: um número inteiro de 1 a 3600, como 10",
            &[],
        ),
        "--pids-limit" => ("a whole number from 1 up, such as 15", "um número inteiro, de 1 para cima, como 15", &[]),
        "--cpu-shares" => {
            ("a whole number from 2 to 262144, such as 512", "um número inteiro de 2 a 262144, como 512", &[])
        }
        "--device-write-bps" => (
            "a path, a colon and a size, such as /var/tmp:1M",
            "um caminho, dois-pontos e um tamanho, como /var/tmp:1M",
            &[],
        ),
        "--device-deny" => {
            ("c or b and its two numbers, such as 'c 1:5'", "c ou b e os dois números, como 'c 1:5'", &[])
        }
        _ => return None,
    };
    Some((lang.pick(en, pt_br), names))
}
