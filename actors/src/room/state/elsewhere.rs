//! The rules of a room for what other servers tell: the same as for what happens here, and never told on.

use std::collections::BTreeSet;

use super::{Effect, Present, State};
use crate::domain::{Audience, Person, RoomEvent, RoomKind, Timestamp, UserId};
use crate::ports::{Member, Roll, ServerName};

impl State {
    /// Somebody's first connection to another server came, or they have another name.
    pub fn came_elsewhere(&mut self, server: &ServerName, person: &Person, now: Timestamp) -> Vec<Effect> {
        if !self.meet(person, now) || !self.enter_elsewhere(server, person) {
            return Vec::new();
        }
        self.came(person.clone(), now).into_iter().collect()
    }

    /// Their last one there went.
    pub fn went_elsewhere(&mut self, server: &ServerName, user: UserId, now: Timestamp) -> Vec<Effect> {
        match self.exit_elsewhere(server, user) {
            true => self.left(user, now),
            false => Vec::new(),
        }
    }

    /// Somebody left at another server of their own accord. The connections that are let go with it are the caller's.
    pub fn left_elsewhere(
        &mut self,
        server: &ServerName,
        user: UserId,
        everywhere: bool,
        now: Timestamp,
    ) -> Vec<Effect> {
        if let Some(present) = self.present.get_mut(&user).filter(|_| everywhere) {
            present.connections.clear();
            present.elsewhere.clear();
        }
        self.exit_elsewhere(server, user);
        if self.present.get(&user).is_some_and(|present| present.is_here() && !everywhere) {
            // They joined here meanwhile, or are here still: so they belong to it.
            return self.members.get(&user).cloned().map(Effect::Restore).into_iter().collect();
        }
        let effects = self.left(user, now);
        if self.kind == RoomKind::Group && !self.present.contains_key(&user) {
            self.forget(user);
        }
        effects
    }

    /// Everybody who is there by a connection to another server, in parts. What this corrects has happened some time ago,
    /// so that only the numbers are told.
    pub fn present_elsewhere(&mut self, server: &ServerName, part: Roll, now: Timestamp) -> Vec<Effect> {
        let most = self.limits.members;
        let Some(people) = self.gathering.entry(server.clone()).or_default().add(part, most) else {
            return Vec::new();
        };
        self.gathering.remove(server);
        let listed: BTreeSet<UserId> = people.iter().map(|person| person.id).collect();
        let mut is_other = false;
        let mut effects = Vec::new();
        for user in self.elsewhere_at(server).into_iter().filter(|user| !listed.contains(user)) {
            if self.exit_elsewhere(server, user) {
                effects.extend(self.stops_typing(user));
                self.present.remove(&user);
                is_other = true;
            }
        }
        for person in &people {
            is_other |= self.meet(person, now) && self.enter_elsewhere(server, person);
        }
        if is_other {
            let (members, online) = (self.members.len(), self.present.len());
            let event = RoomEvent::MembersChanged { room: self.name.clone(), members, online, joined: 0, left: 0 };
            effects.push(Effect::Tell(event, Audience::All));
        }
        effects
    }

    /// A server is gone, and everybody who was there by it.
    pub fn server_gone(&mut self, server: &ServerName, now: Timestamp) -> Vec<Effect> {
        self.gathering.remove(server);
        let users = self.elsewhere_at(server);
        users.into_iter().flat_map(|user| self.went_elsewhere(server, user, now)).collect()
    }

    /// Somebody belongs to the room, as the store says; whether there is a place for them.
    pub fn meet(&mut self, person: &Person, now: Timestamp) -> bool {
        let known = self.members.get(&person.id);
        if known.is_none() && self.members.len() >= self.limits.members {
            return false;
        }
        if known.is_none_or(|member| member.person.name != person.name) {
            let joined_at = known.map_or(now, |member| member.joined_at);
            self.enrol(Member { person: person.clone(), joined_at });
        }
        true
    }

    /// Everybody who is there by a connection to this server, by name.
    #[must_use]
    pub fn here(&self) -> Vec<Person> {
        let here = self.present.values().filter(|present| present.is_here());
        let mut here: Vec<Person> = here.map(|present| present.person.clone()).collect();
        here.sort_unstable_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        here
    }

    /// Whether somebody is there by a connection to another server.
    #[must_use]
    pub fn is_elsewhere(&self, user: UserId) -> bool {
        self.present.get(&user).is_some_and(|present| !present.elsewhere.is_empty())
    }

    /// Everybody of whom that is so.
    #[must_use]
    pub fn elsewhere(&self) -> Vec<UserId> {
        let elsewhere = self.present.iter().filter(|(_, present)| !present.elsewhere.is_empty());
        elsewhere.map(|(user, _)| *user).collect()
    }

    fn elsewhere_at(&self, server: &ServerName) -> Vec<UserId> {
        let there = self.present.iter().filter(|(_, present)| present.elsewhere.contains(server));
        let mut there: Vec<UserId> = there.map(|(user, _)| *user).collect();
        there.sort_unstable();
        there
    }

    /// Whether they were not there at all before.
    fn enter_elsewhere(&mut self, server: &ServerName, person: &Person) -> bool {
        let is_new = !self.present.contains_key(&person.id);
        let present = self.present.entry(person.id).or_insert_with(|| Present::new(person.clone()));
        present.elsewhere.insert(server.clone());
        is_new
    }

    /// Whether they were there by that server, and are not there at all any more.
    fn exit_elsewhere(&mut self, server: &ServerName, user: UserId) -> bool {
        let Some(present) = self.present.get_mut(&user) else { return false };
        present.elsewhere.remove(server) && !present.is_here() && present.elsewhere.is_empty()
    }
}

#[cfg(test)]
#[path = "elsewhere_tests.rs"]
mod tests;
