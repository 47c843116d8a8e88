//! The options of `unha run`, with the names of unshare(1) and docker run.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args as Options;

use crate::kernel::container::cgroup::devices::Device;
use crate::session::limits::{cores, rate, size};

#[derive(Debug, Options)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Run {
    /// A host name of its own.
    #[arg(long)]
    pub uts: bool,
    /// Process numbers of its own; implies --mount.
    #[arg(long)]
    pub pid: bool,
    /// A list of mounts of its own.
    #[arg(long)]
    pub mount: bool,
    /// Keep the old list of mounts, and with it the old /proc.
    #[arg(long, conflicts_with_all = ["mount", "rootfs", "all"])]
    pub no_mount: bool,
    /// System V IPC objects and message queues of its own.
    #[arg(long)]
    pub ipc: bool,
    /// Network links, addresses and ports of its own: lo alone, and that down; --all and --veth switch it on.
    #[arg(long)]
    pub net: bool,
    /// A cable to this machine, 10.77.0.1 here and 10.77.0.2 inside, and lo up; implies --net, needs root.
    #[arg(long)]
    pub veth: bool,
    /// At most so much comes in by the cable: 4mbit; implies --veth.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub net_rate: Option<u64>,
    /// A user namespace around it all: root inside, and outside whoever started it; without root it is made where needed.
    #[arg(long)]
    pub user: bool,
    /// A view of cgroups that begins at its own.
    #[arg(long)]
    pub cgroup: bool,
    /// Clocks of its own, of the time since the machine was started.
    #[arg(long)]
    pub time: bool,
    /// How many seconds more the machine has been up for the box, or fewer if below zero; implies --time.
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub boottime: Option<i64>,
    /// The host name set before the command starts; implies --uts.
    #[arg(long, value_name = "NAME")]
    pub hostname: Option<String>,
    /// The root file system: `unha` for the built-in one, a name of `unha rootfs list`, or a folder; implies --mount. An
    /// image's env, workdir, user, entrypoint and cmd count as in docker run.
    #[arg(long, value_name = "NAME|DIR")]
    pub rootfs: Option<OsString>,
    /// Mount the image's layers one by one, each a lower folder of the overlay.
    #[arg(long, requires = "rootfs")]
    pub rootfs_layers: bool,
    /// In place of the image's entrypoint and cmd.
    #[arg(long, value_name = "PROGRAM", requires = "rootfs")]
    pub entrypoint: Option<OsString>,
    /// At most so much memory, and no swap: 32M, 1G, or bytes.
    #[arg(long, short = 'm', value_name = "SIZE", value_parser = size)]
    pub memory: Option<u64>,
    /// At most so much CPU: 0.2 is a fifth of one core.
    #[arg(long, value_name = "CORES", value_parser = cores)]
    pub cpus: Option<u64>,
    /// At most so many processes and threads.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub pids_limit: Option<u64>,
    /// How much CPU it gets while others want it too: 1024 is usual, 512 is half of that.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(2..=262_144))]
    pub cpu_shares: Option<u64>,
    /// Write at most so many bytes a second to the disk that PATH is on, or is: /var/tmp:1M.
    #[arg(long, value_name = "PATH:SIZE", value_parser = path_and_size)]
    pub device_write_bps: Option<(PathBuf, u64)>,
    /// Take a device away, even from root: 'c 1:5' is /dev/zero. Needs root.
    #[arg(long, value_name = "DEVICE", value_parser = device)]
    pub device_deny: Vec<Device>,
    /// Take away one of the 14 capabilities that Docker leaves: CHOWN, or ALL.
    #[arg(long, value_name = "NAME|ALL")]
    pub cap_drop: Vec<String>,
    /// Add a capability to the 14 that Docker leaves: SYS_TIME, or ALL.
    #[arg(long, value_name = "NAME|ALL")]
    pub cap_add: Vec<String>,
    /// No program gives more rights by being executed, setuid or not.
    #[arg(long)]
    pub no_new_privs: bool,
    /// Filter system calls: `default` for the built-in profile, or a file in Docker's format.
    #[arg(long, value_name = "FILE|default")]
    pub seccomp: Option<PathBuf>,
    /// Put a PID 1 of ours before the command: it passes signals on and buries the dead. Without it, with --pid, Ctrl-C and
    /// kill end only a command that handles them; a second TERM to unha run kills it.
    #[arg(long)]
    pub init: bool,
    /// Print every system call that makes the box, on stderr.
    #[arg(long)]
    pub journal: bool,
    /// uts, pid, mount, ipc, net with lo up, cgroup, time, the built-in rootfs, memory 512M, pids 256, cpus 1, Docker's
    /// capabilities, no-new-privs, seccomp default.
    #[arg(long)]
    pub all: bool,
    /// The command and its arguments. With --rootfs it takes the place of the image's cmd; without it that is run, or sh.
    #[arg(required_unless_present = "rootfs", trailing_var_arg = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

impl Run {
    /// Whether a cable to this machine is asked for.
    pub const fn has_cable(&self) -> bool {
        self.veth || self.net_rate.is_some()
    }

    /// Whether a limit is asked for.
    pub const fn has_limits(&self) -> bool {
        self.all
            || self.memory.is_some()
            || self.cpus.is_some()
            || self.pids_limit.is_some()
            || self.cpu_shares.is_some()
            || self.device_write_bps.is_some()
            || !self.device_deny.is_empty()
    }
}

/// As docker run's `--device-write-bps`, whose path is a disk's; here it may be any file's on it.
fn path_and_size(text: &str) -> Result<(PathBuf, u64), String> {
    let (path, bytes) = text.rsplit_once(':').filter(|(path, _)| !path.is_empty()).ok_or("PATH:SIZE, /var/tmp:1M")?;
    Ok((PathBuf::from(path), size(bytes)?))
}

fn device(text: &str) -> Result<Device, &'static str> {
    text.parse().map_err(|()| "'c MAJOR:MINOR', 'b MAJOR:MINOR'")
}
