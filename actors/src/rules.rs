//! Making, changing and removing rules while documents come in, without a gap and without a double.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::Mutex;

use crate::board::BoardLink;
use crate::directory::Directory;
use crate::domain::{IncidentState, Rule, RuleId};
use crate::ingest::Ingest;
use crate::metric::messages::StandDown;
use crate::metric::plan::Plan;
use crate::metric::{MetricWatcher, Parts, close_incidents};
use crate::ports::{Bus, LEASE_LOST, ListIncidents, News, PortError, Rules};

/// How long a watcher may take to finish what it stores, before another takes its place all the same.
const STAND_DOWN: Duration = Duration::from_secs(5);

/// The most open incidents that are looked at for rules that are gone.
const ORPHANS: usize = 10_000;

/// The rules that watchers are built from.
#[derive(Debug, Clone, Default)]
pub struct Known(Arc<RwLock<HashMap<RuleId, Rule>>>);

impl Known {
    /// One rule, if it watches.
    #[must_use]
    pub fn get(&self, id: RuleId) -> Option<Rule> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).filter(|rule| rule.enabled).cloned()
    }

    fn put(&self, id: RuleId, rule: Option<Rule>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match rule {
            Some(rule) => drop(known.insert(id, rule)),
            None => drop(known.remove(&id)),
        }
    }

    fn all(&self) -> HashMap<RuleId, Rule> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn clear(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn plan(&self) -> Plan {
        Plan::new(self.0.read().unwrap_or_else(PoisonError::into_inner).values())
    }
}

/// Where rules are changed.
pub struct RuleBook {
    /// Where they are kept.
    pub rules: Arc<dyn Rules>,
    /// What their watchers are built from.
    pub known: Known,
    /// Their watchers.
    pub watchers: Directory<RuleId, MetricWatcher>,
    /// The way of documents to them.
    pub ingest: Arc<Ingest>,
    /// The way to those who look.
    pub board: BoardLink,
    /// For the incidents of rules that go.
    pub parts: Parts,
    /// The most rules there may be.
    pub max: usize,
    /// One change after the other.
    pub changing: Mutex<()>,
    /// The other servers, where there may be some.
    pub others: Option<Arc<dyn Bus>>,
    /// Whether the watchers live here.
    pub rings: AtomicBool,
}

impl RuleBook {
    /// Lets these rules watch here from now on.
    pub async fn open(&self, rules: Vec<Rule>) {
        let mut plan = self.ingest.hold().await;
        self.rings.store(true, Ordering::Relaxed);
        for rule in rules {
            let id = rule.id;
            self.known.put(id, Some(rule));
            let _ = self.watchers.get_or_spawn(&id);
        }
        *plan = self.known.plan();
    }

    /// Lets what is stored watch here, because this server rings from now on. What the one before left open of rules that
    /// watch no more is resolved.
    ///
    /// # Errors
    /// When the store does not answer; nothing watches then.
    pub async fn take_over(&self) -> Result<(), PortError> {
        let _one = self.changing.lock().await;
        let rules = self.rules.list().await?;
        self.ingest.begin_following().await?;
        let grouped: HashMap<RuleId, bool> =
            rules.iter().filter(|rule| rule.enabled).map(|rule| (rule.id, rule.group_by.is_some())).collect();
        let firing = ListIncidents { state: Some(IncidentState::Firing), after: None, limit: ORPHANS };
        let firing = self.parts.incidents.list(firing).await?;
        let orphans: BTreeSet<RuleId> = firing
            .iter()
            .filter(|incident| grouped.get(&incident.rule_id) != Some(&incident.group.is_some()))
            .map(|incident| incident.rule_id)
            .collect();
        for rule in orphans {
            close_incidents(&self.parts, rule).await?;
        }
        self.open(rules).await;
        Ok(())
    }

    /// Lets nothing watch here any more, because another server rings. What is being stored is waited for.
    pub async fn hand_over(&self) {
        let _one = self.changing.lock().await;
        let mut plan = self.ingest.hold().await;
        self.rings.store(false, Ordering::Relaxed);
        // So that none is built again.
        self.known.clear();
        let standing_down = self
            .watchers
            .all()
            .into_iter()
            .map(|watcher| async move { watcher.send(StandDown).timeout(STAND_DOWN).await });
        if join_all(standing_down).await.iter().any(Result::is_err) {
            slog::warn!(self.parts.log, "a watcher does not come to an end, and another server rings");
        }
        self.watchers.retire_all();
        *plan = Plan::default();
    }

