//! Following the store, where several servers write to one room: what others stored is read and told in its order, before
//! anything newer.
//!
//! ```text
//! told up to 6 ── news: "stored up to 8" ──> 7 and 8 are read ──> told
//!              └─ own write gets 9 ────────> held, 7 and 8 are read ──> told ──> 9 is told and answered
//! ```

use std::sync::Arc;
use std::time::Instant;

use actix::{ActorFutureExt as _, AsyncContext as _, Context, Handler, Message, ResponseFuture, WrapFuture as _};
use tokio::sync::oneshot;

use super::inlet::Slot;
use super::messages::RoomError;
use super::writing::{Done, Telling};
use super::{Parts, RETRY, RoomActor, link};
use crate::domain::{Audience, Broadcast, Event, History, RoomEvent, RoomName};
use crate::ports::{Count, Missed, RoomNews, Written};

/// Messages and changes that are read, and told, at once: fewer than an outbox holds.
const PAGE: u64 = 64;

/// How far a room is behind the store.
#[derive(Default)]
pub(super) struct Following {
    /// Up to here something is stored, as far as is known.
    known: u64,
    is_reading: bool,
    /// What this server stored before it had told everything that comes before.
    held: Option<Held>,
    /// Those who wait until everything that is known is told.
    waiting: Vec<oneshot::Sender<()>>,
}

struct Held {
    written: Vec<Written>,
    waiting: Vec<(Telling, Done)>,
}

impl Following {
    pub(super) fn is_idle(&self) -> bool {
        !self.is_reading && self.held.is_none()
    }

    /// Whether something that was stored waits for what comes before it: nothing more is stored meanwhile.
    pub(super) fn is_holding(&self) -> bool {
        self.held.is_some()
    }
}

/// Tell what is stored up to the number that the store has, if that is not done, and answer then. For whoever has seen
/// more at another server.
#[derive(Debug, Clone, Copy, Message)]
#[rtype(result = "Result<(), RoomError>")]
pub struct CatchUp {
    /// What whoever asks has seen.
    pub seen: u64,
}

/// How a room stands in the store.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(super) struct Standing {
    /// Its place in the mailbox.
    pub(super) _slot: Slot,
    /// Up to here something is stored.
    pub(super) seq: u64,
    /// What it is about.
    pub(super) topic: String,
    /// When the store was asked.
    pub(super) asked: Instant,
}

impl RoomActor {
    /// Tells the other servers, where there are some, that something is stored up to here.
    pub(super) fn tell_stored(&self, written: &[Written]) {
        if self.parts.others.is_some()
            && let Some(seq) = written.iter().rev().find_map(number)
        {
            self.spread(|| RoomNews::Stored(seq));
        }
    }

    /// Keeps back what was stored here until what others stored before it is told.
    pub(super) fn hold(
        &mut self,
        written: Vec<Written>,
        waiting: Vec<(Telling, Done)>,
        before: u64,
        ctx: &mut Context<Self>,
    ) {
        self.following.held = Some(Held { written, waiting });
        self.learn(before, ctx);
    }

    /// Something is stored up to here, whoever did it.
    pub(super) fn learn(&mut self, seq: u64, ctx: &mut Context<Self>) {
        if self.hub.room.history == History::Durable {
            self.following.known = self.following.known.max(seq);
            self.catch_up(ctx);
        }
    }

    fn catch_up(&mut self, ctx: &mut Context<Self>) {
        if self.following.is_reading {
            return;
        }
        let behind = self.following.known.saturating_sub(self.seq);
        if behind == 0 {
            return self.caught_up(ctx);
        }
        if self.hub.is_empty() {
            // Whoever comes finds it in the history.
            self.seq = self.following.known;
            return self.caught_up(ctx);
        }
        if behind > PAGE.max(self.parts.replay as u64) {
            self.seq = self.following.known;
            self.tell(RoomEvent::Resync { room: self.name().clone() }, Audience::All, None);
            return self.caught_up(ctx);
        }
        self.following.is_reading = true;
        let (after, upto) = (self.seq, self.seq + behind.min(PAGE));
        let read = read(self.parts.clone(), self.name().clone(), after, upto);
        ctx.spawn(read.into_actor(self).map(move |missed, room, ctx| {
            room.following.is_reading = false;
            room.tell_missed(missed, upto);
            room.catch_up(ctx);
        }));
    }

