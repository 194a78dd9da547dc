#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::testing::samples;

fn envelope() -> Envelope {
    Envelope { public_url: "https://tocsin.example.com".into(), domain: "example.com".into() }
}

fn morning() -> Timestamp {
    Timestamp::clamped(samples::MORNING)
}

fn firing() -> Delivery {
    let incident = samples::incident(morning(), &["ann@example.com"]);
    Delivery { notification: incident.notifications[0].clone(), incident }
}

fn resolved() -> Delivery {
    let mut delivery = firing();
    delivery.incident.state = IncidentState::Resolved;
    delivery.incident.value = 0.0;
    delivery.incident.peak = 1_234.5;
    delivery.incident.resolved_at = Some(morning().plus(Duration::from_secs(80)));
    delivery.notification = samples::notification(morning(), Transition::Resolved, "ann@example.com");
    delivery
}

fn rule() -> Rule {
    samples::rule(morning()).unwrap()
}

#[test]
fn subjects() {
    let late = || Delivery { notification: firing().notification, ..resolved() };
    for (name, delivery, rule, subject) in [
        ("firing", firing(), Some(rule()), "[FIRING] errors-last-minute: 51 > 50"),
        ("resolved", resolved(), Some(rule()), "[RESOLVED] errors-last-minute: 0, threshold 50"),
        ("the rule is gone", firing(), None, "[FIRING] errors-last-minute: 51, threshold 50"),
        ("told after the end", late(), Some(rule()), "[FIRING] errors-last-minute: 1234.5 > 50"),
    ] {
        assert_eq!(email(&delivery, rule.as_ref(), &envelope()).subject, subject, "{name}");
    }
}

#[test]
fn the_text_says_what_how_much_and_since_when() {
    let text = email(&firing(), Some(&rule()), &envelope()).text;
    for part in [
        "FIRING: errors-last-minute\n",
        "Watches: count of documents of type error within 1 min\n",
        "Value: 51\n",
        "Rings when: above 50\n",
        "Since: 2026-11-24 08:00:00 UTC\n",
        "Dashboard: https://tocsin.example.com/\n",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert!(email(&firing(), None, &envelope()).text.contains("Threshold: 50\n"), "without the rule");
    let text = email(&resolved(), Some(&rule()), &envelope()).text;
    for part in ["Worst value: 1234.5\n", "Resolved: 2026-11-24 08:01:20 UTC, after 1 min 20 s\n"] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
}

#[test]
fn html_escapes_what_people_wrote_and_fetches_nothing() {
    let mut delivery = firing();
    delivery.incident.rule_name = "<img src=x onerror=alert(1)> & \"co\"".into();
    delivery.incident.group = Some("<script>".into());
    let html = email(&delivery, Some(&rule()), &envelope()).html;
    assert!(html.contains("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;co&quot;"), "{html}");
    for foreign in ["<img", "<script", "<link", "src=\"", "url("] {
        assert!(!html.contains(foreign), "{foreign} in {html}");
    }
    assert_eq!(html.matches("https://").count(), 1, "only the link: {html}");
}

#[test]
fn the_conversation_hangs_together() {
    let begin = firing();
    let mut end = resolved();
    end.incident.id = begin.incident.id;
    let (first, last) = (email(&begin, None, &envelope()), email(&end, None, &envelope()));
    assert_eq!(first, email(&begin, None, &envelope()), "the same on every try");
    assert_eq!(first.references, None);
    assert_eq!(last.references, Some(first.message_id.clone()));
    assert_ne!(last.message_id, first.message_id);
    assert_eq!((first.date, last.date), (morning(), morning().plus(Duration::from_secs(80))));
    assert_ne!(first.message_id, email(&firing(), None, &envelope()).message_id, "another incident");
}

#[test]
fn a_message_id_is_one_for_each_incident_transition_and_recipient() {
    let incident = firing().incident;
    let id = incident.id;
    let of = |transition, to| message_id(&incident, transition, to, "example.com");
    let ann = of(Transition::Firing, "ann@example.com");
    assert_eq!(ann, of(Transition::Firing, "Ann@Example.com"));
    assert_ne!(ann, of(Transition::Firing, "bob@example.com"));
    assert_ne!(ann, of(Transition::Resolved, "ann@example.com"));
    assert!(ann.starts_with(&format!("{id}.firing.")) && ann.ends_with("@example.com"), "{ann}");
    assert!(!ann.contains("ann"), "{ann}");
    assert_eq!(fingerprint("a"), 0xaf63_dc4c_8601_ec8c, "the reference value of FNV-1a");
}

#[test]
fn names_stay_on_one_line() {
    for (name, line) in [
        ("plain", "plain"),
        ("a\r\nBcc: eve@example.com", "a Bcc: eve@example.com"),
        ("tab\tnul\0del\u{7f}nel\u{85}", "tab nul del nel"),
        ("sep\u{2028}turn\u{202e}ed", "sep turn ed"),
        ("  spaces   ", "spaces"),
        ("Fehler über 50 %", "Fehler über 50 %"),
        ("1234567890123456789012345", "12345678901234567890123…"),
    ] {
        assert_eq!(one_line(name, 24), line, "{name:?}");
    }
    let mut delivery = firing();
    delivery.incident.rule_name = "x\r\nBcc: eve@example.com\r\n\r\nbody".into();
    let subject = email(&delivery, None, &envelope()).subject;
    assert!(!subject.contains(['\r', '\n']), "{subject:?}");
}

#[test]
fn numbers_and_durations_read_plainly() {
    for (value, text) in
        [(51.0, "51"), (0.0, "0"), (100.0, "100"), (0.1 + 0.2, "0.3"), (1234.5, "1234.5"), (-2.0, "-2")]
    {
        assert_eq!(number(value), text);
    }
    for (millis, text) in [(0, "less than a second"), (59_999, "59 s"), (60_000, "1 min"), (3_723_000, "1 h 2 min 3 s")]
    {
        assert_eq!(spoken(Duration::from_millis(millis)), text);
    }
}
