//! `unha clean`: removes what runs that were killed left behind, and only that.

use std::process::ExitCode;

use super::words;
use crate::course::text::Lang;
use crate::kernel::record;

/// Removes it; with `dry_run`, only says what it would remove.
pub fn run(dry_run: bool, lang: Lang) -> ExitCode {
    let swept = record::sweep(&record::folder(), dry_run);
    let verb = match (dry_run, lang) {
        (true, Lang::En) => "would remove",
        (true, Lang::PtBr) => "seria removido:",
        (false, Lang::En) => "removed",
        (false, Lang::PtBr) => "removido:",
    };
    for path in swept.cgroups.iter().chain(&swept.records) {
        println!("{verb} {}", path.display());
    }
    for why in &swept.failed {
        words::complain(&words::plainly(why, lang));
    }
    if swept.records.is_empty() && swept.failed.is_empty() {
        println!("{}", lang.pick("nothing was left behind", "não ficou nada para trás"));
    }
    ExitCode::from(u8::from(!swept.failed.is_empty()))
}
