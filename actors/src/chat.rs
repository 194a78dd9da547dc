//! What can be done in chat, for sockets and REST alike: each asks on behalf of somebody, and each is checked here.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;

use crate::domain::{
    Answer, Author, ChatMessage, History, MessageId, Person, Refusal, Room, RoomEpoch, RoomKind, RoomName, RoomSummary,
    UserId,
};
use crate::people::People;
use crate::ports::{Accounts, Announcer, MailError, Member, NewMessage, Page, ReadRoom};
use crate::room::RoomLink;
use crate::room::messages::{Post, Read, Receipt, SetTopic};

/// Rooms that are listed as somebody's.
const ROOMS_OF_ONE: usize = 1_000;

/// Chat.
#[derive(Clone, Debug)]
pub struct Chat {
    /// The rooms that live.
    pub rooms: RoomLink,
    /// Who is connected.
    pub people: Arc<People>,
    accounts: Accounts_,
    /// Groups that there may be.
    most_rooms: u64,
}

/// Hides the store from `Debug`.
#[derive(Clone)]
struct Accounts_(Arc<dyn Accounts>);

impl std::fmt::Debug for Accounts_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts")
    }
}

impl Chat {
    /// Chat over these rooms.
    #[must_use]
    pub fn new(rooms: RoomLink, accounts: Arc<dyn Accounts>, most_rooms: u64) -> Self {
        let people = Arc::new(People::new(rooms.parts().others.clone()));
        Self { rooms, people, accounts: Accounts_(accounts), most_rooms }
    }

    /// Makes a group, and tells everybody.
    ///
    /// # Errors
    /// `room_exists`, `too_many_rooms`, `busy`.
    pub async fn create(
        &self,
        by: Option<&Person>,
        name: RoomName,
        topic: String,
        history: History,
    ) -> Result<Room, Refusal> {
        let parts = self.rooms.parts();
        let now = parts.clock.now();
        let room = Room {
            name,
            kind: RoomKind::Group,
            topic,
            history,
            created_by: by.map(|by| by.id),
            created_at: now,
            epoch: RoomEpoch::new(now),
            seq: 0,
        };
        parts.rooms.create(room.clone(), self.most_rooms).await.map_err(|error| self.rooms.refusal(&error))?;
        if let Some(by) = by {
            self.tell_created(&room, by, None, None);
        }
        Ok(room)
    }

    /// The one room of these two, made when it is missing.
    ///
    /// # Errors
    /// `unknown_user`, `busy`.
    pub async fn direct(&self, me: &Person, other: UserId) -> Result<RoomName, Refusal> {
        let parts = self.rooms.parts();
        let failed = |error| self.rooms.refusal(&error);
        let unknown =
            || Refusal { path: Some("/user".into()), ..Refusal::new("unknown_user", "There is no such user.") };
        let user = self.accounts.0.by_id(other).await.map_err(failed)?;
        let user = user.filter(|user| user.disabled_at.is_none()).ok_or_else(unknown)?;
        let other = Person { id: user.id, name: user.name.into() };
        let now = parts.clock.now();
        let candidate = Room {
            name: RoomName::direct(MessageId::new(now).uuid()),
            kind: RoomKind::direct(me.id, other.id),
            topic: String::new(),
            history: History::Durable,
            created_by: Some(me.id),
            created_at: now,
            epoch: RoomEpoch::new(now),
            seq: 0,
        };
        let (room, is_new) = parts.rooms.direct(candidate).await.map_err(failed)?;
        for person in [me, &other] {
            // Also when the room is there already: whoever made it may have been cut off right here.
            let member = Member { person: person.clone(), joined_at: now };
            parts.membership.add(room.name.clone(), member).await.map_err(failed)?;
        }
        if is_new {
            self.tell_created(&room, me, Some(other.clone()), Some(me.id));
            if other.id != me.id {
                self.tell_created(&room, me, Some(me.clone()), Some(other.id));
            }
        }
        Ok(room.name)
    }

    /// A person's rooms, with what is unread.
    ///
    /// # Errors
    /// `busy`.
    pub async fn rooms_of(&self, user: UserId) -> Result<Vec<RoomSummary>, Refusal> {
        let parts = self.rooms.parts();
        let failed = |error| self.rooms.refusal(&error);
        let names = parts.membership.rooms_of(user, ROOMS_OF_ONE).await.map_err(failed)?;
        let read = parts.rooms.read_by(user, names).await.map_err(failed)?;
        let mut summaries = Vec::with_capacity(read.len());
        for ReadRoom { room, read_seq, unread, last_at } in read {
            let with = match room.kind.other_than(user) {
                Some(other) => self.accounts.0.by_id(other).await.map_err(failed)?,
                None => None,
            };
            summaries.push(RoomSummary {
                with: with.map(|user| Person { id: user.id, name: user.name.into() }),
                name: room.name,
                kind: room.kind,
                topic: room.topic,
                history: room.history,
                epoch: room.epoch,
                seq: room.seq,
                read_seq,
                unread,
                last_at,
            });
        }
        Ok(summaries)
    }

