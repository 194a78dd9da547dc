//! Rules.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, ffi, params_from_iter};
use tocsin_actors::domain::{
    Comparison, FieldPath, Hysteresis, Invalid, Measure, RoomName, Rule, RuleId, RuleSource, Selection, WebhookUrl,
};
use tocsin_actors::ports::PortError;

use super::Database;
use super::fault::{Fault, broke};
use crate::wire::filter::FilterBody;

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

    async fn create(&self, rule: Rule, max: usize) -> Result<(), PortError> {
        self.0.write(1, move |connection| create(connection, &rule, max)).await
    }

    async fn replace(&self, rule: Rule) -> Result<bool, PortError> {
        self.0.write(1, move |connection| Ok(write(connection, UPDATE, &rule)? > 0)).await
    }

    async fn remove(&self, id: RuleId) -> Result<bool, PortError> {
        self.0
            .write(1, move |connection| {
                let mut delete = connection.prepare_cached("DELETE FROM rules WHERE id = ?1")?;
                Ok(delete.execute([id.to_string()])? > 0)
            })
            .await
    }
}

/// The columns in the order of [`values`].
macro_rules! columns {
    () => {
        "id, name, source, measure, window_ms, comparison, threshold, notify_emails, enabled, notify_room, recover_at,
         hold_ms, keep_firing_ms, filters, measure_field, group_by, notify_webhook, repeat_ms"
    };
}

const SELECT: &str = concat!("SELECT ", columns!(), " FROM rules ");
const INSERT: &str = concat!(
    "INSERT INTO rules (",
    columns!(),
    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"
);
const UPDATE: &str = concat!(
    "UPDATE rules SET (",
    columns!(),
    ") = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) WHERE id = ?1"
);

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
    for rule in rules {
        write(connection, INSERT, rule)?;
    }
    Ok(true)
}

fn create(connection: &Connection, rule: &Rule, max: usize) -> Result<(), Fault> {
    let rules: i64 = connection.prepare_cached("SELECT count(*) FROM rules")?.query_row([], |row| row.get(0))?;
    if usize::try_from(rules).unwrap_or(usize::MAX) >= max {
        return Err(PortError::Conflict("too_many_rules").into());
    }
    write(connection, INSERT, rule)?;
    // From now on it has had rules.
    connection.prepare_cached("UPDATE counters SET value = 1 WHERE name = 'default_rules_installed'")?.execute([])?;
    Ok(())
}

fn write(connection: &Connection, sql: &str, rule: &Rule) -> Result<usize, Fault> {
    match connection.prepare_cached(sql)?.execute(params_from_iter(values(rule))) {
        Err(error) if broke(&error, ffi::SQLITE_CONSTRAINT_UNIQUE) => {
            Err(PortError::Conflict("rule_name_taken").into())
        }
        rows => Ok(rows?),
    }
}

fn values(rule: &Rule) -> [Value; 18] {
    let filters: Vec<FilterBody> = rule.selection.filters.iter().map(FilterBody::from).collect();
    let text = |text: &str| Value::from(text.to_owned());
    let optional = |text: Option<&str>| Value::from(text.map(str::to_owned));
    [
        rule.id.to_string().into(),
        text(&rule.name),
        text(rule.selection.source.as_str()),
        text(rule.measure.as_str()),
        millis(rule.window).into(),
        text(rule.comparison.as_str()),
        rule.threshold.into(),
        serde_json::Value::from(rule.notify_emails.clone()).to_string().into(),
        rule.enabled.into(),
        optional(rule.notify_room.as_ref().map(RoomName::as_str)),
        rule.hysteresis.recover_at.into(),
        millis(rule.hysteresis.hold).into(),
        millis(rule.hysteresis.keep_firing).into(),
        // Strings and lists of them can always be written.
        serde_json::to_string(&filters).unwrap_or_default().into(),
        optional(rule.measure.field().map(FieldPath::as_str)),
        optional(rule.group_by.as_ref().map(FieldPath::as_str)),
        optional(rule.notify_webhook.as_ref().map(WebhookUrl::expose)),
        rule.repeat.map_or(0, millis).into(),
    ]
}

fn select(connection: &Connection, which: &str, parameters: impl rusqlite::Params) -> Result<Vec<Rule>, Fault> {
    let mut select = connection.prepare_cached(&format!("{SELECT}{which}"))?;
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
    let optional = |column: usize| row.get::<_, Option<String>>(column);
    let filters: Vec<FilterBody> = serde_json::from_str(&text(13)?)
        .map_err(|error| PortError::Failed(format!("SQLite: stored conditions: {error}")))?;
    let blame = |(_, error): (&str, Invalid)| Fault::from(error);
    let filters = filters.iter().map(FilterBody::parse).collect::<Result<_, _>>().map_err(blame)?;
    Ok(Rule {
        id: text(0)?.parse()?,
        name: text(1)?,
        selection: Selection { source: RuleSource::parse(&text(2)?)?, filters },
        group_by: optional(15)?.map(|field| FieldPath::parse(&field)).transpose()?,
        measure: Measure::parse(&text(3)?, optional(14)?.as_deref()).map_err(blame)?,
        window: duration(4)?,
        comparison: Comparison::parse(&text(5)?)?,
        threshold: row.get(6)?,
        hysteresis: Hysteresis { recover_at: row.get(10)?, hold: duration(11)?, keep_firing: duration(12)? },
        notify_emails: emails,
        notify_room: optional(9)?.map(|room| RoomName::parse(&room)).transpose()?,
        notify_webhook: optional(16)?.map(|url| WebhookUrl::parse(&url)).transpose()?,
        repeat: Some(duration(17)?).filter(|repeat| !repeat.is_zero()),
        enabled: row.get(8)?,
    })
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
