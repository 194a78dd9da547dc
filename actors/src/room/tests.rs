//! A living room, message by message, over ports that fail when they are told to.

mod following;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use futures_util::StreamExt as _;

use super::*;
use crate::directory::Surroundings;
use crate::domain::{Answer, Author, Changed, ConnectionId, MessageId, ReplyTo, RoomKind, StreamPosition, UserId};
use crate::ports::{ListRooms, Missed, NewMessage, Page, ReadRoom, Write, Written};
use crate::session::outbox::{Drain, Outbox};
use crate::testing::{NullMeter, SimulatedClock};

/// One room, its messages, and what goes wrong with the next ones.
struct Store {
    room: Room,
    said: Mutex<Vec<ChatMessage>>,
    failures: AtomicU32,
    panics: AtomicU32,
    /// Who belongs to the room and is not listed.
    joined_elsewhere: Mutex<Vec<UserId>>,
    /// Reads of what was missed that fail.
    unreadable: AtomicU32,
    /// Whoever stores passes here, between the commit and the answer.
    gate: Arc<tokio::sync::Mutex<()>>,
}

fn takes(counter: &AtomicU32) -> bool {
    counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

#[async_trait]
impl Rooms for Store {
    async fn create(&self, _: Room, _: u64) -> Result<(), PortError> {
        Err(PortError::Busy("test"))
    }
    async fn direct(&self, room: Room) -> Result<(Room, bool), PortError> {
        Ok((room, false))
    }
    async fn get(&self, name: RoomName) -> Result<Option<Room>, PortError> {
        let seq = self.said.lock().unwrap().len() as u64;
        Ok((name == self.room.name).then(|| Room { seq, ..self.room.clone() }))
    }
    async fn several(&self, names: Vec<RoomName>) -> Result<Vec<Room>, PortError> {
        let found = futures_util::future::join_all(names.into_iter().map(|name| self.get(name))).await;
        Ok(found.into_iter().filter_map(Result::unwrap).collect())
    }
    async fn list(&self, _: ListRooms) -> Result<Vec<Room>, PortError> {
        Ok(Vec::new())
    }
    async fn read_by(&self, _: UserId, _: Vec<RoomName>) -> Result<Vec<ReadRoom>, PortError> {
        Ok(Vec::new())
    }
    async fn set_topic(&self, _: RoomName, _: String) -> Result<bool, PortError> {
        Ok(true)
    }
    async fn mark_read(&self, _: RoomName, _: UserId, seq: u64) -> Result<u64, PortError> {
        Ok(seq)
    }
    async fn read_mark(&self, _: RoomName, _: UserId) -> Result<u64, PortError> {
        Ok(0)
    }
}

#[async_trait]
impl Membership for Store {
    async fn add(&self, _: RoomName, _: Member) -> Result<bool, PortError> {
        Ok(true)
    }
    async fn remove(&self, _: RoomName, _: UserId) -> Result<bool, PortError> {
        Ok(true)
    }
    async fn has(&self, _: RoomName, user: UserId) -> Result<bool, PortError> {
        Ok(self.joined_elsewhere.lock().unwrap().contains(&user))
    }
    async fn members(&self, _: RoomName, _: usize) -> Result<Vec<Member>, PortError> {
        Ok(vec![Member { person: ada(), joined_at: Timestamp::clamped(0) }])
    }
    async fn rooms_of(&self, _: UserId, _: usize) -> Result<Vec<RoomName>, PortError> {
        Ok(vec![self.room.name.clone()])
    }
}

#[async_trait]
impl Messages for Store {
    async fn write(&self, _: RoomName, writes: Vec<Write>) -> Result<Option<Vec<Written>>, PortError> {
        if takes(&self.failures) {
            return Err(PortError::Busy("test"));
        }
        let written = self.commit(writes);
        drop(self.gate.lock().await);
        if takes(&self.panics) {
            // After the commit, before anybody hears of it; without the hook's noise in the test's output.
            std::panic::resume_unwind(Box::new("broken on purpose"));
        }
        Ok(Some(written))
    }
    async fn page(&self, _: RoomName, _: Page, _: usize) -> Result<Vec<ChatMessage>, PortError> {
        Ok(self.said.lock().unwrap().clone())
    }
    async fn missed(&self, _: RoomName, after: u64, upto: u64, _: usize) -> Result<Option<Missed>, PortError> {
        if takes(&self.unreadable) {
            return Err(PortError::Busy("test"));
        }
        let said = self.said.lock().unwrap();
        let messages = said.iter().filter(|one| one.seq > after && one.seq <= upto).cloned().collect();
        Ok(Some(Missed { messages, changes: Vec::new() }))
    }
}

impl Store {
    fn commit(&self, writes: Vec<Write>) -> Vec<Written> {
        let mut said = self.said.lock().unwrap();
        let mut written = Vec::new();
        for write in writes {
            let Write::Post(NewMessage { id, author, text, at, client_id, mentions }) = write else { continue };
            let seq = said.len() as u64 + 1;
            let (edited_at, deleted, reactions) = (None, false, Vec::new());
            let message = ChatMessage { id, seq, author, text, at, client_id, mentions, edited_at, deleted, reactions };
            said.push(message.clone());
            written.push(Written::Posted(message));
        }
        written
    }
}

fn ada() -> Person {
    Person { id: uuid::Uuid::from_u128(1).into(), name: "Ada".into() }
}

struct House {
    store: Arc<Store>,
    rooms: RoomLink,
    clock: Arc<SimulatedClock>,
    connection: ConnectionId,
    outbox: Arc<Outbox>,
    drain: Drain,
}

impl House {
    /// Ada is in the room.
    async fn new() -> Self {
        Self::among(None).await
    }

    /// The same, with other servers.
    async fn among(others: Option<Arc<dyn Bus>>) -> Self {
        let at = Timestamp::clamped(0);
        let clock = Arc::new(SimulatedClock::at(at));
        let room = Room {
            name: RoomName::parse("ops").unwrap(),
            kind: RoomKind::Group,
            topic: String::new(),
            history: History::Durable,
            created_by: None,
            created_at: at,
            epoch: RoomEpoch::new(at),
            seq: 0,
        };
        let (failures, panics) = (AtomicU32::new(0), AtomicU32::new(0));
        let (unreadable, gate) = (AtomicU32::new(0), Arc::default());
        let store = Arc::new(Store {
            room,
            said: Mutex::default(),
            joined_elsewhere: Mutex::default(),
            failures,
            panics,
            unreadable,
            gate,
        });
        let log = slog::Logger::root(slog::Discard, slog::o!());
        let second = Duration::from_secs(1);
        let limits = Limits {
            reconnect_grace: second,
            typing_lasts: second,
            typing_every: second,
            typing_people: 2,
            crowd: 9,
            crowd_every: second,
            members: 9,
        };
        let parts = Parts {
            rooms: store.clone(),
            messages: store.clone(),
            membership: store.clone(),
            clock: clock.clone(),
            meter: Arc::new(NullMeter),
            log: log.clone(),
            others,
            limits,
            members_listed: 9,
            replay: 9,
            held_events: 9,
            pending: 2,
            batch: 2,
            live_rooms: 2,
            idle: Duration::from_secs(60),
            mailbox: 16,
        };
        let around = Surroundings {
            arbiters: actix::Arbiter::current().into(),
            clock: clock.clone(),
            meter: Arc::new(NullMeter),
            log,
        };
        let outbox = Outbox::new(64, Arc::new(NullMeter));
        let drain = Drain::new(Arc::clone(&outbox));
        let rooms = RoomLink::new(parts, around);
        let mut house = Self { store, rooms, clock, connection: ConnectionId::new(at), outbox, drain };
        house.join(None).await;
        house
    }

    async fn join(&mut self, since: Option<StreamPosition>) -> crate::domain::Joined {
        let join = Join {
            connection: self.connection,
            person: ada(),
            outbox: Arc::clone(&self.outbox),
            since,
            to: ReplyTo::Acknowledgement(1),
        };
        self.rooms.ask(&self.store.room.name.clone(), Some(ada().id), join).await.unwrap();
        match self.next().await {
            Event::Reply { result: Ok(Answer::Joined(joined)), .. } => *joined,
            other => panic!("{other:?}"),
        }
    }

    fn message(&self, text: &str) -> NewMessage {
        let now = self.clock.now();
        let author = Author::Person(ada());
        let (id, text) = (MessageId::new(now), text.to_owned());
        NewMessage { id, author, text, at: now, client_id: None, mentions: Vec::new() }
    }

    async fn post(&self, text: &str) -> Result<u64, &'static str> {
        let post = Post { message: self.message(text), accepted_at: Instant::now(), receipt: None };
        let said = self.rooms.ask(&self.store.room.name.clone(), Some(ada().id), post).await;
        said.map(|message| message.seq).map_err(|refusal| refusal.code)
    }

    async fn next(&mut self) -> Event {
        let next = tokio::time::timeout(Duration::from_secs(10), self.drain.next()).await;
        next.unwrap().unwrap().event.clone()
    }

    async fn heard(&mut self) -> (u64, String) {
        match self.next().await {
            Event::Room(RoomEvent::Said { message, .. }) => (message.seq, message.text),
            other => panic!("{other:?}"),
        }
    }
}

