//! What two servers receive counts together, once.

use std::time::Duration;

use serde_json::json;

use super::{Two, incidents};
use crate::support::app::rule_for;
use crate::support::redis::RedisServer;
use crate::support::smtp::SmtpServer;

#[actix_rt::test]
async fn what_two_servers_with_clocks_five_seconds_apart_receive_rings_once() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let redis = RedisServer::start();
    let rules = rule_for(&["eve@example.org", "bob@example.org"]);
    let mails = smtp.url("smtp", "", "");
    let two =
        Two::start(&redis, Duration::from_secs(5), &[("mail.url", &mails), ("alerts.default_rules", &rules)]).await;
    let mut viewers = [two.one.viewer().await, two.other.viewer().await];
    two.one.errors(26).await;
    two.other.errors(26).await;
    for viewer in &mut viewers {
        let began = viewer.alert("firing").await;
        assert_eq!(began["rule_name"], "errors-last-minute");
        viewer.told().await;
    }
    for app in [&two.one, &two.other] {
        let all = incidents(app, "the value 52", |all| all.iter().any(|one| one["value"] == 52)).await;
        assert_eq!((all.len(), &all[0]["value"]), (1, &json!(52)), "{all:?}");
    }
    let mut to = [smtp.received().await, smtp.received().await].map(|mail| mail.to.concat());
    to.sort();
    assert_eq!(to, ["bob@example.org", "eve@example.org"]);
    two.stop().await;
    assert_eq!(smtp.rest().await.len(), 0, "nobody got a second one");
}

#[actix_rt::test]
async fn the_crossing_raced_at_two_servers_rings_once_each_time() {
    const ROUNDS: usize = 20;
    let smtp = SmtpServer::start::<&str>([]).await;
    let redis = RedisServer::start();
    let (mails, rules) = (smtp.url("smtp", "", ""), rule_for(&["eve@example.org"]));
    let mut two = Two::start(&redis, Duration::ZERO, &[("mail.url", &mails), ("alerts.default_rules", &rules)]).await;
    // It outlives the minutes of the rounds.
    let key = two.one.api_key(&["alerts:read", "documents:write"]).await;
    two.one.token.clone_from(&key);
    two.other.token = key;
    let mut viewer = two.other.viewer().await;
    for round in 1..=ROUNDS {
        if round % 2 == 0 {
            two.one.errors(50).await
        } else {
            two.other.errors(50).await
        }
        tokio::join!(two.one.errors(1), two.other.errors(1));
        viewer.alert("firing").await;
        viewer.told().await;
        let all = incidents(&two.one, "the value 52", |all| all[0]["value"] == 52).await;
        assert_eq!(all.len(), round);
        two.advance(Duration::from_secs(60));
        let ended = viewer.alert("resolved").await;
        assert_eq!((&ended["id"], &ended["peak"]), (&all[0]["id"], &json!(52)));
        viewer.told().await;
    }
    two.stop().await;
    assert_eq!(smtp.rest().await.len(), 2 * ROUNDS, "one that it fires and one that it is over");
}
