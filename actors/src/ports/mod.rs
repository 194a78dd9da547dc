//! What the actors need from outside, a trait a file. Adapters implement them; each has a conformance suite in
//! [`crate::testing`] that every adapter passes.

pub mod access_tokens;
pub mod accounts;
pub mod announcer;
pub mod audit;
pub mod bus;
pub mod chat_news;
pub mod choices;
pub mod clock;
pub mod documents;
pub mod exports;
pub mod identities;
pub mod incidents;
pub mod invitations;
pub mod leases;
pub mod links;
pub mod mailer;
pub mod membership;
pub mod messages;
pub mod meter;
pub mod oauth;
pub mod objects;
pub mod otp;
pub mod outbox;
pub mod passwords;
pub mod refresh_tokens;
pub mod rooms;
pub mod rules;
pub mod second_factors;
pub mod secrets;
pub mod silences;
pub mod snapshots;
pub mod throttle;
pub mod tickets;
pub mod users;
pub mod webhooks;

pub use access_tokens::{AccessTokens, Claims, TokenRefused};
pub use accounts::{Accounts, NewUser};
pub use announcer::Announcer;
pub use audit::{Audit, ListAudit};
pub use bus::{Alone, Bus, News};
pub use chat_news::{ChatNews, Gathering, PeopleNews, Roll, RoomNews, ServerName};
pub use choices::Choices;
pub use clock::Clock;
pub use documents::{Appended, Arrivals, Documents, IdempotencyKey, ListDocuments, Order, Scanned, Visit};
pub use exports::{ExportBounds, ExportCreated, ExportEnd, Exports, ListExports};
pub use identities::Identities;
pub use incidents::{Change, Incidents, ListIncidents, Opened};
pub use invitations::{Invitations, NewInvitation};
pub use leases::{Lease, Leases};
pub use links::{AccountMail, LinkKind, Links, NewLink};
pub use mailer::{Email, MailError, Mailer};
pub use membership::{Member, Membership};
pub use messages::{Messages, Missed, NewChange, NewMessage, Page, Write, Written};
pub use meter::{Count, Level, Meter, Timing};
pub use oauth::{Attempt, OAuthError, OAuthProvider};
pub use objects::{About, MAX_PIECE, ObjectName, Objects, Pieces, Sweep, Swept, Upload};
pub use otp::{Enrolment, Otp};
pub use outbox::{Delivery, Outbox, Settlement};
pub use passwords::{Passwords, Verified};
pub use refresh_tokens::{Family, RefreshTokens};
pub use rooms::{ListRooms, ReadRoom, Rooms};
pub use rules::Rules;
pub use second_factors::{SecondFactor, SecondFactors};
pub use secrets::Secrets;
pub use silences::Silences;
pub use snapshots::{Row, Show, Snapshot, Snapshots};
pub use throttle::{Counted, Rates, Throttle};
pub use tickets::{Grant, Tickets};
pub use users::{ListUsers, UserChange, UserChanged, UserRow, Users};
pub use webhooks::{WebhookCall, Webhooks};

/// The slug of [`PortError::Conflict`] for a write that only the holder of a lease may do, by a server that lost it.
pub const LEASE_LOST: &str = "lease_lost";

/// Why a port could not do what it was asked. Nothing was changed when one of these comes back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// Its queue is full: try again in a moment. 503 at the edge.
    #[error("{0} is busy, try again in a moment")]
    Busy(&'static str),
    /// There is no room left to store. 507 at the edge.
    #[error("no space left to store this")]
    Full,
    /// Something of that name is there already; the slug says what. 409 at the edge.
    #[error("{0}")]
    Conflict(&'static str),
    /// An idempotency key came again with another request. 422 at the edge.
    #[error("this Idempotency-Key was used for another request")]
    KeyReused,
    /// It failed, for a reason that is for the log and not for the caller. 500 at the edge.
    #[error("{0}")]
    Failed(String),
}
