//! Who takes what, in tables.

use super::*;
use crate::domain::{Decimal, DocumentId, FieldPath, Measure, Operator, Selection};
use crate::testing::samples;

fn at(millis: i64) -> Timestamp {
    Timestamp::clamped(millis)
}

fn document(kind: &str, fields: &str) -> Document {
    Document {
        id: DocumentId::parse("d1").unwrap(),
        kind: DocumentType::parse(kind).unwrap(),
        at: at(1_000),
        received_at: at(1_000),
        fields: fields.to_owned(),
    }
}

fn rule(n: i64, source: &str) -> Rule {
    let selection = Selection::all(RuleSource::parse(source).unwrap());
    Rule { selection, ..samples::rule(at(n)).unwrap() }
}

fn filter(field: &str, operator: &str, json: &str) -> Filter {
    let (field, operator) = (FieldPath::parse(field).unwrap(), Operator::parse(operator).unwrap());
    Filter::new(field, operator, vec![Scalar::of_json(json)]).unwrap()
}

/// What each rule takes, as `(group, count, value)`.
fn taken(rules: &[Rule], batch: &[Document]) -> Vec<Vec<(Option<String>, u64, String)>> {
    let sorted = Plan::new(rules).sort(batch, Duration::from_secs(5));
    let of = |rule: &Rule| sorted.taken.iter().find(|(id, _)| *id == rule.id).map(|(_, taken)| taken.clone());
    let plain = |sample: &Sample| {
        let group = sample.group.as_deref().map(str::to_owned);
        (group, sample.entry.count, sample.entry.value.to_string())
    };
    rules.iter().map(|rule| of(rule).unwrap_or_default().iter().map(plain).collect()).collect()
}

#[test]
fn rules_take_their_type_and_all_of_any() {
    let off = Rule { enabled: false, ..rule(4, "any") };
    let rules = [rule(1, "error"), rule(2, "order"), rule(3, "any"), off];
    let batch = [document("error", "{}"), document("order", "{}"), document("other", "{}"), document("error", "{}")];
    let counts: Vec<usize> = taken(&rules, &batch).iter().map(Vec::len).collect();
    assert_eq!(counts, [2, 1, 4, 0]);
}

#[test]
fn conditions_numbers_and_groups_are_read_from_the_fields() {
    let paid = Rule {
        selection: Selection {
            filters: vec![filter("status", "=", "\"paid\""), filter("customer.age", ">=", "18")],
            ..rule(1, "order").selection
        },
        measure: Measure::parse("sum", Some("amount")).unwrap(),
        group_by: Some(FieldPath::parse("customer.city").unwrap()),
        ..rule(1, "order")
    };
    let by_type = Rule { group_by: Some(FieldPath::parse("type").unwrap()), ..rule(2, "any") };
    let batch = [
        document("order", r#"{"status":"paid","amount":0.10,"customer":{"age":18,"city":"Lyon"}}"#),
        document("order", r#"{"status":"paid","amount":1e2,"customer":{"age":50}}"#),
        document("order", r#"{"status":"paid","amount":5,"customer":{"age":17,"city":"Lyon"}}"#),
        document("order", r#"{"status":"open","amount":5,"customer":{"age":18,"city":"Lyon"}}"#),
        document("error", r#"{"status":"paid","amount":5,"customer":{"age":18}}"#),
    ];
    let found = taken(&[paid, by_type], &batch);
    let group = |name: &str| Some(name.to_owned());
    assert_eq!(found[0], [(group("Lyon"), 1, "0.1".to_owned()), (group(""), 1, "100".to_owned())]);
    let types: Vec<_> = found[1].iter().map(|(group, _, _)| group.as_deref().unwrap()).collect();
    assert_eq!(types, ["order", "order", "order", "order", "error"]);
}

#[test]
fn what_is_no_number_poisons_nothing() {
    let sum = Rule { measure: Measure::parse("sum", Some("amount")).unwrap(), ..rule(1, "order") };
    let amounts = ["1.5", "\"12\"", "null", "true", "[1]", "{}", "1e300", "-0.5"];
    let mut batch: Vec<Document> =
        amounts.iter().map(|amount| document("order", &format!(r#"{{"amount":{amount}}}"#))).collect();
    batch.push(document("order", "{}"));
    let sorted = Plan::new(&[sum]).sort(&batch, Duration::ZERO);
    let sum = sorted.taken[0].1.iter().fold(Decimal::ZERO, |sum, sample| sum.plus(sample.entry.value));
    assert_eq!((sum, sorted.unusable), (Decimal::from(1), 7));
}

#[test]
fn places_are_those_of_the_store_and_what_was_there_is_left_out() {
    let batch = [document("error", "{}"), document("error", "{}"), document("error", "{}")];
    let sorted = Plan::new(&[rule(1, "error")]).sort(&batch, Duration::ZERO);
    let placed = sorted.placed(&[Some(7), None, Some(9)]);
    assert_eq!(placed.taken[0].1.iter().map(|sample| sample.place).collect::<Vec<_>>(), [7, 9]);
    let sorted = Plan::new(&[rule(1, "error")]).sort(&batch, Duration::ZERO);
    assert_eq!(sorted.placed(&[None, None, None]).taken, []);
}

#[test]
fn far_ahead_is_no_time_and_long_names_are_cut() {
    let ahead = Document { at: at(7_000), ..document("error", "{}") };
    let nearly = Document { at: at(6_000), ..document("error", "{}") };
    let sorted = Plan::new(&[rule(1, "error")]).sort(&[ahead, nearly], Duration::from_secs(5));
    assert_eq!(sorted.taken[0].1.iter().map(|sample| sample.at).collect::<Vec<_>>(), [at(1_000)]);

    let long = Rule { group_by: Some(FieldPath::parse("name").unwrap()), ..rule(1, "error") };
    let name = "é".repeat(300);
    let found = taken(&[long], &[document("error", &format!(r#"{{"name":"{name}"}}"#))]);
    assert_eq!(found[0][0].0.as_deref().map(|group| group.chars().count()), Some(200));
}
