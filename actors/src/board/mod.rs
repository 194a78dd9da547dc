//! The board: where everything that dashboards show comes together and goes out.

mod link;
pub mod messages;
pub mod state;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::{Actor, ActorFutureExt as _, AsyncContext as _, Context, Handler, WrapFuture as _};

pub use self::link::BoardLink;
use self::messages::{Changed, Forget, Judged, Refresh, Replay, Watch};
use self::state::{Next, State};
use crate::directory::Tether;
use crate::domain::event::RuleStatus;
use crate::domain::{Broadcast, Event, IncidentState};
use crate::ports::{Clock, Incidents, ListIncidents, PortError};
use crate::session::outbox::{Close, Outbox};

/// The most changes that are replayed to a viewer, or fetched, at once.
const REPLAY_LIMIT: usize = 1_000;
/// How many resolved incidents a snapshot shows.
const KEEP_RESOLVED: usize = 50;
/// After this number there are no changes; asking tells the last one's.
const LAST: u64 = u64::MAX >> 1;
/// How long to wait before a store that failed is asked again.
const RETRY: Duration = Duration::from_millis(500);

/// What the board needs.
#[derive(Clone)]
pub struct Parts {
    /// Where incidents are kept.
    pub incidents: Arc<dyn Incidents>,
    /// For waiting.
    pub clock: Arc<dyn Clock>,
    /// For what went wrong.
    pub log: slog::Logger,
    /// How many messages may wait.
    pub mailbox: usize,
}

/// One actor: takes judgements and changes in, sends them to every viewer's outbox. Built again after a panic; its
/// viewers are told to come back and resume.
pub struct Board {
    parts: Parts,
    state: State,
    viewers: Vec<Viewer>,
    fetching: bool,
    /// What was asked while a reading was under way, which may not have seen it.
    again: bool,
    _tether: Tether,
}

/// Who looks at the board.
struct Viewer {
    outbox: Arc<Outbox>,
    /// The number of its snapshot: every later change was told to it as it came.
    since: u64,
}

/// The one key of the board's directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TheBoard;

impl fmt::Display for TheBoard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("board")
    }
}

impl Board {
    /// An empty board; it fetches what it shows when it starts.
    #[must_use]
    pub fn new(parts: Parts, tether: Tether) -> Self {
        Self { parts, state: State::default(), viewers: Vec::new(), fetching: false, again: false, _tether: tether }
    }

    fn publish(&mut self, event: Event, accepted_at: Option<Instant>) {
        self.publish_all(&[Broadcast::new(event, accepted_at)]);
    }

    fn publish_all(&mut self, broadcasts: &[Arc<Broadcast>]) {
        self.viewers.retain(|viewer| viewer.outbox.push_all(broadcasts));
    }

    fn fetch(&mut self, after: u64, ctx: &mut Context<Self>) {
        if std::mem::replace(&mut self.fetching, true) {
            self.again = true;
            return;
        }
        let parts = self.parts.clone();
        let fetched = async move { retried(&parts, || parts.incidents.since(after, REPLAY_LIMIT)).await };
        ctx.spawn(fetched.into_actor(self).map(|(incidents, upto), board, ctx| {
            board.fetching = false;
            // A page that is full ends before the last change.
            let full = incidents.len() >= REPLAY_LIMIT;
            let upto = if full { incidents.last().map_or(upto, |last| last.seq) } else { upto };
            for incident in board.state.fetched(incidents, upto) {
                board.publish(Event::Alert { incident }, None);
            }
            if std::mem::take(&mut board.again) || full {
                board.fetch(board.state.seq(), ctx);
            }
        }));
    }
}

/// Asks a port until it answers.
async fn retried<T, F>(parts: &Parts, ask: impl Fn() -> F) -> T
where
    F: Future<Output = Result<T, PortError>>,
{
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(error) => {
                slog::warn!(parts.log, "incidents cannot be read, trying again"; "error" => %error);
                parts.clock.until(parts.clock.now().plus(RETRY)).await;
            }
        }
    }
}

impl Actor for Board {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(self.parts.mailbox);
        let parts = self.parts.clone();
        let latest = async move {
            let (_, seq) = retried(&parts, || parts.incidents.since(LAST, 1)).await;
            let page = |state, limit| ListIncidents { state, after: None, limit };
            let firing =
                retried(&parts, || parts.incidents.list(page(Some(IncidentState::Firing), REPLAY_LIMIT))).await;
            let resolved =
                retried(&parts, || parts.incidents.list(page(Some(IncidentState::Resolved), KEEP_RESOLVED))).await;
            State::new([firing, resolved].concat(), seq, KEEP_RESOLVED)
        };
        // Nothing is told before it is known; the mailbox is bounded, and those who tell wait.
        ctx.wait(latest.into_actor(self).map(|state, board, _| board.state = state));
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        for viewer in &self.viewers {
            viewer.outbox.close(Close::GoingAway);
        }
    }
}

impl Handler<Judged> for Board {
    type Result = ();

    fn handle(&mut self, Judged { status, at, accepted_at }: Judged, _: &mut Self::Context) {
        let RuleStatus { rule_id, value, group, threshold, .. } = status.clone();
        let metric = Event::Metric { rule_id, value, group, threshold, at };
        let rule = self.state.judged(&status).then_some(Event::Rule { status });
        let events: Vec<_> = rule.into_iter().chain([metric]).map(|event| Broadcast::new(event, accepted_at)).collect();
        self.publish_all(&events);
    }
}

impl Handler<Forget> for Board {
    type Result = ();

    fn handle(&mut self, Forget { rule }: Forget, _: &mut Self::Context) {
        if self.state.forget(rule) {
            self.publish(Event::RuleRemoved { rule_id: rule }, None);
        }
    }
}

impl Handler<Changed> for Board {
    type Result = ();

    fn handle(&mut self, Changed { incident, accepted_at }: Changed, ctx: &mut Self::Context) {
        match self.state.changed(&incident) {
            Next::Publish => self.publish(Event::Alert { incident }, accepted_at),
            Next::Old => {}
            Next::Fetch(after) => self.fetch(after, ctx),
        }
    }
}

impl Handler<Refresh> for Board {
    type Result = ();

    fn handle(&mut self, _: Refresh, ctx: &mut Self::Context) {
        self.fetch(self.state.seq(), ctx);
    }
}

impl Handler<Watch> for Board {
    type Result = ();

    fn handle(&mut self, Watch { outbox }: Watch, _: &mut Self::Context) {
        if outbox.push(Broadcast::new(self.state.snapshot(), None)) {
            self.viewers.retain(|viewer| viewer.outbox.closed().is_none());
            self.viewers.push(Viewer { outbox, since: self.state.seq() });
        }
    }
}

impl Handler<Replay> for Board {
    type Result = ();

    fn handle(&mut self, Replay { outbox, after }: Replay, ctx: &mut Self::Context) {
        // Without a place among the viewers it is closed.
        let Some(since) = self.viewers.iter().find(|v| Arc::ptr_eq(&v.outbox, &outbox)).map(|v| v.since) else {
            return;
        };
        let parts = self.parts.clone();
        let missed = async move {
            let (missed, _) = retried(&parts, || parts.incidents.since(after, REPLAY_LIMIT)).await;
            for incident in missed.into_iter().filter(|incident| incident.seq <= since) {
                if !outbox.push_with_room(Broadcast::new(Event::Alert { incident }, None)).await {
                    return;
                }
            }
        };
        ctx.spawn(missed.into_actor(self));
    }
}
