//! Live connections: bytes ([`ws`]), frames and events ([`json`]), and who may open one ([`alerts`]).
//!
//! Knows sessions and the board; knows nothing of HTTP resources or of any storage.

pub mod alerts;
pub mod connections;
pub mod guard;
pub mod json;
mod ws;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tocsin_actors::domain::Principal;
use tocsin_actors::session;

use self::connections::Connections;

/// Finds out who a credential belongs to; `None` when it is not valid.
pub type Identify = Arc<dyn Fn(String) -> BoxFuture<'static, Option<Principal>> + Send + Sync>;

/// Limits of a live connection.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest message, in bytes, over all its fragments.
    pub message_bytes: usize,
    /// Frames that may wait for a slow reader.
    pub outbox_frames: usize,
    /// How often the server pings. A connection that is silent for two of these is dead.
    pub heartbeat: Duration,
    /// How long a client may take to sign in.
    pub sign_in: Duration,
}

/// What every live connection shares.
#[derive(Clone)]
pub struct Sockets {
    /// What a session needs.
    pub session: session::Parts,
    /// Who is it?
    pub identify: Identify,
    /// Who is let in by this ticket, which is used up by asking?
    pub redeem: Identify,
    /// Has their sign-in not ended since?
    pub still_signed_in: Arc<dyn Fn(&Principal) -> bool + Send + Sync>,
    /// Who is here, and how many are allowed.
    pub connections: Arc<Connections>,
    /// Origins of pages that may connect, beside the server's own.
    pub allowed_origins: Arc<[String]>,
    /// Limits.
    pub limits: Limits,
}
