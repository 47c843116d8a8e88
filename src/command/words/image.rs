//! What is wrong with a root file system, in both languages. The English is [`ImageError`]'s own.

use std::path::Path;

use super::{described, io, meant};
use crate::course::text::Lang;
use crate::image::{ImageError, Lack, Missing};

/// Why there is no root file system to start in, or no command in it.
pub fn image(error: &ImageError, lang: Lang) -> String {
    match (error, lang) {
        // The machine's own root is no `root` to whoever typed the command.
        (ImageError::NoCommand { root, command, nearest }, _) if root == Path::new("/") => {
            let near = meant(nearest.as_deref(), lang);
            let none = if command.contains('/') {
                lang.pick("there is no such file", "esse arquivo não existe")
            } else {
                lang.pick("no folder in PATH has it", "não está em nenhuma pasta do PATH")
            };
            format!("`{command}`: {none}{near}")
        }
        (_, Lang::En) => error.to_string(),
        (_, Lang::PtBr) => portuguese(error),
    }
}

fn portuguese(error: &ImageError) -> String {
    match error {
        ImageError::Call { call, path, why } => format!("{call}({path:?}) = {}", io(why, Lang::PtBr)),
        ImageError::NoCache { tried } => format!(
            "não há pasta para o sistema embutido: tentei {tried:?}; aponte XDG_CACHE_HOME para uma que seja sua e \
             não seja noexec"
        ),
        ImageError::NotOurs { path, owner, mode } => format!(
            "{path:?} é do uid {owner} com modo {mode:04o}, não é só nossa; remova, ou defina XDG_CACHE_HOME"
        ),
        ImageError::Recipe(why) => format!("rootfs/recipe.toml: {why}"),
        ImageError::Required(missing) => {
            format!(
                "falta uma ferramenta para o sistema embutido: {}; instale, ou dê outro com --rootfs",
                lacking(missing)
            )
        }
        ImageError::NotThere(path) => format!("{path:?} não existe; dê a pasta que contém bin, etc, usr"),
        ImageError::NotFolder(path) => format!(
            "{path:?} não é uma pasta; um sistema de arquivos raiz é uma pasta: desempacote antes o arquivo ou a imagem"
        ),
        ImageError::Empty(path) => format!("{path:?} está vazia; um sistema de arquivos raiz precisa ao menos de um shell"),
        ImageError::NoShell(path) => format!(
            "{path:?} não tem shell: nem /bin/sh nem /usr/bin/sh é um programa ali; essa pasta é mesmo o topo de um sistema?"
        ),
        ImageError::NoCommand { root, command, nearest } => {
            format!("{command:?} não existe em {root:?}{}", meant(nearest.as_deref(), Lang::PtBr))
        }
        ImageError::NotExecutable { root, path } => format!(
            "execve({path:?}) em {root:?} = EACCES ({}): não é um arquivo, ou ninguém pode executá-lo",
            described(nix::errno::Errno::EACCES, Lang::PtBr)
        ),
        ImageError::NoInterpreter { root, path, interpreter } => format!(
            "execve({path:?}) em {root:?} = ENOENT: ele está lá, mas {interpreter:?}, que precisa carregá-lo, não está"
        ),
    }
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
