//! The combinations: every feature and limit by itself, pairs that have something to do with each other, and everything.

/// As root, the flags of `unha run`. `ROOT` is the built-in root file system.
pub const AS_ROOT: [&str; 47] = [
    "",
    "--uts",
    "--hostname box",
    "--pid",
    "--pid --no-mount",
    "--pid --init",
    "--mount",
    "--ipc",
    "--net",
    "--user",
    "--cgroup",
    "--time",
    "--boottime 86400",
    "--boottime -60",
    "--rootfs unha",
    "--cap-drop CHOWN",
    "--cap-drop ALL",
    "--cap-drop ALL --cap-add NET_RAW",
    "--cap-add SYS_TIME",
    "--cap-add ALL",
    "--no-new-privs",
    "--seccomp default",
    "--no-new-privs --seccomp default",
    "--pids-limit 64",
    "--memory 64M",
    "--cpus 0.5",
    "--cpu-shares 512",
    "--device-write-bps /var/tmp:1M",
    "--device-deny c_1:5",
    "--pids-limit 64 --memory 64M --cpus 1 --cpu-shares 2048",
    "--cgroup --pids-limit 64",
    "--cgroup --rootfs unha --memory 64M",
    "--veth",
    "--net-rate 4mbit",
    "--veth --rootfs unha --hostname box",
    "--uts --ipc --net",
    "--uts --pid --mount --ipc --net --cgroup",
    "--uts --pid --mount --ipc --net --cgroup --time",
    "--user --uts --hostname box",
    "--user --pid --mount",
    "--user --rootfs unha --pid --net",
    "--user --rootfs unha",
    "--rootfs unha --pid",
    "--rootfs unha --pid --init --hostname box",
    "--rootfs unha --pid --cap-drop MKNOD --no-new-privs --seccomp default",
    "--all",
    "--all --user --hostname box",
];

/// As an ordinary user, who is root in a user namespace where one is needed.
pub const AS_USER: [&str; 17] = [
    "",
    "--uts",
    "--hostname box",
    "--pid",
    "--mount",
    "--ipc",
    "--net",
    "--user",
    "--cgroup",
    "--boottime 86400",
    "--no-new-privs",
    "--no-new-privs --seccomp default",
    "--cap-drop CHOWN",
    "--rootfs unha",
    "--rootfs unha --pid",
    "--rootfs unha --pid --net --ipc --uts --hostname box",
    "--uts --pid --mount --ipc --net --cgroup --rootfs unha --no-new-privs --seccomp default --cap-drop ALL",
];

/// The flags as words; a device's two parts are one.
pub fn words(flags: &str) -> Vec<String> {
    flags.split_whitespace().map(|word| word.replace("c_", "c ")).collect()
}

/// Whether it has a root of its own.
pub fn has_root(flags: &str) -> bool {
    flags.contains("--rootfs") || flags.contains("--all")
}

/// Whether a cable leads to this machine, where its address can be there only once.
pub fn has_cable(flags: &str) -> bool {
    flags.contains("--veth") || flags.contains("--net-rate")
}
