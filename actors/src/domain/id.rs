//! Identifiers: UUIDv7 (RFC 9562, section 5.7), a type for each kind of thing.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::{Invalid, Timestamp};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh identifier of this instant.
            #[must_use]
            pub fn new(now: Timestamp) -> Self {
                Self(v7(now))
            }

            /// The instant at which it was made, to the millisecond; the epoch for one that is not of version 7.
            #[must_use]
            pub fn made_at(self) -> Timestamp {
                let (seconds, nanos) = self.0.get_timestamp().map_or((0, 0), |at| at.to_unix());
                let millis = seconds.saturating_mul(1_000).saturating_add(u64::from(nanos / 1_000_000));
                Timestamp::clamped(i64::try_from(millis).unwrap_or(i64::MAX))
            }

            /// The bare UUID.
            #[must_use]
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                Uuid::try_parse(text).map(Self).map_err(|_| Invalid("must be a UUID".into()))
            }
        }
    };
}

id!(/** A person's account. */ UserId);
id!(/** One sign-in on one device; the `sid` of its access tokens. */ SessionId);
id!(/** A service's key. */ ApiKeyId);
id!(/** An entry of the audit log. */ AuditId);
id!(/** An account at an OAuth provider that signs somebody in here. */ IdentityId);
id!(/** An invitation to make an account. */ InvitationId);
id!(/** A rule. */ RuleId);
id!(/** A silence. */ SilenceId);
id!(/** One ringing of a rule, from the first value over the line to its end. */ IncidentId);
id!(/** One message to one recipient about one incident. */ NotificationId);
id!(/** A file of documents that somebody asked for. */ ExportId);
id!(/** What was said in a room. */ MessageId);
id!(/** One counting of a room's messages. */ RoomEpoch);
id!(/** One live connection. */ ConnectionId);

/// A fresh UUIDv7 that sorts after those made before it in this process within the same millisecond.
#[must_use]
pub fn v7(now: Timestamp) -> Uuid {
    use uuid::{ContextV7, Timestamp as UuidTime};
    static CONTEXT: std::sync::Mutex<Option<ContextV7>> = std::sync::Mutex::new(None);
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    let (seconds, nanos) = (millis / 1000, u32::try_from(millis % 1000).unwrap_or(0) * 1_000_000);
    let mut guard = CONTEXT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let context = guard.get_or_insert_with(ContextV7::new);
    Uuid::new_v7(UuidTime::from_unix(&*context, seconds, nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_instant_rise() {
        let now = Timestamp::clamped(1_764_000_000_123);
        let ids: Vec<Uuid> = (0..1000).map(|_| v7(now)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(ids[0].get_version_num(), 7);
    }
}
