//! Chat: the living rooms on arbiters of their own, and what sessions need.

use std::sync::Arc;

use actix::{Arbiter, ArbiterHandle};
use tocsin_actors::arbiters::Arbiters;
use tocsin_actors::chat::Chat;
use tocsin_actors::directory::Surroundings;
use tocsin_actors::ports::{Bus, Clock, Meter};
use tocsin_actors::room::state::Limits;
use tocsin_actors::room::{self, RoomLink};
use tocsin_actors::session::chat;
use tokio::sync::oneshot;

use super::Stores;
use super::nodes::{ChatNode, Others};
use crate::config::Config;

/// What chat is built from.
pub(super) struct Materials {
    pub(super) stores: Stores,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) meter: Arc<dyn Meter>,
    pub(super) log: slog::Logger,
    /// The other servers, where there may be some.
    pub(super) others: Option<Others>,
}

/// Chat, and the threads of its rooms. They end with [`Rooms::stop`].
pub(super) struct Rooms {
    pub(super) chat: Chat,
    threads: Vec<Arbiter>,
    arbiters: Arbiters,
    others: Option<Others>,
}

impl Rooms {
    /// No room lives yet.
    pub(super) fn start(config: &Config, materials: Materials) -> Self {
        let Materials { stores, clock, meter, log, others } = materials;
        let (threads, arbiters) = threads(config.server.worker_count());
        let around =
            Surroundings { arbiters: arbiters.clone(), clock: clock.clone(), meter: meter.clone(), log: log.clone() };
        let parts = room::Parts {
            rooms: stores.rooms,
            messages: stores.messages,
            membership: stores.membership,
            clock,
            meter,
            log: log.clone(),
            others: others.as_ref().map(|others| others.bus.clone() as Arc<dyn Bus>),
            limits: limits(config),
            members_listed: config.chat.members_listed,
            replay: config.chat.replay,
            held_events: config.chat.held_events,
            pending: config.chat.pending,
            batch: config.chat.batch,
            live_rooms: config.chat.live_rooms,
            idle: config.chat.room_idle,
            mailbox: config.limits.mailbox,
        };
        let chat = Chat::new(RoomLink::new(parts, around), stores.accounts, config.chat.rooms);
        if let Some(others) = others.clone() {
            ChatNode::start(chat.clone(), others, arbiters.first(), log);
        }
        Self { chat, threads, arbiters, others }
    }

    /// Where the rooms live, and the live connections.
    pub(super) fn arbiters(&self) -> Arbiters {
        self.arbiters.clone()
    }

    /// Lets the other servers know that the connections to this one are gone.
    pub(super) async fn leave(&self) {
        self.chat.people.end();
        if let Some(others) = &self.others {
            others.bus.flush().await;
        }
    }

    /// Completes when everything that is to be done on the threads now had its turn, such as saying that a connection ends.
    pub(super) async fn settled(&self) {
        for thread in &self.threads {
            let (done, settled) = oneshot::channel();
            let last = async move {
                tokio::task::yield_now().await;
                // The stop may not wait any more.
                let _ = done.send(());
            };
            if thread.spawn(last) {
                // A thread that has ended has nothing to do.
                let _ = settled.await;
            }
        }
    }

    /// Lets go of every room, and of the threads.
    pub(super) fn stop(&self) {
        self.chat.rooms.retire_all();
        for thread in &self.threads {
            thread.stop();
        }
    }
}

/// Threads for rooms and for live connections: together, so that what is said in a room is on its way without another
/// thread being woken for it, where there is one; and away from those of HTTP, whose requests may take long.
fn threads(count: usize) -> (Vec<Arbiter>, Arbiters) {
    let first = Arbiter::new();
    let mut threads: Vec<Arbiter> = (1..count).map(|_| Arbiter::new()).collect();
    let arbiters = Arbiters::new(first.handle(), threads.iter().map(Arbiter::handle).collect());
    threads.push(first);
    (threads, arbiters)
}

/// What the sessions of chat need.
pub(super) fn sessions(config: &Config, chat: Chat, arbiter: ArbiterHandle) -> chat::Parts {
    let parts = chat.rooms.parts();
    chat::Parts {
        clock: parts.clock.clone(),
        meter: parts.meter.clone(),
        chat,
        arbiter,
        messages_per_second: config.limits.messages_per_second,
        messages_per_second_of_person: config.limits.messages_per_second_of_user,
        queue: config.chat.queue,
        rooms: config.chat.rooms_per_connection,
        reconnect_grace: config.chat.reconnect_grace,
        mailbox: config.limits.mailbox,
    }
}

fn limits(config: &Config) -> Limits {
    let chat = &config.chat;
    Limits {
        reconnect_grace: chat.reconnect_grace,
        typing_lasts: chat.typing,
        typing_every: chat.typing_interval,
        typing_people: chat.typing_people,
        crowd: chat.crowd,
        crowd_every: chat.crowd_interval,
        members: chat.members_per_room,
    }
}
