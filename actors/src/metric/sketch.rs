//! Quantiles within 1 % of the true ones, in bounded memory.
//!
//! A histogram whose buckets grow by a constant factor, so that every number lies within 1 % of the middle of its
//! bucket (DDSketch: Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
//! guarantees", 2019). Buckets are counts, so two sketches are merged by adding, and what leaves is taken away.

use std::collections::BTreeMap;

use super::window::{Entry, Measuring};
use crate::domain::Decimal;

/// The relative error of a quantile.
const ERROR: f64 = 0.01;
/// From one bucket to the next.
const GROWTH: f64 = (1.0 + ERROR) / (1.0 - ERROR);
/// Above the number of the last bucket there can be on either side of zero: 10^±28 lie 3,224 from 1.
const OFFSET: i16 = 4_000;

/// How many numbers lie in each bucket of the window.
#[derive(Debug, Clone, Default)]
pub struct Sketch {
    buckets: BTreeMap<i16, u64>,
    count: u64,
}

/// The bucket of a number; they rise as numbers do, that of zero is 0.
fn bucket(number: f64) -> i16 {
    if number == 0.0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a Decimal lies within ±3,300")]
    let from_one = (number.abs().ln() / GROWTH.ln()).ceil() as i16;
    let index = (from_one + OFFSET).max(1);
    if number > 0.0 { index } else { -index }
}

/// The number in the middle of a bucket.
fn middle(bucket: i16) -> f64 {
    if bucket == 0 {
        return 0.0;
    }
    let amount = 2.0 * GROWTH.powi(i32::from(bucket.abs() - OFFSET)) / (GROWTH + 1.0);
    amount.copysign(f64::from(bucket))
}

impl Sketch {
    /// The smallest bucket that so large a share of the numbers does not exceed; nothing where there are none.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<Decimal> {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count of the window is within 2^53, and its share is no larger"
        )]
        let rank = ((self.count as f64 * share).ceil() as u64).max(1);
        let mut seen = 0;
        let reached = self.buckets.iter().find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        reached.and_then(|(bucket, _)| Decimal::from_f64(middle(*bucket)).ok())
    }

    fn add(&mut self, bucket: i16, count: u64) {
        *self.buckets.entry(bucket).or_default() += count;
        self.count += count;
    }
}

impl Measuring for Sketch {
    type Cell = Vec<(i16, u64)>;

    fn enter(&mut self, cell: Option<Self::Cell>, entry: Entry) -> Self::Cell {
        let bucket = bucket(entry.value.to_f64());
        self.add(bucket, entry.count);
        let mut cell = cell.unwrap_or_default();
        match cell.iter_mut().find(|(known, _)| *known == bucket) {
            Some((_, count)) => *count += entry.count,
            None => cell.push((bucket, entry.count)),
        }
        cell
    }

    fn leave(&mut self, cell: Self::Cell) {
        for (bucket, count) in cell {
            if let Some(known) = self.buckets.get_mut(&bucket) {
                *known -= count;
                if *known == 0 {
                    self.buckets.remove(&bucket);
                }
            }
            self.count -= count;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(number: f64) -> Entry {
        Entry::with(Decimal::from_f64(number).unwrap())
    }

    #[test]
    fn the_largest_and_smallest_numbers_have_buckets() {
        for number in [9e27, -9e27, 1e-28, -1e-28, 1.0, -1.0, 0.0] {
            let mut sketch = Sketch::default();
            sketch.enter(None, entry(number));
            let found = sketch.quantile(0.95).unwrap().to_f64();
            assert!((found - number).abs() <= number.abs() * 0.0101, "{number}: {found}");
        }
    }

    proptest! {
        #[test]
        fn quantiles_are_within_a_hundredth(
            numbers in prop::collection::vec(-1e6_f64..1e6, 1..200), leaving in prop::collection::vec(-1e6_f64..1e6, 0..50)
        ) {
            let mut sketch = Sketch::default();
            let gone: Vec<_> = leaving.iter().map(|number| sketch.enter(None, entry(*number))).collect();
            for number in &numbers {
                sketch.enter(None, entry(*number));
            }
            for cell in gone {
                sketch.leave(cell);
            }
            let mut sorted = numbers.clone();
            sorted.sort_by(f64::total_cmp);
            let rank = (numbers.len() as f64 * 0.95).ceil() as usize;
            let truth = sorted[rank - 1];
            let found = sketch.quantile(0.95).unwrap().to_f64();
            prop_assert!((found - truth).abs() <= truth.abs() * 0.0101 + 1e-9, "{found} for {truth}");
        }
    }
}
