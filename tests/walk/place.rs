//! A machine that may be broken: namespaces of its own, with files of its own where lessons write. `unha --host` takes
//! it for the real one.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Its name.
pub const NAME: &str = "testvm";

/// Such a place; dropping it ends everybody in it.
pub struct Place {
    unshare: Child,
    /// Its first process, as this machine numbers it.
    pub first: i32,
}

impl Place {
    /// Makes one. Its mounts are shared among themselves, as on a host with systemd, and with nobody outside.
    pub fn new() -> Self {
        Self::of("")
    }

    /// One whose every file is under a layer that goes with it, for a step that destroys: should it ever reach beyond the
    /// box, it would find nothing that anybody needs. It has no cgroups, for rm(1) removes those of others.
    pub fn with_files_of_its_own() -> Self {
        Self::of(
            "mount -t tmpfs none /mnt; mkdir /mnt/upper /mnt/work /mnt/root
             mount -t overlay none -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
             cd /mnt/root; mount -t proc proc proc; mount -t sysfs -o ro none sys; mount -t tmpfs none dev
             for name in null zero full random urandom tty; do >dev/$name; mount --bind /dev/$name dev/$name; done
             mkdir dev/pts; mount -t devpts -o newinstance,ptmxmode=0666 none dev/pts; ln -s pts/ptmx dev/ptmx
             mount --make-rprivate /; pivot_root . mnt; cd /; umount -l /mnt; mount --make-rshared /",
        )
    }

    fn of(root: &str) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_unha")).parent().unwrap().display();
        // The program may have been built in one of the folders that are hidden.
        let script = format!(
            "{root}
             exec 9<'{program}'
             for dir in /tmp /run /mnt /srv; do mount -t tmpfs none $dir; done; chmod 1777 /tmp
             [ -e '{program}' ] || {{ mkdir -p '{program}'; mount --no-canonicalize --bind /proc/self/fd/9 '{program}'; }}
             exec 9<&-
             hostname {NAME}; echo stands; exec sleep infinity"
        );
        let mut command = Command::new("unshare");
        command.args(["--mount", "--uts", "--net", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"]);
        command.args(["--propagation", "private", "sh", "-ec", "mount --make-rshared /; exec sh -ec \"$0\"", &script]);
        let mut unshare = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(unshare.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "stands\n");
        let pid = unshare.id();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
        Self { unshare, first: children.trim().parse().unwrap() }
    }

    /// What a script prints in it.
    pub fn says(&self, script: &str) -> String {
        let first = self.first.to_string();
        let mut command = Command::new("nsenter");
        command.args(["--target", &first, "--mount", "--uts", "--net", "--ipc", "--pid", "sh", "-c", script]);
        let output = command.stdin(Stdio::null()).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.unshare.kill();
        let _ = self.unshare.wait();
    }
}
