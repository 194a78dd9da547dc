//! Who is in a room with a connection. It outlives the room's actor, so that a panic there throws nobody out.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::inlet::Inlet;
use crate::domain::{Audience, Broadcast, ConnectionId, Person, Room, UserId};
use crate::session::outbox::{Close, Outbox};

/// The connections of one room, and what never changes about it.
#[derive(Debug)]
pub struct Hub {
    /// The room as it was when it came to life: its topic and `seq` are the actor's.
    pub room: Room,
    /// Events that may be held back for one joiner.
    held_max: usize,
    /// For what comes from other servers.
    pub inlet: Inlet,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    subscribers: Vec<Subscriber>,
    places: HashMap<ConnectionId, usize>,
    /// People who are here by another server.
    elsewhere: HashSet<UserId>,
}

#[derive(Debug)]
struct Subscriber {
    connection: ConnectionId,
    person: Person,
    outbox: Arc<Outbox>,
    /// What came while the answer to its `join` was made: that answer goes first.
    held: Option<Vec<Arc<Broadcast>>>,
}

impl Inner {
    fn remove_at(&mut self, place: usize) -> Subscriber {
        let gone = self.subscribers.swap_remove(place);
        self.places.remove(&gone.connection);
        if let Some(moved) = self.subscribers.get(place) {
            self.places.insert(moved.connection, place);
        }
        gone
    }
}

impl Hub {
    /// Nobody yet.
    #[must_use]
    pub fn new(room: Room, held_max: usize) -> Self {
        Self { room, held_max, inlet: Inlet::default(), inner: Mutex::default() }
    }

    /// Lets a connection in; events for it are held until [`Hub::release`].
    pub fn subscribe(&self, connection: ConnectionId, person: Person, outbox: Arc<Outbox>) {
        let mut inner = self.lock();
        if let Some(subscriber) = inner.places.get(&connection).copied().and_then(|at| inner.subscribers.get_mut(at)) {
            subscriber.held.get_or_insert_default();
            return;
        }
        let place = inner.subscribers.len();
        inner.places.insert(connection, place);
        inner.subscribers.push(Subscriber { connection, person, outbox, held: Some(Vec::new()) });
    }

    /// Sends what was held, and from now on everything at once.
    pub fn release(&self, connection: ConnectionId) {
        let mut inner = self.lock();
        let place = inner.places.get(&connection).copied();
        if let Some(subscriber) = place.and_then(|at| inner.subscribers.get_mut(at)) {
            for broadcast in subscriber.held.take().unwrap_or_default() {
                // One that is closed is noticed with the next event.
                let _ = subscriber.outbox.push(broadcast);
            }
        }
    }

    /// Lets go of a connection; whether it was here.
    pub fn unsubscribe(&self, connection: ConnectionId) -> bool {
        let mut inner = self.lock();
        let place = inner.places.get(&connection).copied();
        place.map(|place| inner.remove_at(place)).is_some()
    }

    /// Sends events, in their order, to those whom they are for. Answers the connections that turned out to be closed;
    /// they are let go.
    pub fn publish(&self, broadcasts: &[Arc<Broadcast>], audience: Audience) -> Vec<(ConnectionId, UserId)> {
        let mut inner = self.lock();
        let mut closed = Vec::new();
        for (place, subscriber) in inner.subscribers.iter_mut().enumerate() {
            let is_meant = match audience {
                Audience::All => true,
                Audience::Others(user) => subscriber.person.id != user,
                Audience::Only(user) => subscriber.person.id == user,
            };
            if !is_meant {
                continue;
            }
            let open = match &mut subscriber.held {
                None => subscriber.outbox.push_all(broadcasts),
                Some(held) if held.len() + broadcasts.len() <= self.held_max => {
                    held.extend(broadcasts.iter().cloned());
                    true
                }
                Some(_) => {
                    subscriber.outbox.close(Close::TooSlow);
                    false
                }
            };
            if !open {
                closed.push(place);
            }
        }
        // From the end, so that the places that are still to be removed stay where they are.
        let gone = closed.into_iter().rev().map(|place| inner.remove_at(place));
        gone.map(|subscriber| (subscriber.connection, subscriber.person.id)).collect()
    }

