//! `cargo bench`: how fast unha is, beside the programs that do the same; it writes the table of the README.
//!
//! Times of one machine say little; so what is compared runs in turns, and the ratio of the medians is what counts.
//! `cargo bench -- run`, `-- screen`, `-- many`, `-- import` and `-- loads` measure a part and only print it.

mod import;
mod loads;
mod many;
mod run;
mod screen;
mod series;
mod table;
mod terminal;

use std::process::ExitCode;

use self::table::Table;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // Started anew by ourselves.
        [run::SIZE_OF, command @ ..] => run::size_of(command),
        [run::BESIDE_CRUN, bundle] => run::beside_crun(bundle, false),
        [run::ALL_BESIDE_CRUN, bundle] => run::beside_crun(bundle, true),
        [many::SLEEPERS] => many::sleepers(),
        [] => measure(&PARTS),
        [part] if PARTS.contains(part) => measure(&[part]),
        _ => Err(anyhow::anyhow!("cargo bench [-- {}]", PARTS.join("|"))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("speed: {why:#}");
            ExitCode::FAILURE
        }
    }
}

/// What is measured; only all of it together is written to the READMEs.
const PARTS: [&str; 5] = ["run", "screen", "many", "import", "loads"];

fn measure(parts: &[&str]) -> anyhow::Result<()> {
    let mut table = Table::default();
    for part in parts {
        match *part {
            "run" => run::measure(&mut table)?,
            "screen" => screen::measure(&mut table)?,
            "many" => many::measure(&mut table)?,
            "import" => import::measure(&mut table)?,
            _ => loads::measure(&mut table)?,
        }
    }
    println!("\n{}", table.text(table::Lang::En));
    if parts == PARTS {
        table.write()?;
    }
    Ok(())
}
