//! Nothing that is typed reaches the machine: the worst that learners type, as root, in either shell, with any feature.
//!
//! If unha is wrong here, this destroys the machine that it runs on. So it runs in the guest of `tests/vm` and nowhere
//! else: there it says what would have been lost.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; clippy knows only the test functions themselves"
)]

#[path = "safety/bench.rs"]
mod bench;
#[path = "safety/machine.rs"]
mod machine;
#[path = "safety/shell.rs"]
mod shell;

use std::fs;
use std::time::Instant;

use unha::kernel::fact::Side;
use unha::kernel::feature::{Feature, FeatureSet};

use self::bench::{Standing, run_limits};
use self::machine::Machine;

const WHY: &str = "unha.guest";

/// Lines that change the whole machine, where they are allowed to. Each is typed into a shell as it stands.
const LINES: &[&str] = &[
    // What belongs to the kernel, by its files.
    "sysctl -w kernel.panic=77 vm.swappiness=7 kernel.hostname=lost kernel.domainname=lost net.ipv4.ip_forward=1",
    "echo 77 > /proc/sys/kernel/panic; echo 7 > /proc/sys/vm/swappiness; echo lost > /proc/sys/kernel/hostname",
    "echo '|/bin/false' > /proc/sys/kernel/core_pattern; echo /bin/false > /proc/sys/kernel/modprobe",
    "mount -o remount,rw,bind /proc/sys; echo 77 > /proc/sys/kernel/panic",
    "umount /proc/sys; echo 77 > /proc/sys/kernel/panic",
    "mkdir -p /mnt/proc; mount -t proc proc /mnt/proc; echo 77 > /mnt/proc/sys/kernel/panic",
    "echo 7 > /mnt/proc/sys/vm/swappiness; echo 1 > /mnt/proc/sys/vm/drop_caches",
    "echo b > /proc/sysrq-trigger; echo b > /mnt/proc/sysrq-trigger; umount /proc/sysrq-trigger; echo b > /proc/sysrq-trigger",
    "mkdir -p /mnt/sys; mount -t sysfs sysfs /mnt/sys; for sys in /sys /mnt/sys; do echo 7 > $sys/block/vda/queue/read_ahead_kb; echo never > $sys/kernel/mm/transparent_hugepage/enabled; done",
    "mount -o remount,rw /sys; mount -o remount,rw,bind /sys; echo 7 > /sys/block/vda/queue/read_ahead_kb; echo mem > /sys/power/state",
    // Its name, its clock, its swap, its modules.
    "hostname lost; domainname lost; uname -n",
    "date -s '2001-01-01 00:00:00'; hwclock --set --date '2001-01-01 00:00:00'",
    "swapoff -a; swapoff /swap",
    "modprobe stp; modprobe -r overlay; rmmod overlay; dmesg -C",
    // Its disks.
    "mount /dev/vda /mnt; mkdir -p /mnt/disk; mount -t ext4 /dev/vda /mnt/disk; rm -rf /mnt/disk/home",
    "mkdir -p /mnt/dev; mount -t devtmpfs dev /mnt/dev; mount /mnt/dev/vda /mnt/disk; echo lost > /mnt/dev/vda; rm -f /mnt/dev/vda",
    "mknod /tmp/disk b $(tr : ' ' < /sys/block/vda/dev); echo lost > /tmp/disk; dd if=/dev/zero of=/tmp/disk count=1; mount /tmp/disk /mnt/disk",
    // Its mounts.
    "mkdir -p /mnt/made; mount -t tmpfs made /mnt/made; mount --make-rshared /; mount --bind / /mnt/made; umount -l /run; umount -l /tmp",
    "mount -o remount,ro /; mount -o remount,rw /",
    // Its cgroups: a folder made by hand, the limits of the folders above, a way out of them.
    "mkdir /sys/fs/cgroup/made-by-hand; mkdir /sys/fs/cgroup/pids/made-by-hand; echo $$ > /sys/fs/cgroup/made-by-hand/cgroup.procs",
    "mkdir -p /mnt/cgroup; mount -t cgroup2 cgroup2 /mnt/cgroup; mkdir /mnt/cgroup/made-by-hand; echo max > /mnt/cgroup/pids.max",
    "echo $$ > /mnt/cgroup/cgroup.procs; echo -memory > /mnt/cgroup/cgroup.subtree_control; echo 1 > /mnt/cgroup/cgroup.kill; rmdir /mnt/cgroup/*.slice",
    // Its network, its IPC.
    "ip link set lo down; ip link set lo mtu 1400; ip link add lost type dummy; ip addr add 192.0.2.7/24 dev lo; ip route add default dev lo",
    "ipcmk -S 3; ipcmk -Q; ipcrm -a",
    // Another user namespace gives back every capability, over what is in it.
    "unshare -Urm sh -c 'echo 77 > /proc/sys/kernel/panic; mount -t sysfs s /mnt; echo 7 > /mnt/block/vda/queue/read_ahead_kb; date -s 2001-01-01; swapoff -a'",
    "unshare -Urpf --mount-proc reboot -f",
];

