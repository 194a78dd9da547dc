//! The domain's plain types. They know no wire format, no storage and no clock.

pub mod account;
pub mod audit;
pub mod choice;
pub mod decimal;
pub mod document;
pub mod event;
pub mod export;
pub mod field;
pub mod id;
pub mod identity;
pub mod incident;
pub mod invitation;
pub mod message;
pub mod room;
pub mod room_event;
pub mod rule;
pub mod selection;
pub mod silence;
pub mod time;

pub use account::{ApiKey, Principal, Role, Scope, User};
pub use audit::{AuditEntry, AuditEvent};
pub use choice::{Choice, Mails, addresses};
pub use decimal::Decimal;
pub use document::{Document, DocumentId, DocumentType};
pub use event::{Broadcast, Event};
pub use export::{
    CsvStyle, DocumentQuery, Export, ExportField, ExportFile, ExportFormat, ExportSpec, ExportStatus, LinkToken,
};
pub use field::{FieldPath, Scalar};
pub(crate) use id::v7;
pub use id::{
    ApiKeyId, AuditId, ConnectionId, ExportId, IdentityId, IncidentId, InvitationId, MessageId, NotificationId,
    RoomEpoch, RuleId, SessionId, SilenceId, UserId,
};
pub use identity::{Identity, Profile};
pub use incident::{Channel, Incident, IncidentState, Notification, NotificationState, Transition};
pub use invitation::Invitation;
pub use message::{Author, Changed, ChatMessage, Person, Reaction, RoomChange};
pub use room::{History, Room, RoomKind, RoomName, StreamPosition};
pub use room_event::{Answer, Audience, Joined, Refusal, Replay, ReplyTo, RoomEvent, RoomSummary};
pub use rule::{Aggregate, Comparison, Hysteresis, Measure, Rule, RuleSource, RuleState, WebhookUrl};
pub use selection::{Filter, Operator, Selection};
pub use silence::{Quiet, Silence, Weekly, silent_until};
pub use time::Timestamp;

/// A value that broke one of the domain's rules, with a sentence for the person who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub String);
