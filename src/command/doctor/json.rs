//! What was found, for a program. The keys are stable within a schema: README.md describes them.

use serde_json::{Value, json};

use super::Report;
use crate::course::doctor::runs;
use crate::course::mend::mend;
use crate::course::text::Lang;

/// All of it, on one line.
pub(super) fn of(report: &Report, lang: Lang) -> Value {
    let feature = |finding: &crate::kernel::doctor::Finding| {
        let ids: Vec<&str> = report.concerned(finding).map(|(_, lesson)| lesson.id.as_str()).collect();
        let mut feature = json!({ "feature": finding.what, "standing": finding.standing, "lessons": ids });
        if let Some(value) = &finding.value {
            feature["value"] = json!(value);
        }
        if let Some(because) = &finding.because {
            feature["reason"] = json!(because.reason);
            feature["seen"] = json!(because.seen);
            feature["call"] = json!(because.call.as_ref().map(ToString::to_string));
            feature["mend"] = json!(mend(because, &report.about, lang));
        }
        feature
    };
    let lesson =
        |lesson: &crate::course::lesson::Lesson| json!({ "lesson": lesson.id, "runs": runs(lesson, &report.findings) });
    json!({
        "schema": 1,
        "course": report.whole(),
        "machine": report.about,
        "features": report.findings.iter().map(feature).collect::<Vec<_>>(),
        "lessons": report.lessons.iter().map(lesson).collect::<Vec<_>>(),
        "helps": report.helps(lang),
    })
}
