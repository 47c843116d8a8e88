//! Seeing System V IPC objects.
//!
//! `ipc_namespaces(7)`, sysvipc(7). `/proc/sysvipc` lists the shared memory segments, message queues and semaphore
//! sets of the IPC namespace of whoever opens it, so the observer goes in to open it.
//! The learner sees a segment made with `ipcmk` on one side and nothing on the other.

use super::place::{Place, Unread};
use super::visit::visit;
use crate::kernel::fact::Value;

/// How many objects there are.
pub(super) fn objects(place: &Place<'_>) -> Result<Value, Unread> {
    visit(place, "ipc", || {
        let mut objects = 0;
        for list in ["sysvipc/shm", "sysvipc/msg", "sysvipc/sem"] {
            // The first line is the heading.
            objects += place.proc.read(list)?.lines().skip(1).count() as u64;
        }
        Ok(Value::Number(objects))
    })
}

/// Which IPC namespace it is.
pub(super) fn namespace(place: &Place<'_>) -> Result<Value, Unread> {
    place.namespace("ipc").map(Value::Number)
}
