//! `unha rootfs show NAME [PATH]`: all that is known of one, or which layer a file comes from.

use std::fmt::Write as _;
use std::path::Path;

use super::list::{Row, json};
use super::remove::unknown;
use super::{BUILT_IN, Refusal, built_in, failed, misused, shelf};
use crate::command::{args, day, words};
use crate::course::text::Lang;
use crate::image::archive::{Config, bytes, shown};
use crate::image::shelf::{Held, Origin, origin, os_name};

pub(super) fn run(options: &args::Rootfs, lang: Lang) -> Result<(), Refusal> {
    let (name, path) = match options.words.as_slice() {
        [name] => (name, None),
        [name, path] => (name, Some(Path::new(path))),
        [] => return Err(misused(words::no_name("show", lang))),
        [.., last] => return Err(misused(words::one_too_many(last, "show", lang))),
    };
    let name = name.to_string_lossy();
    if name == BUILT_IN {
        let root = built_in().map_err(|why| failed(words::image(&why, lang)))?;
        println!("{}", words::built(false, &root.dir, lang));
        return Ok(());
    }
    let shelf = shelf().map_err(|why| failed(words::image(&why, lang)))?;
    let held = shelf.hold(&name).map_err(|why| unknown(&why, &shelf, lang))?;
    if let Some(path) = path {
        println!("{}", whence(&held, path, lang)?);
    } else if options.json {
        println!("{}", json(vec![Row::of(&held)]));
    } else {
        print!("{}", all(&held, lang));
    }
    Ok(())
}

/// Which layer the path comes from.
fn whence(held: &Held, path: &Path, lang: Lang) -> Result<String, Refusal> {
    let layers = if held.layers.is_empty() { vec![held.root.clone()] } else { held.layers.clone() };
    let digest = |number: usize| held.label.layers.get(number).and_then(|part| part.digest.clone());
    match origin(&layers, path) {
        Origin::Layer(number) => Ok(words::comes_from(path, number, digest(number).as_deref(), lang)),
        Origin::Gone(number) => Ok(words::taken_away(path, number, digest(number).as_deref(), lang)),
        Origin::Nowhere => Err(failed(words::in_no_layer(path, &held.name, lang))),
    }
}

/// All of it, a line for each thing.
fn all(held: &Held, lang: Lang) -> String {
    let label = &held.label;
    let mut lines = vec![];
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            lines.push((name.to_owned(), value));
        }
    };
    line(lang.pick("name", "nome"), held.name.clone());
    line(lang.pick("system", "sistema"), os_name(&held.root).unwrap_or_default());
    line(
        lang.pick("from", "origem"),
        format!("{} ({})", shown(label.source.as_bytes()), words::kind(label.kind, lang)),
    );
    line(lang.pick("since", "desde"), day(label.made).unwrap_or_default());
    line(lang.pick("path", "caminho"), held.root.display().to_string());
    let size = words::amount(&bytes(label.size), lang);
    line(lang.pick("size", "tamanho"), format!("{size}, {}", words::entries(label.entries, lang)));
    line(lang.pick("owners", "donos"), words::owners(label.owners_kept, lang).to_owned());
    for but in words::changed(&label.but, lang) {
        line(lang.pick("changed", "mudou"), but);
    }
    for but in words::left_out(&label.but, lang) {
        line(lang.pick("left out", "ficou fora"), but);
    }
    config(&label.config, lang, &mut line);
    for (number, part) in label.layers.iter().enumerate() {
        let digest = part.digest.as_deref().unwrap_or("-");
        let size = words::amount(&bytes(part.size), lang);
        let text = format!("{digest}  {size}, {}", words::entries(part.entries, lang));
        line(&format!("{} {number}", lang.pick("layer", "camada")), text);
    }
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for (name, value) in &lines {
        let _ = writeln!(text, "{name:width$}  {value}");
    }
    text
}

/// How an image wants to be started, in the words of a Dockerfile.
fn config(config: &Config, lang: Lang, line: &mut impl FnMut(&str, String)) {
    let quoted = |words: &[String]| words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" ");
    for entry in &config.env {
        line("env", format!("{entry:?}").trim_matches('"').to_owned());
    }
    line(lang.pick("user", "usuário"), shown(config.user.as_bytes()));
    line("workdir", shown(config.workdir.as_bytes()));
    line("entrypoint", quoted(&config.entrypoint));
    line("cmd", quoted(&config.cmd));
}
