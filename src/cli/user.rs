//! `tocsin user`: accounts, on the configured database itself.

use std::io::{IsTerminal as _, Read as _};

use clap::{Args, Subcommand, ValueEnum};
use console::Term;
use tocsin_actors::auth::messages::AuthError;
use tocsin_actors::auth::newcomer::Newcomer;
use tocsin_actors::domain;
use tocsin_actors::ports::PortError;

use super::{Failure, print};
use crate::app;
use crate::config::Config;

/// More than the longest password that is accepted.
const MAX_INPUT_BYTES: u64 = 16 << 10;

/// What to do with accounts.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    RemoveSecondFactor(RemoveSecondFactor),
}

/// Makes an account, also while the server runs and whoever may register
///
/// The password is the first line of standard input. A terminal is asked for it, twice and unseen.
#[derive(Debug, Args)]
struct Add {
    /// The address to sign in with
    #[arg(long)]
    email: String,
    /// What others see
    #[arg(long)]
    name: String,
    /// What they may do [default: owner for the first account, member for others]
    #[arg(long, value_enum)]
    role: Option<Role>,
}

/// Removes the second factor of somebody who has lost the app and the recovery codes, also while the server runs
///
/// Owners and admins do so on the page of accounts. This is for the last owner.
#[derive(Debug, Args)]
struct RemoveSecondFactor {
    /// The address that signs in
    #[arg(long)]
    email: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Role {
    Owner,
    Admin,
    Member,
}

impl From<Role> for domain::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Admin => Self::Admin,
            Role::Member => Self::Member,
        }
    }
}

impl Arguments {
    /// Does it.
    ///
    /// # Errors
    /// One line that says what went wrong.
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        match self.command {
            Command::Add(add) => add.run(config).await,
            Command::RemoveSecondFactor(remove) => remove.run(config).await,
        }
    }
}

impl Add {
    async fn run(self, config: &Config) -> Result<(), Failure> {
        let Self { email, name, role } = self;
        let newcomer = Newcomer { email: email.clone(), password: password()?, name, role: role.map(Into::into) };
        let user = app::add_user(config, newcomer).await.map_err(|error| sentence(error, &email))?;
        print(&format!("{} has an account now: {}, id {}\n", user.email, user.role.as_str(), user.id))
    }
}

impl RemoveSecondFactor {
    async fn run(self, config: &Config) -> Result<(), Failure> {
        let Self { email } = self;
        match app::remove_second_factor(config, &email).await.map_err(|error| sentence(error, &email))? {
            Some((user, true)) => print(&format!("{} signs in with the password alone now\n", user.email)),
            Some((user, false)) => Err(Failure::new(format!("{} has no second factor", user.email))),
            None => Err(Failure::new(format!("nobody has the address {email}"))),
        }
    }
}

fn sentence(error: AuthError, email: &str) -> Failure {
    match error {
        AuthError::EmailTaken => Failure::new(format!("{email} has an account already")),
        AuthError::Invalid(fields) => {
            let parts: Vec<String> =
                fields.iter().map(|(path, wrong)| format!("the {} {wrong}", path.trim_start_matches('/'))).collect();
            Failure::new(parts.join("; "))
        }
        AuthError::Port(PortError::Failed(cause)) => Failure::new(cause),
        error => Failure::new(error.to_string()),
    }
}

fn password() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() { asked_for() } else { first_line(std::io::stdin().lock()) }
}

fn asked_for() -> Result<String, Failure> {
    let terminal = Term::stderr();
    if !terminal.is_term() {
        return Err(Failure::new("nobody would see the question for the password: give it on standard input"));
    }
    let ask = |question: &str| {
        let unreadable = |error| Failure::new(format!("the password cannot be read: {error}"));
        terminal.write_str(question).map_err(unreadable)?;
        terminal.read_secure_line().map_err(unreadable)
    };
    let password = ask("Password: ")?;
    if ask("The same again: ")? != password {
        return Err(Failure::new("the two passwords differ; nothing was done"));
    }
    Ok(password)
}

fn first_line(input: impl std::io::Read) -> Result<String, Failure> {
    let mut text = String::new();
    input
        .take(MAX_INPUT_BYTES)
        .read_to_string(&mut text)
        .map_err(|error| Failure::new(format!("the password cannot be read from standard input: {error}")))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(Failure::new("give the password on standard input, in its first line")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_the_first_line() {
        for (input, password) in [
            ("correct horse", "correct horse"),
            ("correct horse\n", "correct horse"),
            (" correct horse \r\n", " correct horse "),
            ("one\ntwo\n", "one"),
        ] {
            assert_eq!(first_line(input.as_bytes()).unwrap(), password, "{input:?}");
        }
        for bad in [&b""[..], b"\n", b"\nsecond", b"\xff\xfe"] {
            assert!(first_line(bad).is_err(), "{bad:?}");
        }
    }
}
