//! Signing in by an account elsewhere: where the browser is sent, and who comes back. No actor: each try stands for
//! itself, and what two of them could fight over is decided by the stores.

pub mod decide;
mod refusal;
pub mod ticket;
mod waiting;

use std::sync::Arc;

use self::decide::{Decision, Facts, Known, decide};
pub use self::refusal::{NotSent, Refusal};
use self::ticket::{LIFETIME, Ticket};
pub use self::waiting::Completed;
use super::audit::{About, note};
use super::messages::{AuthError, Device, SignedIn};
use super::second_factor::pending::Pending;
use super::{Parts, guard, input, invitations, work};
use crate::domain::{AuditEvent, Identity, IdentityId, Profile, Timestamp, User, UserId};
use crate::ports::{Identities, NewUser, OAuthError, OAuthProvider, PortError};

/// In the place of a password hash: there is no password, and nothing verifies.
pub const NO_PASSWORD: &str = "!";

/// Where the browser goes, and what it keeps.
pub struct Departure {
    /// The provider's page.
    pub url: String,
    /// The value of a cookie, for [`LIFETIME`].
    pub ticket: String,
}

/// What a browser comes back with.
pub struct Return {
    /// The provider, by the path.
    pub provider: String,
    /// The parameter `state`.
    pub state: String,
    /// The parameter `code`.
    pub code: Option<String>,
    /// The parameter `error`.
    pub error: Option<String>,
    /// The parameter `iss` (RFC 9207).
    pub issuer: Option<String>,
    /// The cookie.
    pub ticket: Option<String>,
    /// Where from.
    pub device: Device,
}

/// It went well.
pub struct Returned {
    /// Where the browser goes now.
    pub return_to: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a try that went well.
pub enum Outcome {
    /// A new sign-in.
    SignedIn(SignedIn),
    /// A sign-in that waits for the second factor; what the browser keeps meanwhile.
    Pending(String),
    /// An identity was linked by somebody who is signed in.
    Linked,
}

/// Signing in by providers.
#[derive(Clone)]
pub struct OAuth {
    /// What signing in needs.
    pub parts: Parts,
    /// Who is who.
    pub identities: Arc<dyn Identities>,
    /// The providers, in the order of the sign-in page.
    pub providers: Vec<Arc<dyn OAuthProvider>>,
    /// Where a browser may be sent afterwards.
    pub return_to: Vec<String>,
}

impl OAuth {
    /// Begins a try; `linking` is who is signed in and asks for a link.
    ///
    /// # Errors
    /// [`NotSent`].
    pub async fn start(
        &self,
        provider: &str,
        return_to: &str,
        linking: Option<UserId>,
        from: &Device,
    ) -> Result<Departure, NotSent> {
        let provider = self.provider(provider).ok_or(NotSent::UnknownProvider)?;
        if !self.return_to.iter().any(|allowed| allowed == return_to) {
            return Err(NotSent::ForeignReturn);
        }
        guard::from_address(&self.parts, from).await.map_err(NotSent::Guarded)?;
        let (secrets, now) = (&*self.parts.secrets, self.parts.clock.now());
        let ticket = Ticket::issue(provider.id(), linking, return_to, secrets, now);
        let url = provider.authorization_url(&ticket.attempt(secrets), now).await.map_err(|error| {
            slog::warn!(self.parts.log, "nobody can be sent to a provider";
                "provider" => provider.id(), "error" => %error);
            NotSent::Unreachable
        })?;
        Ok(Departure { url, ticket: ticket.into_text() })
    }

    /// Ends a try.
    ///
    /// # Errors
    /// [`Refusal`]; nobody is signed in and nothing was changed.
    pub async fn finish(&self, back: Return) -> Result<Returned, Refusal> {
        let (provider, ip) = (back.provider.clone(), back.device.ip.clone());
        let result = self.try_finish(back).await;
        if let Err(refusal) = &result {
            slog::warn!(self.parts.log, "a sign-in by a provider failed";
                "provider" => provider, "reason" => %refusal, "ip" => ip);
        }
        result
    }

