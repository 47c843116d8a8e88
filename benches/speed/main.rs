//! `cargo bench`: how fast unha is, beside the programs that do the same; it writes the table of the README.
//!
//! Times of one machine say little; so what is compared runs in turns, and the ratio of the medians is what counts.
//! `cargo bench -- run` and `cargo bench -- screen` measure a part and only print it.

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
        [run::BESIDE_CRUN, bundle] => run::beside_crun(bundle),
        [] => measure(true, true),
        ["run"] => measure(true, false),
        ["screen"] => measure(false, true),
        _ => Err(anyhow::anyhow!("cargo bench [-- run|screen]")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("speed: {why:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(run: bool, screen: bool) -> anyhow::Result<()> {
    let mut table = Table::default();
    if run {
        run::measure(&mut table)?;
    }
    if screen {
        screen::measure(&mut table)?;
    }
    println!("\n{}", table.text(table::Lang::En));
    if run && screen {
        table.write()?;
    }
    Ok(())
}
