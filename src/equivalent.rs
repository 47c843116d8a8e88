//! What a box is in other tools' words: unshare(1) and its kin in a shell script, docker and podman run, bwrap(1), and a
//! bundle for OCI runtimes.
//!
//! Each is made from the very description that the engine is given, and says what it cannot express. That they make the
//! same box is no claim: tests/equivalents runs them and compares what the kernel shows.

mod bwrap;
mod filter;
pub mod lacks;
mod line;
mod oci;
mod podman;
mod shell;
mod wanted;

use std::path::PathBuf;

use crate::course::text::{Lang, Text};
use crate::kernel::container::Spec;
use crate::kernel::container::cgroup::Limits;
use crate::kernel::container::cgroup::devices::Device;

pub use self::bwrap::bwrap;
pub use self::lacks::Lack;
pub use self::oci::{ROOT, oci};
pub use self::podman::{docker, podman};
pub use self::shell::shell;

/// A box: all that `unha run` makes it from.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Features, root, command.
    pub spec: Spec,
    /// What it may use.
    pub limits: Limits,
    /// Devices that are taken away.
    pub denied: Vec<Device>,
    /// The file that the seccomp profile was read from, where it is not the built-in one.
    pub profile: Option<PathBuf>,
    /// What remarks in a script are written in.
    pub lang: Lang,
    /// Who starts it, user and group: their ids are what is called 0 in a user namespace without a range of ids.
    pub caller: (u32, u32),
    /// The first user and group of 65535 more ids of theirs that are 1 and on in its user namespace: those that own an
    /// imported root's files.
    pub subordinate: Option<(u32, u32)>,
    /// The folders that the root has not got, of those in which every root has something mounted.
    pub missing: Vec<&'static str>,
    /// Their bounding set, bit by bit: no more can be kept. `None` where it has everything.
    pub bounding: Option<u64>,
}

/// The same box in the words of another tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Equivalent {
    /// What is typed, or the file; it ends with a line feed.
    pub text: String,
    /// What of the box it cannot express, or makes otherwise: a sentence each.
    pub lacks: Vec<Text>,
    /// The same with the facts in which each shows.
    pub differs: Vec<Lack>,
}

impl Equivalent {
    fn new(text: String, differs: Vec<Lack>) -> Self {
        let lacks = differs.iter().map(Lack::text).collect();
        Self { text, lacks, differs }
    }
}

/// The tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// A POSIX shell script.
    Shell,
    /// `docker run`.
    Docker,
    /// `podman run`.
    Podman,
    /// `bwrap`.
    Bwrap,
    /// An OCI bundle's config.json, for runc and crun.
    Oci,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Shell, Self::Docker, Self::Podman, Self::Bwrap, Self::Oci];

    /// As it stands on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shell => "shell",
            Self::Docker => "docker",
            Self::Podman => "podman",
            Self::Bwrap => "bwrap",
            Self::Oci => "oci",
        }
    }
}

/// The box in the words of `tool`.
#[must_use]
pub fn of(tool: Tool, wanted: &Wanted) -> Equivalent {
    match tool {
        Tool::Shell => shell(wanted),
        Tool::Docker => docker(wanted),
        Tool::Podman => podman(wanted),
        Tool::Bwrap => bwrap(wanted),
        Tool::Oci => oci(wanted),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CString;

    use super::*;
    use crate::kernel::container::Rootfs;
    use crate::kernel::feature::{Feature, FeatureSet};

    /// Every combination of features, as root and as an ordinary user.
    fn all() -> impl Iterator<Item = Wanted> {
        let of = |bits: u32| {
            let on = Feature::ALL.into_iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1);
            on.map(|(_, feature)| feature).collect::<FeatureSet>().closed()
        };
        (0..1 << Feature::ALL.len()).step_by(7).map(move |bits| {
            let mut wanted = Wanted::default();
            wanted.spec.features = of(bits);
            wanted.spec.machine_root = bits % 2 == 0;
            wanted.spec.rootfs = Some(Rootfs { lower: "/it's a root".into(), place: None });
            wanted.spec.hostname = Some("box".to_owned()).filter(|_| wanted.spec.features.has(Feature::Uts));
            wanted.spec.command = vec![CString::from(c"echo"), CString::from(c"it's")];
            wanted
        })
    }

    #[test]
    fn the_same_box_is_the_same_text() {
        for wanted in all() {
            for tool in Tool::ALL {
                let (one, other) = (of(tool, &wanted), of(tool, &wanted));
                assert!(one == other && one.text.ends_with('\n'), "{tool:?} {wanted:?}");
                assert_eq!(one.lacks.len(), one.differs.len());
            }
        }
    }

    #[test]
    fn a_shell_reads_each_as_it_is_meant() {
        // Of each script, that no word is cut short: what is open at its end is told by sh.
        for (at, wanted) in all().enumerate().filter(|(at, _)| at % 60 == 0) {
            for tool in [Tool::Shell, Tool::Docker, Tool::Podman, Tool::Bwrap] {
                let text = of(tool, &wanted).text;
                let output = std::process::Command::new("sh").args(["-n", "-c", &text]).output().unwrap();
                assert!(output.status.success(), "{tool:?} {at}: {text}{}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }

    /// An image says what its variables are called; outside of the box that is nothing to be run.
    #[test]
    fn a_name_that_means_ill_stays_a_word() {
        let name = "A';echo out;:'";
        let spec = Spec {
            features: FeatureSet::default().with(Feature::Rootfs).closed(),
            rootfs: Some(Rootfs { lower: PathBuf::from("/it's; echo out"), place: None }),
            env: vec![CString::new(format!("{name}=v")).unwrap()],
            command: vec![c"it's".to_owned()],
            ..Spec::default()
        };
        let wanted = Wanted { spec, ..Wanted::default() };
        for (tool, program) in [(Tool::Shell, "exec unshare"), (Tool::Bwrap, "bwrap"), (Tool::Podman, "podman run")] {
            let text = of(tool, &wanted).text;
            let told = text.replace(program, "printf '[%s]'");
            assert_ne!(told, text);
            let output = std::process::Command::new("sh").args(["-c", &told]).output().unwrap();
            let words = String::from_utf8(output.stdout).unwrap();
            assert!(words.starts_with('[') && words.ends_with("[it's]"), "{tool:?}: {words}\n{text}");
            assert!(!words.lines().any(|line| line == "out") && output.stderr.is_empty(), "{tool:?}: {words}\n{text}");
        }
    }
}
