//! `[alerts]`: what is watched in a fresh installation, and how live it is shown.

use std::time::Duration;

use config::{Value, ValueKind};
use serde::Deserialize;
use tocsin_actors::domain::{Comparison, Hysteresis, RoomName};

use super::key::{Key, Shape, Unit, section};
use super::setting::FromSetting;

section! {
    /// What is watched, and how live it is shown.
    Alerts "alerts" {
        /// The rules of a fresh installation; later changes to them are made on the server and kept in its database.
        default_rules: Vec<DefaultRule> =
            Key::new("alerts.default_rules", Shape::Tables(RULE_FIELDS))
            .default(DEFAULT_RULES);
        /// How far in the future the time of a document may lie and count as now; what lies further ahead
        /// is stored and not counted.
        future_tolerance: Duration =
            Key::number("alerts.future_tolerance_seconds", 0..=3600, Unit::Seconds).default("5");
        /// The least time between two values of a rule on a dashboard; alerts are never held back.
        metric_interval: Duration =
            Key::number("alerts.metric_interval_ms", 100..=60_000, Unit::Milliseconds).default("100");
        /// Rules that may exist; the next gets 409.
        max_rules: usize = Key::count("alerts.max_rules", 1..=10_000).default("100");
    }
}

const RULE_FIELDS: &str = "rules, each with name, type, measure.kind, window_seconds, comparison, threshold, recover_at, for_seconds, keep_firing_seconds, notify.emails and notify.room";

const DEFAULT_RULES: &str = "[{ name = 'errors-last-minute', type = 'error', measure = { kind = 'count' }, \
    window_seconds = 60, comparison = '>', threshold = 50, notify = { emails = ['@admins'] } }]";

/// A rule as the configuration writes it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultRule {
    /// What the rule is called; no two have the same name.
    pub name: String,
    /// The type of document it watches, or `any`.
    #[serde(rename = "type")]
    pub document_type: String,
    /// What is measured.
    pub measure: DefaultMeasure,
    /// The length of the window, 1 to 3600.
    pub window_seconds: u32,
    /// How the value is compared with the threshold.
    pub comparison: DefaultComparison,
    /// The line that is crossed.
    pub threshold: f64,
    /// The value at which it has recovered; not over the line when left out.
    pub recover_at: Option<f64>,
    /// So long it must be over the line before it rings, 0 to 3600.
    #[serde(default)]
    pub for_seconds: u32,
    /// So long it must have recovered before the ringing ends, 0 to 3600.
    #[serde(default)]
    pub keep_firing_seconds: u32,
    /// Who is told.
    #[serde(default)]
    pub notify: DefaultNotify,
}

impl DefaultRule {
    /// How steady its value must be.
    #[must_use]
    pub fn hysteresis(&self) -> Hysteresis {
        Hysteresis {
            recover_at: self.recover_at,
            hold: Duration::from_secs(self.for_seconds.into()),
            keep_firing: Duration::from_secs(self.keep_firing_seconds.into()),
        }
    }
}

/// What a rule measures.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultMeasure {
    /// How the value is made.
    pub kind: DefaultMeasureKind,
}

/// How the value of a rule is made from the documents in its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DefaultMeasureKind {
    /// Their number.
    Count,
}

/// How a value is compared with a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum DefaultComparison {
    /// Above it.
    #[serde(rename = ">")]
    Above,
    /// Above it or equal.
    #[serde(rename = ">=")]
    AtLeast,
    /// Below it.
    #[serde(rename = "<")]
    Below,
    /// Below it or equal.
    #[serde(rename = "<=")]
    AtMost,
}

/// Who is told when a rule rings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultNotify {
    /// Addresses, or `@admins` for every owner and admin.
    #[serde(default)]
    pub emails: Vec<String>,
    /// The group where it is said; made when it is missing.
    pub room: Option<String>,
}

impl DefaultComparison {
    /// The same for the bell.
    #[must_use]
    pub fn sign(self) -> Comparison {
        match self {
            Self::Above => Comparison::Above,
            Self::AtLeast => Comparison::AtLeast,
            Self::Below => Comparison::Below,
            Self::AtMost => Comparison::AtMost,
        }
    }
}

impl FromSetting for Vec<DefaultRule> {
    fn from_setting(value: &ValueKind, _: &Key) -> Result<Self, String> {
        let ValueKind::Array(list) = value else {
            return Err("is not a list of tables".to_owned());
        };
        let mut rules: Self = Self::new();
        for (index, entry) in list.iter().enumerate() {
            let rule = read_rule(entry).map_err(|problem| format!("rule {}: {problem}", index + 1))?;
            if rules.iter().any(|other| other.name == rule.name) {
                return Err(format!("rule {}: the name {:?} is taken by an earlier one", index + 1, rule.name));
            }
            rules.push(rule);
        }
        Ok(rules)
    }
}

fn read_rule(entry: &Value) -> Result<DefaultRule, String> {
    // Not through the layers' own values: those turn "60" into 60, and an error into several lines.
    let rule: DefaultRule = super::setting::to_toml(&entry.kind).try_into().map_err(|error: toml::de::Error| {
        let words: Vec<_> = error.to_string().lines().map(|line| line.trim().to_owned()).collect();
        words.join(" ").trim().to_owned()
    })?;
    if rule.name.trim().is_empty() || rule.name.chars().count() > 100 {
        return Err("name is not 1 to 100 characters long".to_owned());
    }
    if !is_document_type(&rule.document_type) {
        return Err(format!("type {:?} is not 1 to 64 of A-Z a-z 0-9 _ . -", rule.document_type));
    }
    if !(1..=3600).contains(&rule.window_seconds) {
        return Err(format!("window_seconds {} is not from 1 to 3600", rule.window_seconds));
    }
    if !rule.threshold.is_finite() {
        return Err("threshold is not a finite number".to_owned());
    }
    rule.hysteresis().check(rule.comparison.sign(), rule.threshold).map_err(|error| error.to_string())?;
    for email in &rule.notify.emails {
        if email != "@admins" && email.parse::<lettre::Address>().is_err() {
            return Err(format!("notify.emails: {email:?} is neither an address nor @admins"));
        }
    }
    if let Some(room) = &rule.notify.room {
        RoomName::parse_group(room).map_err(|error| format!("notify.room: {room:?} {error}"))?;
    }
    Ok(rule)
}

fn is_document_type(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}
