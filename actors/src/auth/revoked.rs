//! Sign-ins that have ended before their access tokens expired: known in memory, so that checking a token asks nobody.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::domain::{ApiKeyId, SessionId, Timestamp};
use crate::ports::{AccessTokens, Claims, TokenRefused};

/// A credential that has just ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// A sign-in.
    SignIn(SessionId),
    /// An API key, which its store refuses from now on.
    Key(ApiKeyId),
}

/// Called with what has just ended, to close what it holds open.
pub type OnEnded = Arc<dyn Fn(Ended) + Send + Sync>;

/// The ended sign-ins of which an access token may still be valid. As many as end within its lifetime.
#[derive(Default)]
pub struct Revoked {
    until: RwLock<HashMap<SessionId, Timestamp>>,
    listeners: RwLock<Vec<OnEnded>>,
}

impl fmt::Debug for Revoked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revoked").field("sign_ins", &self.len()).finish_non_exhaustive()
    }
}

impl Revoked {
    /// Tells somebody of every end from now on.
    pub fn listen(&self, listener: OnEnded) {
        self.listeners.write().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Refuses the access tokens of a sign-in, until they have expired by themselves.
    pub fn add(&self, id: SessionId, until: Timestamp) {
        self.write().insert(id, until);
        self.tell(Ended::SignIn(id));
    }

    /// Closes what an API key holds open.
    pub fn close_key(&self, id: ApiKeyId) {
        self.tell(Ended::Key(id));
    }

    /// Whether the access tokens of this sign-in are refused.
    #[must_use]
    pub fn contains(&self, id: SessionId) -> bool {
        self.read().contains_key(&id)
    }

    /// Forgets those whose access tokens have all expired.
    pub fn forget(&self, now: Timestamp) {
        self.write().retain(|_, until| *until > now);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn tell(&self, ended: Ended) {
        for listener in self.listeners.read().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(ended);
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<SessionId, Timestamp>> {
        self.until.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<SessionId, Timestamp>> {
        self.until.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Access tokens of sign-ins that have not ended.
pub struct Live {
    /// Signs and checks.
    pub tokens: Arc<dyn AccessTokens>,
    /// What has ended.
    pub revoked: Arc<Revoked>,
}

impl AccessTokens for Live {
    fn issue(&self, claims: &Claims, now: Timestamp) -> Result<String, String> {
        self.tokens.issue(claims, now)
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        let claims = self.tokens.verify(token, now)?;
        if self.revoked.contains(claims.session_id) { Err(TokenRefused) } else { Ok(claims) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn an_end_is_told_at_once_and_forgotten_when_it_no_longer_matters() {
        let at = |ms| Timestamp::clamped(ms);
        let revoked = Revoked::default();
        let told = Arc::new(Mutex::new(Vec::new()));
        let listener = Arc::clone(&told);
        revoked.listen(Arc::new(move |id| listener.lock().unwrap().push(id)));
        let (one, two) = (SessionId::new(at(1)), SessionId::new(at(2)));
        revoked.add(one, at(100));
        revoked.add(two, at(200));
        let key = ApiKeyId::new(at(3));
        revoked.close_key(key);
        assert_eq!(*told.lock().unwrap(), [Ended::SignIn(one), Ended::SignIn(two), Ended::Key(key)]);
        assert!(revoked.contains(one) && revoked.contains(two));
        revoked.forget(at(100));
        assert!(!revoked.contains(one) && revoked.contains(two));
    }
}