    fn tell_missed(&mut self, missed: Option<Missed>, upto: u64) {
        let Some(Missed { messages, changes }) = missed else {
            self.seq = self.seq.max(upto);
            return self.tell(RoomEvent::Resync { room: self.name().clone() }, Audience::All, None);
        };
        let room = self.name();
        let messages =
            messages.into_iter().map(|message| (message.seq, RoomEvent::Said { room: room.clone(), message }));
        let changes = changes.into_iter().map(|change| (change.seq, RoomEvent::Changed { room: room.clone(), change }));
        // What was stored here meanwhile, and told, is among it.
        let mut events: Vec<(u64, RoomEvent)> = messages.chain(changes).filter(|(seq, _)| *seq > self.seq).collect();
        events.sort_unstable_by_key(|(seq, _)| *seq);
        let news: Vec<Arc<Broadcast>> =
            events.into_iter().map(|(_, event)| Broadcast::new(Event::Room(event), None)).collect();
        self.seq = self.seq.max(upto);
        self.parts.meter.add(Count::NewsFetched, news.len() as u64);
        self.publish(&news, Audience::All);
    }

    fn caught_up(&mut self, ctx: &mut Context<Self>) {
        for waiting in self.following.waiting.drain(..) {
            // Whoever waited may have gone.
            let _ = waiting.send(());
        }
        if let Some(Held { written, waiting }) = self.following.held.take() {
            self.settle(written, waiting);
            self.store_next(ctx);
        }
        self.set_timer(ctx);
    }
}

/// The number that a write took, if it took one.
pub(super) fn number(written: &Written) -> Option<u64> {
    match written {
        Written::Posted(message) => Some(message.seq),
        Written::Changed(change) => Some(change.seq),
        _ => None,
    }
}

/// Reads what was stored after one place and up to another, until the store answers.
async fn read(parts: Parts, name: RoomName, after: u64, upto: u64) -> Option<Missed> {
    loop {
        match parts.messages.missed(name.clone(), after, upto, PAGE as usize).await {
            Ok(missed) => return missed,
            Err(error) => {
                slog::warn!(parts.log, "what another server stored in a room cannot be read, trying again";
                    "room" => %name, "error" => %error);
                parts.clock.until(parts.clock.now().plus(RETRY)).await;
            }
        }
    }
}

impl Handler<Standing> for RoomActor {
    type Result = ();

    fn handle(&mut self, Standing { seq, topic, asked, _slot }: Standing, ctx: &mut Self::Context) {
        if self.retired {
            return;
        }
        self.topic_read(topic, asked);
        self.learn(seq, ctx);
    }
}

impl Handler<CatchUp> for RoomActor {
    type Result = ResponseFuture<Result<(), RoomError>>;

    fn handle(&mut self, CatchUp { seen }: CatchUp, ctx: &mut Self::Context) -> Self::Result {
        if let Err(error) = self.living() {
            return Box::pin(async { Err(error) });
        }
        if seen <= self.seq || self.hub.room.history == History::None {
            return Box::pin(async { Ok(()) });
        }
        let (parts, name) = (self.parts.clone(), self.name().clone());
        let (done, told) = oneshot::channel();
        // What a client says that it has seen is no reason to believe that there is so much.
        let read = async move { parts.rooms.get(name).await };
        ctx.spawn(read.into_actor(self).map(move |read, room, ctx| match read {
            Ok(stored) => {
                room.following.waiting.push(done);
                room.learn(stored.map_or(0, |stored| stored.seq), ctx);
            }
            // The join that follows says what is wrong, or finds it mended.
            Err(error) => drop(link::refusal(&room.parts, &error)),
        }));
        Box::pin(async move {
            // Dropped, when the store did not answer.
            let _ = told.await;
            Ok(())
        })
    }
}
