//! Who may do what.

use super::{ApiKeyId, Invalid, SessionId, Timestamp, UserId};

/// What a person may do in the installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Takes part.
    Member,
    /// Also looks after accounts and rules.
    Admin,
    /// Also looks after admins. The first account is the owner.
    Owner,
}

impl Role {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Whether they look after the installation: an owner or an admin.
    #[must_use]
    pub fn is_admin(self) -> bool {
        self >= Self::Admin
    }

    /// From the word of the API.
    ///
    /// # Errors
    /// When it is another word.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "member" => Ok(Self::Member),
            "admin" => Ok(Self::Admin),
            "owner" => Ok(Self::Owner),
            _ => Err(Invalid("must be one of owner, admin, member".into())),
        }
    }
}

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its identity.
    pub id: UserId,
    /// The address as it was entered; compared without regard to case.
    pub email: String,
    /// What others see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether the address was shown to be theirs.
    pub email_verified: bool,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Since when it is shut: nothing signs in to it, and its API keys are refused.
    pub disabled_at: Option<Timestamp>,
}

/// What an API key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Post documents.
    DocumentsWrite,
    /// Read documents.
    DocumentsRead,
    /// Make files of documents.
    Exports,
    /// Read rules and incidents and watch them live.
    AlertsRead,
    /// Acknowledge incidents.
    AlertsWrite,
    /// Make, change and remove rules and silences; only owners and admins give it to a key.
    RulesWrite,
    /// Read rooms and what is said there.
    ChatRead,
    /// Make rooms and say something there.
    ChatWrite,
}

impl Scope {
    /// Every scope there is.
    pub const ALL: [Self; 8] = [
        Self::DocumentsWrite,
        Self::DocumentsRead,
        Self::Exports,
        Self::AlertsRead,
        Self::AlertsWrite,
        Self::RulesWrite,
        Self::ChatRead,
        Self::ChatWrite,
    ];

    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DocumentsWrite => "documents:write",
            Self::DocumentsRead => "documents:read",
            Self::Exports => "exports",
            Self::AlertsRead => "alerts:read",
            Self::AlertsWrite => "alerts:write",
            Self::RulesWrite => "rules:write",
            Self::ChatRead => "chat:read",
            Self::ChatWrite => "chat:write",
        }
    }

    /// From the word of the API.
    ///
    /// # Errors
    /// When there is no such scope; the sentence lists those there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|scope| scope.as_str()).collect();
            Invalid(format!("must be one of {}", known.join(", ")))
        })
    }
}

/// A service's key. The key itself is shown once and never stored; its SHA-256 is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its identity.
    pub id: ApiKeyId,
    /// Whose key it is; `None` for the key that the installation makes for its own command line.
    pub user_id: Option<UserId>,
    /// What people call it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The first characters of the key, to tell keys apart.
    pub prefix: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
}

/// On whose behalf a request is made, once its credential was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A person, by an access token.
    Person {
        /// Who.
        user_id: UserId,
        /// Which of their sign-ins.
        session_id: SessionId,
        /// What they may do.
        role: Role,
        /// What others see.
        name: String,
    },
    /// A service, by an API key.
    Service {
        /// Which key.
        key_id: ApiKeyId,
        /// The key's name.
        name: String,
        /// What the key may be used for.
        scopes: Vec<Scope>,
    },
}

impl Principal {
    /// Whether this may use what `scope` guards. A person may, a service needs the scope.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        match self {
            Self::Person { .. } => true,
            Self::Service { scopes, .. } => scopes.contains(&scope),
        }
    }

    /// What others see.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person { name, .. } | Self::Service { name, .. } => name,
        }
    }

    /// A text that tells this principal from every other, for idempotency keys and limits.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Person { user_id, .. } => format!("user:{user_id}"),
            Self::Service { key_id, .. } => format!("key:{key_id}"),
        }
    }
}
