//! What happened to accounts, sign-ins and rules, for those who look later.

use super::{AuditId, Invalid, SessionId, Timestamp, UserId};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditEvent {
    /// An account was made.
    AccountMade,
    /// Somebody signed in.
    SignedIn,
    /// A sign-in failed, whatever was wrong.
    SignInFailed,
    /// Somebody tried too often.
    TooManyAttempts,
    /// Somebody signed out, here or everywhere.
    SignedOut,
    /// Somebody ended another sign-in of theirs.
    SignInEnded,
    /// A refresh token was used twice; its sign-in has ended.
    RefreshTokenReused,
    /// An API key was made.
    ApiKeyMade,
    /// An API key was removed.
    ApiKeyRemoved,
    /// Somebody changed their password.
    PasswordChanged,
    /// A link for a new password was mailed.
    PasswordResetAsked,
    /// A password was chosen by a mailed link.
    PasswordReset,
    /// An address was shown to be theirs.
    EmailVerified,
    /// An account elsewhere signs in from now on.
    IdentityLinked,
    /// It does not any more.
    IdentityUnlinked,
    /// An address was invited.
    InvitationMade,
    /// An invitation was taken back.
    InvitationWithdrawn,
    /// Somebody made their account by an invitation.
    InvitationAccepted,
    /// Somebody may do more, or less.
    RoleChanged,
    /// An account was shut.
    AccountDisabled,
    /// An account was opened again.
    AccountEnabled,
    /// Somebody ended the sign-ins of another.
    SignInsEnded,
    /// Signing in takes a second factor from now on.
    SecondFactorEnabled,
    /// It does not any more.
    SecondFactorDisabled,
    /// It does not any more, because somebody else took it away.
    SecondFactorRemoved,
    /// A recovery code stood in for the app.
    RecoveryCodeUsed,
    /// There are other recovery codes now.
    RecoveryCodesRenewed,
    /// The password was right, and a sign-in waits for the second factor.
    SecondFactorAsked,
    /// Somebody who is signed in did not have the password or the code that a change takes.
    CheckFailed,
    /// A rule was made.
    RuleMade,
    /// A rule was changed.
    RuleChanged,
    /// A rule was removed.
    RuleRemoved,
    /// A silence was made.
    SilenceMade,
    /// A silence was taken back.
    SilenceRemoved,
}

impl AuditEvent {
    const ALL: [Self; 34] = [
        Self::AccountMade,
        Self::SignedIn,
        Self::SignInFailed,
        Self::TooManyAttempts,
        Self::SignedOut,
        Self::SignInEnded,
        Self::RefreshTokenReused,
        Self::ApiKeyMade,
        Self::ApiKeyRemoved,
        Self::PasswordChanged,
        Self::PasswordResetAsked,
        Self::PasswordReset,
        Self::EmailVerified,
        Self::IdentityLinked,
        Self::IdentityUnlinked,
        Self::InvitationMade,
        Self::InvitationWithdrawn,
        Self::InvitationAccepted,
        Self::RoleChanged,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::SignInsEnded,
        Self::SecondFactorEnabled,
        Self::SecondFactorDisabled,
        Self::SecondFactorRemoved,
        Self::RecoveryCodeUsed,
        Self::RecoveryCodesRenewed,
        Self::SecondFactorAsked,
        Self::CheckFailed,
        Self::RuleMade,
        Self::RuleChanged,
        Self::RuleRemoved,
        Self::SilenceMade,
        Self::SilenceRemoved,
    ];

    /// Its slug.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountMade => "account_made",
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::TooManyAttempts => "too_many_attempts",
            Self::SignedOut => "signed_out",
            Self::SignInEnded => "sign_in_ended",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::ApiKeyMade => "api_key_made",
            Self::ApiKeyRemoved => "api_key_removed",
            Self::PasswordChanged => "password_changed",
            Self::PasswordResetAsked => "password_reset_asked",
            Self::PasswordReset => "password_reset",
            Self::EmailVerified => "email_verified",
            Self::IdentityLinked => "identity_linked",
            Self::IdentityUnlinked => "identity_unlinked",
            Self::InvitationMade => "invitation_made",
            Self::InvitationWithdrawn => "invitation_withdrawn",
            Self::InvitationAccepted => "invitation_accepted",
            Self::RoleChanged => "role_changed",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::SignInsEnded => "sign_ins_ended",
            Self::SecondFactorEnabled => "second_factor_enabled",
            Self::SecondFactorDisabled => "second_factor_disabled",
            Self::SecondFactorRemoved => "second_factor_removed",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::SecondFactorAsked => "second_factor_asked",
            Self::CheckFailed => "check_failed",
            Self::RuleMade => "rule_made",
            Self::RuleChanged => "rule_changed",
            Self::RuleRemoved => "rule_removed",
            Self::SilenceMade => "silence_made",
            Self::SilenceRemoved => "silence_removed",
        }
    }

    /// By its slug.
    ///
    /// # Errors
    /// For what is none.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|event| event.as_str() == text);
        known.ok_or_else(|| Invalid("must be an event of the audit log".into()))
    }
}

/// One line of the audit log. Never a secret, never what somebody typed as a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its identity.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: AuditEvent,
    /// Whose account; `None` when there is none.
    pub user_id: Option<UserId>,
    /// Who did it, where that is not the account itself.
    pub by: Option<UserId>,
    /// What is worth knowing beside it.
    pub detail: Option<String>,
    /// Which sign-in.
    pub session_id: Option<SessionId>,
    /// From which address.
    pub ip: String,
    /// With which client, as it names itself.
    pub user_agent: String,
    /// The request, as in the log.
    pub request_id: String,
}

impl AuditEntry {
    /// The longest name of a client that is kept, in characters.
    pub const USER_AGENT_CHARS: usize = 200;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slug_names_its_event() {
        for event in AuditEvent::ALL {
            assert_eq!(AuditEvent::parse(event.as_str()).unwrap(), event);
        }
        assert!(AuditEvent::parse("signed").is_err());
    }
}
