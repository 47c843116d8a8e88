//! What the kernel's side says in English, in Portuguese: the errno(3) descriptions and our own few sentences.
//!
//! The engine knows no language. Its sentences are few and fixed, so they are found here by their English.

use nix::errno::Errno;

use super::text::Lang;

/// What an errno means. One that a container never meets keeps the system's English.
#[must_use]
pub fn errno(errno: Errno) -> &'static str {
    ERRNOS.iter().find(|(known, _)| *known == errno).map_or_else(|| errno.desc(), |(_, said)| said)
}

/// What the kernel's side of the program says in English, in `lang`.
#[must_use]
pub fn plainly(message: &str, lang: Lang) -> String {
    match lang {
        Lang::En => message.to_owned(),
        Lang::PtBr => said(message),
    }
}

/// A message with every sentence that is known put into Portuguese; paths, calls and numbers stay.
fn said(message: &str) -> String {
    let ours = SENTENCES.iter().fold(message.to_owned(), |said, (en, pt_br)| said.replace(en, pt_br));
    ERRNOS.iter().fold(ours, |said, (errno, pt_br)| {
        let number = format!("{} (os error {})", errno.desc(), *errno as i32);
        said.replace(&number, &format!("{errno:?} ({pt_br})")).replace(errno.desc(), pt_br)
    })
}

const ERRNOS: [(Errno, &str); 32] = [
    (Errno::E2BIG, "lista de argumentos longa demais"),
    (Errno::EACCES, "permissão negada"),
    (Errno::EAGAIN, "recurso temporariamente indisponível"),
    (Errno::EBADF, "descritor de arquivo inválido"),
    (Errno::EBUSY, "dispositivo ou recurso ocupado"),
    (Errno::EEXIST, "o arquivo já existe"),
    (Errno::EFAULT, "endereço inválido"),
    (Errno::EINVAL, "argumento inválido"),
    (Errno::EIO, "erro de entrada/saída"),
    (Errno::EISDIR, "é um diretório"),
    (Errno::ELOOP, "links simbólicos demais"),
    (Errno::EMFILE, "arquivos abertos demais no processo"),
    (Errno::ENAMETOOLONG, "nome longo demais"),
    (Errno::ENFILE, "arquivos abertos demais no sistema"),
    (Errno::ENODEV, "dispositivo inexistente"),
    (Errno::ENOENT, "arquivo ou diretório inexistente"),
    (Errno::ENOEXEC, "formato de executável inválido"),
    (Errno::ENOMEM, "memória insuficiente"),
    (Errno::ENOSPC, "não há espaço no dispositivo"),
    (Errno::ENOSYS, "função não implementada"),
    (Errno::ENOTDIR, "não é um diretório"),
    (Errno::ENOTEMPTY, "diretório não vazio"),
    (Errno::ENXIO, "dispositivo ou endereço inexistente"),
    (Errno::EOPNOTSUPP, "operação não suportada"),
    (Errno::EPERM, "operação não permitida"),
    (Errno::ERANGE, "número fora do intervalo"),
    (Errno::EROFS, "sistema de arquivos somente leitura"),
    (Errno::ESRCH, "processo inexistente"),
    (Errno::ETIMEDOUT, "tempo esgotado"),
    (Errno::ETXTBSY, "arquivo de programa em uso"),
    (Errno::EUSERS, "usuários demais"),
    (Errno::EXDEV, "link entre dispositivos diferentes"),
];

