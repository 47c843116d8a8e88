//! The box as a shell script, of the tools that every distribution has: unshare(1), mount(8), pivot_root(8), ip(8),
//! setpriv(1).
//!
//! Outside it makes what needs the machine: the cgroup, the cable. The rest happens in a second shell, inside the
//! namespaces, as the engine's stage does it.

mod cable;
mod cgroup;
mod root;

use std::fmt::Write as _;

use super::lacks::{self, Lack};
use super::line::{all_quoted, each, quoted};
use super::{Equivalent, Wanted};
use crate::course::text::Lang;
use crate::kernel::feature::Feature;

/// The box as a script for sh.
#[must_use]
pub fn shell(wanted: &Wanted) -> Equivalent {
    Equivalent::new(script(wanted), lacks(wanted))
}

/// Lines of a script with what they are for.
struct Script {
    text: String,
    lang: Lang,
}

impl Script {
    fn new(lang: Lang) -> Self {
        Self { text: String::new(), lang }
    }

    /// A remark.
    fn say(&mut self, en: &str, pt_br: &str) {
        let _ = write!(self.text, "\n# {}\n", self.lang.pick(en, pt_br));
    }

    /// Lines of code.
    fn code(&mut self, lines: &str) {
        self.text.push_str(lines);
        self.text.push('\n');
    }
}

fn script(wanted: &Wanted) -> String {
    let inner = inner(wanted);
    let mut script = Script::new(wanted.lang);
    script.code("#!/bin/sh");
    script.code(&format!("# {}", head(wanted)));
    script.code("set -eu");
    script.code(&format!("set -- {}", all_quoted(wanted.command())));
    let tidied = cgroup::make(wanted, &mut script) | cable::make(wanted, &mut script);
    let start = start(wanted, &inner);
    if !tidied {
        script.say("The box.", "A caixa.");
        script.code(&format!("{EXPANDS}exec {start}"));
        return script.text;
    }
    script.say(
        "The box: it is in the cgroup before it is anything else.",
        "A caixa: ela está no cgroup antes de ser qualquer outra coisa.",
    );
    script.code("(");
    if wanted.has_cgroup() {
        script.code("    for folder in $folders; do echo 0 >\"$folder/cgroup.procs\"; done");
    }
    script.code(&format!("    {EXPANDS}    exec {start}"));
    script.code(")");
    script.text
}

/// What stands between apostrophes is for the shell inside, which shellcheck does not see.
const EXPANDS: &str = "# shellcheck disable=SC2016\n";

/// What the script is.
fn head(wanted: &Wanted) -> String {
    let names: Vec<&str> = wanted.spec.features.iter().map(Feature::name).collect();
    let names = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    match (wanted.lang, wanted.spec.machine_root) {
        (Lang::En, true) => format!("A box by hand ({names}); root runs it."),
        (Lang::En, false) => format!("A box by hand ({names}); an ordinary user runs it."),
        (Lang::PtBr, true) => format!("Uma caixa na unha ({names}); quem roda é root."),
        (Lang::PtBr, false) => format!("Uma caixa na unha ({names}); quem roda é um usuário comum."),
    }
}

/// The command that becomes the box.
fn start(wanted: &Wanted, inner: &str) -> String {
    let mut words = vec![];
    if let Some(unshare) = unshare(wanted) {
        words.push(unshare);
    }
    if inner.is_empty() {
        words.extend(rights(wanted));
        words.push("\"$@\"".to_owned());
        return words.join(" ");
    }
    let root = wanted.root().map(|root| quoted(&root)).into_iter();
    let given: Vec<String> = root.chain(wanted.has_cable().then(|| "\"$place\"".to_owned())).collect();
    words.push(format!("sh -euc '{inner}' box{} \"$@\"", each(" ", given)));
    words.join(" ")
}

/// Every namespace at once; the kernel makes the user namespace first, and the others belong to it.
fn unshare(wanted: &Wanted) -> Option<String> {
    let on = |feature| wanted.has(feature);
    let spec = &wanted.spec;
    let user = match spec.ids {
        Some((uid, gid)) => format!("--map-users={uid},0,65536 --map-groups={gid},0,65536 --setuid 0 --setgid 0"),
        None if wanted.subordinate.is_some() => "--map-root-user --map-auto".to_owned(),
        None => "--map-root-user".to_owned(),
    };
    let words = [
        (Feature::User, user.as_str()),
        (Feature::Cgroupns, "--cgroup"),
        (Feature::Uts, "--uts"),
        (Feature::Ipc, "--ipc"),
        (Feature::Net, "--net"),
        (Feature::Mount, if spec.shared { "--mount --propagation unchanged" } else { "--mount" }),
    ];
    let mut words: Vec<String> =
        words.into_iter().filter(|(feature, _)| on(*feature)).map(|(_, word)| word.to_owned()).collect();
    if on(Feature::Time) {
        words.push("--time".to_owned());
        if spec.boottime != 0 {
            words.push(format!("--boottime {}", spec.boottime));
        }
    }
    if on(Feature::Pid) {
        words.push("--pid".to_owned());
    }
    if on(Feature::Pid) || on(Feature::Time) {
        // Only the next child is in these two.
        words.push("--fork --kill-child".to_owned());
    }
    (!words.is_empty()).then(|| format!("unshare {}", words.join(" ")))
}

