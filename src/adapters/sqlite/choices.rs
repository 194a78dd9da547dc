//! What people want to be mailed about.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, params};
use tocsin_actors::domain::{Choice, Mails, UserId};
use tocsin_actors::ports::PortError;

use super::Database;
use super::fault::Fault;

/// The choices in SQLite.
#[derive(Clone)]
pub struct Choices(Arc<Database>);

impl Choices {
    /// The choices of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Choices for Choices {
    async fn get(&self, user: UserId) -> Result<Choice, PortError> {
        self.0
            .read(move |connection| {
                let mut select =
                    connection.prepare_cached("SELECT mails, rules FROM alert_choices WHERE user_id = ?1")?;
                let row = select.query_row([user.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                row.map(choice).transpose().map(Option::unwrap_or_default)
            })
            .await
    }

    async fn put(&self, user: UserId, choice: Choice) -> Result<(), PortError> {
        self.0
            .write(1, move |connection| {
                let rules: BTreeMap<String, bool> =
                    choice.rules.iter().map(|(rule, wants)| (rule.to_string(), *wants)).collect();
                // Strings and truths can always be written.
                let rules = serde_json::to_string(&rules).unwrap_or_default();
                connection
                    .prepare_cached(
                        "INSERT INTO alert_choices (user_id, mails, rules) VALUES (?1, ?2, ?3)
                         ON CONFLICT (user_id) DO UPDATE SET mails = excluded.mails, rules = excluded.rules",
                    )?
                    .execute(params![user.to_string(), choice.mails.as_str(), rules])?;
                Ok(())
            })
            .await
    }

    async fn all(&self) -> Result<Vec<(String, Choice)>, PortError> {
        self.0
            .read(|connection| {
                let mut select = connection.prepare_cached(
                    "SELECT users.email, mails, rules FROM alert_choices JOIN users ON users.id = user_id
                     WHERE disabled_at IS NULL ORDER BY users.email",
                )?;
                let mut rows = select.query([])?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    all.push((row.get(0)?, choice((row.get(1)?, row.get(2)?))?));
                }
                Ok(all)
            })
            .await
    }
}

fn choice((mails, rules): (String, String)) -> Result<Choice, Fault> {
    let bad = |what: &str| Fault::from(PortError::Failed(format!("SQLite: a stored choice has {what}")));
    let rules: BTreeMap<String, bool> = serde_json::from_str(&rules).map_err(|_| bad("no object of rules"))?;
    let rules = rules.into_iter().map(|(rule, wants)| Ok((rule.parse()?, wants))).collect::<Result<_, Fault>>()?;
    Ok(Choice { mails: Mails::parse(&mails).ok_or_else(|| bad("an unknown word"))?, rules })
}
