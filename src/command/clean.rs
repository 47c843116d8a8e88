//! `unha clean`: removes what runs that were killed left behind, and only that.
//!
//! What a killed `unha --host` has left on the machine is asked for, difference by difference: nobody saw who did it.

use std::path::Path;
use std::process::ExitCode;

use super::{host, rootfs, words};
use crate::course::text::Lang;
use crate::kernel::host::Notes;
use crate::kernel::probe::Proc;
use crate::kernel::record::{self, Host};
use crate::session::console;

/// Removes it; with `dry_run`, only says what it would remove.
pub fn run(dry_run: bool, lang: Lang) -> ExitCode {
    let swept = record::sweep(&record::folder(), dry_run);
    let sockets = console::sweep(&record::folder(), dry_run);
    let (imports, unremoved) = rootfs::sweep(dry_run, lang);
    let verb = match (dry_run, lang) {
        (true, Lang::En) => "would remove",
        (true, Lang::PtBr) => "seria removido:",
        (false, Lang::En) => "removed",
        (false, Lang::PtBr) => "removido:",
    };
    for path in swept.cgroups.iter().chain(&swept.records).chain(&sockets).chain(&imports) {
        println!("{verb} {}", path.display());
    }
    let mut failed = !swept.failed.is_empty() || !unremoved.is_empty();
    for why in &unremoved {
        words::complain(why);
    }
    for why in &swept.failed {
        words::complain(&words::plainly(why, lang));
    }
    for (path, left) in &swept.hosts {
        failed |= !decide(path, left, dry_run, lang);
    }
    if swept == record::Swept::default() && sockets.is_empty() && imports.is_empty() {
        println!("{}", lang.pick("nothing was left behind", "não ficou nada para trás"));
    }
    ExitCode::from(u8::from(failed))
}

/// Lets the person decide on what a course left on the machine; false if that is still to be done.
fn decide(path: &Path, left: &Host, dry_run: bool, lang: Lang) -> bool {
    let now = match Proc::open("/proc").and_then(|proc| Notes::take(&proc)) {
        Ok(now) => now,
        Err(why) => {
            let covered = lang.pick(
                "what is mounted on /proc is not this machine's\nNext: umount /proc, then unha clean",
                "o que está montado em /proc não é o desta máquina\nTente: umount /proc, depois unha clean",
            );
            words::complain(&format!("{}: {covered}", words::plainly(&why.to_string(), lang)));
            return false;
        }
    };
    println!("{}", lang.pick("unha --host was killed.", "Um unha --host foi morto."));
    let changes = left.notes.until(&now, &left.deeds);
    let line_of = |change: &_| left.deeds.line_of(change).map(str::to_owned);
    let mut typed = host::typed;
    let ask: Option<host::Ask<'_>> = if dry_run || !host::is_asked() { None } else { Some(&mut typed) };
    let nobody = ask.is_none();
    let settled = host::settle(&changes, &line_of, ask, lang);
    if settled && !dry_run {
        return record::forget(path).is_ok();
    }
    if nobody && !settled && !dry_run {
        println!(
            "{}",
            lang.pick(
                "To be asked about each: unha clean, at a terminal",
                "Para decidir um a um: unha clean, num terminal"
            )
        );
    }
    dry_run
}
