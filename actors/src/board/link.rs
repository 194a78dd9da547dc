//! The way to the living board, here and at the other servers.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use super::messages::{Changed, Forget, Judged, Refresh, Replay, Watch};
use super::{Board, TheBoard};
use crate::directory::Directory;
use crate::domain::event::RuleStatus;
use crate::domain::{Incident, RuleId, Timestamp};
use crate::ports::{Bus, News};
use crate::session::outbox::Outbox;

/// How many rules are told of in one piece of news.
const TOLD_TOGETHER: usize = 100;

/// The way to the living board, whichever that is. What comes by it is told to the boards of the other servers too, where
/// there may be some; what is heard from them ([`BoardLink::hear`] and the like) stays here.
#[derive(Clone)]
pub struct BoardLink {
    boards: Directory<TheBoard, Board>,
    others: Option<Arc<dyn Bus>>,
    /// How each rule stands, whichever server judged it. Kept only where there may be others.
    standing: Arc<RwLock<HashMap<RuleId, (RuleStatus, Timestamp)>>>,
}

impl BoardLink {
    /// To the board of this directory, and to those of others.
    #[must_use]
    pub fn new(boards: Directory<TheBoard, Board>, others: Option<Arc<dyn Bus>>) -> Self {
        Self { boards, others, standing: Arc::default() }
    }

    /// Tells of a judgement; `false` when it was missed because the mailbox is full.
    pub fn judged(&self, judged: Judged) -> bool {
        if let Some(others) = &self.others {
            let told = (judged.status.clone(), judged.at);
            others.publish(News::Judged(vec![told.clone()]));
            self.standing_mut().insert(told.0.rule_id, told);
        }
        self.boards.get(&TheBoard).is_some_and(|board| board.try_send(judged).is_ok())
    }

    /// Tells that a rule watches no more, waiting for room in the mailbox.
    pub async fn forget(&self, rule: RuleId) {
        if let Some(others) = &self.others {
            others.publish(News::Forgotten(rule));
        }
        self.hear_forgotten(rule).await;
    }

    /// Tells of a change, waiting for room in the mailbox. A board that is being built again fetches it by itself.
    pub async fn changed(&self, incident: Incident, accepted_at: Option<Instant>) {
        if let Some(others) = &self.others {
            others.publish(News::IncidentsChanged);
        }
        if let Some(board) = self.boards.get(&TheBoard) {
            let _ = board.send(Changed { incident, accepted_at }).await;
        }
    }

    /// Shows everything to a viewer from now on; `false` when there is no board to show.
    pub async fn watch(&self, outbox: Arc<Outbox>) -> bool {
        match self.boards.get(&TheBoard) {
            Some(board) => board.send(Watch { outbox }).await.is_ok(),
            None => false,
        }
    }

    /// Sends a viewer what changed after the number it saw last.
    pub async fn replay(&self, outbox: Arc<Outbox>, after: u64) -> bool {
        match self.boards.get(&TheBoard) {
            Some(board) => board.send(Replay { outbox, after }).await.is_ok(),
            None => false,
        }
    }

    /// Shows how a rule stands by another server, unless that was told before.
    pub async fn hear(&self, status: RuleStatus, at: Timestamp) {
        let before = self.standing_mut().insert(status.rule_id, (status.clone(), at));
        if before.is_some_and(|before| before == (status.clone(), at)) {
            return;
        }
        if let Some(board) = self.boards.get(&TheBoard) {
            let _ = board.send(Judged { status, at, accepted_at: None }).await;
        }
    }

    /// A rule watches no more at another server.
    pub async fn hear_forgotten(&self, rule: RuleId) {
        self.standing_mut().remove(&rule);
        if let Some(board) = self.boards.get(&TheBoard) {
            let _ = board.send(Forget { rule }).await;
        }
    }

    /// Forgets every rule but these, which are all that watch.
    pub async fn keep(&self, rules: &BTreeSet<RuleId>) {
        let gone: Vec<RuleId> = self.standing().keys().filter(|id| !rules.contains(id)).copied().collect();
        for rule in gone {
            self.hear_forgotten(rule).await;
        }
    }

    /// Incidents may have changed at another server: reads what is new.
    pub fn refresh(&self) {
        if let Some(board) = self.boards.get(&TheBoard) {
            // A mailbox that is full is followed by the next look.
            let _ = board.try_send(Refresh);
        }
    }

    /// Tells the others how every rule stands.
    pub fn tell_all(&self) {
        let Some(others) = &self.others else { return };
        let all: Vec<(RuleStatus, Timestamp)> = self.standing().values().cloned().collect();
        for some in all.chunks(TOLD_TOGETHER) {
            others.publish(News::Judged(some.to_vec()));
        }
    }

    /// How a rule stood when it was judged last, where there may be other servers.
    #[must_use]
    pub fn standing_of(&self, rule: RuleId) -> Option<RuleStatus> {
        self.standing().get(&rule).map(|(status, _)| status.clone())
    }

    /// Lets go of the board.
    pub fn retire(&self) {
        self.boards.retire_all();
    }

    fn standing(&self) -> RwLockReadGuard<'_, HashMap<RuleId, (RuleStatus, Timestamp)>> {
        self.standing.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn standing_mut(&self) -> RwLockWriteGuard<'_, HashMap<RuleId, (RuleStatus, Timestamp)>> {
        self.standing.write().unwrap_or_else(PoisonError::into_inner)
    }
}
