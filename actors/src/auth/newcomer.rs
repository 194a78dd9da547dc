//! Making an account: for people who register, and for whoever runs the server.

use super::input;
use super::messages::AuthError;
use super::policy::Policy;
use crate::domain::{Role, Timestamp, User, UserId};
use crate::ports::{Accounts, NewUser, Passwords, PortError};

/// Who shall get an account, as they or the operator typed it.
pub struct Newcomer {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// What others see.
    pub name: String,
    /// The role; `None` for owner if it is the first of the installation, member otherwise.
    pub role: Option<Role>,
}

impl Newcomer {
    /// Checks all of it and makes the account.
    ///
    /// # Errors
    /// What is wrong with the input, or that the address has an account, or that a port could not do it.
    pub async fn enrol(
        self,
        accounts: &dyn Accounts,
        passwords: &dyn Passwords,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<User, AuthError> {
        let new = self.hashed(passwords, policy, now).await?;
        accounts.create(new).await.map_err(|error| match error {
            PortError::Conflict(_) => AuthError::EmailTaken,
            error => error.into(),
        })
    }

    /// Checks all of it and hashes the password.
    ///
    /// # Errors
    /// What is wrong with the input, or that the password could not be hashed.
    pub(super) async fn hashed(
        self,
        passwords: &dyn Passwords,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<NewUser, AuthError> {
        let Self { email, password, name, role } = self.checked(policy)?;
        let password_hash = passwords.hash(password).await?;
        Ok(NewUser { id: UserId::new(now), email, name, role, password_hash, created_at: now })
    }

    /// The same in the form in which it is kept; everything that is wrong with it at once.
    pub(super) fn checked(self, policy: &Policy) -> Result<Self, AuthError> {
        let mut wrong = Vec::new();
        let mut accepted = |path, result: Result<String, String>| {
            result.unwrap_or_else(|sentence| {
                wrong.push((path, sentence));
                String::new()
            })
        };
        let email = accepted("/email", input::email(&self.email));
        let name = accepted("/name", input::name(&self.name));
        let password = input::normalised(&self.password);
        if let Err(sentence) = policy.check(&password, &email, &name) {
            wrong.push(("/password", sentence));
        }
        if wrong.is_empty() {
            Ok(Self { email, password, name, role: self.role })
        } else {
            Err(AuthError::Invalid(wrong))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let wrong = |email: &str, name: &str, password: &str| {
            let newcomer = Newcomer { email: email.into(), password: password.into(), name: name.into(), role: None };
            match newcomer.checked(&Policy { min_chars: 8, host: String::new() }) {
                Err(AuthError::Invalid(wrong)) => wrong.into_iter().map(|(path, _)| path).collect(),
                _ => Vec::new(),
            }
        };
        assert_eq!(wrong("ada@example.org", "Ada", "correct horse"), [""; 0]);
        assert_eq!(wrong("ada", "", "short"), ["/email", "/name", "/password"]);
        assert_eq!(wrong("ada@example.org", "Ada", "short"), ["/password"]);
    }
}
