//! What each measure keeps of a window, and what it comes to.

use std::collections::BTreeMap;
use std::time::Duration;

use super::sketch::Sketch;
use super::window::{Entry, Measuring, Window};
use crate::domain::{Aggregate, Decimal, Measure, Timestamp};

/// How many.
#[derive(Debug, Clone, Default)]
pub struct Counting(u64);

impl Counting {
    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0
    }
}

impl Measuring for Counting {
    type Cell = u64;

    fn enter(&mut self, cell: Option<u64>, entry: Entry) -> u64 {
        self.0 += entry.count;
        cell.unwrap_or(0) + entry.count
    }

    fn leave(&mut self, cell: u64) {
        self.0 -= cell;
    }
}

/// The sum of numbers, and how many they are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Summing {
    sum: Decimal,
    count: u64,
}

impl Measuring for Summing {
    type Cell = Self;

    fn enter(&mut self, cell: Option<Self>, entry: Entry) -> Self {
        let add = |to: Self| Self { sum: to.sum.plus(entry.value), count: to.count + entry.count };
        *self = add(*self);
        add(cell.unwrap_or_default())
    }

    fn leave(&mut self, cell: Self) {
        *self = Self { sum: self.sum.minus(cell.sum), count: self.count - cell.count };
    }
}

/// The smallest or largest number of each millisecond; of these the window has one at either end.
#[derive(Debug, Clone)]
pub struct Extremes {
    largest: bool,
    of_slots: BTreeMap<Decimal, u32>,
}

impl Extremes {
    fn extreme(&self) -> Option<Decimal> {
        let end = if self.largest { self.of_slots.last_key_value() } else { self.of_slots.first_key_value() };
        end.map(|(value, _)| *value)
    }
}

impl Measuring for Extremes {
    type Cell = Decimal;

    fn enter(&mut self, cell: Option<Decimal>, entry: Entry) -> Decimal {
        let further = |than: Decimal| if self.largest { entry.value > than } else { entry.value < than };
        match cell {
            Some(cell) if !further(cell) => return cell,
            Some(cell) => self.leave(cell),
            None => {}
        }
        *self.of_slots.entry(entry.value).or_default() += 1;
        entry.value
    }

    fn leave(&mut self, cell: Decimal) {
        if let Some(slots) = self.of_slots.get_mut(&cell) {
            *slots -= 1;
            if *slots == 0 {
                self.of_slots.remove(&cell);
            }
        }
    }
}

/// A window with the measure of a rule.
#[derive(Debug, Clone)]
pub enum Tally {
    /// How many.
    Count(Window<Counting>),
    /// The sum.
    Sum(Window<Summing>),
    /// The sum over the number.
    Avg(Window<Summing>),
    /// The smallest or the largest.
    Extreme(Window<Extremes>),
    /// The one that 95 % do not exceed.
    P95(Window<Sketch>),
}

/// Does the same with whichever window it is.
macro_rules! each {
    ($tally:expr, $window:ident => $does:expr) => {
        match $tally {
            Tally::Count($window) => $does,
            Tally::Sum($window) | Tally::Avg($window) => $does,
            Tally::Extreme($window) => $does,
            Tally::P95($window) => $does,
        }
    };
}

impl Tally {
    /// An empty window of this length.
    #[must_use]
    pub fn new(measure: &Measure, span: Duration) -> Self {
        let extremes = |largest| Window::new(span, Extremes { largest, of_slots: BTreeMap::new() });
        match measure {
            Measure::Count => Self::Count(Window::new(span, Counting::default())),
            Measure::Of(Aggregate::Sum, _) => Self::Sum(Window::new(span, Summing::default())),
            Measure::Of(Aggregate::Avg, _) => Self::Avg(Window::new(span, Summing::default())),
            Measure::Of(Aggregate::Min, _) => Self::Extreme(extremes(false)),
            Measure::Of(Aggregate::Max, _) => Self::Extreme(extremes(true)),
            Measure::Of(Aggregate::P95, _) => Self::P95(Window::new(span, Sketch::default())),
        }
    }

