//! The part of the script that makes a root: an overlay, what every root has mounted in it, pivot_root(8).

use super::Script;
use crate::equivalent::Wanted;
use crate::kernel::feature::Feature;

/// The machine's own files that a fresh root binds, and the links beside them.
const DEV: &str = "\
mount -t tmpfs -o nosuid,nodev,mode=755,size=64k,nr_inodes=64 tmpfs dev
for name in null zero full random urandom tty; do : >dev/$name; mount --bind /dev/$name dev/$name; done
ln -s /proc/self/fd dev/fd; ln -s fd/0 dev/stdin; ln -s fd/1 dev/stdout; ln -s fd/2 dev/stderr; ln -s pts/ptmx dev/ptmx
mkdir dev/pts dev/shm dev/mqueue";
const DEV_MOUNTS: &str = "\
mount -t devpts -o nosuid,noexec,newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs -o nosuid,nodev,noexec,mode=1777,size=64m,nr_inodes=4096 shm dev/shm";

/// What of /proc acts on the whole machine or tells of it.
const PROTECT: &str = "\
for name in sys sysrq-trigger irq bus fs; do
    [ -e proc/$name ] || continue
    mount --rbind proc/$name proc/$name
    mount -o remount,bind,ro,nosuid,nodev,noexec proc/$name
done
for name in kcore keys timer_list sched_debug; do
    [ ! -e proc/$name ] || mount --bind /dev/null proc/$name
done
for name in acpi scsi; do
    [ ! -e proc/$name ] || mount -t tmpfs -o ro,nosuid,nodev,noexec,size=0 tmpfs proc/$name
done";

/// Makes the root and moves into it.
pub(super) fn pivot(wanted: &Wanted, script: &mut Script) {
    let machine = wanted.spec.machine_root && !wanted.has(Feature::User);
    script.say(
        "The root: a folder of ours laid over the files, which stay as they are.",
        "A raiz: uma pasta nossa posta sobre os arquivos, que ficam como estão.",
    );
    // By its path a folder with a colon or a comma in its name would be several, or an option.
    script.code("cd \"$root\"");
    script.code("place=/tmp; case $root in /tmp/*) place=/run;; esac");
    script.code("mount -t tmpfs -o nosuid,nodev,mode=755,size=512m,nr_inodes=65536 tmpfs \"$place\"");
    script.code("mkdir \"$place/upper\" \"$place/work\" \"$place/root\"");
    let more = if machine { "" } else { ",userxattr" };
    script.code(&format!(
        "mount -t overlay -o \"nodev,lowerdir=.,upperdir=$place/upper,workdir=$place/work{more}\" \\\n    \
         overlay \"$place/root\"",
    ));
    script.code("cd \"$place/root\"");
    script.say("What is mounted in every root.", "O que toda raiz tem montado.");
    script.code("mkdir -p proc sys dev");
    let foreign = |feature| wanted.has(Feature::User) && !wanted.has(feature);
    // The kernel gives a fresh one only to whoever owns the namespace that it shows.
    script.code(if foreign(Feature::Pid) {
        "mount --rbind /proc proc"
    } else {
        "mount -t proc -o nosuid,nodev,noexec proc proc"
    });
    script.code(if foreign(Feature::Net) {
        "mount --rbind /sys sys; mount -o remount,bind,ro sys"
    } else {
        "mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys"
    });
    script.code(DEV);
    if wanted.mounts_queues() {
        script.code("mount -t mqueue -o nosuid,nodev,noexec mqueue dev/mqueue");
    }
    script.code(DEV_MOUNTS);
    if wanted.spec.machine_root {
        script.say(
            "What of /proc no namespace divides: read-only or hidden.",
            "O que do /proc namespace nenhum divide: só leitura ou escondido.",
        );
        script.code(PROTECT);
    }
    script.say(
        "The new root becomes /, the old one is stacked on it and taken off; from here on programs are those of the new one.",
        "A nova raiz vira /, a antiga fica empilhada nela e sai; daqui em diante os programas são os da nova.",
    );
    script.code("pivot_root . .; umount -l .; cd /");
}
