//! Times that were taken, and what they come to.

use std::time::Instant;

use crate::server::quantile;

/// In milliseconds.
#[derive(Default)]
pub(super) struct Figures(Vec<f64>);

impl Figures {
    pub(super) fn note(&mut self, from: Instant, to: Instant) {
        self.add(to.saturating_duration_since(from).as_secs_f64() * 1e3);
    }

    pub(super) fn add(&mut self, millis: f64) {
        self.0.push(millis);
    }

    pub(super) fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        quantile(&sorted, share)
    }

    pub(super) fn print(&self, what: &str) {
        println!(
            "{what}: p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms of {}",
            self.quantile(0.5),
            self.quantile(0.99),
            self.quantile(1.0),
            self.0.len()
        );
    }
}
