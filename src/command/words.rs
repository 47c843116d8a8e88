//! What the command line says, in both languages.

use crate::course::text::Lang;
use crate::kernel::container::link::Failed;

/// A failure as a sentence, with the next thing to do.
pub fn failure(failed: &Failed, lang: Lang) -> String {
    let _ = lang;
    failed.to_string()
}
