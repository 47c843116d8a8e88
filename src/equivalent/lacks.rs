//! What a tool cannot express of a box, or makes otherwise: each a sentence, and the facts in which it shows.
//!
//! The facts are those that tests/equivalents reads: there a difference without a sentence fails, and a sentence without a
//! difference too.

use crate::course::text::Text;

/// One thing that is otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// The facts that may differ for it; none where nothing that is read there shows it.
    pub facts: &'static [&'static str],
    en: &'static str,
    pt_br: &'static str,
}

impl Lack {
    /// The sentence.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::both(self.en, self.pt_br)
    }
}

macro_rules! lacks {
    ($($name:ident = $facts:expr, $en:literal, $pt_br:literal;)*) => {
        $(pub(super) const $name: Lack = Lack { facts: &$facts, en: $en, pt_br: $pt_br };)*
        /// Every one that there is.
        pub const ALL: &[Lack] = &[$($name),*];
    };
}

lacks! {
    SHELL_SECCOMP = ["seccomp", "unshare"],
        "seccomp: setpriv(1) takes a filter only from util-linux 2.41 on, and only a compiled one; the script goes without",
        "seccomp: o setpriv(1) só aceita um filtro a partir do util-linux 2.41, e já compilado; o script fica sem";
    SHELL_PROGRAMS = [],
        "root: umount, env and setpriv are the new root's own, and run before rights are taken away: only for files that you trust",
        "raiz: umount, env e setpriv são os da própria raiz nova e rodam antes de os direitos caírem: só com arquivos em que você confia";
    SHELL_INIT = [],
        "init: the shell that is PID 1 buries the dead, but passes no signals on",
        "init: o shell que é o PID 1 recolhe os zumbis, mas não repassa sinais";
    SHELL_TERMINAL = [],
        "terminal: the box has the terminal that the script was started on, none of its own",
        "terminal: a caixa usa o terminal em que o script foi iniciado, não um próprio";
    SHELL_DEVICES = [],
        "devices: on cgroup version 2 they are taken away by a BPF program, which no shell can write; there the script refuses",
        "dispositivos: no cgroup versão 2 quem os tira é um programa BPF, que shell nenhum escreve; ali o script se recusa";
    SHELL_USER_LIMITS = [],
        "limits: an ordinary user has them only on cgroup version 2, in a cgroup of their own: systemd-run --user --scope -p Delegate=yes sh FILE",
        "limites: um usuário comum só os tem no cgroup versão 2, num cgroup seu: systemd-run --user --scope -p Delegate=yes sh ARQUIVO";

    BWRAP_MOUNT = ["ns.mnt", "propagation"],
        "mounts: bwrap always makes a mount table of its own",
        "montagens: o bwrap sempre cria uma tabela de montagens própria";
    BWRAP_USER = ["ns.user", "uid-map", "gid-map", "setgroups", "cap.bnd"],
        "user: without root, bwrap always makes a user namespace",
        "user: sem root, o bwrap sempre cria um user namespace";
    BWRAP_RANGE = ["uid-map", "gid-map"],
        "ids: bwrap maps a single id by itself, no range",
        "ids: o bwrap mapeia sozinho um único id, não uma faixa";
    BWRAP_ROOT = ["mount /"],
        "root: the files are bound read-only; bwrap lays an overlay over them only from version 0.11 on: --overlay-src DIR --tmp-overlay /",
        "raiz: os arquivos são montados só para leitura; um overlay por cima o bwrap só põe a partir da versão 0.11: --overlay-src PASTA --tmp-overlay /";
    BWRAP_POINTS = [],
        "root: first the mkdir of the remark, or bwrap fails: it lacks a folder to mount on, and in files that are bound read-only bwrap makes none",
        "raiz: antes, o mkdir do comentário, ou o bwrap falha: falta nela uma pasta para montar, e em arquivos só para leitura o bwrap não cria nenhuma";
    BWRAP_WHO = [],
        "user: bwrap starts the command as the box's root; as somebody else it takes su or setpriv inside",
        "usuário: o bwrap inicia o comando como o root da caixa; como outra pessoa é preciso su ou setpriv lá dentro";
    LAYERS = [],
        "layers: the root is taken as one folder, not layer by layer",
        "camadas: a raiz entra como uma pasta só, não camada por camada";
    BWRAP_SYS = ["sys.net"],
        "/sys: bwrap mounts no fresh one, so the machine's is bound, and it shows the machine's network links",
        "/sys: o bwrap não monta um novo; o da máquina entra no lugar e mostra as interfaces de rede da máquina";
    BWRAP_HIDDEN = ["mount /proc/sys", "mount /proc/kcore"],
        "/proc: bwrap neither makes /proc/sys read-only nor hides what tells about the whole machine",
        "/proc: o bwrap não deixa /proc/sys só para leitura nem esconde o que revela da máquina inteira";
    BWRAP_SLAVE = ["propagation"],
        "mounts: what is mounted outside later shows up in bwrap's box too, if outside is shared (slave instead of private)",
        "montagens: o que for montado fora depois aparece também na caixa do bwrap, se fora for shared (slave em vez de private)";
    BWRAP_BOUNDING = ["cap.bnd"],
        "capabilities: started as root, bwrap leaves the bounding set as it was",
        "capabilities: iniciado como root, o bwrap deixa o bounding set como estava";
    BWRAP_AMBIENT = ["cap.amb", "cap.inh"],
        "capabilities: what bwrap keeps it makes inheritable and ambient as well",
        "capabilities: as que o bwrap mantém ele torna também herdáveis e ambientes";
    BWRAP_NO_NEW_PRIVS = ["no-new-privs"],
        "no-new-privs: bwrap always sets the bit",
        "no-new-privs: o bwrap sempre liga o bit";
    BWRAP_LIMITS = ["pids.max", "memory.max", "cpu.max", "cpu.weight", "io.max"],
        "limits: bwrap sets none; systemd-run --scope -p TasksMax=… -p MemoryMax=… -p CPUQuota=… around it does",
        "limites: o bwrap não põe nenhum; por fora dele, systemd-run --scope -p TasksMax=… -p MemoryMax=… -p CPUQuota=… põe";
    BWRAP_DEVICES = ["zero"],
        "devices: bwrap has no cgroup to take a device away by; what is not in /dev cannot be opened",
        "dispositivos: o bwrap não tem cgroup para tirar um dispositivo; o que não está no /dev não se abre";
    BWRAP_TIME = ["ns.time", "boottime"],
        "time: bwrap makes no time namespace",
        "time: o bwrap não cria time namespace";
    BWRAP_LO = ["links.up", "addresses"],
        "lo: bwrap switches lo on in a network of its own",
        "lo: o bwrap liga a lo numa rede própria";
    BWRAP_TERMINAL = [],
        "terminal: the box has the terminal that bwrap was started on; with --new-session not as its controlling one: no job control",
        "terminal: a caixa usa o terminal em que o bwrap foi iniciado; com --new-session, não como terminal de controle: sem job control";
    BWRAP_INIT = [],
        "init: bwrap's PID 1 buries the dead, but passes no signals on",
        "init: o PID 1 do bwrap recolhe os zumbis, mas não repassa sinais";
    NO_FILTER = ["seccomp", "unshare"],
        "seccomp: this profile cannot be compiled for this machine",
        "seccomp: este perfil não pode ser compilado para esta máquina";
    CABLE = ["links", "links.up", "addresses", "net.rate", "sys.net"],
        "cable: it makes none; somebody outside must plug it in, as engines do by a network plugin",
        "cabo: ele não cria nenhum; alguém de fora tem de ligar, como os motores fazem com um plugin de rede";

    OCI_MOUNT = ["ns.mnt", "propagation"],
        "mounts: the bundle always has a mount table of its own; without one, runc and crun leave their mounts on the machine",
        "montagens: o bundle sempre tem uma tabela de montagens própria; sem ela, runc e crun deixam as montagens deles na máquina";
    OCI_ROOT = ["mount /"],
        "root: the bundle's is a copy in a plain folder, no overlay: what the box writes stays in it",
        "raiz: a do bundle é uma cópia numa pasta comum, sem overlay: o que a caixa escreve fica nela";
    OCI_OLD_ROOT = [],
        "root: runtimes want a folder that is a mount of its own; before the start, in `unshare --mount`: mount --rbind / DIR/rootfs",
        "raiz: os runtimes querem uma pasta que seja uma montagem; antes de iniciar, num `unshare --mount`: mount --rbind / PASTA/rootfs";
    OCI_SETGROUPS = ["setgroups"],
        "user: started as root, runtimes leave setgroups(2) allowed",
        "user: iniciados como root, os runtimes deixam setgroups(2) permitido";
    OCI_LO = ["links.up", "addresses"],
        "lo: runtimes switch lo on in a network of its own",
        "lo: os runtimes ligam a lo numa rede própria";
    OCI_TIME = [],
        "time: runc takes it only from version 1.2 on; crun 1.8 sets no clocks in it, and fails where the box has process numbers of its own too",
        "time: o runc só aceita a partir da versão 1.2; o crun 1.8 não ajusta os relógios nele e falha se houver também PIDs próprios";
    OCI_INIT = ["pid"],
        "init: runtimes put no PID 1 before the command; docker and podman bring one along in the bundle",
        "init: os runtimes não põem um PID 1 na frente do comando; docker e podman trazem um dentro do bundle";
    OCI_DEVICES = ["zero"],
        "devices: runtimes allow the six usual devices again, whatever the bundle denies",
        "dispositivos: os runtimes voltam a permitir os seis dispositivos usuais, negue o bundle o que negar";

    ENGINE_ROOT = ["root", "mount /", "mount /dev", "mount /dev/mqueue", "mount /sys", "devices", "sys.net"],
        "root: an engine's box always has a root of its own, from an image; here it is the machine's own files below an overlay",
        "raiz: a caixa de um motor sempre tem raiz própria, vinda de uma imagem; aqui são os arquivos da máquina sob um overlay";
    ENGINE_IMAGE = [],
        "root: docker takes no folder; the first line makes an image of it",
        "raiz: o docker não aceita uma pasta; a primeira linha faz dela uma imagem";
    ENGINE_ANY_IMAGE = [],
        "root: docker cannot do without a root of its own; debian stands for any image",
        "raiz: o docker não dispensa uma raiz própria; debian está no lugar de qualquer imagem";
    ENGINE_MOUNT = ["ns.mnt", "propagation", "proc.own"],
        "mounts: an engine's box always has a mount table of its own",
        "montagens: a caixa de um motor sempre tem uma tabela de montagens própria";
    ENGINE_TIME = ["ns.time", "boottime"],
        "time: there is no option for a time namespace; docker makes one from 29.5 on, with the machine's clocks",
        "time: não há opção para um time namespace; o docker cria um desde a 29.5, com os relógios da máquina";
    ENGINE_LO = ["links.up", "addresses"],
        "lo: --network none switches lo on",
        "lo: --network none liga a lo";
    ENGINE_CABLE = ["addresses", "net.rate"],
        "cable: the engine's own bridge gives another address, and no rate can be set",
        "cabo: a bridge do próprio motor dá outro endereço, e não há como limitar a taxa";
    ENGINE_DEVICES = ["zero"],
        "devices: an engine allows the six usual ones and what --device adds; none can be taken away",
        "dispositivos: um motor permite os seis usuais e o que --device acrescenta; não há como tirar um";
    DOCKER_USER = ["ns.user", "uid-map", "gid-map", "setgroups"],
        "user: with docker it is the daemon's to give, for all boxes: userns-remap in /etc/docker/daemon.json; without it this box's root is the machine's, with all that the line adds",
        "user: no docker quem dá é o daemon, para todas as caixas: userns-remap em /etc/docker/daemon.json; sem ele, o root desta caixa é o da máquina, com tudo o que a linha acrescenta";
    ENGINE_FILTER_OF_ADMIN = [],
        "seccomp: default is the engine's own profile here; to a box with CAP_SYS_ADMIN it allows about the same",
        "seccomp: default aqui é o perfil do próprio motor; a uma caixa com CAP_SYS_ADMIN ele permite quase o mesmo";
    ENGINE_FILTER = ["unshare"],
        "seccomp: default is the engine's own profile here, which names what is allowed instead of what is refused",
        "seccomp: default aqui é o perfil do próprio motor, que lista o permitido em vez do recusado";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_sentence_is_another_one_in_both_languages() {
        let texts: Vec<Text> = ALL.iter().map(Lack::text).collect();
        let en: BTreeSet<&str> = texts.iter().map(|text| text.en.as_str()).collect();
        let pt_br: BTreeSet<&str> = texts.iter().map(|text| text.pt_br.as_str()).collect();
        assert_eq!((en.len(), pt_br.len()), (ALL.len(), ALL.len()));
        assert!(en.is_disjoint(&pt_br));
        // What it is about stands before the colon.
        assert!(texts.iter().all(|text| text.en.contains(": ") && text.pt_br.contains(": ")));
    }
}
