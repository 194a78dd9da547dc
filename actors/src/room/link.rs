//! The way to the living rooms: brings them to life, and asks them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use actix::dev::ToEnvelope;
use actix::{Addr, Handler, Message};

use super::elsewhere::{Announce, ServerGone, Told};
use super::following::Standing;
use super::hub::Hub;
use super::messages::RoomError;
use super::{Parts, RoomActor};
use crate::directory::{Directory, Respawn, Surroundings};
use crate::domain::{Refusal, Room, RoomKind, RoomName, UserId};
use crate::ports::{Count, PortError, RoomNews, ServerName};

/// A room that retires just now is asked for again; nobody retires so often in a row.
const TRIES: usize = 5;

/// Rooms that are looked up in the store at once.
const LOOKED_AT_ONCE: usize = 1_000;

/// Rooms that announce at once who is there.
const ANNOUNCED_AT_ONCE: usize = 100;

/// Rooms that live, by name.
#[derive(Clone)]
pub struct RoomLink(Arc<Shared>);

struct Shared {
    parts: Parts,
    directory: Directory<RoomName, RoomActor>,
    hubs: Arc<Mutex<HashMap<RoomName, Arc<Hub>>>>,
}

impl fmt::Debug for RoomLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoomLink").finish_non_exhaustive()
    }
}

impl RoomLink {
    /// No room lives yet.
    #[must_use]
    pub fn new(parts: Parts, around: Surroundings) -> Self {
        let hubs: Arc<Mutex<HashMap<RoomName, Arc<Hub>>>> = Arc::default();
        let shared = Arc::new_cyclic(|weak: &Weak<Shared>| {
            let (parts_for_rooms, known, weak) = (parts.clone(), Arc::clone(&hubs), weak.clone());
            let directory = Directory::new("room", around, Respawn::default(), move |name: &RoomName, tether| {
                let hub = Arc::clone(lock(&known).get(name)?);
                let weak = weak.clone();
                let retire = Box::new(move |name: &RoomName| {
                    if let Some(shared) = weak.upgrade() {
                        // The hub first: whoever looks now finds no living room, and makes both anew.
                        lock(&shared.hubs).remove(name);
                        shared.directory.retire(name);
                    }
                });
                Some(RoomActor::new(parts_for_rooms.clone(), hub, retire, tether))
            });
            Shared { parts, directory, hubs }
        });
        Self(shared)
    }

    /// What rooms need.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// The living actor of a room, and its hub; brought to life if there is such a room.
    ///
    /// # Errors
    /// When the store does not answer, or too many rooms live.
    pub async fn find(&self, name: &RoomName) -> Result<Option<(Addr<RoomActor>, Arc<Hub>)>, PortError> {
        for _ in 0..TRIES {
            if let Some(found) = self.living(name) {
                return Ok(Some(found));
            }
            let Some(room) = self.0.parts.rooms.get(name.clone()).await? else { return Ok(None) };
            self.revive(name, room)?;
        }
        Err(PortError::Busy("chat"))
    }

    fn revive(&self, name: &RoomName, room: Room) -> Result<(), PortError> {
        let parts = &self.0.parts;
        {
            let mut hubs = lock(&self.0.hubs);
            if hubs.len() >= parts.live_rooms && !hubs.contains_key(name) {
                return Err(PortError::Busy("chat"));
            }
            hubs.entry(name.clone()).or_insert_with(|| Arc::new(Hub::new(room, parts.held_events)));
        }
        // Looked up afterwards, with its hub.
        let _ = self.0.directory.get_or_spawn(name);
        Ok(())
    }

    /// A room that lives already.
    #[must_use]
    pub fn living(&self, name: &RoomName) -> Option<(Addr<RoomActor>, Arc<Hub>)> {
        let addr = self.0.directory.get(name)?;
        let hub = Arc::clone(lock(&self.0.hubs).get(name)?);
        Some((addr, hub))
    }

