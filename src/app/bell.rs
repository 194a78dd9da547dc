//! The bell: watchers, board and courier, each in its directory, and the way of documents to them.

mod mails;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use actix::ArbiterHandle;
use tocsin_actors::board::{self, Board, BoardLink, TheBoard};
use tocsin_actors::delivery::{self, Courier};
use tocsin_actors::directory::{Directory, Respawn, Surroundings};
use tocsin_actors::domain::{Incident, Rule, RuleId, RuleState};
use tocsin_actors::ingest::Ingest;
use tocsin_actors::metric::plan::Group;
use tocsin_actors::metric::state::Pace;
use tocsin_actors::metric::{self, MetricWatcher};
use tocsin_actors::ports::{Announcer, Bus, Clock, Mailer, Meter, News, Webhooks};
use tocsin_actors::rules::{Known, RuleBook};
use tocsin_actors::silences::{Current, SilenceBook};

use self::mails::{TheCourier, couriers, wake};
use super::Stores;
use super::nodes::{self, Node, Others};
use crate::adapters::sqlite;
use crate::config::Config;

/// How often an open incident's value is stored while it moves.
const PROGRESS_EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// What the bell is built from.
pub struct Materials {
    /// Where its actors live.
    pub arbiter: ArbiterHandle,
    /// Everything that is kept.
    pub stores: Stores,
    /// How mail goes out.
    pub mailer: Arc<dyn Mailer>,
    /// How rooms are told.
    pub announcer: Arc<dyn Announcer>,
    /// How servers of others are told.
    pub webhooks: Arc<dyn Webhooks>,
    /// What every mail says.
    pub envelope: delivery::compose::Envelope,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Counts and times.
    pub meter: Arc<dyn Meter>,
    /// The log.
    pub log: slog::Logger,
    /// The other servers, where there may be some.
    pub(super) others: Option<Others>,
}

/// The value and peak of every group that fires.
type Judged = Arc<RwLock<HashMap<RuleId, Vec<(Group, f64, f64)>>>>;

/// The living bell.
#[derive(Clone)]
pub struct Bell {
    /// The way of documents in.
    pub ingest: Arc<Ingest>,
    /// Where rules are changed.
    pub rules: Arc<RuleBook>,
    /// Where silences are changed.
    pub silences: Arc<SilenceBook>,
    /// The way to those who watch.
    pub board: BoardLink,
    watchers: Directory<RuleId, MetricWatcher>,
    couriers: Directory<TheCourier, Courier>,
    judged: Judged,
    /// Where there may be other servers: whether this one rings.
    ringing: Option<Arc<AtomicBool>>,
    others: Option<Arc<dyn Bus>>,
    node: Option<Arc<Node>>,
}

impl Bell {
    /// Builds and starts it, with the rules that are stored.
    ///
    /// # Errors
    /// When silences cannot be read.
    pub async fn start(config: &Config, materials: Materials, rules: Vec<Rule>) -> Result<Self, String> {
        let Materials { arbiter, stores, mailer, announcer, webhooks, envelope, clock, meter, log, others } = materials;
        let stores = fenced(stores, others.as_ref());
        let bus: Option<Arc<dyn Bus>> = others.as_ref().map(|others| others.bus.clone() as Arc<dyn Bus>);
        let around = Surroundings {
            arbiters: arbiter.clone().into(),
            clock: clock.clone(),
            meter: meter.clone(),
            log: log.clone(),
        };
        let mailbox = config.limits.mailbox;

        let board_parts =
            board::Parts { incidents: stores.incidents.clone(), clock: clock.clone(), log: log.clone(), mailbox };
        let boards = Directory::new("board", around.clone(), Respawn::default(), move |_: &TheBoard, tether| {
            Some(Board::new(board_parts.clone(), tether))
        });
        let _ = boards.get_or_spawn(&TheBoard);
        let board = BoardLink::new(boards, bus.clone());

        let couriers = couriers(config, around.clone(), &stores, (mailer, announcer, webhooks), envelope, &board);
        if others.is_none() {
            let _ = couriers.get_or_spawn(&TheCourier);
        }

        let judged = Judged::default();
        let current = Current::default();
        let parts = metric::Parts {
            documents: stores.documents.clone(),
            incidents: stores.incidents.clone(),
            accounts: stores.accounts.clone(),
            choices: stores.choices.clone(),
            clock: clock.clone(),
            meter: meter.clone(),
            log: log.clone(),
            board: board.clone(),
            on_queued: {
                let couriers = couriers.clone();
                Arc::new(move || {
                    wake(&couriers);
                })
            },
            on_judged: note(&judged),
            pace: Pace { report_every: config.alerts.metric_interval, progress_every: PROGRESS_EVERY },
            future_tolerance: config.alerts.future_tolerance,
            max_groups: config.alerts.max_groups,
            burst: Arc::default(),
            silences: current.clone(),
            mailbox: config.alerts.waiting_batches,
        };
        let known = Known::default();
        let watchers = Directory::new("watcher", around, Respawn::default(), {
            let (known, parts) = (known.clone(), parts.clone());
            move |id: &RuleId, tether| Some(MetricWatcher::new(known.get(*id)?, parts.clone(), tether))
        });
        let silence_clock = clock.clone();
        let ingest =
            Ingest::new(stores.documents, watchers.clone(), clock, meter.clone(), config.alerts.future_tolerance);
        let ringing = others.as_ref().map(|_| Arc::new(AtomicBool::new(false)));
        let ingest = Arc::new(match (&others, &ringing) {
            (Some(others), Some(ringing)) => {
                let (others, ringing) = (others.clone(), Arc::clone(ringing));
                ingest.shared(Arc::new(move || match ringing.load(Ordering::Relaxed) {
                    true => others.signals.stored(),
                    false => others.bus.publish(News::DocumentsStored),
                }))
            }
            _ => ingest,
        });
        let book = RuleBook {
            rules: stores.rules,
            known,
            watchers: watchers.clone(),
            ingest: Arc::clone(&ingest),
            board: board.clone(),
            parts,
            max: config.alerts.max_rules,
            changing: tokio::sync::Mutex::default(),
            others: bus.clone(),
            rings: AtomicBool::new(false),
        };
        let silences = SilenceBook {
            silences: stores.silences,
            current,
            watchers: watchers.clone(),
            clock: silence_clock,
            max: config.alerts.max_silences,
            changing: tokio::sync::Mutex::default(),
            others: bus.clone(),
        };
        silences.open().await.map_err(|error| format!("the silences cannot be read: {error}"))?;
        if others.is_none() {
            book.open(rules).await;
        }
        let (rules, silences) = (Arc::new(book), Arc::new(silences));
        let mut bell = Self {
            ingest,
            rules,
            silences,
            board,
            watchers,
            couriers,
            judged,
            ringing: ringing.clone(),
            others: bus,
            node: None,
        };
        if let (Some(others), Some(ringing)) = (others, ringing) {
            bell.node = Some(Node::start(bell.clone(), others, ringing, &arbiter, meter, log).await);
        }
        Ok(bell)
    }

