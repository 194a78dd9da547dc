//! Watching the last minute: one [`MetricWatcher`] a rule.

pub mod burst;
pub mod groups;
mod held;
pub mod lens;
pub mod measures;
pub mod messages;
pub mod plan;
pub mod replay;
pub mod sketch;
pub mod state;
mod storing;
mod taking_over;
pub mod window;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::{
    Actor, ActorFutureExt as _, AsyncContext as _, Context, Handler, ResponseFuture, SpawnHandle, WrapFuture as _,
};
use tokio::sync::oneshot;

use self::burst::Burst;
use self::groups::{Groups, Summary, Turn};
use self::held::Held;
use self::messages::{LookAgain, Observed, StandDown};
use self::plan::{Group, Sample};
use self::state::{Effect, Pace};
use self::storing::Storing;
pub use self::storing::close_incidents;
use self::taking_over::Past;
use crate::board::BoardLink;
use crate::board::messages::Judged;
use crate::directory::Tether;
use crate::domain::event::RuleStatus;
use crate::domain::{Incident, Rule, RuleId, Timestamp};
use crate::ports::{Accounts, Choices, Clock, Count, Documents, Incidents, Meter, Timing};
use crate::silences::Current;

/// The first wait before a store that failed is asked again; it doubles up to [`RETRY_MAX`].
const RETRY_INITIAL: Duration = Duration::from_millis(100);
/// The longest such wait.
const RETRY_MAX: Duration = Duration::from_secs(10);

/// Wakes the courier: there are new messages in the outbox.
pub type OnQueued = Arc<dyn Fn() + Send + Sync>;

/// Notes the value and peak of every group of a rule that fires at each judgement, for those who ask between two
/// reports.
pub type OnJudged = Arc<dyn Fn(RuleId, Vec<(Group, f64, f64)>) + Send + Sync>;

/// What a watcher needs.
#[derive(Clone)]
pub struct Parts {
    /// To rebuild the window from.
    pub documents: Arc<dyn Documents>,
    /// Where incidents and their messages are stored.
    pub incidents: Arc<dyn Incidents>,
    /// For `@admins`.
    pub accounts: Arc<dyn Accounts>,
    /// Who wants what.
    pub choices: Arc<dyn Choices>,
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
    /// The most groups of one rule at once.
    pub max_groups: usize,
    /// When people are not told.
    pub silences: Current,
    /// Notices that so much happens at once that people are told of it together.
    pub burst: Arc<Burst>,
    /// How many messages may wait.
    pub mailbox: usize,
}

impl Parts {
    /// Shows a judgement on the dashboards.
    fn show(&self, judged: Judged) {
        if !self.board.judged(judged) {
            self.meter.add(Count::MailboxFull, 1);
        }
    }
}

/// Watches one rule: moves its windows, asks [`Groups`] what follows, and does that.
pub struct MetricWatcher {
    parts: Parts,
    rule: Arc<Rule>,
    groups: Option<Groups>,
    /// Everything up to this place was read from the store.
    upto: u64,
    incidents: HashMap<Group, Incident>,
    /// What is still to be stored, in order.
    pending: VecDeque<(Group, Effect, Option<Instant>)>,
    /// What dashboards are shown once the first of these is stored.
    held: Held,
    storing: bool,
    /// Who waits until nothing is under way.
    leaving: Vec<oneshot::Sender<()>>,
    timer: Option<(Timestamp, SpawnHandle)>,
    _tether: Tether,
}

impl MetricWatcher {
    /// A watcher that knows nothing yet; it reads what counts, and what fires, when it starts.
    #[must_use]
    pub fn new(rule: Rule, parts: Parts, tether: Tether) -> Self {
        Self {
            parts,
            rule: Arc::new(rule),
            groups: None,
            upto: 0,
            incidents: HashMap::new(),
            pending: VecDeque::new(),
            held: Held::default(),
            storing: false,
            leaving: Vec::new(),
            timer: None,
            _tether: tether,
        }
    }

    fn take_over(&mut self, past: Past, ctx: &mut Context<Self>) {
        let Past { mut groups, upto, incidents } = past;
        groups.resume(self.parts.clock.now());
        self.groups = Some(groups);
        self.upto = upto;
        self.incidents = incidents;
        self.step(Vec::new(), None, ctx);
    }

    /// Moves to the present with what arrived, and carries out what follows.
    fn step(&mut self, samples: Vec<Sample>, came: Option<(Timestamp, Instant)>, ctx: &mut Context<Self>) {
        let Some(groups) = &mut self.groups else { return };
        let now = self.parts.clock.now();
        groups.silence(self.parts.silences.get(), now);
        let accepted_at = came.map(|(_, accepted_at)| accepted_at);
        let turns = groups.catch_up(samples, came.map_or(now, |(received_at, _)| received_at), now);
        let missed = groups.take_missed();
        let firing = groups.firing().map(|(group, value, peak)| (group.clone(), value, peak)).collect();
        (self.parts.on_judged)(self.rule.id, firing);
        let meter = &self.parts.meter;
        meter.add(Count::Judgements, 1);
        meter.add(Count::MeasuresLate, missed.late);
        meter.add(Count::MeasuresRefused, missed.refused);
        if let Some(accepted_at) = accepted_at {
            meter.observe(Timing::Judgement, accepted_at.elapsed());
        }
        for turn in turns {
            match turn {
                Turn::Report(summary, at) => self.report(summary, at, accepted_at),
                Turn::Of(group, effect) => self.enqueue(group, effect, accepted_at),
            }
        }
        self.store_next(ctx);
        self.set_timer(ctx);
    }

