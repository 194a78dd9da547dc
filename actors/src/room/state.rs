//! The rules of a room, pure: who is a member, who is there, who types, and what the others hear of it.

mod elsewhere;
mod typing;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crate::domain::{Audience, ConnectionId, Person, Refusal, RoomEvent, RoomKind, RoomName, Timestamp, UserId};
use crate::ports::{ChatNews, Gathering, Member, RoomNews, ServerName};

/// Limits of a room.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Somebody who is back so soon was never gone.
    pub reconnect_grace: Duration,
    /// How long "is typing" lasts by itself.
    pub typing_lasts: Duration,
    /// How often at most the others hear that somebody still types.
    pub typing_every: Duration,
    /// People whose typing is told of at the same time.
    pub typing_people: usize,
    /// With more people than this, who comes and goes is told as numbers.
    pub crowd: usize,
    /// How often those numbers are told.
    pub crowd_every: Duration,
    /// Members.
    pub members: usize,
}

/// What follows from a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Tell those who are there.
    Tell(RoomEvent, Audience),
    /// Store that somebody belongs to the room.
    Remember(Member),
    /// Store that somebody does not any more.
    Forget(UserId),
    /// Store that somebody belongs to the room after all.
    Restore(Member),
    /// Tell the other servers.
    Spread(ChatNews),
}

#[derive(Debug)]
struct Present {
    person: Person,
    connections: Vec<ConnectionId>,
    /// When the others hear that they left; set while there is no connection.
    leaves_at: Option<Timestamp>,
    /// The other servers to which they have a connection.
    elsewhere: BTreeSet<ServerName>,
}

impl Present {
    fn new(person: Person) -> Self {
        Self { person, connections: Vec::new(), leaves_at: None, elsewhere: BTreeSet::new() }
    }

    /// Whether they are there by a connection to this server, or may come back to it.
    fn is_here(&self) -> bool {
        !self.connections.is_empty() || self.leaves_at.is_some()
    }
}

#[derive(Debug)]
struct Typing {
    ends_at: Timestamp,
    told_at: Timestamp,
}

/// A room's people.
#[derive(Debug)]
pub struct State {
    name: RoomName,
    kind: RoomKind,
    limits: Limits,
    members: HashMap<UserId, Member>,
    /// The members in the order in which they are listed.
    by_name: BTreeSet<(Arc<str>, UserId)>,
    present: HashMap<UserId, Present>,
    /// Those without a connection, by when the others hear of it.
    leaving: BTreeSet<(Timestamp, UserId)>,
    typing: HashMap<UserId, Typing>,
    /// Comings and goings that were not told yet, and when they will be.
    crowd: (u32, u32, Option<Timestamp>),
    /// Whether there may be other servers.
    is_shared: bool,
    /// Lists of who is there by other servers, of which the end is still to come.
    gathering: HashMap<ServerName, Gathering>,
}

impl State {
    /// A room with these members, and these connections from before.
    #[must_use]
    pub fn new(
        name: RoomName,
        kind: RoomKind,
        limits: Limits,
        members: Vec<Member>,
        there: Vec<(ConnectionId, Person)>,
    ) -> Self {
        let by_name = members.iter().map(|member| (member.person.name.clone(), member.person.id)).collect();
        let members = members.into_iter().map(|member| (member.person.id, member)).collect();
        let mut present: HashMap<UserId, Present> = HashMap::new();
        for (connection, person) in there {
            let fresh = || Present::new(person.clone());
            present.entry(person.id).or_insert_with(fresh).connections.push(connection);
        }
        Self {
            name,
            kind,
            limits,
            members,
            by_name,
            present,
            leaving: BTreeSet::new(),
            typing: HashMap::new(),
            crowd: (0, 0, None),
            is_shared: false,
            gathering: HashMap::new(),
        }
    }

    /// The same, where other servers are to hear what happens.
    #[must_use]
    pub fn shared(self) -> Self {
        Self { is_shared: true, ..self }
    }

