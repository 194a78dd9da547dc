//! Signing in: accounts, refresh tokens and API keys. Access tokens are checked without any of this.

mod audit;
mod guard;
pub mod identity;
pub mod input;
pub mod invitations;
pub mod letters;
mod links;
pub mod messages;
pub mod newcomer;
pub mod oauth;
mod password;
pub mod password_messages;
pub mod people;
pub mod policy;
pub mod revoked;
pub mod second_factor;
mod sessions;
pub mod state;
mod work;
pub mod ws_tickets;

use std::fmt;
use std::sync::Arc;

use actix::{Actor, AsyncContext as _, Context, Handler, Message, ResponseFuture};

use self::invitations::{Invite, Join, PeekInvitation, Withdraw};
pub use self::links::{MailParts, Verification};
use self::messages::{
    AuthError, CreateKey, DeleteKey, EndSession, Keys, Login, Logout, Refresh, Register, Rename, Sessions,
};
use self::password_messages::{ChangePassword, ForgotPassword, RegisterUnverified, ResetPassword, VerifyEmail};
use self::people::{ChangeUser, EndSessionsOf};
use self::policy::Policy;
use self::revoked::Revoked;
use self::second_factor::SecondFactorParts;
use self::state::Limits;
use crate::directory::{Directory, Tether};
use crate::ports::{
    AccessTokens, Accounts, Audit, Clock, Invitations, Passwords, PortError, RefreshTokens, Secrets, Throttle, Users,
};

/// What signing in needs.
#[derive(Clone)]
pub struct Parts {
    /// Where accounts and keys are kept.
    pub accounts: Arc<dyn Accounts>,
    /// The same, for those who look after them.
    pub users: Arc<dyn Users>,
    /// Who is invited.
    pub invitations: Arc<dyn Invitations>,
    /// Where sign-ins are kept.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Hashing, in its own pool.
    pub passwords: Arc<dyn Passwords>,
    /// Signing.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// What has ended before its time.
    pub revoked: Arc<Revoked>,
    /// Where it is written down what happened.
    pub audit: Arc<dyn Audit>,
    /// How often somebody may try.
    pub throttle: Arc<dyn Throttle>,
    /// Randomness and digests.
    pub secrets: Arc<dyn Secrets>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For what is worth knowing later.
    pub log: slog::Logger,
    /// How long, how many, who.
    pub limits: Limits,
    /// What is asked of passwords.
    pub policy: Policy,
    /// Mails to accounts, and the links in them.
    pub mail: MailParts,
    /// Second factors.
    pub second_factor: SecondFactorParts,
    /// How many messages may wait.
    pub mailbox: usize,
}

/// Decides on sign-ins. A thin shell: each message is worked off beside the others, and the stores' compare-and-set
/// keeps two of them from both winning.
pub struct AuthActor {
    parts: Parts,
    _tether: Tether,
}

impl AuthActor {
    /// An actor that is ready.
    #[must_use]
    pub fn new(parts: Parts, tether: Tether) -> Self {
        Self { parts, _tether: tether }
    }
}

impl Actor for AuthActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.parts.mailbox);
        let remember = sessions::remember(self.parts.clone());
        // Beside the messages: a store that is away must not keep those waiting who can be told so.
        ctx.spawn(actix::fut::wrap_future(remember));
        ctx.run_interval(state::SWEEP_EVERY, |auth, ctx| {
            let sweep = work::sweep(auth.parts.clone());
            ctx.spawn(actix::fut::wrap_future(sweep));
        });
    }
}

macro_rules! handled {
    ($($message:ty => $work:path),* $(,)?) => {$(
        impl Handler<$message> for AuthActor {
            type Result = ResponseFuture<<$message as Message>::Result>;

            fn handle(&mut self, message: $message, _: &mut Self::Context) -> Self::Result {
                Box::pin($work(self.parts.clone(), message))
            }
        }
    )*};
}

handled! {
    Register => work::register,
    Login => work::login,
    Refresh => work::refresh,
    Logout => sessions::logout,
    RegisterUnverified => links::register,
    ForgotPassword => links::forgot,
    ResetPassword => links::reset,
    VerifyEmail => links::verify,
    ChangePassword => password::change,
    second_factor::messages::Look => second_factor::look,
    second_factor::messages::Begin => second_factor::begin,
    second_factor::messages::Confirm => second_factor::confirm,
    second_factor::messages::Renew => second_factor::renew,
    second_factor::messages::SwitchOff => second_factor::switch_off,
    second_factor::messages::Remove => second_factor::remove,
    Sessions => sessions::list,
    EndSession => sessions::end_one,
    Rename => work::rename,
    CreateKey => work::create_key,
    Keys => work::keys,
    DeleteKey => work::delete_key,
    ChangeUser => people::change,
    EndSessionsOf => people::end_sessions,
    Invite => invitations::invite,
    Withdraw => invitations::withdraw,
    PeekInvitation => invitations::peek,
    Join => invitations::join,
}

/// The one key of the directory of [`AuthActor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TheAuth;

impl fmt::Display for TheAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("auth")
    }
}

/// The way to the living actor, whichever that is.
#[derive(Debug, Clone)]
pub struct AuthLink(pub Directory<TheAuth, AuthActor>);

impl AuthLink {
    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// What the actor says; busy while it is being built again.
    pub async fn ask<M, T>(&self, message: M) -> Result<T, AuthError>
    where
        M: Message<Result = Result<T, AuthError>> + Send + 'static,
        T: Send + 'static,
        AuthActor: Handler<M>,
    {
        const AWAY: AuthError = AuthError::Port(PortError::Busy("sign-in"));
        let actor = self.0.get(&TheAuth).ok_or(AWAY)?;
        actor.send(message).await.unwrap_or(Err(AWAY))
    }
}
