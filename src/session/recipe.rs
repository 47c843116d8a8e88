//! From what a lesson wants to what the engine is given: the shells, their prompts, the names that lessons may use.

use std::ffi::CString;
use std::path::Path;

use nix::unistd::geteuid;

use super::image::Image;
use crate::course::event::{NO_CGROUP, NO_RANGE, Names};
use crate::course::lesson::{Start, Switch};
use crate::course::text::Lang;
use crate::kernel::bench::protocol::{Disk, Standing};
use crate::kernel::bench::without::Without;
use crate::kernel::container::profile::Profile;
use crate::kernel::container::{Cable, Rootfs, Spec};
use crate::kernel::fact::Side;
use crate::kernel::feature::Feature;
use crate::kernel::reason::Because;

/// The prompt of a side's shell, with the sign of root or of an ordinary user.
pub(super) const fn prompt(side: Side, root: bool, lang: Lang) -> &'static str {
    match (side, root) {
        (Side::Inside, true) => lang.pick("inside# ", "dentro# "),
        (Side::Inside, false) => lang.pick("inside$ ", "dentro$ "),
        (Side::Outside | Side::Machine, true) => lang.pick("outside# ", "fora# "),
        (Side::Outside | Side::Machine, false) => lang.pick("outside$ ", "fora$ "),
    }
}

/// Whether the shell outside is root's: on the bench always, on the machine itself as whoever started unha is.
pub(super) fn is_root(standing: &Standing) -> bool {
    !standing.host || geteuid().is_root()
}

/// The prompt of the shell in which a container is made by hand. Whatever shell is started from it inherits it, so it says
/// neither inside nor outside.
pub(super) const BY_HAND: &str = "unha# ";

/// The outside shell: a process of the bench, or of the machine, and nothing more.
pub(super) fn outside(standing: &Standing, prompt: &str, size: (u16, u16)) -> Spec {
    shell(prompt, is_root(standing), size, false)
}

/// The box with its shell; in a root of its own, as the root's image wants it.
pub(super) fn inside(start: &Start, standing: &Standing, image: &Image, lang: Lang, size: (u16, u16)) -> Spec {
    let mut features = start.features.closed();
    if standing.cgroup.is_none() {
        // A lesson on files need not wait for limits; the steps that are about limits say that they cannot be done.
        features = features.without(Feature::Cgroup);
    }
    let own_root = features.has(Feature::Rootfs);
    let lower = standing.rootfs.clone().filter(|_| own_root);
    let place = Some(standing.place.clone()).filter(|place| !place.as_os_str().is_empty());
    let own_profile = !start.refuses.is_empty() || !start.kills.is_empty();
    // On the machine itself an ordinary user is root in a user namespace of each box.
    if !is_root(standing) && features.take_root() {
        features = features.with(Feature::User);
    }
    let user = features.has(Feature::User);
    let root = user || is_root(standing);
    // An ordinary user's bench knows the ids of a range by the machine's numbers: the image's are those of a box with a
    // user namespace.
    let knows = image.range.is_none() || (user && no_range(standing).is_none());
    let who = image.who(user).filter(|_| own_root && knows).cloned();
    let image = own_root.then(|| Image { who: who.clone(), ..image.clone() });
    let bare = shell(prompt(Side::Inside, root && who.is_none(), lang), root, size, own_root);
    let env = image.as_ref().map_or_else(|| bare.env.clone(), |image| env_of(image, &bare.env, user));
    Spec {
        features,
        ids: standing.ids.map(|range| (range.uid, range.gid)),
        boottime: start.boottime,
        lo: start.lo == Some(Switch::Up),
        // Where there can be none the kernel refuses it, and its refusal is shown.
        cable: start
            .cable
            .then(|| Cable { name: standing.cable.clone().unwrap_or_else(|| "to-box".to_owned()), rate: None }),
        machine_root: standing.host && is_root(standing) && (!user || standing.ids.is_none()),
        hostname: start.hostname.clone(),
        proc: start.proc.unwrap_or(true),
        shared: start.shared,
        wrong_order: start.wrong_order,
        init: start.init,
        cap_add: start.cap_add.clone(),
        cap_drop: start.cap_drop.clone(),
        profile: own_profile.then(|| Profile::without(&start.refuses, &start.kills)),
        rootfs: lower.map(|lower| Rootfs { lower, place }),
        workdir: image.and_then(|image| image.workdir),
        who,
        env,
        ..bare
    }
}

/// The environment of a box's shell with what the image says over it. Its prompt and its lack of a history stay ours: by
/// the prompt it is known when the shell waits.
fn env_of(image: &Image, bare: &[CString], user: bool) -> Vec<CString> {
    let text = |entry: &CString| entry.to_string_lossy().into_owned();
    let ours = |entry: &String| ["PS1=", "HISTFILE="].iter().any(|name| entry.starts_with(name));
    let (ours, mut fixed): (Vec<String>, Vec<String>) = bare.iter().map(text).partition(ours);
    fixed.retain(|entry| !entry.starts_with("HOME="));
    fixed.push(format!("HOME={}", image.home(user)));
    let image = Image { env: ours, ..Image::default() }.over(image.over(fixed));
    image.into_iter().filter_map(|entry| CString::new(entry).ok()).collect()
}

