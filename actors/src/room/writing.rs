//! Giving messages and changes their order: one batch at a time is stored, then told in its order.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use actix::{ActorFutureExt as _, AsyncContext as _, Context, ResponseFuture, WrapFuture as _};
use tokio::sync::oneshot;

use super::following::number;
use super::messages::{Change, Post, Receipt, RoomError};
use super::{RoomActor, link};
use crate::domain::{Audience, Author, Broadcast, ChatMessage, Event, History, Refusal, RoomEvent, Timestamp};
use crate::ports::{NewChange, NewMessage, PortError, Write, Written};

/// Messages of a room without history whose `client_id` is remembered.
const REMEMBERED: usize = 1_000;

pub(super) type Done = oneshot::Sender<Result<Written, RoomError>>;

/// What is done beside answering whoever asked, once it is stored.
#[derive(Default)]
pub(super) struct Telling {
    accepted_at: Option<Instant>,
    receipt: Option<Receipt>,
}

/// What waits to be stored.
#[derive(Default)]
pub(super) struct Writing {
    pending: VecDeque<(Write, Telling, Done)>,
    under_way: bool,
    remembered: Remembered,
    /// What was said in a room without history, and not told yet.
    untold: Vec<Untold>,
}

struct Untold {
    message: ChatMessage,
    is_repeated: bool,
    telling: Telling,
    done: oneshot::Sender<ChatMessage>,
}

impl Writing {
    pub(super) fn is_idle(&self) -> bool {
        self.pending.is_empty() && !self.under_way && self.untold.is_empty()
    }
}

/// The latest messages of a room without history, by author and `client_id`.
#[derive(Default)]
struct Remembered {
    by_client: HashMap<(String, String), ChatMessage>,
    order: VecDeque<(String, String)>,
}

impl Remembered {
    fn note(&mut self, key: (String, String), message: ChatMessage) {
        if self.order.len() >= REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_client.remove(&oldest);
        }
        self.order.push_back(key.clone());
        self.by_client.insert(key, message);
    }
}

impl RoomActor {
    pub(super) fn post(
        &mut self,
        post: Post,
        ctx: &mut Context<Self>,
    ) -> ResponseFuture<Result<ChatMessage, RoomError>> {
        if let Author::Person(person) = &post.message.author {
            if !self.state.is_member(person.id) && !self.retired {
                return self.if_joined_elsewhere(person.clone(), post, ctx);
            }
            let effects = self.state.says(person.id);
            self.carry_out(effects, ctx);
        }
        let Post { message, accepted_at, receipt } = post;
        if self.hub.room.history == History::None && !self.retired {
            let told = self.say(message, Telling { accepted_at: Some(accepted_at), receipt }, ctx);
            return Box::pin(async { told.await.map_err(|_| starts_again().into()) });
        }
        let written = self.enqueue(Write::Post(message), Telling { accepted_at: Some(accepted_at), receipt }, ctx);
        Box::pin(async move {
            match written.await? {
                Written::Posted(message) | Written::Repeated(message) => Ok(message),
                other => Err(refused(&other).into()),
            }
        })
    }

    pub(super) fn change(
        &mut self,
        change: Change,
        ctx: &mut Context<Self>,
    ) -> ResponseFuture<Result<(Option<u64>, Timestamp), RoomError>> {
        if self.hub.room.history == History::None && !self.retired {
            let refusal = Refusal::new("unknown_message", "This room keeps no history, so there is nothing to change.");
            return Box::pin(async { Err(refusal.into()) });
        }
        if !self.state.is_member(change.by.id) && !self.retired {
            return self.if_joined_elsewhere(change.by.clone(), change, ctx);
        }
        let Change { message_id, by, moderates, what } = change;
        let at = self.parts.clock.now();
        let written =
            self.enqueue(Write::Change(NewChange { message_id, by, moderates, at, what }), Telling::default(), ctx);
        Box::pin(async move {
            match written.await? {
                Written::Changed(change) => Ok((Some(change.seq), change.at)),
                Written::Unchanged => Ok((None, at)),
                other => Err(refused(&other).into()),
            }
        })
    }

