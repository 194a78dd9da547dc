//! The last minute, exactly: how many events count at `now`, which are those with `now − span < at ≤ now`.

use std::collections::VecDeque;
use std::time::Duration;

use crate::domain::Timestamp;

/// A sliding window of counts, one slot for each millisecond in which something counts.
///
/// Memory is 16 bytes a slot, and there are never more slots than the span has milliseconds: about 1 MiB for a minute,
/// whatever the traffic. Moving it costs O(1) for each slot that expires.
#[derive(Debug, Clone)]
pub struct Window {
    span: Duration,
    slots: VecDeque<(Timestamp, u64)>,
    total: u64,
}

impl Window {
    /// An empty window of this length.
    #[must_use]
    pub fn new(span: Duration) -> Self {
        Self { span, slots: VecDeque::new(), total: 0 }
    }

    /// How many events count, as of the last [`Window::expire`].
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The instant at which the oldest events stop counting.
    #[must_use]
    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.slots.front().map(|(at, _)| at.plus(self.span))
    }

    /// Forgets what does not count at `now` any more.
    pub fn expire(&mut self, now: Timestamp) {
        while let Some((at, count)) = self.slots.front().copied() {
            if at.plus(self.span) > now {
                break;
            }
            self.slots.pop_front();
            self.total -= count;
        }
    }

    /// Takes events, in any order; those that do not count at `now` any more are left out.
    pub fn insert(&mut self, events: impl IntoIterator<Item = (Timestamp, u64)>, now: Timestamp) {
        let mut fresh: Vec<(Timestamp, u64)> =
            events.into_iter().filter(|(at, count)| *count > 0 && at.plus(self.span) > now).collect();
        fresh.sort_unstable_by_key(|(at, _)| *at);
        let Some((first, _)) = fresh.first().copied() else { return };
        // Late events are merged with the slots from theirs on; most batches find none there.
        let keep = self.slots.partition_point(|(at, _)| *at < first);
        let later = self.slots.split_off(keep);
        let mut later = later.into_iter().peekable();
        for (at, count) in fresh {
            while let Some(slot) = later.next_if(|(slot_at, _)| *slot_at <= at) {
                self.push(slot);
            }
            self.push((at, count));
            self.total += count;
        }
        for slot in later {
            self.push(slot);
        }
    }

    fn push(&mut self, (at, count): (Timestamp, u64)) {
        match self.slots.back_mut() {
            Some((back, n)) if *back == at => *n += count,
            _ => self.slots.push_back((at, count)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SPAN: Duration = Duration::from_millis(60_000);

    fn at(millis: i64) -> Timestamp {
        Timestamp::clamped(millis)
    }

    #[test]
    fn the_edges_are_open_below_and_closed_above() {
        for (event, now, counted) in
            [(0, 0, 1), (0, 59_999, 1), (0, 60_000, 0), (1, 60_000, 1), (-60_000, 0, 0), (-59_999, 0, 1)]
        {
            let mut window = Window::new(SPAN);
            window.insert([(at(event), 1)], at(event.max(now - 60_000)));
            window.expire(at(now));
            assert_eq!(window.total(), counted, "event {event} at {now}");
        }
    }

    #[test]
    fn late_events_expire_in_their_own_time() {
        let mut window = Window::new(SPAN);
        window.insert([(at(50_000), 2)], at(50_000));
        window.insert([(at(10_000), 3), (at(50_000), 1), (at(55_000), 1)], at(55_000));
        assert_eq!(window.total(), 7);
        assert_eq!(window.next_expiry(), Some(at(70_000)));
        window.expire(at(70_000));
        assert_eq!(window.total(), 4);
        window.expire(at(110_000));
        assert_eq!(window.total(), 1);
        window.expire(at(115_000));
        assert_eq!((window.total(), window.next_expiry()), (0, None));
    }

    #[test]
    fn slots_are_bounded_by_the_span() {
        let mut window = Window::new(Duration::from_secs(1));
        for now in 0..10_000 {
            window.expire(at(now));
            window.insert([(at(now), 100), (at(now), 1)], at(now));
        }
        assert_eq!(window.total(), 101_000);
        assert_eq!(window.slots.len(), 1_000);
    }

    proptest! {
        /// Against a naive recount of all events ever, in whatever order they arrive.
        #[test]
        fn counts_what_a_recount_counts(
            steps in prop::collection::vec((0_i64..400, prop::collection::vec((0_i64..1_500, 1_u64..4), 0..8)), 1..60)
        ) {
            let span = Duration::from_millis(1_000);
            let mut window = Window::new(span);
            let mut all: Vec<(i64, u64)> = Vec::new();
            let mut now = 0;
            for (step, events) in steps {
                now += step;
                window.expire(at(now));
                let batch: Vec<(i64, u64)> = events.iter().map(|(late, n)| (now - late, *n)).collect();
                window.insert(batch.iter().map(|(t, n)| (at(*t), *n)), at(now));
                all.extend(batch);
                let naive: u64 = all.iter().filter(|(t, _)| now - 1_000 < *t && *t <= now).map(|(_, n)| n).sum();
                prop_assert_eq!(window.total(), naive);
            }
        }
    }
}
