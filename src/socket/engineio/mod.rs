//! Engine.IO, protocol version 4: a connection over long polling, a websocket, or first the one and then the other.
//! Knows nothing of what is said over it: it serves a [`Handler`].
//!
//! Sessions belong to the process and not to a worker, so any worker may answer any request of one. What is sent is
//! pulled from the handler's own bounded stream by whichever transport carries the session at the moment; nothing is
//! buffered here but a few control packets.

mod polling;
mod serve;
mod session;
mod websocket;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use bytestring::ByteString;
use engineioxide_core::Sid;
use futures_util::Stream;
use futures_util::future::LocalBoxFuture;
use tocsin_actors::session::outbox::Close;

pub use self::serve::serve;
pub use self::session::{Closer, Ended};

use self::session::Session;

/// Limits and times.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How long after an answered ping the next one is sent.
    pub ping_interval: Duration,
    /// How long a ping may stay unanswered.
    pub ping_timeout: Duration,
    /// The most bytes of a message, and of the body of a polling request.
    pub max_payload: usize,
    /// How long an upgrade may take from its probe to its end.
    pub upgrade_timeout: Duration,
    /// Sessions at once; the next gets 503.
    pub max_sessions: usize,
}

/// A message, in either direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Text.
    Text(ByteString),
    /// Bytes.
    Binary(Bytes),
    /// Outgoing only: the text of a whole packet, the leading `4` included, so that a broadcast is written once for
    /// all who get it.
    Packet(ByteString),
}

/// What is sent. Its end closes the session.
pub type Outgoing = Pin<Box<dyn Stream<Item = Message> + Send>>;

/// Takes what comes, in its order.
pub trait Listener: Send {
    /// A message came. Must not block.
    ///
    /// # Errors
    /// When the session cannot go on: why it is closed.
    fn message(&mut self, message: Message) -> Result<(), Close>;

    /// The session is over.
    fn closed(&mut self);

    /// Why the outgoing messages ended: the close code of the websocket, and a few words.
    fn why(&self) -> (u16, &'static str) {
        (1000, "closed")
    }
}

/// A session that may begin.
pub struct Accepted {
    /// Takes what comes.
    pub listener: Box<dyn Listener>,
    /// What is sent.
    pub outgoing: Outgoing,
    /// Handed a way to close the session from elsewhere.
    pub opened: Box<dyn FnOnce(Closer) + Send>,
}

/// Serves sessions.
pub trait Handler: Send + Sync + 'static {
    /// Somebody wants to open a session.
    ///
    /// # Errors
    /// The answer for whoever may not.
    fn accept<'a>(&'a self, request: &'a HttpRequest) -> LocalBoxFuture<'a, Result<Accepted, HttpResponse>>;
}

/// The sessions of one path.
pub struct Engine {
    handler: Box<dyn Handler>,
    options: Options,
    sessions: Mutex<HashMap<Sid, Arc<Session>>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("sessions", &self.len()).finish_non_exhaustive()
    }
}

impl Engine {
    /// No session yet.
    #[must_use]
    pub fn new(handler: impl Handler, options: Options) -> Arc<Self> {
        Arc::new(Self { handler: Box::new(handler), options, sessions: Mutex::default() })
    }

    /// How many sessions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn get(&self, sid: Sid) -> Option<Arc<Session>> {
        self.lock().get(&sid).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Sid, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
