//! Archives made at random, good ones spoilt at random, and what must hold for each of them.
//!
//! Two seconds of it run with every `cargo test`. `UNHA_FUZZ=600 cargo test --test image fuzz -- --nocapture` goes on for
//! ten minutes; `UNHA_SEED=N` repeats a run from the number that it printed. An archive that fails is kept and named.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use fastrand::Rng;
use unha::image::archive::ImportError;
use unha::image::unpack::Owners;

use crate::ball::{Ball, docker, gzip, oci};
use crate::sandbox::{Sandbox, again, as_both, is_root, mode, seen};

/// A round that takes longer has found a bomb.
const LONGEST: Duration = Duration::from_secs(20);

/// The same for memory, in KiB: two decoders that ask for the most that they get, and the tests beside this one.
const LARGEST: u64 = 600 << 10;

#[test]
fn fuzz() {
    as_both("fuzz::fuzz", || {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        let seed = number("UNHA_SEED").unwrap_or_else(|| fastrand::u64(..));
        // Half the time is the ordinary user's.
        let time = Duration::from_millis(number("UNHA_FUZZ").map_or(1000, |seconds| seconds * 500));
        println!("UNHA_SEED={seed}");
        let mut random = Rng::with_seed(seed);
        let (start, mut rounds, mut good) = (Instant::now(), 0_u64, 0_u64);
        while start.elapsed() < time {
            rounds += 1;
            good += u64::from(round(&mut random, rounds));
        }
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim().trim_end_matches(" kB");
        println!("{rounds} rounds, {good} archives unpacked, the others refused; {peak} KiB at most");
        assert!(peak.parse::<u64>().unwrap() < LARGEST);
        assert!(rounds < 50 || (good > 0 && good < rounds), "{good} of {rounds}");
    });
}

