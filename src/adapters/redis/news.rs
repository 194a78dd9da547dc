//! News between servers, as it is written on the channel.

use serde::{Deserialize, Serialize};
use tocsin_actors::domain::event::RuleStatus;
use tocsin_actors::domain::{Comparison, RuleState, Timestamp};
use tocsin_actors::ports::News;

use super::chat_news::ChatBody;

/// The longest text of a piece of news, in bytes. What is longer is not told, and found by looking.
const LARGEST: usize = 256 * 1024;

/// One message of the channel.
#[derive(Debug, Serialize, Deserialize)]
struct Message {
    /// Who says it: everybody hears themselves too.
    from: String,
    #[serde(flatten)]
    body: Body,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
enum Body {
    DocumentsStored,
    RulesChanged,
    SilencesChanged,
    OutboxQueued,
    IncidentsChanged,
    Judged { rules: Vec<Standing> },
    Forgotten { rule: String },
    Released,
    Hello,
    Chat { chat: ChatBody },
}

#[derive(Debug, Serialize, Deserialize)]
struct Standing {
    rule: String,
    name: String,
    value: Option<f64>,
    group: Option<String>,
    threshold: f64,
    comparison: String,
    window_seconds: u64,
    state: String,
    since: i64,
    at: i64,
}

/// As text, said by `from`.
pub(super) fn encode(from: &str, news: &News) -> Option<String> {
    let body = match news {
        News::DocumentsStored => Body::DocumentsStored,
        News::RulesChanged => Body::RulesChanged,
        News::SilencesChanged => Body::SilencesChanged,
        News::OutboxQueued => Body::OutboxQueued,
        News::IncidentsChanged => Body::IncidentsChanged,
        News::Judged(rules) => Body::Judged { rules: rules.iter().map(standing).collect() },
        News::Forgotten(rule) => Body::Forgotten { rule: rule.to_string() },
        News::Released => Body::Released,
        News::Hello => Body::Hello,
        News::Chat(news) => Body::Chat { chat: ChatBody::of(news)? },
    };
    // Numbers that JSON has no word for are not told.
    let text = serde_json::to_string(&Message { from: from.to_owned(), body }).ok()?;
    (text.len() <= LARGEST).then_some(text)
}

/// Whether this is what `me` said: everybody hears themselves too, and need not read it. `me` is a UUID.
pub(super) fn is_of(me: &str, text: &str) -> bool {
    text.strip_prefix(r#"{"from":""#).and_then(|rest| rest.strip_prefix(me)).is_some_and(|rest| rest.starts_with('"'))
}

/// Who said it, and what; nothing where it is none of ours, or of a version that says more.
pub(super) fn decode(text: &str) -> Option<(String, News)> {
    if text.len() > LARGEST {
        return None;
    }
    let Message { from, body } = serde_json::from_str(text).ok()?;
    let news = match body {
        Body::DocumentsStored => News::DocumentsStored,
        Body::RulesChanged => News::RulesChanged,
        Body::SilencesChanged => News::SilencesChanged,
        Body::OutboxQueued => News::OutboxQueued,
        Body::IncidentsChanged => News::IncidentsChanged,
        Body::Judged { rules } => News::Judged(rules.into_iter().map(status).collect::<Option<_>>()?),
        Body::Forgotten { rule } => News::Forgotten(rule.parse().ok()?),
        Body::Released => News::Released,
        Body::Hello => News::Hello,
        Body::Chat { chat } => News::Chat(chat.news()?),
    };
    Some((from, news))
}

fn standing((status, at): &(RuleStatus, Timestamp)) -> Standing {
    Standing {
        rule: status.rule_id.to_string(),
        name: status.name.clone(),
        value: status.value,
        group: status.group.clone(),
        threshold: status.threshold,
        comparison: status.comparison.as_str().to_owned(),
        window_seconds: status.window_seconds,
        state: status.state.as_str().to_owned(),
        since: status.since.as_millis(),
        at: at.as_millis(),
    }
}

fn status(standing: Standing) -> Option<(RuleStatus, Timestamp)> {
    let state = [RuleState::Ok, RuleState::Pending, RuleState::Firing];
    let status = RuleStatus {
        rule_id: standing.rule.parse().ok()?,
        name: standing.name,
        value: standing.value,
        group: standing.group,
        threshold: standing.threshold,
        comparison: Comparison::parse(&standing.comparison).ok()?,
        window_seconds: standing.window_seconds,
        state: state.into_iter().find(|state| state.as_str() == standing.state)?,
        since: Timestamp::clamped(standing.since),
    };
    Some((status, Timestamp::clamped(standing.at)))
}

#[cfg(test)]
mod tests {
    use tocsin_actors::domain::RuleId;

    use super::*;

    #[test]
    fn what_is_told_is_heard() {
        let now = Timestamp::clamped(1_764_000_000_123);
        let status = RuleStatus {
            rule_id: RuleId::new(now),
            name: "Zürich \"night\"".into(),
            value: Some(0.1 + 0.2),
            group: Some(String::new()),
            threshold: -1e300,
            comparison: Comparison::parse(">=").unwrap(),
            window_seconds: 60,
            state: RuleState::Pending,
            since: now,
        };
        let empty = RuleStatus { value: None, group: None, ..status.clone() };
        for news in [
            News::DocumentsStored,
            News::RulesChanged,
            News::SilencesChanged,
            News::OutboxQueued,
            News::IncidentsChanged,
            News::Forgotten(status.rule_id),
            News::Judged(vec![(status, now), (empty, now)]),
            News::Released,
            News::Hello,
        ] {
            assert_eq!(decode(&encode("one", &news).unwrap()), Some(("one".to_owned(), news)));
        }
    }

    #[test]
    fn what_is_not_ours_is_nothing() {
        for text in ["", "hello", "{}", r#"{"from":"x"}"#, r#"{"from":"x","news":"of_tomorrow"}"#] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
