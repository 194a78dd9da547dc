//! What waits to be sent to one connection: bounded, and fair to everybody else.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::Stream;
use futures_util::task::AtomicWaker;
use tokio::sync::Notify;

use crate::domain::Broadcast;
use crate::ports::{Count, Level, Meter, Timing};

/// Why the server closes a connection (RFC 6455, section 7.4; the 44xx are ours).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// The server stops or starts something again: come back and resume.
    GoingAway,
    /// No credential, or one that is not valid.
    NotSignedIn,
    /// The connection reads slower than it is written to: come back and resume.
    TooSlow,
    /// Too many frames or connections.
    TooMany,
    /// A frame or message is larger than allowed.
    TooLarge,
    /// A frame that the protocol does not allow.
    Protocol,
    /// Text that is not UTF-8.
    NotUtf8,
}

impl Close {
    /// The close code.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::GoingAway => 1001,
            Self::Protocol => 1002,
            Self::NotUtf8 => 1007,
            Self::TooLarge => 1009,
            Self::NotSignedIn => 4401,
            Self::TooSlow => 4408,
            Self::TooMany => 4429,
        }
    }

    /// The reason, in a few words.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::GoingAway => "going away",
            Self::Protocol => "protocol error",
            Self::NotUtf8 => "text is not UTF-8",
            Self::TooLarge => "message too large",
            Self::NotSignedIn => "not signed in",
            Self::TooSlow => "too slow",
            Self::TooMany => "too many",
        }
    }
}

/// Places for frames that an empty outbox keeps.
const KEPT_PLACES: usize = 32;
/// Of so many batches of frames one is timed.
const TIMED_ONE_IN: usize = 16;

#[derive(Debug, Default)]
struct Inner {
    queue: VecDeque<Arc<Broadcast>>,
    closed: Option<Close>,
    /// Whether somebody waits for room.
    is_waited_for: bool,
}

/// A bounded queue of broadcasts between those who publish and the one carrier that writes them to the wire.
///
/// Full, it lets go of droppable events, the oldest first; when there is none, the reader is too slow: the queue is
/// emptied and closed, and the client comes back and resumes. A push never waits.
pub struct Outbox {
    inner: Mutex<Inner>,
    reader: AtomicWaker,
    room: Notify,
    limit: usize,
    meter: Arc<dyn Meter>,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("waiting", &self.len()).field("closed", &self.closed()).finish()
    }
}

impl Outbox {
    /// An empty outbox that holds up to `limit` frames.
    #[must_use]
    pub fn new(limit: usize, meter: Arc<dyn Meter>) -> Arc<Self> {
        Arc::new(Self {
            inner: Mutex::default(),
            reader: AtomicWaker::new(),
            room: Notify::new(),
            limit: limit.max(1),
            meter,
        })
    }

    /// Queues an event. `false` when the outbox is closed: let go of it.
    pub fn push(&self, broadcast: Arc<Broadcast>) -> bool {
        self.push_all(&[broadcast])
    }

    /// Queues events, in their order, and wakes the reader once. `false` when the outbox is closed: let go of it.
    pub fn push_all(&self, broadcasts: &[Arc<Broadcast>]) -> bool {
        let is_open = {
            let mut inner = self.lock();
            broadcasts.iter().all(|broadcast| self.enqueue(&mut inner, Arc::clone(broadcast)))
        };
        self.reader.wake();
        is_open
    }

    /// Queues an event once half of the outbox is free, so that a long replay never cuts the reader it is for.
    pub async fn push_with_room(&self, broadcast: Arc<Broadcast>) -> bool {
        loop {
            let room = self.room.notified();
            {
                let mut inner = self.lock();
                if inner.closed.is_some() || inner.queue.len() * 2 <= self.limit {
                    break;
                }
                inner.is_waited_for = true;
            }
            room.await;
        }
        self.push(broadcast)
    }

    fn enqueue(&self, inner: &mut Inner, broadcast: Arc<Broadcast>) -> bool {
        if inner.closed.is_some() {
            return false;
        }
        if inner.queue.len() >= self.limit {
            if let Some(oldest) = inner.queue.iter().position(|waiting| waiting.event.is_droppable()) {
                inner.queue.remove(oldest);
                self.meter.shift(Level::OutboxFrames, -1);
                self.meter.add(Count::FramesDropped, 1);
            } else if broadcast.event.is_droppable() {
                self.meter.add(Count::FramesDropped, 1);
                return true;
            } else {
                self.meter.add(Count::SlowReadersCut, 1);
                self.shut(inner, Close::TooSlow);
                return false;
            }
        }
        inner.queue.push_back(broadcast);
        self.meter.shift(Level::OutboxFrames, 1);
        true
    }

    /// Closes it; the first reason stays. What waits is still sent, unless the reader was too slow for it.
    pub fn close(&self, why: Close) {
        {
            let mut inner = self.lock();
            if inner.closed.is_none() {
                inner.closed = Some(why);
            }
        }
        self.reader.wake();
        self.room.notify_waiters();
    }

    /// Why it is closed, if it is.
    #[must_use]
    pub fn closed(&self) -> Option<Close> {
        self.lock().closed
    }

