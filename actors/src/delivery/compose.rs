//! What a mail says. Pure: the same delivery makes the same mail, on every try.

use std::fmt::Write as _;
use std::time::Duration;

use crate::domain::{Comparison, Incident, IncidentState, Rule, RuleSource, Timestamp, Transition};
use crate::ports::{Delivery, Email};

/// The longest name in a subject, in characters.
const NAME_MAX_CHARS: usize = 120;

/// What every mail of an installation has in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where people reach the dashboard, with or without a slash at the end.
    pub public_url: String,
    /// The right side of every Message-ID.
    pub domain: String,
}

/// The mail that a delivery is about. `rule` is the rule as it is now, if it is still there.
#[must_use]
pub fn email(delivery: &Delivery, rule: Option<&Rule>, envelope: &Envelope) -> Email {
    let Delivery { notification, incident } = delivery;
    let firing_id = message_id(incident, Transition::Firing, &notification.to, &envelope.domain);
    let facts = Facts::of(incident, notification.transition, rule);
    let dashboard = format!("{}/", envelope.public_url.trim_end_matches('/'));
    let (message_id, references, date) = match notification.transition {
        Transition::Firing => (firing_id, None, incident.started_at),
        // There may be many; each is a message of its own.
        Transition::Reminder => (
            format!("{}.{}@{}", incident.id, notification.id, envelope.domain),
            Some(firing_id),
            notification.id.made_at(),
        ),
        Transition::Resolved => (
            message_id(incident, Transition::Resolved, &notification.to, &envelope.domain),
            Some(firing_id),
            incident.resolved_at.unwrap_or(incident.started_at),
        ),
    };
    Email {
        message_id,
        references,
        to: notification.to.clone(),
        subject: facts.subject(),
        text: facts.text(&dashboard),
        html: facts.html(&dashboard),
        date,
    }
}

/// What is said in a room about a delivery, and the key by which it is said once.
#[must_use]
pub fn announcement(delivery: &Delivery, rule: Option<&Rule>, envelope: &Envelope) -> (String, String) {
    let Delivery { notification, incident } = delivery;
    let facts = Facts::of(incident, notification.transition, rule);
    let text = format!("{}\n{}/", facts.subject(), envelope.public_url.trim_end_matches('/'));
    let key = match notification.transition {
        Transition::Reminder => format!("{}.{}", incident.id, notification.id),
        once => format!("{}.{}", incident.id, once.as_str()),
    };
    (text, key)
}

/// The Message-ID (RFC 5322, section 3.6.4) of what one recipient hears of one change, without angle brackets. It
/// tells nothing of the recipient.
#[must_use]
pub fn message_id(incident: &Incident, transition: Transition, to: &str, domain: &str) -> String {
    format!("{}.{}.{:016x}@{domain}", incident.id, transition.as_str(), fingerprint(&to.to_lowercase()))
}

