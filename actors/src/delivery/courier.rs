//! The actor: carries out what the state decides.

use std::hash::{BuildHasher as _, RandomState};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use actix::{
    Actor, ActorContext as _, ActorFutureExt as _, AsyncContext as _, Context, Handler, ResponseFuture, SpawnHandle,
    WrapFuture as _,
};
use futures_util::FutureExt as _;
use futures_util::future::{Either, select};
use slog::{Logger, info, warn};
use tokio::sync::oneshot;

use super::compose::{self, Envelope};
use super::digest;
use super::messages::{Drain, Wake};
use super::state::{Effect, Limits, State};
use crate::directory::Tether;
use crate::domain::{Channel, Incident, NotificationId, RoomName, Timestamp};
use crate::ports::{
    Announcer, Clock, Count, Delivery, MailError, Mailer, Meter, Outbox, PortError, Rules, Settlement, Timing,
    WebhookCall, Webhooks,
};

/// Told of every incident whose messages moved on. Must not block.
pub type OnChanged = Arc<dyn Fn(Incident) + Send + Sync>;

/// What the courier needs from outside.
#[derive(Clone)]
pub struct Ports {
    /// Where messages wait.
    pub outbox: Arc<dyn Outbox>,
    /// Where they go.
    pub mailer: Arc<dyn Mailer>,
    /// Those that are for a room.
    pub announcer: Arc<dyn Announcer>,
    /// Those that are for a server of somebody's.
    pub webhooks: Arc<dyn Webhooks>,
    /// The rules, for what a message says of window and comparison.
    pub rules: Arc<dyn Rules>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Counts and times.
    pub meter: Arc<dyn Meter>,
}

/// How the courier works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Numbers of the state.
    pub limits: Limits,
    /// A try that takes longer has failed for now.
    pub timeout: Duration,
    /// What every message says.
    pub envelope: Envelope,
}

/// Works through the outbox.
pub struct Courier {
    ports: Ports,
    settings: Settings,
    on_changed: OnChanged,
    log: Logger,
    state: State,
    timer: Option<SpawnHandle>,
    drained: Vec<oneshot::Sender<()>>,
    _tether: Tether,
}

impl Courier {
    /// A courier that begins with what is due when it is started.
    #[must_use]
    pub fn new(ports: Ports, settings: Settings, on_changed: OnChanged, log: Logger, tether: Tether) -> Self {
        let state = State::new(settings.limits);
        Self { ports, settings, on_changed, log, state, timer: None, drained: Vec::new(), _tether: tether }
    }

    fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    fn perform(&mut self, effects: Vec<Effect>, ctx: &mut Context<Self>) {
        for effect in effects {
            match effect {
                Effect::Read { limit } => self.read(limit, ctx),
                Effect::Send(bundle) => self.send(bundle, ctx),
                Effect::Settle { id, settlement } => self.settle(id, settlement, ctx),
                Effect::SetTimer(at) => self.set_timer(at, ctx),
                Effect::ClearTimer => self.clear_timer(ctx),
                Effect::Drained => {
                    // Whoever asked may have gone away.
                    for asked in self.drained.drain(..) {
                        let _ = asked.send(());
                    }
                    ctx.stop();
                }
            }
        }
    }

    fn read(&self, limit: usize, ctx: &mut Context<Self>) {
        let outbox = self.ports.outbox.clone();
        let now = self.now();
        let read = async move {
            let due = outbox.due(now, limit).await?;
            Ok::<_, PortError>((due, outbox.next_due(now).await?))
        };
        ctx.spawn(read.into_actor(self).map(|answer, courier, ctx| {
            let effects = match answer {
                Ok((due, next_due)) => courier.state.read(due, next_due, courier.now()),
                Err(error) => {
                    warn!(courier.log, "the outbox cannot be read, trying again"; "error" => %error);
                    courier.state.read_failed(courier.now(), share())
                }
            };
            courier.perform(effects, ctx);
        }));
    }

    fn send(&self, bundle: Vec<Delivery>, ctx: &mut Context<Self>) {
        let Some(first) = bundle.first() else { return };
        let began = self.now();
        let entries: Vec<(NotificationId, u32)> =
            bundle.iter().map(|delivery| (delivery.notification.id, delivery.notification.attempts)).collect();
        let (to, channel) = (first.notification.to.clone(), first.notification.channel);
        let send = attempt(self.ports.clone(), self.settings.clone(), bundle, began.plus(self.settings.timeout));
        ctx.spawn(send.into_actor(self).map(move |outcome, courier, ctx| {
            let now = courier.now();
            courier.ports.meter.observe(Timing::MailAttempt, now.since(began));
            let failure = outcome.as_ref().err().map(ToString::to_string);
            let effects = courier.state.tried(&entries, &outcome, now, share());
            if let (Some((id, attempts)), Some(Effect::Settle { settlement, .. })) = (entries.first(), effects.first())
            {
                if channel == Channel::Email {
                    courier.count(settlement);
                }
                let of = Tried { id: *id, to: &to, told: entries.len(), attempt: attempts.saturating_add(1) };
                courier.note(&of, settlement, failure.as_deref(), now.since(began));
            }
            courier.perform(effects, ctx);
        }));
    }

    fn count(&self, settlement: &Settlement) {
        let count = match settlement {
            Settlement::Sent => Count::MailsSent,
            Settlement::Retry { .. } => Count::MailsRetried,
            Settlement::Dead { .. } => Count::MailsDead,
        };
        self.ports.meter.add(count, 1);
    }

