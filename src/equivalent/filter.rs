//! The seccomp filter, compiled, as text that a shell can carry: gzip and base64 of what the kernel is given. seccomp(2).

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::Wanted;

/// The width of a line of it.
const WIDTH: usize = 76;

/// Each program of the filter, in the order in which they are installed; `None` where the profile cannot be compiled.
pub(super) fn programs(wanted: &Wanted) -> Option<Vec<String>> {
    let programs = wanted.spec.filters().ok()?;
    programs.iter().map(|program| packed(program)).collect()
}

fn packed(program: &[u8]) -> Option<String> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(program).ok()?;
    let text = STANDARD.encode(gzip.finish().ok()?);
    let lines: Vec<&str> = (0..text.len()).step_by(WIDTH).map(|at| &text[at..text.len().min(at + WIDTH)]).collect();
    Some(lines.join("\n"))
}
