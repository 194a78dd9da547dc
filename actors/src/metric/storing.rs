//! What a judgement changes in the store: the incident and, in the same transaction, the messages that tell of it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use super::held::Held;
use super::plan::Group;
use super::state::Effect;
use super::{Parts, RETRY_INITIAL, RETRY_MAX};
use crate::domain::{
    Channel, Incident, IncidentId, IncidentState, Notification, NotificationId, NotificationState, Rule, RuleId,
    Timestamp, Transition, addresses,
};
use crate::ports::{Change, Count, LEASE_LOST, PortError};

/// One effect on its way to the store. It is tried until it is stored: a bell that fell silent because a disk was full
/// for a minute would be none.
pub(super) struct Storing {
    pub(super) parts: Parts,
    pub(super) rule: Arc<Rule>,
    pub(super) group: Group,
    pub(super) incident: Option<Incident>,
    /// What dashboards are shown after the first try, whatever comes of it.
    pub(super) held: Held,
    /// How many changes that people are told of wait to be stored, this one included.
    pub(super) burst: usize,
}

impl Storing {
    /// Stores it and tells everybody; returns the incident that is open afterwards.
    pub(super) async fn carry_out(self, effect: Effect, accepted_at: Option<Instant>) -> Option<Incident> {
        let mut wait = RETRY_INITIAL;
        loop {
            let attempt = self.attempt(&effect, accepted_at).await;
            if let Some(judged) = self.held.release() {
                self.parts.show(judged);
            }
            match attempt {
                Ok(open) => return open,
                Err(PortError::Conflict(LEASE_LOST)) => {
                    slog::warn!(self.parts.log, "another server rings; a change is left to it"; "rule" => &self.rule.name);
                    return self.incident;
                }
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
            Effect::Open { at, value, silenced } => self.open((at, value), silenced, accepted_at).await.map(Some),
            Effect::Ring => {
                let Some(incident) = &self.incident else { return Ok(None) };
                self.ring(incident).await.map(Some)
            }
            Effect::Progress { value, peak } => {
                let Some(incident) = &self.incident else { return Ok(None) };
                self.parts.incidents.change(incident.id, Change::Progress { value, peak }).await
            }
            Effect::Remind => {
                let Some(incident) = &self.incident else { return Ok(None) };
                self.remind(incident).await.map(Some)
            }
            Effect::Resolve { at, value, peak } => {
                let Some(incident) = &self.incident else { return Ok(None) };
                // Where nothing is left to measure, the last value stays.
                let value = value.unwrap_or(incident.value);
                resolve(&self.parts, incident.id, Ending { at, value, peak, accepted_at, burst: self.burst }).await?;
                Ok(None)
            }
        }
    }

    async fn open(
        &self,
        (at, value): (Timestamp, f64),
        silenced: bool,
        accepted_at: Option<Instant>,
    ) -> Result<Incident, PortError> {
        let recipients = if silenced { BTreeSet::new() } else { self.recipients().await? };
        let until = self.parts.burst.note(self.parts.clock.now(), self.burst);
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
            silenced,
            seq: 0,
            notifications: messages(&self.parts, recipients, Transition::Firing, until),
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

    /// Tells people of what rang in silence.
    async fn ring(&self, incident: &Incident) -> Result<Incident, PortError> {
        let recipients = self.recipients().await?;
        let until = self.parts.burst.note(self.parts.clock.now(), self.burst);
        let notifications = messages(&self.parts, recipients, Transition::Firing, until);
        let rung = self.parts.incidents.change(incident.id, Change::Ring { notifications }).await?;
        if let Some(rung) = &rung {
            (self.parts.on_queued)();
            self.parts.board.changed(rung.clone(), None).await;
        }
        Ok(rung.unwrap_or_else(|| incident.clone()))
    }

    /// Tells people again, unless somebody is on it.
    async fn remind(&self, incident: &Incident) -> Result<Incident, PortError> {
        let recipients = self.recipients().await?;
        let until = self.parts.burst.note(self.parts.clock.now(), self.burst);
        let notifications = messages(&self.parts, recipients, Transition::Reminder, until);
        let reminded = self.parts.incidents.change(incident.id, Change::Remind { notifications }).await?;
        if let Some(reminded) = &reminded {
            (self.parts.on_queued)();
            self.parts.board.changed(reminded.clone(), None).await;
        }
        Ok(reminded.unwrap_or_else(|| incident.clone()))
    }

    /// The addresses of the rule, with `@admins` replaced by those of owners and admins, as people have chosen; its room and
    /// its webhook.
    async fn recipients(&self) -> Result<BTreeSet<(Channel, String)>, PortError> {
        let mut named: Vec<String> = Vec::new();
        for entry in &self.rule.notify_emails {
            if entry == Rule::ADMINS {
                named.extend(self.parts.accounts.admin_emails().await?);
            } else {
                named.push(entry.clone());
            }
        }
        let wanted = addresses(self.rule.id, named, &self.parts.choices.all().await?);
        let mails = wanted.into_iter().map(|address| (Channel::Email, address));
        let room = self.rule.notify_room.iter().map(|room| (Channel::Room, room.as_str().to_owned()));
        // The whole address is the rule's to know.
        let webhook = self.rule.notify_webhook.iter().map(|url| (Channel::Webhook, url.masked()));
        Ok(mails.chain(room).chain(webhook).collect())
    }
}

/// How an incident ends.
struct Ending {
    at: Timestamp,
    value: f64,
    peak: f64,
    accepted_at: Option<Instant>,
    burst: usize,
}

/// Resolves what a rule has open, because it watches no more.
///
/// # Errors
/// What [`crate::ports::Incidents`] says; what is open then stays open.
pub async fn close_incidents(parts: &Parts, rule: RuleId) -> Result<(), PortError> {
    let firing = parts.incidents.firing(rule).await?;
    let burst = firing.len();
    for incident in firing {
        let (value, peak) = (incident.value, incident.peak);
        let at = parts.clock.now().max(incident.started_at);
        resolve(parts, incident.id, Ending { at, value, peak, accepted_at: None, burst }).await?;
    }
    Ok(())
}

async fn resolve(parts: &Parts, id: IncidentId, ending: Ending) -> Result<(), PortError> {
    let Ending { at, value, peak, accepted_at, burst } = ending;
    // Whoever was told of the beginning is told of the end, even if the rule's list has changed since.
    let told = parts.incidents.get(id).await?.map(|incident| incident.notifications).unwrap_or_default();
    let recipients = told.into_iter().map(|message| (message.channel, message.to)).collect();
    let until = parts.burst.note(parts.clock.now(), burst);
    let notifications = messages(parts, recipients, Transition::Resolved, until);
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

/// Messages to all of them, held back until then if so many go out at once that they are told together.
fn messages(
    parts: &Parts,
    recipients: BTreeSet<(Channel, String)>,
    transition: Transition,
    until: Option<Timestamp>,
) -> Vec<Notification> {
    let now = parts.clock.now();
    let message = |(channel, to)| Notification {
        id: NotificationId::new(now),
        transition,
        channel,
        to,
        state: NotificationState::Pending,
        attempts: 0,
        last_error: None,
        next_attempt_at: until.unwrap_or(now),
    };
    recipients.into_iter().map(message).collect()
}
