#![allow(clippy::unwrap_used, clippy::panic)]

use std::future::Future;
use std::sync::Mutex;

use actix::Addr;

use super::*;
use crate::directory::Tether;
use crate::domain::{NotificationState, Rule, Transition, WebhookUrl};
use crate::testing::announcer::FakeAnnouncer;
use crate::testing::clock::SimulatedClock;
use crate::testing::mailer::{Behaviour, FakeMailer};
use crate::testing::meter::NullMeter;
use crate::testing::outbox::FakeOutbox;
use crate::testing::rules::OneRule;
use crate::testing::samples;
use crate::testing::webhooks::FakeWebhooks;

const TIMEOUT: Duration = Duration::from_secs(30);
const LONGEST_RETRY: Duration = Duration::from_secs(60);

/// What was logged: the message, then each key with its value.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl slog::Drain for Lines {
    type Ok = ();
    type Err = slog::Error;

    fn log(&self, record: &slog::Record<'_>, values: &slog::OwnedKVList) -> slog::Result {
        struct Text(String);
        impl slog::Serializer for Text {
            fn emit_arguments(&mut self, key: slog::Key, value: &std::fmt::Arguments<'_>) -> slog::Result {
                self.0.push_str(&format!(" {key}={value}"));
                Ok(())
            }
        }
        let mut text = Text(record.msg().to_string());
        slog::KV::serialize(values, record, &mut text)?;
        slog::KV::serialize(&record.kv(), record, &mut text)?;
        self.0.lock().unwrap().push(text.0);
        Ok(())
    }
}

struct House {
    said: Arc<FakeAnnouncer>,
    called: Arc<FakeWebhooks>,
    clock: Arc<SimulatedClock>,
    outbox: Arc<FakeOutbox>,
    mailer: Arc<FakeMailer>,
    changed: Arc<Mutex<Vec<Incident>>>,
    lines: Lines,
    courier: Addr<Courier>,
}

fn morning() -> Timestamp {
    Timestamp::clamped(samples::MORNING)
}

fn rule() -> Rule {
    let webhook = WebhookUrl::parse("https://hooks.example/T0/secret").unwrap();
    Rule { notify_webhook: Some(webhook), ..samples::rule(morning()).unwrap() }
}

impl House {
    fn with(recipients: &[&str], concurrent: usize) -> Self {
        Self::prepared(recipients, concurrent, |_, _| ())
    }

    /// `prepare` comes before the courier starts.
    fn prepared(recipients: &[&str], concurrent: usize, prepare: impl FnOnce(&FakeOutbox, &FakeMailer)) -> Self {
        let clock = Arc::new(SimulatedClock::at(morning()));
        let incidents = if recipients.is_empty() { Vec::new() } else { vec![samples::incident(morning(), recipients)] };
        let outbox = Arc::new(FakeOutbox::with(incidents));
        let mailer = Arc::new(FakeMailer::default());
        prepare(&outbox, &mailer);
        let said = Arc::new(FakeAnnouncer::default());
        let called = Arc::new(FakeWebhooks::default());
        let changed = Arc::new(Mutex::new(Vec::new()));
        let limits = Limits {
            concurrent,
            max_attempts: 3,
            first_retry: Duration::from_secs(10),
            longest_retry: LONGEST_RETRY,
            sweep: Duration::from_secs(3_600),
        };
        let envelope = Envelope { public_url: "http://127.0.0.1:8080".into(), domain: "example.com".into() };
        let ports = Ports {
            outbox: outbox.clone(),
            mailer: mailer.clone(),
            announcer: said.clone(),
            webhooks: called.clone(),
            rules: Arc::new(OneRule(rule())),
            clock: clock.clone(),
            meter: Arc::new(NullMeter),
        };
        let told = changed.clone();
        let on_changed: OnChanged = Arc::new(move |incident| told.lock().unwrap().push(incident));
        let lines = Lines::default();
        let log = Logger::root(slog::Fuse(lines.clone()), slog::o!());
        let courier =
            Courier::new(ports, Settings { limits, timeout: TIMEOUT, envelope }, on_changed, log, Tether::loose())
                .start();
        Self { said, called, clock, outbox, mailer, changed, lines, courier }
    }

    /// The tries, the recipients of which are `recipients` in any order.
    async fn tried(&self, recipients: &[&str]) {
        let mut to: Vec<String> =
            soon(self.mailer.until_tried(recipients.len())).await.into_iter().map(|email| email.to).collect();
        to.sort();
        assert_eq!(to, recipients);
    }

    fn states(&self) -> Vec<(NotificationState, u32)> {
        self.outbox.notifications().iter().map(|n| (n.state, n.attempts)).collect()
    }

    async fn drain(&self) {
        soon(self.courier.send(Drain)).await.unwrap();
    }
}

/// Fails the test instead of hanging.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), future).await.unwrap()
}

