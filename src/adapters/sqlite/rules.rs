//! Rules.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use tocsin_actors::domain::{Comparison, Hysteresis, Measure, RoomName, Rule, RuleId, RuleSource};
use tocsin_actors::ports::PortError;

use super::Database;
use super::fault::Fault;

/// The rules in SQLite.
#[derive(Clone)]
pub struct Rules(Arc<Database>);

impl Rules {
    /// The rules of a database.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self(database)
    }
}

#[async_trait]
impl tocsin_actors::ports::Rules for Rules {
    async fn install_defaults(&self, rules: Vec<Rule>) -> Result<bool, PortError> {
        if rules.is_empty() {
            return Ok(false);
        }
        self.0.write(rules.len(), move |connection| install_defaults(connection, &rules)).await
    }

    async fn list(&self) -> Result<Vec<Rule>, PortError> {
        self.0.read(|connection| select(connection, "ORDER BY name", [])).await
    }

    async fn get(&self, id: RuleId) -> Result<Option<Rule>, PortError> {
        self.0.read(move |connection| Ok(select(connection, "WHERE id = ?1", [id.to_string()])?.pop())).await
    }
}

fn install_defaults(connection: &Connection, rules: &[Rule]) -> Result<bool, Fault> {
    let claimed = connection
        .prepare_cached(
            "UPDATE counters SET value = 1 WHERE name = 'default_rules_installed' AND value = 0
             AND NOT EXISTS (SELECT 1 FROM rules)",
        )?
        .execute([])?;
    if claimed == 0 {
        return Ok(false);
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO rules (id, name, source, measure, window_ms, comparison, threshold, notify_emails, enabled,
             notify_room, recover_at, hold_ms, keep_firing_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    for rule in rules {
        insert.execute(params![
            rule.id.to_string(),
            rule.name,
            rule.source.as_str(),
            rule.measure.as_str(),
            millis(rule.window),
            rule.comparison.as_str(),
            rule.threshold,
            serde_json::Value::from(rule.notify_emails.clone()).to_string(),
            rule.enabled,
            rule.notify_room.as_ref().map(RoomName::as_str),
            rule.hysteresis.recover_at,
            millis(rule.hysteresis.hold),
            millis(rule.hysteresis.keep_firing),
        ])?;
    }
    Ok(true)
}

fn select(connection: &Connection, which: &str, parameters: impl rusqlite::Params) -> Result<Vec<Rule>, Fault> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT id, name, source, measure, window_ms, comparison, threshold, notify_emails, enabled,
             notify_room, recover_at, hold_ms, keep_firing_ms
         FROM rules {which}"
    ))?;
    let mut rows = select.query(parameters)?;
    let mut rules = Vec::new();
    while let Some(row) = rows.next()? {
        rules.push(from_row(row)?);
    }
    Ok(rules)
}

fn from_row(row: &Row<'_>) -> Result<Rule, Fault> {
    let text = |column: usize| row.get::<_, String>(column);
    let emails = serde_json::from_str(&text(7)?)
        .map_err(|error| PortError::Failed(format!("SQLite: a stored list of addresses: {error}")))?;
    let duration = |column: usize| {
        row.get::<_, i64>(column).map(|millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0)))
    };
    Ok(Rule {
        id: text(0)?.parse()?,
        name: text(1)?,
        source: RuleSource::parse(&text(2)?)?,
        measure: measure(&text(3)?)?,
        window: duration(4)?,
        comparison: Comparison::parse(&text(5)?)?,
        threshold: row.get(6)?,
        hysteresis: Hysteresis { recover_at: row.get(10)?, hold: duration(11)?, keep_firing: duration(12)? },
        notify_emails: emails,
        notify_room: row.get::<_, Option<String>>(9)?.map(|room| RoomName::parse(&room)).transpose()?,
        enabled: row.get(8)?,
    })
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn measure(word: &str) -> Result<Measure, Fault> {
    [Measure::Count]
        .into_iter()
        .find(|measure| measure.as_str() == word)
        .ok_or_else(|| PortError::Failed(format!("SQLite: a stored rule has the unknown measure {word:?}")).into())
}
