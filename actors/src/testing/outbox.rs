//! An outbox in memory.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::watch;

use crate::domain::{Incident, IncidentId, Notification, NotificationId, NotificationState, Timestamp};
use crate::ports::{Delivery, Outbox, PortError, Settlement};

/// Holds incidents with their messages; refuses when told to.
#[derive(Debug)]
pub struct FakeOutbox {
    state: Mutex<State>,
    settled: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct State {
    incidents: Vec<Incident>,
    refusals: usize,
}

impl FakeOutbox {
    /// An outbox with the messages of these incidents.
    #[must_use]
    pub fn with(incidents: Vec<Incident>) -> Self {
        Self { state: Mutex::new(State { incidents, refusals: 0 }), settled: watch::Sender::new(0) }
    }

    /// Stores one more.
    pub fn add(&self, incident: Incident) {
        self.lock().incidents.push(incident);
    }

    /// The next calls, so many, are answered with [`PortError::Busy`].
    pub fn refuse(&self, calls: usize) {
        self.lock().refusals = calls;
    }

    /// Every message as it stands, in the order of the incidents.
    #[must_use]
    pub fn notifications(&self) -> Vec<Notification> {
        self.lock().incidents.iter().flat_map(|incident| incident.notifications.clone()).collect()
    }

    /// Completes when so many tries were written down.
    pub async fn until_settled(&self, count: usize) {
        let mut settled = self.settled.subscribe();
        // The sender lives as long as `self`.
        let _ = settled.wait_for(|settled| *settled >= count).await;
    }

    /// How many calls are still to be refused.
    #[must_use]
    pub fn refusals(&self) -> usize {
        self.lock().refusals
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<MutexGuard<'_, State>, PortError> {
        let mut state = self.lock();
        if state.refusals > 0 {
            state.refusals -= 1;
            return Err(PortError::Busy("the outbox"));
        }
        Ok(state)
    }
}

impl State {
    fn pending(&self) -> impl Iterator<Item = Delivery> {
        self.incidents.iter().flat_map(|incident| {
            let pending = |n: &&Notification| n.state == NotificationState::Pending;
            let deliver = |n: &Notification| Delivery { notification: n.clone(), incident: incident.clone() };
            incident.notifications.iter().filter(pending).map(deliver)
        })
    }
}

#[async_trait]
impl Outbox for FakeOutbox {
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, PortError> {
        let mut due: Vec<Delivery> =
            self.open()?.pending().filter(|entry| entry.notification.next_attempt_at <= now).collect();
        due.sort_by_key(|entry| entry.notification.next_attempt_at);
        due.truncate(limit);
        Ok(due)
    }

    async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, PortError> {
        Ok(self.open()?.pending().map(|entry| entry.notification.next_attempt_at).filter(|at| *at > now).min())
    }

    async fn settle(&self, id: NotificationId, settlement: Settlement) -> Result<Option<Incident>, PortError> {
        let mut state = self.open()?;
        let highest = state.incidents.iter().map(|incident| incident.seq).max().unwrap_or(0);
        let mut changed = None;
        for incident in &mut state.incidents {
            let wanted = |n: &&mut Notification| n.id == id && n.state == NotificationState::Pending;
            if let Some(notification) = incident.notifications.iter_mut().find(wanted) {
                settle(notification, settlement);
                incident.seq = highest + 1;
                changed = Some(incident.clone());
                break;
            }
        }
        drop(state);
        self.settled.send_modify(|settled| *settled += 1);
        Ok(changed)
    }

    async fn revive(
        &self,
        incident: IncidentId,
        id: NotificationId,
        now: Timestamp,
    ) -> Result<Option<Incident>, PortError> {
        let mut state = self.open()?;
        let Some(incident) = state.incidents.iter_mut().find(|one| one.id == incident) else { return Ok(None) };
        let dead = |n: &&mut Notification| n.id == id && n.state == NotificationState::Dead;
        let Some(notification) = incident.notifications.iter_mut().find(dead) else { return Ok(None) };
        (notification.state, notification.attempts, notification.next_attempt_at) =
            (NotificationState::Pending, 0, now);
        Ok(Some(incident.clone()))
    }
}

fn settle(notification: &mut Notification, settlement: Settlement) {
    notification.attempts += 1;
    match settlement {
        Settlement::Sent => {
            notification.state = NotificationState::Sent;
            notification.last_error = None;
        }
        Settlement::Retry { error, at } => {
            notification.last_error = Some(error);
            notification.next_attempt_at = at;
        }
        Settlement::Dead { error } => {
            notification.state = NotificationState::Dead;
            notification.last_error = Some(error);
        }
    }
}
