//! News between the servers of one installation.

use super::ChatNews;
use crate::domain::event::RuleStatus;
use crate::domain::{RuleId, Timestamp};

/// What servers tell each other. Each piece may be lost; whoever depends on it looks by itself now and then.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// Documents were stored.
    DocumentsStored,
    /// Rules are other ones now.
    RulesChanged,
    /// Silences are other ones now.
    SilencesChanged,
    /// Messages wait in the outbox.
    OutboxQueued,
    /// Incidents changed, and that is stored.
    IncidentsChanged,
    /// Rules were judged, by the server that rings.
    Judged(Vec<(RuleStatus, Timestamp)>),
    /// A rule watches no more.
    Forgotten(RuleId),
    /// Who rings gave that back.
    Released,
    /// Somebody new listens and knows nothing yet.
    Hello,
    /// Something happened in chat.
    Chat(ChatNews),
}

/// The way of news to the other servers.
pub trait Bus: Send + Sync + 'static {
    /// Tells all others; never waits, and may lose it.
    fn publish(&self, news: News);
}

/// There are no others.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Bus for Alone {
    fn publish(&self, _: News) {}
}
