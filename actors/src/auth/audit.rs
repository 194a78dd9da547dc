//! Writing down what happened.

use super::Parts;
use super::messages::Device;
use crate::domain::{AuditEntry, AuditEvent, AuditId, SessionId, UserId};

/// Who and what an entry is about.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    user: Option<UserId>,
    session: Option<SessionId>,
    by: Option<UserId>,
    detail: Option<String>,
}

impl About {
    /// Done by somebody else.
    pub(super) fn by(self, by: UserId) -> Self {
        Self { by: Some(by), ..self }
    }

    /// With more to say, and never a secret.
    pub(super) fn with(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
}

impl From<UserId> for About {
    fn from(user: UserId) -> Self {
        Some(user).into()
    }
}

impl From<Option<UserId>> for About {
    fn from(user: Option<UserId>) -> Self {
        Self { user, ..Self::default() }
    }
}

impl From<(UserId, SessionId)> for About {
    fn from((user, session): (UserId, SessionId)) -> Self {
        Self { session: Some(session), ..user.into() }
    }
}

/// Writes it down. A store that cannot do it keeps nobody from signing in or out: the log of the server has it then.
pub(super) async fn note(parts: &Parts, event: AuditEvent, about: impl Into<About>, from: &Device) {
    let (about, at) = (about.into(), parts.clock.now());
    slog::info!(parts.log, "audit"; "event" => event.as_str(), "user" => about.user.map(|user| user.to_string()),
        "by" => about.by.map(|by| by.to_string()), "session" => about.session.map(|session| session.to_string()), "ip" => &from.ip, "request_id" => &from.request_id);
    let entry = AuditEntry {
        id: AuditId::new(at),
        at,
        event,
        user_id: about.user,
        by: about.by,
        detail: about.detail,
        session_id: about.session,
        ip: from.ip.clone(),
        user_agent: from.user_agent.chars().take(AuditEntry::USER_AGENT_CHARS).collect(),
        request_id: from.request_id.clone(),
    };
    if let Err(error) = parts.audit.append(entry).await {
        slog::error!(parts.log, "the audit log could not be written"; "event" => event.as_str(), "error" => %error);
    }
}
