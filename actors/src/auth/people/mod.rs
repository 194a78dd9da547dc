//! Looking after accounts: roles, and who is let in.

pub mod rules;

use actix::Message;

use self::rules::{Refused, Wish, may_change, may_end_sign_ins, takes_away};
use super::audit::{About, note};
use super::messages::{AuthError, Device};
use super::{Parts, sessions};
use crate::domain::{AuditEvent, User, UserId};
use crate::ports::{PortError, UserChange, UserChanged, UserRow};

/// How often an account is looked at again that others change at the same time.
const TRIES: u32 = 3;

/// Change what somebody may do, or whether they come in at all. `None` when there is no such account.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<Option<UserRow>, AuthError>")]
pub struct ChangeUser {
    /// Who asks.
    pub by: UserId,
    /// Whose account.
    pub id: UserId,
    /// What is to become of it.
    pub wish: Wish,
    /// Where from.
    pub from: Device,
}

/// End every sign-in of somebody; whether there is such an account.
#[derive(Debug, Clone, Message)]
#[rtype(result = "Result<bool, AuthError>")]
pub struct EndSessionsOf {
    /// Who asks.
    pub by: UserId,
    /// Whose.
    pub id: UserId,
    /// Where from.
    pub from: Device,
}

pub(super) async fn change(parts: Parts, message: ChangeUser) -> Result<Option<UserRow>, AuthError> {
    for _ in 0..TRIES {
        let by = asker(&parts, message.by).await?;
        let Some(before) = parts.users.get(message.id).await? else { return Ok(None) };
        may_change(&by, &before.user, message.wish)?;
        if let Some(changed) = try_change(&parts, &before.user, message.wish).await? {
            tell(&parts, &before.user, &changed, &message).await;
            return Ok(Some(changed.row));
        }
    }
    Err(PortError::Busy("the account").into())
}

/// `None` when somebody else has changed the account since it was read.
async fn try_change(parts: &Parts, seen: &User, wish: Wish) -> Result<Option<UserChanged>, AuthError> {
    let now = parts.clock.now();
    let role = wish.role.unwrap_or(seen.role);
    let disabled = wish.disabled.unwrap_or(seen.disabled_at.is_some());
    let less = takes_away(seen, role, disabled);
    let change = UserChange {
        seen: seen.clone(),
        role,
        disabled_at: disabled.then(|| seen.disabled_at.unwrap_or(now)),
        takes_away: less,
    };
    // Before and after: if the store of sign-ins fails nothing was changed, and whoever came in meanwhile goes too.
    if less {
        sessions::end_all(parts, seen.id, None).await?;
    }
    let changed = parts.users.change(change).await.map_err(|error| match error {
        PortError::Conflict("last_owner") => Refused::LastOwner.into(),
        error => AuthError::from(error),
    })?;
    if let Some(changed) = &changed {
        if less {
            sessions::end_all(parts, seen.id, None).await?;
        }
        if changed.row.user.disabled_at.is_some() {
            changed.keys.iter().for_each(|key| parts.revoked.close_key(*key));
        }
    }
    Ok(changed)
}

/// Writes down what is different now.
async fn tell(parts: &Parts, before: &User, changed: &UserChanged, message: &ChangeUser) {
    let after = &changed.row.user;
    let about = About::from(after.id).by(message.by);
    if before.role != after.role {
        let what = format!("{} to {}", before.role.as_str(), after.role.as_str());
        note(parts, AuditEvent::RoleChanged, about.clone().with(what), &message.from).await;
    }
    let event = match (before.disabled_at, after.disabled_at) {
        (None, Some(_)) => AuditEvent::AccountDisabled,
        (Some(_), None) => AuditEvent::AccountEnabled,
        _ => return,
    };
    note(parts, event, about, &message.from).await;
}

pub(super) async fn end_sessions(parts: Parts, message: EndSessionsOf) -> Result<bool, AuthError> {
    let EndSessionsOf { by, id, from } = message;
    let asker = asker(&parts, by).await?;
    let Some(of) = parts.users.get(id).await? else { return Ok(false) };
    may_end_sign_ins(&asker, &of.user)?;
    sessions::end_all(&parts, id, None).await?;
    note(&parts, AuditEvent::SignInsEnded, About::from(id).by(by), &from).await;
    Ok(true)
}

/// Who asks, as they are now: an access token may be older than their role.
pub(super) async fn asker(parts: &Parts, id: UserId) -> Result<User, AuthError> {
    Ok(parts.accounts.by_id(id).await?.ok_or(Refused::AdminRequired)?)
}
