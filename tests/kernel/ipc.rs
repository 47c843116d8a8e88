//! System V IPC objects of its own.

use unha::kernel::fact::Fact;
use unha::kernel::feature::Feature;

use crate::part::both;

#[test]
fn only_ipc_gives_a_namespace_of_its_own() {
    both(|here| here.on_and_off(Feature::Ipc, &[Fact::NsIpc]));
}

#[test]
fn a_queue_made_inside_is_not_there_outside() {
    both(|here| {
        let before = std::fs::read_to_string("/proc/sysvipc/msg").unwrap();
        let facts = here.facts_after("--ipc", "ipcmk -Q >&2");
        assert_eq!(facts.inside(Fact::Ipc), 1);
        assert_eq!(std::fs::read_to_string("/proc/sysvipc/msg").unwrap(), before);
    });
}
