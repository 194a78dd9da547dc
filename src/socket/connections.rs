//! Who is connected: limits for each user and each address, and a way to tell them all that the server stops.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tocsin_actors::auth::revoked::Ended;
use tocsin_actors::domain::Principal;
use tocsin_actors::session::outbox::{Close, Outbox};

/// How many connections are allowed.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    /// In all.
    pub total: usize,
    /// For one user or service.
    pub per_principal: usize,
    /// From one address.
    pub per_ip: usize,
}

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    live: HashMap<u64, (Weak<Outbox>, Option<Ended>)>,
    per_ip: HashMap<IpAddr, usize>,
    per_principal: HashMap<String, usize>,
    stopping: bool,
}

/// The live connections of this process.
#[derive(Debug)]
pub struct Connections {
    allowed: Allowed,
    inner: Mutex<Inner>,
}

/// A place among the connections, given back when dropped.
#[derive(Debug)]
pub struct Place {
    connections: Arc<Connections>,
    number: u64,
    ip: IpAddr,
    principal: Option<String>,
}

impl Connections {
    /// Nobody yet.
    #[must_use]
    pub fn new(allowed: Allowed) -> Arc<Self> {
        Arc::new(Self { allowed, inner: Mutex::default() })
    }

    /// A place for a connection from this address, unless there are too many already.
    #[must_use]
    pub fn enter(self: &Arc<Self>, ip: IpAddr, outbox: &Arc<Outbox>) -> Option<Place> {
        let mut inner = self.lock();
        let from_ip = inner.per_ip.get(&ip).copied().unwrap_or(0);
        if inner.stopping || inner.live.len() >= self.allowed.total || from_ip >= self.allowed.per_ip {
            return None;
        }
        inner.per_ip.insert(ip, from_ip + 1);
        inner.next += 1;
        let number = inner.next;
        inner.live.insert(number, (Arc::downgrade(outbox), None));
        Some(Place { connections: Arc::clone(self), number, ip, principal: None })
    }

    /// Tells every connection to go away, and lets no new one in.
    pub fn stop(&self) {
        let live: Vec<Weak<Outbox>> = {
            let mut inner = self.lock();
            inner.stopping = true;
            inner.live.values().map(|(outbox, _)| outbox.clone()).collect()
        };
        for outbox in live.iter().filter_map(Weak::upgrade) {
            outbox.close(Close::GoingAway);
        }
    }

    /// Closes the connections of a sign-in or an API key that has ended.
    pub fn end(&self, credential: Ended) {
        self.end_those(|of| of == Some(credential));
    }

    /// Closes the connections of everybody who signed in with an access token.
    pub fn end_people(&self) {
        self.end_those(|of| matches!(of, Some(Ended::SignIn(_))));
    }

    fn end_those(&self, ended: impl Fn(Option<Ended>) -> bool) {
        let ended: Vec<Weak<Outbox>> = {
            let inner = self.lock();
            inner.live.values().filter(|(_, of)| ended(*of)).map(|(outbox, _)| outbox.clone()).collect()
        };
        for outbox in ended.iter().filter_map(Weak::upgrade) {
            outbox.close(Close::NotSignedIn);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Counts the connection for whoever it turned out to be; `false` when they have too many already.
    #[must_use]
    pub fn belongs_to(&mut self, principal: &Principal) -> bool {
        let credential = match principal {
            Principal::Person { session_id, .. } => Ended::SignIn(*session_id),
            Principal::Service { key_id, .. } => Ended::Key(*key_id),
        };
        let principal = principal.key();
        let mut inner = self.connections.lock();
        let count = inner.per_principal.entry(principal.clone()).or_default();
        if *count >= self.connections.allowed.per_principal {
            return false;
        }
        *count += 1;
        if let Some((_, of)) = inner.live.get_mut(&self.number) {
            *of = Some(credential);
        }
        drop(inner);
        self.principal = Some(principal);
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inner = self.connections.lock();
        inner.live.remove(&self.number);
        leave(&mut inner.per_ip, &self.ip);
        if let Some(principal) = &self.principal {
            leave(&mut inner.per_principal, principal);
        }
    }
}

fn leave<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use tocsin_actors::domain::{Role, SessionId, Timestamp, UserId};
    use tocsin_actors::testing::NullMeter;

    use super::*;

    #[test]
    fn limits_hold_and_places_come_back() {
        let connections = Connections::new(Allowed { total: 3, per_principal: 1, per_ip: 2 });
        let outbox = Outbox::new(1, Arc::new(NullMeter));
        let (here, there) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        let mut first = connections.enter(here, &outbox).unwrap();
        let mut second = connections.enter(here, &outbox).unwrap();
        assert!(connections.enter(here, &outbox).is_none(), "two from one address");
        let third = connections.enter(there, &outbox).unwrap();
        assert!(connections.enter(there, &outbox).is_none(), "three in all");
        let ada = ada();
        assert!(first.belongs_to(&ada));
        assert!(!second.belongs_to(&ada), "one a principal");
        drop((first, third));
        assert!(second.belongs_to(&ada));
        assert!(connections.enter(here, &outbox).is_some());
    }

    fn ada() -> Principal {
        let (user_id, session_id) = (UserId::new(Timestamp::clamped(1)), SessionId::new(Timestamp::clamped(2)));
        Principal::Person { user_id, session_id, role: Role::Owner, name: "Ada".into() }
    }

    #[test]
    fn the_end_of_a_sign_in_closes_its_connections_and_no_others() {
        let connections = Connections::new(Allowed { total: 9, per_principal: 9, per_ip: 9 });
        let here = IpAddr::from([127, 0, 0, 1]);
        let open = |who: &Principal| {
            let outbox = Outbox::new(1, Arc::new(NullMeter));
            let mut place = connections.enter(here, &outbox).unwrap();
            assert!(place.belongs_to(who));
            (outbox, place)
        };
        let (ada, other) = (ada(), ada());
        let (mine, _mine) = open(&ada);
        let (others, _others) = open(&other);
        let Principal::Person { session_id, .. } = ada else { unreachable!() };
        connections.end(Ended::SignIn(session_id));
        assert_eq!((mine.closed(), others.closed()), (Some(Close::NotSignedIn), None));
    }

    #[test]
    fn stopping_tells_all_and_lets_nobody_in() {
        let connections = Connections::new(Allowed { total: 3, per_principal: 1, per_ip: 2 });
        let outbox = Outbox::new(1, Arc::new(NullMeter));
        let here = IpAddr::from([127, 0, 0, 1]);
        let _place = connections.enter(here, &outbox).unwrap();
        connections.stop();
        assert_eq!(outbox.closed(), Some(Close::GoingAway));
        assert!(connections.enter(here, &outbox).is_none());
    }
}
