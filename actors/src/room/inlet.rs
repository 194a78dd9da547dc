//! What comes to a room from other servers and waits in its mailbox: so much and no more, whatever the mailbox would take.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The most that waits; what comes beyond is lost, as news may be.
const WAITING: usize = 256;

/// The places of one room.
#[derive(Debug, Default)]
pub struct Inlet(Arc<AtomicUsize>);

/// One place, taken until it is dropped: with the message that it was taken for.
#[derive(Debug)]
pub struct Slot(Arc<AtomicUsize>);

impl Inlet {
    /// Takes a place, if there is one.
    #[must_use]
    pub fn enter(&self) -> Option<Slot> {
        let entered =
            self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| (taken < WAITING).then_some(taken + 1));
        entered.is_ok().then(|| Slot(Arc::clone(&self.0)))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_enter_and_one_that_goes_makes_room() {
        let inlet = Inlet::default();
        let mut slots: Vec<Slot> = (0..WAITING).map(|_| inlet.enter().unwrap()).collect();
        assert!(inlet.enter().is_none());
        slots.pop();
        assert!(inlet.enter().is_some() && inlet.enter().is_some());
    }
}
