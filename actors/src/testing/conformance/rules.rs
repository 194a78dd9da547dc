use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::at;
use crate::domain::{Comparison, DocumentType, Hysteresis, Measure, Rule, RuleId, RuleSource};
use crate::ports::Rules;

/// What [`Rules`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn rules(make: impl AsyncFn() -> Arc<dyn Rules>) {
    installs_defaults_once(&*make().await).await;
    installs_defaults_once_however_many_ask(&*make().await).await;
    keeps_every_field(&*make().await).await;
}

fn rule(name: &str) -> Rule {
    Rule {
        id: RuleId::new(at(0)),
        name: name.to_owned(),
        source: RuleSource::Type(DocumentType::parse("error").unwrap()),
        measure: Measure::Count,
        window: Duration::from_secs(60),
        comparison: Comparison::Above,
        threshold: 50.0,
        hysteresis: Hysteresis::default(),
        notify_emails: vec![Rule::ADMINS.to_owned()],
        notify_room: None,
        enabled: true,
    }
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
    all[0].source = RuleSource::Any;
    all[0].hysteresis = Hysteresis { recover_at: Some(0.1), hold: Duration::from_secs(30), ..Hysteresis::default() };
    all[1].hysteresis.keep_firing = Duration::from_secs(60);
    all[1].notify_emails = vec!["a@example.org".to_owned(), "\"q, r\"@example.org".to_owned()];
    all[2].notify_emails = Vec::new();
    all[2].notify_room = Some(crate::domain::RoomName::parse("incidents").unwrap());
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
