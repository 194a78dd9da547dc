//! What a judgement changes in the store: the incident and, in the same transaction, the messages that tell of it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use super::plan::Group;
use super::state::Effect;
use super::{Parts, RETRY_INITIAL, RETRY_MAX};
use crate::domain::{
    Channel, Incident, IncidentId, IncidentState, Notification, NotificationId, NotificationState, Rule, RuleId,
    Timestamp, Transition,
};
use crate::ports::{Change, Count, PortError};

/// One effect on its way to the store. It is tried until it is stored: a bell that fell silent because a disk was full
/// for a minute would be none.
pub(super) struct Storing {
    pub(super) parts: Parts,
    pub(super) rule: Arc<Rule>,
    pub(super) group: Group,
    pub(super) incident: Option<Incident>,
}

impl Storing {
    /// Stores it and tells everybody; returns the incident that is open afterwards.
    pub(super) async fn carry_out(self, effect: Effect, accepted_at: Option<Instant>) -> Option<Incident> {
        let mut wait = RETRY_INITIAL;
        loop {
            match self.attempt(&effect, accepted_at).await {
                Ok(open) => return open,
                Err(error) => {
                    slog::error!(self.parts.log, "an incident is not stored yet, trying again";
                        "rule" => &self.rule.name, "error" => %error);
                    self.parts.clock.until(self.parts.clock.now().plus(wait)).await;
                    wait = (wait * 2).min(RETRY_MAX);
                }
            }
        }
    }

    async fn attempt(&self, effect: &Effect, accepted_at: Option<Instant>) -> Result<Option<Incident>, PortError> {
        match *effect {
            Effect::Open { at, value } => self.open(at, value, accepted_at).await.map(Some),
            Effect::Progress { value, peak } => {
                let Some(incident) = &self.incident else { return Ok(None) };
                self.parts.incidents.change(incident.id, Change::Progress { value, peak }).await
            }
            Effect::Resolve { at, value, peak } => {
                let Some(incident) = &self.incident else { return Ok(None) };
                // Where nothing is left to measure, the last value stays.
                let value = value.unwrap_or(incident.value);
                resolve(&self.parts, incident.id, Ending { at, value, peak, accepted_at }).await?;
                Ok(None)
            }
        }
    }

    async fn open(&self, at: Timestamp, value: f64, accepted_at: Option<Instant>) -> Result<Incident, PortError> {
        let recipients = self.recipients().await?;
        let incident = Incident {
            id: IncidentId::new(at),
            rule_id: self.rule.id,
            rule_name: self.rule.name.clone(),
            state: IncidentState::Firing,
            value,
            peak: value,
            threshold: self.rule.threshold,
            started_at: at,
            resolved_at: None,
            acknowledged_by: None,
            group: self.group.as_deref().map(str::to_owned),
            seq: 0,
            notifications: messages(&self.parts, recipients, Transition::Firing),
        };
        let opened = self.parts.incidents.open(incident).await?;
        if opened.fresh {
            self.parts.meter.add(Count::IncidentsOpened, 1);
            slog::warn!(self.parts.log, "a rule fires"; "rule" => &self.rule.name, "value" => value,
                "threshold" => self.rule.threshold, "incident" => %opened.incident.id);
            (self.parts.on_queued)();
        }
        self.parts.board.changed(opened.incident.clone(), accepted_at).await;
        Ok(opened.incident)
    }

    /// The addresses of the rule, each once whatever its case, with `@admins` replaced by those of owners and admins;
    /// and its room.
    async fn recipients(&self) -> Result<BTreeSet<(Channel, String)>, PortError> {
        let mut recipients: Vec<String> = Vec::new();
        for entry in &self.rule.notify_emails {
            if entry == Rule::ADMINS {
                recipients.extend(self.parts.accounts.admin_emails().await?);
            } else {
                recipients.push(entry.clone());
            }
        }
        let mut seen = BTreeSet::new();
        recipients.retain(|address| seen.insert(address.to_lowercase()));
        let mails = recipients.into_iter().map(|address| (Channel::Email, address));
        let room = self.rule.notify_room.iter().map(|room| (Channel::Room, room.as_str().to_owned()));
        Ok(mails.chain(room).collect())
    }
}

/// How an incident ends.
struct Ending {
    at: Timestamp,
    value: f64,
    peak: f64,
    accepted_at: Option<Instant>,
}

/// Resolves what a rule has open, because it watches no more.
///
/// # Errors
/// What [`crate::ports::Incidents`] says; what is open then stays open.
pub async fn close_incidents(parts: &Parts, rule: RuleId) -> Result<(), PortError> {
    for incident in parts.incidents.firing(rule).await? {
        let (value, peak) = (incident.value, incident.peak);
        let at = parts.clock.now().max(incident.started_at);
        resolve(parts, incident.id, Ending { at, value, peak, accepted_at: None }).await?;
    }
    Ok(())
}

async fn resolve(parts: &Parts, id: IncidentId, ending: Ending) -> Result<(), PortError> {
    let Ending { at, value, peak, accepted_at } = ending;
    // Whoever was told of the beginning is told of the end, even if the rule's list has changed since.
    let told = parts.incidents.get(id).await?.map(|incident| incident.notifications).unwrap_or_default();
    let recipients = told.into_iter().map(|message| (message.channel, message.to)).collect();
    let notifications = messages(parts, recipients, Transition::Resolved);
    let change = Change::Resolve { at, value, peak, notifications };
    if let Some(incident) = parts.incidents.change(id, change).await? {
        parts.meter.add(Count::IncidentsResolved, 1);
        slog::info!(parts.log, "a rule is quiet again"; "rule" => &incident.rule_name, "value" => value,
            "peak" => peak, "incident" => %id);
        (parts.on_queued)();
        parts.board.changed(incident, accepted_at).await;
    }
    Ok(())
}

fn messages(parts: &Parts, recipients: BTreeSet<(Channel, String)>, transition: Transition) -> Vec<Notification> {
    let now = parts.clock.now();
    let message = |(channel, to)| Notification {
        id: NotificationId::new(now),
        transition,
        channel,
        to,
        state: NotificationState::Pending,
        attempts: 0,
        last_error: None,
        next_attempt_at: now,
    };
    recipients.into_iter().map(message).collect()
}
