//! The last minute, exactly: what counts at `now` are the events with `now − span < at ≤ now`.

use std::collections::VecDeque;
use std::time::Duration;

use crate::domain::{Decimal, Timestamp};

/// What counts at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// How many documents; one, where a number of it is measured.
    pub count: u64,
    /// That number.
    pub value: Decimal,
}

impl Entry {
    /// So many documents, of which nothing but their number is measured.
    #[must_use]
    pub fn of(count: u64) -> Self {
        Self { count, value: Decimal::ZERO }
    }

    /// One document with its number.
    #[must_use]
    pub fn with(value: Decimal) -> Self {
        Self { count: 1, value }
    }
}

/// What one measure keeps: a cell for each millisecond, and the whole of the window.
pub trait Measuring {
    /// Of a millisecond.
    type Cell;

    /// An entry comes in; its millisecond has this cell, or none yet.
    fn enter(&mut self, cell: Option<Self::Cell>, entry: Entry) -> Self::Cell;

    /// A millisecond leaves.
    fn leave(&mut self, cell: Self::Cell);
}

/// A sliding window, one slot for each millisecond in which something counts.
///
/// There are never more slots than the span has milliseconds, whatever the traffic: for a count 16 bytes each, about
/// 1 MiB for a minute. Moving it costs O(1) for each slot that expires.
#[derive(Debug, Clone)]
pub struct Window<M: Measuring> {
    span: Duration,
    slots: VecDeque<(Timestamp, M::Cell)>,
    whole: M,
}

impl<M: Measuring> Window<M> {
    /// An empty window of this length.
    #[must_use]
    pub fn new(span: Duration, whole: M) -> Self {
        Self { span, slots: VecDeque::new(), whole }
    }

    /// The measure, as of the last [`Window::expire`].
    #[must_use]
    pub fn whole(&self) -> &M {
        &self.whole
    }

    /// The instant at which the oldest events stop counting.
    #[must_use]
    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.slots.front().map(|(at, _)| at.plus(self.span))
    }

    /// Forgets what does not count at `now` any more.
    pub fn expire(&mut self, now: Timestamp) {
        while self.slots.front().is_some_and(|(at, _)| at.plus(self.span) <= now) {
            if let Some((_, cell)) = self.slots.pop_front() {
                self.whole.leave(cell);
            }
        }
    }

    /// Takes events, in any order; those that do not count at `now` any more are left out.
    pub fn insert(&mut self, events: impl IntoIterator<Item = (Timestamp, Entry)>, now: Timestamp) {
        let mut fresh: Vec<(Timestamp, Entry)> =
            events.into_iter().filter(|(at, entry)| entry.count > 0 && at.plus(self.span) > now).collect();
        fresh.sort_unstable_by_key(|(at, _)| *at);
        let Some((first, _)) = fresh.first().copied() else { return };
        // Late events are merged with the slots from theirs on; most batches find none there.
        let keep = self.slots.partition_point(|(at, _)| *at < first);
        let later = self.slots.split_off(keep);
        let mut later = later.into_iter().peekable();
        for (at, entry) in fresh {
            while let Some(slot) = later.next_if(|(slot_at, _)| *slot_at <= at) {
                self.slots.push_back(slot);
            }
            let same = self.slots.pop_back_if(|(back, _)| *back == at).map(|(_, cell)| cell);
            let cell = self.whole.enter(same, entry);
            self.slots.push_back((at, cell));
        }
        self.slots.extend(later);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::measures::Counting;
    use super::*;

    const SPAN: Duration = Duration::from_millis(60_000);

    fn at(millis: i64) -> Timestamp {
        Timestamp::clamped(millis)
    }

    fn counting(span: Duration) -> Window<Counting> {
        Window::new(span, Counting::default())
    }

    fn insert(window: &mut Window<Counting>, events: &[(i64, u64)], now: i64) {
        window.insert(events.iter().map(|(millis, count)| (at(*millis), Entry::of(*count))), at(now));
    }

    #[test]
    fn the_edges_are_open_below_and_closed_above() {
        for (event, now, counted) in
            [(0, 0, 1), (0, 59_999, 1), (0, 60_000, 0), (1, 60_000, 1), (-60_000, 0, 0), (-59_999, 0, 1)]
        {
            let mut window = counting(SPAN);
            insert(&mut window, &[(event, 1)], event.max(now - 60_000));
            window.expire(at(now));
            assert_eq!(window.whole().total(), counted, "event {event} at {now}");
        }
    }

    #[test]
    fn late_events_expire_in_their_own_time() {
        let mut window = counting(SPAN);
        insert(&mut window, &[(50_000, 2)], 50_000);
        insert(&mut window, &[(10_000, 3), (50_000, 1), (55_000, 1)], 55_000);
        assert_eq!(window.whole().total(), 7);
        assert_eq!(window.next_expiry(), Some(at(70_000)));
        window.expire(at(70_000));
        assert_eq!(window.whole().total(), 4);
        window.expire(at(110_000));
        assert_eq!(window.whole().total(), 1);
        window.expire(at(115_000));
        assert_eq!((window.whole().total(), window.next_expiry()), (0, None));
    }

    #[test]
    fn slots_are_bounded_by_the_span() {
        let mut window = counting(Duration::from_secs(1));
        for now in 0..10_000 {
            window.expire(at(now));
            insert(&mut window, &[(now, 100), (now, 1)], now);
        }
        assert_eq!(window.whole().total(), 101_000);
        assert_eq!(window.slots.len(), 1_000);
    }

    proptest! {
        /// Against a naive recount of all events ever, in whatever order they arrive.
        #[test]
        fn counts_what_a_recount_counts(
            steps in prop::collection::vec((0_i64..400, prop::collection::vec((0_i64..1_500, 1_u64..4), 0..8)), 1..60)
        ) {
            let span = Duration::from_millis(1_000);
            let mut window = counting(span);
            let mut all: Vec<(i64, u64)> = Vec::new();
            let mut now = 0;
            for (step, events) in steps {
                now += step;
                window.expire(at(now));
                let batch: Vec<(i64, u64)> = events.iter().map(|(late, n)| (now - late, *n)).collect();
                insert(&mut window, &batch, now);
                all.extend(batch);
                let naive: u64 = all.iter().filter(|(t, _)| now - 1_000 < *t && *t <= now).map(|(_, n)| n).sum();
                prop_assert_eq!(window.whole().total(), naive);
            }
        }
    }
}
