//! A file system inside that gives no answer, for ever: what can be told all the same is told, and what not is named, in time.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Standing, is_root, said};
use crate::skip::{Why, skip};

/// Nobody reads what the kernel asks of this file system. It goes with whoever holds descriptor 3.
const FUSE: &str = "exec 3<>/dev/fuse; \
                    mount -n -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 none /dev || exit 1";

#[test]
fn a_file_system_that_gives_no_answer_holds_nobody_up() {
    let name = "silent::a_file_system_that_gives_no_answer_holds_nobody_up";
    if !is_root() {
        return skip(name, Why::Root);
    }
    if std::fs::File::options().read(true).write(true).open("/dev/fuse").is_err() {
        return println!("SKIP {name}: no /dev/fuse");
    }
    let place = Standing::new(&["unshare", "--mount", "--uts"], &format!("hostname caixa; {FUSE}"));
    let look = |more: &[&str]| {
        let began = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_unha"));
        let output = command.args(["inspect", &place.pid()]).args(more).env("LC_ALL", "C").output().unwrap();
        // Two seconds, and what a busy machine adds.
        assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
        output
    };
    let output = look(&["--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(report["inside"]["hostname"], json!({"value": "caixa"}));
    assert!(report["inside"]["os"]["value"].is_string(), "{}", report["inside"]["os"]);
    assert_eq!(report["inside"]["queues"], json!({"missing": "no answer within two seconds"}));
    assert_eq!(report["inside"]["devices"], json!({"missing": "not asked, for there was no answer to queues"}));
    assert_eq!(report["unknown"][0]["item"], "evidence");
    let sentence = String::from_utf8_lossy(&output.stderr);
    assert!(sentence.contains("no answer within two seconds: queues, evidence"), "{sentence}");
    let (status, text) = said(&look(&["--lang", "pt-BR"]));
    assert_eq!(status, Some(0), "{text}");
    for words in ["queues, dentro: sem resposta em dois segundos", "não responderam em dois segundos", "mountinfo"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("Nenhum dos furos conhecidos"), "{text}");
}
