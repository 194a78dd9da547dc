//! From the event that crosses a line until somebody is told: by webhook, by mail, on a thousand dashboards, and beside
//! Prometheus with Alertmanager.

mod figures;
mod line;
mod prometheus;
mod receivers;
mod viewers;

use std::time::Duration;

use serde_json::json;

pub(crate) use self::viewers::dashboards;

use self::figures::Figures;
use self::line::Line;
use self::prometheus::{Measured, Prometheus};
use self::receivers::{Mailbox, Receivers, Told};

/// Of both, in turn.
const ROUNDS_BESIDE: usize = 30;
const ROUNDS_OF_MAIL: usize = 200;

/// Tocsin's webhook and mail, and Prometheus's counter and gauge, each at a random moment of its second.
pub(crate) async fn beside() {
    let (mut receivers, exporter) = Receivers::open(ROUNDS_BESIDE);
    let mailbox = receivers.mailbox(Mailbox::HangsUp).await;
    let line = Line::draw(
        Duration::from_millis(800),
        &["--set", &mailbox],
        json!({"emails": ["oncall@example.org"], "webhook": receivers.url("/tocsin")}),
    )
    .await;
    let theirs = Prometheus::start(&receivers, &exporter).await;
    let [mut webhook, mut mail, mut counter, mut gauge] = [(); 4].map(|()| Figures::default());
    for round in 0..ROUNDS_BESIDE {
        if theirs.is_some() {
            pause().await;
            let raised = exporter.raise(round);
            let by = |measured| move |told: &Told| told.is_alertmanagers(measured, round);
            let [of_counter, of_gauge] = receivers.first([&by(Measured::Counter), &by(Measured::Gauge)]).await;
            counter.note(raised, of_counter);
            gauge.note(raised, of_gauge);
        }
        pause().await;
        line.approach().await;
        let crossed = line.cross().await;
        let [called, mailed] = receivers.first([&|told| told.is_call("firing"), &|told| told.is_mail("firing")]).await;
        webhook.note(crossed, called);
        mail.note(crossed, mailed);
        receivers.first([&|told| told.is_call("resolved"), &|told| told.is_mail("resolved")]).await;
    }
    webhook.print("bell: event to webhook, Tocsin");
    mail.print("bell: event to SMTP's 250, Tocsin, a connection for each mail");
    if let Some(theirs) = theirs {
        counter.print("bell: event to webhook, Prometheus and Alertmanager at 1 s, increase() of a counter");
        gauge.print("bell: event to webhook, the same, a gauge");
        println!(
            "bell: by webhook, Tocsin takes 1/{:.0} of their better p50 and 1/{:.0} of their better p99; CPU in all: \
             Tocsin {:.1} s, Prometheus and Alertmanager {:.1} s",
            counter.quantile(0.5).min(gauge.quantile(0.5)) / webhook.quantile(0.5),
            counter.quantile(0.99).min(gauge.quantile(0.99)) / webhook.quantile(0.99),
            line.server.cpu().as_secs_f64(),
            theirs.cpu().as_secs_f64(),
        );
    }
}

/// From the event to the 250 by which a mail server takes the mail.
pub(crate) async fn mail() {
    for (name, kind) in [("a connection for each mail", Mailbox::HangsUp), ("a kept connection", Mailbox::Stays)] {
        let (mut receivers, _) = Receivers::open(0);
        let mailbox = receivers.mailbox(kind).await;
        let to = json!({"emails": ["oncall@example.org"]});
        let line = Line::draw(Duration::from_millis(400), &["--set", &mailbox], to).await;
        let mut figures = Figures::default();
        let before = line.server.cpu();
        for _ in 0..ROUNDS_OF_MAIL {
            line.approach().await;
            let crossed = line.cross().await;
            let [mailed] = receivers.first([&|told| told.is_mail("firing")]).await;
            figures.note(crossed, mailed);
            receivers.first([&|told| told.is_mail("resolved")]).await;
        }
        let cpu = (line.server.cpu() - before).as_secs_f64() * 1e3 / ROUNDS_OF_MAIL as f64;
        figures.print(&format!("bell: event to SMTP's 250, {name}"));
        println!("bell: {cpu:.1} ms of CPU for ringing, ending and both mails");
    }
}

/// Up to a second: whatever happens each second is met at every phase of it.
async fn pause() {
    tokio::time::sleep(Duration::from_secs_f64(fastrand::f64())).await;
}
