//! Live connections: bytes ([`ws`]), frames and events ([`json`]), and who may open one ([`alerts`]).
//!
//! Knows sessions and the board; knows nothing of HTTP resources or of any storage.

pub mod alerts;
pub mod chat;
pub mod connections;
pub mod engineio;
pub mod entrance;
pub mod json;
pub mod listen;
pub mod socketio;
pub mod ws;

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
    /// How long a Socket.IO client may take to answer a ping.
    pub ping_timeout: Duration,
    /// Live connections in all.
    pub connections: usize,
}

/// Attachments of a Socket.IO packet (as its own parser since CVE-2026-33151); chat has no use for any.
const ATTACHMENTS: usize = 10;
/// How long an upgrade from polling to a websocket may take.
const UPGRADE: Duration = Duration::from_secs(10);
/// Packets of the protocol that may wait for one client.
const CONTROL_PACKETS: usize = 64;

impl Limits {
    /// For Engine.IO.
    #[must_use]
    pub fn engineio(&self) -> engineio::Options {
        engineio::Options {
            ping_interval: self.heartbeat,
            ping_timeout: self.ping_timeout,
            max_payload: self.message_bytes,
            upgrade_timeout: UPGRADE,
            max_sessions: self.connections,
        }
    }

    /// For Socket.IO.
    #[must_use]
    pub fn socketio(&self) -> socketio::Options {
        socketio::Options {
            connect_timeout: self.sign_in,
            attachments: ATTACHMENTS,
            attachment_bytes: self.message_bytes,
            control_packets: CONTROL_PACKETS,
        }
    }

    fn websocket(&self) -> ws::Options {
        ws::Options { message_bytes: self.message_bytes, heartbeat: self.heartbeat }
    }
}

/// What every live connection shares.
#[derive(Clone)]
pub struct Sockets {
    /// What a session needs.
    pub session: session::Parts,
    /// What a session of chat needs.
    pub chat: session::chat::Parts,
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
