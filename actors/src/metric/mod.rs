//! Watching the last minute: one [`MetricWatcher`] a rule.

pub mod messages;
pub mod series;
pub mod state;
mod storing;
pub mod window;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::{Actor, ActorFutureExt as _, AsyncContext as _, Context, Handler, SpawnHandle, WrapFuture as _};

use self::messages::Observed;
use self::state::{Effect, Pace, Watch};
use self::storing::Storing;
use crate::board::BoardLink;
use crate::board::messages::Judged;
use crate::directory::Tether;
use crate::domain::event::RuleStatus;
use crate::domain::{Incident, Rule, RuleId, Timestamp};
use crate::ports::{Accounts, Arrivals, Clock, Count, Documents, Incidents, Meter, PortError, Timing};

/// The first wait before a store that failed is asked again; it doubles up to [`RETRY_MAX`].
const RETRY_INITIAL: Duration = Duration::from_millis(100);
/// The longest such wait.
const RETRY_MAX: Duration = Duration::from_secs(10);

/// Wakes the courier: there are new messages in the outbox.
pub type OnQueued = Arc<dyn Fn() + Send + Sync>;

/// Notes the value and peak of a rule at each judgement, for those who ask between two reports.
pub type OnJudged = Arc<dyn Fn(RuleId, f64, Option<f64>) + Send + Sync>;

/// What a watcher needs.
#[derive(Clone)]
pub struct Parts {
    /// To rebuild the window from.
    pub documents: Arc<dyn Documents>,
    /// Where incidents and their messages are stored.
    pub incidents: Arc<dyn Incidents>,
    /// For `@admins`.
    pub accounts: Arc<dyn Accounts>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For counts.
    pub meter: Arc<dyn Meter>,
    /// For what went wrong.
    pub log: slog::Logger,
    /// Who is told.
    pub board: BoardLink,
    /// Who is woken.
    pub on_queued: OnQueued,
    /// Who notes each judgement.
    pub on_judged: OnJudged,
    /// How often is often enough.
    pub pace: Pace,
    /// How far ahead a document's time may lie and still count as now.
    pub future_tolerance: Duration,
    /// How many messages may wait.
    pub mailbox: usize,
}

/// Watches one rule: moves its window, asks [`Watch`] what follows, and does that.
pub struct MetricWatcher {
    parts: Parts,
    rule: Rule,
    watch: Option<Watch>,
    /// Everything up to this place was read from the store.
    upto: u64,
    incident: Option<Incident>,
    /// What is still to be stored, in order.
    pending: VecDeque<(Effect, Option<Instant>)>,
    storing: bool,
    timer: Option<(Timestamp, SpawnHandle)>,
    _tether: Tether,
}

impl MetricWatcher {
    /// A watcher that knows nothing yet; it reads what counts, and what fires, when it starts.
    #[must_use]
    pub fn new(rule: Rule, parts: Parts, tether: Tether) -> Self {
        Self {
            parts,
            rule,
            watch: None,
            upto: 0,
            incident: None,
            pending: VecDeque::new(),
            storing: false,
            timer: None,
            _tether: tether,
        }
    }

    fn take_over(&mut self, arrivals: Arrivals, firing: Option<Incident>, ctx: &mut Context<Self>) {
        let now = self.parts.clock.now();
        let open = firing.as_ref().map(|incident| (incident.started_at, incident.peak));
        self.watch = Some(Watch::resume(self.rule.clone(), self.parts.pace, arrivals.counts, open, now));
        self.upto = arrivals.upto;
        self.incident = firing;
        self.step([], None, ctx);
    }

    /// Moves to the present with what arrived, and carries out what follows.
    fn step(
        &mut self,
        events: impl IntoIterator<Item = (Timestamp, u64)>,
        came: Option<(Timestamp, Instant)>,
        ctx: &mut Context<Self>,
    ) {
        let Some(watch) = &mut self.watch else { return };
        let now = self.parts.clock.now();
        let accepted_at = came.map(|(_, accepted_at)| accepted_at);
        let effects = watch.catch_up(events, came.map_or(now, |(received_at, _)| received_at), now);
        self.parts.meter.add(Count::Judgements, 1);
        if let Some(accepted_at) = accepted_at {
            self.parts.meter.observe(Timing::Judgement, accepted_at.elapsed());
        }
        (self.parts.on_judged)(self.rule.id, watch.value(), watch.peak());
        for effect in effects {
            match effect {
                Effect::Report { value, at } => self.report(value, at, accepted_at),
                stored => self.enqueue(stored, accepted_at),
            }
        }
        self.store_next(ctx);
        self.set_timer(ctx);
    }

