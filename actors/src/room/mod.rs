//! A room: one actor for each that lives. It gives everything its order and tells those who are there.

mod elsewhere;
pub mod following;
pub mod hub;
pub mod inlet;
mod joining;
mod link;
pub mod messages;
pub mod state;
mod topic;
mod writing;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::{
    Actor, ActorFutureExt as _, AsyncContext as _, Context, Handler, ResponseFuture, SpawnHandle, WrapFuture as _,
};

pub use self::link::RoomLink;

use self::following::Following;
use self::hub::Hub;
use self::messages::{Change, Gone, IsMember, Join, Leave, Post, Presence, Read, RoomError, Typing, WhoIsThere};
use self::state::{Effect, Limits, State};
use self::writing::Writing;
use crate::directory::Tether;
use crate::domain::{
    Audience, Broadcast, ChatMessage, Event, History, Person, Refusal, Room, RoomEpoch, RoomEvent, RoomName, Timestamp,
};
use crate::ports::{Bus, Clock, Member, Membership, Messages, Meter, PortError, RoomNews, Rooms};

/// How long to wait before a store that failed is asked again at the start.
const RETRY: Duration = Duration::from_millis(500);

/// What rooms need.
#[derive(Clone)]
pub struct Parts {
    /// Rooms and read marks.
    pub rooms: Arc<dyn Rooms>,
    /// What is said.
    pub messages: Arc<dyn Messages>,
    /// Who belongs where.
    pub membership: Arc<dyn Membership>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Counts.
    pub meter: Arc<dyn Meter>,
    /// For what went wrong.
    pub log: slog::Logger,
    /// The way to the other servers, where there may be some.
    pub others: Option<Arc<dyn Bus>>,
    /// Limits of a room.
    pub limits: Limits,
    /// Members that the answer to `join` lists.
    pub members_listed: usize,
    /// Messages and changes that are replayed to a joiner; more is read as history.
    pub replay: usize,
    /// Events that are held back for one joiner.
    pub held_events: usize,
    /// Messages that wait to be stored.
    pub pending: usize,
    /// Messages that are stored in one transaction.
    pub batch: usize,
    /// Rooms that live at once.
    pub live_rooms: usize,
    /// How long a room lives on after the last one went.
    pub idle: Duration,
    /// How many messages may wait.
    pub mailbox: usize,
}

/// One room that lives.
pub struct RoomActor {
    parts: Parts,
    hub: Arc<Hub>,
    topic: String,
    /// When it was last changed in this life of the room.
    topic_changed_at: Option<Instant>,
    epoch: RoomEpoch,
    /// The last number that was told.
    seq: u64,
    state: State,
    writing: Writing,
    following: Following,
    timer: Option<(Timestamp, SpawnHandle)>,
    idle_since: Option<Timestamp>,
    retired: bool,
    retire: Box<dyn Fn(&RoomName) + Send>,
    _tether: Tether,
}

impl fmt::Debug for RoomActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoomActor").field("room", self.name()).field("seq", &self.seq).finish_non_exhaustive()
    }
}

impl RoomActor {
    /// A room that knows nothing yet; it reads its members and its last number when it starts.
    fn new(parts: Parts, hub: Arc<Hub>, retire: Box<dyn Fn(&RoomName) + Send>, tether: Tether) -> Self {
        let room = &hub.room;
        let state = State::new(room.name.clone(), room.kind, parts.limits, Vec::new(), Vec::new());
        let epoch = match room.history {
            History::Durable => room.epoch,
            // Nothing is kept, so every life of the room counts anew.
            History::None => RoomEpoch::new(parts.clock.now()),
        };
        Self {
            topic: room.topic.clone(),
            topic_changed_at: None,
            epoch,
            seq: 0,
            state,
            writing: Writing::default(),
            following: Following::default(),
            timer: None,
            idle_since: None,
            retired: false,
            retire,
            parts,
            hub,
            _tether: tether,
        }
    }

    fn name(&self) -> &RoomName {
        &self.hub.room.name
    }