/// One line of at most `max_chars` characters: control characters, line separators and marks that turn the direction
/// of writing become a space, and spaces next to each other become one.
#[must_use]
pub fn one_line(text: &str, max_chars: usize) -> String {
    let harmless = |c: char| match c {
        '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    let clean: String = text.chars().map(harmless).collect();
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max_chars {
        return line;
    }
    let mut cut: String = line.chars().take(max_chars.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// FNV-1a, 64 bits: stable for ever, which the standard library's hashers do not promise.
pub(super) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The sentences, before they are set as text or HTML.
struct Facts {
    resolved: bool,
    again: bool,
    name: String,
    value: String,
    threshold: String,
    sign: Option<&'static str>,
    rows: Vec<(&'static str, String)>,
}

impl Facts {
    fn of(incident: &Incident, transition: Transition, rule: Option<&Rule>) -> Self {
        let resolved = transition == Transition::Resolved;
        let value = number(value_told(incident, transition));
        let threshold = number(incident.threshold);
        let mut rows = Vec::new();
        if let Some(rule) = rule {
            rows.push(("Watches", watched(rule)));
        }
        if let Some(group) = &incident.group {
            rows.push(("Group", one_line(group, NAME_MAX_CHARS)));
        }
        rows.push(("Value", value.clone()));
        rows.push(match rule {
            Some(rule) => ("Rings when", format!("{} {threshold}", side(rule.comparison))),
            None => ("Threshold", threshold.clone()),
        });
        rows.push(("Since", utc(incident.started_at)));
        if resolved {
            rows.push(("Worst value", number(incident.peak)));
            if let Some(at) = incident.resolved_at {
                rows.push(("Resolved", format!("{}, after {}", utc(at), spoken(at.since(incident.started_at)))));
            }
        }
        let sign = rule.map(|rule| rule.comparison.as_str());
        let again = transition == Transition::Reminder;
        Self { resolved, again, name: one_line(&incident.rule_name, NAME_MAX_CHARS), value, threshold, sign, rows }
    }

    fn word(&self) -> &'static str {
        match (self.resolved, self.again) {
            (true, _) => "RESOLVED",
            (false, true) => "STILL FIRING",
            (false, false) => "FIRING",
        }
    }

    fn headline(&self) -> &'static str {
        match (self.resolved, self.again) {
            (true, _) => "The value is back on the right side of the line.",
            (false, true) => "The line is still crossed, and nobody has said that they are on it.",
            (false, false) => "The line is crossed.",
        }
    }

    fn subject(&self) -> String {
        let Self { name, value, threshold, .. } = self;
        match (self.resolved, self.sign) {
            (false, Some(sign)) => format!("[{}] {name}: {value} {sign} {threshold}", self.word()),
            _ => format!("[{}] {name}: {value}, threshold {threshold}", self.word()),
        }
    }

    fn text(&self, dashboard: &str) -> String {
        let mut text = format!("{}: {}\n{}\n\n", self.word(), self.name, self.headline());
        for (label, fact) in &self.rows {
            // Writing to a String does not fail.
            let _ = writeln!(text, "{label}: {fact}");
        }
        let _ =
            write!(text, "\nDashboard: {dashboard}\n\n-- \nSent by Tocsin, because a rule notifies this address.\n");
        text
    }

    /// Nothing is fetched from elsewhere; colours are set only where both text and ground are ours, so that light and
    /// dark both stay readable.
    fn html(&self, dashboard: &str) -> String {
        let mut rows = String::new();
        for (label, fact) in &self.rows {
            let _ = write!(
                rows,
                "<tr><th scope=\"row\" style=\"text-align:left;font-weight:600;padding:4px 16px 4px 0;\
                 vertical-align:top\">{label}</th><td style=\"padding:4px 0\">{}</td></tr>",
                escape(fact)
            );
        }
        let band = if self.resolved { "#166534" } else { "#b91c1c" };
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <meta name=\"color-scheme\" content=\"light dark\">\
             <meta name=\"supported-color-schemes\" content=\"light dark\"><title>{word}: {name}</title></head>\n\
             <body style=\"margin:0;padding:16px;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5\">\n\
             <div style=\"max-width:600px\">\n\
             <p style=\"margin:0;padding:12px 16px;border-radius:6px;background-color:{band};color:#ffffff;\
             font-weight:700\">{word}: {name}</p>\n\
             <p>{headline}</p>\n\
             <table style=\"border-collapse:collapse\">{rows}</table>\n\
             <p><a href=\"{link}\">Open the dashboard</a></p>\n\
             <p style=\"font-size:13px\">Sent by Tocsin, because a rule notifies this address.</p>\n\
             </div>\n</body></html>\n",
            word = self.word(),
            name = escape(&self.name),
            headline = self.headline(),
            link = escape(dashboard),
        )
    }
}

/// A message that goes out late must still tell of its own change: of a ringing that is over by then, the peak is what
/// is left.
fn value_told(incident: &Incident, transition: Transition) -> f64 {
    match (transition, incident.state) {
        (Transition::Firing | Transition::Reminder, IncidentState::Resolved) => incident.peak,
        _ => incident.value,
    }
}

fn side(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Above => "above",
        Comparison::AtLeast => "at or above",
        Comparison::Below => "below",
        Comparison::AtMost => "at or below",
    }
}

fn watched(rule: &Rule) -> String {
    let what = match &rule.selection.source {
        RuleSource::Any => "documents of any type".to_owned(),
        RuleSource::Type(kind) => format!("documents of type {kind}"),
    };
    let measure = match rule.measure.field() {
        None => rule.measure.as_str().to_owned(),
        Some(field) => format!("{} of {field}", rule.measure.as_str()),
    };
    let filters = if rule.selection.filters.is_empty() { "" } else { " that pass its conditions" };
    format!("{measure} of {what}{filters} within {}", spoken(rule.window))
}

/// At most three digits after the point, and none that say nothing.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(super) fn utc(at: Timestamp) -> String {
    let text = at.to_string();
    let seconds = text.split_once('.').map_or(text.as_str(), |(seconds, _)| seconds);
    format!("{} UTC", seconds.replacen('T', " ", 1))
}

/// `1 h 2 min 3 s`, without the parts that are zero.
pub(crate) fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [(seconds / 3_600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let said: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if said.is_empty() { "less than a second".to_owned() } else { said.join(" ") }
}

/// Text as it may stand in HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
