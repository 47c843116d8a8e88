//! The part of the script that makes the cgroup: a folder, and a number written for each limit. cgroups(7).
//!
//! Which version it is turns out where the script runs: in version 1 each controller has a tree of its own.

use super::Script;
use crate::equivalent::Wanted;
use crate::kernel::cgroupfs::weight;
use crate::kernel::container::cgroup::devices::Device;

/// The lines of one controller, for version 2 and for version 1; `$at` is its folder.
struct Lines {
    v2_name: &'static str,
    v1_name: &'static str,
    v2: Vec<String>,
    v1: Vec<String>,
}

/// Makes the cgroup and limits it. Whether there is one.
pub(super) fn make(wanted: &Wanted, script: &mut Script) -> bool {
    if !wanted.has_cgroup() {
        return false;
    }
    let all = lines(wanted);
    script.say(
        "A cgroup: a folder, limited before anything is in it. Whatever is left in it ends with the box.",
        "Um cgroup: uma pasta, limitada antes de ter algo dentro. O que restar nela acaba junto com a caixa.",
    );
    script.code(TIDY);
    script.code("if [ -e /sys/fs/cgroup/cgroup.controllers ]; then # cgroup v2");
    let handed: Vec<String> = all
        .iter()
        .filter(|lines| lines.v2_name != "devices")
        .map(|lines| format!("hand_on {}", lines.v2_name))
        .collect();
    if wanted.denied.is_empty() {
        script.code(if wanted.spec.machine_root { V2_ROOT } else { V2_USER });
        script.code(&format!("    {}", handed.join("; ")));
        script.code("    at=$top/box-$$; mkdir \"$at\"; folders=$at");
        for line in all.iter().flat_map(|lines| &lines.v2) {
            script.code(&format!("    {line}"));
        }
    } else {
        let says =
            script.lang.pick("cgroup v2 has no file for devices", "o cgroup v2 não tem arquivo para dispositivos");
        script.code(&format!("    echo \"{says}\" >&2; exit 1"));
    }
    script.code("else # cgroup v1");
    for lines in &all {
        script.code(&format!("    below {}", lines.v1_name));
        for line in &lines.v1 {
            script.code(&format!("    {line}"));
        }
    }
    script.code("fi");
    true
}

/// How a folder is made in version 1, below our own; how a controller is handed on in version 2, if it is not yet; and what
/// takes all of it away.
const TIDY: &str = r#"folders=; handed=; top=
tidy() {
    for folder in $folders; do
        while read -r pid; do kill -9 "$pid"; done <"$folder/cgroup.procs" 2>/dev/null || :
        tries=0
        until rmdir "$folder" 2>/dev/null || [ "$((tries += 1))" -gt 50 ]; do sleep 0.1; done
    done
    [ -z "$handed" ] || echo "$handed" >"$top/cgroup.subtree_control"
    [ ! -d "$top/outside-$$" ] || { echo $$ >"$top/cgroup.procs"; rmdir "$top/outside-$$"; } 2>/dev/null || :
}
hand_on() {
    case " $(cat "$top/cgroup.subtree_control") " in *" $1 "*) return;; esac
    echo "+$1" >"$top/cgroup.subtree_control"; handed="$handed -$1"
}
trap tidy EXIT; trap 'exit 130' INT; trap 'exit 143' TERM
below() {
    at=$(sed -n "s/^[0-9]*:\([^:]*,\)\{0,1\}$1\(,[^:]*\)\{0,1\}://p" /proc/self/cgroup)
    at=/sys/fs/cgroup/$1${at%/}/box-$$; mkdir "$at"; folders="$folders $at"
}"#;

const V2_ROOT: &str = "    top=/sys/fs/cgroup";

/// A cgroup that hands controllers on may hold no processes itself, so this shell moves down first.
const V2_USER: &str = r#"    top=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
    mkdir "$top/outside-$$"; echo $$ >"$top/outside-$$/cgroup.procs""#;

fn lines(wanted: &Wanted) -> Vec<Lines> {
    let limits = &wanted.limits;
    let mut all = vec![];
    let mut add = |v2_name, v1_name, v2: Vec<String>, v1: Vec<String>| all.push(Lines { v2_name, v1_name, v2, v1 });
    if let Some(pids) = limits.pids {
        let line = format!("echo {pids} >\"$at/pids.max\"");
        add("pids", "pids", vec![line.clone()], vec![line]);
    }
    if let Some(bytes) = limits.memory {
        let swap = |file: &str, value: u64| format!("[ ! -e \"$at/{file}\" ] || echo {value} >\"$at/{file}\"");
        add(
            "memory",
            "memory",
            vec![format!("echo {bytes} >\"$at/memory.max\""), swap("memory.swap.max", 0)],
            vec![format!("echo {bytes} >\"$at/memory.limit_in_bytes\""), swap("memory.memsw.limit_in_bytes", bytes)],
        );
    }
    if limits.cpu.is_some() || limits.cpu_shares.is_some() {
        let (mut v2, mut v1) = (vec![], vec![]);
        if let Some(quota) = limits.cpu {
            v2.push(format!("echo {quota} 100000 >\"$at/cpu.max\""));
            v1.push("echo 100000 >\"$at/cpu.cfs_period_us\"".to_owned());
            v1.push(format!("echo {quota} >\"$at/cpu.cfs_quota_us\""));
        }
        if let Some(shares) = limits.cpu_shares {
            v2.push(format!("echo {} >\"$at/cpu.weight\"", weight(shares)));
            v1.push(format!("echo {shares} >\"$at/cpu.shares\""));
        }
        add("cpu", "cpu", v2, v1);
    }
    if let Some(io) = limits.io {
        let ((major, minor), bytes) = (io.disk, io.bytes);
        add(
            "io",
            "blkio",
            vec![format!("echo {major}:{minor} wbps={bytes} >\"$at/io.max\"")],
            vec![format!("echo {major}:{minor} {bytes} >\"$at/blkio.throttle.write_bps_device\"")],
        );
    }
    if !wanted.denied.is_empty() {
        let rule = |Device { block, major, minor }: &Device| {
            format!("echo '{} {major}:{minor} rwm' >\"$at/devices.deny\"", if *block { 'b' } else { 'c' })
        };
        add("devices", "devices", vec![], wanted.denied.iter().map(rule).collect());
    }
    all
}
