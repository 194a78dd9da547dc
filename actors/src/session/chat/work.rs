//! What a session's requests come to, each on behalf of its person.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use super::Parts;
use super::messages::Command;
use crate::chat::{Chat, Said};
use crate::domain::{
    Answer, Author, Broadcast, ConnectionId, Event, Person, Refusal, ReplyTo, RoomName, StreamPosition,
};
use crate::room::following::CatchUp;
use crate::room::messages::{Change, Gone, Join, Leave, Receipt, Typing, WhoIsThere};
use crate::session::outbox::Outbox;

/// Who asks, and where the answer goes.
pub(super) struct Work {
    pub(super) chat: Chat,
    pub(super) connection: ConnectionId,
    pub(super) person: Person,
    pub(super) moderates: bool,
    pub(super) outbox: Arc<Outbox>,
    pub(super) to: ReplyTo,
    pub(super) accepted_at: Instant,
}

/// What a request came to.
pub(super) enum Done {
    /// This is the answer.
    With(Answer),
    /// The room has answered, in order with its events.
    Answered,
    /// The same, for a room that the request did not name.
    Opened(RoomName),
}

impl Work {
    pub(super) async fn carry_out(self, command: Command) -> Result<Done, Refusal> {
        let (chat, person) = (&self.chat, &self.person);
        let user = Some(person.id);
        let answer = match command {
            Command::CreateRoom { room, topic, history } => {
                let room = chat.create(Some(person), room, topic, history).await?;
                Answer::Created { room: room.name, history: room.history, epoch: room.epoch }
            }
            Command::Join { room, since } => {
                self.join(&room, since, self.to.clone()).await?;
                return Ok(Done::Answered);
            }
            Command::Leave { room, everywhere } => {
                let leave = Leave { connection: self.connection, user: person.id, everywhere };
                chat.rooms.ask(&room, user, leave).await?;
                Answer::Room { room }
            }
            Command::Direct { user: other } => {
                let room = chat.direct(person, other).await?;
                // In it at once; a `join` that follows finds nothing to do but to answer.
                self.join(&room, None, ReplyTo::Nobody).await?;
                let answer = Answer::Room { room: room.clone() };
                let reply = Event::Reply { to: self.to, result: Ok(answer) };
                let _ = self.outbox.push(Broadcast::new(reply, None));
                return Ok(Done::Opened(room));
            }
            Command::Send { room, text, client_id, mentions } => {
                let author = Author::Person(person.clone());
                let said = Said { text, client_id, mentions, accepted_at: self.accepted_at };
                let receipt = Receipt { outbox: self.outbox, to: self.to };
                chat.post(author, &room, said, Some(receipt)).await?;
                return Ok(Done::Answered);
            }
            Command::Change { room, message_id, what } => {
                let moderates = self.moderates && !room.is_direct();
                let change = Change { message_id, by: person.clone(), moderates, what };
                let (seq, at) = chat.rooms.ask(&room, user, change).await?;
                Answer::Changed { seq, at }
            }
            Command::Typing { room, typing } => {
                let typing = Typing { connection: self.connection, user: person.id, typing };
                chat.rooms.ask(&room, user, typing).await?;
                Answer::Done
            }
            Command::History { room, page, limit } => {
                Answer::History { messages: chat.history(user, &room, page, limit).await? }
            }
            Command::Read { room, seq } => chat.mark_read(person, &room, seq).await?,
            Command::Presence { room } => Answer::Online { online: chat.rooms.ask(&room, user, WhoIsThere).await? },
            Command::SetTopic { room, topic } => chat.set_topic(person, &room, topic).await?,
            Command::Rooms => Answer::Rooms { rooms: chat.rooms_of(person.id).await? },
            Command::Ping => Answer::Done,
        };
        Ok(Done::With(answer))
    }

    async fn join(&self, room: &RoomName, since: Option<StreamPosition>, to: ReplyTo) -> Result<(), Refusal> {
        if let Some(StreamPosition { seq: seen, .. }) = since
            && self.chat.rooms.is_shared()
        {
            // They may come from a server that was further, which this one is before they join.
            self.chat.rooms.ask(room, Some(self.person.id), CatchUp { seen }).await?;
        }
        let join = Join {
            connection: self.connection,
            person: self.person.clone(),
            outbox: Arc::clone(&self.outbox),
            since,
            to,
        };
        self.chat.rooms.ask(room, Some(self.person.id), join).await
    }
}

/// Tells the living rooms of a person whether they are here.
pub(super) fn tell_presence(parts: &Parts, person: Person) {
    let chat = parts.chat.clone();
    parts.arbiter.spawn(async move { chat.tell_presence(&person).await });
}

/// Tells the rooms that a connection is gone, and everybody after a while that the person is.
pub(super) fn depart(parts: &Parts, connection: ConnectionId, person: Person, rooms: HashSet<RoomName>) {
    let (parts, user) = (parts.clone(), person.id);
    let arbiter = parts.arbiter.clone();
    arbiter.spawn(async move {
        for room in rooms {
            if let Some((room, _)) = parts.chat.rooms.living(&room) {
                // A room that broke just now knows its connections from its hub, where closed ones are found.
                let _ = room.send(Gone { connection, user }).await;
            }
        }
        let until = parts.clock.now().plus(parts.reconnect_grace);
        if parts.chat.people.depart(user, connection, until) {
            parts.clock.until(until).await;
            if parts.chat.people.forget(user, parts.clock.now()) {
                tell_presence(&parts, person);
            }
        }
    });
}
