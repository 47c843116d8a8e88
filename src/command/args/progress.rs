//! The options of `unha progress`.

use std::path::PathBuf;

use clap::Args as Options;

#[derive(Debug, Options)]
pub struct Progress {
    /// show, export, import or reset; without it, show.
    #[arg(value_name = "show|export|import|reset", value_parser = account)]
    pub what: Option<Account>,
    /// The file to export to or to import; without it or with `-`, stdout or stdin.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// With reset: do not ask.
    #[arg(long)]
    pub yes: bool,
    /// With export: write over a file that is there. With import: take a damaged file as far as it can be read.
    #[arg(long)]
    pub force: bool,
}

/// What is to become of progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// It is shown.
    Show,
    /// It is written out.
    Export,
    /// What was written out is merged with it.
    Import,
    /// It is wiped out.
    Reset,
}

/// What `unha progress` takes.
pub const ACCOUNTS: [&str; 4] = ["show", "export", "import", "reset"];

fn account(what: &str) -> Result<Account, &'static str> {
    match what {
        "show" => Ok(Account::Show),
        "export" => Ok(Account::Export),
        "import" => Ok(Account::Import),
        "reset" => Ok(Account::Reset),
        _ => Err("show, export, import, reset"),
    }
}