    /// How many frames wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().queue.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shut(&self, inner: &mut Inner, why: Close) {
        self.meter.shift(Level::OutboxFrames, -i64::try_from(inner.queue.len()).unwrap_or(0));
        inner.queue = VecDeque::new();
        inner.closed = Some(why);
        self.room.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves everything that waits to `taken`, which is empty. Whether more can come.
    fn take(&self, taken: &mut VecDeque<Arc<Broadcast>>) -> bool {
        let mut inner = self.lock();
        if inner.queue.is_empty() {
            return inner.closed.is_none();
        }
        // Both keep their memory, unless it once was much.
        taken.shrink_to(KEPT_PLACES);
        std::mem::swap(&mut inner.queue, taken);
        let is_waited_for = std::mem::take(&mut inner.is_waited_for);
        drop(inner);
        if is_waited_for {
            self.room.notify_waiters();
        }
        self.meter.shift(Level::OutboxFrames, -i64::try_from(taken.len()).unwrap_or(0));
        self.meter.add(Count::FramesSent, taken.len() as u64);
        true
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        let left = self.inner.get_mut().map_or(0, |inner| inner.queue.len());
        self.meter.shift(Level::OutboxFrames, -i64::try_from(left).unwrap_or(0));
    }
}

/// The reading end, for the one carrier. Ends when the outbox is closed and empty.
///
/// Takes all that waits at once and hands it over one by one, so that the outbox is locked once for a batch. What is
/// taken comes on top of the limit: at most as much again.
#[derive(Debug)]
pub struct Drain {
    outbox: Arc<Outbox>,
    taken: VecDeque<Arc<Broadcast>>,
    batches: usize,
}

impl Drain {
    /// Reads from this outbox.
    #[must_use]
    pub fn new(outbox: Arc<Outbox>) -> Self {
        Self { outbox, taken: VecDeque::new(), batches: 0 }
    }

    /// Why the outbox is closed, if it is.
    #[must_use]
    pub fn closed(&self) -> Option<Close> {
        self.outbox.closed()
    }

    /// Notes how long the oldest of a batch took to get here; of one batch in so many, which is enough to know.
    fn time(&mut self, oldest: &Broadcast) {
        if let Some(accepted_at) = oldest.accepted_at {
            if self.batches.is_multiple_of(TIMED_ONE_IN) {
                self.outbox.meter.observe(Timing::EventToFrame, accepted_at.elapsed());
            }
            self.batches = self.batches.wrapping_add(1);
        }
    }
}

impl Stream for Drain {
    type Item = Arc<Broadcast>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(next) = this.taken.pop_front() {
            return Poll::Ready(Some(next));
        }
        // Registered before the look, so that nothing comes in between.
        this.outbox.reader.register(cx.waker());
        let is_open = this.outbox.take(&mut this.taken);
        match this.taken.pop_front() {
            Some(next) => {
                this.time(&next);
                Poll::Ready(Some(next))
            }
            None if is_open => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, StreamExt as _};

    use super::*;
    use crate::domain::{Event, RuleId, Timestamp};
    use crate::testing::NullMeter;

    fn outbox(limit: usize) -> Arc<Outbox> {
        Outbox::new(limit, Arc::new(NullMeter))
    }

    fn kept() -> Arc<Broadcast> {
        Broadcast::new(Event::Pong, None)
    }

    fn droppable(value: f64) -> Arc<Broadcast> {
        let at = Timestamp::clamped(0);
        Broadcast::new(
            Event::Metric { rule_id: RuleId::new(at), value: Some(value), group: None, threshold: 1.0, at },
            None,
        )
    }

    fn drained(outbox: &Arc<Outbox>) -> Vec<Event> {
        let mut drain = Drain::new(Arc::clone(outbox));
        std::iter::from_fn(|| drain.next().now_or_never().flatten()).map(|b| b.event.clone()).collect()
    }

    #[test]
    fn a_full_outbox_lets_go_of_the_oldest_droppable_first() {
        let outbox = outbox(3);
        for broadcast in [droppable(1.0), kept(), droppable(2.0), kept(), kept()] {
            assert!(outbox.push(broadcast));
        }
        assert_eq!(drained(&outbox), [Event::Pong, Event::Pong, Event::Pong]);
    }

    #[test]
    fn a_droppable_that_finds_no_room_is_itself_let_go() {
        let outbox = outbox(1);
        assert!(outbox.push(kept()));
        assert!(outbox.push(droppable(1.0)));
        assert_eq!(drained(&outbox), [Event::Pong]);
    }

    #[test]
    fn a_reader_too_slow_for_what_matters_is_cut_and_frees_its_memory() {
        let outbox = outbox(2);
        assert!(outbox.push(kept()) && outbox.push(kept()));
        assert!(!outbox.push(kept()));
        assert_eq!((outbox.closed(), outbox.len()), (Some(Close::TooSlow), 0));
        assert!(!outbox.push(kept()));
        assert!(Drain::new(outbox).next().now_or_never().is_some_and(|next| next.is_none()));
    }

    #[actix_rt::test]
    async fn a_replay_longer_than_the_outbox_waits_for_its_reader() {
        let outbox = outbox(4);
        let mut drain = Drain::new(Arc::clone(&outbox));
        let replay = async {
            for _ in 0..100 {
                assert!(outbox.push_with_room(kept()).await);
            }
            outbox.close(Close::GoingAway);
        };
        let read = async {
            let mut read = 0;
            while drain.next().await.is_some() {
                read += 1;
            }
            read
        };
        assert_eq!(futures_util::future::join(replay, read).await.1, 100);
    }

    #[test]
    fn closing_still_sends_what_waits() {
        let outbox = outbox(2);
        outbox.push(kept());
        outbox.close(Close::GoingAway);
        outbox.close(Close::TooMany);
        assert_eq!(outbox.closed(), Some(Close::GoingAway));
        assert_eq!(drained(&outbox), [Event::Pong]);
    }
}
