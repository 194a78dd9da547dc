//! Who has a live connection to chat: several tabs and devices are one person.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::{Broadcast, ConnectionId, Timestamp, UserId};
use crate::session::outbox::Outbox;
use crate::session::state::Bucket;

/// The people who are here.
#[derive(Debug, Default)]
pub struct People(Mutex<HashMap<UserId, Here>>);

#[derive(Debug)]
struct Here {
    connections: Vec<(ConnectionId, Arc<Outbox>)>,
    /// Others still see them for a moment after the last connection went.
    lingers_until: Option<Timestamp>,
    bucket: Bucket,
}

impl People {
    /// A connection came. `true` when others did not see this person until now.
    pub fn arrive(
        &self,
        user: UserId,
        connection: ConnectionId,
        outbox: Arc<Outbox>,
        per_second: u32,
        now: Timestamp,
    ) -> bool {
        let mut people = self.lock();
        let mut is_new = false;
        let here = people.entry(user).or_insert_with(|| {
            is_new = true;
            Here { connections: Vec::new(), lingers_until: None, bucket: Bucket::new(per_second, now) }
        });
        here.lingers_until = None;
        here.connections.push((connection, outbox));
        is_new
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
        }
        is_over
    }

    /// Whether others see this person.
    #[must_use]
    pub fn is_online(&self, user: UserId) -> bool {
        self.lock().contains_key(&user)
    }

    /// How many there are.
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

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Here>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        let user = UserId::new(at(0));
        let outbox = Outbox::new(1, Arc::new(NullMeter));
        let [one, other] = [1, 2].map(|n| ConnectionId::new(at(n)));
        assert!(people.arrive(user, one, outbox.clone(), 5, at(0)));
        assert!(!people.arrive(user, other, outbox.clone(), 5, at(0)));
        assert!(!people.depart(user, one, at(2_000)));
        assert!(people.depart(user, other, at(2_000)));
        assert!(people.is_online(user) && !people.forget(user, at(1_999)));
        assert!(!people.arrive(user, one, outbox, 5, at(1_999)), "nobody noticed");
        assert!(!people.forget(user, at(9_000)));
        assert!(people.depart(user, one, at(9_000)) && people.forget(user, at(9_000)));
        assert!(!people.is_online(user));
    }
}