    /// The identities of an account, oldest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn identities(&self, user: UserId) -> Result<Vec<Identity>, AuthError> {
        Ok(self.identities.of(user).await?)
    }

    /// Removes an identity of an account; whether it was there.
    ///
    /// # Errors
    /// A conflict when it is the only way in.
    pub async fn unlink(&self, user: UserId, id: IdentityId, from: &Device) -> Result<bool, AuthError> {
        let known = self.identities.of(user).await?.into_iter().find(|identity| identity.id == id);
        let unlinked = self.identities.unlink(user, id).await?;
        if let (true, Some(identity)) = (unlinked, known) {
            let about = About::from(user).with(identity.provider);
            note(&self.parts, AuditEvent::IdentityUnlinked, about, from).await;
        }
        Ok(unlinked)
    }

    fn provider(&self, id: &str) -> Option<&dyn OAuthProvider> {
        self.providers.iter().find(|provider| provider.id() == id).map(|provider| &**provider)
    }

    async fn try_finish(&self, back: Return) -> Result<Returned, Refusal> {
        let (secrets, now) = (&*self.parts.secrets, self.parts.clock.now());
        let ticket = back.ticket.and_then(|ticket| Ticket::recognise(ticket, &back.state, secrets, now));
        let ticket = ticket.filter(|ticket| ticket.provider() == back.provider).ok_or(Refusal::InvalidState)?;
        let provider = self.provider(&back.provider).ok_or(Refusal::InvalidState)?;
        let return_to = ticket.return_to(&self.return_to, secrets).ok_or(Refusal::InvalidState)?.to_owned();
        let digest = secrets.digest(&back.state);
        if !self.identities.use_once(digest, now, now.minus(LIFETIME)).await.map_err(|error| self.failed(&error))? {
            return Err(Refusal::InvalidState);
        }
        let code = match (back.error.as_deref(), back.code) {
            (Some("access_denied"), _) => return Err(Refusal::AccessDenied),
            (Some(_), _) | (None, None) => return Err(Refusal::ProviderRefused),
            (None, Some(code)) => code,
        };
        let profile = provider.profile(code, back.issuer, &ticket.attempt(secrets), now).await.map_err(|error| {
            slog::warn!(self.parts.log, "a provider's answer is of no use";
                "provider" => provider.id(), "error" => %error);
            match error {
                OAuthError::Unreachable(_) => Refusal::ProviderUnreachable,
                OAuthError::Refused(_) => Refusal::ProviderRefused,
            }
        })?;
        let outcome = match self.admit(provider.id(), profile, ticket.linking(), &back.device, now).await? {
            Some(user) if self.has_second_factor(&user).await? => {
                Outcome::Pending(Pending::issue(user.id, &return_to, secrets, now).to_text(secrets))
            }
            Some(user) => Outcome::SignedIn(self.begin(user, back.device, provider.id()).await?),
            None => Outcome::Linked,
        };
        Ok(Returned { return_to, outcome })
    }

