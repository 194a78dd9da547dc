//! How people are told: by webhook, again while it rings, together when it is much, and once more by hand.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::rules::{make, orders, post};
use super::support::app::TestApp;
use super::support::binary::Binary;
use super::support::hook::Hook;
use super::support::smtp::SmtpServer;
use super::support::viewer::Viewer;

const LOOPBACK: (&str, &str) = ("alerts.webhook_networks", "127.0.0.0/8");

/// Waits until every message of an incident has gone one way or the other.
async fn messages(viewer: &mut Viewer, state: &str) -> Vec<Value> {
    let frame = viewer
        .until("messages that are settled", |frame| {
            let sent = frame["incident"]["notifications"].as_array();
            sent.is_some_and(|sent| !sent.is_empty() && sent.iter().all(|one| one["state"] == state))
        })
        .await;
    frame["incident"]["notifications"].as_array().unwrap().clone()
}

#[actix_rt::test]
async fn a_webhook_is_called_with_a_signature_that_holds() {
    let mut hook = Hook::start(&["204 No Content"]).await;
    let app = TestApp::with(&[LOOPBACK]).await;
    let mut viewer = app.viewer().await;
    let rule = make(&app, &json!({"notify": {"webhook": hook.url(), "emails": ["eve@example.org"]}})).await;
    assert_eq!(rule["notify"]["webhook"], hook.url(), "who changes rules sees it whole");
    post(&app, &orders(11)).await;
    let call = hook.called().await;
    assert_eq!(call.path, "/hooks/s3cret?key=t0p");
    let key = tocsin::adapters::webhook::SigningKey::shown(&app.dir.path().join("keys")).unwrap();
    let key = BASE64_STANDARD.decode(key.strip_prefix("whsec_").unwrap()).unwrap();
    let header = |name: &str| call.headers[name].as_str();
    let signed = format!("{}.{}.{}", header("webhook-id"), header("webhook-timestamp"), call.body);
    let signature = BASE64_STANDARD.decode(header("webhook-signature").strip_prefix("v1,").unwrap()).unwrap();
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes(), &signature).unwrap();
    let body = call.json();
    let change = &body["changes"][0];
    assert_eq!((&body["type"], &change["transition"]), (&json!("incidents"), &json!("firing")));
    assert_eq!((&change["incident"]["rule_name"], &change["incident"]["value"]), (&json!("orders"), &json!(11)));
    assert_eq!(change["incident"]["notifications"], json!([]), "who else is told is not told");
    let sent = messages(&mut viewer, "sent").await;
    let of_hook = sent.iter().find(|one| one["channel"] == "webhook").unwrap();
    assert_eq!(of_hook["to"], format!("http://{}/…", hook.addr), "what may be a secret is not shown");
    app.advance(Duration::from_secs(60));
    assert_eq!(hook.called().await.json()["changes"][0]["transition"], "resolved");

    let key = app.api_key(&["alerts:read"]).await;
    let url = format!("http://{}/api/v1/rules/{}", app.addr, rule["id"].as_str().unwrap());
    let read: Value = app.http.get(url).bearer_auth(key).send().await.unwrap().json().await.unwrap();
    assert_eq!(read["notify"]["webhook"], format!("http://{}/…", hook.addr));
    app.stop().await;
}

#[actix_rt::test]
async fn a_webhook_that_fails_is_tried_again_with_the_same_id() {
    let mut hook = Hook::start(&["503 Service Unavailable", "200 OK"]).await;
    let app = TestApp::with(&[LOOPBACK]).await;
    let mut viewer = app.viewer().await;
    make(&app, &json!({"notify": {"webhook": hook.url()}})).await;
    post(&app, &orders(11)).await;
    let first = hook.called().await;
    let waits = |frame: &Value| frame["incident"]["notifications"][0]["attempts"] == 1;
    let frame = viewer.until("a first try", waits).await;
    let message = &frame["incident"]["notifications"][0];
    assert_eq!(
        (&message["state"], &message["last_error"]),
        (&json!("pending"), &json!("it answered 503 Service Unavailable"))
    );
    app.advance(Duration::from_secs(30));
    let second = hook.called().await;
    assert_eq!(second.headers["webhook-id"], first.headers["webhook-id"]);
    assert_eq!(messages(&mut viewer, "sent").await[0]["attempts"], 2);
    app.stop().await;
}

#[actix_rt::test]
async fn a_webhook_goes_nowhere_else() {
    let mut elsewhere = Hook::start(&["200 OK"]).await;
    let head = format!("302 Found\r\nLocation: {}", elsewhere.url());
    let mut hook = Hook::start(&[head.as_str()]).await;
    let app = TestApp::with(&[LOOPBACK]).await;
    let mut viewer = app.viewer().await;
    make(&app, &json!({"notify": {"webhook": hook.url()}})).await;
    post(&app, &orders(11)).await;
    hook.called().await;
    let dead = messages(&mut viewer, "dead").await;
    assert!(dead[0]["last_error"].as_str().unwrap().contains("nobody is followed"), "{dead:?}");
    assert_eq!(elsewhere.rest(), 0);
    app.stop().await;
}

