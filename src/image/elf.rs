//! What a program asks the loader for: its interpreter, its shared objects, and where to look first.
//!
//! elf(5): `PT_INTERP` names the loader that the kernel starts in the program's stead; `DT_NEEDED` names
//! the objects; `DT_RPATH` and `DT_RUNPATH` name folders. `readelf -dl /bin/ls` shows the learner the same.

use std::path::PathBuf;

use goblin::container::Ctx;
use goblin::elf::{Elf, ProgramHeader, program_header::PT_INTERP};

/// What an ELF file needs to be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asks {
    /// Word size, byte order and machine: objects of another kind do not count as found.
    pub kind: (bool, bool, u16),
    /// The loader; a static program has none.
    pub interpreter: Option<PathBuf>,
    /// The names of the objects it needs.
    pub needed: Vec<String>,
    /// Folders to look in before the usual ones, unless there is a `runpath`; objects that it loads inherit them.
    pub rpath: Vec<String>,
    /// Folders to look in before the usual ones, for this file's objects alone.
    pub runpath: Vec<String>,
}

impl Asks {
    /// Reads them out of a whole file, or gives nothing when it is not ELF.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let elf = Elf::parse(bytes).ok()?;
        Some(Self {
            kind: (elf.is_64, elf.little_endian, elf.header.e_machine),
            interpreter: elf.interpreter.map(PathBuf::from),
            needed: elf.libraries.iter().map(ToString::to_string).collect(),
            rpath: folders(&elf.rpaths),
            runpath: folders(&elf.runpaths),
        })
    }
}

/// Each entry is itself a list, with colons.
fn folders(entries: &[&str]) -> Vec<String> {
    entries.iter().flat_map(|entry| entry.split(':')).filter(|dir| !dir.is_empty()).map(String::from).collect()
}

/// Who must be there for execve(2) to start a file, read from its first page: the loader of an ELF
/// file, the program after `#!` of a script.
pub(super) fn interpreter(head: &[u8]) -> Option<PathBuf> {
    if let Some(line) = head.strip_prefix(b"#!") {
        let line = line.split(|&byte| byte == b'\n').next()?;
        let word = std::str::from_utf8(line).ok()?.split_whitespace().next()?;
        return Some(PathBuf::from(word));
    }
    let header = Elf::parse_header(head).ok()?;
    let ctx = Ctx::new(header.container().ok()?, header.endianness().ok()?);
    let start = usize::try_from(header.e_phoff).ok()?;
    let segments = ProgramHeader::parse(head, start, header.e_phnum.into(), ctx).ok()?;
    let segment = segments.iter().find(|segment| segment.p_type == PT_INTERP)?;
    let start = usize::try_from(segment.p_offset).ok()?;
    let end = start.checked_add(usize::try_from(segment.p_filesz).ok()?)?;
    let name = head.get(start..end)?.split(|&byte| byte == 0).next()?;
    std::str::from_utf8(name).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn this_test_asks_for_what_it_was_linked_with() {
        let bytes = std::fs::read("/proc/self/exe").unwrap();
        let asks = Asks::read(&bytes).unwrap();
        assert_eq!(interpreter(&bytes[..4096]), asks.interpreter);
        assert_eq!(asks.interpreter.is_none(), asks.needed.is_empty());
    }

    #[test]
    fn lists_of_folders_are_taken_apart() {
        assert_eq!(folders(&["$ORIGIN/../lib:/opt/lib", "", "/a::/b"]), ["$ORIGIN/../lib", "/opt/lib", "/a", "/b"]);
    }

    #[test]
    fn a_script_names_its_interpreter() {
        for (head, word) in [
            ("#!/bin/sh\n", Some("/bin/sh")),
            ("#! /usr/bin/env python3\nx", Some("/usr/bin/env")),
            ("#!\n/bin/sh", None),
            ("echo", None),
            ("", None),
        ] {
            assert_eq!(interpreter(head.as_bytes()), word.map(PathBuf::from), "{head:?}");
        }
    }

    proptest! {
        #[test]
        fn a_damaged_file_is_no_reason_to_panic(
            spoil in proptest::collection::vec((0_usize..4096, any::<u8>()), 0..64),
            keep in 0_usize..8192,
        ) {
            let mut bytes = std::fs::read("/proc/self/exe").unwrap();
            bytes.truncate(keep);
            for (at, byte) in spoil {
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
            let _ = Asks::read(&bytes);
            let _ = interpreter(&bytes);
        }
    }
}
