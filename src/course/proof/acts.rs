//! Acts and expectations: what a step does can be done where it stands, and can be judged.

use std::collections::BTreeSet;

use super::Proof;
use crate::course::expect::{filled, has_one_form, placeholder};
use crate::course::lesson::{Act, Expect, Lesson, Limit, PLACEHOLDERS, Start, Step};
use crate::course::parse::nearest;
use crate::course::text::Text;
use crate::kernel::capability;
use crate::kernel::feature::{Feature, FeatureSet};

/// The box as the lesson has made it so far.
pub(super) struct Course {
    features: FeatureSet,
    limits: BTreeSet<Limit>,
}

impl Course {
    /// The box with which the lesson begins.
    pub fn begin(proof: &mut Proof, lesson: &Lesson) -> Self {
        closed(proof, "begins-with", None, lesson.begins_with);
        Self { features: lesson.begins_with, limits: BTreeSet::new() }
    }

    /// Follows one step.
    pub fn step(&mut self, proof: &mut Proof, step: &Step) {
        balance(proof, step);
        let (mut destroyed, mut loaded) = (false, BTreeSet::new());
        for (at, act) in step.acts.iter().enumerate() {
            match act {
                Act::Start(start) => {
                    started(proof, at, start);
                    (self.features, self.limits) = (start.features, BTreeSet::new());
                }
                Act::Restart(_) => self.limits.clear(),
                Act::Limit(limits) => {
                    let needed = |limit: &Limit| if *limit == Limit::Rate { Feature::Net } else { Feature::Cgroup };
                    if let Some(missing) = limits.keys().map(needed).find(|feature| !self.features.has(*feature)) {
                        proof.find_in("do", Some(at), needs("a limit", "um limite", missing));
                    }
                    self.limits.extend(limits.keys());
                }
                Act::Inside(line) | Act::Outside(line) => {
                    placeholders(proof, "do", at, line);
                    if step.destroys && !self.features.has(Feature::Rootfs) && !destroyed {
                        destroyed = true;
                        proof.find("destroys", needs("a step that destroys", "um passo com destroys", Feature::Rootfs));
                    }
                    let missing = step.load.iter().filter(|limit| !self.limits.contains(limit));
                    loaded.extend(missing.copied());
                }
                Act::Interrupt(_) => {}
            }
        }
        self.load(proof, step, &loaded);
        for (at, expect) in step.expect.iter().enumerate() {
            expectation(proof, at, expect);
        }
    }

    fn load(&self, proof: &mut Proof, step: &Step, missing: &BTreeSet<Limit>) {
        if !step.load.is_empty() && !self.features.has(Feature::Cgroup) {
            proof.find("load", needs("a load", "uma carga", Feature::Cgroup));
        }
        for limit in missing {
            let name = match limit {
                Limit::Pids => "pids",
                Limit::Memory => "memory",
                Limit::Cpus => "cpus",
                Limit::CpuShares => "cpu-shares",
                Limit::DeviceWriteBps => "device-write-bps",
                Limit::DeviceDeny => "device-deny",
                Limit::Freezer => "freezer",
                Limit::Rate => "rate",
            };
            let say = Text::both(
                format!(
                    "the load is typed while no limit `{name}` is set: set it in `do` first, and after every start"
                ),
                format!(
                    "a carga é digitada sem limite `{name}`: defina-o antes em `do`, e de novo depois de cada start"
                ),
            );
            proof.find("load", say);
        }
    }
}

fn needs(en: &str, pt_br: &str, feature: Feature) -> Text {
    Text::both(
        format!("{en} needs the feature `{feature}` on: start the box with it"),
        format!("{pt_br} precisa do recurso `{feature}` ligado: inicie a caixa com ele"),
    )
}

/// An act is judged by an expectation, and an expectation comes true by an act.
fn balance(proof: &mut Proof, step: &Step) {
    if !step.acts.is_empty() && step.expect.is_empty() {
        let say = Text::both(
            "the step acts, but nothing says what must be true then: add expect",
            "o passo age, mas nada diz o que deve valer depois: inclua expect",
        );
        proof.find("do", say);
    }
    if step.acts.is_empty() && !step.expect.is_empty() {
        let say = Text::both(
            "the step expects something but does nothing: add do, so that Next can bring it about",
            "o passo espera algo, mas não faz nada: inclua do, para que Enter possa cumpri-lo",
        );
        proof.find("expect", say);
    }
}

