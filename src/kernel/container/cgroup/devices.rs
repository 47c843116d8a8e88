//! Devices: which ones a cgroup may open or make. Documentation/admin-guide/cgroup-v1/devices.rst, and for version 2
//! cgroup-v2.rst, "Device controller": no file any more, but a program that the kernel asks.
//!
//! The learner sees /dev/zero refused to root, whatever its permissions, while /dev/null beside it opens.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Group;
use crate::kernel::sys::bpf::{self, Insn, Op};
use crate::kernel::sys::{Result, write_file};

/// A device: `c 1:5` is /dev/zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// A disk, by blocks; else by characters.
    pub block: bool,
    /// The driver's number.
    pub major: u32,
    /// The driver's number for it.
    pub minor: u32,
}

impl FromStr for Device {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (kind, numbers) = text.split_once(' ').ok_or(())?;
        let (major, minor) = numbers.split_once(':').ok_or(())?;
        let number = |text: &str| text.parse().map_err(|_| ());
        let block = ["c", "b"].iter().position(|known| *known == kind).ok_or(())? == 1;
        Ok(Self { block, major: number(major)?, minor: number(minor)? })
    }
}

impl Group {
    /// Takes a device away from the cgroup, to open and to make, whoever is root in it.
    ///
    /// # Errors
    /// EPERM for everybody but the machine's root.
    pub fn deny(&self, device: Device) -> Result {
        match self.folder("devices") {
            Some((dir, true)) => bpf::attach_to_devices(dir, &program(device)),
            Some((dir, false)) => write_file(dir.join("devices.deny"), &rule(device)),
            None => self.write_limit("devices", "devices.deny", ""),
        }
    }

    /// Gives it back; in version 2, and all others that were taken.
    ///
    /// # Errors
    /// As [`Group::deny`].
    pub fn allow(&self, device: Device) -> Result {
        match self.folder("devices") {
            Some((dir, true)) => bpf::detach_from_devices(dir),
            Some((dir, false)) => write_file(dir.join("devices.allow"), &rule(device)),
            None => self.write_limit("devices", "devices.allow", ""),
        }
    }
}

/// To read, write and make.
fn rule(device: Device) -> String {
    let Device { block, major, minor } = device;
    format!("{} {major}:{minor} rwm", if block { 'b' } else { 'c' })
}

/// The program: it is given what is asked for as three numbers, and answers 0 for no, 1 for yes. Where several are attached,
/// all of them must say yes.
fn program(Device { block, major, minor }: Device) -> [Insn; 11] {
    let kind = if block { 1 } else { 2 };
    [
        Insn::new(Op::Load, 2, 1, 0, 0), // r2 = access << 16 | kind
        Insn::new(Op::And, 2, 0, 0, 0xffff),
        Insn::new(Op::Load, 3, 1, 4, 0), // r3 = major
        Insn::new(Op::Load, 4, 1, 8, 0), // r4 = minor
        // Another one: on to the yes.
        Insn::new(Op::JumpUnless, 2, 0, 4, kind),
        Insn::new(Op::JumpUnless, 3, 0, 3, major),
        Insn::new(Op::JumpUnless, 4, 0, 2, minor),
        Insn::new(Op::Set, 0, 0, 0, 0),
        Insn::new(Op::Exit, 0, 0, 0, 0),
        Insn::new(Op::Set, 0, 0, 0, 1),
        Insn::new(Op::Exit, 0, 0, 0, 0),
    ]
}
