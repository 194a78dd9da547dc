//! The courier with a real clock and a real mail server.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use actix::Actor as _;
use tocsin::adapters::clock::SystemClock;
use tocsin::adapters::mail;
use tocsin_actors::delivery::{Courier, Drain, Envelope, Limits, Ports, Settings};
use tocsin_actors::domain::NotificationState::{Dead, Pending, Sent};
use tocsin_actors::ports::Clock as _;
use tocsin_actors::testing::announcer::FakeAnnouncer;
use tocsin_actors::testing::meter::NullMeter;
use tocsin_actors::testing::outbox::FakeOutbox;
use tocsin_actors::testing::rules::OneRule;
use tocsin_actors::testing::samples;
use tocsin_actors::testing::webhooks::FakeWebhooks;

use crate::support::smtp::SmtpServer;

const PATIENCE: Duration = Duration::from_secs(20);

fn courier(outbox: &Arc<FakeOutbox>, url: &str, timeout: Duration) -> Courier {
    let ports = Ports {
        outbox: outbox.clone(),
        mailer: mail::from_url(url, "Tocsin <tocsin@example.com>", PATIENCE, None).unwrap(),
        announcer: Arc::new(FakeAnnouncer::default()),
        webhooks: Arc::new(FakeWebhooks::default()),
        rules: Arc::new(OneRule(samples::rule(SystemClock.now()).unwrap())),
        clock: Arc::new(SystemClock),
        meter: Arc::new(NullMeter),
    };
    let limits = Limits {
        concurrent: 2,
        max_attempts: 3,
        first_retry: Duration::from_millis(20),
        longest_retry: Duration::from_millis(40),
        sweep: Duration::from_secs(60),
    };
    let envelope = Envelope { public_url: "http://127.0.0.1:8080".into(), domain: "example.com".into() };
    let log = slog::Logger::root(slog::Discard, slog::o!());
    Courier::new(
        ports,
        Settings { limits, timeout, envelope },
        Arc::new(|_| ()),
        log,
        tocsin_actors::directory::Tether::loose(),
    )
}

fn outbox(recipients: &[&str]) -> Arc<FakeOutbox> {
    Arc::new(FakeOutbox::with(vec![samples::incident(SystemClock.now(), recipients)]))
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.unwrap()
}

#[test]
fn of_three_one_is_refused_one_is_busy_and_one_gets_its_mail_once() {
    actix::System::new().block_on(async {
        let options = ["--reply-550", "gone@example.com", "--reply-451", "busy@example.com"];
        let server = SmtpServer::start(options).await;
        let outbox = outbox(&["gone@example.com", "busy@example.com", "ann@example.com"]);
        let courier = courier(&outbox, &server.url("smtp", "", ""), PATIENCE).start();
        soon(outbox.until_settled(5)).await;
        soon(courier.send(Drain)).await.unwrap();
        let notifications = outbox.notifications();
        let states: Vec<_> = notifications.iter().map(|n| (n.state, n.attempts, n.last_error.as_deref())).collect();
        assert_eq!(
            states,
            [
                (Dead, 1, Some("550 5.1.1 no such user")),
                (Dead, 3, Some("given up after 3 tries: 451 4.3.0 the mailbox is busy , try later")),
                (Sent, 1, None),
            ]
        );
        let [mail] = &server.rest().await[..] else { panic!("one mail") };
        assert_eq!(mail.to, ["ann@example.com"]);
        assert_eq!(mail.headers["Subject"], "[FIRING] errors-last-minute: 51 > 50");
    });
}

#[test]
fn a_slow_recipient_is_tried_again_and_the_others_do_not_wait_for_it() {
    actix::System::new().block_on(async {
        let server = SmtpServer::start(["--slow", "slow@example.com"]).await;
        let outbox = outbox(&["slow@example.com", "ann@example.com", "bob@example.com"]);
        let courier = courier(&outbox, &server.url("smtp", "", ""), Duration::from_secs(2)).start();
        soon(outbox.until_settled(2)).await;
        let states = || outbox.notifications().iter().map(|n| (n.state, n.attempts)).collect::<Vec<_>>();
        assert_eq!(states(), [(Pending, 0), (Sent, 1), (Sent, 1)]);
        soon(outbox.until_settled(3)).await;
        assert_eq!(states(), [(Pending, 1), (Sent, 1), (Sent, 1)]);
        soon(courier.send(Drain)).await.unwrap();
        assert_eq!(server.rest().await.len(), 2);
    });
}
