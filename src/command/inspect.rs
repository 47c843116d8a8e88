//! `unha inspect PID`: the facts of any process beside this machine's, by the code behind the two columns.
//!
//! Any container will do: to the kernel, Docker's are processes like ours.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, ExitCode};
use std::time::Duration;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::course::text::Lang;
use crate::kernel::fact::{Fact, Facts, Reading, Value};
use crate::kernel::probe::{self, Log, Proc};

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

/// Longer values are cut in the table; `--json` has them whole.
const WIDEST: usize = 34;

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    outside: &'a Facts,
    inside: &'a Facts,
}

/// Prints both sides of the process `pid`.
pub fn run(pid: &str, json: bool, lang: Lang) -> ExitCode {
    let Ok(number @ 1..) = pid.parse::<u32>() else {
        let number = lang.pick("is not a process number", "não é um número de processo");
        eprintln!("unha: \"{}\" {number}. {}", pid.escape_debug(), lang.pick(LIST.0, LIST.1));
        return ExitCode::from(super::MISUSED);
    };
    match look(number, lang) {
        Ok((outside, inside)) => {
            let text = if json { as_json(&outside, &inside) } else { as_table(&outside, &inside, lang) };
            // A reader that has seen enough, such as head, is no failure.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("unha: {sentence}");
            ExitCode::FAILURE
        }
    }
}

const LIST: (&str, &str) = ("Next: `ps -e` lists them.", "Use `ps -e` para ver os que existem.");

fn look(pid: u32, lang: Lang) -> Result<(Facts, Facts), String> {
    let proc = Proc::open("/proc").map_err(|why| why.to_string())?;
    let (mut outside, mut inside) =
        probe::once(&proc, pid, Duration::from_millis(100)).map_err(|lost| lost.to_string())?;
    if let Reading::Missing(why) = &outside[&Fact::Pid] {
        let nobody = lang.pick("there is no such process here", "não existe esse processo aqui");
        return Err(format!("{nobody}: {why}. {}", lang.pick(LIST.0, LIST.1)));
    }
    if let Reading::Missing(why) = &inside[&Fact::NsUts] {
        let (closed, next) = if why.ends_with("EACCES") {
            let closed =
                lang.pick("that process may not be looked into", "não é permitido olhar dentro desse processo");
            let next =
                lang.pick("Next: the same with sudo, or as its user.", "Tente com sudo ou como o dono do processo.");
            (closed, next)
        } else {
            let closed = lang.pick("that process has just ended", "esse processo acabou de terminar");
            (closed, lang.pick(LIST.0, LIST.1))
        };
        return Err(format!("{closed}: {why}. {next}"));
    }
    outside.insert(Fact::OomWords, Log::whole().oom(&proc, Some(pid)));
    if outside[&Fact::NsUser] != inside[&Fact::NsUser] {
        ask_within(pid, &mut inside);
    }
    Ok((outside, inside))
}

/// Fills in what only shows after the user namespace was entered. That has no way back, so another process does it.
fn ask_within(pid: u32, inside: &mut Facts) {
    let unknown: Vec<Fact> = inside.iter().filter(|(_, reading)| reading.value().is_none()).map(|(f, _)| *f).collect();
    if unknown.is_empty() {
        return;
    }
    let told = Command::new("/proc/self/exe").args(["__probe", &pid.to_string()]).output();
    let told = told.ok().and_then(|output| serde_json::from_slice::<Facts>(&output.stdout).ok()).unwrap_or_default();
    inside.extend(told.into_iter().filter(|(fact, reading)| unknown.contains(fact) && reading.value().is_some()));
}

/// The other process: tells what the process `pid` sees, as JSON, from within its user namespace.
pub fn probe(pid: u32) -> ExitCode {
    match Proc::open("/proc").and_then(|proc| probe::inside_for_good(&proc, pid)) {
        Ok(facts) => {
            let _ = serde_json::to_writer(std::io::stdout(), &facts);
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("unha: {why}");
            ExitCode::FAILURE
        }
    }
}

