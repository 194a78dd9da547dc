//! A connection of a person to chat, whatever carries it: who it is, what it may do, how fast.

pub mod messages;
mod work;

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use actix::{
    Actor, ActorContext as _, ActorFutureExt as _, ArbiterHandle, AsyncContext as _, Context, Handler, WrapFuture as _,
};

use self::messages::{Command, Request};
use super::messages::Hangup;
use super::outbox::{Close, Outbox};
use super::state::Bucket;
use crate::chat::Chat;
use crate::domain::{Answer, Broadcast, ConnectionId, Event, Person, Refusal, ReplyTo, RoomEvent, RoomName, Timestamp};
use crate::ports::{Clock, Count, Level, Meter};

/// What a chat session needs.
#[derive(Clone)]
pub struct Parts {
    /// What can be done.
    pub chat: Chat,
    /// Where what outlives a connection is done.
    pub arbiter: ArbiterHandle,
    /// For the rate.
    pub clock: Arc<dyn Clock>,
    /// For counts.
    pub meter: Arc<dyn Meter>,
    /// Requests a second that a connection may send, and the burst it may send at once.
    pub messages_per_second: u32,
    /// The same for all connections of one person together.
    pub messages_per_second_of_person: u32,
    /// Requests of one connection that wait for the one before.
    pub queue: usize,
    /// Rooms that one connection may be in.
    pub rooms: usize,
    /// Somebody who is back so soon was never gone.
    pub reconnect_grace: Duration,
    /// How many messages may wait.
    pub mailbox: usize,
}

/// One connection. Lives beside its carrier, which decodes frames into [`Request`]s and writes what the outbox holds.
pub struct SessionActor {
    parts: Parts,
    connection: ConnectionId,
    person: Person,
    /// Whether this person may take back what others said in groups.
    moderates: bool,
    outbox: Arc<Outbox>,
    rooms: HashSet<RoomName>,
    waiting: VecDeque<Request>,
    is_busy: bool,
    rate: Bucket,
    /// Requests beyond the rate that are still answered, and do not yet end the connection.
    patience: Bucket,
}

impl SessionActor {
    /// The session of a person who has just been recognised.
    #[must_use]
    pub fn new(parts: Parts, person: Person, moderates: bool, outbox: Arc<Outbox>) -> Self {
        let now = parts.clock.now();
        Self {
            connection: ConnectionId::new(now),
            person,
            moderates,
            outbox,
            rooms: HashSet::new(),
            waiting: VecDeque::new(),
            is_busy: false,
            rate: Bucket::new(parts.messages_per_second, now),
            patience: Bucket::new(parts.messages_per_second, now),
            parts,
        }
    }

    /// Whether a request may be carried out now; if not, it was answered.
    fn allow(&mut self, request: &Request, now: Timestamp) -> bool {
        // Both are asked, so that what one connection sends too much is no excuse for the others.
        let [own, common] = [self.rate.take(now), self.parts.chat.people.allow(self.person.id, now)];
        if own && common {
            return true;
        }
        if self.patience.take(now) {
            let refusal = Refusal::new("too_many", "Too many requests in a second. Wait a moment.");
            self.reply(request.to.clone(), Err(refusal));
        } else {
            self.parts.meter.add(Count::FastWritersCut, 1);
            self.outbox.close(Close::TooMany);
        }
        false
    }

    fn reply(&self, to: ReplyTo, result: Result<Answer, Refusal>) {
        if to != ReplyTo::Nobody {
            // A closed outbox means that the carrier is going; it says so to the client.
            let _ = self.outbox.push(Broadcast::new(Event::Reply { to, result }, None));
        }
    }

    /// One request after the other, so that a client finds its own in the order in which it sent them.
    fn next(&mut self, ctx: &mut Context<Self>) {
        while !self.is_busy {
            let Some(Request { to, command, accepted_at }) = self.waiting.pop_front() else { return };
            let command = match command {
                Ok(Command::Ping) => {
                    self.reply(to, Ok(Answer::Done));
                    continue;
                }
                Ok(command) => command,
                Err(refusal) => {
                    self.reply(to, Err(refusal));
                    continue;
                }
            };
            if let Err(refusal) = self.note(&command) {
                self.reply(to, Err(refusal));
                continue;
            }
            self.is_busy = true;
            let is_silent = command.is_silent() && !to.is_awaited();
            let work = work::Work {
                chat: self.parts.chat.clone(),
                connection: self.connection,
                person: self.person.clone(),
                moderates: self.moderates,
                outbox: Arc::clone(&self.outbox),
                to: to.clone(),
                accepted_at,
            };
            let done = work.carry_out(command);
            ctx.spawn(done.into_actor(self).map(move |done, session, ctx| {
                session.is_busy = false;
                match done {
                    Ok(work::Done::Opened(room)) => {
                        session.rooms.insert(room);
                    }
                    Ok(work::Done::Answered) => {}
                    Ok(work::Done::With(_)) if is_silent => {}
                    Ok(work::Done::With(answer)) => session.reply(to, Ok(answer)),
                    Err(refusal) => session.reply(to, Err(refusal)),
                }
                session.next(ctx);
            }));
        }
    }

    /// Keeps in mind where this connection is, so that its end can be told there.
    fn note(&mut self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::Join { room, .. } if !self.rooms.contains(room) => {
                if self.rooms.len() >= self.parts.rooms {
                    let detail = format!("A connection may be in {} rooms. Leave one.", self.parts.rooms);
                    return Err(Refusal::new("too_many_rooms", detail));
                }
                self.rooms.insert(room.clone());
            }
            Command::Leave { room, .. } => {
                self.rooms.remove(room);
            }
            _ => {}
        }
        Ok(())
    }
}

impl Actor for SessionActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.parts.mailbox);
        self.parts.meter.shift(Level::Connections, 1);
        let now = self.parts.clock.now();
        let per_second = self.parts.messages_per_second_of_person;
        let people = &self.parts.chat.people;
        if people.arrive(&self.person, self.connection, Arc::clone(&self.outbox), per_second, now) {
            work::tell_presence(&self.parts, self.person.clone());
        }
        let welcome = RoomEvent::Welcome { user: self.person.clone(), connection: self.connection };
        let _ = self.outbox.push(Broadcast::new(Event::Room(welcome), None));
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        self.parts.meter.shift(Level::Connections, -1);
        work::depart(&self.parts, self.connection, self.person.clone(), std::mem::take(&mut self.rooms));
    }
}

impl Handler<Request> for SessionActor {
    type Result = ();

    fn handle(&mut self, request: Request, ctx: &mut Self::Context) {
        let now = self.parts.clock.now();
        if !self.allow(&request, now) {
            return;
        }
        if self.waiting.len() >= self.parts.queue {
            let refusal = Refusal::new("too_many", "Too many requests wait for their answer. Wait for one.");
            return self.reply(request.to, Err(refusal));
        }
        self.waiting.push_back(request);
        self.next(ctx);
    }
}

impl Handler<Hangup> for SessionActor {
    type Result = ();

    fn handle(&mut self, _: Hangup, ctx: &mut Self::Context) {
        self.outbox.close(Close::GoingAway);
        ctx.stop();
    }
}