/// A set of features holds what its members need.
fn closed(proof: &mut Proof, key: &str, item: Option<usize>, features: FeatureSet) {
    for missing in features.closed().iter().filter(|feature| !features.has(*feature)) {
        let say = Text::both(
            format!("these features need `{missing}` too: add it"),
            format!("estes recursos precisam também de `{missing}`: inclua"),
        );
        proof.find_in(key, item, say);
    }
}

fn started(proof: &mut Proof, at: usize, start: &Start) {
    closed(proof, "do", Some(at), start.features);
    let asked = [
        (start.hostname.is_some(), "hostname", Feature::Uts),
        (start.lo.is_some(), "lo", Feature::Net),
        (start.cable, "cable", Feature::Net),
        (start.boottime != 0, "boottime", Feature::Time),
        (start.proc == Some(true), "proc", Feature::Mount),
        (start.proc == Some(true), "proc", Feature::Pid),
        (start.shared, "shared", Feature::Mount),
        (start.wrong_order, "wrong-order", Feature::Rootfs),
        (start.init, "init", Feature::Pid),
        (!start.cap_drop.is_empty(), "cap-drop", Feature::Capabilities),
        (!start.cap_add.is_empty(), "cap-add", Feature::Capabilities),
        (!start.refuses.is_empty(), "refuses", Feature::Seccomp),
        (!start.kills.is_empty(), "kills", Feature::Seccomp),
    ];
    for (_, key, feature) in asked.into_iter().filter(|(asked, _, feature)| *asked && !start.features.has(*feature)) {
        proof.find_in("do", Some(at), needs(&format!("`{key}`"), &format!("`{key}`"), feature));
    }
    let names = start.cap_drop.iter().chain(&start.cap_add);
    for name in names.filter(|name| capability::named(name).is_none() && !name.eq_ignore_ascii_case("all")) {
        let say = Text::both(
            format!("`{name}` is no capability: capabilities(7) has their names"),
            format!("`{name}` não é uma capability: os nomes estão em capabilities(7)"),
        );
        proof.find_in("do", Some(at), say);
    }
}

pub(super) fn expectation(proof: &mut Proof, at: usize, expect: &Expect) {
    let texts = [&expect.is, &expect.is_not, &expect.contains, &expect.prints, &expect.prints_not];
    for text in texts.into_iter().flatten() {
        placeholders(proof, "expect", at, text);
    }
    if !has_one_form(expect) {
        let forms = "fact, on + is | is-not | at-least | at-most | contains; fact + sides; \
                     on + prints | prints-not; box; refused";
        let say = Text::both(
            format!("an expectation has exactly one form ({forms}): split it or complete it"),
            format!("uma expectativa tem exatamente uma forma ({forms}): divida ou complete"),
        );
        proof.find_in("expect", Some(at), say);
    }
    for pattern in [&expect.prints, &expect.prints_not].into_iter().flatten() {
        if let Err(error) = regex_lite::Regex::new(&filled(pattern, &|_| "0".to_owned())) {
            let say = Text::both(
                format!(
                    "`{pattern}` is no regular expression ({error}): put \\\\ before signs that stand for themselves"
                ),
                format!("`{pattern}` não é expressão regular ({error}): ponha \\\\ antes de sinais literais"),
            );
            proof.find_in("expect", Some(at), say);
        }
    }
}

/// The placeholders of a text that the session does not know.
pub(super) fn placeholders(proof: &mut Proof, key: &str, at: usize, text: &str) {
    let mut rest = text;
    while let Some((range, name)) = placeholder(rest) {
        if !PLACEHOLDERS.contains(&name) {
            let near = nearest(name, PLACEHOLDERS);
            let (en, pt) = near.map_or_else(
                || (format!("known are {}", PLACEHOLDERS.join(", ")), format!("valem {}", PLACEHOLDERS.join(", "))),
                |near| (format!("did you mean {{{near}}}?"), format!("você quis dizer {{{near}}}?")),
            );
            let say = Text::both(
                format!("unknown name in braces {{{name}}}: {en}"),
                format!("nome desconhecido entre chaves {{{name}}}: {pt}"),
            );
            proof.find_in(key, Some(at), say);
        }
        rest = &rest[range.end..];
    }
}