    /// In a room that keeps nothing: numbered, told, and forgotten. Told when the thread has seen what else came, so
    /// that all of it goes to each member in one write.
    fn say(&mut self, new: NewMessage, telling: Telling, ctx: &mut Context<Self>) -> oneshot::Receiver<ChatMessage> {
        let (done, told) = oneshot::channel();
        let key = new.client_id.clone().map(|client_id| (new.author.id(), client_id));
        let known = key.as_ref().and_then(|key| self.writing.remembered.by_client.get(key)).cloned();
        let untold = match known {
            Some(message) => Untold { message, is_repeated: true, telling, done },
            None => Untold { message: self.number(new, key), is_repeated: false, telling, done },
        };
        self.writing.untold.push(untold);
        let count = self.writing.untold.len();
        if count == 1 || count == self.parts.batch {
            let told = tokio::task::yield_now().into_actor(self).map(|(), room: &mut Self, ctx: &mut Context<Self>| {
                room.tell_untold();
                room.set_timer(ctx);
            });
            if count == self.parts.batch {
                // Enough: the others come when the connections on this thread had their turn.
                ctx.wait(told);
            } else {
                ctx.spawn(told);
            }
        }
        told
    }

    /// Tells what was said and not told yet. Before anything else is told, so that the order is that of the numbers.
    pub(super) fn tell_untold(&mut self) {
        let mut news = Vec::with_capacity(self.writing.untold.len());
        let mut spread = self.parts.others.is_some().then(Vec::new);
        for Untold { message, is_repeated, telling, done } in std::mem::take(&mut self.writing.untold) {
            if let Some(receipt) = telling.receipt {
                receipt.give(&message);
            }
            if !is_repeated {
                if let Some(spread) = &mut spread {
                    spread.push(message.clone());
                }
                let event = RoomEvent::Said { room: self.name().clone(), message: message.clone() };
                news.push(Broadcast::new(Event::Room(event), telling.accepted_at));
            }
            // Whoever asked may have gone.
            let _ = done.send(message);
        }
        if !news.is_empty() {
            self.publish(&news, Audience::All);
        }
        if let Some(spread) = spread {
            self.spread_said(spread);
        }
    }

    /// Gives a message of another server the next number of this one; `None` for one that came twice.
    pub(super) fn renumber(&mut self, message: ChatMessage) -> Option<ChatMessage> {
        let key = message.client_id.clone().map(|client_id| (message.author.id(), client_id));
        if key.as_ref().is_some_and(|key| self.writing.remembered.by_client.contains_key(key)) {
            return None;
        }
        self.seq += 1;
        let message = ChatMessage { seq: self.seq, ..message };
        if let Some(key) = key {
            self.writing.remembered.note(key, message.clone());
        }
        Some(message)
    }

    fn number(&mut self, new: NewMessage, key: Option<(String, String)>) -> ChatMessage {
        self.seq += 1;
        let NewMessage { id, author, text, at, client_id, mentions } = new;
        let message = ChatMessage {
            id,
            seq: self.seq,
            author,
            text,
            at,
            client_id,
            mentions,
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
        };
        if let Some(key) = key {
            self.writing.remembered.note(key, message.clone());
        }
        message
    }

    fn enqueue(
        &mut self,
        write: Write,
        telling: Telling,
        ctx: &mut Context<Self>,
    ) -> impl Future<Output = Result<Written, RoomError>> + use<> {
        let (done, written) = oneshot::channel();
        let refused = if self.retired {
            Some(RoomError::Retired)
        } else if self.writing.pending.len() >= self.parts.pending {
            Some(link::refusal(&self.parts, &PortError::Busy("chat")).into())
        } else {
            self.writing.pending.push_back((write, telling, done));
            if self.writing.pending.len() == 1 && !self.writing.under_way {
                // What else has come by now goes into the same commit.
                let seen = tokio::task::yield_now();
                ctx.spawn(seen.into_actor(self).map(|(), room, ctx| room.store_next(ctx)));
            }
            None
        };
        async move {
            match refused {
                Some(error) => Err(error),
                // The actor broke before the store answered: the caller asks again.
                None => written.await.unwrap_or_else(|_| Err(starts_again().into())),
            }
        }
    }