    /// What it comes to; nothing, where there is nothing of which it could be said.
    #[must_use]
    pub fn value(&self) -> Option<Decimal> {
        match self {
            Self::Count(window) => Some(window.whole().total().into()),
            Self::Sum(window) => Some(window.whole().sum),
            Self::Avg(window) => {
                let Summing { sum, count } = *window.whole();
                (count > 0).then(|| sum.divided(count))
            }
            Self::Extreme(window) => window.whole().extreme(),
            Self::P95(window) => window.whole().quantile(0.95),
        }
    }

    /// The instant at which the oldest events stop counting; nothing counts, when there is none.
    #[must_use]
    pub fn next_expiry(&self) -> Option<Timestamp> {
        each!(self, window => window.next_expiry())
    }

    /// Forgets what does not count at `now` any more.
    pub fn expire(&mut self, now: Timestamp) {
        each!(self, window => window.expire(now));
    }

    /// Takes events, in any order; those that do not count at `now` any more are left out.
    pub fn insert(&mut self, events: impl IntoIterator<Item = (Timestamp, Entry)>, now: Timestamp) {
        each!(self, window => window.insert(events, now));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::FieldPath;

    fn at(millis: i64) -> Timestamp {
        Timestamp::clamped(millis)
    }

    fn of(kind: &str) -> Tally {
        let field = (kind != "count").then_some("amount");
        Tally::new(&Measure::parse(kind, field).unwrap(), Duration::from_secs(1))
    }

    #[test]
    fn an_empty_window_has_a_count_and_a_sum_and_nothing_else() {
        let zero = Some(Decimal::ZERO);
        for (kind, value) in
            [("count", zero), ("sum", zero), ("avg", None), ("min", None), ("max", None), ("p95", None)]
        {
            assert_eq!(of(kind).value(), value, "{kind}");
        }
        assert_eq!(Measure::parse("sum", Some("amount")).unwrap().field(), Some(&FieldPath::parse("amount").unwrap()));
    }

    /// By plain recount of the numbers that count at an instant.
    fn recount(kind: &str, numbers: &[i64]) -> Option<Decimal> {
        let exactly = |n: i64| Decimal::parse(&format!("{n}e-2")).unwrap();
        let sum = || exactly(numbers.iter().sum());
        match kind {
            "count" => Some((numbers.len() as u64).into()),
            "sum" => Some(sum()),
            "avg" => (!numbers.is_empty()).then(|| sum().divided(numbers.len() as u64)),
            "min" => numbers.iter().min().map(|n| exactly(*n)),
            _ => numbers.iter().max().map(|n| exactly(*n)),
        }
    }

    proptest! {
        /// Late and in any order, several in a millisecond, and the same again as they leave.
        #[test]
        fn every_measure_is_that_of_a_recount(
            steps in prop::collection::vec((0_i64..400, prop::collection::vec((0_i64..1_500, -500_i64..500), 0..8)), 1..60)
        ) {
            let kinds = ["count", "sum", "avg", "min", "max"];
            let mut tallies: Vec<Tally> = kinds.iter().map(|kind| of(kind)).collect();
            let mut all: Vec<(i64, i64)> = Vec::new();
            let mut now = 0;
            for (step, events) in steps {
                now += step;
                let batch: Vec<(i64, i64)> = events.iter().map(|(late, n)| (now - late, *n)).collect();
                all.extend(&batch);
                let counting: Vec<i64> = all.iter().filter(|(t, _)| now - 1_000 < *t && *t <= now).map(|(_, n)| *n).collect();
                for (kind, tally) in kinds.iter().zip(&mut tallies) {
                    tally.expire(at(now));
                    let entry = |n: i64| Entry::with(Decimal::parse(&format!("{n}e-2")).unwrap());
                    tally.insert(batch.iter().map(|(t, n)| (at(*t), entry(*n))), at(now));
                    prop_assert_eq!(tally.value(), recount(kind, &counting), "{} at {}", kind, now);
                }
            }
        }
    }
}
