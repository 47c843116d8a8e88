//! "Your container in 12 lines": the run's journal as a commented shell script that works without unha.

use super::text::Lang;
use crate::kernel::journal::Call;

/// The script that does what these calls did.
#[must_use]
pub fn script(journal: &[Call], lang: Lang) -> Vec<String> {
    let _ = (journal, lang);
    Vec::new()
}