    /// A connection joins.
    ///
    /// # Errors
    /// When the room is full.
    pub fn join(&mut self, connection: ConnectionId, person: &Person, now: Timestamp) -> Result<Vec<Effect>, Refusal> {
        let mut effects = Vec::new();
        let known = self.members.get(&person.id);
        if known.is_none() && self.members.len() >= self.limits.members {
            return Err(Refusal::new("room_full", format!("This room has {} members already.", self.limits.members)));
        }
        if known.is_none_or(|member| member.person.name != person.name) {
            let joined_at = known.map_or(now, |member| member.joined_at);
            let member = Member { person: person.clone(), joined_at };
            self.enrol(member.clone());
            effects.push(Effect::Remember(member));
        }
        let was_here = self.present.get(&person.id).is_some_and(Present::is_here);
        if !was_here || !effects.is_empty() {
            effects.extend(self.spread(|| RoomNews::Came(person.clone())));
        }
        match self.present.get_mut(&person.id) {
            Some(present) => {
                if let Some(at) = present.leaves_at.take() {
                    self.leaving.remove(&(at, person.id));
                }
                if !present.connections.contains(&connection) {
                    present.connections.push(connection);
                }
            }
            None => {
                let present = Present { connections: vec![connection], ..Present::new(person.clone()) };
                self.present.insert(person.id, present);
                effects.extend(self.came(person.clone(), now));
            }
        }
        Ok(effects)
    }

    /// A person leaves of their own accord, with this connection or with all.
    pub fn leave(&mut self, connection: ConnectionId, user: UserId, everywhere: bool, now: Timestamp) -> Vec<Effect> {
        let mut was_here = false;
        if let Some(present) = self.present.get_mut(&user) {
            was_here = present.is_here();
            present.connections.retain(|other| *other != connection && !everywhere);
            if !present.connections.is_empty() {
                return Vec::new();
            }
            if everywhere {
                present.elsewhere.clear();
            }
        }
        let mut effects = self.left(user, now);
        let stays = self.present.contains_key(&user);
        let forgotten = self.kind == RoomKind::Group && !stays && self.forget(user);
        if forgotten {
            effects.push(Effect::Forget(user));
        }
        if forgotten || everywhere {
            effects.extend(self.spread(|| RoomNews::Left { user, everywhere }));
        } else if was_here {
            effects.extend(self.spread(|| RoomNews::Went(user)));
        }
        effects
    }

    /// A connection is gone; its person may come back.
    pub fn gone(&mut self, connection: ConnectionId, user: UserId, now: Timestamp) {
        if let Some(present) = self.present.get_mut(&user) {
            let before = present.connections.len();
            present.connections.retain(|other| *other != connection);
            if before > 0 && present.connections.is_empty() && present.leaves_at.is_none() {
                let at = now.plus(self.limits.reconnect_grace);
                present.leaves_at = Some(at);
                self.leaving.insert((at, user));
            }
        }
    }

    /// A member has a connection to the server now, or none any more.
    #[must_use]
    pub fn presence(&self, person: Person, online: bool) -> Vec<Effect> {
        if self.is_crowded() || !self.members.contains_key(&person.id) {
            return Vec::new();
        }
        let user = person.id;
        vec![Effect::Tell(RoomEvent::Presence { user: person, online }, Audience::Others(user))]
    }

    /// Somebody has read up to here.
    #[must_use]
    pub fn read(&self, person: Person, seq: u64) -> Vec<Effect> {
        let audience = if self.is_crowded() { Audience::Only(person.id) } else { Audience::All };
        vec![Effect::Tell(RoomEvent::Read { room: self.name.clone(), user: person, seq }, audience)]
    }

