//! Redis is away: documents are kept, the bell rings, and everything is right when it is back.

use std::time::Duration;

use serde_json::json;

use super::{Two, incidents, metric};
use crate::rules::make;
use crate::support::app::rule_for;
use crate::support::redis::RedisServer;
use crate::support::smtp::SmtpServer;

#[actix_rt::test]
async fn the_bell_rings_for_both_while_redis_is_away() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let mut redis = RedisServer::start();
    let (mails, rules) = (smtp.url("smtp", "", ""), rule_for(&["eve@example.org"]));
    let two = Two::start(&redis, Duration::ZERO, &[("mail.url", &mails), ("alerts.default_rules", &rules)]).await;
    let mut viewer = two.other.viewer().await;
    two.one.errors(20).await;
    redis.kill();
    metric(&two.other, "tocsin_news_listening 0.0").await;
    // Answered with 201 at both.
    two.one.errors(6).await;
    two.other.errors(26).await;
    let began = viewer.alert("firing").await;
    smtp.received().await;
    let all = incidents(&two.one, "the value 52", |all| all.iter().any(|one| one["value"] == 52)).await;
    assert_eq!((all.len(), &all[0]["id"]), (1, &began["id"]));
    // A rule of the server that does not ring is found by looking.
    let rule = make(&two.other, &json!({"type": "error", "threshold": 1})).await;
    let second = viewer.alert("firing").await;
    assert_eq!((&second["rule_id"], &second["value"]), (&rule["id"], &json!(52)));

    redis.start_again();
    for app in [&two.one, &two.other] {
        metric(app, "tocsin_news_listening 1.0").await;
    }
    two.other.errors(8).await;
    incidents(&two.one, "the value 60", |all| all.iter().all(|one| one["value"] == 60)).await;
    two.stop().await;
    assert_eq!(smtp.rest().await.len(), 0, "nobody got a second one");
}

#[actix_rt::test]
async fn a_redis_that_hangs_holds_up_no_document() {
    let redis = RedisServer::start();
    let two = Two::start(&redis, Duration::ZERO, &[("redis.timeout_ms", "100")]).await;
    let mut viewer = two.one.viewer().await;
    redis.hang();
    two.other.errors(26).await;
    two.one.errors(26).await;
    viewer.alert("firing").await;
    incidents(&two.one, "the value 52", |all| all[0]["value"] == 52).await;
    redis.go_on();
    two.stop().await;
}
