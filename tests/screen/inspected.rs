//! What there may be to look around at: somebody's laptop with a pod, a browser's sandbox, a service and a box.

use std::collections::BTreeMap;

use unha::course::holes::{Hole, Severity, Source, Wall};
use unha::course::inspect::{Inspection, Look as Seen, Pane, Subject, Touch};
use unha::course::text::{Lang, Text};
use unha::course::{
    Container, Engine, Evidence, Fact, Facts, Group, Kind, Namespaces, Origin, Process, Reading, Roster, Snapshot,
    Tree, Trouble, Value, Why,
};
use unha::screen::inspect::shell_size;

const NOW: u64 = 1_000_000;

fn group(pid: u32, name: &str, apart: &[Kind], since: u64, container: Option<(Engine, &str)>) -> Group {
    let inode = |kind: &Kind| if apart.contains(kind) { u64::from(pid) * 10 } else { 1 };
    let mut namespaces = Namespaces::default();
    Kind::ALL.iter().zip(&mut namespaces.0).for_each(|(kind, to)| *to = inode(kind));
    Group {
        namespaces,
        apart: apart.to_vec(),
        parent: None,
        depth: 0,
        first: Process {
            pid,
            started: u64::from(pid),
            since: NOW - since,
            parent: 1,
            name: name.to_owned(),
            command: format!("/usr/sbin/{name} -g 'daemon off;'"),
            uid: 0,
            pid_inside: 1,
            cgroup: "/".to_owned(),
        },
        ancestors: vec![1],
        pids: vec![pid, pid + 1, pid + 2],
        zombies: 0,
        shares: BTreeMap::new(),
        container: container.map(|(engine, name)| Container {
            engine,
            name: name.to_owned(),
            id: None,
            pid: Some(pid),
            image: None,
        }),
    }
}

/// Somebody's laptop: a pod with a sidecar, a browser's sandbox, a service, a box.
pub fn tree() -> Tree {
    use Kind::{Cgroup, Ipc, Mnt, Net, Pid, Time, User, Uts};
    let mut web = group(4711, "nginx", &[User, Uts, Pid, Mnt, Net, Ipc, Cgroup], 9000, Some((Engine::Podman, "web")));
    let mut sidecar = group(4790, "envoy", &[User, Pid, Mnt, Net, Ipc], 8999, Some((Engine::Podman, "sidecar")));
    (sidecar.parent, sidecar.depth) = (Some(0), 1);
    for kind in [Net, Ipc] {
        web.shares.insert(kind, vec![1]);
        sidecar.shares.insert(kind, vec![0]);
    }
    let mut sandbox = group(990, "chromium", &[User, Pid, Net], 90, None);
    sandbox.zombies = 2;
    let service = group(412, "systemd-resolve", &[Mnt], 400_000, Some((Engine::Systemd, "systemd-resolved.service")));
    let own = group(9001, "sh", &[Uts, Pid, Mnt, Ipc, Net, Cgroup, Time], 7, Some((Engine::Unha, "caixa")));
    Tree {
        origin: Origin::Init,
        namespaces: Namespaces([1; 8]),
        groups: vec![web, sidecar, service, sandbox, own],
        processes: 143,
        here: 128,
        closed: 3,
        ..Tree::default()
    }
}

pub fn on(lang: Lang) -> Inspection {
    let mut on = Inspection::new(lang);
    on.now = NOW;
    let place = "/run/podman/podman.sock".to_owned();
    let troubles = vec![Trouble { engine: Engine::Docker, place, why: Why::Hangs(1500) }];
    on.told(Roster { troubles, ..Roster::default() });
    on.seen(tree());
    on
}

fn facts(facts: &[(Fact, Value)]) -> Facts {
    facts.iter().map(|(fact, value)| (*fact, Reading::Value(value.clone()))).collect()
}

