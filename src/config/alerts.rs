//! `[alerts]`: what is watched in a fresh installation, and how live it is shown.

use std::time::Duration;

use config::{Value, ValueKind};
use tocsin_actors::domain::{Rule, RuleId, Timestamp};

use super::key::{Key, Shape, Unit, section};
use super::network::Network;
use super::setting::FromSetting;
use crate::wire::rule::{RuleInput, Wrong};

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
        max_rules: usize = Key::count("alerts.max_rules", 1..=10_000).default("1000");
        /// Batches of documents that wait for one rule; whoever posts more waits. A batch is what one request brought.
        waiting_batches: usize = Key::count("alerts.waiting_batches", 1..=1_024).default("16");
        /// Networks and addresses that are not public and that webhooks may call all the same.
        webhook_networks: Vec<Network> =
            Key::new("alerts.webhook_networks", Shape::List("addresses or networks, like 10.0.0.0/8")).default("").local("127.0.0.0/8,::1");
        /// How long the call of a webhook may take.
        webhook_timeout: Duration = Key::number("alerts.webhook_timeout_seconds", 1..=60, Unit::Seconds).default("10");
        /// Silences that may exist; the next gets 409.
        max_silences: usize = Key::count("alerts.max_silences", 1..=10_000).default("1000");
        /// With `redis.url`: after so long another server rings, when the one that does is gone. One that cannot reach the
        /// database ends after three quarters of it.
        lease: Duration = Key::number("alerts.lease_seconds", 1..=60, Unit::Seconds).default("4");
        /// Groups that one rule watches at once; documents of further ones are stored and not counted.
        max_groups: usize = Key::count("alerts.max_groups", 1..=100_000).default("1000");
    }
}

const RULE_FIELDS: &str = "rules, each with the fields of a rule of the API: name, type, where, measure, window_seconds, \
    comparison, threshold, recover_at, for_seconds, keep_firing_seconds, group_by, repeat_seconds and notify";

const DEFAULT_RULES: &str = "[{ name = 'errors-last-minute', type = 'error', measure = { kind = 'count' }, \
    window_seconds = 60, comparison = '>', threshold = 50, notify = { emails = ['@admins'] } }]";

/// A rule of a fresh installation; checked, and not yet given an id.
#[derive(Debug, Clone)]
pub struct DefaultRule(RuleInput);

impl DefaultRule {
    /// The rule, made at this instant.
    ///
    /// # Errors
    /// What is wrong; it was checked when the configuration was read.
    pub fn rule(&self, now: Timestamp) -> Result<Rule, String> {
        self.0.parse(RuleId::new(now)).map_err(|wrong| sentence(&wrong))
    }
}

fn sentence(wrong: &[Wrong]) -> String {
    let one = |(path, message): &Wrong| format!("{} {message}", path.trim_start_matches('/').replace('/', "."));
    wrong.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl FromSetting for Vec<DefaultRule> {
    fn from_setting(value: &ValueKind, _: &Key) -> Result<Self, String> {
        let ValueKind::Array(list) = value else {
            return Err("is not a list of tables".to_owned());
        };
        let mut rules: Self = Self::new();
        for (index, entry) in list.iter().enumerate() {
            let rule = read_rule(entry).map_err(|problem| format!("rule {}: {problem}", index + 1))?;
            if rules.iter().any(|other| other.0.name.trim() == rule.0.name.trim()) {
                return Err(format!("rule {}: the name {:?} is taken by an earlier one", index + 1, rule.0.name));
            }
            rules.push(rule);
        }
        Ok(rules)
    }
}

fn read_rule(entry: &Value) -> Result<DefaultRule, String> {
    // Not through the layers' own values: those turn "60" into 60, and an error into several lines.
    let json = serde_json::to_string(&super::setting::to_toml(&entry.kind)).map_err(|error| error.to_string())?;
    let rule: RuleInput = serde_json::from_str(&json).map_err(|error| {
        let text = error.to_string();
        // Where in the line of JSON it is, says nothing to who wrote TOML.
        text.rsplit_once(" at line ").map_or(text.clone(), |(what, _)| what.to_owned())
    })?;
    rule.parse(RuleId::new(Timestamp::MIN)).map_err(|wrong| sentence(&wrong))?;
    Ok(DefaultRule(rule))
}
