//! Only some of root's powers.

use serde_json::{Value, json};
use unha::kernel::fact::Fact;

use crate::part::both;

fn has(set: &Value, name: &str) -> bool {
    set.as_array().unwrap().contains(&json!(name))
}

#[test]
fn what_is_dropped_is_gone_and_cannot_be_had_back() {
    both(|here| {
        let on = here.facts("--cap-drop CHOWN");
        let off = here.facts("--uts --ipc --no-new-privs");
        for set in [Fact::CapEff, Fact::CapBnd] {
            assert!(!has(on.inside(set), "CAP_CHOWN") && !has(on.inside(set), "CAP_SYS_ADMIN"), "{on:?}");
            assert!(has(on.inside(set), "CAP_KILL"), "{on:?}");
            assert!(has(off.inside(set), "CAP_CHOWN") && has(off.inside(set), "CAP_SYS_ADMIN"), "{off:?}");
        }
        assert!(has(on.outside(Fact::CapBnd), "CAP_CHOWN"));
    });
}

#[test]
fn the_sets_are_those_of_docker_run() {
    both(|here| {
        let held = |options: &str| here.facts(options).inside(Fact::CapEff).as_array().unwrap().len();
        assert_eq!(held("--cap-add CHOWN"), 14);
        assert_eq!(held("--cap-add SYS_TIME"), 15);
        assert_eq!(held("--cap-drop cap_chown --cap-drop KILL"), 12);
        assert_eq!(held("--cap-drop ALL"), 0);
        assert_eq!(held("--cap-drop ALL --cap-add NET_RAW"), 1);
        assert_eq!(held("--cap-add ALL --cap-drop SYS_ADMIN") + 1, held("--cap-add ALL"));
        let done = here.run("--cap-drop CHWON").command(["true"]).done();
        assert!(done.code == 125 && done.err.contains("CHWON"), "{done:?}");
    });
}

#[test]
fn uid_0_without_the_capability_is_refused() {
    both(|here| {
        // Whoever has a single id has nobody to give a file to, capability or not.
        if here.root {
            let script = "touch file && chown 1000 file; echo $?; rm file";
            assert_eq!(here.run("--cap-add CHOWN").sh(script).says(), "0");
            let done = here.run("--cap-drop CHOWN").sh(&format!("id -u; {script}")).done();
            assert!(done.out == "0\n1\n" && done.err.contains("not permitted"), "{done:?}");
        }
        let done = here.run("--uts --cap-drop SYS_ADMIN").sh("hostname caixa").done();
        // hostname(1) knows no other reason for EPERM than this.
        assert!(done.code != 0 && done.err.contains("must be root"), "{done:?}");
        assert_eq!(here.run("--uts --cap-add SYS_ADMIN").sh("hostname caixa && hostname").says(), "caixa");
    });
}