/// A shell without rc files and history, with a prompt that says on which side it is.
fn shell(prompt: &str, root: bool, window: (u16, u16), own_root: bool) -> Spec {
    // bash tries a refused fork again for 15 seconds; dash says so at once.
    let dash = ["/usr/bin/dash", "/bin/dash"].into_iter().find(|path| !own_root && Path::new(path).exists());
    let home = std::env::var("HOME").ok().filter(|_| !root);
    let nul_ended = |text: String| CString::new(text).unwrap_or_default();
    let env = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
        format!("PS1={prompt}"),
        "TERM=xterm-256color".to_owned(),
        "LANG=C.UTF-8".to_owned(),
        format!("HOME={}", home.as_deref().unwrap_or("/root")),
        "HISTFILE=/dev/null".to_owned(),
    ];
    Spec {
        command: vec![nul_ended(dash.unwrap_or("/bin/sh").to_owned())],
        env: env.into_iter().map(nul_ended).collect(),
        terminal: true,
        size: window,
        ..Spec::default()
    }
}

/// Why there is a single user id, if there is.
fn no_range(standing: &Standing) -> Option<Because> {
    standing.without.iter().find_map(|without| match without {
        Without::Range(why) => Some(Because::of_no_range(why)),
        _ => None,
    })
}

/// The values of the names in braces that lessons may use.
pub(super) fn names(standing: &Standing, pid: Option<i32>, bench: &str) -> Names {
    let mut names = Names::new();
    let mut add = |name: &str, value: String| {
        names.insert(name.to_owned(), value);
    };
    if let Some(pid) = pid {
        add("pid", pid.to_string());
    }
    add("bench-name", bench.to_owned());
    add("sys.prctl", libc::SYS_prctl.to_string());
    add("sys.sethostname", libc::SYS_sethostname.to_string());
    if let Ok(machine) = nix::unistd::gethostname() {
        add("machine-name", machine.to_string_lossy().into_owned());
    }
    if !standing.place.as_os_str().is_empty() {
        add("upper", standing.place.join("upper").display().to_string());
    }
    if let Some(lower) = &standing.rootfs {
        add("lower", lower.display().to_string());
    }
    if let Some(disk) = &standing.disk {
        let file = if standing.host { disk.file.display().to_string() } else { Disk::ON_THE_BENCH.to_owned() };
        add("disk", file);
        add("disk-device", format!("{}:{}", disk.numbers.0, disk.numbers.1));
    }
    if let Some(why) = &standing.no_cgroup {
        add(NO_CGROUP, why.to_string());
    }
    if let Some(why) = no_range(standing).and_then(|why| serde_json::to_string(&why).ok()) {
        add(NO_RANGE, why);
    }
    if let Some(group) = &standing.cgroup {
        for controller in ["pids", "memory", "cpu", "io", "devices", "freezer"] {
            let Some((dir, _)) = group.folder(controller) else { continue };
            add(controller, dir.join("box").display().to_string());
            add(&format!("{controller}-root"), dir.display().to_string());
        }
        let v2 = group.folder("memory").is_none_or(|(_, v2)| v2);
        let files = [
            ("memory.max", "memory.max", "memory.limit_in_bytes"),
            ("memory.events", "memory.events", "memory.oom_control"),
            ("cpu.max", "cpu.max", "cpu.cfs_quota_us"),
            ("cpu.stat", "cpu.stat", "cpu.stat"),
            ("cpu.weight", "cpu.weight", "cpu.shares"),
            ("io.max", "io.max", "blkio.throttle.write_bps_device"),
            ("io.stat", "io.stat", "blkio.throttle.io_service_bytes"),
            ("cgroup.freeze", "cgroup.freeze", "freezer.state"),
            ("cgroup.events", "cgroup.events", "freezer.state"),
        ];
        let words = [("freeze", "1", "FROZEN"), ("thaw", "0", "THAWED"), ("wbps", "wbps=", "")];
        for (name, in_v2, in_v1) in files.into_iter().chain(words) {
            add(name, if v2 { in_v2 } else { in_v1 }.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::expect::PROMPTS;

    #[test]
    fn each_prompt_is_known_to_whoever_judges_what_was_printed() {
        for (side, lang) in
            [Side::Outside, Side::Inside].into_iter().flat_map(|side| Lang::ALL.map(|lang| (side, lang)))
        {
            for prompt in [prompt(side, true, lang), prompt(side, false, lang), BY_HAND] {
                assert!(PROMPTS.contains(&prompt.trim_end()), "{prompt}");
            }
        }
    }
}
