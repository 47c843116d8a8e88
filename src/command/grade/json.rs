//! The report for a program. The keys are stable within a schema: README.md describes them.

use serde_json::json;

use super::Report;
use crate::course::grade::{allows, holds, means};
use crate::course::text::Lang;

/// All of it.
pub(super) fn of(report: &Report, lang: Lang) -> String {
    let item = |item| {
        let mut said = json!(item);
        said["means"] = json!(means(item, lang));
        said["allows"] = json!(allows(item, lang));
        said
    };
    let evidence = &report.evidence;
    let told = json!({
        "schema": 1,
        "container": !report.kinds.is_empty(),
        "holds": !report.kinds.is_empty() && holds(&report.items),
        "command": report.command,
        "pid": evidence.pid(),
        "pid-inside": evidence.pids.last(),
        "name": evidence.name,
        "apart": report.kinds,
        "items": report.items.iter().map(item).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&told).map_or_else(|error| error.to_string(), |json| json + "\n")
}
