//! A connection of somebody, whatever carries it: who it is, what it may do, how fast.

pub mod chat;
pub mod messages;
pub mod outbox;
pub mod state;

use std::sync::Arc;

use actix::{Actor, ActorContext as _, ActorFutureExt as _, AsyncContext as _, Context, Handler, WrapFuture as _};

use self::messages::{Command, Hangup};
use self::outbox::{Close, Outbox};
use self::state::{Allowance, State};
use crate::board::BoardLink;
use crate::domain::{Broadcast, Event, IncidentId, Principal};
use crate::export::news::News;
use crate::ports::{Change, Clock, Count, Incidents, Level, Meter, PortError};

/// What a session needs.
#[derive(Clone)]
pub struct Parts {
    /// Where what is shown comes from.
    pub board: BoardLink,
    /// Where those who asked for files are told.
    pub exports: News,
    /// For acknowledging.
    pub incidents: Arc<dyn Incidents>,
    /// For the rate.
    pub clock: Arc<dyn Clock>,
    /// For counts.
    pub meter: Arc<dyn Meter>,
    /// For what went wrong.
    pub log: slog::Logger,
    /// Frames a second that a client may send, and the burst it may send at once.
    pub messages_per_second: u32,
    /// How many messages may wait.
    pub mailbox: usize,
}

/// One connection that watches alerts. Lives beside its carrier, which decodes frames into [`Command`]s and writes
/// what the outbox holds.
pub struct SessionActor {
    parts: Parts,
    principal: Principal,
    outbox: Arc<Outbox>,
    state: State,
}

impl SessionActor {
    /// The session of a principal who has just been recognised.
    #[must_use]
    pub fn new(parts: Parts, principal: Principal, outbox: Arc<Outbox>) -> Self {
        let state = State::new(parts.messages_per_second, parts.clock.now());
        Self { parts, principal, outbox, state }
    }

    fn tell(&self, event: Event) {
        // A closed outbox means that the carrier is going; it says so to the client.
        let _ = self.outbox.push(Broadcast::new(event, None));
    }

    fn acknowledge(&self, incident: IncidentId, ctx: &mut Context<Self>) {
        let (parts, by) = (self.parts.clone(), self.principal.name().to_owned());
        let acknowledged = async move {
            let changed = parts.incidents.change(incident, Change::Acknowledge { by }).await?;
            if let Some(incident) = &changed {
                parts.board.changed(incident.clone(), None).await;
            }
            Ok::<_, PortError>(changed.is_some())
        };
        ctx.spawn(acknowledged.into_actor(self).map(|known, session, _| {
            let (code, detail) = match known {
                Ok(true) => return,
                Ok(false) => ("unknown_incident", "There is no incident with this id.".to_owned()),
                Err(PortError::Failed(error)) => {
                    slog::error!(session.parts.log, "an acknowledgement was not stored"; "error" => error);
                    ("internal", "It could not be stored. Try again.".to_owned())
                }
                Err(error) => ("unavailable", format!("It could not be stored: {error}.")),
            };
            session.tell(Event::Refused { code, detail });
        }));
    }
}

impl Actor for SessionActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.parts.mailbox);
        self.parts.meter.shift(Level::Connections, 1);
        let (board, outbox) = (self.parts.board.clone(), Arc::clone(&self.outbox));
        let watching = async move { board.watch(outbox).await };
        // The snapshot comes first, so no command is looked at before it.
        ctx.wait(watching.into_actor(self).map(|watching, session, _| {
            if watching {
                session.parts.exports.watch(&session.principal.key(), Arc::clone(&session.outbox));
            } else {
                session.outbox.close(Close::GoingAway);
            }
        }));
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        self.parts.meter.shift(Level::Connections, -1);
    }
}

impl Handler<Command> for SessionActor {
    type Result = ();

    fn handle(&mut self, command: Command, ctx: &mut Self::Context) {
        let now = self.parts.clock.now();
        match self.state.allow(&command, &self.principal, now) {
            Allowance::Granted => {}
            Allowance::TooMany => {
                self.parts.meter.add(Count::FastWritersCut, 1);
                self.outbox.close(Close::TooMany);
                return;
            }
            Allowance::Forbidden { detail } => {
                self.tell(Event::Refused { code: "forbidden", detail });
                return;
            }
        }
        match command {
            Command::Ping => self.tell(Event::Pong),
            Command::Acknowledge { incident } => self.acknowledge(incident, ctx),
            Command::Resume { after } => {
                let (board, outbox) = (self.parts.board.clone(), Arc::clone(&self.outbox));
                // Without a board the outbox is closed already, and the client resumes when it is back.
                let replayed = async move { board.replay(outbox, after).await };
                ctx.spawn(replayed.into_actor(self).map(|_, _, _| ()));
            }
        }
    }
}

impl Handler<Hangup> for SessionActor {
    type Result = ();

    fn handle(&mut self, _: Hangup, ctx: &mut Self::Context) {
        self.outbox.close(Close::GoingAway);
        ctx.stop();
    }
}
