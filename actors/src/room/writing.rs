//! Giving messages and changes their order: one batch at a time is stored, then told in its order.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use actix::{ActorFutureExt as _, AsyncContext as _, Context, ResponseFuture, WrapFuture as _};
use tokio::sync::oneshot;

use super::messages::{Change, Post, RoomError};
use super::{RoomActor, link, not_joined};
use crate::domain::{Audience, Author, ChatMessage, History, Refusal, RoomEvent, Timestamp};
use crate::ports::{NewChange, NewMessage, PortError, Write, Written};

/// Messages of a room without history whose `client_id` is remembered.
const REMEMBERED: usize = 1_000;

type Done = oneshot::Sender<Result<Written, RoomError>>;

/// What waits to be stored.
#[derive(Default)]
pub(super) struct Writing {
    pending: VecDeque<(Write, Option<Instant>, Done)>,
    under_way: bool,
    remembered: Remembered,
}

impl Writing {
    pub(super) fn is_idle(&self) -> bool {
        self.pending.is_empty() && !self.under_way
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
        let Post { message, accepted_at } = post;
        if let Author::Person(person) = &message.author {
            if !self.state.is_member(person.id) && !self.retired {
                return Box::pin(async { Err(not_joined().into()) });
            }
            let effects = self.state.stops_typing(person.id);
            self.carry_out(effects, ctx);
        }
        if self.hub.room.history == History::None && !self.retired {
            let said = self.say(message, accepted_at);
            return Box::pin(async { Ok(said) });
        }
        let written = self.enqueue(Write::Post(message), Some(accepted_at), ctx);
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
        let Change { message_id, by, moderates, what } = change;
        let refusal = if self.hub.room.history == History::None {
            Some(Refusal::new("unknown_message", "This room keeps no history, so there is nothing to change."))
        } else {
            (!self.state.is_member(by.id)).then(not_joined)
        };
        if let Some(refusal) = refusal.filter(|_| !self.retired) {
            return Box::pin(async { Err(refusal.into()) });
        }
        let at = self.parts.clock.now();
        let written = self.enqueue(Write::Change(NewChange { message_id, by, moderates, at, what }), None, ctx);
        Box::pin(async move {
            match written.await? {
                Written::Changed(change) => Ok((Some(change.seq), change.at)),
                Written::Unchanged => Ok((None, at)),
                other => Err(refused(&other).into()),
            }
        })
    }

    /// In a room that keeps nothing: numbered, told, and forgotten.
    fn say(&mut self, new: NewMessage, accepted_at: Instant) -> ChatMessage {
        let key = new.client_id.clone().map(|client_id| (new.author.id(), client_id));
        if let Some(known) = key.as_ref().and_then(|key| self.writing.remembered.by_client.get(key)) {
            return known.clone();
        }
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
        let event = RoomEvent::Said { room: self.name().clone(), message: message.clone() };
        self.tell(event, Audience::All, Some(accepted_at));
        message
    }

    fn enqueue(
        &mut self,
        write: Write,
        accepted_at: Option<Instant>,
        ctx: &mut Context<Self>,
    ) -> impl Future<Output = Result<Written, RoomError>> + use<> {
        let (done, written) = oneshot::channel();
        let refused = if self.retired {
            Some(RoomError::Retired)
        } else if self.writing.pending.len() >= self.parts.pending {
            Some(link::refusal(&self.parts, &PortError::Busy("chat")).into())
        } else {
            self.writing.pending.push_back((write, accepted_at, done));
            self.store_next(ctx);
            None
        };
        async move {
            match refused {
                Some(error) => Err(error),
                // The actor broke before the store answered: the caller asks again.
                None => written.await.unwrap_or_else(|_| {
                    Err(Refusal::new("busy", "The room starts again; try again with the same client_id.").into())
                }),
            }
        }
    }

    fn store_next(&mut self, ctx: &mut Context<Self>) {
        if self.writing.under_way || self.writing.pending.is_empty() {
            return;
        }
        self.writing.under_way = true;
        let count = self.writing.pending.len().min(self.parts.batch);
        let mut writes = Vec::with_capacity(count);
        let mut waiting = Vec::with_capacity(count);
        for (write, accepted_at, done) in self.writing.pending.drain(..count) {
            writes.push(write);
            waiting.push((accepted_at, done));
        }
        let (messages, name) = (self.parts.messages.clone(), self.name().clone());
        let stored = async move { messages.write(name, writes).await };
        ctx.spawn(stored.into_actor(self).map(|stored, room, ctx| {
            room.writing.under_way = false;
            room.stored(stored, waiting);
            room.store_next(ctx);
            room.set_timer(ctx);
        }));
    }

    fn stored(&mut self, stored: Result<Option<Vec<Written>>, PortError>, waiting: Vec<(Option<Instant>, Done)>) {
        let written = match stored {
            Ok(Some(written)) => written,
            Ok(None) => return refuse_all(waiting, &Refusal::unknown_room()),
            Err(error) => return refuse_all(waiting, &link::refusal(&self.parts, &error)),
        };
        for (written, (accepted_at, done)) in written.into_iter().zip(waiting) {
            let event = match &written {
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
            if let Some(event) = event {
                self.tell(event, Audience::All, accepted_at);
            }
        }
    }
}

fn refuse_all(waiting: Vec<(Option<Instant>, Done)>, refusal: &Refusal) {
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
