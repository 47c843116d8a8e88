//! The script to take home follows from the journal, and from nothing else.

use unha::course::Call;
use unha::course::script::script;
use unha::course::text::Lang;

use super::talks::{call, whole_journal};

fn lines(journal: &[Call]) -> String {
    script(journal, Lang::En).join("\n")
}

#[test]
fn a_box_without_features_is_a_process() {
    assert!(lines(&[]).contains("\nexec sh -ec '"), "{}", lines(&[]));
    assert!(!lines(&[]).contains("mount"));
}

#[test]
fn only_the_last_box_counts() {
    let script = lines(&whole_journal());
    assert!(script.contains("unshare --uts --mount --pid --fork"), "{script}");
    assert!(script.contains("hostname caixa") && !script.contains("bancada"), "{script}");
}

#[test]
fn the_box_has_its_own_limits_and_not_those_of_the_run() {
    let script = lines(&whole_journal());
    assert!(script.contains("echo 15 > $pids/pids.max") && !script.contains("512"), "{script}");
}

/// So a kernel without cgroup.kill keeps what it kills from forking: a container of no process is none.
#[test]
fn how_an_earlier_box_was_cleared_away_is_no_limit() {
    let write = |value: &str| {
        call("write", &["\"/sys/fs/cgroup/pids/unha-4711/box/pids.max\"", &format!("\"{value}\"")], Ok(1))
    };
    let script = lines(&[write("15"), write("0")]);
    assert!(script.contains("echo 15 > $pids/pids.max") && !script.contains("echo 0 > $pids/pids.max"), "{script}");
}

#[test]
fn a_refused_call_made_nothing() {
    let script = lines(&[call("sethostname", &["\"caixa\""], Err("EPERM"))]);
    assert!(!script.contains("hostname"), "{script}");
}

#[test]
fn one_hierarchy_is_one_folder() {
    let write = |file: &str, value: &str| {
        let path = format!("\"/sys/fs/cgroup/unha-4711/box/{file}\"");
        call("write", &[&path, &format!("\"{value}\"")], Ok(1))
    };
    let script = lines(&[write("pids.max", "15"), write("cpu.max", "20000 100000")]);
    assert!(script.contains("cg=/sys/fs/cgroup/mybox; mkdir -p $cg"), "{script}");
    assert!(script.contains("echo \"20000 100000\" > $cg/cpu.max"), "{script}");
    assert!(script.contains("> /sys/fs/cgroup/cgroup.subtree_control"), "{script}");
    assert_eq!(script.matches("cgroup.procs").count(), 1, "{script}");
}

/// Whoever copies it must get something that a shell can read.
#[test]
fn a_shell_can_read_it() {
    use std::io::Write as _;
    for lang in Lang::ALL {
        let mut sh =
            std::process::Command::new("sh").arg("-n").stdin(std::process::Stdio::piped()).spawn().expect("sh");
        let text = script(&whole_journal(), lang).join("\n");
        sh.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("written");
        assert!(sh.wait().expect("ended").success(), "{text}");
    }
}
