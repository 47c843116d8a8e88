//! The table of the README: what was measured, beside whom, and what it may be at most.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

const BEGIN: &str = "<!-- speed:begin -->";
const END: &str = "<!-- speed:end -->";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    En,
    Pt,
}

/// What is allowed: so many times the peer's value, or so much, whatever the peer does.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    Times(f64),
    Plain(f64),
}

/// One line of the table.
#[derive(Debug)]
pub struct Row {
    /// In English and in Portuguese.
    pub what: [&'static str; 2],
    pub unit: &'static str,
    pub ours: f64,
    /// The peer's value.
    pub theirs: Option<f64>,
    pub limit: Limit,
}

#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    /// The peers and their versions.
    pub peers: Vec<String>,
}

impl Table {
    /// Adds a row, and says it at once: the rest takes a while.
    pub fn add(&mut self, row: Row) {
        let beside = row.theirs.map_or_else(String::new, |theirs| {
            format!(" beside {} {}, ratio {:.2}", number(theirs, Lang::En), row.unit, row.ours / theirs)
        });
        let holds = if row.holds() { "" } else { ": MISSED" };
        println!(
            "{}: {} {}{beside} (at most {}){holds}",
            row.what[0],
            number(row.ours, Lang::En),
            row.unit,
            row.most(Lang::En)
        );
        self.rows.push(row);
    }

    /// The table and what it was measured on.
    pub fn text(&self, lang: Lang) -> String {
        let pick = |en, pt| if lang == Lang::En { en } else { pt };
        let mut text = pick(
            "| What | unha | the other | ratio | at most |\n|---|--:|--:|--:|--:|\n",
            "| O quê | unha | o outro | razão | no máximo |\n|---|--:|--:|--:|--:|\n",
        )
        .to_owned();
        for row in &self.rows {
            let value = |value| format!("{} {}", number(value, lang), row.unit);
            let theirs = row.theirs.map_or_else(String::new, value);
            let ratio = row.theirs.map_or_else(String::new, |theirs| ratio(row.ours / theirs, lang));
            let what = pick(row.what[0], row.what[1]);
            let _ = writeln!(text, "| {what} | {} | {theirs} | {ratio} | {} |", value(row.ours), row.most(lang));
        }
        let built = if cfg!(target_env = "musl") {
            pick("static (musl) build", "compilação estática (musl)")
        } else {
            pick("ordinary (glibc) build", "compilação comum (glibc)")
        };
        let machine = machine(lang);
        let peers = self.peers.join(", ");
        let target = if cfg!(target_env = "musl") {
            format!(" --target {}-unknown-linux-musl", std::env::consts::ARCH)
        } else {
            String::new()
        };
        let _ =
            writeln!(text, "\n{machine}; unha {}, {built}; {peers}; `cargo bench{target}`.", env!("CARGO_PKG_VERSION"));
        text
    }

    /// Puts the table between the markers of the READMEs.
    pub fn write(&self) -> anyhow::Result<()> {
        for (name, lang) in [("README.md", Lang::En), ("README.pt-BR.md", Lang::Pt)] {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let Some(new) = put(&text, &self.text(lang)) else {
                println!("{name} has no {BEGIN} … {END}: not written");
                continue;
            };
            std::fs::write(&file, new).with_context(|| name)?;
            println!("written: {name}");
        }
        Ok(())
    }
}

impl Row {
    fn holds(&self) -> bool {
        match (self.limit, self.theirs) {
            (Limit::Times(most), Some(theirs)) => self.ours / theirs <= most,
            (Limit::Times(_), None) => false,
            (Limit::Plain(most), _) => self.ours <= most,
        }
    }

    fn most(&self, lang: Lang) -> String {
        match self.limit {
            Limit::Times(most) => ratio(most, lang),
            Limit::Plain(most) => format!("{} {}", number(most, lang), self.unit),
        }
    }
}

/// The text with `table` between its markers.
fn put(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}{END}{after}"))
}

fn ratio(value: f64, lang: Lang) -> String {
    in_lang(format!("{value:.2}×"), lang)
}

/// Three digits are as many as mean something.
fn number(value: f64, lang: Lang) -> String {
    let digits = if value >= 100.0 { 0 } else { usize::from(value < 100.0) + usize::from(value < 10.0) };
    in_lang(format!("{value:.digits$}"), lang)
}

fn in_lang(text: String, lang: Lang) -> String {
    if lang == Lang::Pt { text.replace('.', ",") } else { text }
}

/// The processor and the kernel.
fn machine(lang: Lang) -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("?");
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let words = if lang == Lang::En { "cores" } else { "núcleos" };
    format!("{model}, {cores} {words}, Linux {}", kernel.trim())
}

/// The first line that a program prints about its version; `None` when it is not installed.
pub fn says(program: &str, option: &str) -> Option<String> {
    let output = Command::new(program).arg(option).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().next().map(|line| line.replace(" version", ""))
}