#[actix_rt::test]
async fn what_waits_at_the_start_goes_out_once_and_the_board_hears_of_it() {
    let house = House::with(&["a@x.example", "b@x.example"], 4);
    soon(house.outbox.until_settled(2)).await;
    house.drain().await;
    house.tried(&["a@x.example", "b@x.example"]).await;
    assert_eq!(house.states(), [(NotificationState::Sent, 1), (NotificationState::Sent, 1)]);
    let seqs: Vec<u64> = house.changed.lock().unwrap().iter().map(|incident| incident.seq).collect();
    assert_eq!(seqs, [2, 3]);
    let subject = house.mailer.tried()[0].subject.clone();
    assert_eq!(subject, "[FIRING] errors-last-minute: 51 > 50");
}

#[actix_rt::test]
async fn what_is_for_a_webhook_is_called_where_the_rule_says() {
    let house = House::with(&["https://hooks.example/…", "https://other.example/…"], 4);
    soon(house.outbox.until_settled(2)).await;
    house.drain().await;
    let calls = house.called.calls();
    assert_eq!(calls.len(), 1, "an address that the rule has no more is not called");
    assert_eq!(calls[0].url.expose(), "https://hooks.example/T0/secret");
    assert_eq!(calls[0].changes[0].0, Transition::Firing);
    assert_eq!(house.states(), [(NotificationState::Sent, 1), (NotificationState::Dead, 1)]);
}

#[actix_rt::test]
async fn more_than_ten_to_one_recipient_are_told_together() {
    let house = House::with(&["a@x.example"; 11], 4);
    soon(house.outbox.until_settled(11)).await;
    house.drain().await;
    let mails = house.mailer.tried();
    assert_eq!((mails.len(), mails[0].subject.as_str()), (1, "[FIRING] 11 incidents: errors-last-minute"));
    assert!(house.states().iter().all(|state| *state == (NotificationState::Sent, 1)));
    let house = House::with(&["a@x.example"; 10], 4);
    soon(house.outbox.until_settled(10)).await;
    house.drain().await;
    assert_eq!(house.mailer.tried().len(), 10, "ten are not many");
}

#[actix_rt::test]
async fn what_is_for_a_room_is_said_there_and_mailed_to_nobody() {
    let house = House::with(&["incidents"], 4);
    soon(house.outbox.until_settled(1)).await;
    house.drain().await;
    house.tried(&[]).await;
    let said = house.said.said();
    let incident = house.changed.lock().unwrap()[0].id;
    let text = "[FIRING] errors-last-minute: 51 > 50\nhttp://127.0.0.1:8080/";
    assert_eq!(said, [("incidents".into(), text.into(), format!("{incident}.firing"))]);
}

#[actix_rt::test]
async fn a_wake_brings_what_was_stored_since() {
    let house = House::with(&[], 4);
    house.outbox.add(samples::incident(morning(), &["a@x.example"]));
    house.courier.send(Wake).await.unwrap();
    soon(house.outbox.until_settled(1)).await;
    assert_eq!(house.states(), [(NotificationState::Sent, 1)]);
}

#[actix_rt::test]
async fn one_of_three_is_refused_and_the_others_get_theirs_once() {
    let refused = Behaviour::Fails(MailError::Permanent("550 no such user".into()));
    let house = House::prepared(&["a@x.example", "b@x.example", "c@x.example"], 4, |_, mailer| {
        mailer.behave("b@x.example", Some(refused));
    });
    soon(house.outbox.until_settled(3)).await;
    house.clock.advance(Duration::from_secs(3_600));
    house.drain().await;
    house.tried(&["a@x.example", "b@x.example", "c@x.example"]).await;
    use NotificationState::{Dead, Sent};
    assert_eq!(house.states(), [(Sent, 1), (Dead, 1), (Sent, 1)]);
    assert_eq!(house.outbox.notifications()[1].last_error.as_deref(), Some("550 no such user"));
}

#[actix_rt::test]
async fn what_fails_for_now_is_tried_again_until_it_is_given_up() {
    let busy = Behaviour::Fails(MailError::Temporary("451 try later".into()));
    let house = House::prepared(&["a@x.example"], 1, |_, mailer| mailer.behave("a@x.example", Some(busy)));
    for tries in 1..=3 {
        soon(house.outbox.until_settled(tries)).await;
        house.clock.advance(LONGEST_RETRY);
    }
    let [notification] = &house.outbox.notifications()[..] else { panic!("one message") };
    assert_eq!((notification.state, notification.attempts), (NotificationState::Dead, 3));
    assert_eq!(notification.last_error.as_deref(), Some("given up after 3 tries: 451 try later"));
    let ids: Vec<String> = house.mailer.tried().into_iter().map(|email| email.message_id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "one message, one Message-ID: {ids:?}");
}