fn as_json(outside: &Facts, inside: &Facts) -> String {
    let report = Report { schema: 1, outside, inside };
    serde_json::to_string_pretty(&report).map_or_else(|error| error.to_string(), |json| json + "\n")
}

fn as_table(outside: &Facts, inside: &Facts, lang: Lang) -> String {
    let head = [lang.pick("fact", "fato"), lang.pick("outside", "fora"), "", lang.pick("inside", "dentro")];
    let mut rows = vec![head.map(str::to_owned)];
    let mut missing = String::new();
    for fact in Fact::ALL {
        let sides = [outside, inside].map(|side| side.get(fact));
        let [there, here] = sides.map(|reading| reading.map_or_else(String::new, |reading| cell(*fact, reading)));
        let sign = match sides.map(|reading| reading.and_then(Reading::value)) {
            [Some(there), Some(here)] if there == here => "=",
            [Some(_), Some(_)] => "≠",
            _ => "",
        };
        rows.push([fact.key().to_owned(), there, sign.to_owned(), here]);
        for (reading, side) in sides.into_iter().zip([head[1], head[3]]) {
            if let Some(Reading::Missing(why)) = reading {
                let _ = writeln!(missing, "  {fact}, {side}: {why}");
            }
        }
    }
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths = [width(0), width(1), 1];
    let mut table = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell}{}  ", " ".repeat(width.saturating_sub(cell.width())));
        }
        let _ = writeln!(table, "{}", (line + &row[3]).trim_end());
    }
    if !missing.is_empty() {
        let _ = write!(table, "\n{}\n{missing}", lang.pick("Could not be read:", "Não deu para ler:"));
    }
    table
}

fn cell(fact: Fact, reading: &Reading) -> String {
    let text = match (fact, reading) {
        (_, Reading::Missing(_)) => "–".to_owned(),
        (Fact::MemoryMax | Fact::MemoryNow | Fact::MemTotal, Reading::Value(Value::Number(bytes))) => size(*bytes),
        (Fact::CpuMax | Fact::CpuNow, Reading::Value(Value::Number(percent))) => format!("{percent} %"),
        (_, Reading::Value(Value::List(items))) if items.is_empty() => "(0)".to_owned(),
        (_, Reading::Value(Value::List(items))) => format!("({}) {}", items.len(), items.join(" ")),
        (_, Reading::Value(value)) => value.to_string(),
    };
    if text.width() <= WIDEST { text } else { text.chars().take(WIDEST - 1).chain(['…']).collect() }
}

/// In the units that `docker run --memory` takes; with one decimal, rounded down, where a whole number says too little.
fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1024 => return format!("{bytes}B"),
        1024..1_048_576 => (1 << 10, 'K'),
        1_048_576..1_073_741_824 => (1 << 20, 'M'),
        _ => (1 << 30, 'G'),
    };
    match (bytes / unit, bytes % unit * 10 / unit) {
        (whole @ 0..10, tenths @ 1..) => format!("{whole}.{tenths}{name}"),
        (whole, _) => format!("{whole}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, KEYS, KEYS_PT_BR, Reading, Value, cell, size};

    #[test]
    fn every_key_is_explained() {
        for (fact, keys) in Fact::ALL.iter().flat_map(|fact| [(fact, KEYS), (fact, KEYS_PT_BR)]) {
            let told = keys.split(|c: char| c.is_whitespace() || c == ',').any(|word| word == fact.key());
            assert!(told, "{fact} is not in the help");
        }
    }

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 1023, 1024, 1536, 32 << 20, 5_500_000, 25 << 30].map(size);
        assert_eq!(sizes, ["0B", "1023B", "1K", "1.5K", "32M", "5.2M", "25G"]);
    }

    #[test]
    fn long_values_are_cut() {
        let long = Reading::Value(Value::List(vec!["/a/long/mount/point".to_owned(); 9]));
        assert_eq!(cell(Fact::MountPoints, &long), "(9) /a/long/mount/point /a/long/m…");
    }
}
