//! Who has a live connection to chat, here or at another server: several tabs and devices are one person.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::{Broadcast, ConnectionId, Person, Timestamp, UserId};
use crate::nodes::presence::{Command, Effect, Presence};
use crate::ports::{Bus, ChatNews, News, PeopleNews, Roll};
use crate::session::outbox::Outbox;
use crate::session::state::Bucket;

/// The people who are here, and who is elsewhere.
#[derive(Default)]
pub struct People {
    here: Mutex<HashMap<UserId, Here>>,
    elsewhere: Mutex<Presence>,
    others: Option<Arc<dyn Bus>>,
    has_ended: AtomicBool,
}

struct Here {
    name: Arc<str>,
    connections: Vec<(ConnectionId, Arc<Outbox>)>,
    /// Others still see them for a moment after the last connection went.
    lingers_until: Option<Timestamp>,
    bucket: Bucket,
}

impl fmt::Debug for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("People").field("here", &self.count()).finish_non_exhaustive()
    }
}

impl People {
    /// Nobody yet; with the way to the other servers, where there may be some.
    #[must_use]
    pub fn new(others: Option<Arc<dyn Bus>>) -> Self {
        Self { others, ..Self::default() }
    }

    /// A connection came. `true` when others did not see this person until now.
    pub fn arrive(
        &self,
        person: &Person,
        connection: ConnectionId,
        outbox: Arc<Outbox>,
        per_second: u32,
        now: Timestamp,
    ) -> bool {
        let mut people = self.lock();
        let mut is_new = false;
        let here = people.entry(person.id).or_insert_with(|| {
            is_new = true;
            let (name, bucket) = (Arc::clone(&person.name), Bucket::new(per_second, now));
            Here { name, connections: Vec::new(), lingers_until: None, bucket }
        });
        here.lingers_until = None;
        here.connections.push((connection, outbox));
        if is_new {
            // Told under the lock, here and below, so that a list and what changes it are heard in their order.
            self.spread(|| PeopleNews::Online(person.clone()));
        }
        drop(people);
        is_new && !self.is_elsewhere(person.id)
    }

    /// A connection went. `true` when it was the last one: then, unless somebody comes back, call [`People::forget`]
    /// at `lingers_until`.
    pub fn depart(&self, user: UserId, connection: ConnectionId, lingers_until: Timestamp) -> bool {
        let mut people = self.lock();
        let Some(here) = people.get_mut(&user) else { return false };
        here.connections.retain(|(other, _)| *other != connection);
        let was_last = here.connections.is_empty();
        if was_last {
            here.lingers_until = Some(lingers_until);
        }
        was_last
    }

    /// Others do not see this person any more, if nobody came back; whether that is so.
    pub fn forget(&self, user: UserId, now: Timestamp) -> bool {
        let mut people = self.lock();
        let is_over = people.get(&user).is_some_and(|here| here.lingers_until.is_some_and(|until| until <= now));
        if is_over {
            people.remove(&user);
            self.spread(|| PeopleNews::Offline(user));
        }
        drop(people);
        is_over && !self.is_elsewhere(user)
    }

    /// Whether others see this person.
    #[must_use]
    pub fn is_online(&self, user: UserId) -> bool {
        self.is_here(user) || self.is_elsewhere(user)
    }

    /// Whether others see this person by a connection to this server.
    #[must_use]
    pub fn is_here(&self, user: UserId) -> bool {
        self.lock().contains_key(&user)
    }

    /// How many there are, by connections to this server.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Takes one request from what all connections of this person together may send.
    pub fn allow(&self, user: UserId, now: Timestamp) -> bool {
        self.lock().get_mut(&user).is_none_or(|here| here.bucket.take(now))
    }

    /// Sends something to every connection of this person.
    pub fn tell(&self, user: UserId, broadcast: &Arc<Broadcast>) {
        let people = self.lock();
        for (_, outbox) in people.get(&user).into_iter().flat_map(|here| &here.connections) {
            // One that is closed departs by itself.
            let _ = outbox.push(Arc::clone(broadcast));
        }
    }

    /// Sends something to everybody.
    pub fn tell_all(&self, broadcast: &Arc<Broadcast>) {
        for (_, outbox) in self.lock().values().flat_map(|here| &here.connections) {
            let _ = outbox.push(Arc::clone(broadcast));
        }
    }

