//! The JSON of `/ws/alerts`: frames to commands, events to frames.

use serde::{Deserialize, Serialize};
use tocsin_actors::domain::Event;
use tocsin_actors::domain::event::RuleStatus;
use tocsin_actors::session::messages::Command;

use crate::wire::export::ExportBody;
use crate::wire::incident::IncidentBody;
use crate::wire::number;

/// A client's frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A credential.
    Auth(String),
    /// Something for the session.
    Command(Command),
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Incoming {
    Auth { token: String },
    Ping,
    Resume { seq: u64 },
    Ack { incident: String },
}

/// Reads a client's frame.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn decode(text: &str) -> Result<Frame, String> {
    let incoming: Incoming = serde_json::from_str(text)
        .map_err(|error| format!("This frame is not understood: {error}. Types are auth, ping, resume and ack."))?;
    Ok(match incoming {
        Incoming::Auth { token } => Frame::Auth(token),
        Incoming::Ping => Frame::Command(Command::Ping),
        Incoming::Resume { seq } => Frame::Command(Command::Resume { after: seq }),
        Incoming::Ack { incident } => {
            let incident = incident.parse().map_err(|error| format!("/incident {error}."))?;
            Frame::Command(Command::Acknowledge { incident })
        }
    })
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Outgoing<'a> {
    Snapshot {
        seq: u64,
        rules: Vec<Rule<'a>>,
        incidents: Vec<IncidentBody>,
    },
    Metric {
        rule_id: String,
        #[serde(serialize_with = "number::serialize_optional")]
        value: Option<f64>,
        group: Option<&'a str>,
        #[serde(serialize_with = "number::serialize")]
        threshold: f64,
        at: String,
    },
    Rule {
        rule: Rule<'a>,
    },
    RuleRemoved {
        rule_id: String,
    },
    Alert {
        seq: u64,
        incident: IncidentBody,
    },
    Export {
        export: Box<ExportBody>,
    },
    Pong,
    Error {
        error: Refusal<'a>,
    },
}

#[derive(Serialize)]
struct Rule<'a> {
    rule_id: String,
    name: &'a str,
    #[serde(serialize_with = "number::serialize_optional")]
    value: Option<f64>,
    group: Option<&'a str>,
    #[serde(serialize_with = "number::serialize")]
    threshold: f64,
    comparison: &'static str,
    window_seconds: u64,
    state: &'static str,
    since: String,
}

#[derive(Serialize)]
struct Refusal<'a> {
    code: &'a str,
    detail: &'a str,
}

/// Writes an event as a frame; `None` for what is not shown here.
#[must_use]
pub fn encode(event: &Event) -> Option<String> {
    let outgoing = match event {
        Event::Snapshot { seq, rules, incidents } => Outgoing::Snapshot {
            seq: *seq,
            rules: rules.iter().map(rule).collect(),
            incidents: incidents.iter().cloned().map(IncidentBody::from).collect(),
        },
        Event::Metric { rule_id, value, group, threshold, at } => Outgoing::Metric {
            rule_id: rule_id.to_string(),
            value: *value,
            group: group.as_deref(),
            threshold: *threshold,
            at: at.to_string(),
        },
        Event::Rule { status } => Outgoing::Rule { rule: rule(status) },
        Event::RuleRemoved { rule_id } => Outgoing::RuleRemoved { rule_id: rule_id.to_string() },
        Event::Alert { incident } => Outgoing::Alert { seq: incident.seq, incident: incident.clone().into() },
        Event::Export(view) => Outgoing::Export { export: Box::new(ExportBody::from(&**view)) },
        Event::Pong => Outgoing::Pong,
        Event::Refused { code, detail } => Outgoing::Error { error: Refusal { code, detail } },
        // Chat has a connection of its own.
        Event::Room(_) | Event::Reply { .. } => return None,
    };
    // Strings, numbers and lists of them: there is nothing in it that could fail to be written.
    serde_json::to_string(&outgoing).ok()
}

fn rule(status: &RuleStatus) -> Rule<'_> {
    Rule {
        rule_id: status.rule_id.to_string(),
        name: &status.name,
        value: status.value,
        group: status.group.as_deref(),
        threshold: status.threshold,
        comparison: status.comparison.as_str(),
        window_seconds: status.window_seconds,
        state: status.state.as_str(),
        since: status.since.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use tocsin_actors::domain::{Comparison, RuleId, RuleState, Timestamp};

    use super::*;

    #[test]
    fn frames_are_understood_or_refused_with_a_reason() {
        assert_eq!(decode(r#"{"type":"auth","token":"t"}"#), Ok(Frame::Auth("t".into())));
        assert_eq!(decode(r#"{"type":"ping","more":1}"#), Ok(Frame::Command(Command::Ping)));
        assert_eq!(decode(r#"{"type":"resume","seq":7}"#), Ok(Frame::Command(Command::Resume { after: 7 })));
        for bad in
            ["", "[]", "{}", r#"{"type":"dance"}"#, r#"{"type":"resume","seq":-1}"#, r#"{"type":"ack","incident":"x"}"#]
        {
            assert!(decode(bad).is_err(), "{bad}");
        }
        let deep = "[".repeat(100_000);
        assert!(decode(&deep).is_err());
    }

    #[test]
    fn a_snapshot_has_the_names_of_the_contract() {
        let at = Timestamp::clamped(0);
        let status = RuleStatus {
            rule_id: RuleId::new(at),
            name: "errors".into(),
            value: Some(51.0),
            group: None,
            threshold: 50.0,
            comparison: Comparison::Above,
            window_seconds: 60,
            state: RuleState::Firing,
            since: at,
        };
        let id = status.rule_id;
        let json = encode(&Event::Snapshot { seq: 3, rules: vec![status], incidents: vec![] }).unwrap();
        let expected = serde_json::json!({"type": "snapshot", "seq": 3, "incidents": [], "rules": [{
            "rule_id": id.to_string(), "name": "errors", "value": 51, "group": null, "threshold": 50, "comparison": ">",
            "window_seconds": 60, "state": "firing", "since": "1970-01-01T00:00:00.000Z"}]});
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), expected);
    }
}
