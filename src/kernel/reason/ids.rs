//! Why there is a single user id, as a reason: from [`NoRange`]. subuid(5), newuidmap(1).

use super::{Because, Reason};
use crate::kernel::bench::without::NoRange;

impl Because {
    /// Why a bench has one user id and not a range of them.
    #[must_use]
    pub fn of_no_range(why: &NoRange) -> Self {
        let reason = match why {
            NoRange::NoProgram { .. } => Reason::NoNewuidmap,
            NoRange::NoEntry { .. } => Reason::NoSubids,
            NoRange::Refused { .. } => Reason::NewuidmapRefused,
        };
        Self::seen(reason, [why.to_string()])
    }
}
