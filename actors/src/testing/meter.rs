//! A meter for tests that measure nothing.

use std::time::Duration;

use crate::ports::{Count, Level, Meter, Timing};

/// Forgets everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct NullMeter;

impl Meter for NullMeter {
    fn add(&self, _: Count, _: u64) {}
    fn shift(&self, _: Level, _: i64) {}
    fn observe(&self, _: Timing, _: Duration) {}
}