/// Longer sentences before those that are a part of them.
const SENTENCES: &[(&str, &str)] = &[
    (
        "no cgroup hierarchy with the controllers pids, memory and cpu is mounted",
        "nenhuma hierarquia de cgroup com os controladores pids, memory e cpu está montada",
    ),
    (
        "no cgroup hierarchy with the controller pids is mounted",
        "nenhuma hierarquia de cgroup com o controlador pids está montada",
    ),
    (
        "no cgroup hierarchy with the controller memory is mounted",
        "nenhuma hierarquia de cgroup com o controlador memory está montada",
    ),
    (
        "no cgroup hierarchy with the controller cpu is mounted",
        "nenhuma hierarquia de cgroup com o controlador cpu está montada",
    ),
    (
        "the cgroup of this process is outside of what is mounted",
        "o cgroup deste processo fica fora do que está montado",
    ),
    ("no cgroup here is handed over to this user", "nenhum cgroup daqui foi delegado a este usuário"),
    (": the cgroup file system is read-only", ": o sistema de arquivos de cgroup é só leitura"),
    (": handed over without ", ": foi delegado sem "),
    (": handed over, but ", ": foi delegado, mas há nele outros processos: "),
    (" other processes are in it", ""),
    (
        "the owners of files cannot be mapped here: files of root are shown as nobody's",
        "aqui não dá para mapear os donos dos arquivos: os de root aparecem como de nobody",
    ),
    ("the bench's files are read-only: ", "os arquivos da bancada são só leitura: "),
    (
        "no overlay for boxes: each has a copy of the root file system",
        "sem overlay para as caixas: cada uma tem uma cópia do sistema de arquivos raiz",
    ),
    ("the bench has a single user id: ", "a bancada tem um único uid: "),
    ("not handed over to this user: ", "não delegado a este usuário: "),
    ("has no range of 65536 ids for ", "não tem uma faixa de 65536 ids para "),
    (" is not installed", " não está instalado"),
    (" refused: ", " recusou: "),
    ("systemd does not run here", "esta máquina não roda systemd"),
    ("systemd of this user cannot be reached: ", "o systemd deste usuário não responde: "),
    ("systemd-run did not answer within ", "o systemd-run não respondeu em "),
    ("in a scope of systemd's: ", "num scope do systemd: "),
    ("no cgroup can be made here", "aqui não dá para criar um cgroup"),
    ("the box is not a member of a cgroup of its own", "a caixa não está num cgroup próprio"),
    ("no limit is in force", "nenhum limite está em vigor"),
    ("/ inside is not the box's own overlay", "o / de dentro não é o overlay da própria caixa"),
    (
        "something was mounted inside, and outside is the machine itself",
        "algo foi montado lá dentro, e fora é a própria máquina",
    ),
    ("another mount is there now", "agora há outra montagem ali"),
    ("a number and b, k, m or g, such as 32M", "um número com b, k, m ou g, como 32M"),
    ("a number of cores from 0.01 to 1024, such as 0.2", "um número de núcleos de 0.01 a 1024, como 0.2"),
    ("a number, such as 15", "um número, como 15"),
    ("the box has no cgroup of its own", "a caixa não tem um cgroup próprio"),
    ("the box has no cable to outside", "a caixa não tem cabo para fora"),
    ("whoever started the box is gone", "quem iniciou a caixa já não existe"),
    ("giving the files to the box's root: ", "ao passar os arquivos para o root da caixa: "),
    (" is taken already on this side", " já está em uso deste lado"),
    ("it has no network of its own", "não tem rede própria"),
    ("no cable leads to its network", "nenhum cabo leva à rede dele"),
    ("/ is no overlay", "o / não é um overlay"),
    ("/ is in no mount that shows", "o / não está em nenhuma montagem visível"),
    ("the kernel does not number its mount", "o kernel não numera a montagem dele"),
    ("nothing is mounted at its /", "nada está montado no / dele"),
    ("nothing is mounted at the viewer's /", "nada está montado no / de quem olha"),
    ("no mqueue mounted on /dev/mqueue", "nenhum mqueue montado em /dev/mqueue"),
    ("its timens_offsets has no line boottime", "o timens_offsets dele não tem a linha boottime"),
    ("/proc/uptime has no number", "o /proc/uptime não tem número"),
    (
        "a number and kbit, mbit or gbit, from 8kbit to 30gbit, such as 4mbit",
        "um número com kbit, mbit ou gbit, de 8kbit a 30gbit, como 4mbit",
    ),
    ("the bench's cgroups are not to be seen in its mounts", "os cgroups da bancada não aparecem nas montagens dela"),
    (
        "the box's first process died before its command was executed",
        "o primeiro processo da caixa morreu antes de executar o comando",
    ),
    ("the bench's keeper died before the bench stood", "o guardião da bancada morreu antes de ela ficar de pé"),
    (
        "the bench's first process died before the bench stood",
        "o primeiro processo da bancada morreu antes de ela ficar de pé",
    ),
    ("the host name that was set does not read back", "o hostname que foi posto não é o que se lê"),
    ("the first process of a new PID namespace is not 1", "o primeiro processo de um PID namespace novo não é o 1"),
    ("mounted over ", "montado por cima de "),
    (" is mounted read-only", " está montado só para leitura"),
    (" is read-only", " está só para leitura"),
    ("SELinux enforces; this process is ", "o SELinux está ativo; este processo é "),
    ("/ is not the top of a mount", "/ não é o topo de uma montagem"),
    ("/ is not the / of process 1", "/ não é o / do processo 1"),
    ("no filter, profile or setting that forbids it", "nenhum filtro, perfil ou configuração que proíba"),
    ("cgroup.controllers: (none)", "cgroup.controllers: (nenhum)"),
    ("CapEff: no CAP_SYS_ADMIN", "CapEff: sem CAP_SYS_ADMIN"),
    ("the keeper of the bench is gone", "o processo que cuida da bancada morreu"),
    (
        "the safety limits were written, but do not read back",
        "os limites de segurança foram escritos, mas a leitura mostra outros",
    ),
    ("a root file system is wanted, but none is named", "falta dizer qual é o sistema de arquivos raiz"),
    (
        "no folder to mount a tmpfs on: /tmp, /run and /mnt are missing",
        "não há pasta onde montar um tmpfs: faltam /tmp, /run e /mnt",
    ),
    ("unha could not start itself anew", "o unha não conseguiu se iniciar outra vez"),
    ("is not a folder of this user's alone", "não é uma pasta só deste usuário"),
    ("is no folder", "não é uma pasta"),
    ("has a NUL byte in it", "tem um byte NUL no meio"),
    ("no /proc mounted", "sem /proc montado"),
    ("is not a procfs", "não é um procfs"),
    ("is not a regular file", "não é um arquivo comum"),
    ("only root may read the kernel's log", "só root pode ler o log do kernel"),
    ("there is no /dev/kmsg here", "aqui não há /dev/kmsg"),
    ("nothing about the box so far", "nada sobre a caixa até agora"),
    ("; give a profile in Docker's format, or default", "; dê um perfil no formato do Docker, ou default"),
    ("it is in no cgroup", "não está em nenhum cgroup"),
    ("its /proc/meminfo has no MemTotal", "o /proc/meminfo dele não tem MemTotal"),
    ("no mount shows its ", "nenhuma montagem mostra o cgroup dele de "),
    ("no cgroup hierarchy here has ", "nenhuma hierarquia de cgroup daqui tem "),
    ("no number", "não há número"),
    ("it takes a second look", "precisa de uma segunda leitura"),
    ("cgroup version 1 keeps no pressure", "a versão 1 de cgroup não mede a pressão"),
    ("the kernel keeps no pressure (psi=1)", "o kernel não mede a pressão (psi=1)"),
    ("no answer within two seconds", "sem resposta em dois segundos"),
    ("not asked, for there was no answer to ", "não perguntado, pois ficou sem resposta "),
    ("counted with everyone's, cgroup /", "contado com o de todos, cgroup /"),
    ("cgroup / has no such file", "o cgroup / não tem esse arquivo"),
    ("there is no cgroup above", "não há cgroup acima"),
    ("nobody there used the CPU", "ninguém ali usou a CPU"),
    ("no capability; capabilities(7) has their names", "não é uma capability; os nomes estão em capabilities(7)"),
    ("no seccomp profile: ", "não é um perfil seccomp: "),
    (", which is on no disk of this machine", ", que não está em nenhum disco desta máquina"),
    (" is on a ", " fica num "),
    ("no file could be made", "não foi possível criar um arquivo"),
    ("there is no disk here whose bandwidth could be limited", "não há aqui um disco cuja banda se possa limitar"),
    ("a number from 2 to 262144, such as 512", "um número de 2 a 262144, como 512"),
    ("c MAJOR:MINOR, such as c 1:5, or none", "c MAJOR:MINOR, como c 1:5, ou none"),
    ("no box runs", "nenhuma caixa está rodando"),
    ("its status has no user id", "o status dele não traz o uid"),
    ("its status has no ", "o status dele não traz "),
    ("it has no number in this PID namespace", "ele não tem número neste PID namespace"),
    ("its user id has no number there", "o uid dele não tem número lá"),
    ("its os-release has no PRETTY_NAME", "o os-release dele não tem PRETTY_NAME"),
    ("/ is in no mount that shows", "o / não está em nenhuma montagem visível"),
    (" has no such number", " não tem esse número"),
    ("names no namespace", "não identifica um namespace"),
    ("has no line ", "não tem a linha "),
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
    }

    /// A sentence that the engine learns is one that has to be said here too.
    #[test]
    fn every_fixed_sentence_of_the_engine_is_known() {
        let kernel = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kernel");
        let mut found = 0;
        for path in sources(&kernel) {
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap();
            for opening in ["Failed::words(&\"", "Unread::words(\""] {
                for rest in text.split(opening).skip(1) {
                    let sentence = rest.split('"').next().unwrap();
                    assert_ne!(said(sentence), sentence, "{}: no Portuguese for it", path.display());
                    found += 1;
                }
            }
        }
        assert!(found > 5, "the engine says its sentences in another way now");
    }

    #[test]
    fn paths_and_calls_stay() {
        assert_eq!(said("/sys/fs/cgroup/pids: Permission denied"), "/sys/fs/cgroup/pids: permissão negada");
        assert_eq!(
            said("mkdir(/x): No such file or directory (os error 2)"),
            "mkdir(/x): ENOENT (arquivo ou diretório inexistente)"
        );
    }
}