    /// Does what was decided; who is to be signed in.
    async fn admit(
        &self,
        provider: &str,
        profile: Profile,
        linking: Option<UserId>,
        device: &Device,
        now: Timestamp,
    ) -> Result<Option<User>, Refusal> {
        let failed = |error| self.failed(&error);
        let accounts = &self.parts.accounts;
        let owner = self.identities.owner(profile.issuer.clone(), profile.subject.clone()).await.map_err(failed)?;
        let email =
            profile.email.as_deref().filter(|_| profile.email_verified).and_then(|text| input::email(text).ok());
        let account = match &email {
            Some(email) => accounts.by_email(email.clone()).await.map_err(failed)?.map(|(user, _)| user),
            None => None,
        };
        let invitation = match (&email, &account) {
            (Some(email), None) => self.parts.invitations.of_address(email.clone(), now).await.map_err(failed)?,
            _ => None,
        };
        let asker = match linking {
            Some(id) => Some(accounts.by_id(id).await.map_err(failed)?.ok_or(Refusal::InvalidState)?),
            None => None,
        };
        let decision = decide(Facts {
            linking: asker.as_ref().map(Known::from),
            owner: owner.as_ref().map(Known::from),
            address_verified: email.is_some(),
            account: account.as_ref().map(Known::from),
            invited: invitation.is_some(),
            registration: self.parts.limits.registration,
        });
        let identity = |user_id| Identity {
            id: IdentityId::new(now),
            user_id,
            provider: provider.to_owned(),
            issuer: profile.issuer.clone(),
            subject: profile.subject.clone(),
            email: profile.email.clone(),
            created_at: now,
        };
        match decision {
            Decision::Refuse(refusal) => Err(refusal),
            Decision::SignIn(_) => Ok(owner),
            Decision::Link(user) => {
                self.link(identity(user), device).await?;
                Ok(None)
            }
            Decision::LinkAndSignIn(user) => {
                // With a second factor nothing is linked before its code was given; by hand it can be.
                if let Some(account) = &account
                    && !self.has_second_factor(account).await?
                {
                    self.link(identity(user), device).await?;
                }
                Ok(account)
            }
            Decision::Create | Decision::Accept => {
                let mut new = newcomer(email.unwrap_or_default(), profile.name.as_deref(), now);
                let identity = identity(new.id);
                new.role = invitation.as_ref().map(|invitation| invitation.role);
                let by = invitation.as_ref().map(|invitation| invitation.id);
                let user = self.identities.create(new, identity, by).await.map_err(failed)?;
                let made = About::from(user.id).with(provider);
                note(&self.parts, AuditEvent::AccountMade, made, device).await;
                if let Some(invitation) = &invitation {
                    invitations::note_accepted(&self.parts, invitation, user.id, device).await;
                }
                Ok(Some(user))
            }
        }
    }

    async fn link(&self, identity: Identity, device: &Device) -> Result<(), Refusal> {
        let (user, provider) = (identity.user_id, identity.provider.clone());
        self.identities.link(identity).await.map_err(|error| self.failed(&error))?;
        note(&self.parts, AuditEvent::IdentityLinked, About::from(user).with(provider), device).await;
        Ok(())
    }

    async fn begin(&self, user: User, device: Device, provider: &str) -> Result<SignedIn, Refusal> {
        slog::info!(self.parts.log, "somebody signed in";
            "user" => %user.id, "provider" => provider, "ip" => &device.ip);
        work::begin(&self.parts, user, device).await.map_err(|error| match error {
            AuthError::Port(error) => self.failed(&error),
            AuthError::InvalidCredentials => Refusal::Disabled,
            _ => Refusal::Failed,
        })
    }

    fn failed(&self, error: &PortError) -> Refusal {
        match error {
            PortError::Conflict("email_taken") => Refusal::AccountExists,
            PortError::Conflict("identity_taken") => Refusal::IdentityTaken,
            PortError::Conflict("invitation_gone") => Refusal::RegistrationClosed,
            PortError::Busy(_) => Refusal::Busy,
            error => {
                slog::error!(self.parts.log, "a sign-in by a provider cannot be kept"; "error" => %error);
                Refusal::Failed
            }
        }
    }
}

/// An account without a password. Names that are not acceptable here give way to the address.
fn newcomer(email: String, name: Option<&str>, now: Timestamp) -> NewUser {
    let local = email.split('@').next().unwrap_or_default();
    let name = name.and_then(|name| input::name(name).ok()).or_else(|| input::name(local).ok());
    NewUser {
        id: UserId::new(now),
        name: name.unwrap_or_else(|| "Newcomer".to_owned()),
        email,
        role: None,
        password_hash: NO_PASSWORD.to_owned(),
        created_at: now,
    }
}