    /// Reads what was said, in its order. A service, which is nobody, reads groups alone.
    ///
    /// # Errors
    /// `unknown_room`, `busy`.
    pub async fn history(
        &self,
        user: Option<UserId>,
        name: &RoomName,
        page: Page,
        limit: usize,
    ) -> Result<Vec<ChatMessage>, Refusal> {
        self.admitted(user, name).await?;
        let messages = self.rooms.parts().messages.page(name.clone(), page, limit).await;
        messages.map_err(|error| self.rooms.refusal(&error))
    }

    /// Says something. With a receipt the room answers by itself.
    ///
    /// # Errors
    /// `unknown_room`, `not_joined`, `busy`.
    pub async fn post(
        &self,
        author: Author,
        name: &RoomName,
        said: Said,
        receipt: Option<Receipt>,
    ) -> Result<ChatMessage, Refusal> {
        let Said { text, client_id, mentions, accepted_at } = said;
        let user = match &author {
            Author::Person(person) => Some(person.id),
            Author::Service { .. } | Author::System => None,
        };
        let at = self.rooms.parts().clock.now();
        let message = NewMessage { id: MessageId::new(at), author, text, at, client_id, mentions };
        self.rooms.ask(name, user, Post { message, accepted_at, receipt }).await
    }

    /// Notes how far somebody has read, and tells the room when that is further than before.
    ///
    /// # Errors
    /// `unknown_room`, `busy`.
    pub async fn mark_read(&self, person: &Person, name: &RoomName, seq: u64) -> Result<Answer, Refusal> {
        let parts = self.rooms.parts();
        let room = self.admitted(Some(person.id), name).await?;
        if room.history == History::None {
            return Ok(Answer::Done);
        }
        let failed = |error| self.rooms.refusal(&error);
        let before = parts.rooms.read_mark(name.clone(), person.id).await.map_err(failed)?;
        // Nobody has read what was not said yet; that this room goes on meanwhile does no harm.
        let last = parts.rooms.get(name.clone()).await.map_err(failed)?.map_or(0, |room| room.seq);
        let now = parts.rooms.mark_read(name.clone(), person.id, seq.min(last)).await.map_err(failed)?;
        if now > before {
            self.rooms.ask(name, Some(person.id), Read { person: person.clone(), seq: now }).await?;
        }
        Ok(Answer::Done)
    }

    /// Sets what a group is about.
    ///
    /// # Errors
    /// `unknown_room`, `bad_request` for a direct room, `busy`.
    pub async fn set_topic(&self, by: &Person, name: &RoomName, topic: String) -> Result<Answer, Refusal> {
        let room = self.admitted(Some(by.id), name).await?;
        if room.kind != RoomKind::Group {
            return Err(Refusal {
                path: Some("/room".into()),
                ..Refusal::new("bad_request", "Direct rooms have no topic.")
            });
        }
        self.rooms.ask(name, Some(by.id), SetTopic { topic: topic.clone(), by: by.clone() }).await?;
        Ok(Answer::Topic { topic })
    }

    /// A room, if it exists for this person.
    async fn admitted(&self, user: Option<UserId>, name: &RoomName) -> Result<Room, Refusal> {
        let room = match self.rooms.living(name) {
            Some((_, hub)) => Some(hub.room.clone()),
            None => self.rooms.parts().rooms.get(name.clone()).await.map_err(|error| self.rooms.refusal(&error))?,
        };
        let admits = |room: &Room| user.map_or(room.kind == RoomKind::Group, |user| room.kind.admits(user));
        room.filter(admits).ok_or_else(Refusal::unknown_room)
    }
}

/// Something to be said.
#[derive(Debug)]
pub struct Said {
    /// The text.
    pub text: String,
    /// By which it is known when it comes again.
    pub client_id: Option<String>,
    /// Who is called.
    pub mentions: Vec<UserId>,
    /// When the request was accepted.
    pub accepted_at: Instant,
}

#[async_trait]
impl Announcer for Chat {
    async fn announce(&self, room: RoomName, text: String, key: String) -> Result<(), MailError> {
        let said = || Said {
            text: text.clone(),
            client_id: Some(key.clone()),
            mentions: Vec::new(),
            accepted_at: Instant::now(),
        };
        let post = || self.post(Author::System, &room, said(), None);
        let mut said = post().await;
        if matches!(&said, Err(refusal) if refusal.code == "unknown_room") && !room.is_direct() {
            match self.create(None, room.clone(), String::new(), History::Durable).await {
                Err(refusal) if refusal.code != "room_exists" => said = Err(refusal),
                _ => said = post().await,
            }
        }
        said.map(drop).map_err(|refusal| match refusal.code {
            "unknown_room" | "too_many_rooms" => MailError::Permanent(refusal.detail),
            _ => MailError::Temporary(refusal.detail),
        })
    }
}
