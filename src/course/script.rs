//! "Your container, without unha": the run's journal as a commented shell script that works without unha.
//!
//! What the journal shows decides which lines there are: a feature that the last box did not have has no line,
//! and limits are written where this machine keeps them, cgroups(7) version 1 or 2.

use std::path::{Path, PathBuf};

use super::text::Lang;
use crate::kernel::journal::Call;

/// The column at which remarks start.
const REMARKS: usize = 43;

/// The script that does what these calls did for the last box.
#[must_use]
pub fn script(journal: &[Call], lang: Lang) -> Vec<String> {
    let made = Made::from(journal);
    let mut lines = Lines { lang, lines: Vec::new() };
    lines.bare("#!/bin/sh -e");
    lines.bare(lang.pick(
        "# Your container without unha. As root: sh box.sh [FOLDER WITH ANOTHER SYSTEM]",
        "# O seu contêiner sem o unha. Como root: sh caixa.sh [PASTA COM OUTRO SISTEMA]",
    ));
    if made.has_root {
        // The course's own root file system is not there without it; the machine's is, and the overlay keeps it whole.
        lines.bare("export new=${1:-/} dir=$(mktemp -d)");
    }
    made.limit(&mut lines);
    made.enter(&mut lines);
    made.clean(&mut lines);
    lines.lines
}

struct Lines {
    lang: Lang,
    lines: Vec<String>,
}

impl Lines {
    fn bare(&mut self, line: &str) {
        self.lines.push(line.to_owned());
    }

    /// A command with a remark behind it, unless the line before has the same.
    fn add(&mut self, command: &str, en: &str, pt_br: &str) {
        let remark = format!("  # {}", self.lang.pick(en, pt_br));
        if self.lines.last().is_some_and(|line| line.ends_with(&remark)) {
            self.bare(command);
        } else {
            self.bare(&format!("{command:<REMARKS$}{remark}"));
        }
    }
}

/// A limit: a value in a file of a cgroup.
struct Limit {
    /// The folder above the run's own.
    folder: PathBuf,
    file: String,
    value: String,
}

/// What the last box was made of.
#[derive(Default)]
struct Made {
    /// The namespaces, by unshare(2)'s flags, in their order.
    flags: Vec<String>,
    hostname: Option<String>,
    has_root: bool,
    has_proc: bool,
    limits: Vec<Limit>,
}

impl Made {
    fn from(journal: &[Call]) -> Self {
        let mut made = Self::default();
        for call in journal.iter().filter(|call| !call.failed()) {
            let arg = |index: usize| call.args.get(index).map_or("", |arg| arg.trim_matches('"'));
            match call.name.as_str() {
                "unshare" => made.unshared(arg(0)),
                "sethostname" => made.hostname = Some(arg(0).to_owned()),
                "pivot_root" => made.has_root = true,
                "mount" if arg(2) == "proc" => made.has_proc = true,
                "write" => made.wrote(Path::new(arg(0)), arg(1)),
                _ => {}
            }
        }
        made
    }

    /// A namespace that is made a second time belongs to another box: what was made before it counts no more.
    fn unshared(&mut self, flags: &str) {
        for flag in flags.split('|') {
            if self.flags.iter().any(|known| known == flag) {
                *self = Self { limits: std::mem::take(&mut self.limits), ..Self::default() };
            }
            self.flags.push(flag.to_owned());
        }
    }

    fn wrote(&mut self, path: &Path, value: &str) {
        let Some(file) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { return };
        // No process at all: so a box is cleared away, and nothing starts with it.
        if file == "pids.max" && value == "0" {
            return;
        }
        // Those of the whole run are nobody's choice: they are there for safety alone.
        let of_the_box = path.iter().any(|part| part == "box");
        if path.is_absolute() && of_the_box && LIMITS.contains(&file.as_str()) {
            self.limits.retain(|known| known.file != file);
            self.limits.push(Limit { folder: above_the_run(path), file, value: value.to_owned() });
        }
    }

    /// The cgroups' parent folders, each once, with the name that the script gives its own below it.
    fn cgroups(&self) -> Vec<(&'static str, &Path)> {
        let mut cgroups: Vec<(&'static str, &Path)> = Vec::new();
        for limit in &self.limits {
            if !cgroups.iter().any(|(_, folder)| *folder == limit.folder) {
                let name = if is_unified(&limit.folder) { "cg" } else { controller(&limit.file) };
                cgroups.push((name, &limit.folder));
            }
        }
        cgroups
    }

    /// The name by which the script calls the cgroup that holds a limit.
    fn name_of(&self, limit: &Limit) -> &'static str {
        self.cgroups().into_iter().find(|(_, folder)| *folder == limit.folder).map_or("cg", |(name, _)| name)
    }

