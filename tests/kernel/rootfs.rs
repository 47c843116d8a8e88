//! A root file system of its own.

use std::fs;

use unha::kernel::fact::Fact;
use unha::kernel::feature::Feature;

use crate::part::{Here, both};
use crate::program::EVERYTHING;

#[test]
fn only_rootfs_gives_a_root_of_its_own() {
    both(|here| here.on_and_off(Feature::Rootfs, &[Fact::Root, Fact::Os]));
}

/// A folder with a root file system of somebody's: a copy of the built-in one, with a file more.
fn folder(here: &Here) -> String {
    let cache = here.dir.join("cache");
    let image = unha::image::ensure(&cache).unwrap();
    fs::write(image.path.join("etc/motd"), "as it was\n").unwrap();
    image.path.display().to_string()
}

#[test]
fn the_lower_folder_is_never_written_to() {
    both(|here| {
        let dir = folder(here);
        let script = "echo changed > /etc/motd; rm /etc/passwd; mkdir /new; cat /etc/motd; ls -d /new /etc/passwd 2>&1";
        let done = here.run(&format!("--rootfs {dir}")).sh(script).done();
        assert!(done.out.starts_with("changed\n/new\n") || done.out.contains("/new"), "{done:?}");
        assert_eq!(fs::read_to_string(format!("{dir}/etc/motd")).unwrap(), "as it was\n");
        assert!(fs::exists(format!("{dir}/etc/passwd")).unwrap() && !fs::exists(format!("{dir}/new")).unwrap());
        // The next box starts from the folder again.
        assert_eq!(here.run(&format!("--rootfs {dir}")).command(["cat", "/etc/motd"]).says(), "as it was");
    });
}

#[test]
fn nothing_of_the_old_root_is_left() {
    both(|here| {
        let secret = here.dir.join("tmp/secret");
        fs::write(&secret, "outside").unwrap();
        let script = format!("cat {0} || cat /proc/1/root{0}; cat /proc/self/mountinfo", secret.display());
        let done = here.run("--rootfs unha --pid").sh(&script).done();
        assert_eq!(done.code, 0);
        assert!(!done.out.contains("outside") && done.err.contains("No such file"), "{done:?}");
        // The mounts are those of a fresh root, each below it; the overlay is the root.
        let points: Vec<&str> = done.out.lines().filter_map(|line| line.split(' ').nth(4)).collect();
        assert_eq!(points[0], "/", "{done:?}");
        let fresh = |point: &&str| ["/", "/proc", "/sys", "/dev"].contains(point) || point.starts_with("/dev/");
        let other: Vec<_> = points.iter().filter(|point| !fresh(point) && !point.starts_with("/proc/")).collect();
        assert!(other.iter().all(|point| point.starts_with("/sys/")), "{other:?}");
        fs::remove_file(secret).unwrap();
    });
}

#[test]
fn dev_has_no_disk_and_sys_is_read_only() {
    both(|here| {
        let script = "ls /dev; ls -l /dev | grep ^b; echo x > /dev/null && head -c 3 /dev/zero | wc -c; \
                      echo 1 > /sys/kernel/mm/ksm/run; ls /dev/pts";
        let done = here.run(EVERYTHING).sh(script).done();
        let names: Vec<&str> = done.out.split_whitespace().collect();
        assert!(
            ["null", "zero", "full", "random", "urandom", "tty", "pts", "shm", "mqueue", "ptmx", "3"]
                .iter()
                .all(|name| names.contains(name))
        );
        assert!(
            !names.iter().any(|name| name.starts_with("sd") || name.starts_with("vd") || *name == "kmsg"),
            "{names:?}"
        );
        assert!(done.err.contains("ead-only file system") || done.err.contains("nonexistent"), "{done:?}");
    });
}

#[test]
fn proc_sys_cannot_be_written_to() {
    both(|here| {
        // Writing back what stands there would change nothing even if it were let through.
        let script = "name=$(cat /proc/sys/kernel/core_pattern); echo \"$name\" > /proc/sys/kernel/core_pattern";
        let done = here.run(EVERYTHING).sh(script).done();
        assert!(done.code != 0 && !done.err.is_empty(), "{done:?}");
    });
}
