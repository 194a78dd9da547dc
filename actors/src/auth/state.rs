//! The rules of signing in, pure.

use std::time::Duration;

use crate::domain::{SessionId, Timestamp};
use crate::ports::Family;

/// How often sign-ins that have expired are removed.
pub const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Everybody.
    Open,
    /// Nobody, but whoever runs the server.
    Closed,
}

/// How long, how many, who.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long an access token is valid.
    pub access: Duration,
    /// How long a sign-in lasts without being used.
    pub refresh_idle: Duration,
    /// How long a sign-in lasts at most.
    pub refresh_absolute: Duration,
    /// How long a refresh token that was just used gives its successor again.
    pub refresh_grace: Duration,
    /// The least length of a password, in characters.
    pub password_min_chars: usize,
    /// Who may make an account.
    pub registration: Registration,
    /// API keys of one user.
    pub keys_per_user: usize,
}

/// What to do with a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the live one: its successor takes its place.
    Rotate,
    /// It was used a moment ago, by another tab or by one that lost the answer: the same successor again.
    Again,
    /// It was used before: somebody has a copy. The sign-in ends (RFC 9700, section 4.14.2).
    Reuse,
    /// The sign-in has lasted too long, or was not used for too long.
    Expired,
}

/// Decides on a refresh token by its digest.
#[must_use]
pub fn judge(family: &Family, digest: &str, limits: &Limits, now: Timestamp) -> Verdict {
    let idle = now.since(family.rotated_at) > limits.refresh_idle;
    if idle || now.since(family.created_at) > limits.refresh_absolute {
        return Verdict::Expired;
    }
    if family.current == digest {
        return Verdict::Rotate;
    }
    let fresh = now.since(family.rotated_at) <= limits.refresh_grace;
    match &family.previous {
        Some(previous) if previous == digest && fresh => Verdict::Again,
        _ => Verdict::Reuse,
    }
}

/// A refresh token: which sign-in, and the secret.
#[must_use]
pub fn token(id: SessionId, secret: &str) -> String {
    format!("tcr_{}_{secret}", id.uuid().simple())
}

/// The sign-in of a refresh token, if it has the form of one.
#[must_use]
pub fn session_of(token: &str) -> Option<SessionId> {
    let (id, secret) = token.strip_prefix("tcr_")?.split_once('_')?;
    let sound = token.len() <= 256 && !secret.is_empty();
    sound.then(|| id.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::UserId;

    const LIMITS: Limits = Limits {
        access: Duration::from_secs(600),
        refresh_idle: Duration::from_secs(1_000),
        refresh_absolute: Duration::from_secs(5_000),
        refresh_grace: Duration::from_secs(10),
        password_min_chars: 8,
        registration: Registration::Open,
        keys_per_user: 5,
    };

    #[test]
    fn verdicts() {
        let at = |seconds: i64| Timestamp::clamped(seconds * 1_000);
        let family = Family {
            id: SessionId::new(at(0)),
            user_id: UserId::new(at(0)),
            current: "current".into(),
            previous: Some("previous".into()),
            rotated_at: at(4_000),
            created_at: at(0),
            user_agent: String::new(),
            ip: String::new(),
        };
        for (digest, now, verdict) in [
            ("current", 4_000, Verdict::Rotate),
            ("current", 5_000, Verdict::Rotate),
            ("current", 5_001, Verdict::Expired),
            ("previous", 4_010, Verdict::Again),
            ("previous", 4_011, Verdict::Reuse),
            ("grandparent", 4_000, Verdict::Reuse),
        ] {
            assert_eq!(judge(&family, digest, &LIMITS, at(now)), verdict, "{digest} at {now}");
        }
        let unused = Family { rotated_at: at(0), created_at: at(0), ..family };
        assert_eq!(judge(&unused, "current", &LIMITS, at(1_001)), Verdict::Expired, "idle");
    }

    #[test]
    fn tokens_name_their_sign_in() {
        let id = SessionId::new(Timestamp::clamped(0));
        assert_eq!(session_of(&token(id, "secret")), Some(id));
        for bad in
            ["", "tcr_", "tcr_x_y", "tcr__", &format!("tcr_{}_", id.uuid().simple()), &format!("tcs_{}_s", id.uuid())]
        {
            assert_eq!(session_of(bad), None, "{bad}");
        }
    }
}
