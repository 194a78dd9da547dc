//! What a browser keeps while its owner is at a provider.

use std::time::Duration;

use crate::domain::{Timestamp, UserId};
use crate::ports::{Attempt, Secrets};

/// How long somebody may take to sign in at a provider.
pub const LIFETIME: Duration = Duration::from_secs(600);

/// What is derived for one purpose is of no use for the others.
const STATE: &str = "oauth state:";
const NONCE: &str = "oauth nonce:";
const VERIFIER: &str = "oauth code verifier:";
/// Longer than any ticket of ours.
const TICKET_MAX: usize = 256;

/// One try to sign in. Its text lies in a cookie of the browser that began it. `state`, nonce and code verifier follow
/// from that text and the key of the installation: so the state that comes back proves that the ticket is ours and
/// unchanged, and that this browser began, and the server keeps nothing of tries that never come back.
pub struct Ticket {
    text: String,
    provider: String,
    linking: Option<UserId>,
    return_to: String,
}

impl Ticket {
    /// A fresh one.
    pub fn issue(
        provider: &str,
        linking: Option<UserId>,
        return_to: &str,
        secrets: &dyn Secrets,
        now: Timestamp,
    ) -> Self {
        let expires_at = now.plus(LIFETIME).as_millis();
        let who = linking.map_or_else(|| "-".to_owned(), |user| user.uuid().simple().to_string());
        // A cookie cannot hold every character of a URL, its digest it can.
        let place = secrets.digest(return_to);
        let text = format!("{provider}.{expires_at}.{who}.{}.{place}", secrets.random());
        Self { text, provider: provider.to_owned(), linking, return_to: place }
    }

    /// Takes a ticket with the state that came back; `None` when they do not belong together, or it is too old.
    pub fn recognise(text: String, state: &str, secrets: &dyn Secrets, now: Timestamp) -> Option<Self> {
        if text.len() > TICKET_MAX || !secrets.is_derived(&format!("{STATE}{text}"), state) {
            return None;
        }
        let mut parts = text.split('.');
        let (provider, expires_at, who) = (parts.next()?.to_owned(), parts.next()?, parts.next()?);
        let return_to = parts.nth(1)?.to_owned();
        let expires_at = Timestamp::from_millis(expires_at.parse().ok()?).ok()?;
        let linking = match who {
            "-" => None,
            user => Some(user.parse().ok()?),
        };
        (now < expires_at).then_some(Self { text, provider, linking, return_to })
    }

    /// What goes to the provider and comes back.
    pub fn attempt(&self, secrets: &dyn Secrets) -> Attempt {
        let derive = |label: &str| secrets.derive(&format!("{label}{}", self.text));
        Attempt { state: derive(STATE), nonce: derive(NONCE), verifier: derive(VERIFIER) }
    }

    /// Which provider it is for.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Who asked for a link.
    #[must_use]
    pub fn linking(&self) -> Option<UserId> {
        self.linking
    }

    /// Where the browser goes afterwards, if it still may.
    pub fn return_to<'a>(&self, allowed: &'a [String], secrets: &dyn Secrets) -> Option<&'a str> {
        allowed.iter().map(String::as_str).find(|place| secrets.digest(place) == self.return_to)
    }

    /// What the browser keeps.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Secrets that can be read.
    struct Plain(&'static str);

    impl Secrets for Plain {
        fn random(&self) -> String {
            "random".into()
        }
        fn digest(&self, text: &str) -> String {
            text.bytes().map(|byte| format!("{byte:02x}")).collect()
        }
        fn derive(&self, text: &str) -> String {
            format!("{}|{text}", self.0)
        }
        fn is_derived(&self, text: &str, answer: &str) -> bool {
            self.derive(text) == answer
        }
    }

    #[test]
    fn a_ticket_and_its_state_belong_together() {
        let (now, ours) = (Timestamp::clamped(1_764_000_000_000), Plain("ours"));
        let user = UserId::new(now);
        let issued = Ticket::issue("house", Some(user), "/keys", &ours, now);
        let attempt = issued.attempt(&ours);
        assert!(attempt.state != attempt.nonce && attempt.nonce != attempt.verifier);
        let text = issued.into_text();
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{text}");
        let known = Ticket::recognise(text.clone(), &attempt.state, &ours, now).unwrap();
        assert_eq!((known.provider(), known.linking()), ("house", Some(user)));
        assert_eq!(known.return_to(&["/".into(), "/keys".into()], &ours), Some("/keys"));
        assert_eq!(known.return_to(&["/".into()], &ours), None, "taken off the list meanwhile");
        assert_eq!(known.attempt(&ours).verifier, attempt.verifier);

        let other = Ticket::issue("house", None, "/keys", &ours, now).into_text();
        let bad_state = format!("{}x", attempt.state);
        for (text, state) in [
            (other.as_str(), attempt.state.as_str()),
            (&text.replace("house", "other"), &attempt.state),
            (&text, &bad_state),
            (&text, &attempt.nonce),
            (&text, ""),
            ("", &attempt.state),
        ] {
            assert!(Ticket::recognise(text.into(), state, &ours, now).is_none(), "{text} {state}");
        }
        let foreign = Plain("theirs").derive(&format!("{STATE}{text}"));
        assert!(Ticket::recognise(text.clone(), &foreign, &ours, now).is_none());
        let last = now.plus(LIFETIME).minus(Duration::from_millis(1));
        assert!(Ticket::recognise(text.clone(), &attempt.state, &ours, last).is_some());
        assert!(Ticket::recognise(text, &attempt.state, &ours, now.plus(LIFETIME)).is_none());
    }
}
