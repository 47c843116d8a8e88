//! Numbers of one kind, measured again and again.

use std::time::Duration;

/// What was measured, in the order in which it was.
#[derive(Debug, Default, Clone, serde::Serialize, serde::Deserialize)]
pub struct Series(pub Vec<f64>);

impl Series {
    pub fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1000.0);
    }

    /// The value that half of them do not exceed.
    pub fn median(&self) -> f64 {
        self.percentile(50)
    }

    /// The value that so many in a hundred do not exceed.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(at).copied().unwrap_or(f64::NAN)
    }
}
