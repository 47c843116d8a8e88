//! Seeing System V IPC objects and POSIX message queues.
//!
//! `ipc_namespaces(7)`, sysvipc(7), mq_overview(7). `/proc/sysvipc` lists the shared memory segments, message queues and semaphore
//! sets of the IPC namespace of whoever opens it, so the observer goes in to open it.
//! The learner sees a segment made with `ipcmk` on one side and nothing on the other.

use rustix::fs::FsWord;

use super::place::{Place, Unread};
use super::visit::visit;
use crate::kernel::fact::Value;

/// How statfs(2) calls the file system of POSIX message queues.
const MQUEUE_MAGIC: FsWord = 0x1980_0202;

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

/// The names of the POSIX message queues in its /dev/mqueue. That shows the IPC namespace in which it was mounted, so that
/// an old mount still lists the queues outside.
pub(super) fn queues(place: &Place<'_>) -> Result<Value, Unread> {
    let names = place.names_below_root("dev/mqueue", MQUEUE_MAGIC, "no mqueue mounted on /dev/mqueue")?;
    Ok(Value::List(names))
}

/// Which IPC namespace it is.
pub(super) fn namespace(place: &Place<'_>) -> Result<Value, Unread> {
    place.namespace("ipc").map(Value::Number)
}
