//! The whole life of a box, from the first call to the command: read it from top to bottom.
//!
//! It runs in a process of its own, forked for this by whoever starts the box (see [`super::start`]). The order
//! is the kernel's, not the talk's; each line says why it stands where it stands.

use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::unistd::{getgid, getuid};

use super::link::{Failed, Stage};
use super::{
    Spec, capabilities, cgroup::Group, cgroupns, dev, init, ipc, mount, net, no_new_privs, pid, pty, rootfs, scratch,
    seccomp, time, user, uts, who,
};
use crate::kernel::feature::Feature::{
    Capabilities, Cgroupns, Ipc, Mount, Net, NoNewPrivs, Pid, Rootfs, Seccomp, Time, User, Uts,
};
use crate::kernel::sys::{self, exec};

/// Becomes the box and executes its command. Returns only when something failed.
pub(super) fn run(spec: &Spec, group: Option<&Group>, link: &Stage) -> Failed {
    match build(spec, group, link) {
        Ok(never) => match never {},
        Err(failed) => failed,
    }
}

fn build(spec: &Spec, group: Option<&Group>, link: &Stage) -> Result<std::convert::Infallible, Failed> {
    let on = |feature| spec.features.has(feature);

    // While we may still give files away; and what is given to the box is nothing that it uses.
    if on(Rootfs) {
        scratch::give(spec)?;
    }
    // Before all that the box does, so that everything that follows already counts against the limits.
    if let Some(group) = group {
        group.join()?;
    }
    // Before the other namespaces: they belong to the user namespace in which they are made, and so do our rights over them.
    if on(User) {
        match spec.ids {
            Some((uid, gid)) => user::enter_with_range(uid, gid)?,
            None => user::enter(getuid(), getgid())?,
        }
    }
    // After the cgroup was joined: where we are now is the root of what is seen from here on.
    if on(Cgroupns) {
        cgroupns::enter()?;
    }
    if on(Uts) {
        uts::enter()?;
    }
    if on(Ipc) {
        ipc::enter()?;
    }
    if on(Net) {
        net::enter()?;
        // We have no rights outside any more, so those who stayed there make the cable; then both its ends are there.
        if spec.cable.is_some() {
            link.plugged_in()?;
        }
        net::switch_on(spec)?;
    }
    if on(Mount) {
        mount::enter()?;
        // Before any mount of ours: a shared one would show up outside.
        if !spec.shared {
            mount::make_private()?;
        }
    }
    // Last of the namespaces: we ourselves never get into these two, only our next child does.
    if on(Time) {
        time::enter(spec.boottime)?;
    }
    if on(Pid) {
        pid::enter()?;
    }
    if on(Time) || on(Pid) {
        // With numbers of its own it is PID 1. It goes on below, and here our part ends.
        if let Some(first) = pid::become_first()? {
            link.first_process(first);
        }
    }
    // If whoever started us is killed, so are we; else a box could be left that nobody knows of.
    prctl::set_pdeathsig(Signal::SIGKILL).map_err(|errno| Failed::plain("prctl", errno))?;

    // After the UTS namespace is ours, before the command that shall find the name.
    if let Some(name) = &spec.hostname {
        uts::set_hostname(name)?;
    }
    if on(Rootfs) {
        let layers = scratch::layers(spec)?;
        if spec.wrong_order {
            // What a lesson shows: a plain folder cannot become the root. EINVAL; on the root's own mount, EBUSY.
            rootfs::pivot(&layers.merged)?;
        }
        // pivot_root(2) wants the new root to be a mount; the overlay is one. In a user namespace overlayfs keeps its
        // notes in user.* attributes, for it may not write trusted.* ones.
        if let Err(refused) = rootfs::overlay(&layers, if spec.mounts_as_machine() { "" } else { ",userxattr" }) {
            // Before Linux 5.11 an overlay takes the machine's own root: then a copy.
            scratch::copy(spec, &layers, refused)?;
        }
        rootfs::mount_points(&layers.merged).map_err(|error| Failed::words(&error))?;
        // While the old root is there: devices are bound from it, and the kernel gives a new /proc or /sys to an
        // ordinary user only while a complete old one is to be seen.
        dev::fresh_or_old_proc(&layers.merged)?;
        dev::fresh_sys(&layers.merged)?;
        dev::fresh_dev(&layers.merged, std::path::Path::new("/dev"))?;
        rootfs::pivot(&layers.merged)?;
        // Last, for now /proc is the new one. A user namespace does not help who is the machine's root out there: its
        // settings ask for the owner alone.
        if spec.machine_root {
            dev::protect_proc()?;
        }
        if let Some(folder) = &spec.workdir {
            who::enter_folder(folder)?;
        }
    } else if on(Mount) && on(Pid) && spec.proc {
        // ps(1) reads /proc, and the copied one still shows the PID namespace that we left.
        mount::fresh_proc("/proc")?;
    }

    // Inside, after the root is ours: a terminal from outside would not be in the box's /dev/pts.
    let terminal = if spec.terminal {
        Some(pty::open_own(spec.size).map_err(|errno| Failed::plain("posix_openpt", errno))?)
    } else {
        None
    };
    link.ready(terminal.as_ref())?;
    drop(terminal);

    init::default_signals();
    // A file left open is a door to the outside, so none but 0, 1 and 2 passes into the command.
    sys::close_on_exec_from(3);

    // Rights go last: all that was done above took them. First the bit, which asks for none.
    if on(NoNewPrivs) {
        no_new_privs::set()?;
    }
    // A filter is taken from whoever has the bit or CAP_SYS_ADMIN. Without the bit, it must come while we still have
    // that, and let through what is still to come.
    if on(Seccomp) && !on(NoNewPrivs) {
        seccomp::install(&spec.profile()?, spec.kept()?)?;
    }
    // Another user has none of root's capabilities; so whoever becomes one is done with them.
    if let Some(who) = &spec.who {
        who::become_them(who, spec.kept()?, spec.terminal)?;
    } else if on(Capabilities) {
        capabilities::keep_only(spec.kept()?)?;
    }
    // With the bit it can be last, and so refuse the most: nothing but execve(2) comes after it.
    if on(Seccomp) && on(NoNewPrivs) {
        seccomp::install(&spec.profile()?, spec.kept()?)?;
    }
    if spec.init {
        init::run(&spec.command, &spec.env, spec.terminal)
    } else {
        Err(exec(&spec.command, &spec.env).into())
    }
}