#[actix_rt::test]
async fn private_addresses_are_not_called_unless_they_are_allowed() {
    let mut hook = Hook::start(&["200 OK"]).await;
    let app = TestApp::with(&[("alerts.webhook_networks", "")]).await;
    let mut viewer = app.viewer().await;
    for (n, url) in [hook.url(), format!("http://localhost:{}/x", hook.addr.port())].into_iter().enumerate() {
        make(&app, &json!({"name": format!("orders {n}"), "notify": {"webhook": url}})).await;
    }
    post(&app, &orders(11)).await;
    for _ in 0..2 {
        let dead = messages(&mut viewer, "dead").await;
        assert!(dead[0]["last_error"].as_str().unwrap().contains("alerts.webhook_networks"), "{dead:?}");
    }
    assert_eq!(hook.rest(), 0);
    app.stop().await;
}

#[actix_rt::test]
async fn a_message_that_was_given_up_is_sent_again_by_hand() {
    let mut hook = Hook::start(&["404 Not Found", "200 OK"]).await;
    let app = TestApp::with(&[LOOPBACK]).await;
    let mut viewer = app.viewer().await;
    make(&app, &json!({"notify": {"webhook": hook.url()}})).await;
    post(&app, &orders(11)).await;
    let dead = messages(&mut viewer, "dead").await.remove(0);
    let incident = app.incidents().await.remove(0);
    let path =
        |message: &str| format!("/api/v1/incidents/{}/notifications/{message}/retry", incident["id"].as_str().unwrap());
    let again = path(dead["id"].as_str().unwrap());
    let (status, answer) = app.ask(Method::POST, &again, None).await;
    assert_eq!((status, &answer["notifications"][0]["state"]), (StatusCode::OK, &json!("pending")), "{answer}");
    let sent = messages(&mut viewer, "sent").await;
    assert_eq!((&sent[0]["id"], &sent[0]["attempts"]), (&dead["id"], &json!(1)));
    hook.called().await;
    hook.called().await;
    for message in [dead["id"].as_str().unwrap(), incident["id"].as_str().unwrap(), "x"] {
        assert_eq!(app.ask(Method::POST, &path(message), None).await.0, StatusCode::NOT_FOUND, "{message}");
    }
    app.stop().await;
}

#[actix_rt::test]
async fn people_are_told_again_until_somebody_is_on_it() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let app = TestApp::with(&[("mail.url", &smtp.url("smtp", "", ""))]).await;
    let mut viewer = app.viewer().await;
    let often = json!({"repeat_seconds": 60, "window_seconds": 3_600, "notify": {"emails": ["eve@example.org"]}});
    make(&app, &often).await;
    post(&app, &orders(11)).await;
    let first = smtp.received().await;
    let incident = viewer.alert("firing").await;
    viewer.told().await;
    app.advance(Duration::from_secs(59));
    viewer.settled().await;
    app.advance(Duration::from_secs(1));
    let second = smtp.received().await;
    assert_eq!(second.headers["Subject"], "[STILL FIRING] orders: 11 > 10");
    assert_eq!(second.headers["References"], first.headers["Message-ID"], "one conversation");
    assert_ne!(second.headers["Message-ID"], first.headers["Message-ID"]);
    viewer.told().await;
    app.advance(Duration::from_secs(60));
    smtp.received().await;
    viewer.told().await;
    let ack = format!("/api/v1/incidents/{}/ack", incident["id"].as_str().unwrap());
    assert_eq!(app.ask(Method::POST, &ack, None).await.0, StatusCode::OK);
    app.advance(Duration::from_secs(600));
    viewer.settled().await;
    app.advance(Duration::from_secs(3_600));
    let last = smtp.received().await;
    assert!(last.headers["Subject"].starts_with("[RESOLVED]"), "{:?}", last.headers);
    app.stop().await;
    assert_eq!(smtp.rest().await.len(), 0);
}

#[actix_rt::test]
async fn five_hundred_groups_at_once_are_one_mail_a_recipient() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let app = TestApp::with(&[("mail.url", &smtp.url("smtp", "", ""))]).await;
    let mut viewer = app.viewer().await;
    let groups =
        json!({"group_by": "city", "threshold": 1, "notify": {"emails": ["eve@example.org", "mal@example.org"]}});
    make(&app, &groups).await;
    let documents: Vec<Value> =
        (0..1_000).map(|n| json!({"type": "order", "city": format!("city {}", n % 500)})).collect();
    post(&app, &documents).await;
    let mut seen = std::collections::HashSet::new();
    while seen.len() < 500 {
        seen.insert(viewer.alert("firing").await["id"].as_str().unwrap().to_owned());
    }
    app.advance(Duration::from_secs(1));
    let mut to = Vec::new();
    for _ in 0..2 {
        let mail = smtp.received().await;
        assert_eq!(mail.headers["Subject"], "[FIRING] 500 incidents: orders");
        assert!(mail.text.unwrap().contains("orders: city 0: 2, threshold 1"));
        to.extend(mail.to);
    }
    to.sort();
    assert_eq!(to, ["eve@example.org", "mal@example.org"]);
    app.stop().await;
    assert_eq!(smtp.rest().await.len(), 0, "and nothing else");
}

