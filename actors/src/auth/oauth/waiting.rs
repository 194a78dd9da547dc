//! Signing in by a provider, at an account that has a second factor.

use super::super::messages::{AuthError, Device, SignedIn};
use super::super::second_factor::pending::{self, Pending};
use super::super::{guard, second_factor, work};
use super::ticket::LIFETIME;
use super::{OAuth, Refusal};
use crate::domain::User;

// What was used is remembered for as long as a ticket lives, and no sign-in waits longer than that.
const _: () = assert!(pending::LIFETIME.as_secs() <= LIFETIME.as_secs());

/// A sign-in that the second factor has completed.
pub struct Completed {
    /// The new sign-in.
    pub signed_in: SignedIn,
    /// Where the browser goes now.
    pub return_to: String,
}

impl OAuth {
    /// Completes a sign-in that waits for the second factor. A wrong code leaves it waiting.
    ///
    /// # Errors
    /// An invalid grant when there is none that waits; what signing in says otherwise.
    pub async fn complete(&self, pending: &str, otp: &str, device: Device) -> Result<Completed, AuthError> {
        let (parts, now) = (&self.parts, self.parts.clock.now());
        guard::from_address(parts, &device).await?;
        let waiting = Pending::recognise(pending, &*parts.secrets, now).ok_or(AuthError::InvalidGrant)?;
        let user = parts.accounts.by_id(waiting.user_id).await?.filter(|user| user.disabled_at.is_none());
        let user = user.ok_or(AuthError::InvalidGrant)?;
        guard::at_account(parts, &user.email, Some(user.id), &device).await?;
        second_factor::at_sign_in(parts, &user, Some(otp), &device).await?;
        let digest = waiting.digest(&*parts.secrets);
        if !self.identities.use_once(digest, now, now.minus(LIFETIME)).await? {
            return Err(AuthError::InvalidGrant);
        }
        let signed_in = work::begin(parts, user, device).await?;
        Ok(Completed { signed_in, return_to: waiting.return_to })
    }

    /// Whether a code is asked for before this account is signed in.
    pub(super) async fn has_second_factor(&self, user: &User) -> Result<bool, Refusal> {
        let factor = second_factor::enabled(&self.parts, user.id).await.map_err(|error| self.failed(&error))?;
        // Who is shut out hears so, and no more.
        Ok(factor.is_some() && user.disabled_at.is_none())
    }
}