    /// The value and peak of an incident that fires, as last judged.
    #[must_use]
    pub fn judged(&self, incident: &Incident) -> Option<(f64, f64)> {
        if !self.rings() {
            return self.judged_elsewhere(incident);
        }
        let judged = self.judged.read().unwrap_or_else(PoisonError::into_inner);
        let mut groups = judged.get(&incident.rule_id)?.iter();
        groups
            .find(|(group, _, _)| group.as_deref() == incident.group.as_deref())
            .map(|(_, value, peak)| (*value, *peak))
    }

    /// Whether this server rings: always, where it is the only one.
    #[must_use]
    pub fn rings(&self) -> bool {
        self.ringing.as_ref().is_none_or(|ringing| ringing.load(Ordering::Relaxed))
    }

    /// Documents that are stored and that no rule was shown yet, where this server rings for others too.
    #[must_use]
    pub fn behind(&self) -> usize {
        match &self.ringing {
            Some(ringing) if ringing.load(Ordering::Relaxed) => {
                usize::try_from(self.ingest.behind()).unwrap_or(usize::MAX)
            }
            _ => 0,
        }
    }

    /// By the server that rings: what it tells is the furthest group of a rule. The others are as the store has them, a
    /// second old at most.
    fn judged_elsewhere(&self, incident: &Incident) -> Option<(f64, f64)> {
        let status = self.board.standing_of(incident.rule_id).filter(|status| status.group == incident.group)?;
        let value = status.value.filter(|_| status.state == RuleState::Firing)?;
        Some((value, status.comparison.worse(incident.peak, value)))
    }

    /// Lets the courier look for messages that are due, wherever it is.
    pub fn wake(&self) {
        if let (false, Some(others)) = (self.wake_here(), &self.others) {
            others.publish(News::OutboxQueued);
        }
    }

    /// Lets the courier of this server look; whether it has one.
    pub(super) fn wake_here(&self) -> bool {
        wake(&self.couriers)
    }

    /// From now on messages go out from here.
    pub(super) fn send_mails(&self) {
        let _ = self.couriers.get_or_spawn(&TheCourier);
    }

    /// Lets mails in flight arrive, and begins no other.
    pub(super) async fn stop_mails(&self) {
        let courier = self.couriers.get(&TheCourier);
        // Retired before it ends, so that its end is not mended.
        self.couriers.retire_all();
        if let Some(courier) = courier {
            // A courier that is gone has nothing in flight.
            let _ = courier.send(delivery::Drain).await;
        }
    }

    /// Lets mails in flight arrive, then lets go of every actor.
    pub async fn drain(&self) {
        match &self.node {
            Some(node) => node.leave().await,
            None => self.stop_mails().await,
        }
        self.watchers.retire_all();
        self.board.retire();
    }
}

/// The stores of one of several servers: only the one that rings changes what rings.
fn fenced(stores: Stores, others: Option<&Others>) -> Stores {
    let Some(others) = others else { return stores };
    let fence = sqlite::Fence { lease: nodes::BELL, holder: others.me.clone() };
    Stores {
        incidents: Arc::new(sqlite::Incidents::fenced(Arc::clone(&stores.database), fence.clone())),
        outbox: Arc::new(sqlite::Outbox::fenced(Arc::clone(&stores.database), fence)),
        ..stores
    }
}

fn note(judged: &Judged) -> metric::OnJudged {
    let judged = Arc::clone(judged);
    Arc::new(move |rule, firing| {
        let mut judged = judged.write().unwrap_or_else(PoisonError::into_inner);
        if firing.is_empty() {
            judged.remove(&rule);
        } else {
            judged.insert(rule, firing);
        }
    })
}
