//! Whether this server is the one that rings, pure: `(lease, now) -> what to do`. Instants are of this server's monotonic
//! clock; no two servers have to agree on the time.
//!
//! The holder counts its lease from when it *asked* for it, everybody else from when they *saw* it, which is later. So the
//! holder always ends first.

use std::time::Duration;

use crate::ports::Lease;

/// How long a lease lasts for those who wait for it, as parts of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// One that stood still for so long is of a holder that is gone.
    pub lasts: Duration,
}

impl Terms {
    /// How often the holder renews it.
    #[must_use]
    pub fn renew_every(self) -> Duration {
        self.lasts / 4
    }

    /// How often the others look at it.
    #[must_use]
    pub fn look_every(self) -> Duration {
        self.lasts / 16
    }

    /// So long after it asked, a holder that cannot renew it ends.
    #[must_use]
    pub fn held_for(self) -> Duration {
        self.lasts * 3 / 4
    }
}

/// What is to be asked next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// How the lease stands.
    Look,
    /// For the lease, though somebody else has it, if it is at this turn still.
    Claim(Option<u64>),
}

/// What one server knows of the lease.
#[derive(Debug, Clone)]
pub struct Keeper {
    me: String,
    terms: Terms,
    /// How it stood when it was seen to move last, and when that was.
    seen: Option<(Lease, Duration)>,
    held_until: Option<Duration>,
}

impl Keeper {
    /// Of the server that is named so, which does not hold it yet.
    #[must_use]
    pub fn new(me: String, terms: Terms) -> Self {
        Self { me, terms, seen: None, held_until: None }
    }

    /// Until when it holds the lease without a renewal, if it does at `now`.
    #[must_use]
    pub fn held_until(&self, now: Duration) -> Option<Duration> {
        self.held_until.filter(|until| now < *until)
    }

    /// What to ask at `now`.
    #[must_use]
    pub fn next(&self, now: Duration) -> Ask {
        match &self.seen {
            None => Ask::Look,
            Some((Lease { holder, .. }, _)) if holder.as_ref().is_none_or(|holder| *holder == self.me) => {
                Ask::Claim(None)
            }
            Some((Lease { turn, .. }, since)) if now.saturating_sub(*since) >= self.terms.lasts => {
                Ask::Claim(Some(*turn))
            }
            Some(_) => Ask::Look,
        }
    }

    /// How long to wait before that.
    #[must_use]
    pub fn pause(&self, now: Duration) -> Duration {
        match self.held_until(now) {
            Some(_) => self.terms.renew_every(),
            None => self.terms.look_every(),
        }
    }

    /// Takes in an answer that came at `now` to what was asked at `asked`: how the lease stands, or nothing when the store
    /// did not say. `claimed` when it was asked for.
    pub fn heard(&mut self, lease: Option<Lease>, claimed: bool, asked: Duration, now: Duration) {
        let Some(lease) = lease else { return };
        let mine = lease.holder.as_ref() == Some(&self.me);
        if mine && claimed {
            self.held_until = Some(asked + self.terms.held_for());
        } else if !mine {
            self.held_until = None;
        }
        if self.seen.as_ref().is_none_or(|(before, _)| *before != lease) {
            self.seen = Some((lease, now));
        }
    }

    /// It was given back.
    pub fn released(&mut self) {
        (self.seen, self.held_until) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn lease(holder: Option<&str>, turn: u64) -> Option<Lease> {
        Some(Lease { holder: holder.map(str::to_owned), turn })
    }

    fn keeper() -> Keeper {
        Keeper::new("me".into(), Terms { lasts: ms(4_000) })
    }

    #[test]
    fn a_lease_of_nobody_is_asked_for_at_once() {
        let mut keeper = keeper();
        assert_eq!(keeper.next(ms(0)), Ask::Look);
        keeper.heard(lease(None, 0), false, ms(0), ms(1));
        assert_eq!((keeper.next(ms(1)), keeper.held_until(ms(1))), (Ask::Claim(None), None));
        keeper.heard(lease(Some("me"), 1), true, ms(1), ms(5));
        assert_eq!(keeper.held_until(ms(5)), Some(ms(3_001)), "counted from when it asked");
        assert_eq!((keeper.next(ms(5)), keeper.pause(ms(5))), (Ask::Claim(None), ms(1_000)));
    }

    #[test]
    fn a_holder_that_cannot_renew_ends_before_anybody_takes_over() {
        let (mut holder, mut other) = (keeper(), Keeper::new("other".into(), Terms { lasts: ms(4_000) }));
        holder.heard(lease(Some("me"), 1), true, ms(0), ms(300));
        other.heard(lease(Some("me"), 1), false, ms(90), ms(100));
        holder.heard(None, true, ms(1_000), ms(2_900));
        assert_eq!((holder.held_until(ms(2_999)).is_some(), holder.held_until(ms(3_000))), (true, None));
        assert_eq!(other.next(ms(4_099)), Ask::Look);
        assert_eq!(other.next(ms(4_100)), Ask::Claim(Some(1)));
    }

    #[test]
    fn what_moves_is_of_somebody_who_lives() {
        let mut keeper = keeper();
        for turn in 1..10 {
            let now = ms(turn * 3_900);
            keeper.heard(lease(Some("other"), turn), false, now, now);
            assert_eq!(keeper.next(now + ms(3_899)), Ask::Look, "{turn}");
        }
        assert_eq!(keeper.next(ms(9 * 3_900 + 4_000)), Ask::Claim(Some(9)));
        keeper.heard(lease(Some("third"), 10), true, ms(40_000), ms(40_000));
        assert_eq!(keeper.next(ms(40_001)), Ask::Look, "somebody else was first");
    }

    #[test]
    fn a_holder_that_slept_hears_that_it_is_none() {
        let mut keeper = keeper();
        keeper.heard(lease(Some("me"), 1), true, ms(0), ms(0));
        keeper.heard(lease(Some("other"), 2), true, ms(2_000), ms(2_000));
        assert_eq!((keeper.held_until(ms(2_000)), keeper.next(ms(2_000))), (None, Ask::Look));
    }

    #[test]
    fn a_look_renews_nothing() {
        let mut keeper = keeper();
        keeper.heard(lease(Some("me"), 1), false, ms(0), ms(0));
        assert_eq!(keeper.held_until(ms(0)), None, "a renewal that was given up and came through late");
        assert_eq!(keeper.next(ms(0)), Ask::Claim(None));
    }
}
