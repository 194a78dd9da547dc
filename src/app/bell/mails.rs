//! The courier of the bell: its directory, and how it is woken.

use std::fmt;
use std::sync::Arc;

use tocsin_actors::board::BoardLink;
use tocsin_actors::delivery::{self, Courier, Wake};
use tocsin_actors::directory::{Directory, Respawn, Surroundings};
use tocsin_actors::domain::Incident;
use tocsin_actors::ports::{Announcer, Mailer, Webhooks};

use crate::app::Stores;
use crate::config::Config;

/// How often the courier looks into the outbox though nobody woke it.
const SWEEP_EVERY: std::time::Duration = std::time::Duration::from_secs(30);

/// The one key of the courier's directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TheCourier;

impl fmt::Display for TheCourier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("courier")
    }
}

/// An empty directory: with a courier, messages go out from here.
pub(super) fn couriers(
    config: &Config,
    around: Surroundings,
    stores: &Stores,
    (mailer, announcer, webhooks): (Arc<dyn Mailer>, Arc<dyn Announcer>, Arc<dyn Webhooks>),
    envelope: delivery::compose::Envelope,
    board: &BoardLink,
) -> Directory<TheCourier, Courier> {
    let ports = delivery::Ports {
        outbox: stores.outbox.clone(),
        mailer,
        announcer,
        webhooks,
        rules: stores.rules.clone(),
        clock: around.clock.clone(),
        meter: around.meter.clone(),
    };
    let mail = &config.mail;
    let limits = delivery::state::Limits {
        concurrent: mail.concurrent,
        max_attempts: mail.max_attempts,
        first_retry: mail.retry_initial,
        longest_retry: mail.retry_max,
        sweep: SWEEP_EVERY,
    };
    let settings = delivery::Settings { limits, timeout: mail.timeout, envelope };
    let (log, board, arbiter) = (around.log.clone(), board.clone(), around.arbiters.first().clone());
    let on_changed: delivery::OnChanged = Arc::new(move |incident: Incident| {
        let board = board.clone();
        arbiter.spawn(async move { board.changed(incident, None).await });
    });
    Directory::new("courier", around, Respawn::default(), move |_: &TheCourier, tether| {
        Some(Courier::new(ports.clone(), settings.clone(), on_changed.clone(), log.clone(), tether))
    })
}

/// Wakes the courier, if there is one. A mailbox that is full holds a wake already.
pub(super) fn wake(couriers: &Directory<TheCourier, Courier>) -> bool {
    let courier = couriers.get(&TheCourier);
    courier.inspect(|courier| drop(courier.try_send(Wake))).is_some()
}
