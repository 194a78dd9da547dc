//! From the shell to the mailbox: `tocsin send`, the bell, and a real mail server.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::json;
use tempfile::TempDir;

use super::support::app::{TestApp, rule_for};
use super::support::binary::{Binary, tocsin};
use super::support::smtp::SmtpServer;
use super::support::soon;

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