    /// What happens by itself up to now.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        let gone: Vec<UserId> = self.leaving.iter().take_while(|(at, _)| *at <= now).map(|(_, user)| *user).collect();
        let mut effects = Vec::new();
        for user in gone {
            effects.extend(self.left(user, now));
            effects.extend(self.spread(|| RoomNews::Went(user)));
        }
        let mut silent: Vec<UserId> =
            self.typing.iter().filter(|(_, one)| one.ends_at <= now).map(|(user, _)| *user).collect();
        silent.sort_unstable();
        effects.extend(silent.into_iter().flat_map(|user| self.stops_typing(user)));
        if self.crowd.2.is_some_and(|at| at <= now) {
            let (joined, left, _) = std::mem::take(&mut self.crowd);
            let (members, online) = (self.members.len(), self.present.len());
            let event = RoomEvent::MembersChanged { room: self.name.clone(), members, online, joined, left };
            effects.push(Effect::Tell(event, Audience::All));
        }
        effects
    }

    /// When something happens by itself next.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let leaving = self.leaving.first().map(|(at, _)| *at);
        let typing = self.typing.values().map(|one| one.ends_at);
        typing.chain(leaving).chain(self.crowd.2).min()
    }

    /// Whether this person is there with this connection.
    #[must_use]
    pub fn is_there(&self, user: UserId, connection: ConnectionId) -> bool {
        self.present.get(&user).is_some_and(|present| present.connections.contains(&connection))
    }

    /// Whether this person belongs to the room.
    #[must_use]
    pub fn is_member(&self, user: UserId) -> bool {
        self.members.contains_key(&user)
    }

    /// The first members by name, how many there are, and how many are present.
    #[must_use]
    pub fn members(&self, most: usize) -> (Vec<Person>, usize, usize) {
        let first = self.by_name.iter().take(most).map(|(name, id)| Person { id: *id, name: name.clone() });
        (first.collect(), self.members.len(), self.present.len())
    }

    /// Who is there, by name.
    #[must_use]
    pub fn online(&self) -> Vec<Person> {
        let mut online: Vec<Person> = self.present.values().map(|present| present.person.clone()).collect();
        online.sort_unstable_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        online
    }

    fn spread(&self, news: impl FnOnce() -> RoomNews) -> Option<Effect> {
        self.is_shared.then(|| Effect::Spread(ChatNews::Room(self.name.clone(), news())))
    }

    fn enrol(&mut self, member: Member) {
        self.forget(member.person.id);
        self.by_name.insert((member.person.name.clone(), member.person.id));
        self.members.insert(member.person.id, member);
    }

    fn forget(&mut self, user: UserId) -> bool {
        let known = self.members.remove(&user);
        known.map(|member| self.by_name.remove(&(member.person.name, user))).is_some()
    }

    fn is_crowded(&self) -> bool {
        self.present.len() > self.limits.crowd
    }

    fn person(&self, user: UserId) -> Option<Person> {
        let present = self.present.get(&user).map(|present| &present.person);
        present.or_else(|| self.members.get(&user).map(|member| &member.person)).cloned()
    }

    fn came(&mut self, person: Person, now: Timestamp) -> Option<Effect> {
        if self.is_crowded() {
            self.crowd.0 += 1;
            self.crowd.2.get_or_insert(now.plus(self.limits.crowd_every));
            return None;
        }
        let user = person.id;
        Some(Effect::Tell(RoomEvent::Joined { room: self.name.clone(), user: person }, Audience::Others(user)))
    }

    /// Somebody has no connection to this server any more; they may have one to another.
    fn left(&mut self, user: UserId, now: Timestamp) -> Vec<Effect> {
        let mut effects = self.stops_typing(user);
        let crowded = self.is_crowded();
        let Some(mut present) = self.present.remove(&user) else { return effects };
        if let Some(at) = present.leaves_at.take() {
            self.leaving.remove(&(at, user));
        }
        if !present.elsewhere.is_empty() {
            self.present.insert(user, present);
            return effects;
        }
        if crowded {
            self.crowd.1 += 1;
            self.crowd.2.get_or_insert(now.plus(self.limits.crowd_every));
        } else {
            let event = RoomEvent::Left { room: self.name.clone(), user: present.person };
            effects.push(Effect::Tell(event, Audience::Others(user)));
        }
        effects
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
