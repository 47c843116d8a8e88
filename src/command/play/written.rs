//! The combination as `unha run` would be given it, and what other tools call that.

use std::ffi::CString;
use std::path::{Path, PathBuf};

use nix::unistd::{getegid, geteuid};

use crate::command::rootfs::{Root, missing_in};
use crate::command::run::env;
use crate::course::lesson::{Limit, Switch};
use crate::course::play::{Choice, Pane, Play, Written};
use crate::course::text::{Lang, Text};
use crate::equivalent::{Tool, Wanted, of};
use crate::kernel::bench::ids::may_map;
use crate::kernel::container::{Cable, Rootfs, Spec};
use crate::kernel::disk;
use crate::kernel::feature::Feature;
use crate::kernel::sys::privileges::in_bounding_set;
use crate::session::image::Image;
use crate::session::limits::{device, parse};

/// Where a write to the disk goes that is limited, as on the bench.
const ON_DISK: &str = "/var/tmp";

/// Keeps the texts true.
pub struct Pen {
    /// The folder of the root file system.
    root: Option<PathBuf>,
    /// How its image wants commands to be started.
    image: Image,
    /// Whether that puts a program before every command.
    has_entrypoint: bool,
    disk: Option<(u32, u32)>,
    written: Option<(Choice, Lang)>,
}

impl Pen {
    /// For boxes without a root file system of their own.
    pub fn new() -> Self {
        let disk = disk::of(Path::new(ON_DISK)).ok();
        Self { root: None, image: Image::default(), has_entrypoint: false, disk, written: None }
    }

    /// The root file system of the boxes from now on.
    pub fn stand_on(&mut self, root: &Root, image: Image) {
        self.root = Some(root.dir.clone());
        self.has_entrypoint = !root.config.entrypoint.is_empty();
        self.image = image;
        self.written = None;
    }

    /// Writes the texts anew, if the combination is another than they are of.
    pub fn write(&mut self, play: &mut Play) {
        let now = (play.choice.clone(), play.talk.lang);
        if self.written.as_ref() == Some(&now) {
            return;
        }
        let wanted = self.wanted(&play.choice, play.talk.lang);
        let written = Pane::TEXTS.into_iter().zip(Tool::ALL).map(|(pane, tool)| {
            let equivalent = of(tool, &wanted);
            let differs = on_the_bench(&wanted.spec, tool == Tool::Bwrap);
            // What the line needs to start at all stays the first.
            let needs = tool == Tool::Bwrap && !wanted.missing.is_empty();
            let lacks = [differs, equivalent.lacks];
            let lacks = if needs { lacks.into_iter().rev().flatten().collect() } else { lacks.concat() };
            (pane, Written { text: equivalent.text, lacks })
        });
        play.texts = written.collect();
        let mut words = play.choice.flags(play.root());
        // The box's shell is started by nobody: where the image has an entrypoint, in its place.
        if self.has_entrypoint && play.choice.start.features.has(Feature::Rootfs) {
            words.push("--entrypoint".to_owned());
        }
        words.push("sh".to_owned());
        let words = words.join(" ");
        let text = format!("unha run {words}\nunha export oci DIR {words}\n");
        let mut lacks = on_the_bench(&wanted.spec, false);
        lacks.extend(play.choice.not_in_flags());
        if self.is_somebody_only_there(&play.choice) {
            lacks.push(Text::both(
                "user: the line starts it as the image's user; here it is that only with user switched on",
                "user: a linha roda como o usuário da imagem; aqui, só com user ligado",
            ));
        }
        play.texts.insert(Pane::Unha, Written { text, lacks });
        self.written = Some(now);
    }

    /// Whether the bench cannot start it as whom `unha run` does: a range of ids is a box's own only with a user namespace.
    fn is_somebody_only_there(&self, choice: &Choice) -> bool {
        let has = |feature| choice.start.features.has(feature);
        let image = &self.image;
        image.who.is_some() && image.range.is_some() && has(Feature::Rootfs) && !has(Feature::User)
    }

