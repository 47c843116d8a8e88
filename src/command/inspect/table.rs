//! The facts of both sides as a table: what differs is marked. proc(5).
//!
//! The learner sees the two columns of the course, for any process.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::course::portuguese::plainly;
use crate::course::text::Lang;
use crate::kernel::fact::{Fact, Facts, Reading, Value};

/// Longer values are cut in the table; `--json` has them whole.
const WIDEST: usize = 34;

/// All of them.
pub(super) fn as_table(outside: &Facts, inside: &Facts, lang: Lang) -> String {
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
                let _ = writeln!(missing, "  {fact}, {side}: {}", plainly(why, lang));
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
    use super::{Fact, Reading, Value, cell, size};

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
