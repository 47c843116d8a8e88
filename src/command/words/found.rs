//! What is said of a root file system that is found, and is not to be had just so: an image's user, another's shelf.

use std::path::Path;

use crate::course::text::Lang;
use crate::image::archive::shown;
use crate::image::shelf::NoSuch;

/// An image's user that its own files do not know; the files are in that folder.
pub fn no_such_user(no_such: &NoSuch, root: &Path, lang: Lang) -> String {
    let (name, root) = (no_such.0.escape_debug(), shown(root.as_os_str().as_encoded_bytes()));
    match lang {
        Lang::En => format!(
            "the image is to run as `{name}`, and its /etc/passwd and /etc/group do not know them\n  \
             Next: --rootfs {root}, its files alone, as root and without the image's user, env and command; \
             or build the image with a number, such as USER 1000"
        ),
        Lang::PtBr => format!(
            "a imagem pede o usuário `{name}`, que o /etc/passwd e o /etc/group dela não conhecem\n  \
             Tente: --rootfs {root}, só os arquivos dela, como root e sem o usuário, o env e o comando da imagem; \
             ou monte a imagem com um número, como USER 1000"
        ),
    }
}

/// Those of whoever called sudo, whom root does not see by name: the user, their shelf, what is on it.
pub fn on_their_shelf(user: &str, shelf: &Path, names: &[String], lang: Lang) -> String {
    let (user, shelf) = (shown(user.as_bytes()), shown(shelf.as_os_str().as_encoded_bytes()));
    let names = names.join(", ");
    match lang {
        Lang::En => format!("of {user}, on another shelf: {names}; under sudo each is --rootfs {shelf}/NAME/root"),
        Lang::PtBr => {
            format!("de {user}, em outra prateleira: {names}; com sudo, cada um é --rootfs {shelf}/NOME/root")
        }
    }
}

/// A name that is on the shelf of whoever called sudo, and not on root's.
pub fn is_theirs(name: &str, user: &str, shelf: &Path, lang: Lang) -> String {
    let (user, shelf) = (shown(user.as_bytes()), shown(shelf.as_os_str().as_encoded_bytes()));
    match lang {
        Lang::En => format!(
            "`{name}` is {user}'s, on the shelf {shelf}; under sudo root's own shelf counts, and that has none of this name\n  \
             Next: the same without sudo; or its files alone, --rootfs {shelf}/{name}/root; or import it as root too"
        ),
        Lang::PtBr => format!(
            "`{name}` é de {user}, na prateleira {shelf}; com sudo vale a prateleira do root, que não tem esse nome\n  \
             Tente: o mesmo sem sudo; ou só os arquivos, --rootfs {shelf}/{name}/root; ou importe também como root"
        ),
    }
}

/// The same where it was to be removed.
pub fn is_theirs_to_remove(name: &str, user: &str, shelf: &Path, lang: Lang) -> String {
    let (user, shelf) = (shown(user.as_bytes()), shown(shelf.as_os_str().as_encoded_bytes()));
    match lang {
        Lang::En => format!(
            "`{name}` is {user}'s, on the shelf {shelf}; under sudo root's own shelf counts, and that has none of this name\n  \
             Next: the same without sudo: unha rootfs rm {name}"
        ),
        Lang::PtBr => format!(
            "`{name}` é de {user}, na prateleira {shelf}; com sudo vale a prateleira do root, que não tem esse nome\n  \
             Tente: o mesmo sem sudo: unha rootfs rm {name}"
        ),
    }
}

/// An image's user whom a single id cannot be.
pub fn runs_as_root(user: &str, lang: Lang) -> String {
    let user = user.escape_debug();
    match lang {
        Lang::En => format!("the image's user is `{user}`; with a single id it runs as root inside, which is you"),
        Lang::PtBr => format!("o usuário da imagem é `{user}`; com um id só, roda como root dentro, que é você"),
    }
}

/// Layers are asked for, and there are none.
pub const fn no_layers(lang: Lang) -> &'static str {
    lang.pick(
        "--rootfs-layers: it came as one layer, or is none of `unha rootfs list`; without the option it works",
        "--rootfs-layers: veio em uma camada só, ou não está em `unha rootfs list`; sem a opção funciona",
    )
}