    /// The box, as it would be made without a bench.
    fn wanted(&self, choice: &Choice, lang: Lang) -> Wanted {
        let start = &choice.start;
        let root = geteuid().is_root();
        let mut features = start.features.closed();
        if !root && features.take_root() {
            features = features.with(Feature::User);
        }
        let lower = self.root.clone().filter(|_| features.has(Feature::Rootfs));
        // As `unha run` has it: with a range around the whole box there is none in it.
        let image = if lower.is_some() { self.image.clone() } else { Image::default() };
        let range = image.range;
        let user = features.has(Feature::User) && range.is_none();
        let env = env(&image, user);
        let c_strings = |words: Vec<String>| words.into_iter().filter_map(|word| CString::new(word).ok()).collect();
        // One that stands still is no way to start a box.
        let mut limits = choice.first_limits();
        let denied = limits.remove(&Limit::DeviceDeny).and_then(|text| device(&text).ok().flatten());
        if self.disk.is_none() {
            limits.remove(&Limit::DeviceWriteBps);
        }
        let limits = parse(&limits, self.disk).unwrap_or_default();
        let cable = start.cable.then(|| Cable { name: "to-box".to_owned(), rate: limits.rate });
        let spec = Spec {
            features,
            machine_root: root,
            hostname: start.hostname.clone(),
            boottime: start.boottime,
            lo: start.lo == Some(Switch::Up),
            cable,
            proc: true,
            cap_add: start.cap_add.clone(),
            cap_drop: start.cap_drop.clone(),
            rootfs: lower.map(|lower| Rootfs { lower, place: None }),
            command: c_strings(vec!["sh".to_owned()]),
            env: c_strings(env),
            who: image.who(user).cloned(),
            workdir: image.workdir,
            terminal: true,
            init: start.init,
            ..Spec::default()
        };
        let caller = (geteuid().as_raw(), getegid().as_raw());
        Wanted {
            spec,
            limits,
            denied: denied.into_iter().collect(),
            profile: None,
            caller,
            lang,
            subordinate: range,
            missing: self.root.as_deref().map(missing_in).unwrap_or_default(),
            bounding: Some(in_bounding_set().bits()),
        }
    }
}

/// How the box on the screen is another than the same one made of the text: root's stands on a bench, whose ids are no
/// user's of this machine, and whose /proc changes nothing of it. `hides_nothing`: the tool leaves /proc as it is.
fn on_the_bench(spec: &Spec, hides_nothing: bool) -> Vec<Text> {
    if !spec.machine_root || !may_map() {
        return vec![];
    }
    let ids = Text::both(
        "ids: on the bench root inside is a number that is nobody's on this machine; pasted here it is 0, this machine's root, with user too",
        "ids: na bancada o root de dentro é um número que não é de ninguém nesta máquina; colado aqui é o 0, o root desta máquina, mesmo com user",
    );
    let mounts = Text::both(
        "mounts: pasted here the box has more of them: /proc/sys is read-only, /proc/keys and its like are hidden; on the bench not",
        "montagens: colada aqui a caixa tem mais: /proc/sys fica só para leitura, /proc/keys e outros ficam escondidos; na bancada não",
    );
    let is_masked = spec.features.has(Feature::Rootfs) && !hides_nothing;
    std::iter::once(ids).chain(is_masked.then_some(mounts)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::feature::FeatureSet;

    #[test]
    fn what_root_sees_on_the_bench_is_told_from_what_is_pasted() {
        let features = FeatureSet::default().with(Feature::Rootfs).closed();
        let on_machine = Spec { machine_root: true, features, ..Spec::default() };
        let many = |spec: &Spec, hides_nothing| on_the_bench(spec, hides_nothing).len();
        let whole = usize::from(may_map());
        assert_eq!((many(&on_machine, false), many(&on_machine, true)), (2 * whole, whole));
        let bare = Spec { features: FeatureSet::default(), ..on_machine.clone() };
        assert_eq!(many(&bare, false), whole);
        // What an ordinary user pastes has the ids that it had.
        assert_eq!(many(&Spec { machine_root: false, ..on_machine }, false), 0);
    }
}
