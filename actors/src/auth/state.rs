//! The rules of signing in, pure.

use std::time::Duration;

use super::messages::AuthError;
use crate::domain::{SessionId, Timestamp};
use crate::ports::{Family, Secrets};

/// How often sign-ins that have expired are removed.
pub const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Everybody.
    Open,
    /// Those who were invited.
    Invite,
    /// Nobody, but whoever runs the server.
    Closed,
}

impl Registration {
    /// Whether somebody without an invitation may make an account.
    ///
    /// # Errors
    /// What to tell them.
    pub fn without_invitation(self) -> Result<(), AuthError> {
        match self {
            Self::Open => Ok(()),
            Self::Invite => Err(AuthError::InvitationRequired),
            Self::Closed => Err(AuthError::RegistrationClosed),
        }
    }
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
    /// Who may make an account.
    pub registration: Registration,
    /// Invitations that may wait.
    pub invitations: usize,
    /// How long an invitation is good.
    pub invitation: Duration,
    /// API keys of one user.
    pub keys_per_user: usize,
    /// How long the audit log is kept.
    pub audit_kept: Duration,
}

/// What to do with a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the live one: its successor takes its place.
    Rotate,
    /// It was used a moment ago, by another tab or by one that lost the answer: the same successor again.
    Again,
    /// It was replaced before: somebody has a copy. The sign-in ends (RFC 9700, section 4.14.2).
    Reuse,
    /// The sign-in has lasted too long, or was not used for too long.
    Expired,
}

/// Decides on a refresh token by its digest. The token is one that this installation made for this family: neither its
/// live one nor the one before, it is an older one.
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

/// What is derived for one purpose is of no use for the other.
const SEALS: &str = "refresh token seal:";
const FOLLOWS: &str = "refresh token successor:";
/// Longer than any token of ours.
const TOKEN_MAX: usize = 256;

/// A refresh token that this installation has made: `tcr_<sign-in>_<secret>.<seal>`. The seal is derived from all before
/// it, so that a token of any age is known as ours without being kept, and nobody can make one up.
pub struct RefreshToken {
    text: String,
    session_id: SessionId,
}

impl RefreshToken {
    /// The first of a sign-in.
    pub fn first(session_id: SessionId, secrets: &dyn Secrets) -> Self {
        Self::sealed(session_id, &secrets.random(), secrets)
    }

    /// The one that takes its place. It follows from this one, so that all who present this one get the same.
    #[must_use]
    pub fn successor(&self, secrets: &dyn Secrets) -> Self {
        Self::sealed(self.session_id, &secrets.derive(&format!("{FOLLOWS}{}", self.text)), secrets)
    }

    fn sealed(session_id: SessionId, secret: &str, secrets: &dyn Secrets) -> Self {
        let body = format!("tcr_{}_{secret}", session_id.uuid().simple());
        let seal = secrets.derive(&format!("{SEALS}{body}"));
        Self { text: format!("{body}.{seal}"), session_id }
    }

    /// Takes a token that somebody presents; `None` when this installation has not made it.
    pub fn recognise(text: String, secrets: &dyn Secrets) -> Option<Self> {
        if text.len() > TOKEN_MAX {
            return None;
        }
        let (body, seal) = text.rsplit_once('.')?;
        let (session_id, _) = body.strip_prefix("tcr_")?.split_once('_')?;
        let session_id = session_id.parse().ok()?;
        secrets.is_derived(&format!("{SEALS}{body}"), seal).then_some(Self { text, session_id })
    }

    /// Its sign-in.
    #[must_use]
    pub fn session_id(&self) -> SessionId {
        self.session_id
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self, secrets: &dyn Secrets) -> String {
        secrets.digest(&self.text)
    }

    /// What the client keeps.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
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
        registration: Registration::Open,
        invitations: 5,
        invitation: Duration::from_secs(5_000),
        keys_per_user: 5,
        audit_kept: Duration::from_secs(100_000),
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

    /// Secrets that can be read.
    struct Plain(&'static str);

    impl Secrets for Plain {
        fn random(&self) -> String {
            "random".into()
        }

        fn digest(&self, text: &str) -> String {
            format!("digest of {text}")
        }

        fn derive(&self, text: &str) -> String {
            let sum = text
                .bytes()
                .chain(self.0.bytes())
                .fold(7_u64, |sum, byte| sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
            format!("{sum:x}")
        }

        fn is_derived(&self, text: &str, answer: &str) -> bool {
            self.derive(text) == answer
        }
    }

    #[test]
    fn a_token_of_any_age_is_recognised() {
        let id = SessionId::new(Timestamp::clamped(0));
        let mut token = RefreshToken::first(id, &Plain("ours"));
        for age in 0..100 {
            let next = token.successor(&Plain("ours"));
            let known = RefreshToken::recognise(token.into_text(), &Plain("ours")).unwrap();
            assert_eq!(known.session_id(), id, "{age}");
            assert_eq!(known.successor(&Plain("ours")).text, next.text, "the same for all who present it");
            assert_ne!(known.text, next.text);
            token = next;
        }
    }

    #[test]
    fn a_token_that_was_made_up_is_not() {
        let now = Timestamp::clamped(0);
        let (id, other) = (SessionId::new(now), SessionId::new(now));
        let good = RefreshToken::first(id, &Plain("ours")).into_text();
        let (body, seal) = good.rsplit_once('.').unwrap();
        let simple = |id: SessionId| id.uuid().simple().to_string();
        let derived = Plain("ours").derive(body);
        for bad in [
            String::new(),
            "tcr_".into(),
            "tcr_x_y".into(),
            "tcr__.".into(),
            body.into(),
            format!("{body}."),
            format!("{body}.{seal}0"),
            format!("{body}x.{seal}"),
            format!("{body}.{derived}"),
            format!("tcr_{}_x", simple(id)),
            format!("tcr_{}_x.{seal}", simple(id)),
            good.replace(&simple(id), &simple(other)),
            good.replace(&simple(id), &id.to_string()),
            good.replace("tcr_", "tcs_"),
            format!("{good} "),
            format!("{good}{}", "x".repeat(200)),
            RefreshToken::first(id, &Plain("of another installation")).into_text(),
        ] {
            assert!(RefreshToken::recognise(bad.clone(), &Plain("ours")).is_none(), "{bad}");
        }
        assert!(RefreshToken::recognise(good, &Plain("ours")).is_some());
    }
}
