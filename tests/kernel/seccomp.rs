//! A filter for system calls.

use std::fs;

use serde_json::{Value, json};
use syscalls::Sysno;
use unha::kernel::container::profile::Profile;
use unha::kernel::fact::Fact;
use unha::kernel::feature::Feature;

use crate::part::{Here, both};
use crate::program::{Done, EVERYTHING};

/// What `mkdir` comes to under a profile.
fn mkdir_under(here: &Here, options: &str, profile: &Value) -> Done {
    let file = here.dir.join("tmp/profile.json");
    fs::write(&file, profile.to_string()).unwrap();
    let done = here.run(&format!("{options} --seccomp {}", file.display())).sh("mkdir tmp/new; echo $?").done();
    let _ = fs::remove_dir(here.dir.join("tmp/new"));
    fs::remove_file(file).unwrap();
    done
}

fn refusing(action: &str) -> Value {
    json!({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"], "action": action}]})
}

#[test]
fn the_filter_is_inside_alone() {
    both(|here| here.on_and_off(Feature::Seccomp, &[Fact::Seccomp]));
}

#[test]
fn an_ordinary_user_has_it_with_no_new_privs_and_without_a_namespace() {
    both(|here| {
        let facts = here.facts("--seccomp default --no-new-privs");
        assert_eq!(facts.inside(Fact::Seccomp), 2);
        assert_eq!(facts.inside(Fact::NsUser), facts.outside(Fact::NsUser));
    });
}

#[test]
fn a_call_is_refused_or_its_caller_killed() {
    both(|here| {
        for options in ["", "--no-new-privs", "--cap-drop ALL", "--init --pid --cap-drop ALL --no-new-privs"] {
            let refused = mkdir_under(here, options, &refusing("SCMP_ACT_ERRNO"));
            assert!(refused.out == "1\n" && refused.err.contains("not permitted"), "{options}: {refused:?}");
            let killed = mkdir_under(here, options, &refusing("SCMP_ACT_KILL_PROCESS"));
            assert_eq!(killed.out, format!("{}\n", 128 + libc::SIGSYS), "{options}");
            let allowed = mkdir_under(here, options, &refusing("SCMP_ACT_ALLOW"));
            assert_eq!(allowed.out, "0\n", "{options}");
        }
    });
}

#[test]
fn a_list_of_what_is_allowed_works_as_dockers() {
    both(|here| {
        let names: Vec<&str> =
            Sysno::iter().map(|call| call.name()).filter(|name| !name.starts_with("mkdir")).collect();
        let list = json!({
            "defaultAction": "SCMP_ACT_ERRNO",
            "defaultErrnoRet": libc::EDOM,
            "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": null}],
            "syscalls": [
                {"names": names, "action": "SCMP_ACT_ALLOW", "args": null, "comment": "", "includes": {}, "excludes": {}},
                {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_TIME"]}},
                {"names": ["rmdir", "clone9"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38, "includes": {"minKernel": "3.5"}},
            ],
        });
        let refused = mkdir_under(here, "--no-new-privs --cap-drop SYS_TIME", &list);
        assert!(refused.out == "1\n" && refused.err.contains("out of domain"), "{refused:?}");
        assert_eq!(mkdir_under(here, "--no-new-privs --cap-add SYS_TIME", &list).out, "0\n");
    });
}

#[test]
fn the_built_in_profile_refuses_namespaces_and_the_keyring() {
    both(|here| {
        let script = "unshare -U true 2>/dev/null; echo $?; unshare -n true 2>/dev/null; echo $?";
        assert_eq!(here.run("--seccomp default --cap-drop SYS_ADMIN").sh(script).says(), "1\n1");
        assert_eq!(here.run("--uts").sh(script).says(), "0\n0");
        // A shell with a pipe and children is not disturbed by it.
        let everything = format!("{EVERYTHING} --cap-add CHOWN --no-new-privs --seccomp default");
        assert_eq!(here.run(&everything).sh("echo a b | wc -w").says(), "2");
    });
}

#[test]
fn what_is_no_profile_is_told_with_its_place() {
    both(|here| {
        let file = here.dir.join("tmp/profile.json");
        for (text, said) in
            [("{", "line 1"), ("{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}", "SCMP_ACT_NOTIFY"), ("{}", "defaultAction")]
        {
            fs::write(&file, text).unwrap();
            let done = here.run(&format!("--seccomp {}", file.display())).command(["true"]).done();
            assert!(done.code == 125 && done.err.contains(said) && done.err.contains("profile.json"), "{done:?}");
        }
        fs::remove_file(file).unwrap();
        let done = here.run("--seccomp nowhere.json").command(["true"]).done();
        assert!(done.code == 125 && done.err.contains("nowhere.json"), "{done:?}");
    });
}

#[test]
fn the_built_in_profile_can_be_read() {
    Profile::of_the_house().unwrap();
}
