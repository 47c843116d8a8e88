//! The program that goes into a recipe: this one or another, if it can run anywhere. elf(5).
//!
//! A program that asks for a loader (`PT_INTERP`) runs only where that loader and its libraries are; a static one asks
//! for nobody. `file unha` shows the learner the same.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use goblin::elf::Elf;
use goblin::elf::header::{EM_AARCH64, EM_X86_64};

use crate::command::words;
use crate::course::text::Lang;
use crate::kernel::bench;

/// The file of the program that runs, even if it has been replaced meanwhile.
const ITSELF: &str = "/proc/self/exe";

/// No unha is as large; one with the debugger's tables is, and nobody wants to hand that out.
const MOST: u64 = 16 << 20;

/// The processors that there are recipes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arch {
    X86_64,
    Aarch64,
}

impl Arch {
    /// As uname(1) and Lima call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        }
    }

    /// As Debian and Docker call it.
    pub const fn debian(self) -> &'static str {
        match self {
            Self::X86_64 => "amd64",
            Self::Aarch64 => "arm64",
        }
    }
}

/// A program that fits.
pub struct Program {
    pub arch: Arch,
    /// The file, gzip(1) and base64(1), without line feeds.
    pub packed: String,
}

/// Why a file is not the program for a recipe.
pub struct Unfit {
    /// The file that was given; none: this program.
    file: Option<PathBuf>,
    why: Why,
}

enum Why {
    Unread(io::Error),
    Large(u64),
    NotLinux,
    Machine,
    /// The loader that it asks for.
    Loader(String),
    NotUnha,
}

impl Program {
    /// Reads and packs the file, or this program.
    pub fn read(file: Option<&Path>) -> Result<Self, Unfit> {
        let unfit = |why| Unfit { file: file.map(Path::to_owned), why };
        let bytes = bytes(file.unwrap_or(Path::new(ITSELF))).map_err(&unfit)?;
        let arch = fits(&bytes).map_err(&unfit)?;
        let packed = pack(&bytes).map_err(|error| unfit(Why::Unread(error)))?;
        Ok(Self { arch, packed })
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>, Why> {
    let opened = File::open(file).map_err(Why::Unread)?;
    let found = opened.metadata().map_err(Why::Unread)?;
    if found.is_file() && found.len() > MOST {
        return Err(Why::Large(found.len()));
    }
    let mut bytes = vec![];
    // What is no regular file does not tell its size.
    opened.take(MOST + 1).read_to_end(&mut bytes).map_err(Why::Unread)?;
    Ok(bytes)
}

/// Whether it is a static unha for Linux, and for which processor.
fn fits(bytes: &[u8]) -> Result<Arch, Why> {
    let elf = Elf::parse(bytes).map_err(|_| Why::NotLinux)?;
    let arch = match (elf.is_64, elf.little_endian, elf.header.e_machine) {
        (true, true, EM_X86_64) => Arch::X86_64,
        (true, true, EM_AARCH64) => Arch::Aarch64,
        _ => return Err(Why::Machine),
    };
    if let Some(loader) = elf.interpreter {
        return Err(Why::Loader(loader.to_owned()));
    }
    // The verb by which it starts itself: no other program has that.
    let ours = bytes.windows(bench::VERB.len()).any(|window| window == bench::VERB.as_bytes());
    if ours { Ok(arch) } else { Err(Why::NotUnha) }
}

fn pack(bytes: &[u8]) -> io::Result<String> {
    let mut gzip = GzEncoder::new(vec![], Compression::best());
    gzip.write_all(bytes)?;
    Ok(BASE64_STANDARD.encode(gzip.finish()?))
}

impl Unfit {
    /// What is wrong with it and what to do next.
    pub fn told(&self, lang: Lang) -> String {
        let name = self.file.as_ref().map_or_else(
            || lang.pick("this unha", "este unha").to_owned(),
            |file| format!("--program {}", file.display()),
        );
        let why = match &self.why {
            Why::Unread(error) => {
                return words::unread(self.file.as_deref().unwrap_or(Path::new(ITSELF)), error, lang);
            }
            Why::Large(size) => {
                let size = size >> 20;
                match lang {
                    Lang::En => format!("{size} MB is too much to hand out: it is not a release build"),
                    Lang::PtBr => format!("{size} MB é demais para distribuir: não é uma compilação release"),
                }
            }
            Why::NotLinux => lang.pick("it is no program for Linux", "não é um programa para Linux").to_owned(),
            Why::Machine => lang
                .pick(
                    "it is for another processor than x86_64 or aarch64",
                    "é para outro processador que não x86_64 ou aarch64",
                )
                .to_owned(),
            Why::Loader(loader) => match lang {
                Lang::En => format!(
                    "it asks for {loader} and its libraries, which are not the same everywhere: it must be static"
                ),
                Lang::PtBr => format!(
                    "ele pede {loader} e suas bibliotecas, que mudam de máquina para máquina: precisa ser estático"
                ),
            },
            Why::NotUnha => lang
                .pick("it is a program for Linux, but not unha", "é um programa para Linux, mas não o unha")
                .to_owned(),
        };
        let build = "cargo build --release --target x86_64-unknown-linux-musl";
        let file = "target/x86_64-unknown-linux-musl/release/unha";
        match lang {
            Lang::En => format!(
                "{name}: {why}\n  Next: {build}, then unha vm … --program {file} (for a Mac with an M chip: aarch64-unknown-linux-musl)"
            ),
            Lang::PtBr => format!(
                "{name}: {why}\n  Tente: {build}, depois unha vm … --program {file} (para um Mac com chip M: aarch64-unknown-linux-musl)"
            ),
        }
    }
}
