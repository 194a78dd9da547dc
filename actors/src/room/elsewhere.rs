//! What happened at other servers, told to those who are connected to this one as if it had happened here; and what the
//! others are told.

use actix::{ActorFutureExt as _, Addr, AsyncContext as _, Context, Handler, Message, ResponseFuture, WrapFuture as _};

use super::inlet::Slot;
use super::messages::RoomError;
use super::state::Effect;
use super::{RoomActor, link, not_joined};
use crate::domain::{Audience, Broadcast, ChatMessage, Event, History, Person, RoomEvent, UserId};
use crate::ports::{ChatNews, Member, News, Roll, RoomNews, ServerName};

/// The most bytes of text that are told in one piece of news; a single message may have more.
const SAID_BYTES: usize = 16 * 1024;
/// The most messages.
const SAID_COUNT: usize = 64;

/// News of another server about a room.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(super) struct Told {
    /// Whose.
    pub(super) from: ServerName,
    /// What.
    pub(super) news: RoomNews,
    /// Its place in the mailbox.
    pub(super) _slot: Slot,
}

/// Tell the others who is here: they may have missed it.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(super) struct Announce {
    /// Its place in the mailbox.
    pub(super) _slot: Slot,
}

/// A server is gone.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(super) struct ServerGone(pub(super) ServerName);

/// Somebody belongs to the room, as the store says. Whether there is a place for them.
#[derive(Debug, Message)]
#[rtype(result = "bool")]
struct Meet(Person);

impl RoomActor {
    /// Tells the other servers, where there are some.
    pub(super) fn spread(&self, news: impl FnOnce() -> RoomNews) {
        if let Some(others) = &self.parts.others {
            others.publish(News::Chat(ChatNews::Room(self.name().clone(), news())));
        }
    }

    pub(super) fn publish_elsewhere(&self, news: ChatNews) {
        if let Some(others) = &self.parts.others {
            others.publish(News::Chat(news));
        }
    }

    /// Tells the others what was said in a room that keeps nothing, a piece for so many and so long messages.
    pub(super) fn spread_said(&self, messages: Vec<ChatMessage>) {
        let mut piece: Vec<ChatMessage> = Vec::new();
        let mut bytes = 0;
        for message in messages {
            if piece.len() >= SAID_COUNT || (bytes + message.text.len() > SAID_BYTES && !piece.is_empty()) {
                self.spread(|| RoomNews::Said(std::mem::take(&mut piece)));
                bytes = 0;
            }
            bytes += message.text.len();
            piece.push(message);
        }
        if !piece.is_empty() {
            self.spread(|| RoomNews::Said(piece));
        }
    }

    pub(super) fn announce(&self) {
        if self.parts.others.is_some() {
            for part in Roll::parts(&self.state.here()) {
                self.spread(|| RoomNews::Present(part));
            }
        }
    }

    /// What was said at another server in a room that keeps nothing, with numbers of this one.
    fn say_again(&mut self, messages: Vec<ChatMessage>) {
        if self.hub.room.history == History::Durable {
            return;
        }
        self.tell_untold();
        let mut news = Vec::with_capacity(messages.len());
        for message in messages {
            if let Some(message) = self.renumber(message) {
                let event = RoomEvent::Said { room: self.name().clone(), message };
                news.push(Broadcast::new(Event::Room(event), None));
            }
        }
        self.publish(&news, Audience::All);
    }

    /// A person leaves with every connection that they have here. These learn it from the same event as everybody else.
    pub(super) fn let_go(&mut self, user: UserId) {
        let others = self.hub.present().into_iter().filter(|(_, person)| person.id == user);
        let left = |person| RoomEvent::Left { room: self.name().clone(), user: person };
        let (others, events): (Vec<_>, Vec<_>) = others.map(|(other, person)| (other, left(person))).unzip();
        if let Some(event) = events.into_iter().next() {
            self.tell(event, Audience::Only(user), None);
        }
        for other in others {
            self.hub.unsubscribe(other);
        }
    }

