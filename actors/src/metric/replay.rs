//! What a rule would have done, and what its value was, by the documents that are stored: the state machine of
//! [`Groups`], moved by the time of the documents.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use super::groups::{Groups, Turn};
use super::plan::{Group, Sample};
use super::state::{Effect, Pace};
use super::taking_over::{self, Stretch};
use super::window::Entry;
use crate::domain::{Rule, Timestamp};
use crate::ports::{Documents, PortError};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The first instant.
    pub from: Timestamp,
    /// The last.
    pub to: Timestamp,
    /// From one value to the next.
    pub step: Duration,
    /// How far ahead a document's time may lie and still count as received.
    pub future_tolerance: Duration,
    /// The most groups at once.
    pub max_groups: usize,
    /// The most incidents that are kept; the first ones.
    pub max_incidents: usize,
}

/// An incident that there would have been.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; never, within the time that was asked about.
    pub resolved_at: Option<Timestamp>,
    /// Its furthest value.
    pub peak: f64,
    /// Its group.
    pub group: Group,
}

/// The answer.
#[derive(Debug, Default, PartialEq)]
pub struct Replayed {
    /// The incidents, in the order in which they began.
    pub incidents: Vec<Past>,
    /// How many there were, also those that are left out.
    pub total: u64,
    /// The value at each step; of a rule with groups, that of the furthest.
    pub series: Vec<(Timestamp, Option<f64>)>,
    /// How many documents counted.
    pub counted: u64,
    /// How many were left out, because there were too many groups.
    pub refused: u64,
}

/// Asks the stored documents.
///
/// # Errors
/// What [`Documents::scan`] says.
pub async fn replay(documents: &dyn Documents, rule: Rule, question: Question) -> Result<Replayed, PortError> {
    let begin = question.from.minus(rule.hysteresis.memory());
    let stretch =
        Stretch { after: begin.minus(rule.window), upto: question.to, future_tolerance: question.future_tolerance };
    let state = Replay::new(rule.clone(), question);
    let tell = |replay: &mut Replay, at, group, entry| {
        replay.take(at, group, entry);
        ControlFlow::Continue(())
    };
    let (replay, _) = taking_over::replay(documents, &rule, &stretch, state, tell).await?;
    Ok(replay.end())
}

struct Replay {
    question: Question,
    groups: Groups,
    /// The past of the first instant is told.
    began: bool,
    /// What counts at one instant is judged together, once all of it is there.
    now: Timestamp,
    waiting: Vec<Sample>,
    open: HashMap<Group, usize>,
    next_point: Timestamp,
    answer: Replayed,
}

impl Replay {
    fn new(rule: Rule, question: Question) -> Self {
        let pace = Pace { report_every: Duration::MAX, progress_every: Duration::MAX };
        let begin = question.from.minus(rule.hysteresis.memory());
        Self {
            question,
            groups: Groups::new(Arc::new(rule), pace, question.max_groups, &[], begin),
            began: false,
            now: question.from,
            waiting: Vec::new(),
            open: HashMap::new(),
            next_point: question.from,
            answer: Replayed::default(),
        }
    }

    fn take(&mut self, at: Timestamp, group: Group, entry: Entry) {
        if at < self.question.from {
            return self.groups.recall(at, [(group, entry)]);
        }
        self.begin();
        if at != self.now {
            self.judge();
            self.draw_upto(at);
            self.now = at;
        }
        self.answer.counted += entry.count;
        self.waiting.push(Sample { place: 0, at, group, entry });
    }

    fn begin(&mut self) {
        if !std::mem::replace(&mut self.began, true) {
            self.groups.resume(self.question.from);
        }
    }

    /// Judges what counts now.
    fn judge(&mut self) {
        let samples = std::mem::take(&mut self.waiting);
        let turns = self.groups.observe(samples, self.now);
        self.keep(turns);
    }

    /// Notes the values at the steps before an instant.
    fn draw_upto(&mut self, end: Timestamp) {
        while self.next_point < end {
            let at = self.next_point;
            if at > self.now {
                let turns = self.groups.observe(Vec::new(), at);
                self.keep(turns);
            }
            self.answer.series.push((at, self.groups.summary().value));
            let next = at.plus(self.question.step);
            // A step of nothing gives the first value only.
            self.next_point = if next > at { next } else { Timestamp::MAX };
        }
    }

    fn keep(&mut self, turns: Vec<Turn>) {
        for turn in turns {
            let Turn::Of(group, effect) = turn else { continue };
            match effect {
                Effect::Open { at, value, .. } => {
                    self.answer.total += 1;
                    if self.answer.incidents.len() < self.question.max_incidents {
                        self.open.insert(group.clone(), self.answer.incidents.len());
                        let past = Past { started_at: at, resolved_at: None, peak: value, group };
                        self.answer.incidents.push(past);
                    }
                }
                Effect::Resolve { at, peak, .. } => {
                    let of = self.open.remove(&group).and_then(|index| self.answer.incidents.get_mut(index));
                    if let Some(past) = of {
                        (past.resolved_at, past.peak) = (Some(at), peak);
                    }
                }
                Effect::Progress { .. } | Effect::Remind | Effect::Ring => {}
            }
        }
    }

    fn end(mut self) -> Replayed {
        self.begin();
        self.judge();
        let to = self.question.to;
        self.draw_upto(to.plus(Duration::from_millis(1)));
        let turns = self.groups.observe(Vec::new(), to);
        self.keep(turns);
        for (group, _, peak) in self.groups.firing() {
            if let Some(past) = self.open.get(group).and_then(|index| self.answer.incidents.get_mut(*index)) {
                past.peak = peak;
            }
        }
        // Groups that turned at one look are told one after the other.
        self.answer.incidents.sort_by_key(|past| past.started_at);
        self.answer.refused = self.groups.take_missed().refused;
        self.answer
    }
}

#[cfg(test)]
#[path = "replay_tests.rs"]
mod tests;
