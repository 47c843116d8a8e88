//! Archives that mean harm, each unpacked as root and as an ordinary user: refused or neutralised, nothing outside touched.

use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, symlink};

use unha::image::archive::{Bound, Damage, Field, ImportError, Refusal};
use unha::image::unpack::{Limits, Owners, Unpacked};

use crate::ball::{Ball, docker, gzip, oci, sha256};
use crate::sandbox::{Sandbox, as_both, is_root, is_there, mode};

type Done = Result<Unpacked, ImportError>;

/// Each row is a test of its own name: the archive, and what has to come of it.
macro_rules! hostile {
    ($($name:ident: |$box:ident| $archive:expr, |$done:pat_param| $expect:expr;)*) => {$(
        #[test]
        fn $name() {
            as_both(concat!("hostile::", stringify!($name)), || {
                #[allow(unused_mut, reason = "only some rows change the limits")]
                let mut $box = Sandbox::new();
                let source = { let bytes: Vec<u8> = $archive; $box.give(&bytes) };
                let $done: Done = $box.unpack(&source);
                $expect
            });
        }
    )*};
}

/// The reason of a refusal.
fn refused(done: Done) -> Refusal {
    match done {
        Err(ImportError::Refused { why, .. }) => why,
        other => panic!("not refused: {other:?}"),
    }
}

fn over(done: Done) -> Bound {
    match done {
        Err(ImportError::TooMuch { bound, .. }) => bound,
        other => panic!("not too much: {other:?}"),
    }
}

fn damage(done: Done) -> Damage {
    match done {
        Err(ImportError::Damaged { why, .. }) => why,
        other => panic!("not damaged: {other:?}"),
    }
}

fn field(done: Done) -> Field {
    match damage(done) {
        Damage::Number { field, .. } => field,
        other => panic!("no bad number: {other:?}"),
    }
}

/// Numbers beyond octal: the first bit set, then binary.
fn binary(field: &mut [u8], number: i64) {
    let length = field.len();
    field.fill(if number < 0 { 0xff } else { 0 });
    field[length - 8..].copy_from_slice(&number.to_be_bytes());
    field[0] |= 0x80;
}

fn zeros(count: u64) -> impl FnOnce(&mut tar::Header) {
    move |header| header.set_size(count)
}

/// A tar of one file of `count` zeros, compressed on the way: it is never whole in memory.
fn bomb(kind: u8, count: u64, behind: bool) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    let ball = if behind {
        Ball(Ball::new().file("a", b"a").end())
    } else {
        Ball::new().with(kind, b"bomb", b"", zeros(count))
    };
    to.write_all(&ball.0).unwrap();
    let block = vec![0; 1 << 20];
    for _ in 0..count >> 20 {
        to.write_all(&block).unwrap();
    }
    to.finish().unwrap()
}

fn sparse(size: &str, map: &str, data: &[u8]) -> Vec<u8> {
    let pairs = [("GNU.sparse.size", size.as_bytes()), ("GNU.sparse.map", map.as_bytes())];
    Ball::new().pax(&pairs).file("holes", data).end()
}