    /// One line a try. The address stays out of the log, also where the server repeats it.
    fn note(&self, of: &Tried<'_>, settlement: &Settlement, failure: Option<&str>, took: Duration) {
        let Tried { id, to, told, attempt } = *of;
        let outcome = match settlement {
            Settlement::Sent => "sent",
            Settlement::Retry { .. } => "retry",
            Settlement::Dead { .. } => "dead",
        };
        let domain = to.rsplit_once('@').map_or("", |(_, domain)| domain);
        let reason = failure.map(|text| text.replace(to, "the recipient")).unwrap_or_default();
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let fields = slog::o!("notification" => id.to_string(), "told" => told, "recipient_domain" => compose::one_line(domain, 255),
            "outcome" => outcome, "attempt" => attempt, "took_ms" => took_ms);
        let log = self.log.new(fields);
        if failure.is_none() {
            info!(log, "mail tried");
        } else {
            warn!(log, "mail tried"; "reason" => reason);
        }
    }

    fn settle(&self, id: NotificationId, settlement: Settlement, ctx: &mut Context<Self>) {
        let outbox = self.ports.outbox.clone();
        let settle = async move { outbox.settle(id, settlement).await };
        ctx.spawn(settle.into_actor(self).map(move |answer, courier, ctx| {
            let effects = match answer {
                Ok(changed) => {
                    if let Some(incident) = changed {
                        (courier.on_changed)(incident);
                    }
                    courier.state.settled(id, courier.now())
                }
                Err(error) => {
                    warn!(courier.log, "the outbox cannot be written, trying again";
                        "notification" => %id, "error" => %error);
                    courier.state.settle_failed(id, courier.now(), share())
                }
            };
            courier.perform(effects, ctx);
        }));
    }

    fn set_timer(&mut self, at: Timestamp, ctx: &mut Context<Self>) {
        self.clear_timer(ctx);
        let wait = self.ports.clock.until(at);
        self.timer = Some(ctx.spawn(wait.into_actor(self).map(|(), courier, ctx| {
            courier.timer = None;
            let effects = courier.state.tick(courier.now());
            courier.perform(effects, ctx);
        })));
    }

    fn clear_timer(&mut self, ctx: &mut Context<Self>) {
        if let Some(handle) = self.timer.take() {
            ctx.cancel_future(handle);
        }
    }
}

impl Actor for Courier {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        let effects = self.state.wake(self.now());
        self.perform(effects, ctx);
    }
}

impl Handler<Wake> for Courier {
    type Result = ();

    fn handle(&mut self, _: Wake, ctx: &mut Self::Context) {
        let effects = self.state.wake(self.now());
        self.perform(effects, ctx);
    }
}

impl Handler<Drain> for Courier {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Drain, ctx: &mut Self::Context) -> Self::Result {
        let (done, drained) = oneshot::channel();
        self.drained.push(done);
        let effects = self.state.drain(self.now());
        self.perform(effects, ctx);
        // An actor that is gone has nothing under way either.
        Box::pin(async move { drained.await.unwrap_or_default() })
    }
}

/// What one line of the log is about.
struct Tried<'a> {
    id: NotificationId,
    to: &'a str,
    told: usize,
    attempt: u32,
}

/// One try, which ends at `deadline`.
async fn attempt(
    ports: Ports,
    settings: Settings,
    bundle: Vec<Delivery>,
    deadline: Timestamp,
) -> Result<(), MailError> {
    let timeout_seconds = settings.timeout.as_secs_f64();
    let clock = ports.clock.clone();
    let send = hand_over(&ports, &settings.envelope, &bundle);
    // A message at which the mailer panics must not stop those behind it.
    let send = std::pin::pin!(AssertUnwindSafe(send).catch_unwind());
    match select(send, clock.until(deadline)).await {
        Either::Left((Ok(outcome), _)) => outcome,
        Either::Left((Err(_panic), _)) => Err(MailError::Temporary("the mailer panicked; see the log".into())),
        Either::Right(_) => Err(MailError::Temporary(format!("no answer within {timeout_seconds} s"))),
    }
}

/// By whichever means the messages are for.
async fn hand_over(ports: &Ports, envelope: &Envelope, bundle: &[Delivery]) -> Result<(), MailError> {
    let Some(first) = bundle.first() else { return Ok(()) };
    // Without the rule, which may be gone, a message says a little less.
    let rule = ports.rules.get(first.incident.rule_id).await.unwrap_or_default();
    let alone = bundle.len() == 1;
    match first.notification.channel {
        Channel::Email if alone => ports.mailer.send(compose::email(first, rule.as_ref(), envelope)).await,
        Channel::Email => ports.mailer.send(digest::email(bundle, first, envelope)).await,
        Channel::Room => {
            let room = RoomName::parse(&first.notification.to);
            let room = room.map_err(|error| MailError::Permanent(format!("the name of the room {error}")))?;
            let (text, key) = match alone {
                true => compose::announcement(first, rule.as_ref(), envelope),
                false => digest::announcement(bundle, envelope),
            };
            ports.announcer.announce(room, text, key).await
        }
        Channel::Webhook => {
            let url = rule.and_then(|rule| rule.notify_webhook).filter(|url| url.masked() == first.notification.to);
            let gone = || MailError::Permanent("the rule has no such webhook any more".into());
            let call = WebhookCall {
                id: first.notification.id,
                url: url.ok_or_else(gone)?,
                changes: bundle.iter().map(|one| (one.notification.transition, one.incident.clone())).collect(),
                at: ports.clock.now(),
            };
            ports.webhooks.call(call).await
        }
    }
}

/// Evenly from `0.0..1.0`: the keys of a fresh hasher are random, and jitter asks for no more.
pub(super) fn share() -> f64 {
    let drawn = u32::try_from(RandomState::new().hash_one(()) >> 32).unwrap_or(0);
    f64::from(drawn) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests;