    /// Looks at what is stored: another server may have changed it.
    ///
    /// # Errors
    /// When the store does not answer, or what a rule that goes has open cannot be resolved.
    pub async fn reload(&self) -> Result<(), PortError> {
        let _one = self.changing.lock().await;
        let stored = self.rules.list().await?;
        if !self.rings.load(Ordering::Relaxed) {
            self.board.keep(&stored.iter().filter(|rule| rule.enabled).map(|rule| rule.id).collect()).await;
            return Ok(());
        }
        let mut outcome = Ok(());
        let mut gone = self.known.all();
        for rule in stored {
            let before = gone.remove(&rule.id);
            if before.as_ref() != Some(&rule) {
                outcome = outcome.and(self.exchange(rule.id, Some(rule)).await);
            }
        }
        for id in gone.into_keys() {
            outcome = outcome.and(self.exchange(id, None).await);
        }
        outcome
    }

    /// Makes a rule; it counts what is stored already.
    ///
    /// # Errors
    /// What [`Rules::create`] says.
    pub async fn create(&self, rule: Rule) -> Result<(), PortError> {
        let _one = self.changing.lock().await;
        self.rules.create(rule.clone(), self.max).await?;
        self.changed(rule.id, Some(rule)).await
    }

    /// Changes a rule: it counts what is stored already, and what it has open ends when it is not over its new line.
    /// `false` when there is none.
    ///
    /// # Errors
    /// What [`Rules::replace`] says.
    pub async fn replace(&self, rule: Rule) -> Result<bool, PortError> {
        let _one = self.changing.lock().await;
        if !self.rules.replace(rule.clone()).await? {
            return Ok(false);
        }
        self.changed(rule.id, Some(rule)).await?;
        Ok(true)
    }

    /// Removes a rule; what it has open is resolved. `false` when there is none.
    ///
    /// # Errors
    /// What [`Rules::remove`] says.
    pub async fn remove(&self, id: RuleId) -> Result<bool, PortError> {
        let _one = self.changing.lock().await;
        if !self.rules.remove(id).await? {
            return Ok(false);
        }
        self.changed(id, None).await?;
        Ok(true)
    }

    /// A change is stored: it takes effect where the watchers are.
    async fn changed(&self, id: RuleId, rule: Option<Rule>) -> Result<(), PortError> {
        let here = match self.rings.load(Ordering::Relaxed) {
            // Whoever rings now finds it.
            true => match self.exchange(id, rule).await {
                Err(PortError::Conflict(LEASE_LOST)) => Ok(()),
                exchanged => exchanged,
            },
            false => Ok(()),
        };
        if let Some(others) = &self.others {
            others.publish(News::RulesChanged);
        }
        here
    }

    /// Puts a rule in the place of the one before. Documents wait meanwhile: what was sorted for the rule before is
    /// stored then, and the new watcher reads it; what comes later is sorted for the new one.
    async fn exchange(&self, id: RuleId, rule: Option<Rule>) -> Result<(), PortError> {
        let watches = rule.as_ref().is_some_and(|rule| rule.enabled);
        let mut closed = Ok(());
        let groups = |rule: Option<&Rule>| rule.filter(|rule| rule.enabled).map(|rule| rule.group_by.clone());
        {
            let mut plan = self.ingest.hold().await;
            if let Some(watcher) = self.watchers.get(&id) {
                let stood_down = watcher.send(StandDown).timeout(STAND_DOWN).await;
                if stood_down.is_err() {
                    slog::warn!(self.parts.log, "the watcher of a rule that changes does not come to an end"; "rule" => %id);
                }
            }
            self.watchers.retire(&id);
            // It watches no more, or its groups are no groups any more.
            if groups(self.known.get(id).as_ref()) != groups(rule.as_ref()) {
                closed = close_incidents(&self.parts, id).await;
            }
            self.known.put(id, rule);
            *plan = self.known.plan();
            if watches {
                let _ = self.watchers.get_or_spawn(&id);
            }
        }
        if !watches {
            self.board.forget(id).await;
        }
        // The rule is exchanged whatever became of them.
        closed
    }
}
