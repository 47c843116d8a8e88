//! What the keys of the facts mean, for `unha inspect --help`, in either language.
//!
//! proc(5) says of each what the kernel means by it.

/// What the keys mean, for `unha inspect --help`.
pub const KEYS: &str = "\
The keys of the facts. Each has a value on both sides, or the reason why it is missing:
  hostname          the host name (text)
  ns.uts, ns.pid, ns.mnt, ns.ipc, ns.net, ns.cgroup, ns.user, ns.time
                    the inode that names the namespace
  kernel            the kernel's release (text)
  pid, uid          the process's number and user id, as each side sees them
  uid-map, gid-map  the side's maps of ids: first there, first outside of it,
                    how many (list)
  processes         how many processes the side's /proc lists
  zombies           how many of those have ended, nobody having asked how
                    (inside alone)
  mounts            how many entries the side's mount table has
  mount-points      mount points that only this side's table has (list)
  propagation       shared, slave, private or unbindable: new mounts at its /
  old-root          where the outside's / is still to be had (list)
  fd.leaks          descriptors of the process that lead out of its own files:
                    number and what it is open on (list, inside alone)
  root-layers       of how many folders the overlay at the side's / is made
  devices           device files in the side's /dev (list)
  pid.awaits-child  1 where only the next child will be in another PID namespace
  proc.own          1 where /proc shows the PID namespace of its own process
  os                PRETTY_NAME of the side's /etc/os-release (text)
  root, root-type   device/inode of the side's /, and its file system (text)
  cgroup            the process's cgroup, as each side sees it (text)
  memtotal          MemTotal of the side's /proc/meminfo, in bytes
  uptime, boottime  seconds since the machine's start as the side counts them,
                    in whole minutes; how many its time namespace adds
  links, links.up   the side's network links, and those that are up (lists)
  addresses         their addresses: link address/prefix (list)
  ipc               how many System V IPC objects the side sees
  queues            POSIX message queues in the side's /dev/mqueue (list)
  cap.eff, cap.bnd  capabilities that count, and that a program can get (lists)
  no-new-privs      1 where no program gives rights
  seccomp           2 where a filter looks at system calls
Only outside, of the process's cgroup; limits are a number or \"max\":
  pids.max, pids.current, pids.refused (forks that the limit refused)
  memory.max, memory.current (bytes), memory.oom-kills, memory.oom-words (what
  the kernel's log said of the last kill)
  cpu.max, cpu.current (percent of one core), cpu.throttled (times),
  cpu.throttled-time (ms), cpu.weight (100 is usual), cpu.share (percent of what
  the cgroup above used)
  io.max, io.current (bytes a second, written), io.written (bytes)
  frozen            1 while all of it stands still
  cpu.pressure, memory.pressure, io.pressure
                    percent of the last 10 s that some process waited
Only outside, of the cable to the process's network:
  net.rate (bits per second, or \"max\"), net.current (bits per second), net.dropped";

/// The same in Portuguese.
pub const KEYS_PT_BR: &str = "\
As chaves dos fatos. Cada uma tem um valor de cada lado, ou o motivo de faltar:
  hostname          o hostname (texto)
  ns.uts, ns.pid, ns.mnt, ns.ipc, ns.net, ns.cgroup, ns.user, ns.time
                    o inode que identifica o namespace
  kernel            a versão do kernel (texto)
  pid, uid          o número do processo e o do usuário, como cada lado vê
  uid-map, gid-map  os mapas de ids do lado: o primeiro ali, o primeiro fora,
                    quantos (lista)
  processes         quantos processos o /proc do lado lista
  zombies           quantos deles já acabaram, sem ninguém perguntar como
                    (só dentro)
  mounts            quantas linhas tem a tabela de montagens do lado
  mount-points      pontos de montagem que só a tabela deste lado tem (lista)
  propagation       shared, slave, private ou unbindable: montagens novas no / dele
  old-root          onde o / de fora ainda está ao alcance (lista)
  fd.leaks          descritores do processo que levam para fora dos arquivos
                    dele: número e o que abrem (lista, só dentro)
  root-layers       de quantas pastas é feito o overlay no / do lado
  devices           arquivos de dispositivo no /dev do lado (lista)
  pid.awaits-child  1 onde só o próximo filho estará em outro PID namespace
  proc.own          1 onde o /proc mostra o PID namespace do próprio processo
  os                PRETTY_NAME do /etc/os-release do lado (texto)
  root, root-type   dispositivo/inode do / do lado, e o sistema de arquivos (texto)
  cgroup            o cgroup do processo, como cada lado vê (texto)
  memtotal          MemTotal do /proc/meminfo do lado, em bytes
  uptime, boottime  segundos desde que a máquina foi ligada, como o lado conta, em
                    minutos inteiros; quantos o time namespace dele soma
  links, links.up   as interfaces de rede do lado, e as que estão ligadas (listas)
  addresses         os endereços delas: interface endereço/prefixo (lista)
  ipc               quantos objetos IPC System V o lado vê
  queues            filas de mensagens POSIX no /dev/mqueue do lado (lista)
  cap.eff, cap.bnd  capabilities que valem e que um programa pode ganhar (listas)
  no-new-privs      1 onde nenhum programa dá direitos
  seccomp           2 onde um filtro olha as chamadas de sistema
Só do lado de fora (outside), do cgroup do processo; limites são um número ou \"max\":
  pids.max, pids.current, pids.refused (forks que o limite recusou)
  memory.max, memory.current (bytes), memory.oom-kills, memory.oom-words (o que
  o log do kernel disse da última morte)
  cpu.max, cpu.current (por cento de um núcleo), cpu.throttled (vezes),
  cpu.throttled-time (ms), cpu.weight (100 é o normal), cpu.share (por cento do
  que o cgroup acima usou)
  io.max, io.current (bytes por segundo, escritos), io.written (bytes)
  frozen            1 enquanto tudo nele está parado
  cpu.pressure, memory.pressure, io.pressure
                    por cento dos últimos 10 s em que algum processo esperou
Só do lado de fora, do cabo até a rede do processo:
  net.rate (bits por segundo, ou \"max\"), net.current (bits por segundo), net.dropped";

#[cfg(test)]
mod tests {
    use super::{KEYS, KEYS_PT_BR};
    use crate::kernel::fact::Fact;

    #[test]
    fn every_key_is_explained() {
        for (fact, keys) in Fact::ALL.iter().flat_map(|fact| [(fact, KEYS), (fact, KEYS_PT_BR)]) {
            let told = keys.split(|c: char| c.is_whitespace() || c == ',').any(|word| word == fact.key());
            assert!(told, "{fact} is not in the help");
        }
    }
}