/// What happens inside the namespaces; nothing where nothing is to be done. There is no apostrophe in it.
fn inner(wanted: &Wanted) -> String {
    let mut script = Script::new(wanted.lang);
    if let Some(name) = &wanted.spec.hostname {
        script.say("The name, now that it is only ours.", "O nome, agora que é só nosso.");
        script.code(&format!("hostname {}", in_quotes(name)));
    }
    cable::inside(wanted, &mut script);
    if wanted.has(Feature::Rootfs) {
        root::pivot(wanted, &mut script);
    } else if wanted.mounts_proc() {
        script.say(
            "ps reads /proc, and the old one still shows everybody.",
            "O ps lê o /proc, e o antigo ainda mostra todo mundo.",
        );
        script.code("mount -t proc -o nosuid,nodev,noexec proc /proc");
    }
    let given = usize::from(wanted.root().is_some()) + usize::from(wanted.has_cable());
    if script.text.is_empty() && !wanted.spec.init {
        return String::new();
    }
    let mut whole = Script::new(wanted.lang);
    whole.code("");
    if wanted.root().is_some() {
        whole.code("root=$1");
    }
    if wanted.has_cable() {
        whole.code(&format!("place=${given}"));
    }
    if given > 0 {
        whole.code(&format!("shift {given}"));
    }
    whole.text.push_str(script.text.trim_start_matches('\n'));
    if let Some(folder) = wanted.workdir() {
        let folder = in_quotes(&folder);
        whole.say("The folder that the image names.", "A pasta que a imagem indica.");
        whole.code(&format!("mkdir -p {folder}\ncd {folder}"));
    }
    let rights = rights(wanted);
    if rights.is_some() {
        whole.say(
            "Rights go last: all of the above took them.",
            "Os direitos vão por último: tudo acima precisou deles.",
        );
    }
    let mut rights = rights.map_or_else(String::new, |rights| format!("{rights} "));
    if wanted.has(Feature::Rootfs) {
        let env = wanted.env().into_iter().map(|(name, value)| in_quotes(&format!("{name}={value}")));
        rights = format!("env -i{} {rights}", each(" ", env));
    }
    if wanted.spec.init {
        whole.say("PID 1 waits, and buries the dead.", "O PID 1 espera e recolhe os zumbis.");
        whole.code(&format!("{rights}\"$@\" && exit 0\nexit"));
    } else {
        whole.code(&format!("exec {rights}\"$@\""));
    }
    whole.text
}

/// A word inside of a script that stands between apostrophes itself.
fn in_quotes(word: &str) -> String {
    quoted(word).replace('\'', r"'\''")
}

/// What takes rights away.
fn rights(wanted: &Wanted) -> Option<String> {
    let mut words = vec![];
    if wanted.has(Feature::NoNewPrivs) {
        words.push("--no-new-privs".to_owned());
    }
    if wanted.has(Feature::Capabilities) {
        let short = |name: &String| name.trim_start_matches("CAP_").to_ascii_lowercase();
        let kept = each(",+", wanted.kept().iter().map(short));
        words.push(format!("--inh-caps=-all --ambient-caps=-all --bounding-set=-all{kept}"));
    }
    if let Some(who) = &wanted.spec.who {
        let groups = who.groups.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let groups = if groups.is_empty() { "--clear-groups".to_owned() } else { format!("--groups {groups}") };
        words.push(format!("--reuid {} --regid {} {groups}", who.uid, who.gid));
    }
    (!words.is_empty()).then(|| format!("setpriv {} --", words.join(" ")))
}

fn lacks(wanted: &Wanted) -> Vec<Lack> {
    let spec = &wanted.spec;
    let all = [
        (lacks::SHELL_SECCOMP, wanted.has(Feature::Seccomp)),
        (lacks::LAYERS, !spec.layers.is_empty()),
        (lacks::SHELL_DEVICES, !wanted.denied.is_empty()),
        (lacks::SHELL_USER_LIMITS, wanted.has_cgroup() && !spec.machine_root),
        (lacks::SHELL_PROGRAMS, wanted.has(Feature::Rootfs) && spec.machine_root && !wanted.has(Feature::User)),
        (lacks::SHELL_INIT, spec.init),
        (lacks::SHELL_TERMINAL, spec.terminal),
    ];
    all.into_iter().filter_map(|(lack, there)| there.then_some(lack)).collect()
}

impl Wanted {
    /// Whether it has a cgroup of its own.
    fn has_cgroup(&self) -> bool {
        self.has_limits() || !self.denied.is_empty()
    }

    /// Whether a cable leads to this machine.
    const fn has_cable(&self) -> bool {
        self.spec.cable.is_some()
    }
}
