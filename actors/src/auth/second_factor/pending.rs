//! A sign-in by a provider that waits for the second factor. The browser keeps it, sealed; nothing is stored here.

use std::time::Duration;

use crate::domain::{Timestamp, UserId};
use crate::ports::Secrets;

/// How long it waits.
pub const LIFETIME: Duration = Duration::from_secs(300);

/// What is derived for one purpose is of no use for another.
const SEALS: &str = "pending sign-in:";
/// Longer than any of ours.
const TEXT_MAX: usize = 2_048;

/// Who has shown at a provider who they are, and where they want to go: `<user>.<until>.<random>.<seal> <return to>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Who.
    pub user_id: UserId,
    /// Where the browser goes afterwards.
    pub return_to: String,
    body: String,
}

impl Pending {
    /// A new one.
    pub fn issue(user_id: UserId, return_to: &str, secrets: &dyn Secrets, now: Timestamp) -> Self {
        let until = now.plus(LIFETIME).as_millis();
        let body = format!("{}.{until}.{}", user_id.uuid().simple(), secrets.random());
        Self { user_id, return_to: return_to.to_owned(), body }
    }

    /// What the browser keeps, in characters that a cookie holds.
    #[must_use]
    pub fn to_text(&self, secrets: &dyn Secrets) -> String {
        let place: String = self.return_to.bytes().map(|byte| format!("{byte:02x}")).collect();
        let sealed = format!("{}.{place}", self.body);
        format!("{sealed}.{}", secrets.derive(&format!("{SEALS}{sealed}")))
    }

    /// Takes what somebody presents; `None` when this installation has not made it, or it has waited too long.
    pub fn recognise(text: &str, secrets: &dyn Secrets, now: Timestamp) -> Option<Self> {
        if text.len() > TEXT_MAX {
            return None;
        }
        let (sealed, seal) = text.rsplit_once('.')?;
        if !secrets.is_derived(&format!("{SEALS}{sealed}"), seal) {
            return None;
        }
        let (body, place) = sealed.rsplit_once('.')?;
        let mut parts = body.split('.');
        let user_id = parts.next()?.parse().ok()?;
        let until = Timestamp::clamped(parts.next()?.parse().ok()?);
        if now >= until {
            return None;
        }
        Some(Self { user_id, return_to: from_hex(place)?, body: body.to_owned() })
    }

    /// What is kept of it once it was used.
    #[must_use]
    pub fn digest(&self, secrets: &dyn Secrets) -> String {
        secrets.digest(&format!("{SEALS}{}", self.body))
    }
}

fn from_hex(hex: &str) -> Option<String> {
    let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok());
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Derives what anybody could tell, which is enough here.
    struct Plain;

    impl Secrets for Plain {
        fn random(&self) -> String {
            "r_-".into()
        }
        fn digest(&self, text: &str) -> String {
            format!("#{text}")
        }
        fn derive(&self, text: &str) -> String {
            text.len().to_string()
        }
        fn is_derived(&self, text: &str, answer: &str) -> bool {
            self.derive(text) == answer
        }
    }

    #[test]
    fn it_is_recognised_for_five_minutes_and_only_as_it_was() {
        let now = Timestamp::clamped(1_000);
        let pending = Pending::issue(UserId::new(now), "https://app.example/ü?x", &Plain, now);
        let text = pending.to_text(&Plain);
        assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)), "{text}");
        let last = now.plus(LIFETIME).minus(Duration::from_millis(1));
        assert_eq!(Pending::recognise(&text, &Plain, last), Some(pending));
        assert_eq!(Pending::recognise(&text, &Plain, now.plus(LIFETIME)), None);
        for other in ["", ".", "a.b.c.d.e", &text.replacen('.', ".1", 1), &format!("{text}0"), &"x".repeat(5_000)] {
            assert_eq!(Pending::recognise(other, &Plain, now), None, "{other}");
        }
    }
}
