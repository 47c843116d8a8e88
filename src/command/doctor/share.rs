//! What was found, for whoever helps: plain text without what is nobody else's business.
//!
//! Left out or covered: host name, user name, home folder, addresses, long ids. The kernel's command line and the list of
//! processes are never read.

use std::fmt::Write;

use nix::unistd::{User, gethostname, getuid};
use regex_lite::{NoExpand, Regex};

use super::{Report, text};
use crate::course::text::Lang;

/// All of it.
pub(super) fn of(report: &Report, lang: Lang) -> String {
    colored::control::set_override(false);
    // What this machine says is covered before our own words are put to it: a host may be called `vm` too.
    let secrets = secrets();
    let covered = |text: &str| covered(text, &secrets);
    let mut report =
        Report { lessons: report.lessons.clone(), about: report.about.clone(), findings: report.findings.clone() };
    for finding in &mut report.findings {
        let Some(because) = &mut finding.because else { continue };
        let args = because.call.iter_mut().flat_map(|call| &mut call.args);
        args.chain(&mut because.seen).for_each(|text| *text = covered(text));
    }
    let (report, about) = (&report, &report.about);
    let mut out = String::new();
    let yes = |is: bool| if is { lang.pick("yes", "sim") } else { lang.pick("no", "não") };
    let _ = writeln!(out, "unha {} doctor\n", env!("CARGO_PKG_VERSION"));
    let rows = [
        (lang.pick("system", "sistema"), about.distribution.join(" ")),
        ("kernel", format!("{} {}", covered(&about.kernel), std::env::consts::ARCH)),
        ("root", yes(about.root).to_owned()),
        ("sudo", yes(about.sudo).to_owned()),
        ("docker", yes(about.docker).to_owned()),
        ("systemd", yes(about.systemd).to_owned()),
        ("WSL", yes(about.wsl).to_owned()),
        (lang.pick("container", "contêiner"), about.container.clone().unwrap_or_else(|| yes(false).to_owned())),
        ("TERM", covered(&std::env::var("TERM").unwrap_or_default())),
    ];
    for (label, value) in rows {
        let _ = writeln!(out, " {label:<10} {value}");
    }
    let _ = write!(out, "\n{}", text::of(report, lang));
    let _ = writeln!(
        out,
        "\n {}",
        lang.pick(
            "Left out: host name, user name, home folder, IP and MAC addresses, long ids,\n \
             the kernel's command line, the list of processes.",
            "Ficou de fora: hostname, nome do usuário, pasta pessoal, endereços IP e MAC,\n \
             ids longos, linha de comando do kernel, lista de processos.",
        )
    );
    out
}

/// Another text with all of it covered.
pub(super) fn covered_all(text: &str) -> String {
    covered(text, &secrets())
}

/// What is to be covered, and by what; the longest first, for a home folder has the user's name in it.
fn secrets() -> Vec<(String, &'static str)> {
    let user = User::from_uid(getuid()).ok().flatten();
    let mut found = vec![];
    let mut add = |secret: Option<String>, cover| {
        if let Some(secret) =
            secret.filter(|secret| secret.len() > 1 && !matches!(secret.as_str(), "root" | "/root" | "localhost"))
        {
            found.push((secret, cover));
        }
    };
    add(std::env::var("HOME").ok(), "~");
    add(user.as_ref().map(|user| user.dir.display().to_string()).filter(|dir| dir != "/"), "~");
    for name in ["USER", "LOGNAME", "SUDO_USER"] {
        add(std::env::var(name).ok(), "(user)");
    }
    add(user.map(|user| user.name), "(user)");
    let host = gethostname().ok().map(|name| name.to_string_lossy().into_owned());
    add(host.as_ref().and_then(|name| name.split('.').next()).map(str::to_owned), "(host)");
    add(host, "(host)");
    found.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
    found
}

/// The text with every secret covered, and everything that looks like an address or a long id.
fn covered(text: &str, secrets: &[(String, &'static str)]) -> String {
    let mut text = text.to_owned();
    for (secret, cover) in secrets {
        text = whole_words(&text, secret, cover);
    }
    let shapes = [
        (r"\b(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}\b", "(address)"),
        (r"\b[0-9a-fA-F]{12,}\b", "(id)"),
        (r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", "(address)"),
        (r"\b[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4}){2,7}", "(address)"),
    ];
    for (shape, cover) in shapes {
        if let Ok(shape) = Regex::new(shape) {
            text = shape.replace_all(&text, NoExpand(cover)).into_owned();
        }
    }
    text
}

/// Replaces `secret` where it stands as a word of its own: a user called `an` does not make nonsense of a sentence.
fn whole_words(text: &str, secret: &str, cover: &str) -> String {
    let part_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(secret) {
        let (before, after) = (&rest[..at], &rest[at + secret.len()..]);
        let joined =
            before.chars().next_back().is_some_and(part_of_word) || after.chars().next().is_some_and(part_of_word);
        out.push_str(before);
        out.push_str(if joined { secret } else { cover });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_covered_and_words_stay() {
        let secrets = [("/home/ana".to_owned(), "~"), ("ana".to_owned(), "(user)"), ("pc7".to_owned(), "(host)")];
        let text = "mkdir(/home/ana/.cache) ana banana pc7 10.0.3.7 52:54:00:12:34:56 fe80::1c2:aa 6.8.0-45 80×24 \
                    /docker/0123456789abcdef0123 ns_last";
        let said = covered(text, &secrets);
        assert_eq!(
            said,
            "mkdir(~/.cache) (user) banana (host) (address) (address) (address) 6.8.0-45 80×24 /docker/(id) ns_last"
        );
    }
}