    /// Tells the other servers who is here.
    pub fn announce(&self) {
        let people = self.lock();
        let here = people.iter().map(|(id, here)| Person { id: *id, name: Arc::clone(&here.name) });
        for part in Roll::parts(&here.collect::<Vec<_>>()) {
            self.spread(|| PeopleNews::Roll(part));
        }
    }

    /// Tells the other servers that this one lives.
    pub fn give_sign(&self) {
        self.spread(|| PeopleNews::Alive);
    }

    /// Tells the other servers that this one ends, and with it the connections to it; and nothing more.
    pub fn end(&self) {
        self.spread(|| PeopleNews::Ended);
        self.has_ended.store(true, Ordering::Relaxed);
    }

    /// Whether it has said so.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Relaxed)
    }

    /// Takes in what happens to the other servers.
    pub fn learn(&self, command: Command, now: Timestamp) -> Vec<Effect> {
        self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).decide(command, now)
    }

    fn is_elsewhere(&self, user: UserId) -> bool {
        self.others.is_some() && self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).is_online(user)
    }

    fn spread(&self, news: impl FnOnce() -> PeopleNews) {
        if let Some(others) = self.others.as_ref().filter(|_| !self.has_ended()) {
            others.publish(News::Chat(ChatNews::People(news())));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Here>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NullMeter;

    #[test]
    fn tabs_are_one_person_and_a_short_absence_is_none() {
        let people = People::default();
        let at = Timestamp::clamped;
        let person = Person { id: UserId::new(at(0)), name: "Ada".into() };
        let user = person.id;
        let outbox = Outbox::new(1, Arc::new(NullMeter));
        let [one, other] = [1, 2].map(|n| ConnectionId::new(at(n)));
        assert!(people.arrive(&person, one, outbox.clone(), 5, at(0)));
        assert!(!people.arrive(&person, other, outbox.clone(), 5, at(0)));
        assert!(!people.depart(user, one, at(2_000)));
        assert!(people.depart(user, other, at(2_000)));
        assert!(people.is_online(user) && !people.forget(user, at(1_999)));
        assert!(!people.arrive(&person, one, outbox, 5, at(1_999)), "nobody noticed");
        assert!(!people.forget(user, at(9_000)));
        assert!(people.depart(user, one, at(9_000)) && people.forget(user, at(9_000)));
        assert!(!people.is_online(user));
    }
    #[derive(Default)]
    struct Told(Mutex<Vec<News>>);

    impl Bus for Told {
        fn publish(&self, news: News) {
            self.0.lock().unwrap().push(news);
        }
    }

    #[test]
    fn a_person_at_two_servers_comes_and_goes_once() {
        let told = Arc::new(Told::default());
        let people = People::new(Some(told.clone()));
        let at = Timestamp::clamped;
        let person = Person { id: UserId::new(at(0)), name: "Ada".into() };
        let (user, connection) = (person.id, ConnectionId::new(at(1)));
        let other = crate::ports::ServerName::new("other");
        let heard = |news| Command::Heard(other.clone(), Some(news));
        assert_eq!(people.learn(heard(PeopleNews::Online(person.clone())), at(0)).len(), 2, "came, and ask");
        assert!(people.is_online(user) && !people.is_here(user));
        let outbox = Outbox::new(1, Arc::new(NullMeter));
        assert!(!people.arrive(&person, connection, outbox, 5, at(0)), "nobody noticed");
        people.announce();
        assert!(people.depart(user, connection, at(9)) && !people.forget(user, at(9)), "still elsewhere");
        assert_eq!(people.learn(heard(PeopleNews::Offline(user)), at(9)), [Effect::Went(person.clone())]);
        assert!(!people.is_online(user));
        people.end();
        people.announce();
        let roll = Roll::parts(std::slice::from_ref(&person)).remove(0);
        let expected =
            [PeopleNews::Online(person), PeopleNews::Roll(roll), PeopleNews::Offline(user), PeopleNews::Ended];
        assert_eq!(*told.0.lock().unwrap(), expected.map(|news| News::Chat(ChatNews::People(news))));
    }
}
