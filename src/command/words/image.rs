//! What is wrong with a root file system, in both languages. Where it is no matter of a place, the English is
//! [`ImageError`]'s own.

use std::path::Path;

use nix::errno::Errno;

use super::{described, io, meant};
use crate::course::text::Lang;
use crate::image::{ImageError, Lack, Missing, cache_dir};

/// A path in quotes, with what could not be seen or would harm a terminal escaped.
fn shown(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

/// Why there is no root file system to start in, or no command in it.
pub fn image(error: &ImageError, lang: Lang) -> String {
    match error {
        ImageError::NoCommand { root, command, nearest } => {
            no_command(root, command, lang) + &meant(nearest.as_deref(), lang)
        }
        ImageError::NotExecutable { root, path } => {
            let (place, denied, path) = (place(root, lang), described(Errno::EACCES, lang), shown(path));
            match lang {
                Lang::En => {
                    format!("execve({path}) {place} = EACCES ({denied}): it is no file, or nobody may execute it")
                }
                Lang::PtBr => {
                    format!("execve({path}) {place} = EACCES ({denied}): não é um arquivo, ou ninguém pode executá-lo")
                }
            }
        }
        ImageError::NoInterpreter { root, path, interpreter } => {
            let (place, path, interpreter) = (place(root, lang), shown(path), shown(interpreter));
            match lang {
                Lang::En => {
                    format!("{path} is there, but {interpreter}, which must load it, is not to be found {place}")
                }
                Lang::PtBr => {
                    format!("{path} existe, mas {interpreter}, que precisa carregá-lo, não existe {place}")
                }
            }
        }
        ImageError::NotThere(path) => {
            let (path, absent) = (shown(path), described(Errno::ENOENT, lang));
            match lang {
                Lang::En => format!("stat({path}) = ENOENT ({absent}); give the folder that holds bin, etc, usr"),
                Lang::PtBr => format!("stat({path}) = ENOENT ({absent}); dê a pasta que contém bin, etc, usr"),
            }
        }
        _ if lang == Lang::En => error.to_string(),
        _ => portuguese(error),
    }
}

/// `in "/srv/debian"`; the machine's own root and the built-in one have no path that says anything to anybody.
fn place(root: &Path, lang: Lang) -> String {
    let built_in = || cache_dir(&|name| std::env::var_os(name)).is_ok_and(|cache| root.starts_with(cache));
    match lang {
        _ if root == Path::new("/") => lang.pick("here", "aqui").to_owned(),
        _ if built_in() => lang.pick("in the built-in root", "no sistema embutido").to_owned(),
        Lang::En => format!("in {}", shown(root)),
        Lang::PtBr => format!("em {}", shown(root)),
    }
}

fn no_command(root: &Path, command: &str, lang: Lang) -> String {
    let (place, command) = (place(root, lang), command.escape_debug().to_string());
    match lang {
        Lang::En if command.contains('/') => format!("there is no file `{command}` {place}"),
        Lang::PtBr if command.contains('/') => format!("não existe o arquivo `{command}` {place}"),
        Lang::En => format!("there is no command `{command}` {place}, in any folder of PATH"),
        Lang::PtBr => format!("não existe o comando `{command}` {place}, em nenhuma pasta do PATH"),
    }
}

/// The Portuguese of what is left.
fn portuguese(error: &ImageError) -> String {
    match error {
        ImageError::Call { call, path, why } => format!("{call}({}) = {}", shown(path), io(why, Lang::PtBr)),
        ImageError::NoCache { tried } => format!(
            "não há pasta para o sistema embutido: tentei {tried:?}; aponte XDG_CACHE_HOME para uma que seja sua e \
             não seja noexec"
        ),
        ImageError::NoData { tried } => format!(
            "não há pasta para sistemas raiz com nome: tentei {tried:?}; aponte XDG_DATA_HOME para uma que seja sua"
        ),
        ImageError::NotOurs { path, owner, mode } => format!(
            "{} é do uid {owner} com modo {mode:04o}, e devia ser só nossa; remova, ou defina XDG_CACHE_HOME",
            shown(path)
        ),
        ImageError::Recipe(why) => format!("rootfs/recipe.toml: {why}"),
        ImageError::Required(missing) => {
            let lacking = lacking(missing);
            format!("falta uma ferramenta para o sistema embutido: {lacking}; instale, ou dê outro com --rootfs")
        }
        ImageError::NotFolder(path) => format!(
            "{} não é uma pasta; um sistema de arquivos raiz é uma pasta: desempacote antes o arquivo ou a imagem",
            shown(path)
        ),
        ImageError::Empty(path) => {
            format!("{} está vazia; um sistema de arquivos raiz precisa pelo menos de um shell", shown(path))
        }
        ImageError::NoShell(path) => format!(
            "{} não tem shell: nem /bin/sh nem /usr/bin/sh é um programa ali; é mesmo o topo de um sistema?",
            shown(path)
        ),
        ImageError::NotThere(_)
        | ImageError::NoCommand { .. }
        | ImageError::NotExecutable { .. }
        | ImageError::NoInterpreter { .. } => image(error, Lang::PtBr),
    }
}

/// A thing that the built-in root has not got, and why.
pub fn lacking_in(missing: &Missing, lang: Lang) -> String {
    if lang == Lang::En { missing.to_string() } else { lacking(missing) }
}

fn lacking(Missing { name, why }: &Missing) -> String {
    match why {
        Lack::NotThere => format!("{name} (não instalado)"),
        Lack::Unreadable => format!("{name} (sem permissão de leitura)"),
        Lack::Script(interpreter) => format!("{name} (um script para {})", interpreter.display()),
        Lack::NoProgram => format!("{name} (não é um programa)"),
        Lack::Object(object) => format!("{name} (precisa de {object}, que não existe aqui)"),
        Lack::NoTerminal => format!("{name} (sem terminfo)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_of_an_image_commands_no_terminal() {
        let said = |command| no_command(Path::new("/"), command, Lang::En);
        assert_eq!(said("a\u{1b}b"), "there is no command `a\\u{1b}b` here, in any folder of PATH");
        assert_eq!(said("/a\u{202e}b"), "there is no file `/a\\u{202e}b` here");
    }
}
