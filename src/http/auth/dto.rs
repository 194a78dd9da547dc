//! The JSON of accounts, sign-ins and API keys.

use serde::{Deserialize, Serialize};
use tocsin_actors::auth::messages::Reach;
use tocsin_actors::domain;
use utoipa::ToSchema;

/// How the refresh token travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Transport {
    /// In the JSON.
    Body,
    /// As an `HttpOnly` cookie; it is left out of the JSON.
    Cookie,
}

/// An account that is to be made.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewAccount {
    /// The address; unique without regard to case. May be left out with an invitation, whose address counts.
    #[schema(example = "ada@example.org")]
    pub(crate) email: Option<String>,
    /// At least 8 characters in development, 15 in production.
    #[schema(format = Password)]
    pub(crate) password: String,
    /// What others see.
    #[schema(example = "Ada")]
    pub(crate) name: String,
    /// The token of an invitation, from behind `#token=` in its link.
    pub(crate) invitation: Option<String>,
    /// How the refresh token travels; in the body if left out.
    pub(crate) token_transport: Option<Transport>,
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Credentials {
    /// The address.
    #[schema(example = "ada@example.org")]
    pub(crate) email: String,
    /// The password.
    #[schema(format = Password)]
    pub(crate) password: String,
    /// Where the account has a second factor: six digits of the app, or a recovery code.
    #[schema(example = "123456")]
    pub(crate) otp: Option<String>,
    /// How the refresh token travels; in the body if left out.
    pub(crate) token_transport: Option<Transport>,
}

/// A code of the second factor, for a sign-in that waits for it.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Otp {
    /// Six digits of the app, or a recovery code.
    #[schema(example = "123456")]
    pub(crate) otp: String,
    /// How the refresh token travels; in the body if left out.
    pub(crate) token_transport: Option<Transport>,
}

/// It will be seen to. Says the same whoever asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OnItsWay {
    /// A sentence for people.
    pub(crate) detail: &'static str,
}

/// A new password for oneself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// The password as it is.
    #[schema(format = Password)]
    pub(crate) current_password: String,
    /// The one that is to be: at least 8 characters in development, 15 in production.
    #[schema(format = Password)]
    pub(crate) new_password: String,
    /// Whether one's other sign-ins end; they do if left out.
    pub(crate) end_other_sessions: Option<bool>,
}

/// Who has forgotten a password.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Forgotten {
    /// The address.
    #[schema(example = "ada@example.org")]
    pub(crate) email: String,
}

/// A new password, by a mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordReset {
    /// What stands behind `#token=` in the link.
    pub(crate) token: String,
    /// The password: at least 8 characters in development, 15 in production.
    #[schema(format = Password)]
    pub(crate) new_password: String,
}

/// A mailed link that shows an address to be one's own.
#[derive(Deserialize, ToSchema)]
pub(crate) struct LinkToken {
    /// What stands behind `#token=` in the link.
    pub(crate) token: String,
}

/// A refresh token; left out where the cookie has it.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RefreshToken {
    /// As the last sign-in or refresh gave it.
    pub(crate) refresh_token: Option<String>,
}

/// Which sign-ins end.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SignOutScope {
    /// This one.
    #[default]
    Local,
    /// All others of the same person.
    Others,
    /// All of the same person.
    Global,
}

impl From<SignOutScope> for Reach {
    fn from(scope: SignOutScope) -> Self {
        match scope {
            SignOutScope::Local => Self::Local,
            SignOutScope::Others => Self::Others,
            SignOutScope::Global => Self::Global,
        }
    }
}

/// A refresh token, left out where the cookie has it, and how far the end reaches.
#[derive(Default, Deserialize, ToSchema)]
pub(crate) struct SignOut {
    /// As the last sign-in or refresh gave it.
    pub(crate) refresh_token: Option<String>,
    /// This sign-in if left out.
    pub(crate) scope: Option<SignOutScope>,
}

/// A device that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignIn {
    /// UUIDv7.
    pub(crate) id: String,
    /// When they signed in: RFC 3339, UTC.
    pub(crate) created_at: String,
    /// When its refresh token was last used: RFC 3339, UTC.
    pub(crate) last_used_at: String,
    /// The address it signed in from.
    pub(crate) ip: String,
    /// As the device names itself.
    pub(crate) user_agent: String,
    /// Whether this request comes from it.
    pub(crate) current: bool,
}

/// What one may change of oneself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeChange {
    /// What others see.
    pub(crate) name: String,
}

/// Somebody is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    /// Who.
    pub(crate) user: User,
    /// For `Authorization: Bearer`.
    pub(crate) access_token: String,
    /// `Bearer`.
    pub(crate) token_type: &'static str,
    /// Seconds until the access token expires.
    pub(crate) expires_in: u64,
    /// For the next pair; left out where a cookie has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<String>,
    /// Where the browser was to go, after a sign-in by a provider that waited for the second factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) return_to: Option<String>,
}

/// A person's account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// UUIDv7.
    pub(crate) id: String,
    /// The address.
    pub(crate) email: String,
    /// What others see.
    pub(crate) name: String,
    /// `owner`, `admin` or `member`.
    pub(crate) role: &'static str,
    /// Whether the address was shown to be theirs.
    pub(crate) email_verified: bool,
    /// RFC 3339, UTC.
    pub(crate) created_at: String,
}

impl From<domain::User> for User {
    fn from(user: domain::User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email,
            name: user.name,
            role: user.role.as_str(),
            email_verified: user.email_verified,
            created_at: user.created_at.to_string(),
        }
    }
}

/// What the sign-in page offers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Providers {
    /// OAuth providers, each with its id and name.
    pub(crate) items: Vec<Provider>,
    /// The list has one page.
    pub(crate) next_cursor: Option<String>,
    /// `open`, `invite` or `closed`: who may register.
    pub(crate) registration: &'static str,
}

/// An OAuth provider.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Provider {
    /// For the path of its start.
    pub(crate) id: String,
    /// For its button.
    pub(crate) name: String,
}

/// An API key that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApiKey {
    /// What it is called.
    #[schema(example = "checkout service")]
    pub(crate) name: String,
    /// What it may be used for.
    #[schema(example = json!(["documents:write"]))]
    pub(crate) scopes: Vec<String>,
    /// RFC 3339; from when on it is refused.
    pub(crate) expires_at: Option<String>,
}

/// An API key, without the key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    /// UUIDv7.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) name: String,
    /// What it may be used for.
    pub(crate) scopes: Vec<&'static str>,
    /// How the key begins.
    pub(crate) prefix: String,
    /// RFC 3339, UTC.
    pub(crate) created_at: String,
    /// RFC 3339, UTC, to the minute.
    pub(crate) last_used_at: Option<String>,
    /// RFC 3339, UTC.
    pub(crate) expires_at: Option<String>,
}

/// A new API key, with the key: this is the only time it is shown.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownApiKey {
    /// The rest.
    #[serde(flatten)]
    pub(crate) about: ApiKey,
    /// For `Authorization: Bearer`.
    #[schema(example = "tcs_…")]
    pub(crate) key: String,
}

impl From<domain::ApiKey> for ApiKey {
    fn from(key: domain::ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            scopes: key.scopes.iter().map(|scope| scope.as_str()).collect(),
            prefix: key.prefix,
            created_at: key.created_at.to_string(),
            last_used_at: key.last_used_at.map(|at| at.to_string()),
            expires_at: key.expires_at.map(|at| at.to_string()),
        }
    }
}
