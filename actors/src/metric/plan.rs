//! Which rule gets what of a batch of documents, pure: rules by type, and their fields read once for all of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::lens::Lens;
use super::window::Entry;
use crate::domain::document::counts_at;
use crate::domain::{Document, DocumentType, Filter, Rule, RuleId, RuleSource, Scalar, Timestamp};

/// The group of an incident; all documents are in one, where a rule has no groups.
pub type Group = Option<Arc<str>>;

/// The longest name of a group, in characters; longer ones are cut.
const MAX_GROUP_CHARS: usize = 200;

/// A document, as one rule sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its place in the store; in its batch, before it is stored.
    pub place: u64,
    /// When it counts.
    pub at: Timestamp,
    /// In which group.
    pub group: Group,
    /// As what.
    pub entry: Entry,
}

/// What a rule takes of a document whose fields were read by a lens.
#[derive(Debug, Clone)]
pub struct Selector {
    filters: Vec<(usize, Filter)>,
    group: Option<usize>,
    value: Option<usize>,
}

/// What a document is to a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It passes by.
    No,
    /// It has no number where one is measured.
    Unusable,
    /// It counts.
    As(Group, Entry),
}

impl Selector {
    /// For a rule, through a lens that will look at the fields it needs.
    #[must_use]
    pub fn new(rule: &Rule, lens: &mut Lens) -> Self {
        let filters = &rule.selection.filters;
        Self {
            filters: filters.iter().map(|filter| (lens.slot(&filter.field), filter.clone())).collect(),
            group: rule.group_by.as_ref().map(|field| lens.slot(field)),
            value: rule.measure.field().map(|field| lens.slot(field)),
        }
    }

    /// Whether every document of the type counts, whatever is in it.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        self.filters.is_empty() && self.group.is_none() && self.value.is_none()
    }

    /// What a document is to the rule. One without the field that names its group is in the group of no name.
    #[must_use]
    pub fn take(&self, found: &[Scalar]) -> Taken {
        let of = |slot: usize| found.get(slot).unwrap_or(&Scalar::Nothing);
        if !self.filters.iter().all(|(slot, filter)| filter.passes(of(*slot))) {
            return Taken::No;
        }
        let entry = match self.value.map(of) {
            None => Entry::of(1),
            Some(Scalar::Number(number)) => Entry::with(*number),
            Some(_) => return Taken::Unusable,
        };
        let group = self.group.map(|slot| group_name(of(slot)));
        Taken::As(group, entry)
    }
}

fn group_name(value: &Scalar) -> Arc<str> {
    let name = value.to_group().unwrap_or_default();
    match name.char_indices().nth(MAX_GROUP_CHARS) {
        Some((end, _)) => name.get(..end).unwrap_or_default().into(),
        None => name.into(),
    }
}

/// The rules that want documents of one type.
#[derive(Debug, Default)]
struct OfType {
    lens: Lens,
    rules: Vec<(RuleId, Selector)>,
}

impl OfType {
    fn add(&mut self, rule: &Rule) {
        self.rules.push((rule.id, Selector::new(rule, &mut self.lens)));
    }
}

/// All rules that watch.
#[derive(Debug, Default)]
pub struct Plan {
    by_type: HashMap<DocumentType, OfType>,
    /// For types that no rule names.
    any: OfType,
}

/// What a batch is to the rules.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sorted {
    /// What each rule that is concerned takes, in the order of the batch.
    pub taken: Vec<(RuleId, Vec<Sample>)>,
    /// How often a rule found no number where it measures one.
    pub unusable: u64,
}

impl Plan {
    /// For these rules; those that are switched off are left out.
    #[must_use]
    pub fn new<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Self {
        let mut plan = Self::default();
        let watching: Vec<&Rule> = rules.into_iter().filter(|rule| rule.enabled).collect();
        for rule in &watching {
            match &rule.selection.source {
                RuleSource::Any => plan.any.add(rule),
                RuleSource::Type(kind) => plan.by_type.entry(kind.clone()).or_default().add(rule),
            }
        }
        for rule in watching.iter().filter(|rule| rule.selection.source == RuleSource::Any) {
            plan.by_type.values_mut().for_each(|of_type| of_type.add(rule));
        }
        plan
    }

    /// What each rule takes of a batch; the place of a sample is that in the batch.
    #[must_use]
    pub fn sort(&self, batch: &[Document], future_tolerance: Duration) -> Sorted {
        let mut taken: HashMap<RuleId, Vec<Sample>> = HashMap::new();
        let mut unusable = 0;
        for (place, document) in (0..).zip(batch) {
            let of_type = self.by_type.get(&document.kind).unwrap_or(&self.any);
            if of_type.rules.is_empty() {
                continue;
            }
            let Some(at) = counts_at(document.at, document.received_at, future_tolerance) else { continue };
            let found = if of_type.lens.is_empty() { Vec::new() } else { of_type.lens.read(document) };
            for (rule, selector) in &of_type.rules {
                match selector.take(&found) {
                    Taken::No => {}
                    Taken::Unusable => unusable += 1,
                    Taken::As(group, entry) => {
                        taken.entry(*rule).or_default().push(Sample { place, at, group, entry });
                    }
                }
            }
        }
        let mut taken: Vec<_> = taken.into_iter().collect();
        taken.sort_unstable_by_key(|(rule, _)| *rule);
        Sorted { taken, unusable }
    }
}

impl Sorted {
    /// The same with places in the store; what was there already is left out.
    #[must_use]
    pub fn placed(self, places: &[Option<u64>]) -> Self {
        let place_of = |place: u64| places.get(usize::try_from(place).unwrap_or(usize::MAX)).copied().flatten();
        let fresh = |sample: Sample| place_of(sample.place).map(|place| Sample { place, ..sample });
        let taken =
            self.taken.into_iter().map(|(rule, samples)| (rule, samples.into_iter().filter_map(fresh).collect()));
        let taken = taken.filter(|(_, samples): &(RuleId, Vec<Sample>)| !samples.is_empty()).collect();
        Self { taken, unusable: self.unusable }
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