    /// Stores that somebody belongs to the room no more. The others hear it afterwards: who asks the store then, finds it
    /// so. Who has joined again meanwhile never left, for them.
    pub(super) fn forget(&mut self, user: UserId, told: Option<Effect>, ctx: &mut Context<Self>) {
        let (parts, name) = (self.parts.clone(), self.name().clone());
        let forgotten = async move { parts.membership.remove(name, user).await };
        ctx.spawn(forgotten.into_actor(self).map(move |forgotten, room, _| {
            if let Err(error) = forgotten {
                slog::warn!(room.parts.log, "somebody left a room, which could not be stored";
                    "room" => %room.name(), "error" => %error);
            }
            match told {
                Some(Effect::Spread(news)) if !room.state.is_member(user) => room.publish_elsewhere(news),
                _ => {}
            }
        }));
    }

    /// Stores again that somebody belongs to the room.
    pub(super) fn restore(&mut self, member: Member, ctx: &mut Context<Self>) {
        let (parts, name) = (self.parts.clone(), self.name().clone());
        let restored = async move { parts.membership.add(name, member).await };
        ctx.spawn(restored.into_actor(self).map(|restored, room, _| {
            if let Err(error) = restored {
                slog::warn!(room.parts.log, "somebody belongs to a room, which could not be stored";
                    "room" => %room.name(), "error" => %error);
            }
        }));
    }

    /// What somebody asked who does not belong to the room, as far as this server knows: done when they joined at another
    /// one, whose news is not here yet.
    pub(super) fn if_joined_elsewhere<M, T>(
        &self,
        person: Person,
        asked: M,
        ctx: &mut Context<Self>,
    ) -> ResponseFuture<Result<T, RoomError>>
    where
        M: Message<Result = Result<T, RoomError>> + Send + 'static,
        T: Send + 'static,
        Self: Handler<M>,
    {
        if self.parts.others.is_none() {
            return Box::pin(async { Err(not_joined().into()) });
        }
        let (parts, name, room) = (self.parts.clone(), self.name().clone(), ctx.address());
        Box::pin(async move {
            let belongs = parts.membership.has(name, person.id).await;
            if !belongs.map_err(|error| link::refusal(&parts, &error))? || !meets(&room, person).await {
                return Err(not_joined().into());
            }
            room.send(asked).await.unwrap_or_else(|_| Err(super::writing::starts_again().into()))
        })
    }
}

async fn meets(room: &Addr<RoomActor>, person: Person) -> bool {
    room.send(Meet(person)).await.unwrap_or(false)
}

impl Handler<Meet> for RoomActor {
    type Result = bool;

    fn handle(&mut self, Meet(person): Meet, _: &mut Self::Context) -> Self::Result {
        self.state.meet(&person, self.parts.clock.now())
    }
}

impl Handler<Announce> for RoomActor {
    type Result = ();

    fn handle(&mut self, _: Announce, _: &mut Self::Context) {
        self.announce();
    }
}

impl Handler<ServerGone> for RoomActor {
    type Result = ();

    fn handle(&mut self, ServerGone(server): ServerGone, ctx: &mut Self::Context) {
        let effects = self.state.server_gone(&server, self.parts.clock.now());
        self.hub.set_elsewhere(self.state.elsewhere());
        self.carry_out(effects, ctx);
    }
}

impl Handler<Told> for RoomActor {
    type Result = ();

    fn handle(&mut self, Told { from, news, _slot }: Told, ctx: &mut Context<Self>) {
        if self.retired {
            return;
        }
        let now = self.parts.clock.now();
        let (about, effects) = match news {
            RoomNews::Stored(seq) => return self.learn(seq, ctx),
            RoomNews::Said(messages) => return self.say_again(messages),
            RoomNews::WhoIsPresent => return self.announce(),
            RoomNews::TopicChanged { topic, by } => return self.topic_changed(topic, by),
            RoomNews::Typing(person, typing) => (None, self.state.types(&person, typing, now)),
            RoomNews::Read(person, seq) => (None, self.state.read(person, seq)),
            RoomNews::Came(person) => (Some(person.id), self.state.came_elsewhere(&from, &person, now)),
            RoomNews::Went(user) => (Some(user), self.state.went_elsewhere(&from, user, now)),
            RoomNews::Left { user, everywhere } => {
                if everywhere {
                    self.let_go(user);
                }
                (Some(user), self.state.left_elsewhere(&from, user, everywhere, now))
            }
            RoomNews::Present(part) => {
                let effects = self.state.present_elsewhere(&from, part, now);
                self.hub.set_elsewhere(self.state.elsewhere());
                (None, effects)
            }
        };
        if let Some(user) = about {
            self.hub.note_elsewhere(user, self.state.is_elsewhere(user));
        }
        self.carry_out(effects, ctx);
    }
}
