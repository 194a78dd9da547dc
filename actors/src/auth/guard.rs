//! Who may try to sign in now: not too often from one address, not too often at one account. Whoever guesses at an
//! account shuts out those who guess, and not its owner on a device that the owner has used before.

use std::net::{IpAddr, Ipv6Addr};

use super::Parts;
use super::audit::{About, note};
use super::messages::{AuthError, Device};
use crate::domain::{AuditEvent, UserId};
use crate::ports::{Counted, Secrets};

/// A device that has signed in carries a mark: `<random>.<derived from it and the account>`.
const MARKS: &str = "known device:";
/// Longer than any mark of ours.
const MARK_MAX: usize = 128;

/// A new mark for a device on which somebody has signed in.
pub(super) fn mark(user_id: UserId, secrets: &dyn Secrets) -> String {
    let random = secrets.random();
    let seal = secrets.derive(&format!("{MARKS}{user_id}:{random}"));
    format!("{random}.{seal}")
}

/// Whose count an attempt at an account belongs to: a device that the account knows has its own.
pub(super) fn counted_as(email: &str, user: Option<UserId>, mark: Option<&str>, secrets: &dyn Secrets) -> String {
    let known = user.zip(mark.filter(|mark| mark.len() <= MARK_MAX)).and_then(|(user, mark)| {
        let (random, seal) = mark.split_once('.')?;
        secrets.is_derived(&format!("{MARKS}{user}:{random}"), seal).then(|| format!("device:{random}"))
    });
    known.unwrap_or_else(|| format!("account:{}", secrets.digest(&email.trim().to_lowercase())))
}

/// An address as it is counted: whoever has one address of IPv6 has a whole /64.
pub(super) fn network(ip: &str) -> String {
    match ip.parse() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        _ => ip.to_owned(),
    }
}

/// Counts an attempt from an address.
pub(super) async fn from_address(parts: &Parts, device: &Device) -> Result<(), AuthError> {
    attempt(parts, Counted::Address, network(&device.ip), About::default(), device).await
}

/// Counts an attempt at an account, whether or not there is one.
pub(super) async fn at_account(
    parts: &Parts,
    email: &str,
    user: Option<UserId>,
    device: &Device,
) -> Result<(), AuthError> {
    let who = counted_as(email, user, device.mark.as_deref(), &*parts.secrets);
    attempt(parts, Counted::Account, who, user.into(), device).await
}

/// Counts a mail that invites an address.
pub(super) async fn inviting(parts: &Parts, email: &str, by: UserId, device: &Device) -> Result<(), AuthError> {
    let who = format!("invite:{}", parts.secrets.digest(&email.to_lowercase()));
    attempt(parts, Counted::Account, who, About::default().by(by), device).await
}

async fn attempt(parts: &Parts, what: Counted, who: String, about: About, device: &Device) -> Result<(), AuthError> {
    match parts.throttle.attempt(what, who).await? {
        None => Ok(()),
        Some(wait) => {
            note(parts, AuditEvent::TooManyAttempts, about, device).await;
            Err(AuthError::TooMany(wait))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    /// Derives what anybody could tell, which is enough here.
    struct Plain;

    impl Secrets for Plain {
        fn random(&self) -> String {
            "r".into()
        }
        fn digest(&self, text: &str) -> String {
            format!("#{text}")
        }
        fn derive(&self, text: &str) -> String {
            format!("~{text}")
        }
        fn is_derived(&self, text: &str, answer: &str) -> bool {
            self.derive(text) == answer
        }
    }

    #[test]
    fn only_a_mark_of_this_account_counts_for_itself() {
        let user = |n| UserId::new(Timestamp::clamped(n));
        let (ada, eve) = (user(1), user(2));
        let (of_ada, of_eve) = (mark(ada, &Plain), mark(eve, &Plain));
        let cut = of_ada.trim_end_matches(char::is_alphanumeric).to_owned();
        for (user, mark, known) in [
            (Some(ada), Some(of_ada.as_str()), true),
            (Some(ada), Some(of_eve.as_str()), false),
            (Some(ada), Some(cut.as_str()), false),
            (Some(ada), Some("."), false),
            (Some(ada), None, false),
            (None, Some(of_ada.as_str()), false),
        ] {
            let who = counted_as(" Ada@example.org", user, mark, &Plain);
            assert_eq!(who, if known { "device:r" } else { "account:#ada@example.org" }, "{mark:?}");
        }
    }

    #[test]
    fn an_address_of_ipv6_is_counted_with_its_neighbours() {
        for (ip, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
            ("", ""),
        ] {
            assert_eq!(network(ip), expected);
        }
    }
}