    fn take_over(&mut self, room: Room, members: Vec<Member>, ctx: &mut Context<Self>) {
        let there = self.hub.present();
        let was_here_before = !there.is_empty();
        self.topic = room.topic;
        if room.history == History::Durable {
            self.seq = room.seq;
        }
        let state = State::new(room.name.clone(), room.kind, self.parts.limits, members, there);
        self.state = if self.parts.others.is_some() { state.shared() } else { state };
        if self.parts.others.is_some() {
            self.hub.set_elsewhere(Vec::new());
            self.spread(|| RoomNews::WhoIsPresent);
        }
        if was_here_before {
            self.announce();
            self.tell(RoomEvent::Resync { room: room.name }, Audience::All, None);
        }
        self.set_timer(ctx);
    }

    fn carry_out(&mut self, effects: Vec<Effect>, ctx: &mut Context<Self>) {
        let mut effects = effects.into_iter().peekable();
        while let Some(effect) = effects.next() {
            match effect {
                Effect::Tell(event, audience) => self.tell(event, audience, None),
                // Stored before the joiner is answered.
                Effect::Remember(_) => {}
                Effect::Forget(user) => {
                    let told = effects.next_if(|next| matches!(next, Effect::Spread(_)));
                    self.forget(user, told, ctx);
                }
                Effect::Restore(member) => self.restore(member, ctx),
                Effect::Spread(news) => self.publish_elsewhere(news),
            }
        }
        self.set_timer(ctx);
    }

    fn tell(&mut self, event: RoomEvent, audience: Audience, accepted_at: Option<Instant>) {
        self.tell_untold();
        self.publish(&[Broadcast::new(Event::Room(event), accepted_at)], audience);
    }

    fn publish(&mut self, broadcasts: &[Arc<Broadcast>], audience: Audience) {
        let gone = self.hub.publish(broadcasts, audience);
        let now = self.parts.clock.now();
        for (connection, user) in gone {
            self.state.gone(connection, user, now);
        }
    }

    /// One timer, set to the next instant at which something happens by itself.
    fn set_timer(&mut self, ctx: &mut Context<Self>) {
        if self.retired {
            return;
        }
        let is_idle = self.hub.is_empty() && self.writing.is_idle() && self.following.is_idle();
        self.idle_since = is_idle.then(|| self.idle_since.unwrap_or_else(|| self.parts.clock.now()));
        let idle_until = self.idle_since.map(|since| since.plus(self.parts.idle));
        let wake_at = self.state.wake_at().into_iter().chain(idle_until).min();
        match (&self.timer, wake_at) {
            (Some((set, _)), Some(at)) if *set <= at => return,
            (Some((_, handle)), _) => drop(ctx.cancel_future(*handle)),
            (None, _) => {}
        }
        self.timer = wake_at.map(|at| {
            let due = self.parts.clock.until(at).into_actor(self).map(|(), room: &mut Self, ctx| {
                room.timer = None;
                room.wake(ctx);
            });
            (at, ctx.spawn(due))
        });
    }

    fn wake(&mut self, ctx: &mut Context<Self>) {
        let now = self.parts.clock.now();
        let effects = self.state.tick(now);
        self.carry_out(effects, ctx);
        if self.retired {
            return;
        }
        if self.idle_since.is_some_and(|since| since.plus(self.parts.idle) <= now) && self.state.wake_at().is_none() {
            // What is in the mailbox still gets its answer; the actor ends with its last address.
            self.retired = true;
            // Nobody is here. Also for those who did not hear that the last one went.
            self.announce();
            (self.retire)(self.name());
        }
    }

    fn living(&self) -> Result<(), RoomError> {
        if self.retired { Err(RoomError::Retired) } else { Ok(()) }
    }
}

/// Reads a room and its members, until the store answers.
async fn look_up(parts: Parts, hub: Arc<Hub>) -> (Room, Vec<Member>) {
    loop {
        let name = hub.room.name.clone();
        let read = async {
            let room = parts.rooms.get(name.clone()).await?;
            let members = parts.membership.members(name, parts.limits.members).await?;
            // Rooms do not vanish.
            Ok::<_, PortError>((room.unwrap_or_else(|| hub.room.clone()), members))
        };
        match read.await {
            Ok(read) => return read,
            Err(error) => {
                slog::warn!(parts.log, "a room cannot be read, trying again";
                    "room" => %hub.room.name, "error" => %error);
                parts.clock.until(parts.clock.now().plus(RETRY)).await;
            }
        }
    }
}

