//! Holes that are no item of the judge's: single capabilities, and what of the machine's was put into a container's reach.
//!
//! capabilities(7), unix(7), apparmor(7). Which of them was found stands in the sentence's evidence.

use super::super::grade::{Aspect, DANGEROUS, Finding, Item};
use super::super::text::Text;
use super::{Hole, Isolation, Severity, Source, Wall, weight};
use crate::kernel::evidence::{Evidence, Seen};

/// A capability that is told by itself: its name, the hole's word, its weight, what it allows, and where that stands.
type Told = (&'static str, &'static str, Severity, [&'static str; 2], Source);

const CAPABILITIES: [Told; 7] = [
    (
        "CAP_SYS_ADMIN",
        "cap-sys-admin",
        Severity::High,
        [
            "It mounts what it likes, disks too where it has them: of all capabilities the nearest to being root.",
            "Monta o que quiser, discos também, se os tiver: de todas as capabilities, a mais perto de ser root.",
        ],
        weight::CAPABILITIES,
    ),
    (
        "CAP_SYS_MODULE",
        "cap-sys-module",
        Severity::High,
        [
            "It loads a module into our kernel: its code is then the kernel's.",
            "Carrega um módulo no nosso kernel: o código dele passa a ser do kernel.",
        ],
        weight::MODULES,
    ),
    (
        "CAP_SYS_RAWIO",
        "cap-sys-rawio",
        Severity::High,
        ["It talks to devices and memory below the kernel.", "Fala com dispositivos e memória por baixo do kernel."],
        weight::CAPABILITIES,
    ),
    (
        "CAP_DAC_READ_SEARCH",
        "cap-dac-read-search",
        Severity::High,
        [
            "It opens by its number any file of a file system that it has a part of, past every root.",
            "Abre pelo número qualquer arquivo de um sistema de arquivos de que tem um pedaço, por fora de qualquer raiz.",
        ],
        weight::BY_HANDLE,
    ),
    (
        "CAP_SYS_PTRACE",
        "cap-sys-ptrace",
        Severity::Medium,
        [
            "It reads and changes the memory of every process that it sees; with our PID namespace, of ours.",
            "Lê e altera a memória de todo processo que vê; com o nosso PID namespace, dos nossos.",
        ],
        weight::PTRACE,
    ),
    (
        "CAP_NET_ADMIN",
        "cap-net-admin",
        Severity::Medium,
        [
            "It changes links, addresses and filters of its network; where that is ours, of this machine.",
            "Muda interfaces, endereços e filtros da rede dele; se for a nossa, desta máquina.",
        ],
        weight::POD_CAPABILITIES,
    ),
    (
        "CAP_BPF",
        "cap-bpf",
        Severity::Medium,
        [
            "It loads programs into our kernel, behind a verifier that has had flaws.",
            "Carrega programas no nosso kernel, atrás de um verificador que já teve falhas.",
        ],
        weight::CAPABILITIES,
    ),
];

/// Where some capabilities were dropped, a hole for each that is well known and one for all other strong ones.
pub(super) fn by_capability(item: &Item, evidence: &Evidence) -> Option<Vec<Hole>> {
    if (item.aspect, item.finding) != (Aspect::Capabilities, Finding::Dangerous) {
        return None;
    }
    let effective = &evidence.capabilities.as_ref().ok()?.effective;
    let has = |name: &str| effective.iter().any(|held| held == name);
    let one = |(name, word, severity, [en, pt_br], source): &Told| Hole {
        word,
        severity: *severity,
        says: Text::both(
            format!("It holds {name}, which counts out here."),
            format!("Tem {name}, que vale aqui fora."),
        ),
        allows: Text::both(*en, *pt_br),
        source: *source,
        seen: item.seen.iter().take(1).cloned().chain([(*name).to_owned()]).collect(),
    };
    let mut holes: Vec<Hole> = CAPABILITIES.iter().filter(|(name, ..)| has(name)).map(one).collect();
    let told = |name: &&str| CAPABILITIES.iter().any(|(known, ..)| known == name);
    let rest: Vec<String> =
        DANGEROUS.iter().filter(|name| !told(name) && has(name)).map(|name| (*name).to_owned()).collect();
    if !rest.is_empty() {
        let seen = item.seen.iter().take(1).cloned().chain([rest.join(" ")]).collect();
        holes.push(Hole { severity: Severity::Medium, seen, source: weight::CAPABILITIES, ..super::hole(item) });
    }
    Some(holes)
}

/// What of the machine's was put into its reach.
pub(super) fn exposed(evidence: &Evidence, told: &mut Isolation) {
    let exposed = &evidence.exposed;
    told.told("engine-socket", &exposed.sockets, |paths| {
        (!paths.is_empty()).then(|| Hole {
            word: "engine-socket",
            severity: Severity::High,
            says: Text::both(
                "The socket of this machine's container engine is in its reach.",
                "O socket do motor de contêineres desta máquina está ao alcance dele.",
            ),
            allows: Text::both(
                "It asks the engine for a container with all our files in it, and is root out here.",
                "Pede ao motor um contêiner com todos os nossos arquivos, e vira root aqui fora.",
            ),
            source: weight::SOCKET,
            seen: paths.clone(),
        })
    });
    told.told("host-folders", &exposed.folders, |reach| {
        (!reach.writable.is_empty()).then(|| Hole {
            word: "host-folders",
            severity: Severity::High,
            says: Text::both(
                "Folders of this machine's system are mounted in it, and it may write them.",
                "Há pastas do sistema desta máquina montadas nele, e ele pode escrever nelas.",
            ),
            allows: Text::both(
                "It changes programs and settings that our root uses next.",
                "Altera programas e configurações que o nosso root usa em seguida.",
            ),
            source: weight::FOLDERS,
            seen: reach.writable.clone(),
        })
    });
    told.told("proc-masks", &exposed.unmasked, |paths| {
        (!paths.is_empty()).then(|| Hole {
            word: "proc-masks",
            severity: Severity::Low,
            says: Text::both(
                "Files of /proc and /sys that engines hide are open to it.",
                "Arquivos de /proc e /sys que os motores escondem estão abertos para ele.",
            ),
            allows: Text::both(
                "It reads what the kernel tells of the whole machine: timers, keys, firmware, memory.",
                "Lê o que o kernel conta da máquina inteira: temporizadores, chaves, firmware, memória.",
            ),
            source: weight::MASKS,
            seen: paths.clone(),
        })
    });
    told.told("policy", &exposed.policy, |policy| {
        let policy = policy.as_ref().filter(|policy| !policy.confines)?;
        let selinux = policy.module == "selinux";
        let name = if selinux { "SELinux" } else { "AppArmor" };
        Some(Hole {
            word: "policy",
            severity: Severity::Low,
            says: Text::both(
                format!("{name} is there and does not confine it."),
                format!("O {name} existe aqui e não o confina."),
            ),
            allows: Text::both(
                "Once another wall has a hole, nothing else stands behind it.",
                "Se outra barreira falhar, não há mais nada atrás dela.",
            ),
            source: if selinux { weight::SELINUX } else { weight::APPARMOR },
            seen: vec![format!("/proc/{}/attr/current {}", evidence.pid(), policy.label)],
        })
    });
}

impl Isolation {
    /// A hole, if there is one; what could not be looked at is unknown.
    fn told<T>(&mut self, word: &'static str, seen: &Seen<T>, hole: impl FnOnce(&T) -> Option<Hole>) {
        match seen {
            Ok(seen) => self.holes.extend(hole(seen)),
            Err(why) => {
                let says = Text::both("It could not be looked at.", "Não deu para olhar.");
                self.unknown.push(Wall { word, says, seen: vec![why.clone()] });
            }
        }
    }
}