    pub(super) fn store_next(&mut self, ctx: &mut Context<Self>) {
        if self.writing.under_way || self.following.is_holding() || self.writing.pending.is_empty() {
            return;
        }
        self.writing.under_way = true;
        let count = self.writing.pending.len().min(self.parts.batch);
        let mut writes = Vec::with_capacity(count);
        let mut waiting = Vec::with_capacity(count);
        for (write, telling, done) in self.writing.pending.drain(..count) {
            writes.push(write);
            waiting.push((telling, done));
        }
        let (messages, name) = (self.parts.messages.clone(), self.name().clone());
        let stored = async move { messages.write(name, writes).await };
        ctx.spawn(stored.into_actor(self).map(|stored, room, ctx| {
            room.writing.under_way = false;
            room.stored(stored, waiting, ctx);
            room.store_next(ctx);
            room.set_timer(ctx);
        }));
    }

    fn stored(
        &mut self,
        stored: Result<Option<Vec<Written>>, PortError>,
        waiting: Vec<(Telling, Done)>,
        ctx: &mut Context<Self>,
    ) {
        let written = match stored {
            Ok(Some(written)) => written,
            Ok(None) => return refuse_all(waiting, &Refusal::unknown_room()),
            Err(error) => return refuse_all(waiting, &link::refusal(&self.parts, &error)),
        };
        self.tell_stored(&written);
        match written.iter().find_map(number) {
            // Another server wrote in between: that is told first. The numbers of one batch have no gap.
            Some(first) if first > self.seq + 1 => self.hold(written, waiting, first - 1, ctx),
            _ => self.settle(written, waiting),
        }
    }

    /// Answers what was stored, and tells it.
    pub(super) fn settle(&mut self, written: Vec<Written>, waiting: Vec<(Telling, Done)>) {
        let mut news = Vec::with_capacity(written.len());
        for (written, (Telling { accepted_at, receipt }, done)) in written.into_iter().zip(waiting) {
            if let (Some(receipt), Written::Posted(message) | Written::Repeated(message)) = (receipt, &written) {
                receipt.give(message);
            }
            let event = match &written {
                // It was read, together with what another server wrote after it, and told.
                told if number(told).is_some_and(|seq| seq <= self.seq) => None,
                Written::Posted(message) => {
                    self.seq = message.seq;
                    Some(RoomEvent::Said { room: self.name().clone(), message: message.clone() })
                }
                Written::Changed(change) => {
                    self.seq = change.seq;
                    Some(RoomEvent::Changed { room: self.name().clone(), change: change.clone() })
                }
                _ => None,
            };
            // The sender may have gone; what it said stands.
            let _ = done.send(Ok(written));
            news.extend(event.map(|event| Broadcast::new(Event::Room(event), accepted_at)));
        }
        self.publish(&news, Audience::All);
    }
}

pub(super) fn starts_again() -> Refusal {
    Refusal::new("busy", "The room starts again; try again with the same client_id.")
}

fn refuse_all(waiting: Vec<(Telling, Done)>, refusal: &Refusal) {
    for (_, done) in waiting {
        let _ = done.send(Err(refusal.clone().into()));
    }
}

fn refused(written: &Written) -> Refusal {
    match written {
        Written::NotYours => Refusal::new("not_yours", "Only whoever wrote this message can do that."),
        Written::TooManyReactions => {
            Refusal::new("too_many_reactions", "This message has as many different reactions as it may have.")
        }
        _ => Refusal::new("unknown_message", "There is no such message in this room, or it was taken back."),
    }
}
