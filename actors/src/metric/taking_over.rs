//! What a watcher reads when it starts: what counts, and what fires.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use super::groups::{Groups, Open};
use super::lens::Lens;
use super::plan::{Group, Selector, Taken};
use super::state::Firing;
use super::window::Entry;
use super::{Parts, RETRY_INITIAL, RETRY_MAX};
use crate::domain::{Incident, Rule, Timestamp};
use crate::ports::{Documents, PortError, Visit};

/// What there was before.
pub(super) struct Past {
    pub(super) groups: Groups,
    /// Everything up to this place is in it.
    pub(super) upto: u64,
    pub(super) incidents: HashMap<Group, Incident>,
}

/// Reads it, until the store answers.
pub(super) async fn look_back(parts: Parts, rule: Arc<Rule>) -> Past {
    let mut wait = RETRY_INITIAL;
    loop {
        match read(&parts, &rule).await {
            Ok(past) => return past,
            Err(error) => {
                slog::warn!(parts.log, "a rule cannot read what it counts, trying again";
                    "rule" => &rule.name, "error" => %error);
                parts.clock.until(parts.clock.now().plus(wait)).await;
                wait = (wait * 2).min(RETRY_MAX);
            }
        }
    }
}

/// The documents come last: what is stored while this runs is either among them or in the mailbox, with a later place.
async fn read(parts: &Parts, rule: &Arc<Rule>) -> Result<Past, PortError> {
    let firing = parts.incidents.firing(rule.id).await?;
    let now = parts.clock.now();
    let begin = now.minus(rule.hysteresis.memory());
    let incidents: HashMap<Group, Incident> =
        firing.into_iter().map(|incident| (incident.group.as_deref().map(Arc::from), incident)).collect();
    let open: Vec<Open> =
        incidents.iter().map(|(group, incident)| Open { group: group.clone(), firing: firing_of(incident) }).collect();
    let groups = Groups::new(Arc::clone(rule), parts.pace, parts.max_groups, &open, begin);
    let upto = now.plus(parts.future_tolerance);
    let stretch = Stretch { after: begin.minus(rule.window), upto, future_tolerance: parts.future_tolerance };
    let tell = move |groups: &mut Groups, at: Timestamp, group, entry| {
        groups.recall(at.min(now), [(group, entry)]);
        ControlFlow::Continue(())
    };
    let (groups, upto) = replay(&*parts.documents, rule, &stretch, groups, tell).await?;
    Ok(Past { groups, upto, incidents })
}

fn firing_of(incident: &Incident) -> Firing {
    Firing { since: incident.started_at, peak: incident.peak, silenced: incident.silenced }
}

/// What counts in `(after, upto]`.
pub(super) struct Stretch {
    pub(super) after: Timestamp,
    pub(super) upto: Timestamp,
    pub(super) future_tolerance: std::time::Duration,
}

/// Tells a state what a rule takes of the stored documents, in the order of time; returns the state, and the highest
/// place of any document.
pub(super) async fn replay<S, F>(
    documents: &dyn Documents,
    rule: &Rule,
    stretch: &Stretch,
    mut state: S,
    mut tell: F,
) -> Result<(S, u64), PortError>
where
    S: Send + 'static,
    F: FnMut(&mut S, Timestamp, Group, Entry) -> ControlFlow<()> + Send + 'static,
{
    let source = rule.selection.source.clone();
    let Stretch { after, upto, future_tolerance } = *stretch;
    let mut lens = Lens::default();
    let selector = Selector::new(rule, &mut lens);
    if selector.takes_all() {
        let arrivals = documents.arrivals(source, after, upto, future_tolerance).await?;
        for (at, count) in arrivals.counts {
            if tell(&mut state, at, None, Entry::of(count)).is_break() {
                break;
            }
        }
        return Ok((state, arrivals.upto));
    }
    // Shared with the reading for as long as that lasts.
    let shared = Arc::new(Mutex::new((state, tell)));
    let visit: Visit = Box::new({
        let shared = Arc::clone(&shared);
        move |document| {
            let found = lens.read_parts(document.kind, document.id, document.fields);
            let Taken::As(group, entry) = selector.take(&found) else { return ControlFlow::Continue(()) };
            let mut guard = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let (state, tell) = &mut *guard;
            tell(state, document.at, group, entry)
        }
    });
    let highest = documents.scan(source, after, upto, future_tolerance, visit).await?;
    let shared = Arc::into_inner(shared).ok_or_else(|| PortError::Failed("a reading did not end".into()))?;
    let (state, _) = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((state, highest))
}