hostile! {
    an_absolute_name_is_beneath_the_target: |at| Ball::new().file(&at.text("outside/x")[..], b"x").end(), |done| {
        assert_eq!(done.unwrap().but.absolute, 1);
        assert_eq!(fs::read(at.beneath("outside/x")).unwrap(), b"x");
    };
    a_name_that_leads_up: |at| Ball::new().file("../outside/x", b"x").end(), |done| {
        assert_eq!(refused(done), Refusal::Up);
    };
    a_name_that_leads_up_from_within: |at| Ball::new().folder("a").file("a/../../outside/x", b"x").end(), |done| {
        assert_eq!(refused(done), Refusal::Up);
    };
    a_long_name_that_leads_up: |at| {
        Ball::new().long(b'L', b"../outside/x").file("good", b"x").end()
    }, |done| assert_eq!(refused(done), Refusal::Up);
    a_pax_name_that_leads_up: |at| Ball::new().pax(&[("path", b"a/../../outside/x")]).file("good", b"x").end(), |done| {
        assert_eq!(refused(done), Refusal::Up);
    };
    a_file_through_an_absolute_link: |at| {
        Ball::new().symlink("out", &at.text("outside")).file("out/x", b"x").end()
    }, |done| {
        done.unwrap();
        assert_eq!(fs::read(at.beneath("outside/x")).unwrap(), b"x");
    };
    a_file_through_a_relative_link: |at| {
        Ball::new().folder("a").symlink("a/out", "../../../outside").file("a/out/x", b"x").end()
    }, |done| {
        done.unwrap();
        assert_eq!(fs::read(at.root("outside/x")).unwrap(), b"x");
    };
    a_file_through_links_that_climb: |at| {
        Ball::new().symlink("up", "..").symlink("more", "up/../up/..").file("more/outside/secret", b"x").end()
    }, |done| {
        done.unwrap();
        assert_eq!(fs::read(at.root("outside/secret")).unwrap(), b"x");
    };
    a_file_through_a_link_to_proc: |at| {
        Ball::new().symlink("p", "/proc/self/root").file("p/x", b"x").end()
    }, |done| {
        done.unwrap();
        assert!(is_there(&at.root("proc/self/root/x")));
    };
    a_link_and_then_a_file_of_its_name: |at| {
        Ball::new().symlink("f", &at.text("outside/secret")).file("f", b"x").end()
    }, |done| {
        done.unwrap();
        assert!(at.root("f").symlink_metadata().unwrap().is_file());
    };
    a_link_and_then_a_folder_of_its_name: |at| {
        Ball::new().symlink("d", &at.text("outside/dir")).with(b'5', b"d", b"", |header| header.set_mode(0o777)).end()
    }, |done| {
        done.unwrap();
        assert!(at.root("d").symlink_metadata().unwrap().is_dir());
    };
    a_hard_link_to_an_absolute_name: |at| {
        Ball::new().link("h", &at.text("outside/secret")).file("h", b"x").end()
    }, |done| assert!(matches!(refused(done), Refusal::LinkLacks(_)));
    a_hard_link_that_leads_up: |at| Ball::new().link("h", "../outside/secret").end(), |done| {
        assert!(matches!(refused(done), Refusal::LinkUp(_)));
    };
    a_hard_link_to_a_link_that_leads_out: |at| {
        Ball::new().symlink("s", &at.text("outside/secret")).link("h", "s").file("h", b"x").end()
    }, |done| {
        done.unwrap();
        assert_eq!(fs::read(at.root("h")).unwrap(), b"x");
        assert!(at.root("s").is_symlink());
    };
    a_hard_link_through_a_link: |at| {
        Ball::new().symlink("d", &at.text("outside")).link("h", "d/secret").end()
    }, |done| assert!(matches!(refused(done), Refusal::LinkLacks(_)));
    a_hard_link_to_a_folder: |at| Ball::new().folder("d").link("h", "d").end(), |done| {
        assert!(matches!(refused(done), Refusal::LinkFolder(_)));
    };
    a_hard_link_to_the_top: |at| Ball::new().link("h", "/").end(), |done| {
        assert!(matches!(refused(done), Refusal::LinkFolder(_)));
    };
    a_hard_link_to_nothing: |at| Ball::new().file("a", b"a").link("h", "b").end(), |done| {
        assert!(matches!(refused(done), Refusal::LinkLacks(_)));
    };
    a_hard_link_to_itself: |at| Ball::new().file("a", b"a").link("a", "./a").end(), |done| {
        done.unwrap();
        assert_eq!(fs::read(at.root("a")).unwrap(), b"a");
    };
    a_hard_link_in_the_place_of_what_it_is_in: |at| {
        Ball::new().file("a/b/c", b"a").link("a", "a/b/c").end()
    }, |done| assert!(matches!(refused(done), Refusal::LinkLacks(_)));
    a_hard_link_below_what_it_is_to: |at| Ball::new().file("a", b"a").link("a/b", "a").end(), |done| {
        assert!(matches!(refused(done), Refusal::LinkFolder(_)));
    };
    links_in_a_circle: |at| Ball::new().symlink("a", "b").symlink("b", "a").file("a/x", b"x").end(), |done| {
        assert_eq!(refused(done), Refusal::Circle);
    };
    a_block_device: |at| Ball::new().device(b'4', "sda", 8, 0).end(), |done| {
        assert_eq!(done.unwrap().but.devices, 1);
        assert!(!is_there(&at.root("sda")));
    };
    the_devices_of_memory_and_kernel_log: |at| {
        Ball::new().device(b'3', "mem", 1, 1).device(b'3', "kmsg", 1, 11).device(b'3', "gone", 0, 0).end()
    }, |done| {
        assert_eq!(done.unwrap().but.devices, 3);
        assert_eq!(fs::read_dir(at.root("")).unwrap().count(), 0);
    };
    the_null_device_is_for_root: |at| Ball::new().device(b'3', "null", 1, 3).end(), |done| {
        assert_eq!(done.unwrap().but.devices, u64::from(!is_root()));
        assert_eq!(is_there(&at.root("null")), is_root());
    };
    a_setuid_program: |at| {
        let su = |header: &mut tar::Header| { header.set_mode(0o6755); header.set_uid(0); };
        Ball::new().with(b'0', b"su", b"x", su).end()
    }, |done| {
        assert_eq!(done.unwrap().but.setuid, u64::from(!is_root()));
        assert_eq!(mode(&at.root("su")), if is_root() { 0o6755 } else { 0o755 });
    };
    a_setuid_program_whose_owner_cannot_be_had: |at| {
        at.owners = Owners::Kept;
        Ball::new().with(b'0', b"su", b"x", |header| { header.set_mode(0o4755); header.set_uid(12345); }).end()
    }, |done| {
        let but = done.unwrap().but;
        assert_eq!((but.owners, but.setuid), if is_root() { (0, 0) } else { (1, 1) });
        assert_eq!(mode(&at.root("su")) & 0o4000 != 0, is_root());
        assert!(is_root() != (at.root("su").metadata().unwrap().uid() == 1000));
    };
    a_setuid_program_for_root_that_takes_all: |at| {
        at.owners = Owners::Mine;
        Ball::new().with(b'0', b"su", b"x", |header| { header.set_mode(0o4755); header.set_uid(12345); }).end()
    }, |done| {
        assert_eq!(done.unwrap().but.setuid, 1);
        assert_eq!(mode(&at.root("su")), 0o755);
    };
    a_pipe_is_made_and_nobody_waits_for_it: |at| {
        Ball::new().with(b'6', b"pipe", b"", |_| {}).file("pipe/x", b"x").with(b'6', b"p2", b"", |_| {}).end()
    }, |done| {
        done.unwrap();
        assert!(at.root("p2").symlink_metadata().unwrap().file_type().is_fifo());
        assert!(at.root("pipe/x").is_file());
    };
    a_kind_that_nobody_knows: |at| Ball::new().with(b'Z', b"z", b"data", |_| {}).file("a", b"a").end(), |done| {
        assert_eq!(done.unwrap().but.unknown, 1);
        assert_eq!(fs::read(at.root("a")).unwrap(), b"a");
    };
    attributes_that_give_orders: |at| {
        let pairs = [
            ("SCHILY.xattr.trusted.overlay.redirect", b"/".as_slice()),
            ("SCHILY.xattr.user.overlay.opaque", b"y"),
            ("SCHILY.xattr.security.selinux", b"x"),
            ("SCHILY.xattr.system.posix_acl_access", b"x"),
        ];
        Ball::new().pax(&pairs).folder("d").pax(&pairs).file("f", b"x").end()
    }, |done| {
        assert_eq!(done.unwrap().but.xattrs, 8);
        let mut names = [0_u8; 1024];
        for name in ["d", "f"] {
            assert_eq!(rustix::fs::listxattr(at.root(name), &mut names[..]).unwrap_or(0), 0);
        }
    };
    a_sparse_bomb: |at| sparse("9000000000000000000", "0,1", b"x"), |done| {
        assert_eq!(over(done), Bound::Bytes(64 << 20));
    };
    a_sparse_map_over_itself: |at| sparse("100", "0,4,2,4", b"abcdefgh"), |done| {
        assert_eq!(field(done), Field::Sparse);
    };
    a_sparse_map_beyond_the_file: |at| sparse("100", "98,4", b"abcd"), |done| assert_eq!(field(done), Field::Sparse);
    a_sparse_map_of_more_than_there_is: |at| sparse("100", "0,50", b"abcd"), |done| {
        assert_eq!(field(done), Field::Sparse);
    };
    a_sparse_map_without_end: |at| {
        let pairs = [("GNU.sparse.major", b"1".as_slice()), ("GNU.sparse.minor", b"0"), ("GNU.sparse.realsize", b"9")];
        Ball::new().pax(&pairs).file("holes", &b"100000\n".repeat(600)).end()
    }, |done| assert_eq!(field(done), Field::Sparse);
    a_wide_bomb: |at| {
        at.limits.entries = 100;
        (0..200).fold(Ball::new(), |ball, number| ball.file(&format!("f{number}"), b"")).end()
    }, |done| assert_eq!(over(done), Bound::Entries(100));
    a_deep_bomb: |at| Ball::new().pax(&[("path", &b"d/".repeat(1500))]).folder("d").end(), |done| {
        assert_eq!(over(done), Bound::Depth(128));
    };
    a_deep_bomb_by_links: |at| {
        let deep = "d/".repeat(100);
        let ball = Ball::new().pax(&[("path", deep.as_bytes())]).folder("d").symlink("s", &deep);
        ball.pax(&[("path", format!("s/{deep}").as_bytes())]).folder("d").end()
    }, |done| assert_eq!(over(done), Bound::Depth(128));
    a_long_path: |at| {
        let long = format!("{}/", "n".repeat(250)).repeat(20);
        Ball::new().pax(&[("path", long.as_bytes())]).folder("d").end()
    }, |done| assert_eq!(over(done), Bound::Path(3800));
    a_long_name: |at| Ball::new().long(b'L', &b"n".repeat(256)).file("n", b"").end(), |done| {
        assert_eq!(refused(done), Refusal::LongName);
    };
    a_long_target: |at| Ball::new().symlink("n", &"n".repeat(5000)).end(), |done| {
        assert_eq!(refused(done), Refusal::LongName);
    };
    a_gzip_bomb: |at| { at.limits.bytes = 4 << 20; bomb(b'0', 16 << 20, false) }, |done| assert_eq!(over(done), Bound::Bytes(4 << 20));
    a_gzip_bomb_in_what_nobody_knows: |at| { at.limits.bytes = 4 << 20; bomb(b'Z', 16 << 20, false) }, |done| {
        assert_eq!(over(done), Bound::Bytes(4 << 20));
    };
    a_gzip_bomb_in_a_header: |at| bomb(b'x', 16 << 20, false), |done| assert_eq!(over(done), Bound::Header(1 << 20));
    a_gzip_bomb_in_a_long_name: |at| bomb(b'L', 16 << 20, false), |done| {
        assert_eq!(over(done), Bound::Header(1 << 20));
    };
    many_headers_before_one_entry: |at| {
        let note = vec![b'x'; 600 << 10];
        let describe = |ball: Ball, number: u32| {
            ball.pax(&[(format!("comment{number}").as_str(), note.as_slice())])
        };
        gzip(&(0..3).fold(Ball::new(), describe).file("a", b"").end())
    }, |done| assert_eq!(over(done), Bound::Header(1 << 20));
    many_long_names_before_one_entry: |at| {
        let name = vec![b'n'; 100 << 10];
        let describe = |ball: Ball, number: usize| ball.long(b"LK"[number % 2], &name);
        gzip(&(0..20).fold(Ball::new(), describe).file("a", b"").end())
    }, |done| assert_eq!(over(done), Bound::Header(1 << 20));
    many_empty_headers_before_one_entry: |at| {
        let describe = |ball: Ball, number: usize| ball.with(b"xg"[number % 2], b"x", b"", |_| {});
        (0..5000).fold(Ball::new(), describe).file("a", b"").end()
    }, |done| assert_eq!(over(done), Bound::Header(1 << 20));
    a_header_that_is_large_but_good: |at| {
        let note = vec![b'x'; 900 << 10];
        let ball = Ball::new().pax(&[("comment", &note)]).file("a", b"a").pax(&[("comment", &note)]);
        gzip(&ball.long(b'L', b"b").file("c", b"b").end())
    }, |done| {
        assert_eq!(done.unwrap().entries, 2);
        assert_eq!(fs::read(at.root("b")).unwrap(), b"b");
    };
    a_gzip_bomb_behind_the_end_of_a_layer: |at| {
        at.limits.bytes = 4 << 20;
        let layout = at.path("layout");
        oci(&layout, &[bomb(b'0', 16 << 20, true)], "t");
        fs::rename(&layout, at.path("archive")).unwrap();
        let done = at.unpack(&at.path("archive"));
        fs::rename(at.path("archive"), &layout).unwrap();
        assert_eq!(over(done), Bound::Bytes(4 << 20));
        Ball::new().file("../x", b"").end()
    }, |done| assert!(done.is_err());
    folders_that_fill_the_memory: |at| {
        at.limits.bytes = 1 << 30;
        let note = vec![b'x'; 1 << 19];
        let folder = |ball: Ball, number| {
            ball.pax(&[("SCHILY.xattr.user.note", &note)]).folder(&format!("d{number}"))
        };
        gzip(&(0..70).fold(Ball::new(), folder).end())
    }, |done| assert_eq!(over(done), Bound::Header(32 << 20));
    a_header_for_all_entries_that_is_large: |at| {
        Ball::new().with(b'g', b"g", &vec![b'x'; 20 << 10], |_| {}).file("a", b"").end()
    }, |done| assert_eq!(over(done), Bound::Header(16 << 10));
    a_zstd_window_that_asks_for_all_memory: |at| vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 1, 0, 0], |done| {
        assert!(matches!(damage(done), Damage::Compressed(_)));
    };
    an_xz_dictionary_that_asks_for_all_memory: |at| {
        let sum = |bytes: &[u8]| {
            let mut sum = flate2::Crc::new();
            sum.update(bytes);
            sum.sum().to_le_bytes()
        };
        // Flags, then a block whose filter is LZMA2 with 4 GiB.
        let block = [2, 0, 0x21, 1, 40, 0, 0, 0];
        [&b"\xfd7zXZ\0"[..], &[0, 1], &sum(&[0, 1]), &block, &sum(&block), &[1, 0, 0, b'a', 0]].concat()
    }, |done| {
        let Damage::Compressed(why) = damage(done) else { panic!("it was read") };
        assert!(why.contains("mem"), "{why}");
    };
    a_name_that_is_no_text: |at| Ball::new().with(b'0', b"caf\xe9", b"x", |_| {}).end(), |done| {
        done.unwrap();
        assert_eq!(fs::read(at.root("").join(std::ffi::OsStr::from_bytes(b"caf\xe9"))).unwrap(), b"x");
    };
    a_name_that_writes_to_the_terminal: |at| Ball::new().file("../\x1b[2J\u{202e}x", b"x").end(), |done| {
        let said = done.unwrap_err().to_string();
        assert!(said.contains("\\u{1b}[2J\\u{202e}x"), "{said}");
    };
    twice_the_same_name: |at| Ball::new().file("a", b"first").file("./a", b"last").end(), |done| {
        done.unwrap();
        assert_eq!(fs::read(at.root("a")).unwrap(), b"last");
    };
    a_file_in_the_place_of_a_folder_and_back: |at| {
        Ball::new().file("a/b/c", b"1").file("a", b"2").file("a/d", b"3").end()
    }, |done| {
        done.unwrap();
        assert_eq!(fs::read(at.root("a/d")).unwrap(), b"3");
        assert!(!is_there(&at.root("a/b")));
    };
    a_file_that_breaks_off: |at| Ball::new().with(b'0', b"a", b"abc", zeros(5000)).0, |done| {
        assert_eq!(damage(done), Damage::Truncated);
    };
    a_header_that_breaks_off: |at| { let mut all = Ball::new().file("a", b"a").0; all.truncate(1400); all.extend([1; 9]); all }, |done| {
        assert_eq!(damage(done), Damage::Truncated);
    };
    a_tar_without_its_end: |at| Ball::new().file("a", b"a").0, |done| assert_eq!(damage(done), Damage::Truncated);
    a_gzip_that_breaks_off: |at| {
        let all = gzip(&Ball::new().file("a", &b"abcdefg".repeat(9999)).end());
        all[..all.len() / 2].to_vec()
    }, |done| assert_eq!(damage(done), Damage::Truncated);
    a_header_with_a_wrong_sum: |at| {
        let mut all = Ball::new().file("a", b"a").file("b", b"b").end();
        all[1024] ^= 1;
        all
    }, |done| assert_eq!(damage(done), Damage::Header(1024));
    a_negative_size: |at| Ball::new().with(b'0', b"a", b"", |header| binary(&mut header.as_old_mut().size, -512)).end(), |done| {
        assert_eq!(field(done), Field::Size);
    };
    a_huge_size: |at| Ball::new().with(b'0', b"a", b"", |header| binary(&mut header.as_old_mut().size, i64::MAX)).end(), |done| {
        assert_eq!(over(done), Bound::Bytes(64 << 20));
    };
    a_huge_size_in_pax: |at| Ball::new().pax(&[("size", b"99999999999999999999")]).file("a", b"").end(), |done| {
        assert_eq!(field(done), Field::Size);
    };
    a_size_that_is_no_number: |at| Ball::new().with(b'0', b"a", b"", |header| header.as_old_mut().size = *b"1234x678901 ").end(), |done| {
        assert_eq!(field(done), Field::Size);
    };
    an_owner_that_means_nobody: |at| Ball::new().pax(&[("uid", b"4294967295")]).file("a", b"").end(), |done| {
        assert_eq!(field(done), Field::Owner);
    };
    a_time_beyond_time: |at| Ball::new().pax(&[("mtime", b"99999999999999999999")]).file("a", b"").end(), |done| {
        assert_eq!(field(done), Field::Time);
    };
    a_pax_header_that_lies_about_its_length: |at| Ball::new().with(b'x', b"x", b"99 path=x\n", |_| {}).file("a", b"").end(), |done| {
        assert_eq!(damage(done), Damage::Extended);
    };
    a_nul_in_a_name: |at| Ball::new().pax(&[("path", b"a\0b")]).file("a", b"").end(), |done| {
        assert_eq!(refused(done), Refusal::Nul);
    };
    a_nul_in_a_target: |at| Ball::new().pax(&[("linkpath", b"a\0b")]).symlink("a", "x").end(), |done| {
        assert_eq!(refused(done), Refusal::Nul);
    };
    a_link_to_nothing: |at| Ball::new().with(b'2', b"a", b"", |_| {}).end(), |done| {
        assert_eq!(refused(done), Refusal::Nameless);
    };
    no_name_at_all: |at| Ball::new().file("", b"x").end(), |done| assert_eq!(refused(done), Refusal::Nameless);
    a_top_that_is_a_file: |at| Ball::new().file("./", b"x").file(".", b"x").end(), |done| {
        assert_eq!(refused(done), Refusal::Top);
    };
    a_top_that_is_a_link: |at| Ball::new().symlink("./", &at.text("outside")).file("x", b"x").end(), |done| {
        assert_eq!(refused(done), Refusal::Top);
    };
    a_layer_that_puts_a_link_in_the_place_of_a_folder: |at| docker(&[
        Ball::new().file("d/file", b"1").end(),
        Ball::new().symlink("d", &at.text("outside/dir")).end(),
        Ball::new().file("d/file", b"2").file("d/x", b"2").end(),
    ], "t"), |done| {
        done.unwrap();
        assert!(at.root("d").is_symlink());
        assert_eq!(fs::read(at.beneath("outside/dir/x")).unwrap(), b"2");
    };
    whiteouts_of_the_folder_above: |at| docker(&[Ball::new().file("a/b", b"").end(), Ball::new().file("a/.wh...", b"").end()], "t"), |done| {
        assert_eq!(refused(done), Refusal::Whiteout);
    };
    whiteouts_of_the_folder_itself: |at| docker(&[Ball::new().file("a/b", b"").end(), Ball::new().file("a/.wh..", b"").end()], "t"), |done| {
        assert_eq!(refused(done), Refusal::Whiteout);
    };
    whiteouts_of_nothing: |at| docker(&[Ball::new().file("a/b", b"").end(), Ball::new().file("a/.wh.", b"").end()], "t"), |done| {
        assert_eq!(refused(done), Refusal::Whiteout);
    };
    a_whiteout_of_the_folder_itself_in_the_only_layer: |at| docker(&[Ball::new().file("a/.wh..", b"").end()], "t"), |done| {
        assert_eq!(refused(done), Refusal::Whiteout);
    };
    whiteouts_in_the_only_layer: |at| {
        let ball = Ball::new().file("a/b", b"b").file("a/.wh.b", b"x").file("a/.wh..wh..opq", b"");
        docker(&[ball.file(".wh..wh.plnk", b"").symlink(".wh.l", &at.text("outside")).folder(".wh.d").end()], "t")
    }, |done| {
        assert_eq!(done.unwrap().layers, 0);
        for (folder, only) in [("", "a"), ("a", "b")] {
            let names: Vec<_> = fs::read_dir(at.root(folder)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(names, [only], "{folder:?}");
        }
    };
    a_whiteout_through_a_link: |at| docker(&[
        Ball::new().symlink("d", &at.text("outside")).end(),
        Ball::new().file("d/.wh.secret", b"").file("d/.wh.dir", b"").end(),
    ], "t"), |done| {
        done.unwrap();
    };
    an_opaque_mark_through_a_link: |at| docker(&[
        Ball::new().symlink("d", "../../outside").end(),
        Ball::new().file("d/.wh..wh..opq", b"").end(),
    ], "t"), |done| {
        done.unwrap();
    };
    a_layer_whose_digest_is_wrong: |at| {
        let good = Ball::new().file("a", b"good").end();
        let all = docker(std::slice::from_ref(&good), "t");
        let place = all.windows(4).position(|four| four == b"good").unwrap();
        let mut all = all;
        all[place..place + 4].copy_from_slice(b"evil");
        all
    }, |done| assert!(matches!(done, Err(ImportError::Digest { .. })));
    a_configuration_whose_digest_is_wrong: |at| {
        let mut all = docker(&[Ball::new().file("a", b"good").end()], "t");
        let place = all.windows(6).position(|six| six == b"PATH=/").unwrap();
        all[place] = b'X';
        all
    }, |done| assert!(matches!(done, Err(ImportError::Digest { .. })));
    a_saved_image_whose_layer_lies_outside: |at| {
        let manifest = r#"[{"Config":"c.json","RepoTags":["t"],"Layers":["../../outside/secret"]}]"#;
        let config = r#"{"rootfs":{"diff_ids":["sha256:00"]}}"#;
        let folder = at.path("saved");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("manifest.json"), manifest).unwrap();
        fs::write(folder.join("c.json"), config).unwrap();
        assert!(matches!(at.unpack(&folder), Err(ImportError::Lacks(_))));
        symlink(at.path("outside/secret"), folder.join("l")).unwrap();
        fs::write(folder.join("manifest.json"), manifest.replace("../../outside/secret", "l")).unwrap();
        assert!(matches!(at.unpack(&folder), Err(ImportError::Lacks(_))));
        Ball::new().file("manifest.json", manifest.as_bytes()).file(&format!("{}.json", "0".repeat(64)), b"").end()
    }, |done| assert!(matches!(done, Err(ImportError::Lacks(_))));
    json_that_is_none: |at| Ball::new().file("manifest.json", &b"[".repeat(100_000)).end(), |done| {
        assert!(matches!(damage(done), Damage::Json(_)));
    };
    json_that_is_a_bomb: |at| {
        Ball::new().with(b'0', b"manifest.json", b"", zeros(1 << 40)).0
    }, |done| assert!(matches!(done, Err(ImportError::TooMuch { .. } | ImportError::Damaged { .. })));
}