    fn report(&self, value: f64, at: Timestamp, accepted_at: Option<Instant>) {
        let Some(watch) = &self.watch else { return };
        let status = RuleStatus {
            rule_id: self.rule.id,
            name: self.rule.name.clone(),
            value,
            threshold: self.rule.threshold,
            comparison: self.rule.comparison,
            window_seconds: self.rule.window.as_secs(),
            state: watch.state(),
            since: watch.since(),
        };
        if !self.parts.board.judged(Judged { status, at, accepted_at }) {
            self.parts.meter.add(Count::MailboxFull, 1);
        }
    }

    /// Queues what is to be stored; of several values that wait, only the last is worth storing.
    fn enqueue(&mut self, effect: Effect, accepted_at: Option<Instant>) {
        if matches!(effect, Effect::Progress { .. })
            && let Some((waiting @ Effect::Progress { .. }, _)) = self.pending.back_mut()
        {
            *waiting = effect;
            return;
        }
        self.pending.push_back((effect, accepted_at));
    }

    fn store_next(&mut self, ctx: &mut Context<Self>) {
        if self.storing {
            return;
        }
        let Some((effect, accepted_at)) = self.pending.pop_front() else { return };
        self.storing = true;
        let storing = Storing { parts: self.parts.clone(), rule: self.rule.clone(), incident: self.incident.take() };
        let stored = async move { storing.carry_out(effect, accepted_at).await };
        ctx.spawn(stored.into_actor(self).map(|incident, watcher, ctx| {
            watcher.incident = incident;
            watcher.storing = false;
            watcher.store_next(ctx);
        }));
    }

    /// One timer, set to the next instant at which something happens by itself.
    fn set_timer(&mut self, ctx: &mut Context<Self>) {
        let wake_at = self.watch.as_ref().and_then(Watch::wake_at);
        match (&self.timer, wake_at) {
            (Some((set, _)), Some(at)) if *set <= at => return,
            (Some((_, handle)), _) => drop(ctx.cancel_future(*handle)),
            (None, _) => {}
        }
        self.timer = wake_at.map(|at| {
            let due = self.parts.clock.until(at).into_actor(self).map(|(), watcher: &mut Self, ctx| {
                watcher.timer = None;
                watcher.step([], None, ctx);
            });
            (at, ctx.spawn(due))
        });
    }
}

/// Reads what counts and what fires, until the store answers. The arrivals come last: what is stored while this runs
/// is either among them or in the mailbox, with a later place.
async fn look_back(parts: Parts, rule: Rule) -> (Arrivals, Option<Incident>) {
    let mut wait = RETRY_INITIAL;
    loop {
        let read = async {
            let firing = parts.incidents.firing(rule.id).await?;
            let now = parts.clock.now();
            let upto = now.plus(parts.future_tolerance);
            let source = rule.source.clone();
            let tolerance = parts.future_tolerance;
            let past = rule.window + rule.hysteresis.memory();
            let arrivals = parts.documents.arrivals(source, now.minus(past), upto, tolerance).await?;
            Ok::<_, PortError>((arrivals, firing.into_iter().next()))
        };
        match read.await {
            Ok(read) => return read,
            Err(error) => {
                slog::warn!(parts.log, "a rule cannot read what it counts, trying again";
                    "rule" => &rule.name, "error" => %error);
                parts.clock.until(parts.clock.now().plus(wait)).await;
                wait = (wait * 2).min(RETRY_MAX);
            }
        }
    }
}

impl Actor for MetricWatcher {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.parts.mailbox);
        // The mailbox waits meanwhile, and with it, when it is full, those who post.
        let past = look_back(self.parts.clone(), self.rule.clone());
        ctx.wait(past.into_actor(self).map(|(arrivals, firing), watcher, ctx| {
            watcher.take_over(arrivals, firing, ctx);
        }));
    }
}

impl Handler<Observed> for MetricWatcher {
    type Result = ();

    fn handle(&mut self, Observed { batch, received_at, accepted_at }: Observed, ctx: &mut Self::Context) {
        let wanted = batch.iter().filter(|seen| seen.place > self.upto && self.rule.source.wants(&seen.kind));
        let mut events: Vec<(Timestamp, u64)> = Vec::new();
        for seen in wanted {
            match events.last_mut() {
                Some((at, count)) if *at == seen.at => *count += 1,
                _ => events.push((seen.at, 1)),
            }
        }
        if !events.is_empty() {
            self.step(events, Some((received_at, accepted_at)), ctx);
        }
    }
}