    /// Everybody with their connections.
    #[must_use]
    pub fn present(&self) -> Vec<(ConnectionId, Person)> {
        self.lock().subscribers.iter().map(|one| (one.connection, one.person.clone())).collect()
    }

    /// Everybody who is here, by this server or another.
    #[must_use]
    pub fn people(&self) -> HashSet<UserId> {
        let inner = self.lock();
        inner.subscribers.iter().map(|one| one.person.id).chain(inner.elsewhere.iter().copied()).collect()
    }

    /// Somebody is here by another server, or not any more.
    pub fn note_elsewhere(&self, user: UserId, is_there: bool) {
        let mut inner = self.lock();
        if is_there {
            inner.elsewhere.insert(user);
        } else {
            inner.elsewhere.remove(&user);
        }
    }

    /// These are here by another server, and nobody else is.
    pub fn set_elsewhere(&self, users: Vec<UserId>) {
        self.lock().elsewhere = users.into_iter().collect();
    }

    /// Whether nobody is here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().subscribers.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Event, History, RoomEpoch, RoomKind, RoomName, Timestamp};
    use crate::testing::NullMeter;

    fn hub() -> Hub {
        let at = Timestamp::clamped(0);
        let room = Room {
            name: RoomName::parse("r").unwrap(),
            kind: RoomKind::Group,
            topic: String::new(),
            history: History::Durable,
            created_by: None,
            created_at: at,
            epoch: RoomEpoch::new(at),
            seq: 0,
        };
        Hub::new(room, 2)
    }

    fn enter(hub: &Hub, limit: usize) -> (ConnectionId, UserId, Arc<Outbox>) {
        let (connection, user) = (ConnectionId::new(Timestamp::clamped(0)), UserId::new(Timestamp::clamped(0)));
        let outbox = Outbox::new(limit, Arc::new(NullMeter));
        hub.subscribe(connection, Person { id: user, name: "x".into() }, Arc::clone(&outbox));
        (connection, user, outbox)
    }

    fn pong() -> Arc<Broadcast> {
        Broadcast::new(Event::Pong, None)
    }

    #[test]
    fn what_comes_before_the_answer_to_join_waits_for_it() {
        let hub = hub();
        let (connection, _, outbox) = enter(&hub, 10);
        assert!(hub.publish(&[pong()], Audience::All).is_empty());
        assert_eq!(outbox.len(), 0);
        hub.release(connection);
        assert_eq!(outbox.len(), 1);
        assert!(hub.publish(&[pong()], Audience::All).is_empty());
        assert_eq!(outbox.len(), 2);
        hub.publish(&[pong()], Audience::All);
        assert!(hub.unsubscribe(connection) && !hub.unsubscribe(connection) && hub.is_empty());
    }

    #[test]
    fn a_joiner_for_whom_too_much_is_held_is_cut() {
        let hub = hub();
        let (connection, user, outbox) = enter(&hub, 10);
        for _ in 0..2 {
            assert!(hub.publish(&[pong()], Audience::All).is_empty());
        }
        assert_eq!(hub.publish(&[pong()], Audience::All), [(connection, user)]);
        assert_eq!(outbox.closed(), Some(Close::TooSlow));
    }

    #[test]
    fn the_closed_are_let_go_and_the_others_keep_their_places() {
        let hub = hub();
        let all: Vec<_> = (0..5).map(|_| enter(&hub, 10)).collect();
        all.iter().for_each(|(connection, ..)| hub.release(*connection));
        for at in [1, 3, 4] {
            all[at].2.close(Close::GoingAway);
        }
        let mut gone = hub.publish(&[pong()], Audience::All);
        gone.sort_by_key(|(connection, _)| *connection);
        assert_eq!(gone, [1, 3, 4].map(|at| (all[at].0, all[at].1)));
        hub.publish(&[pong()], Audience::Only(all[2].1));
        hub.publish(&[pong()], Audience::Others(all[2].1));
        assert_eq!((all[0].2.len(), all[2].2.len()), (2, 2));
        assert!(hub.unsubscribe(all[2].0) && hub.unsubscribe(all[0].0) && hub.is_empty());
    }
}