#[actix_rt::test]
async fn a_server_that_mends_itself_gets_the_mail() {
    let away = Behaviour::Fails(MailError::Temporary("connection refused".into()));
    let house = House::prepared(&["a@x.example"], 1, |_, mailer| mailer.behave("a@x.example", Some(away)));
    soon(house.outbox.until_settled(1)).await;
    house.mailer.behave("a@x.example", None);
    house.clock.advance(LONGEST_RETRY);
    soon(house.outbox.until_settled(2)).await;
    assert_eq!(house.states(), [(NotificationState::Sent, 2)]);
    assert_eq!(house.outbox.notifications()[0].last_error, None);
}

#[actix_rt::test]
async fn a_slow_recipient_does_not_hold_the_others_up_and_times_out() {
    let house = House::prepared(&["a@x.example", "b@x.example", "c@x.example"], 2, |_, mailer| {
        mailer.behave("a@x.example", Some(Behaviour::Hangs));
    });
    soon(house.outbox.until_settled(2)).await;
    use NotificationState::{Pending, Sent};
    assert_eq!(house.states(), [(Pending, 0), (Sent, 1), (Sent, 1)]);
    house.clock.advance(TIMEOUT);
    soon(house.outbox.until_settled(3)).await;
    assert_eq!(house.states(), [(Pending, 1), (Sent, 1), (Sent, 1)]);
    let error = house.outbox.notifications()[0].last_error.clone().unwrap();
    assert_eq!(error, "no answer within 30 s");
}

#[actix_rt::test]
async fn a_mailer_that_panics_on_one_message_takes_the_others() {
    let house = House::prepared(&["a@x.example", "b@x.example"], 1, |_, mailer| {
        mailer.behave("a@x.example", Some(Behaviour::Panics));
    });
    soon(house.outbox.until_settled(2)).await;
    assert_eq!(house.states(), [(NotificationState::Pending, 1), (NotificationState::Sent, 1)]);
}

#[actix_rt::test]
async fn a_busy_storage_delays_and_loses_nothing() {
    let house = House::prepared(&["a@x.example"], 1, |outbox, _| outbox.refuse(3));
    let pass = async {
        while house.states() != [(NotificationState::Sent, 1)] {
            house.clock.advance(Duration::from_secs(30));
            tokio::task::yield_now().await;
        }
    };
    soon(pass).await;
    assert_eq!(house.outbox.refusals(), 0);
    house.tried(&["a@x.example"]).await;
}

#[actix_rt::test]
async fn a_settlement_that_cannot_be_written_is_written_later_without_a_second_mail() {
    let house = House::prepared(&["a@x.example"], 1, |_, mailer| mailer.behave("a@x.example", Some(Behaviour::Hangs)));
    soon(house.mailer.until_tried(1)).await;
    house.outbox.refuse(3);
    house.mailer.behave("a@x.example", None);
    house.clock.advance(TIMEOUT);
    let wake = async || {
        house.courier.send(Wake).await.unwrap();
        house.clock.advance(Duration::from_millis(10));
    };
    let refused = async {
        while house.outbox.refusals() > 0 {
            wake().await;
        }
    };
    soon(refused).await;
    assert_eq!((house.mailer.tried().len(), house.states()), (1, vec![(NotificationState::Pending, 0)]));
    let written = async {
        while house.states() == [(NotificationState::Pending, 0)] {
            wake().await;
        }
    };
    // The next try may be due by then; it comes after the first was written down.
    soon(written).await;
}

#[actix_rt::test]
async fn a_drain_waits_for_what_is_under_way() {
    let house = House::prepared(&["a@x.example", "b@x.example"], 1, |_, mailer| {
        mailer.behave("a@x.example", Some(Behaviour::Hangs));
    });
    soon(house.mailer.until_tried(1)).await;
    let drained = house.courier.send(Drain);
    let after = async {
        // The mailbox is in order: once this is answered, the drain was taken.
        house.courier.send(Wake).await.unwrap();
        house.clock.advance(TIMEOUT);
    };
    let (answer, ()) = soon(futures_util::future::join(drained, after)).await;
    answer.unwrap();
    assert_eq!(house.states(), [(NotificationState::Pending, 1), (NotificationState::Pending, 0)]);
    assert!(!house.courier.connected());
}

#[actix_rt::test]
async fn the_log_has_a_line_a_try_and_neither_address_nor_body() {
    let words = "550 <bob@y.example> is unknown".to_owned();
    let house = House::prepared(&["ann@x.example", "bob@y.example"], 1, |_, mailer| {
        mailer.behave("bob@y.example", Some(Behaviour::Fails(MailError::Permanent(words))));
    });
    soon(house.outbox.until_settled(2)).await;
    house.drain().await;
    let lines = house.lines.0.lock().unwrap().clone();
    assert_eq!(lines.len(), 2, "{lines:?}");
    for (line, parts) in lines.iter().zip([
        ["recipient_domain=x.example", "outcome=sent", "attempt=1", "notification="],
        ["recipient_domain=y.example", "outcome=dead", "attempt=1", "reason=550 <the recipient> is unknown"],
    ]) {
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
        assert!(!["ann", "bob", "errors-last-minute"].iter().any(|secret| line.contains(secret)), "{line}");
    }
}