#[actix_rt::test]
async fn what_a_store_refuses_is_said_and_the_room_goes_on() {
    let mut house = House::new().await;
    house.store.failures.store(1, Ordering::SeqCst);
    assert_eq!(house.post("lost").await, Err("busy"));
    assert_eq!(house.post("kept").await, Ok(1));
    assert_eq!(house.heard().await, (1, "kept".into()));
}

#[actix_rt::test]
async fn a_room_that_breaks_is_invisible_but_for_a_resync() {
    let mut house = House::new().await;
    assert_eq!(house.post("one").await, Ok(1));
    assert_eq!(house.heard().await, (1, "one".into()));
    house.store.panics.store(1, Ordering::SeqCst);
    assert_eq!(house.post("stored, and told to nobody").await, Err("busy"));
    assert!(matches!(house.next().await, Event::Room(RoomEvent::Resync { .. })));
    let position = StreamPosition { epoch: house.store.room.epoch, seq: 1 };
    let replay = house.join(Some(position)).await.replay.unwrap();
    let texts: Vec<&str> = replay.messages.iter().map(|message| &*message.text).collect();
    assert_eq!((replay.recovered, texts), (true, vec!["stored, and told to nobody"]));
    assert_eq!(house.post("three").await, Ok(3));
    assert_eq!(house.heard().await, (3, "three".into()), "she is still in the room");
}

#[actix_rt::test]
async fn a_room_that_nobody_is_in_retires_and_is_made_anew() {
    let house = House::new().await;
    let name = house.store.room.name.clone();
    let (first, _) = house.rooms.living(&name).unwrap();
    let leave = Leave { connection: house.connection, user: ada().id, everywhere: false };
    house.rooms.ask(&name, Some(ada().id), leave).await.unwrap();
    house.clock.advance(Duration::from_secs(60));
    while house.rooms.living(&name).is_some() {
        tokio::task::yield_now().await;
    }
    assert!(matches!(first.send(WhoIsThere).await, Ok(Err(RoomError::Retired))), "it still answers whoever has it");
    assert_eq!(house.rooms.ask(&name, None, WhoIsThere).await.unwrap(), []);
    let strange =
        Change { message_id: MessageId::new(house.clock.now()), by: ada(), moderates: false, what: Changed::Deleted };
    assert!(first.send(strange).await.unwrap().is_err());
}
