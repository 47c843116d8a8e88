//! The report itself: its shape for a program, and its lines for a person.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use crate::part::both;

#[test]
fn json_is_as_documented() {
    both(|here| {
        let judged = here.judged(&["unshare", "--user", "--map-root-user", "--uts", "sh"]);
        let json = &judged.json;
        let keys: BTreeSet<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        let wanted = ["schema", "container", "holds", "command", "pid", "pid-inside", "name", "apart", "items"];
        assert_eq!(keys, wanted.into());
        assert_eq!((&json["schema"], &json["holds"]), (&1.into(), &false.into()));
        assert_eq!(json["command"], serde_json::json!(["unshare", "--user", "--map-root-user", "--uts", "sh"]));
        let readme = include_str!("../../README.md");
        for item in json["items"].as_array().unwrap() {
            let keys: BTreeSet<&str> = item.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, ["item", "verdict", "finding", "means", "allows", "seen"].into());
            assert!(item["seen"].as_array().is_some_and(|seen| !seen.is_empty()), "{item}: no evidence");
            assert_eq!(item["allows"].is_null(), item["verdict"] == "has", "{item}");
            for key in ["item", "finding"] {
                assert!(readme.contains(&format!("`{}`", item[key].as_str().unwrap())), "{item}: not in README.md");
            }
        }
    });
}

#[test]
fn the_report_fits_80_columns_in_both_languages() {
    both(|here| {
        let words = [("en", "has      uts", "missing  time"), ("pt-BR", "tem      uts", "falta    time")];
        for (lang, has, missing) in words {
            let done = here.grade(&format!("--lang {lang}"), &["unshare", "--user", "--map-root-user", "--uts", "sh"]);
            assert_eq!(done.code, 1, "{done:?}");
            assert!(done.out.contains(has) && done.out.contains(missing), "{}", done.out);
            assert!(done.out.lines().all(|line| line.width() <= 79 && !line.contains('\u{1b}')), "{}", done.out);
        }
    });
}

#[test]
fn what_a_container_calls_itself_commands_no_terminal() {
    both(|here| {
        let name = here.dir.join("tmp/\u{1b}[2Jbad\u{7}");
        std::fs::copy("/bin/sleep", &name).unwrap();
        let done = here.grade("--lang en", &["unshare", "--user", "--uts", name.to_str().unwrap(), "1000"]);
        assert_eq!(done.code, 1, "{done:?}");
        assert!(!done.out.contains(['\u{1b}', '\u{7}']) && done.out.contains("bad"), "{}", done.out);
        std::fs::remove_file(name).unwrap();
    });
}
