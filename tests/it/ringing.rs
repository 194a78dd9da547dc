//! From the shell to the mailbox: `tocsin send`, the bell, and a real mail server.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::json;
use tempfile::TempDir;
use tocsin::adapters::clock::SystemClock;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::Clock as _;

use super::support::app::{TestApp, rule_for};
use super::support::binary::{Binary, tocsin};
use super::support::smtp::SmtpServer;
use super::support::soon;
use super::support::viewer::Viewer;

#[actix_rt::test]
async fn one_bad_address_of_three_keeps_nobody_from_their_mail() {
    let mut smtp = SmtpServer::start(["--reply-550", "gone@example.org", "--reply-451", "busy@example.org"]).await;
    let rules = rule_for(&["gone@example.org", "busy@example.org", "eve@example.org"]);
    let app = TestApp::with(&[("mail.url", &smtp.url("smtp", "", "")), ("alerts.default_rules", &rules)]).await;
    let mut viewer = app.viewer().await;
    app.errors(51).await;
    let mail = smtp.received().await;
    assert_eq!(mail.to, ["eve@example.org"]);
    assert_eq!(mail.headers["Auto-Submitted"], "auto-generated");
    assert!(mail.headers["Subject"].contains("[FIRING] errors-last-minute"), "{:?}", mail.headers);

    let settled = viewer
        .until("every first try", |frame| {
            let sent = frame["incident"]["notifications"].as_array();
            sent.is_some_and(|sent| sent.iter().all(|one| one["attempts"] == 1))
        })
        .await;
    let mut states: Vec<(String, String, bool)> = settled["incident"]["notifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap().to_owned();
            (text("to"), text("state"), one["last_error"].is_string())
        })
        .collect();
    states.sort();
    let expected =
        [("busy@example.org", "pending", true), ("eve@example.org", "sent", false), ("gone@example.org", "dead", true)];
    assert_eq!(states, expected.map(|(to, state, error)| (to.to_owned(), state.to_owned(), error)));
    app.stop().await;
    assert_eq!(smtp.rest().await.len(), 0, "nobody got a second one");
}

#[actix_rt::test]
async fn lines_from_the_shell_ring_exactly_once_with_the_exact_value() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let dir = TempDir::new().unwrap();
    let url = smtp.url("smtp", "", "");
    let rules = format!("alerts.default_rules={}", rule_for(&["eve@example.org"]));
    let server = Binary::serve(dir.path(), &["--set", &format!("mail.url={url}"), "--set", &rules]);
    let mut send = tocsin(dir.path())
        .args(["send", "--type", "error", "--url", &server.url()])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = (0..595).map(|n| format!("[Sun Dec 04 04:47:44 2005] [error] mod_jk child {n}\r\n")).collect();
    send.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let sent = send.wait_with_output().unwrap();
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));

    let mail = smtp.received().await;
    assert_eq!(mail.to, ["eve@example.org"]);
    let key = std::fs::read_to_string(dir.path().join("data/keys/local.key")).unwrap();
    let ask = async |path: &str| -> serde_json::Value {
        let request = reqwest::Client::new().get(format!("{}{path}", server.url())).bearer_auth(key.trim());
        soon("an answer", request.send()).await.unwrap().json().await.unwrap()
    };
    let incidents = ask("/api/v1/incidents").await;
    let incidents = incidents["items"].as_array().unwrap();
    assert_eq!((incidents.len(), &incidents[0]["value"]), (1, &json!(595)), "{incidents:?}");
    assert_eq!(ask("/api/v1/documents/types").await["items"], json!([{"type": "error", "count": 595}]));
    let one = ask("/api/v1/documents?limit=1").await["items"][0].clone();
    assert!(one["message"].as_str().unwrap().ends_with(char::is_numeric), "the line end is not part of it: {one}");
    let (code, _) = actix_rt::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!((code, smtp.rest().await.len()), (Some(0), 0));
}

/// By the real clock: 51 errors ring at once, and a minute later to the millisecond it is over, with no traffic. 51 that are
/// spread over a whole minute do not ring.
#[actix_rt::test]
async fn a_minute_is_a_minute_by_the_real_clock() {
    let dir = TempDir::new().unwrap();
    let rules = json!([
        {"name": "at once", "type": "a", "measure": {"kind": "count"}, "window_seconds": 60, "comparison": ">", "threshold": 50},
        {"name": "spread", "type": "b", "measure": {"kind": "count"}, "window_seconds": 60, "comparison": ">", "threshold": 50},
    ]);
    let rules = format!("alerts.default_rules={}", toml_of(&rules));
    let server = Binary::serve(dir.path(), &["--set", &rules]);
    let key = std::fs::read_to_string(dir.path().join("data/keys/local.key")).unwrap();
    let post = async |documents: serde_json::Value| {
        let request = reqwest::Client::new().post(format!("{}/api/v1/documents", server.url())).bearer_auth(key.trim());
        let answer = soon("an answer", request.json(&documents).send()).await.unwrap();
        assert_eq!(answer.status(), 201);
    };
    let mut viewer = Viewer::connect(server.addr).await;
    viewer.send(json!({"type": "auth", "token": key.trim()})).await;
    viewer.until("a snapshot", |frame| frame["type"] == "snapshot").await;
    // 25 and 26 that leave the window in 20 s and in 40 s, and 25 more that come as the latter leave: never 51.
    let ago = |millis: i64| Timestamp::clamped(SystemClock.now().as_millis() - millis);
    let (first, second) = (ago(40_000), ago(20_000));
    let spread = |at: Timestamp, count: usize| vec![json!({"type": "b", "at": at.to_string()}); count];
    post(json!(spread(first, 25))).await;
    post(json!(vec![json!({"type": "a"}); 51])).await;
    let began = viewer.alert("firing").await;
    // The real clock goes on by itself, and what it moves is seen.
    let fell_to = |value: u64| move |frame: &serde_json::Value| frame["type"] == "metric" && frame["value"] == value;
    viewer.until("those that left after 20 s", fell_to(0)).await;
    post(json!(spread(second, 26))).await;
    viewer.until("26", fell_to(26)).await;
    viewer.until("those that left after 40 s", fell_to(0)).await;
    post(json!(spread(second.plus(std::time::Duration::from_secs(60)), 25))).await;
    let ended = viewer.alert("resolved").await;
    assert_eq!(ended["id"], began["id"]);
    let at = |incident: &serde_json::Value, field: &str| {
        Timestamp::parse_rfc3339(incident[field].as_str().unwrap()).unwrap()
    };
    let lasted = at(&ended, "resolved_at").since(at(&ended, "started_at"));
    assert_eq!(lasted.as_millis(), 60_000);
    let seen: Vec<_> = viewer.seen.iter().filter(|frame| frame["incident"]["rule_name"] == "spread").collect();
    assert!(seen.is_empty(), "{seen:?}");
    drop(server.kill());
}

/// The same as a value of TOML.
fn toml_of(rules: &serde_json::Value) -> String {
    let of = |rule: &serde_json::Value| {
        let fields: Vec<String> = rule
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| match value {
                serde_json::Value::Object(_) => format!("{name} = {{ kind = {} }}", value["kind"]),
                plain => format!("{name} = {plain}"),
            })
            .collect();
        format!("{{ {} }}", fields.join(", "))
    };
    let all: Vec<String> = rules.as_array().unwrap().iter().map(of).collect();
    format!("[{}]", all.join(", "))
}
