//! Who is connected to the other servers, pure: `(state, command, now) -> effects`.
//!
//! A server that was silent for three signs of life is gone, and its people with it. Silence counts only while this server
//! could have heard: not while it does not listen, and not while it slept.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::{Person, Timestamp, UserId};
use crate::ports::{Gathering, PeopleNews, ServerName};

/// So many signs of life may be lost.
const SIGNS: u32 = 3;

/// Limits of what is known.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How often each server gives a sign of life, and looks who gave none.
    pub sign_every: Duration,
    /// Other servers.
    pub servers: usize,
    /// People of one of them.
    pub people: usize,
}

impl Default for Terms {
    fn default() -> Self {
        Self { sign_every: Duration::from_secs(5), servers: 64, people: 100_000 }
    }
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A server says something: about its people, or anything else.
    Heard(ServerName, Option<PeopleNews>),
    /// Listening begins again: what was said before was missed.
    Began,
    /// It is time to look who is silent. Whether the others can be heard.
    Look(bool),
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Somebody is connected to another server, who was to none.
    Came(Person),
    /// Somebody is connected to none of them any more.
    Went(Person),
    /// A server is gone.
    Gone(ServerName),
    /// Nobody knows yet who is connected to a server: ask.
    Ask,
}

#[derive(Debug)]
struct Server {
    heard: Timestamp,
    people: BTreeMap<UserId, Person>,
    gathering: Gathering,
}

/// The other servers, and their people.
#[derive(Debug, Default)]
pub struct Presence {
    terms: Terms,
    servers: BTreeMap<ServerName, Server>,
    looked: Option<Timestamp>,
}

impl Presence {
    /// Nobody yet.
    #[must_use]
    pub fn new(terms: Terms) -> Self {
        Self { terms, ..Self::default() }
    }

    /// Takes in what happens.
    pub fn decide(&mut self, command: Command, now: Timestamp) -> Vec<Effect> {
        match command {
            Command::Heard(server, Some(PeopleNews::Ended)) => self.gone(&server),
            Command::Heard(server, news) => self.heard(&server, news, now),
            Command::Began => {
                self.excuse(now);
                Vec::new()
            }
            Command::Look(listens) => self.look(listens, now),
        }
    }

    /// Whether somebody is connected to another server.
    #[must_use]
    pub fn is_online(&self, user: UserId) -> bool {
        self.servers.values().any(|server| server.people.contains_key(&user))
    }

    fn heard(&mut self, name: &ServerName, news: Option<PeopleNews>, now: Timestamp) -> Vec<Effect> {
        let is_new = !self.servers.contains_key(name);
        if is_new && self.servers.len() >= self.terms.servers {
            return Vec::new();
        }
        let fresh = || Server { heard: now, people: BTreeMap::new(), gathering: Gathering::default() };
        let server = self.servers.entry(name.clone()).or_insert_with(fresh);
        server.heard = now;
        let mut effects = Vec::new();
        match news {
            Some(PeopleNews::Roll(part)) => {
                if let Some(people) = server.gathering.add(part, self.terms.people) {
                    effects = self.replace(name, people);
                }
                // Whoever tells all needs not be asked.
                return effects;
            }
            Some(PeopleNews::Online(person)) => effects.extend(self.enter(name, person)),
            Some(PeopleNews::Offline(user)) => effects.extend(self.exit(name, user)),
            Some(PeopleNews::Alive | PeopleNews::Ended) | None => {}
        }
        effects.extend(is_new.then_some(Effect::Ask));
        effects
    }

    fn replace(&mut self, name: &ServerName, people: Vec<Person>) -> Vec<Effect> {
        let listed: BTreeMap<UserId, Person> = people.into_iter().map(|person| (person.id, person)).collect();
        let before: Vec<UserId> =
            self.servers.get(name).into_iter().flat_map(|server| server.people.keys().copied()).collect();
        let gone = before.into_iter().filter(|user| !listed.contains_key(user));
        let mut effects: Vec<Effect> = gone.filter_map(|user| self.exit(name, user)).collect();
        effects.extend(listed.into_values().filter_map(|person| self.enter(name, person)));
        effects
    }

    fn enter(&mut self, name: &ServerName, person: Person) -> Option<Effect> {
        let is_new = !self.is_online(person.id);
        let server = self.servers.get_mut(name)?;
        if server.people.len() >= self.terms.people && !server.people.contains_key(&person.id) {
            return None;
        }
        server.people.insert(person.id, person.clone());
        is_new.then_some(Effect::Came(person))
    }

    fn exit(&mut self, name: &ServerName, user: UserId) -> Option<Effect> {
        let person = self.servers.get_mut(name)?.people.remove(&user)?;
        (!self.is_online(user)).then_some(Effect::Went(person))
    }

    fn gone(&mut self, name: &ServerName) -> Vec<Effect> {
        let Some(server) = self.servers.remove(name) else { return Vec::new() };
        let went = server.people.into_values().filter(|person| !self.is_online(person.id)).map(Effect::Went);
        std::iter::once(Effect::Gone(name.clone())).chain(went).collect()
    }

    fn look(&mut self, listens: bool, now: Timestamp) -> Vec<Effect> {
        let Terms { sign_every, .. } = self.terms;
        let slept = self.looked.is_none_or(|looked| looked.plus(sign_every * 2) < now);
        self.looked = Some(now);
        if slept || !listens {
            self.excuse(now);
            return Vec::new();
        }
        let silent = self.servers.iter().filter(|(_, server)| server.heard.plus(sign_every * SIGNS) <= now);
        let silent: Vec<ServerName> = silent.map(|(name, _)| name.clone()).collect();
        silent.iter().flat_map(|name| self.gone(name)).collect()
    }

    /// Nobody was silent until now, as far as this server can say.
    fn excuse(&mut self, now: Timestamp) {
        for server in self.servers.values_mut() {
            server.heard = now;
        }
    }
}

#[cfg(test)]
#[path = "presence_tests.rs"]
mod tests;