#[test]
fn a_layout_whose_blob_is_changed_missing_or_elsewhere() {
    as_both("hostile::a_layout_whose_blob_is_changed_missing_or_elsewhere", || {
        let layer = Ball::new().file("a", b"good").end();
        for harm in 0..3 {
            let at = Sandbox::new();
            let layout = at.path("layout");
            oci(&layout, std::slice::from_ref(&layer), "t");
            let blob = layout.join("blobs/sha256").join(sha256(&layer));
            fs::remove_file(&blob).unwrap();
            match harm {
                0 => fs::write(&blob, Ball::new().file("a", b"evil").end()).unwrap(),
                1 => {}
                _ => symlink(at.path("outside/secret"), &blob).unwrap(),
            }
            match (harm, at.unpack(&layout)) {
                (0, Err(ImportError::Digest { .. })) | (1 | 2, Err(ImportError::Lacks(_))) => {}
                (_, other) => panic!("{harm}: {other:?}"),
            }
        }
    });
}

/// As many as the kernel takes in a path, and a folder that holds them all must still go away.
#[test]
fn what_is_deep_can_be_removed_again() {
    as_both("hostile::what_is_deep_can_be_removed_again", || {
        let at = Sandbox::new();
        let deep = "d/".repeat(128);
        let ball = Ball::new().pax(&[("path", deep.as_bytes())]).folder("d").file("d", b"x").end();
        at.unpack(&at.give(&ball)).unwrap();
        assert!(at.root("d").is_file());
        assert_eq!(Limits::default().depth, 128);
    });
}
