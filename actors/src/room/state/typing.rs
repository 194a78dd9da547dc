//! Who types, and how often the others hear of it.

use super::{Effect, State, Typing};
use crate::domain::{Audience, Person, RoomEvent, Timestamp, UserId};
use crate::ports::RoomNews;

impl State {
    /// Somebody who is there types, or stops.
    pub fn typing(&mut self, user: UserId, typing: bool, now: Timestamp) -> Vec<Effect> {
        let Some(person) = self.present.get(&user).map(|present| present.person.clone()) else { return Vec::new() };
        let mut effects = self.types(&person, typing, now);
        if !effects.is_empty() {
            effects.extend(self.spread(|| RoomNews::Typing(person, typing)));
        }
        effects
    }

    /// The same, for somebody who may be there by another server.
    pub fn types(&mut self, person: &Person, typing: bool, now: Timestamp) -> Vec<Effect> {
        let user = person.id;
        if !typing {
            return self.stops_typing(user);
        }
        if !self.present.contains_key(&user) {
            return Vec::new();
        }
        let ends_at = now.plus(self.limits.typing_lasts);
        if let Some(known) = self.typing.get_mut(&user) {
            known.ends_at = ends_at;
            if now < known.told_at.plus(self.limits.typing_every) {
                return Vec::new();
            }
            known.told_at = now;
        } else if self.typing.len() < self.limits.typing_people {
            self.typing.insert(user, Typing { ends_at, told_at: now });
        } else {
            return Vec::new();
        }
        let event = RoomEvent::Typing { room: self.name.clone(), user: person.clone(), typing: true };
        vec![Effect::Tell(event, Audience::Others(user))]
    }

    /// Somebody who is here types no more, if they did: they said it.
    pub fn says(&mut self, user: UserId) -> Vec<Effect> {
        let mut effects = self.stops_typing(user);
        if let (false, Some(person)) = (effects.is_empty(), self.person(user)) {
            effects.extend(self.spread(|| RoomNews::Typing(person, false)));
        }
        effects
    }

    /// Somebody types no more, if they did.
    pub(super) fn stops_typing(&mut self, user: UserId) -> Vec<Effect> {
        if self.typing.remove(&user).is_none() {
            return Vec::new();
        }
        let Some(person) = self.person(user) else { return Vec::new() };
        let event = RoomEvent::Typing { room: self.name.clone(), user: person, typing: false };
        vec![Effect::Tell(event, Audience::Others(user))]
    }
}
