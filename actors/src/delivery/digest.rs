//! What is said when so much happens at once that one message tells of all of it. Pure, as in `compose.rs`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::compose::{Envelope, escape, fingerprint, number, one_line, utc};
use crate::domain::Transition;
use crate::ports::{Delivery, Email};

/// So many incidents are listed; the dashboard has them all.
const LISTED: usize = 100;
/// The longest name in it, in characters.
const NAME_MAX_CHARS: usize = 120;

/// One mail about all of them.
#[must_use]
pub fn email(bundle: &[Delivery], first: &Delivery, envelope: &Envelope) -> Email {
    let dashboard = format!("{}/", envelope.public_url.trim_end_matches('/'));
    let lines = lines(bundle);
    let headline = headline(bundle);
    let mut text = format!("{headline}\n\n");
    let mut rows = String::new();
    for [word, name, value, since] in &lines {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{word}: {name}: {value}, since {since}");
        let cells = [word, name, value, since]
            .map(|cell| format!("<td style=\"padding:4px 16px 4px 0\">{}</td>", escape(cell)));
        let _ = write!(rows, "<tr>{}</tr>", cells.concat());
    }
    let more = more(bundle.len());
    let _ = write!(text, "{more}\nDashboard: {dashboard}\n\n-- \nSent by Tocsin, because rules notify this address.\n");
    Email {
        message_id: format!("{}@{}", key(bundle), envelope.domain),
        references: None,
        to: first.notification.to.clone(),
        subject: subject(bundle),
        html: format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{headline}</title></head>\n\
             <body style=\"margin:0;padding:16px;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5\">\n\
             <p style=\"font-weight:700\">{headline}</p>\n\
             <table style=\"border-collapse:collapse\">{rows}</table>\n<p>{more}</p>\n\
             <p><a href=\"{link}\">Open the dashboard</a></p>\n\
             <p style=\"font-size:13px\">Sent by Tocsin, because rules notify this address.</p>\n</body></html>\n",
            link = escape(&dashboard),
        ),
        text,
        date: first.notification.id.made_at(),
    }
}

/// What is said in a room about all of them, and the key by which it is said once.
#[must_use]
pub fn announcement(bundle: &[Delivery], envelope: &Envelope) -> (String, String) {
    let mut text = format!("{}\n", subject(bundle));
    for [word, name, value, _] in lines(bundle).iter().take(LISTED / 5) {
        let _ = writeln!(text, "{word}: {name}: {value}");
    }
    let _ = write!(text, "{}/", envelope.public_url.trim_end_matches('/'));
    (text, key(bundle))
}

/// The same for the same messages, on every try.
fn key(bundle: &[Delivery]) -> String {
    let ids: BTreeSet<String> = bundle.iter().map(|delivery| delivery.notification.id.to_string()).collect();
    let all: Vec<String> = ids.into_iter().collect();
    format!("digest.{:016x}", fingerprint(&all.join(" ")))
}

fn counted(bundle: &[Delivery]) -> (usize, usize) {
    let resolved = bundle.iter().filter(|one| one.notification.transition == Transition::Resolved).count();
    (bundle.len() - resolved, resolved)
}

fn subject(bundle: &[Delivery]) -> String {
    let names: BTreeSet<&str> = bundle.iter().map(|delivery| delivery.incident.rule_name.as_str()).collect();
    let first = one_line(names.first().copied().unwrap_or_default(), NAME_MAX_CHARS);
    let of = match names.len() {
        0 | 1 => first,
        2 => format!("{first} and another rule"),
        n => format!("{first} and {} other rules", n - 1),
    };
    match counted(bundle) {
        (0, resolved) => format!("[RESOLVED] {resolved} incidents: {of}"),
        (firing, 0) => format!("[FIRING] {firing} incidents: {of}"),
        (firing, resolved) => format!("[FIRING] {firing} incidents, {resolved} resolved: {of}"),
    }
}

fn headline(bundle: &[Delivery]) -> String {
    match counted(bundle) {
        (0, resolved) => format!("{resolved} incidents are resolved."),
        (firing, 0) => format!("{firing} incidents began within a second."),
        (firing, resolved) => format!("{firing} incidents began, and {resolved} are resolved."),
    }
}

/// What it is, of what, its value, since when.
fn lines(bundle: &[Delivery]) -> Vec<[String; 4]> {
    let line = |delivery: &Delivery| {
        let incident = &delivery.incident;
        let (word, value) = match delivery.notification.transition {
            Transition::Firing => ("FIRING", incident.peak),
            Transition::Reminder => ("STILL FIRING", incident.peak),
            Transition::Resolved => ("RESOLVED", incident.value),
        };
        let name = match &incident.group {
            Some(group) => format!("{}: {group}", incident.rule_name),
            None => incident.rule_name.clone(),
        };
        let value = format!("{}, threshold {}", number(value), number(incident.threshold));
        [word.to_owned(), one_line(&name, NAME_MAX_CHARS), value, utc(incident.started_at)]
    };
    bundle.iter().take(LISTED).map(line).collect()
}

fn more(count: usize) -> String {
    match count.saturating_sub(LISTED) {
        0 => String::new(),
        left => format!("And {left} more; the dashboard has them all."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::testing::samples;

    fn bundle(count: usize) -> Vec<Delivery> {
        let one = |n: usize| {
            let mut incident = samples::incident(Timestamp::clamped(samples::MORNING), &["a@example.org"]);
            incident.group = Some(format!("<group {n}>"));
            Delivery { notification: incident.notifications[0].clone(), incident }
        };
        (0..count).map(one).collect()
    }

    fn envelope() -> Envelope {
        Envelope { public_url: "https://tocsin.example".into(), domain: "tocsin.example".into() }
    }

    #[test]
    fn it_tells_of_all_and_lists_the_first() {
        let all = bundle(150);
        let mail = email(&all, &all[0], &envelope());
        assert_eq!(mail.subject, "[FIRING] 150 incidents: errors-last-minute");
        assert!(mail.text.contains("errors-last-minute: <group 99>: 51, threshold 50, since 2026-11-24 08:00:00 UTC"));
        assert!(!mail.text.contains("group 100") && mail.text.contains("And 50 more"), "{}", mail.text);
        assert!(mail.html.contains("&lt;group 0&gt;") && !mail.html.contains("<group"), "{}", mail.html);
        let (text, _) = announcement(&all, &envelope());
        assert_eq!(text.lines().count(), 22, "{text}");
    }

    #[test]
    fn every_try_is_the_same_message() {
        let mut all = bundle(11);
        let (mail, key) = (email(&all, &all[0], &envelope()), announcement(&all, &envelope()).1);
        all.reverse();
        assert_eq!(email(&all, &all[10], &envelope()).message_id, mail.message_id);
        assert_eq!(announcement(&all, &envelope()).1, key);
        all.pop();
        assert_ne!(announcement(&all, &envelope()).1, key);
    }

    #[test]
    fn ends_are_told_as_ends() {
        let mut all = bundle(12);
        all.iter_mut().take(4).for_each(|one| one.notification.transition = Transition::Resolved);
        assert_eq!(subject(&all), "[FIRING] 8 incidents, 4 resolved: errors-last-minute");
        all.iter_mut().for_each(|one| one.notification.transition = Transition::Resolved);
        assert_eq!(subject(&all), "[RESOLVED] 12 incidents: errors-last-minute");
        all[0].incident.rule_name = "a".into();
        assert_eq!(subject(&all), "[RESOLVED] 12 incidents: a and another rule");
    }
}
