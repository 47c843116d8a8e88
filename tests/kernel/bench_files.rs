//! The bench's files: the machine's own, under a layer that takes what is written.

use std::fs;
use std::process::Command;

use unha::kernel::feature::{Feature, FeatureSet};

use crate::outside::Bench;
use crate::part::both;

#[test]
fn no_file_of_the_machine_is_open_there() {
    both(|here| {
        let mut bench = Bench::of(here);
        let first = bench.outside("ls -l /proc/1/fd | tail -n +2 | sed 's/.* //'");
        // The lines to the session and the keeper, signals, namespaces: nothing that has a path outside. And the shell's
        // terminal, until it is handed over.
        let doors: Vec<&str> = first.lines().filter(|target| target.starts_with('/')).collect();
        let harmless = |target: &&&str| **target == "/proc" || target.starts_with("/dev/");
        assert_eq!(doors.iter().filter(|target| !harmless(target)).count(), 0, "{first}");
        assert_eq!(bench.outside("ls -1 /proc/$$/fd"), "0\n1\n2");
        for features in [FeatureSet::NONE, FeatureSet::NONE.with(Feature::Pid).with(Feature::Rootfs).closed()] {
            assert_eq!(bench.inside(features, "ls -1 /proc/$$/fd").unwrap(), "0\n1\n2");
        }
    });
}

#[test]
fn what_is_written_there_stays_there() {
    both(|here| {
        let place = tempfile::tempdir_in("/var/tmp").unwrap();
        let kept = place.path().join("kept");
        fs::write(&kept, "as it was").unwrap();
        let bench = Bench::of(here);
        assert_eq!(bench.standing.writable, here.root, "an ordinary user's are shown, to be read only");
        let script = format!("rm -f {0}; echo new > {0}; echo new > /etc/kernel-test; rm /etc/passwd", kept.display());
        let said = bench.outside(&script);
        if here.root {
            assert_eq!(said, "");
            assert_eq!(bench.outside(&format!("cat {} /etc/kernel-test", kept.display())), "new\nnew");
            assert!(bench.outside("ls /etc/passwd").contains("No such file"));
        } else {
            // Only the folders that make the system are shown; what is this user's own cannot be reached at all.
            assert_eq!(said.matches("Read-only file system").count(), 2, "{said}");
            assert_eq!(bench.outside("ls /var"), "");
        }
        // Where people write, everybody can.
        assert_eq!(bench.outside("cd /root && touch new /mnt/new /tmp/new && ls new"), "new");
        assert_eq!(fs::read_to_string(&kept).unwrap(), "as it was");
        assert!(fs::exists("/etc/passwd").unwrap() && !fs::exists("/etc/kernel-test").unwrap());
        // Another bench starts from the machine's files again.
        assert_eq!(Bench::of(here).outside("ls /etc/passwd"), "/etc/passwd");
    });
}

#[test]
fn file_systems_with_programs_are_there_read_only_and_others_are_not() {
    both(|here| {
        // Only root can mount here, in this part's own list of mounts.
        if !here.root {
            return;
        }
        let below = |path: &str| format!("{path}/kernel-test");
        for path in ["/opt", "/srv"] {
            let options = ["-t", "tmpfs", "-o", "size=64k", "mine", path];
            assert!(Command::new("mount").args(options).status().unwrap().success());
            fs::create_dir(below(path)).unwrap();
            let options = ["-t", "tmpfs", "-o", "size=64k", "mine", &below(path)];
            assert!(Command::new("mount").args(options).status().unwrap().success());
            fs::write(format!("{}/program", below(path)), "text").unwrap();
        }
        let bench = Bench::of(here);
        assert_eq!(bench.outside("cat /opt/kernel-test/program; ls /srv"), "text");
        let said = bench.outside("touch /opt/new /opt/kernel-test/new");
        assert_eq!(said.matches("Read-only file system").count(), 2, "{said}");
        drop(bench);
        for path in ["/opt", "/srv"] {
            assert!(Command::new("umount").args([&below(path), path]).status().unwrap().success());
        }
    });
}

#[test]
fn a_mount_there_is_none_here() {
    both(|here| {
        let before = fs::read_to_string("/proc/self/mountinfo").unwrap();
        let mut bench = Bench::of(here);
        assert_eq!(bench.outside("mount -t tmpfs mine /srv && touch /srv/secret && ls /srv"), "secret");
        assert_eq!(fs::read_to_string("/proc/self/mountinfo").unwrap(), before);
        // A box without mounts of its own sees it, as on a host; one with them does not leak its own.
        assert_eq!(bench.inside(FeatureSet::NONE, "ls /srv").unwrap(), "secret");
        let private = FeatureSet::NONE.with(Feature::Mount);
        assert_eq!(bench.inside(private, "umount /srv; ls /srv; mount -t tmpfs inner /srv").unwrap(), "");
        assert_eq!(bench.outside("ls /srv; grep -c inner /proc/self/mountinfo"), "secret\n0");
    });
}

#[test]
fn there_is_no_disk_and_none_can_be_made() {
    both(|here| {
        let bench = Bench::of(here);
        assert_eq!(bench.outside("find /dev -type b -o -name kmsg -o -name mem"), "");
        let disk = fs::read_dir("/sys/block")
            .unwrap()
            .filter_map(Result::ok)
            .find_map(|disk| fs::read_to_string(disk.path().join("dev")).ok());
        let number = disk.unwrap_or_else(|| "8:0".to_owned()).trim().replace(':', " ");
        let said = bench.outside(&format!("mknod /tmp/disk b {number}; ls /tmp"));
        assert!(said.contains("Operation not permitted") && !said.contains("\ndisk"), "{said}");
    });
}
