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
use crate::ports::{Count, Level, Meter};

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

#[derive(Debug, Default)]
struct Inner {
    queue: VecDeque<Arc<Broadcast>>,
    closed: Option<Close>,
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
        let open = self.enqueue(broadcast);
        self.reader.wake();
        open
    }

    /// Queues an event once half of the outbox is free, so that a long replay never cuts the reader it is for.
    pub async fn push_with_room(&self, broadcast: Arc<Broadcast>) -> bool {
        loop {
            let room = self.room.notified();
            if self.closed().is_some() || self.len() * 2 <= self.limit {
                return self.push(broadcast);
            }
            room.await;
        }
    }

    fn enqueue(&self, broadcast: Arc<Broadcast>) -> bool {
        let mut inner = self.lock();
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
                self.shut(&mut inner, Close::TooSlow);
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

    fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Option<Arc<Broadcast>>> {
        self.reader.register(cx.waker());
        let mut inner = self.lock();
        match (inner.queue.pop_front(), inner.closed) {
            (Some(broadcast), _) => {
                self.meter.shift(Level::OutboxFrames, -1);
                self.room.notify_waiters();
                Poll::Ready(Some(broadcast))
            }
            (None, Some(_)) => Poll::Ready(None),
            (None, None) => Poll::Pending,
        }
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        let left = self.inner.get_mut().map_or(0, |inner| inner.queue.len());
        self.meter.shift(Level::OutboxFrames, -i64::try_from(left).unwrap_or(0));
    }
}

/// The reading end, for the one carrier. Ends when the outbox is closed and empty.
#[derive(Debug)]
pub struct Drain(pub Arc<Outbox>);

impl Stream for Drain {
    type Item = Arc<Broadcast>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next(cx)
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
        Broadcast::new(Event::Metric { rule_id: RuleId::new(at), value, threshold: 1.0, at }, None)
    }

    fn drained(outbox: &Arc<Outbox>) -> Vec<Event> {
        let mut drain = Drain(Arc::clone(outbox));
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
        assert!(Drain(outbox).next().now_or_never().is_some_and(|next| next.is_none()));
    }

    #[actix_rt::test]
    async fn a_replay_longer_than_the_outbox_waits_for_its_reader() {
        let outbox = outbox(4);
        let mut drain = Drain(Arc::clone(&outbox));
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