/// A hundred thousand documents in ten requests of one second, by the real clock and the real binary.
#[actix_rt::test]
async fn a_hundred_thousand_are_one_mail_with_the_exact_count() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let dir = TempDir::new().unwrap();
    let url = format!("mail.url={}", smtp.url("smtp", "", ""));
    let rules = format!("alerts.default_rules={}", super::support::app::rule_for(&["eve@example.org"]));
    let server = Binary::serve(dir.path(), &["--set", &url, "--set", &rules]);
    let key = std::fs::read_to_string(dir.path().join("data/keys/local.key")).unwrap();
    let ask = async |method: Method, path: &str, body: Option<String>| -> Value {
        let mut request =
            reqwest::Client::new().request(method, format!("{}{path}", server.url())).bearer_auth(key.trim());
        if let Some(body) = body {
            request = request.header("Content-Type", "application/x-ndjson").body(body);
        }
        request.send().await.unwrap().json().await.unwrap()
    };
    let batch = vec![r#"{"type":"error"}"#; 10_000].join("\n");
    let batches = (0..10).map(|_| ask(Method::POST, "/api/v1/documents", Some(batch.clone())));
    for answer in futures_util::future::join_all(batches).await {
        assert_eq!(answer["accepted"], 10_000);
    }
    let mail = smtp.received().await;
    assert!(mail.headers["Subject"].starts_with("[FIRING] errors-last-minute"), "{:?}", mail.headers);
    let value = async || ask(Method::GET, "/api/v1/incidents", None).await["items"].clone();
    super::support::soon("the exact count", async { while value().await[0]["peak"] != 100_000 {} }).await;
    assert_eq!(value().await.as_array().unwrap().len(), 1);
    let (code, _) = actix_rt::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!((code, smtp.rest().await.len()), (Some(0), 0));
}

#[actix_rt::test]
async fn people_choose_what_they_are_mailed() {
    let app = TestApp::start().await;
    let body = json!({"email": "bob@example.org", "password": super::support::app::PASSWORD, "name": "Bob"});
    let (_, bob) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
    let bob = bob["access_token"].as_str().unwrap().to_owned();
    let choose = async |token: &str, choice: Value| -> (StatusCode, Value) {
        let url = format!("http://{}/api/v1/auth/me/alerts", app.addr);
        let answer = app.http.patch(url).bearer_auth(token).json(&choice).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    };
    let named = make(&app, &json!({"name": "named", "notify": {"emails": ["@admins"]}})).await;
    let other = make(&app, &json!({"name": "other"})).await;
    let id = |rule: &Value| rule["id"].as_str().unwrap().to_owned();
    // Ada wants nothing but the one that does not name her; Bob wants all but that one.
    let mut own = json!({});
    own[id(&other)] = json!(true);
    let (status, chosen) = choose(&app.token, json!({"mails": "none", "rules": own})).await;
    assert_eq!((status, &chosen["mails"], &chosen["rules"]), (StatusCode::OK, &json!("none"), &own));
    own[id(&other)] = json!(false);
    assert_eq!(choose(&bob, json!({"mails": "all", "rules": own})).await.0, StatusCode::OK);
    post(&app, &orders(11)).await;
    let both = async { while app.incidents().await.len() < 2 {} };
    super::support::soon("two incidents", both).await;
    let told = async |rule: &Value| -> Vec<Value> {
        let of = super::rules::incidents(&app, rule).await;
        of[0]["notifications"].as_array().unwrap().iter().map(|one| one["to"].clone()).collect()
    };
    assert_eq!(told(&named).await, ["bob@example.org"]);
    assert_eq!(told(&other).await, ["ada@example.org"]);
    let (_, read) = app.ask(Method::GET, "/api/v1/auth/me/alerts", None).await;
    assert_eq!(read["mails"], "none");
    let mut back = json!({});
    back[id(&other)] = Value::Null;
    assert_eq!(choose(&bob, json!({"rules": back})).await.1, json!({"mails": "all", "rules": {}}));
    for (choice, path) in [(json!({"mails": "some"}), "/mails"), (json!({"rules": {"x": true}}), "/rules")] {
        let (status, problem) = choose(&bob, choice).await;
        assert_eq!((status, &problem["errors"][0]["path"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(path)));
    }
    app.stop().await;
}