    /// Lets the rooms that somebody is in know how they stand in the store, whoever wrote there.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn look(&self) -> Result<(), PortError> {
        let is_followed = |hub: &Hub| !hub.is_empty();
        let names: Vec<RoomName> =
            lock(&self.0.hubs).iter().filter(|(_, hub)| is_followed(hub)).map(|(name, _)| name.clone()).collect();
        for names in names.chunks(LOOKED_AT_ONCE) {
            let asked = Instant::now();
            for Room { name, seq, topic, .. } in self.0.parts.rooms.several(names.to_vec()).await? {
                if let Some((room, hub)) = self.living(&name)
                    && let Some(_slot) = hub.inlet.enter()
                {
                    // Not waited for: one that comes to life just now reads how it stands by itself.
                    let _ = room.try_send(Standing { seq, topic, asked, _slot });
                }
            }
        }
        Ok(())
    }

    /// Hands news of another server to the room that it is about, if that lives here.
    pub fn hand(&self, name: &RoomName, from: ServerName, news: RoomNews) {
        let Some((room, hub)) = self.living(name) else { return };
        let sent = hub.inlet.enter().map(|_slot| room.try_send(Told { from, news, _slot }));
        if !matches!(sent, Some(Ok(()))) {
            self.0.parts.meter.add(Count::NewsLost, 1);
        }
    }

    /// Lets every room tell the other servers who is there, so many rooms at once, and `pause` after each of them: what
    /// waits to be told is limited.
    pub async fn announce<P: Future<Output = ()>>(&self, pause: impl Fn() -> P) {
        let names: Vec<RoomName> = lock(&self.0.hubs).keys().cloned().collect();
        for names in names.chunks(ANNOUNCED_AT_ONCE) {
            for name in names {
                if let Some((room, hub)) = self.living(name)
                    && let Some(_slot) = hub.inlet.enter()
                {
                    // One that broke just now asks the others, when it comes back, and is asked by them.
                    let _ = room.try_send(Announce { _slot });
                }
            }
            pause().await;
        }
    }

    /// Lets every room know that a server is gone.
    pub fn server_gone(&self, server: &ServerName) {
        let names: Vec<RoomName> = lock(&self.0.hubs).keys().cloned().collect();
        for name in names {
            if let Some((room, _)) = self.living(&name) {
                // One that has no place for it knows those people as present until it retires.
                let _ = room.try_send(ServerGone(server.clone()));
            }
        }
    }

    /// Whether there may be other servers.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.0.parts.others.is_some()
    }

    /// Asks a room on behalf of `user`, for whom it must exist; services and the system see groups alone.
    ///
    /// # Errors
    /// `unknown_room`, `busy`, or what the room says.
    pub async fn ask<M, T>(&self, name: &RoomName, user: Option<UserId>, message: M) -> Result<T, Refusal>
    where
        M: Message<Result = Result<T, RoomError>> + Clone + Send + 'static,
        T: Send + 'static,
        RoomActor: Handler<M>,
        actix::Context<RoomActor>: ToEnvelope<RoomActor, M>,
    {
        for _ in 0..TRIES {
            let found = self.find(name).await.map_err(|error| self.refusal(&error))?;
            let (room, _) = found.filter(|(_, hub)| admits(hub, user)).ok_or_else(Refusal::unknown_room)?;
            match room.send(message.clone()).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(RoomError::Refused(refusal))) => return Err(refusal),
                Ok(Err(RoomError::Retired)) => {}
                // It panicked, or was built again meanwhile: whether it was done is not known.
                Err(_) => return Err(unsure()),
            }
        }
        Err(unsure())
    }

    /// What an error of a store is for whoever asked.
    #[must_use]
    pub fn refusal(&self, error: &PortError) -> Refusal {
        refusal(&self.0.parts, error)
    }

    /// Lets go of every room.
    pub fn retire_all(&self) {
        self.0.directory.retire_all();
        lock(&self.0.hubs).clear();
    }
}

/// Whether somebody may know of a room.
fn admits(hub: &Hub, user: Option<UserId>) -> bool {
    match user {
        Some(user) => hub.room.kind.admits(user),
        None => hub.room.kind == RoomKind::Group,
    }
}

fn unsure() -> Refusal {
    Refusal::new("busy", "The room starts again; try again, with the same client_id, so that nothing is doubled.")
}

pub(super) fn refusal(parts: &Parts, error: &PortError) -> Refusal {
    match error {
        PortError::Busy(_) => Refusal::new("busy", "The server is busy. Try again in a moment."),
        PortError::Full => Refusal::new("full", "The server has no space left to store this."),
        PortError::Conflict("room_exists") => {
            Refusal::new("room_exists", "There is a room of this name already. Join it, or choose another name.")
        }
        PortError::Conflict("too_many_rooms") => {
            Refusal::new("too_many_rooms", "There are as many rooms as this server allows (chat.rooms).")
        }
        PortError::Conflict(slug) => Refusal::new(slug, "It is in conflict with what there is."),
        PortError::KeyReused | PortError::Failed(_) => {
            slog::error!(parts.log, "chat could not do what it was asked"; "error" => %error);
            Refusal::new("internal", "Something went wrong on the server. Try again.")
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
