//! Rules, as the API and the configuration write them.

use std::time::Duration;

use serde::Deserialize;
use tocsin_actors::domain::{
    Comparison, Decimal, FieldPath, Hysteresis, Invalid, Measure, RoomName, Rule, RuleId, RuleSource, Selection,
    WebhookUrl,
};
use utoipa::ToSchema;

use super::filter::FilterBody;

/// The longest name, in characters.
const NAME_CHARS: usize = 100;
/// The most addresses.
const MAX_EMAILS: usize = 50;

/// A rule as it is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = NewRule, example = json!({
    "name": "orders-above-10000", "type": "order", "measure": {"kind": "sum", "field": "amount"},
    "window_seconds": 60, "comparison": ">", "threshold": 10000, "notify": {"emails": ["@admins"]}}))]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleInput {
    /// Its id, where it is changed; it cannot be another one.
    pub(crate) id: Option<String>,
    /// What people call it; 1 to 100 characters, unique.
    pub(crate) name: String,
    /// The type of the documents that are watched, or `any`.
    #[serde(rename = "type")]
    #[schema(pattern = "^[A-Za-z0-9_.-]{1,64}$", example = "order")]
    kind: String,
    /// All of these must hold for a document; at most 16.
    #[serde(default, rename = "where")]
    filters: Vec<FilterBody>,
    /// What is measured; `count` when left out.
    #[serde(default)]
    measure: MeasureInput,
    /// The length of the window in seconds.
    #[serde(default = "a_minute")]
    #[schema(minimum = 1, maximum = 3600, default = 60)]
    window_seconds: u64,
    /// On which side of the threshold it rings.
    #[serde(default = "above")]
    #[schema(pattern = "^(>|>=|<|<=)$", default = ">")]
    comparison: String,
    /// The line, in the unit of the measure; up to 15 digits that count.
    threshold: f64,
    /// The value at which it has recovered; not over the line, when left out.
    recover_at: Option<f64>,
    /// So long without a break it must be over the line before it rings.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 3600, default = 0)]
    for_seconds: u64,
    /// So long without a break it must have recovered before the ringing ends.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 3600, default = 0)]
    keep_firing_seconds: u64,
    /// A field: each of its values has a window, and incidents, of its own.
    group_by: Option<String>,
    /// So often all of them are told again while it rings and nobody has said "I am on it"; never when left out.
    #[schema(minimum = 60, maximum = 86400)]
    repeat_seconds: Option<u64>,
    /// Who is told; nobody but the dashboards, when left out.
    #[serde(default)]
    notify: NotifyInput,
    /// A rule that is switched off does not watch.
    #[serde(default = "yes")]
    #[schema(default = true)]
    enabled: bool,
}

/// What is measured over the window.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = NewMeasure)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureInput {
    /// `count` of the documents; or of the numbers in `field`: `sum`, `avg`, `min`, `max` (exact), `p95` (within 1 %).
    #[schema(pattern = "^(count|sum|avg|min|max|p95)$")]
    kind: String,
    /// The field that holds the numbers, for all but `count`.
    field: Option<String>,
}

impl Default for MeasureInput {
    fn default() -> Self {
        Self { kind: "count".to_owned(), field: None }
    }
}

/// Who is told.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[schema(as = NewNotify)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotifyInput {
    /// Addresses, or `@admins` for every owner and admin; at most 50.
    #[serde(default)]
    #[schema(example = json!(["@admins"]))]
    emails: Vec<String>,
    /// The group where it is said; made when it is missing.
    room: Option<String>,
    /// The address of a server that is told by a signed request; see docs/alerts.md. It is shown whole to those alone who
    /// may change it.
    #[schema(max_length = 2000, example = "https://example.org/hook")]
    webhook: Option<String>,
}

fn a_minute() -> u64 {
    60
}

fn above() -> String {
    ">".to_owned()
}

fn yes() -> bool {
    true
}

