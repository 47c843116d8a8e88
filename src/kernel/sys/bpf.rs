//! bpf(2): a program of ours that the kernel asks before a device is opened. linux/bpf.h, `BPF_PROG_TYPE_CGROUP_DEVICE`.

use std::fs::File;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

use nix::errno::Errno;

use super::{Result, errno_in, journalled, owned, path, plain};

/// What one instruction does; the numbers are the kernel's codes.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub enum Op {
    /// Loads 32 bits from memory: `BPF_LDX|BPF_MEM|BPF_W`.
    Load = 0x61,
    /// And of 32 bits with a number: `BPF_ALU|BPF_AND|BPF_K`.
    And = 0x54,
    /// Jumps forward unless equal to a number: `BPF_JMP|BPF_JNE|BPF_K`.
    JumpUnless = 0x55,
    /// Sets to a number: `BPF_ALU64|BPF_MOV|BPF_K`.
    Set = 0xb7,
    /// Returns r0: `BPF_JMP|BPF_EXIT`.
    Exit = 0x95,
}

/// One instruction, `struct bpf_insn`.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Insn {
    code: u8,
    registers: u8,
    offset: i16,
    number: u32,
}

impl Insn {
    /// The operation on register `to`, with register `from`, an offset (in bytes, or instructions) and a number.
    #[must_use]
    pub const fn new(op: Op, to: u8, from: u8, offset: i16, number: u32) -> Self {
        Self { code: op as u8, registers: from << 4 | to, offset, number }
    }
}

const PROG_LOAD: i32 = 5;
const PROG_ATTACH: i32 = 8;
const PROG_DETACH: i32 = 9;
const PROG_GET_FD_BY_ID: i32 = 13;
const PROG_QUERY: i32 = 16;
const TYPE_CGROUP_DEVICE: u32 = 15;
const CGROUP_DEVICE: u32 = 6;
/// Beside those of others: all of them are asked.
const ALLOW_MULTI: u32 = 2;

/// `union bpf_attr` as the first part of loading needs it.
#[repr(C)]
#[derive(Default)]
struct Load {
    kind: u32,
    count: u32,
    program: u64,
    license: u64,
    log_level: u32,
    log_size: u32,
    log: u64,
}

/// The same for attaching and detaching.
#[repr(C)]
#[derive(Default)]
struct Attach {
    cgroup: u32,
    program: u32,
    kind: u32,
    flags: u32,
}

/// The same for asking what is attached.
#[repr(C)]
#[derive(Default)]
struct Query {
    cgroup: u32,
    kind: u32,
    flags: u32,
    attach_flags: u32,
    ids: u64,
    count: u32,
    rest: [u32; 9],
}

/// Loads the program and attaches it to the cgroup in `dir`: from now on it is asked for every device.
///
/// # Errors
/// EPERM without CAP_BPF and CAP_NET_ADMIN of the machine's first user namespace; EACCES for a program that could do harm.
pub fn attach_to_devices(dir: &Path, program: &[Insn]) -> Result {
    let load = Load {
        kind: TYPE_CGROUP_DEVICE,
        count: u32::try_from(program.len()).unwrap_or(u32::MAX),
        program: program.as_ptr() as u64,
        license: c"MIT".as_ptr() as u64,
        ..Load::default()
    };
    // Before Linux 5.11 a program counts against RLIMIT_MEMLOCK, which is often too small for it.
    let any = nix::sys::resource::RLIM_INFINITY;
    let _ = nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_MEMLOCK, any, any);
    let args = vec!["BPF_PROG_LOAD".to_owned(), format!("{{BPF_PROG_TYPE_CGROUP_DEVICE, insn_cnt={}}}", load.count)];
    let program = owned(journalled("bpf", args, bpf_call(PROG_LOAD, &load), |fd| *fd)?);
    attach(PROG_ATTACH, "BPF_PROG_ATTACH", dir, &program)
}

/// Detaches every program that was attached to the cgroup itself.
///
/// # Errors
/// As [`attach_to_devices`].
pub fn detach_from_devices(dir: &Path) -> Result {
    let mut ids = [0_u32; 64];
    let cgroup = open(dir)?;
    let query = Query {
        cgroup: cgroup.as_raw_fd().unsigned_abs(),
        kind: CGROUP_DEVICE,
        ids: ids.as_mut_ptr() as u64,
        count: 64,
        ..Query::default()
    };
    let args = vec!["BPF_PROG_QUERY".to_owned(), path(dir)];
    plain("bpf", args, bpf_call(PROG_QUERY, &query))?;
    for id in ids.into_iter().take_while(|id| *id != 0) {
        let by_id = [id, 0, 0];
        let args = vec!["BPF_PROG_GET_FD_BY_ID".to_owned(), id.to_string()];
        let program = owned(plain("bpf", args, bpf_call(PROG_GET_FD_BY_ID, &by_id))?);
        attach(PROG_DETACH, "BPF_PROG_DETACH", dir, &program)?;
    }
    Ok(())
}

fn open(dir: &Path) -> Result<File> {
    let opened = File::open(dir).map_err(|error| errno_in(&error));
    plain("openat", vec![path(dir)], opened)
}

fn attach(command: i32, name: &str, dir: &Path, program: &OwnedFd) -> Result {
    let cgroup = open(dir)?;
    let flags = if command == PROG_ATTACH { ALLOW_MULTI } else { 0 };
    let [cgroup_fd, program_fd] = [cgroup.as_raw_fd(), program.as_raw_fd()].map(i32::unsigned_abs);
    let attach = Attach { cgroup: cgroup_fd, program: program_fd, kind: CGROUP_DEVICE, flags };
    let args = vec![name.to_owned(), format!("{{{}, BPF_CGROUP_DEVICE}}", path(dir))];
    journalled("bpf", args, bpf_call(command, &attach), |_| 0).map(drop)
}

/// bpf(2) with a command and what it needs of `union bpf_attr`.
fn bpf_call<T>(command: i32, attr: &T) -> nix::Result<i64> {
    // SAFETY: `attr` lives for as long as the call and is as long as is said; what it points to is its maker's to keep.
    let returned = unsafe { libc::syscall(libc::SYS_bpf, command, std::ptr::from_ref(attr), size_of::<T>()) };
    Errno::result(returned)
}
