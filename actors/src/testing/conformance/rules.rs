use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::at;
use crate::domain::{
    Comparison, FieldPath, Filter, Hysteresis, Measure, Operator, Rule, RuleId, RuleSource, Scalar, WebhookUrl,
};
use crate::ports::{PortError, Rules};
use crate::testing::samples;

/// What [`Rules`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn rules(make: impl AsyncFn() -> Arc<dyn Rules>) {
    installs_defaults_once(&*make().await).await;
    installs_defaults_once_however_many_ask(&*make().await).await;
    keeps_every_field(&*make().await).await;
    changes_and_removes(&*make().await).await;
    has_one_rule_of_a_name_and_not_too_many(&*make().await).await;
}

fn rule(name: &str) -> Rule {
    Rule { id: RuleId::new(at(0)), name: name.to_owned(), ..samples::rule(at(0)).unwrap() }
}

async fn installs_defaults_once(store: &dyn Rules) {
    assert_eq!(store.list().await.unwrap(), vec![]);
    assert!(!store.install_defaults(Vec::new()).await.unwrap(), "there was nothing to store");
    let first = rule("first");
    assert!(store.install_defaults(vec![first.clone()]).await.unwrap());
    assert!(!store.install_defaults(vec![rule("second")]).await.unwrap(), "it has had rules");
    assert_eq!(store.list().await.unwrap(), vec![first]);
}

async fn installs_defaults_once_however_many_ask(store: &dyn Rules) {
    let nodes = (0..6).map(|n| store.install_defaults(vec![rule(&format!("node-{n}"))]));
    let installed = join_all(nodes).await.into_iter().filter(|did| *did.as_ref().unwrap()).count();
    assert_eq!((installed, store.list().await.unwrap().len()), (1, 1));
}

async fn keeps_every_field(store: &dyn Rules) {
    let signs = [Comparison::Above, Comparison::AtLeast, Comparison::Below, Comparison::AtMost];
    let mut all: Vec<Rule> = signs
        .into_iter()
        .map(|comparison| Rule { comparison, ..rule(&format!("of {}", comparison.as_str())) })
        .collect();
    all[0].selection.source = RuleSource::Any;
    all[0].group_by = Some(FieldPath::parse(r"customer.ci\.ty").unwrap());
    let value = |json: &str| Scalar::of_json(json);
    let filter = |field: &str, operator: &str, values| {
        Filter::new(FieldPath::parse(field).unwrap(), Operator::parse(operator).unwrap(), values).unwrap()
    };
    all[1].selection.filters = vec![
        filter("a", "=", vec![value("null")]),
        filter("b.c", "in", vec![value("\"né \\\"\""), value("0.10"), value("9007199254740993"), value("true")]),
        filter("d", "contains", vec![value("\"x\"")]),
    ];
    all[1].measure = Measure::parse("sum", Some("order.amount")).unwrap();
    all[2].measure = Measure::parse("p95", Some("duration")).unwrap();
    all[0].hysteresis = Hysteresis { recover_at: Some(0.1), hold: Duration::from_secs(30), ..Hysteresis::default() };
    all[1].hysteresis.keep_firing = Duration::from_secs(60);
    all[1].notify_emails = vec!["a@example.org".to_owned(), "\"q, r\"@example.org".to_owned()];
    all[2].notify_emails = Vec::new();
    all[2].notify_room = Some(crate::domain::RoomName::parse("incidents").unwrap());
    all[1].notify_webhook = Some(WebhookUrl::parse("https://hooks.example.org/T0/secret?x=1").unwrap());
    all[1].repeat = Some(Duration::from_secs(600));
    all[2].enabled = false;
    all[3].window = Duration::from_millis(1_500);
    all[3].threshold = -0.125;
    assert!(store.install_defaults(all.clone()).await.unwrap());
    for one in &all {
        assert_eq!(store.get(one.id).await.unwrap().as_ref(), Some(one));
    }
    assert_eq!(store.get(RuleId::new(at(1))).await.unwrap(), None);
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(store.list().await.unwrap(), all, "by name");
}

async fn changes_and_removes(store: &dyn Rules) {
    let (one, other) = (rule("one"), Rule { id: RuleId::new(at(1)), ..rule("other") });
    store.create(one.clone(), 10).await.unwrap();
    store.create(other.clone(), 10).await.unwrap();
    let changed = Rule { name: "renamed".to_owned(), threshold: 7.5, enabled: false, ..one.clone() };
    assert!(store.replace(changed.clone()).await.unwrap());
    assert_eq!(store.get(one.id).await.unwrap(), Some(changed.clone()));
    assert_eq!(store.list().await.unwrap(), vec![other.clone(), changed.clone()]);
    assert!(store.remove(one.id).await.unwrap());
    assert!(!store.remove(one.id).await.unwrap(), "it is gone already");
    assert!(!store.replace(changed).await.unwrap(), "and nothing brings it back");
    assert_eq!(store.list().await.unwrap(), vec![other.clone()]);
    assert!(store.remove(other.id).await.unwrap());
    assert!(!store.install_defaults(vec![rule("default")]).await.unwrap(), "it has had rules");
}

async fn has_one_rule_of_a_name_and_not_too_many(store: &dyn Rules) {
    let of = |millis, name: &str| Rule { id: RuleId::new(at(millis)), ..rule(name) };
    store.create(of(0, "a"), 2).await.unwrap();
    let taken = Err(PortError::Conflict("rule_name_taken"));
    assert_eq!(store.create(of(1, "a"), 2).await, taken);
    let second = of(2, "b");
    store.create(second.clone(), 2).await.unwrap();
    assert_eq!(store.replace(Rule { name: "a".to_owned(), ..second }).await.map(drop), taken);
    assert_eq!(store.create(of(3, "c"), 2).await, Err(PortError::Conflict("too_many_rules")));
    let many = join_all((10..20).map(|n| store.create(of(n, "same"), 100))).await;
    assert_eq!(many.into_iter().filter(Result::is_ok).count(), 1);
}