fn snapshot() -> Snapshot {
    let text = |text: &str| Value::Text(text.to_owned());
    let list = |items: &[&str]| Value::List(items.iter().map(|item| (*item).to_owned()).collect());
    let number = Value::Number;
    let both = |there: u64, here: u64| [number(4_026_530_000 + there), number(4_026_530_000 + here)];
    let rows: [(Fact, [Value; 2]); 16] = [
        (Fact::Hostname, [text("laptop"), text("3f2a51c0ffee")]),
        (Fact::Pid, [number(4711), number(1)]),
        (Fact::Uid, [number(100_000), number(0)]),
        (Fact::Os, [text("Debian GNU/Linux 12 (bookworm)"), text("Alpine Linux v3.20")]),
        (Fact::RootType, [text("ext4"), text("overlay")]),
        (Fact::NsUser, both(1837, 2301)),
        (Fact::NsUts, both(1838, 2302)),
        (Fact::NsPid, both(1836, 2303)),
        (Fact::NsMnt, both(1832, 2304)),
        (Fact::NsNet, both(1833, 2305)),
        (Fact::NsIpc, both(1839, 2306)),
        (Fact::NsCgroup, both(1835, 2307)),
        (Fact::NsTime, both(1834, 1834)),
        (Fact::LinksUp, [list(&["lo", "eth0", "wlan0"]), list(&["lo", "eth0"])]),
        (Fact::NoNewPrivs, [number(0), number(0)]),
        (Fact::Seccomp, [number(0), number(2)]),
    ];
    let mut now = Snapshot::default();
    for (fact, [there, here]) in rows {
        now.outside.extend(facts(&[(fact, there)]));
        now.inside.extend(facts(&[(fact, here)]));
    }
    now.outside.extend(facts(&[
        (Fact::PidsMax, number(2048)),
        (Fact::PidsNow, number(9)),
        (Fact::MemoryMax, number(64 << 20)),
        (Fact::MemoryNow, number(48 << 20)),
        (Fact::CpuMax, text("max")),
        (Fact::CpuNow, number(12)),
        (Fact::OomKills, number(2)),
    ]));
    now
}

/// As far as a judge is needed: the sentences that are shown are put in below.
fn evidence() -> Evidence {
    let unseen = || "open(\"/proc/4711/…\") = EACCES".to_owned();
    Evidence {
        pids: vec![4711, 1],
        name: "nginx".to_owned(),
        namespaces: BTreeMap::new(),
        ids: Err(unseen()),
        procs: Err(unseen()),
        counted_along: 0,
        hidden: vec![],
        shared: Err(unseen()),
        root: Err(unseen()),
        limits: BTreeMap::new(),
        controls: BTreeMap::new(),
        disks: Err(unseen()),
        doors: Err(unseen()),
        descriptors: Err(unseen()),
        cwd: Err(unseen()),
        capabilities: Err(unseen()),
        no_new_privs: Err(unseen()),
        seccomp: Err(unseen()),
        exposed: unha::kernel::evidence::Exposed::default(),
    }
}

pub fn subject() -> Subject {
    Subject { pid: 4711, started: 4711 }
}

fn source(name: &'static str) -> Source {
    Source { name, url: "" }
}

pub fn seen(subject: Subject) -> Seen {
    Seen::Seen { subject, now: Box::new(snapshot()), evidence: Box::new(evidence()) }
}

pub fn portrait(lang: Lang) -> Inspection {
    let mut on = on(lang);
    on.looked(seen(subject()));
    let known = &mut on.portrait.as_mut().expect("a portrait").isolation;
    known.holes = vec![
        Hole {
            word: "engine-socket",
            severity: Severity::High,
            says: Text::both("The engine's socket is mounted.", "O socket do motor está montado."),
            allows: Text::both(
                "Whoever writes to it starts a container with all of this machine's files, as its root.",
                "Quem escreve nele inicia um contêiner com todos os arquivos desta máquina, como root dela.",
            ),
            source: source("CIS Docker Benchmark 1.6.0, 5.32"),
            seen: vec!["/proc/4711/mountinfo /var/run/docker.sock".to_owned()],
        },
        Hole {
            word: "cpu-limit",
            severity: Severity::Low,
            says: Text::both("Nothing limits its CPU.", "Nada limita a CPU dele."),
            allows: Text::both("A busy loop takes every core.", "Um laço infinito toma todos os núcleos."),
            source: source("cgroups(7)"),
            seen: vec!["cpu.max max".to_owned()],
        },
    ];
    let wall = |word, en: &str, pt_br: &str| Wall { word, says: Text::both(en, pt_br), seen: vec![] };
    known.walls = vec![
        wall("net", "It has one of its own.", "Tem um só dele."),
        wall("seccomp", "A filter looks at its system calls.", "Um filtro olha as chamadas de sistema dele."),
    ];
    known.unknown = vec![Wall {
        word: "descriptors",
        says: Text::both("It could not be looked at.", "Não deu para olhar."),
        seen: vec!["open(\"/proc/4711/fd\") = EACCES".to_owned()],
    }];
    on.touch(Touch::Next);
    on
}

pub fn with_shell(lang: Lang, size: (u16, u16)) -> Inspection {
    let mut on = portrait(lang);
    on.shell = Some(Pane::new(subject(), on.title(), shell_size(size)));
    on.touch(Touch::Keyboard);
    on.printed(b"setns(/proc/4711/ns/uts) = 0\r\ninside# hostname\r\n3f2a51c0ffee\r\ninside# ");
    on
}

/// The screens that there are.
pub fn all(lang: Lang) -> Vec<Inspection> {
    let mut question = portrait(lang);
    question.touch(Touch::Shell);
    let mut ended = portrait(lang);
    ended.seen(Tree { groups: tree().groups.split_off(2), ..tree() });
    vec![on(lang), portrait(lang), question, ended, with_shell(lang, (120, 44))]
}
