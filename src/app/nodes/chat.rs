//! Chat across servers: what others stored is found by their news and by looking, and told here; who is here is told to
//! them.

use std::sync::Arc;
use std::time::Duration;

use actix::ArbiterHandle;
use slog::{Logger, warn};
use tocsin_actors::chat::Chat;
use tocsin_actors::domain::Person;
use tocsin_actors::nodes::presence::{Command, Terms};
use tocsin_actors::ports::Count;
use tokio::sync::{Notify, mpsc};

use super::{Others, look_every};
use crate::adapters::redis::Heard;

/// How often a server tells who is here, whether or not somebody asks: what was lost is put right.
const ANNOUNCE_EVERY: Duration = Duration::from_secs(60);
/// How long it waits between a hundred rooms and the next.
const BETWEEN: Duration = Duration::from_millis(20);
/// People who came or went elsewhere and whose rooms are still to be told. The rooms of further ones are not: who joins, or asks
/// for the members, sees how it is.
const PRESENCE_WAITING: usize = 4_096;

/// Chat of one server among others.
pub(in crate::app) struct ChatNode {
    chat: Chat,
    others: Others,
    /// News may have been missed.
    missed: Notify,
    /// Others may not have heard who is here.
    unheard: Notify,
    /// Those whose rooms are to be told.
    presence: mpsc::Sender<Person>,
    log: Logger,
}

impl ChatNode {
    /// Follows the others on `arbiter`, until that stops.
    pub(in crate::app) fn start(chat: Chat, others: Others, arbiter: &ArbiterHandle, log: Logger) {
        let (missed, unheard) = (Notify::new(), Notify::new());
        let (presence, waiting) = mpsc::channel(PRESENCE_WAITING);
        let node = Arc::new(Self { chat, others, missed, unheard, presence, log });
        arbiter.spawn(Arc::clone(&node).listen());
        arbiter.spawn(Arc::clone(&node).look());
        arbiter.spawn(Arc::clone(&node).announce());
        arbiter.spawn(Arc::clone(&node).tell(waiting));
        arbiter.spawn(node.live());
    }

    async fn listen(self: Arc<Self>) {
        let Some(mut waiting) = self.others.signals.take_chat() else { return };
        while let Some(heard) = waiting.recv().await {
            match heard {
                Heard::Chat(from, news) => self.tell_presence(self.chat.hear(from, news)),
                Heard::Began => {
                    self.tell_presence(self.chat.learn(Command::Began));
                    self.missed.notify_one();
                    self.unheard.notify_one();
                }
                // Somebody says hello.
                Heard::News(_) => self.unheard.notify_one(),
            }
        }
    }

    /// Looks how the rooms stand in the store, now and then and when news may have been missed.
    async fn look(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = self.missed.notified() => {}
                () = tokio::time::sleep(look_every(&self.others)) => {}
            }
            if let Err(error) = self.chat.rooms.look().await {
                warn!(self.log, "what is new in rooms cannot be read, trying again"; "error" => %error);
            }
        }
    }

    /// Tells who is here, when others may not know, and now and then.
    async fn announce(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = self.unheard.notified() => {}
                () = tokio::time::sleep(ANNOUNCE_EVERY) => {}
            }
            if self.chat.people.has_ended() {
                return;
            }
            self.chat.people.announce();
            self.chat.rooms.announce(|| tokio::time::sleep(BETWEEN)).await;
        }
    }

    /// Gives signs of life, and sees who gives none.
    async fn live(self: Arc<Self>) {
        let clock = Arc::clone(&self.chat.rooms.parts().clock);
        loop {
            clock.until(clock.now().plus(Terms::default().sign_every)).await;
            self.chat.people.give_sign();
            self.tell_presence(self.chat.learn(Command::Look(self.others.bus.is_listening())));
        }
    }

    fn tell_presence(&self, people: Vec<Person>) {
        for person in people {
            if self.presence.try_send(person).is_err() {
                self.chat.rooms.parts().meter.add(Count::NewsLost, 1);
            }
        }
    }

    /// Tells their rooms of those who came or went elsewhere, one after the other.
    async fn tell(self: Arc<Self>, mut waiting: mpsc::Receiver<Person>) {
        while let Some(person) = waiting.recv().await {
            self.chat.tell_presence(&person).await;
        }
    }
}
