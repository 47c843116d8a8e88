//! What each line is, in one sentence, and what Docker calls it: for whoever knows that and nothing of kernels.

use super::Line;
use crate::course::lesson::Limit;
use crate::course::text::Lang;
use crate::kernel::feature::Feature;

/// What a line gives the box, or takes from it, and what Docker calls it: for the line that is chosen.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table")]
pub const fn about(line: Line, lang: Lang) -> &'static str {
    let (en, pt_br) = match line {
        Line::Feature(feature) => match feature {
            Feature::Uts => (
                "a host name of its own · docker: always, unless --uts=host",
                "um nome de máquina só seu · docker: sempre, menos com --uts=host",
            ),
            Feature::Pid => (
                "process numbers of its own; the first is 1 · docker: unless --pid=host",
                "PIDs só seus; o primeiro é 1 · docker: menos com --pid=host",
            ),
            Feature::Mount => {
                ("a list of mounts of its own · docker: always", "uma lista de montagens só sua · docker: sempre")
            }
            Feature::Cgroup => (
                "a cgroup of its own, where limits are set · docker: always",
                "um cgroup só seu, onde se põem os limites · docker: sempre",
            ),
            Feature::Rootfs => (
                "another root file system: the image · docker: always",
                "outro sistema raiz: a imagem · docker: sempre",
            ),
            Feature::Ipc => (
                "shared memory and queues of its own · docker: unless --ipc=host",
                "memória compartilhada e filas só suas · docker: menos com --ipc=host",
            ),
            Feature::Net => (
                "network interfaces of its own · docker: unless --network=host",
                "interfaces de rede só suas · docker: menos com --network=host",
            ),
            Feature::User => (
                "root inside is nobody special outside · docker: userns-remap, rootless",
                "o root de dentro não é ninguém fora · docker: userns-remap, rootless",
            ),
            Feature::Cgroupns => (
                "it sees its own cgroup as / · docker: with cgroup version 2",
                "vê o próprio cgroup como / · docker: com cgroup versão 2",
            ),
            Feature::Time => (
                "clocks of its own, of the time since boot · docker: from 29.5 on",
                "relógios só seus, do tempo desde o boot · docker: desde a 29.5",
            ),
            Feature::Capabilities => (
                "only some of root's powers · docker: 14, unless --privileged",
                "só parte dos poderes do root · docker: 14, menos com --privileged",
            ),
            Feature::NoNewPrivs => (
                "no exec gives rights · docker: --security-opt no-new-privileges",
                "exec não dá direitos · docker: --security-opt no-new-privileges",
            ),
            Feature::Seccomp => (
                "a filter over system calls · docker: unless seccomp=unconfined",
                "filtra chamadas de sistema · docker: menos com seccomp=unconfined",
            ),
        },
        Line::Hostname => {
            ("the name that it is given · docker: --hostname", "o nome que ela recebe · docker: --hostname")
        }
        Line::Init => (
            "a PID 1 that buries dead processes · docker: --init",
            "um PID 1 que enterra processos mortos · docker: --init",
        ),
        Line::Root => (
            "which one, of those that unha rootfs list has · docker: the image",
            "qual, dos que o unha rootfs list mostra · docker: a imagem",
        ),
        Line::Lo => ("the interface lo switched on · docker: always", "a interface lo ligada · docker: sempre"),
        Line::Cable => (
            "a cable: 10.77.0.1 outside, 10.77.0.2 inside · docker: its bridge",
            "um cabo: 10.77.0.1 fora, 10.77.0.2 dentro · docker: a bridge dele",
        ),
        Line::Offset => (
            "how much longer the machine seems to be up · docker: no option",
            "quanto tempo a mais a máquina parece no ar · docker: sem opção",
        ),
        Line::Powers => (
            "Docker's 14, none or all · docker: --cap-drop ALL, --cap-add ALL",
            "os 14 do Docker, nenhum, todos · docker: --cap-drop, --cap-add ALL",
        ),
        Line::Limit(limit) => match limit {
            Limit::Pids => (
                "at most so many processes · docker: --pids-limit",
                "no máximo tantos processos · docker: --pids-limit",
            ),
            Limit::Memory => (
                "at most so much memory, no swap · docker: --memory, --memory-swap",
                "no máximo tanta memória, sem swap · docker: --memory, --memory-swap",
            ),
            Limit::Cpus => {
                ("at most so much CPU time · docker: --cpus", "no máximo tanto tempo de CPU · docker: --cpus")
            }
            Limit::CpuShares => (
                "its part while others want CPU too · docker: --cpu-shares",
                "a parte dela quando outros também querem CPU · docker: --cpu-shares",
            ),
            Limit::DeviceWriteBps => (
                "bytes a second to the disk · docker: --device-write-bps",
                "bytes por segundo para o disco · docker: --device-write-bps",
            ),
            Limit::Rate => (
                "bits a second in by the cable · docker: nothing, tc does it",
                "bits por segundo pelo cabo · docker: nada, quem faz é o tc",
            ),
            Limit::Freezer => (
                "all its processes stand still · docker: docker pause",
                "todos os processos dela param · docker: docker pause",
            ),
            Limit::DeviceDeny => (
                "a device taken away, even from root · docker: most, by default",
                "um dispositivo tirado, até do root · docker: a maioria, por padrão",
            ),
        },
    };
    lang.pick(en, pt_br)
}
