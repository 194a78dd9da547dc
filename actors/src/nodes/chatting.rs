//! Chat across servers: what is told to the others beside what rooms tell, and what is done with what they tell.

use crate::chat::Chat;
use crate::domain::{Broadcast, Event, Person, Room, RoomEvent, UserId};
use crate::nodes::presence::{Command, Effect};
use crate::ports::{ChatNews, News, ServerName};
use crate::room::messages::Presence;

/// Rooms that hear of a person's coming and going.
const ROOMS_TOLD: usize = 1_000;

impl Chat {
    /// Tells everybody that there is a new room, or one person, wherever they are connected.
    pub(crate) fn tell_created(&self, room: &Room, by: &Person, with: Option<Person>, to: Option<UserId>) {
        let event = RoomEvent::Created {
            room: room.name.clone(),
            kind: room.kind,
            topic: room.topic.clone(),
            by: by.clone(),
            with,
        };
        self.publish(|| News::Chat(ChatNews::Created { event: Box::new(event.clone()), to }));
        self.tell_here(event, to);
    }

    /// Takes in what another server tells. Answers those who came online or went by that: tell of each with
    /// [`Chat::tell_presence`].
    #[must_use]
    pub fn hear(&self, from: ServerName, news: ChatNews) -> Vec<Person> {
        let about_people = match news {
            ChatNews::People(news) => Some(news),
            ChatNews::Room(room, news) => {
                self.rooms.hand(&room, from.clone(), news);
                None
            }
            ChatNews::Created { event, to } => {
                self.tell_here(*event, to);
                None
            }
        };
        self.learn(Command::Heard(from, about_people))
    }

    /// Takes in what happens to the other servers. Answers as [`Chat::hear`] does.
    #[must_use]
    pub fn learn(&self, command: Command) -> Vec<Person> {
        let effects = self.people.learn(command, self.rooms.parts().clock.now());
        let mut people = Vec::new();
        for effect in effects {
            match effect {
                Effect::Came(person) | Effect::Went(person) => people.push(person),
                Effect::Gone(server) => self.rooms.server_gone(&server),
                Effect::Ask => self.publish(|| News::Hello),
            }
        }
        people.retain(|person| !self.people.is_here(person.id));
        people
    }

    /// Tells the living rooms of a person whether they are online. Looked up at the moment of telling, so that of two that
    /// overlap the last one told is right.
    pub async fn tell_presence(&self, person: &Person) {
        let rooms = self.rooms.parts().membership.rooms_of(person.id, ROOMS_TOLD).await;
        // Presence is news and no record: what a busy store keeps from being told is told the next time.
        for room in rooms.unwrap_or_default() {
            if let Some((room, _)) = self.rooms.living(&room) {
                let online = self.people.is_online(person.id);
                let _ = room.send(Presence { person: person.clone(), online }).await;
            }
        }
    }

    fn publish(&self, news: impl FnOnce() -> News) {
        if let Some(others) = &self.rooms.parts().others {
            others.publish(news());
        }
    }

    fn tell_here(&self, event: RoomEvent, to: Option<UserId>) {
        let broadcast = Broadcast::new(Event::Room(event), None);
        match to {
            Some(user) => self.people.tell(user, &broadcast),
            None => self.people.tell_all(&broadcast),
        }
    }
}