    /// The cgroups and the limits in them.
    fn limit(&self, lines: &mut Lines) {
        for (name, folder) in self.cgroups() {
            let folder = folder.display();
            if name == "cg" {
                let command = format!("echo \"+cpu +memory +pids\" > {folder}/cgroup.subtree_control");
                lines.bare(&command);
            }
            let command = format!("{name}={folder}/mybox; mkdir -p ${name}");
            lines.add(&command, "a cgroup is a folder", "um cgroup é uma pasta");
        }
        for limit in &self.limits {
            let command = format!("echo {} > ${}/{}", quoted(&limit.value), self.name_of(limit), limit.file);
            lines.add(&command, "a limit is a number", "um limite é um número");
        }
    }

    /// The namespaces, and what is done in them before the shell starts.
    fn enter(&self, lines: &mut Lines) {
        lines.bare("(");
        for (name, _) in self.cgroups() {
            lines.add(&format!("echo 0 > ${name}/cgroup.procs"), "0: whoever writes this", "0: quem escreve");
        }
        let flags: Vec<&str> = self.flags.iter().filter_map(|flag| option(flag)).collect();
        if flags.is_empty() {
            lines.add("exec sh -ec '", "nothing but a process", "só um processo");
        } else {
            let command = format!("exec unshare {} sh -ec '", flags.join(" "));
            lines.add(&command, "from here on it sees less", "daqui em diante vê menos");
        }
        if let Some(name) = &self.hostname {
            lines.add(&format!("  hostname {name}"), "after unshare, before exec", "após o unshare, antes do exec");
        }
        let has_mounts = self.flags.iter().any(|flag| flag == "CLONE_NEWNS");
        if has_mounts {
            lines.add("  mount --make-rprivate /", "or mounts would leak", "senão as montagens vazam");
        }
        if self.has_root {
            change_root(lines);
        }
        if self.has_proc && has_mounts {
            lines.add("  mount -t proc proc /proc", "what ps reads", "o que o ps lê");
        }
        if self.has_root {
            lines.add("  umount -l /.old", "no way back", "sem volta");
        }
        lines.add("  exec sh'", "PID 1 of the container", "o PID 1 do contêiner");
        lines.bare(")");
    }

    /// What is left when the container has ended.
    fn clean(&self, lines: &mut Lines) {
        let mut folders: Vec<String> = self.cgroups().into_iter().map(|(name, _)| format!("${name}")).collect();
        if self.has_root {
            folders.push("$dir".to_owned());
        }
        if !folders.is_empty() {
            lines.add(&format!("rmdir {}", folders.join(" ")), "nothing is left", "não sobra nada");
        }
    }
}

/// An overlay over the other system, so that it stays as it is, and the change of roots.
fn change_root(lines: &mut Lines) {
    lines.add("  mount -t tmpfs tmpfs $dir; cd $dir", "what you write goes here", "o que se escreve vai aqui");
    lines.bare("  mkdir up work root");
    lines.bare("  mount -t overlay box -o lowerdir=$new,upperdir=up,workdir=work root");
    lines.add("  cd root; mount --rbind /dev dev", "the new root is a mount", "a nova raiz é um mount");
    lines.add("  mkdir -p .old; pivot_root . .old; cd /", "now it is /", "agora ela é o /");
}

/// The files that hold limits, of both cgroup versions.
const LIMITS: [&str; 9] = [
    "pids.max",
    "memory.max",
    "cpu.max",
    "memory.limit_in_bytes",
    "memory.memsw.limit_in_bytes",
    "cpu.cfs_quota_us",
    "cpu.cfs_period_us",
    "cpu.weight",
    "cpu.shares",
];

/// The controller that a file belongs to.
fn controller(file: &str) -> &'static str {
    match file.split('.').next() {
        Some("pids") => "pids",
        Some("memory") => "memory",
        _ => "cpu",
    }
}

/// Whether a folder is of version 2, where one hierarchy has all controllers.
fn is_unified(folder: &Path) -> bool {
    let v1 = ["pids", "memory", "cpu", "cpuacct", "cpu,cpuacct"];
    !folder.iter().any(|part| v1.iter().any(|controller| part == *controller))
}

/// The folder in which the run made its own, so that the script may make one there too.
fn above_the_run(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(file);
    let run = folder.iter().position(|part| {
        let part = part.to_string_lossy();
        part.starts_with("unha") || matches!(part.as_ref(), "box" | "bench")
    });
    folder.iter().take(run.unwrap_or(usize::MAX)).collect()
}

fn quoted(value: &str) -> String {
    if value.contains(' ') { format!("\"{value}\"") } else { value.to_owned() }
}

/// The option of unshare(1) for a flag of unshare(2).
fn option(flag: &str) -> Option<&'static str> {
    Some(match flag {
        "CLONE_NEWUSER" => "--map-root-user",
        "CLONE_NEWUTS" => "--uts",
        "CLONE_NEWPID" => "--pid --fork",
        "CLONE_NEWNS" => "--mount",
        "CLONE_NEWIPC" => "--ipc",
        "CLONE_NEWNET" => "--net",
        "CLONE_NEWCGROUP" => "--cgroup",
        _ => return None,
    })
}