    fn report(&self, summary: Summary, at: Timestamp, accepted_at: Option<Instant>) {
        let status = RuleStatus {
            rule_id: self.rule.id,
            name: self.rule.name.clone(),
            value: summary.value,
            group: summary.group.map(|group| group.to_string()),
            threshold: self.rule.threshold,
            comparison: self.rule.comparison,
            window_seconds: self.rule.window.as_secs(),
            state: summary.state,
            since: summary.since,
        };
        let judged = Judged { status, at, accepted_at };
        let is_next = !self.storing && self.pending.front().is_some_and(|(_, effect, _)| effect.is_alert());
        if let Some(judged) = self.held.hold(judged, is_next) {
            self.parts.show(judged);
        }
    }

    /// Queues what is to be stored; of several values of a group that wait, only the last is worth storing.
    fn enqueue(&mut self, group: Group, effect: Effect, accepted_at: Option<Instant>) {
        if matches!(effect, Effect::Progress { .. })
            && let Some((_, waiting @ Effect::Progress { .. }, _)) =
                self.pending.iter_mut().rev().find(|(of, _, _)| *of == group)
        {
            *waiting = effect;
            return;
        }
        self.pending.push_back((group, effect, accepted_at));
    }

    fn store_next(&mut self, ctx: &mut Context<Self>) {
        if self.storing {
            return;
        }
        let Some((group, effect, accepted_at)) = self.pending.pop_front() else { return };
        self.storing = true;
        let storing = Storing {
            parts: self.parts.clone(),
            rule: Arc::clone(&self.rule),
            group: group.clone(),
            incident: self.incidents.remove(&group),
            held: self.held.clone(),
            burst: 1 + self.pending.iter().filter(|(_, effect, _)| effect.is_told()).count(),
        };
        let stored = async move { storing.carry_out(effect, accepted_at).await };
        ctx.spawn(stored.into_actor(self).map(|incident, watcher, ctx| {
            if let Some(incident) = incident {
                watcher.incidents.insert(group, incident);
            }
            watcher.storing = false;
            for waiting in watcher.leaving.drain(..) {
                // Whoever asked may have gone.
                let _ = waiting.send(());
            }
            watcher.store_next(ctx);
        }));
    }

    /// One timer, set to the next instant at which something happens by itself.
    fn set_timer(&mut self, ctx: &mut Context<Self>) {
        let wake_at = self.groups.as_ref().and_then(Groups::wake_at);
        match (&self.timer, wake_at) {
            (Some((set, _)), Some(at)) if *set <= at => return,
            (Some((_, handle)), _) => drop(ctx.cancel_future(*handle)),
            (None, _) => {}
        }
        self.timer = wake_at.map(|at| {
            let due = self.parts.clock.until(at).into_actor(self).map(|(), watcher: &mut Self, ctx| {
                watcher.timer = None;
                watcher.step(Vec::new(), None, ctx);
            });
            (at, ctx.spawn(due))
        });
    }
}

impl Actor for MetricWatcher {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.parts.mailbox);
        // The mailbox waits meanwhile, and with it, when it is full, those who post.
        let past = taking_over::look_back(self.parts.clone(), Arc::clone(&self.rule));
        ctx.wait(past.into_actor(self).map(|past, watcher, ctx| watcher.take_over(past, ctx)));
    }
}

impl Handler<Observed> for MetricWatcher {
    type Result = ();

    fn handle(&mut self, observed: Observed, ctx: &mut Self::Context) {
        let Observed { mut samples, received_at, accepted_at } = observed;
        samples.retain(|sample| sample.place > self.upto);
        if !samples.is_empty() {
            self.step(samples, Some((received_at, accepted_at)), ctx);
        }
    }
}

impl Handler<LookAgain> for MetricWatcher {
    type Result = ();

    fn handle(&mut self, _: LookAgain, ctx: &mut Self::Context) {
        self.step(Vec::new(), None, ctx);
    }
}

impl Handler<StandDown> for MetricWatcher {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: StandDown, ctx: &mut Self::Context) -> Self::Result {
        self.groups = None;
        self.pending.clear();
        self.set_timer(ctx);
        let (done, waits) = oneshot::channel();
        if self.storing {
            self.leaving.push(done);
        } else {
            let _ = done.send(());
        }
        Box::pin(async move { drop(waits.await) })
    }
}
