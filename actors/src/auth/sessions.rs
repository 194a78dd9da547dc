//! Sign-ins: which there are, and their end. An end counts at once, for access tokens and sockets too.

use std::time::Duration;

use super::Parts;
use super::audit::note;
use super::messages::{AuthError, EndSession, Logout, Reach, Sessions};
use super::state::RefreshToken;
use crate::domain::{AuditEvent, SessionId, UserId};
use crate::ports::{Family, PortError};

/// How far clocks of nodes may differ: an end is remembered so much longer than the last access token lives.
const SKEW: Duration = Duration::from_secs(60);
/// How long to wait before a store that failed is asked again.
const RETRY: Duration = Duration::from_millis(500);

/// Ends a sign-in, its access tokens and its sockets; whether it was there. Stored first, so that a restart knows it.
pub(super) async fn end(parts: &Parts, id: SessionId) -> Result<bool, PortError> {
    let until = parts.clock.now().plus(parts.limits.access).plus(SKEW);
    let was_there = parts.refresh_tokens.end(id, until).await?;
    if was_there {
        parts.revoked.add(id, until);
    }
    Ok(was_there)
}

/// Ends the sign-ins of a person, but for one that is kept.
pub(super) async fn end_all(parts: &Parts, user_id: UserId, keep: Option<SessionId>) -> Result<(), PortError> {
    for family in parts.refresh_tokens.of_user(user_id).await? {
        if keep != Some(family.id) {
            end(parts, family.id).await?;
        }
    }
    Ok(())
}

pub(super) async fn logout(parts: Parts, Logout { token, reach, from }: Logout) -> Result<(), AuthError> {
    // One that was made up ends nothing; an old one does, that is on the safe side.
    let Some(presented) = RefreshToken::recognise(token, &*parts.secrets) else { return Ok(()) };
    let id = presented.session_id();
    let Some(family) = parts.refresh_tokens.get(id).await? else { return Ok(()) };
    match reach {
        Reach::Local => drop(end(&parts, id).await?),
        Reach::Others => end_all(&parts, family.user_id, Some(id)).await?,
        Reach::Global => end_all(&parts, family.user_id, None).await?,
    }
    note(&parts, AuditEvent::SignedOut, (family.user_id, id), &from).await;
    Ok(())
}

pub(super) async fn list(parts: Parts, Sessions { user_id }: Sessions) -> Result<Vec<Family>, AuthError> {
    Ok(parts.refresh_tokens.of_user(user_id).await?)
}

pub(super) async fn end_one(parts: Parts, message: EndSession) -> Result<bool, AuthError> {
    let EndSession { user_id, session_id, from } = message;
    let family = parts.refresh_tokens.get(session_id).await?;
    // Somebody else's looks as if there were none.
    if family.is_none_or(|family| family.user_id != user_id) {
        return Ok(false);
    }
    let ended = end(&parts, session_id).await?;
    note(&parts, AuditEvent::SignInEnded, (user_id, session_id), &from).await;
    Ok(ended)
}

/// Reads which sign-ins ended before this process began; tries until the store answers.
pub(super) async fn remember(parts: Parts) {
    loop {
        match parts.refresh_tokens.ended(parts.clock.now()).await {
            Ok(ended) => {
                for (id, until) in ended {
                    parts.revoked.add(id, until);
                }
                return;
            }
            Err(error) => {
                slog::warn!(parts.log, "ended sign-ins cannot be read, trying again"; "error" => %error);
                parts.clock.until(parts.clock.now().plus(RETRY)).await;
            }
        }
    }
}