/// The lines that end all that there is. They are builtins or come first, for after them there are no programs left.
const LAST: &[&str] = &[
    "reboot -f; halt -f; poweroff -f; shutdown -h now; init 0; systemctl reboot --force --force; kill -TERM 1",
    "kill -9 -1",
    // Else rm goes through the same twice.
    "umount -l /mnt/proc /mnt/made /mnt/cgroup",
    "rm -rf --no-preserve-root / 2> /dev/null",
];

/// Whether this is the guest. `/proc/cmdline` is the kernel's own: nobody sets it by mistake.
fn in_guest() {
    let cmdline = fs::read_to_string("/proc/cmdline").unwrap_or_default();
    assert!(
        cmdline.split_whitespace().any(|word| word == WHY),
        "this is not the guest: if the bench is not harmless, this test destroys its machine"
    );
}

/// No feature, each alone (with what it needs), all. The outside shell is in no box: of what boxes have it is enough to
/// take nothing and everything.
fn sets(side: Side) -> Vec<FeatureSet> {
    let each = Feature::ALL.map(|feature| FeatureSet::NONE.with(feature).closed());
    let each = each.into_iter().filter(|_| side == Side::Inside);
    [FeatureSet::NONE].into_iter().chain(each).chain([Feature::ALL.into_iter().collect()]).collect()
}

fn nothing_is_lost(side: Side) {
    in_guest();
    // In a tmpfs, of which only names are compared: records come and go.
    let records = tempfile::tempdir_in("/run").unwrap();
    let rootfs = unha::image::ensure(&unha::image::cache_dir(&|name| std::env::var_os(name)).unwrap()).unwrap();
    let before = Machine::look();
    for features in sets(side) {
        let began = Instant::now();
        let names: Vec<_> = features.iter().map(Feature::name).collect();
        let mut bench = Standing::start(records.path(), &rootfs.path, features);
        let top = run_limits();
        let shell = bench.shell(side);
        assert_eq!(shell.answer("id -u"), "0", "only who is root here proves anything");
        for line in LINES {
            shell.does(line);
        }
        // The learner's own world did take it.
        assert_eq!(shell.answer("rm /bin/cat; command -v cat || echo gone"), "gone", "{names:?}");
        for line in LAST {
            shell.does(line);
        }
        assert_eq!(shell.answer("[ -e /etc/passwd ] || echo gone"), "gone", "{names:?}");
        assert_eq!(run_limits(), top, "the run's own limits, {names:?}");
        drop(bench);
        before.is_still_so(&format!("{side:?} shell, features {names:?}"));
        println!("{side:?} shell, features {names:?}: {:.1} s", began.elapsed().as_secs_f32());
    }
}

#[test]
#[ignore = "destroys its machine if the bench is not harmless: run in the guest of tests/vm only"]
fn from_the_outside_shell() {
    nothing_is_lost(Side::Outside);
}

#[test]
#[ignore = "destroys its machine if the bench is not harmless: run in the guest of tests/vm only"]
fn from_the_inside_shell() {
    nothing_is_lost(Side::Inside);
}

/// The comparison itself: what it would not see proves nothing above.
#[test]
#[ignore = "changes its machine: run in the guest of tests/vm only"]
fn the_comparison_sees_what_is_lost() {
    in_guest();
    for change in [
        ["hostname lost", "hostname guest"],
        ["sysctl -qw kernel.panic=77", "sysctl -qw kernel.panic=-1"],
        ["echo 7 > /sys/block/vda/queue/read_ahead_kb", "echo 128 > /sys/block/vda/queue/read_ahead_kb"],
        ["mount -t tmpfs made /mnt", "umount /mnt"],
        ["mkdir /sys/fs/cgroup/made-by-hand", "rmdir /sys/fs/cgroup/made-by-hand"],
        ["chmod 600 /etc/passwd", "chmod 644 /etc/passwd"],
        ["ip link set lo mtu 1400", "ip link set lo mtu 65536"],
        ["swapoff -a", "swapon /swap"],
        ["ipcmk -Q", "ipcrm -a"],
        ["date -s '1 hour'", "date -s '1 hour ago'"],
        ["setsid sleep 1000 > /dev/null 2>&1 & echo $! > /run/pid", "kill -9 $(cat /run/pid); rm /run/pid"],
    ] {
        let before = Machine::look();
        let does = |line: &str| std::process::Command::new("sh").args(["-c", line]).output().unwrap();
        does(change[0]);
        let seen = before.differences(&Machine::look());
        does(change[1]);
        println!("{}: {seen:?}", change[0]);
        assert!(!seen.is_empty(), "{} was not seen", change[0]);
    }
}
