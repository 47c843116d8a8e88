//! What machine this is, as far as it decides which line helps: its distribution, who we are, what it runs in.
//!
//! os-release(5), group(5). Seen by what is there, each in more than one way where one can be missing.

use std::env;
use std::fs;
use std::path::Path;

use nix::unistd::{AccessFlags, access, geteuid, getgroups, getuid};
use serde::{Deserialize, Serialize};

/// The machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that is so or not")]
pub struct About {
    /// `ID` of os-release(5), then the words of `ID_LIKE`: `ubuntu`, `debian`.
    pub distribution: Vec<String>,
    /// The kernel's release.
    pub kernel: String,
    /// Whether unha runs as root.
    pub root: bool,
    /// Whether sudo(8) is there for us: a program, and a group that usually may.
    pub sudo: bool,
    /// Whether docker(1) is there and we may use it: its group, or its socket.
    pub docker: bool,
    /// Whether systemd runs this machine.
    pub systemd: bool,
    /// Whether this is the Windows Subsystem for Linux.
    pub wsl: bool,
    /// What kind of container this is, if it is one: `docker`, `podman`, `lxc`, `codespaces`, ….
    pub container: Option<String>,
    /// The user's name, for the line that mends; never shared.
    #[serde(skip)]
    pub user: Option<String>,
}

impl About {
    /// Looks.
    #[must_use]
    pub fn look() -> Self {
        let kernel = nix::sys::utsname::uname();
        let kernel = kernel.map(|name| name.release().to_string_lossy().into_owned()).unwrap_or_default();
        let groups = groups();
        let among = |names: &[&str]| groups.iter().any(|group| names.contains(&group.as_str()));
        let socket = access("/var/run/docker.sock", AccessFlags::W_OK).is_ok();
        Self {
            distribution: distribution(),
            root: geteuid().is_root(),
            sudo: in_path("sudo") && among(&["sudo", "wheel", "admin"]),
            docker: in_path("docker") && (among(&["docker"]) || socket) && !geteuid().is_root(),
            systemd: Path::new("/run/systemd/system").is_dir(),
            wsl: kernel.to_ascii_lowercase().contains("microsoft")
                && ["/proc/sys/fs/binfmt_misc/WSLInterop", "/run/WSL", "/usr/lib/wsl"]
                    .iter()
                    .any(|at| Path::new(at).exists()),
            container: container(),
            user: nix::unistd::User::from_uid(getuid()).ok().flatten().map(|user| user.name),
            kernel,
        }
    }
}

/// Whether PATH leads to a program of that name.
fn in_path(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|dir| access(&dir.join(name), AccessFlags::X_OK).is_ok())
}

fn distribution() -> Vec<String> {
    let text = ["/etc/os-release", "/usr/lib/os-release"].iter().find_map(|file| fs::read_to_string(file).ok());
    let text = text.unwrap_or_default();
    let value = |key: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(key));
        found.unwrap_or_default().trim_matches(['"', '\'']).to_owned()
    };
    let words = format!("{} {}", value("ID="), value("ID_LIKE="));
    words.split_whitespace().map(str::to_owned).collect()
}

/// The names of the groups that this process is in.
fn groups() -> Vec<String> {
    let ids = getgroups().unwrap_or_default();
    let name = |id| nix::unistd::Group::from_gid(id).ok().flatten().map(|group| group.name);
    ids.into_iter().filter_map(name).collect()
}

fn container() -> Option<String> {
    let there = |path: &str| Path::new(path).exists();
    let named =
        || env::var("container").ok().filter(|name| !name.is_empty() && name.chars().all(char::is_alphanumeric));
    let by_systemd = || fs::read_to_string("/run/systemd/container").ok().map(|name| name.trim().to_owned());
    if env::var_os("CODESPACES").is_some() {
        Some("codespaces".to_owned())
    } else if there("/.dockerenv") {
        Some("docker".to_owned())
    } else if there("/run/.containerenv") {
        Some("podman".to_owned())
    } else if env::var_os("KUBERNETES_SERVICE_HOST").is_some() {
        Some("kubernetes".to_owned())
    } else {
        by_systemd().or_else(named)
    }
}
