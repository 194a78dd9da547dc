//! Noticing that so much happens at once that people are told of it together, and not by a message each.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::domain::Timestamp;

/// Up to so many within [`WITHIN`] go out each by itself; the courier tells more than so many together.
pub const APART: usize = 10;
/// How long what goes out together is waited for.
pub const WITHIN: Duration = Duration::from_secs(1);

/// The changes of the last moment, of all rules.
#[derive(Debug, Default)]
pub struct Burst(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    recent: VecDeque<Timestamp>,
    until: Option<Timestamp>,
}

impl Burst {
    /// A change that people are told of, and how many of them are about to be stored, this one included. Until when its
    /// messages wait for others, if they do.
    pub fn note(&self, now: Timestamp, at_once: usize) -> Option<Timestamp> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back must not keep them waiting.
        state.recent.retain(|at| *at <= now && now.since(*at) < WITHIN);
        state.recent.push_back(now);
        if state.recent.len() > APART + 1 {
            state.recent.pop_front();
        }
        state.until = state.until.filter(|until| *until > now && until.since(now) <= WITHIN);
        let many = at_once > APART || state.recent.len() + at_once > APART + 1;
        if state.until.is_none() && many {
            state.until = Some(now.plus(WITHIN));
        }
        state.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::clamped(millis)
    }

    #[test]
    fn ten_in_a_second_go_out_by_themselves_and_the_next_wait() {
        let burst = Burst::default();
        for n in 0..10 {
            assert_eq!(burst.note(at(n * 50), 1), None, "{n}");
        }
        assert_eq!(burst.note(at(500), 1), Some(at(1_500)));
        assert_eq!(burst.note(at(1_499), 1), Some(at(1_500)), "all of these go out together");
        assert_eq!(burst.note(at(5_000), 1), None, "it is quiet again");
    }

    #[test]
    fn many_at_once_wait_all_of_them() {
        let burst = Burst::default();
        let waits: Vec<_> = (1..=500).rev().map(|left| burst.note(at(1_000), left)).collect();
        assert!(waits.iter().all(|until| *until == Some(at(2_000))), "{waits:?}");
        let burst = Burst::default();
        assert!((1..=10).rev().all(|left| burst.note(at(0), left).is_none()), "ten are not many");
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_waiting() {
        let burst = Burst::default();
        assert_eq!((0..20).filter_map(|_| burst.note(at(100_000), 1)).count(), 10);
        assert_eq!(burst.note(at(0), 1), None);
    }
}