impl Actor for RoomActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.parts.mailbox);
        // The mailbox waits meanwhile, and with it, when it is full, those who ask.
        let read = look_up(self.parts.clone(), Arc::clone(&self.hub));
        ctx.wait(read.into_actor(self).map(|(room, members), actor, ctx| actor.take_over(room, members, ctx)));
    }
}

impl Handler<Join> for RoomActor {
    type Result = Result<(), RoomError>;

    fn handle(&mut self, join: Join, ctx: &mut Self::Context) -> Self::Result {
        self.living()?;
        self.join(join, ctx)?;
        Ok(())
    }
}

impl Handler<Leave> for RoomActor {
    type Result = Result<(), RoomError>;

    fn handle(&mut self, leave: Leave, ctx: &mut Self::Context) -> Self::Result {
        self.living()?;
        let Leave { connection, user, everywhere } = leave;
        self.hub.unsubscribe(connection);
        if everywhere {
            self.let_go(user);
        }
        let effects = self.state.leave(connection, user, everywhere, self.parts.clock.now());
        self.carry_out(effects, ctx);
        Ok(())
    }
}

impl Handler<Gone> for RoomActor {
    type Result = ();

    fn handle(&mut self, Gone { connection, user }: Gone, ctx: &mut Self::Context) {
        self.hub.unsubscribe(connection);
        self.state.gone(connection, user, self.parts.clock.now());
        self.set_timer(ctx);
    }
}

impl Handler<Post> for RoomActor {
    type Result = ResponseFuture<Result<ChatMessage, RoomError>>;

    fn handle(&mut self, post: Post, ctx: &mut Self::Context) -> Self::Result {
        self.post(post, ctx)
    }
}

impl Handler<Change> for RoomActor {
    type Result = ResponseFuture<Result<(Option<u64>, Timestamp), RoomError>>;

    fn handle(&mut self, change: Change, ctx: &mut Self::Context) -> Self::Result {
        self.change(change, ctx)
    }
}

impl Handler<Typing> for RoomActor {
    type Result = Result<(), RoomError>;

    fn handle(&mut self, Typing { connection, user, typing }: Typing, ctx: &mut Self::Context) -> Self::Result {
        self.living()?;
        if !self.state.is_there(user, connection) {
            return Err(not_joined().into());
        }
        let effects = self.state.typing(user, typing, self.parts.clock.now());
        self.carry_out(effects, ctx);
        Ok(())
    }
}

impl Handler<Read> for RoomActor {
    type Result = Result<(), RoomError>;

    fn handle(&mut self, Read { person, seq }: Read, ctx: &mut Self::Context) -> Self::Result {
        self.living()?;
        self.spread(|| RoomNews::Read(person.clone(), seq));
        let effects = self.state.read(person, seq);
        self.carry_out(effects, ctx);
        Ok(())
    }
}

impl Handler<Presence> for RoomActor {
    type Result = ();

    fn handle(&mut self, Presence { person, online }: Presence, ctx: &mut Self::Context) {
        let effects = self.state.presence(person, online);
        self.carry_out(effects, ctx);
    }
}

impl Handler<WhoIsThere> for RoomActor {
    type Result = Result<Vec<Person>, RoomError>;

    fn handle(&mut self, _: WhoIsThere, _: &mut Self::Context) -> Self::Result {
        self.living()?;
        Ok(self.state.online())
    }
}

impl Handler<IsMember> for RoomActor {
    type Result = Result<bool, RoomError>;

    fn handle(&mut self, IsMember(user): IsMember, _: &mut Self::Context) -> Self::Result {
        self.living()?;
        Ok(self.state.is_member(user))
    }
}

fn not_joined() -> Refusal {
    Refusal::new("not_joined", "Join the room first.")
}

#[cfg(test)]
mod tests;