fn webhook(text: &str) -> Result<WebhookUrl, Invalid> {
    let parsed = WebhookUrl::parse(text)?;
    let url = url::Url::parse(text).map_err(|error| Invalid(format!("is no address: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() || url.host_str().is_none_or(str::is_empty) {
        return Err(Invalid("must have a host, and no user or password".into()));
    }
    Ok(parsed)
}

/// A field that is wrong: its JSON pointer, and why.
pub(crate) type Wrong = (String, String);

/// Collects all that is wrong.
#[derive(Default)]
struct Check(Vec<Wrong>);

impl Check {
    fn unless(&mut self, good: bool, path: &str, message: &str) {
        if !good {
            self.0.push((path.to_owned(), message.to_owned()));
        }
    }

    fn take<T, E: std::fmt::Display>(&mut self, path: impl Into<String>, found: Result<T, E>) -> Option<T> {
        found.map_err(|error| self.0.push((path.into(), error.to_string()))).ok()
    }
}

impl RuleInput {
    /// The rule, under an id.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub(crate) fn parse(&self, id: RuleId) -> Result<Rule, Vec<Wrong>> {
        let mut check = Check::default();
        let name = self.name.trim();
        let named = (1..=NAME_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        check.unless(named, "/name", "must have 1 to 100 characters, on one line");
        check.unless(
            self.id.as_ref().is_none_or(|own| *own == id.to_string()),
            "/id",
            "must be left out: an id is given by the server",
        );
        let in_hour = |seconds: u64| (1..=Rule::MAX_WINDOW.as_secs()).contains(&seconds);
        check.unless(in_hour(self.window_seconds), "/window_seconds", "must be from 1 to 3600");
        let source = check.take("/type", RuleSource::parse(&self.kind));
        let filters = self.filters(&mut check);
        let measure = match Measure::parse(&self.measure.kind, self.measure.field.as_deref()) {
            Ok(measure) => Some(measure),
            Err((field, error)) => check.take::<Measure, _>(format!("/measure/{field}"), Err(error)),
        };
        let comparison = check.take("/comparison", Comparison::parse(&self.comparison));
        check.take("/threshold", Decimal::from_f64(self.threshold));
        let hysteresis = comparison.and_then(|comparison| self.hysteresis(comparison, &mut check));
        let group_by = self.group_by.as_deref().map(FieldPath::parse).transpose();
        let group_by = check.take("/group_by", group_by);
        let room = self.notify.room.as_deref().map(RoomName::parse_group).transpose();
        let notify_room = check.take("/notify/room", room);
        let webhook = self.notify.webhook.as_deref().map(webhook).transpose();
        let notify_webhook = check.take("/notify/webhook", webhook).flatten();
        let notify_emails = self.emails(&mut check);
        let often = self.repeat_seconds.is_none_or(|seconds| (60..=86_400).contains(&seconds));
        check.unless(often, "/repeat_seconds", "must be from 60 to 86400");
        match (source, measure, comparison, hysteresis, group_by, notify_room) {
            (Some(source), Some(measure), Some(comparison), Some(hysteresis), Some(group_by), Some(notify_room))
                if check.0.is_empty() =>
            {
                Ok(Rule {
                    id,
                    name: name.to_owned(),
                    selection: Selection { source, filters },
                    group_by,
                    measure,
                    window: Duration::from_secs(self.window_seconds),
                    comparison,
                    threshold: self.threshold,
                    hysteresis,
                    notify_emails,
                    notify_room,
                    notify_webhook,
                    repeat: self.repeat_seconds.map(Duration::from_secs),
                    enabled: self.enabled,
                })
            }
            _ => Err(check.0),
        }
    }

    fn filters(&self, check: &mut Check) -> Vec<tocsin_actors::domain::Filter> {
        check.unless(self.filters.len() <= Selection::MAX_FILTERS, "/where", "must be at most 16 conditions");
        let mut filters = Vec::new();
        for (index, filter) in self.filters.iter().enumerate().take(Selection::MAX_FILTERS) {
            match filter.parse() {
                Ok(filter) => filters.push(filter),
                Err((field, error)) => drop(check.take::<(), _>(format!("/where/{index}/{field}"), Err(error))),
            }
        }
        filters
    }

    fn hysteresis(&self, comparison: Comparison, check: &mut Check) -> Option<Hysteresis> {
        let in_hour = |seconds: u64| seconds <= Hysteresis::MAX.as_secs();
        check.unless(in_hour(self.for_seconds), "/for_seconds", "must be from 0 to 3600");
        check.unless(in_hour(self.keep_firing_seconds), "/keep_firing_seconds", "must be from 0 to 3600");
        let hysteresis = Hysteresis {
            recover_at: self.recover_at,
            hold: Duration::from_secs(self.for_seconds.min(Hysteresis::MAX.as_secs())),
            keep_firing: Duration::from_secs(self.keep_firing_seconds.min(Hysteresis::MAX.as_secs())),
        };
        check.take("/recover_at", hysteresis.check(comparison, self.threshold))?;
        Some(hysteresis)
    }

    /// The addresses, each once.
    fn emails(&self, check: &mut Check) -> Vec<String> {
        check.unless(self.notify.emails.len() <= MAX_EMAILS, "/notify/emails", "must be at most 50 addresses");
        let mut emails: Vec<String> = Vec::new();
        for (index, email) in self.notify.emails.iter().enumerate().take(MAX_EMAILS) {
            let good = email == Rule::ADMINS || email.parse::<lettre::Address>().is_ok();
            check.unless(good, &format!("/notify/emails/{index}"), "must be an address, or @admins");
            if !emails.iter().any(|known| known.eq_ignore_ascii_case(email)) {
                emails.push(email.clone());
            }
        }
        emails
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tocsin_actors::domain::Timestamp;

    use super::*;

    fn id() -> RuleId {
        RuleId::new(Timestamp::clamped(0))
    }

    fn of(changes: &Value) -> Result<Rule, Vec<Wrong>> {
        let mut rule = json!({"name": "r", "type": "order", "threshold": 10});
        for (key, value) in changes.as_object().unwrap() {
            rule[key] = value.clone();
        }
        serde_json::from_str::<RuleInput>(&rule.to_string()).unwrap().parse(id())
    }

    #[test]
    fn what_is_left_out_has_a_meaning() {
        let rule = of(&json!({})).unwrap();
        assert_eq!((rule.window, rule.comparison, rule.enabled), (Duration::from_secs(60), Comparison::Above, true));
        assert_eq!((rule.measure, rule.group_by), (Measure::Count, None));
    }

    #[test]
    fn every_field_that_is_wrong_is_named() {
        for (changes, paths) in [
            (json!({"name": " "}), &["/name"][..]),
            (json!({"name": "a\nb"}), &["/name"]),
            (json!({"id": "x"}), &["/id"]),
            (json!({"type": "a b", "window_seconds": 0}), &["/window_seconds", "/type"]),
            (json!({"window_seconds": 3601}), &["/window_seconds"]),
            (json!({"measure": {"kind": "median"}}), &["/measure/kind"]),
            (json!({"measure": {"kind": "sum"}}), &["/measure/field"]),
            (json!({"measure": {"kind": "count", "field": "a"}}), &["/measure/field"]),
            (json!({"measure": {"kind": "sum", "field": "a..b"}}), &["/measure/field"]),
            (json!({"comparison": "=>"}), &["/comparison"]),
            (json!({"threshold": 1e30}), &["/threshold"]),
            (json!({"recover_at": 11}), &["/recover_at"]),
            (json!({"for_seconds": 3601, "keep_firing_seconds": 9999}), &["/for_seconds", "/keep_firing_seconds"]),
            (json!({"group_by": ""}), &["/group_by"]),
            (json!({"repeat_seconds": 59}), &["/repeat_seconds"]),
            (json!({"notify": {"webhook": "ftp://x"}}), &["/notify/webhook"]),
            (json!({"notify": {"webhook": "https://u:p@example.org/"}}), &["/notify/webhook"]),
            (json!({"notify": {"webhook": "http://"}}), &["/notify/webhook"]),
            (
                json!({"notify": {"emails": ["a@example.org", "nobody"], "room": "A B"}}),
                &["/notify/room", "/notify/emails/1"],
            ),
            (
                json!({"where": [{"field": "a", "op": "=", "value": 1}, {"field": "a", "op": "~", "value": 1}]}),
                &["/where/1/op"],
            ),
        ] {
            let wrong: Vec<String> = of(&changes).unwrap_err().into_iter().map(|(path, _)| path).collect();
            assert_eq!(wrong, paths, "{changes}");
        }
        let many = vec![json!({"field": "a", "op": "=", "value": 1}); 17];
        assert_eq!(of(&json!({"where": many})).unwrap_err()[0].0, "/where");
    }

    #[test]
    fn one_address_is_one_recipient() {
        let rule = of(&json!({"notify": {"emails": ["a@example.org", "A@example.org", "@admins"]}})).unwrap();
        assert_eq!(rule.notify_emails, ["a@example.org", "@admins"]);
    }
}