/// The kernel's overlay over the layers must show what the merged tree is, whatever the layers said.
#[test]
fn overlayfs_sees_in_the_layers_what_was_merged() {
    const NAME: &str = "fuzz::overlayfs_sees_in_the_layers_what_was_merged";
    if std::env::var_os("UNHA_TEST_OVERLAY").is_none() {
        if is_root() {
            let done = again(&["env", "UNHA_TEST_OVERLAY=1", "unshare", "-m"], NAME);
            assert!(done.contains("1 passed"), "{done}");
        } else {
            assert!(std::env::var_os("UNHA_NO_SKIP").is_none(), "SKIP: overlays to look through: we are not root");
            eprintln!("SKIP: overlays to look through: we are not root");
        }
        return;
    }
    let seed = std::env::var("UNHA_SEED").ok().and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("UNHA_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let mut compared = 0;
    for number in 0..200 {
        let at = Sandbox::in_memory();
        let layers: Vec<_> = (0..random.usize(2..5)).map(|_| mild(&mut random, &at)).collect();
        if at.unpack(&at.give(&docker(&layers, "t"))).is_err() {
            continue;
        }
        let lowers: Vec<_> = (0..layers.len()).rev().map(|layer| at.text(&format!("into/layers/{layer}"))).collect();
        fs::create_dir(at.path("mnt")).unwrap();
        let options = std::ffi::CString::new(format!("lowerdir={}", lowers.join(":"))).unwrap();
        let flags = rustix::mount::MountFlags::empty();
        rustix::mount::mount("overlay", at.path("mnt"), "overlay", flags, options.as_c_str()).unwrap();
        let through = seen(&at.path("mnt"));
        rustix::mount::unmount(at.path("mnt"), rustix::mount::UnmountFlags::empty()).unwrap();
        let merged = seen(&at.root(""));
        if through != merged {
            let kept = std::env::temp_dir().join(format!("unha-layers-{}-{number}", std::process::id()));
            fs::copy(at.path("archive"), &kept).unwrap();
            let differ = through.keys().chain(merged.keys()).find(|path| through.get(*path) != merged.get(*path));
            panic!("{}: {:?}", kept.display(), differ);
        }
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
}

/// One archive; tells whether it could be unpacked.
fn round(random: &mut Rng, number: u64) -> bool {
    let mut at = Sandbox::in_memory();
    at.limits.bytes = 4 << 20;
    at.limits.entries = 300;
    at.limits.depth = 20;
    at.owners = if is_root() && random.bool() { Owners::Kept } else { Owners::Mine };
    let archive = archive(random, &at);
    let source = at.give(&archive);
    let start = Instant::now();
    // The sandbox itself holds everything outside the target against what it was.
    let done = catch_unwind(AssertUnwindSafe(|| {
        let done = at.unpack(&source);
        match &done {
            Ok(_) => harmless(&at.root(""), at.owners),
            // Whatever the archive says: the kernel is asked for nothing that it must refuse.
            Err(ImportError::Call { .. }) => panic!("{done:?}"),
            Err(_) => {}
        }
        done.is_ok()
    }));
    let took = start.elapsed();
    let kept = || {
        let kept = std::env::temp_dir().join(format!("unha-fuzz-{}-{number}", std::process::id()));
        fs::write(&kept, &archive).unwrap();
        kept
    };
    assert!(took < LONGEST, "round {number} took {took:?}: {}", kept().display());
    done.unwrap_or_else(|_| panic!("round {number}: {}", kept().display()))
}

/// What must be true of any tree that was unpacked.
fn harmless(root: &Path, owners: Owners) {
    for path in seen(root).keys().map(|path| root.join(path)) {
        let kind = path.symlink_metadata().unwrap().file_type();
        assert!(!kind.is_block_device(), "{}", path.display());
        assert!(!kind.is_char_device() || owners == Owners::Kept, "{}", path.display());
        if kind.is_file() && owners == Owners::Mine {
            assert_eq!(mode(&path) & 0o6000, 0, "{}", path.display());
        }
        let mut names = [0_u8; 4096];
        if !kind.is_symlink()
            && let Ok(length) = rustix::fs::listxattr(&path, &mut names[..])
        {
            assert!(!String::from_utf8_lossy(&names[..length]).contains("overlay"), "{}", path.display());
        }
    }
}

fn archive(random: &mut Rng, at: &Sandbox) -> Vec<u8> {
    let mut bytes = match random.u8(..5) {
        0 | 1 => tar(random, at),
        2 => packed(random, at),
        3 => {
            let layers: Vec<_> = (0..random.usize(1..4)).map(|_| tar(random, at)).collect();
            docker(&layers, "t")
        }
        _ => {
            let layers: Vec<_> = (0..random.usize(1..4)).map(|_| packed(random, at)).collect();
            layout(at, &layers)
        }
    };
    if random.u8(..4) == 0 {
        spoil(random, &mut bytes);
    }
    bytes
}

/// An OCI layout as a tar.
fn layout(at: &Sandbox, layers: &[Vec<u8>]) -> Vec<u8> {
    let folder = at.path("layout");
    oci(&folder, layers, "t");
    let mut ball = Ball::new();
    for name in ["oci-layout", "index.json"] {
        ball = ball.file(name, &fs::read(folder.join(name)).unwrap());
    }
    for blob in fs::read_dir(folder.join("blobs/sha256")).unwrap().map(Result::unwrap) {
        let name = blob.file_name().into_string().unwrap();
        ball = ball.long(b'L', format!("blobs/sha256/{name}").as_bytes()).file("b", &fs::read(blob.path()).unwrap());
    }
    fs::remove_dir_all(folder).unwrap();
    ball.end()
}

/// A compressed tar, its compressed bytes maybe spoilt.
fn packed(random: &mut Rng, at: &Sandbox) -> Vec<u8> {
    let tar = tar(random, at);
    let mut bytes = match random.u8(..3) {
        0 => gzip(&tar),
        1 => ruzstd::encoding::compress_to_vec(tar.as_slice(), ruzstd::encoding::CompressionLevel::Fastest),
        _ => XZ.to_vec(),
    };
    if random.u8(..6) == 0 {
        spoil(random, &mut bytes);
    }
    bytes
}

/// Entries that quarrel about few names. Half of the archives are mild: what is wild is mostly refused at once.
fn tar(random: &mut Rng, at: &Sandbox) -> Vec<u8> {
    let wild = random.bool();
    entries(random, at, wild)
}

fn mild(random: &mut Rng, at: &Sandbox) -> Vec<u8> {
    entries(random, at, false)
}

fn entries(random: &mut Rng, at: &Sandbox, wild: bool) -> Vec<u8> {
    let mut ball = Ball::new();
    let mut files = vec![];
    for _ in 0..random.usize(1..12) {
        let (name, mut to) = (name(random, at, wild), name(random, at, wild));
        if wild && random.u8(..8) == 0 {
            ball = pax(random, ball, &name, &to);
        }
        if wild && random.u8(..10) == 0 {
            ball = ball.long(if random.bool() { b'L' } else { b'K' }, name.as_bytes());
        }
        let data = vec![b'x'; random.usize(..3000) * usize::from(random.bool())];
        ball = match random.u8(..if wild { 10 } else { 7 }) {
            0..3 => {
                files.push(name.clone());
                ball.file(&name, &data)
            }
            3 => ball.folder(&name),
            4 | 5 => ball.symlink(&name, &to),
            6 => {
                if let (false, Some(file)) = (wild, random.choice(&files)) {
                    to.clone_from(file);
                }
                ball.link(&name, &to)
            }
            7 => ball.device(if random.bool() { b'3' } else { b'4' }, &name, random.u32(..9), random.u32(..9)),
            8 => ball.with(random.u8(..), name.as_bytes(), &data, |_| {}),
            _ => {
                let kind = *random.choice(b"0123456S7xgLK").unwrap();
                ball.with(kind, name.as_bytes(), &data, |header| bend(random, header))
            }
        };
    }
    let mut bytes = ball.end();
    if wild && random.u8(..4) == 0 {
        spoil_and_mend(random, &mut bytes);
    }
    bytes
}

fn name(random: &mut Rng, at: &Sandbox, wild: bool) -> String {
    let mut name = String::new();
    for _ in 0..random.usize(1..4) {
        let parts = ["a", "b", "c", "d", "a", "b", ".wh.a", ".wh..wh..opq", ".", "..", "", ".wh...", "é\u{1b}"];
        // What leads up is refused at once: not too often, or nothing else is tried.
        let most = if wild && random.u8(..8) == 0 { parts.len() } else { 8 };
        let part = parts[random.usize(..most)];
        name += part;
        name.push('/');
    }
    match random.u8(..12) {
        1 if !wild => name,
        0 => at.text("outside/secret"),
        1 => format!("../../outside/{name}"),
        2 => format!("/{name}"),
        3 => name,
        _ => name.trim_end_matches('/').to_owned(),
    }
}

fn pax(random: &mut Rng, ball: Ball, name: &str, to: &str) -> Ball {
    let number = random.u64(..).to_string();
    let small = random.u16(..4000).to_string();
    let map = format!("0,{},{},{}", random.u16(..9), random.u16(..3000), random.u16(..9));
    let all: [(&str, &[u8]); 14] = [
        ("path", name.as_bytes()),
        ("linkpath", to.as_bytes()),
        ("size", small.as_bytes()),
        ("size", number.as_bytes()),
        ("uid", number.as_bytes()),
        ("gid", small.as_bytes()),
        ("mtime", number.as_bytes()),
        ("mtime", b"-1.5"),
        ("GNU.sparse.size", small.as_bytes()),
        ("GNU.sparse.map", map.as_bytes()),
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.realsize", small.as_bytes()),
        ("SCHILY.xattr.user.overlay.opaque", b"y"),
        ("SCHILY.xattr.trusted.overlay.redirect", b"/"),
    ];
    let pairs: Vec<_> = (0..random.usize(1..4)).map(|_| all[random.usize(..all.len())]).collect();
    ball.pax(&pairs)
}

/// Puts anything in the fields of a header.
fn bend(random: &mut Rng, header: &mut tar::Header) {
    header.set_mode(random.u32(..0o10000));
    let bytes = header.as_mut_bytes();
    for _ in 0..random.usize(..4) {
        let fields = [100..108, 108..116, 116..124, 124..136, 136..148, 329..337, 386..512, 345..500];
        let field = fields[random.usize(..fields.len())].clone();
        for byte in &mut bytes[field] {
            *byte = if random.bool() { b'0' + random.u8(..8) } else { random.u8(..) };
        }
    }
}

fn spoil(random: &mut Rng, bytes: &mut Vec<u8>) {
    for _ in 0..random.usize(1..6) {
        if bytes.is_empty() {
            return;
        }
        let place = random.usize(..bytes.len());
        let length = random.usize(..600).min(bytes.len() - place);
        match random.u8(..5) {
            0 | 1 => bytes[place] ^= 1 << random.u8(..8),
            2 => bytes.truncate(place),
            3 => drop(bytes.drain(place..place + length)),
            _ => {
                let again = bytes[place..place + length].to_vec();
                bytes.splice(place..place, again);
            }
        }
    }
}

/// Changes bytes of a tar and makes the sums right again: what is wrong is then understood, and not only noticed.
fn spoil_and_mend(random: &mut Rng, bytes: &mut [u8]) {
    for _ in 0..random.usize(1..4) {
        let block = random.usize(..bytes.len() / 512) * 512;
        let header = &mut bytes[block..block + 512];
        header[random.usize(..512)] = random.u8(..);
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
}

/// `printf hello >a; tar -c a | xz`: nothing here can write it.
const XZ: &[u8] = include_bytes!("a.tar.xz");
