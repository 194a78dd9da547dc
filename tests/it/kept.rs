//! What is kept whatever breaks: the count over a crash, the mail over a crash and over a mail server that is away.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tocsin_actors::ports::Clock as _;

use super::support::app::{TestApp, rule_for};
use super::support::binary::Binary;
use super::support::smtp::SmtpServer;
use super::support::soon;

/// The server's own key, and the settings of a server whose mail goes to `url`.
fn settings(url: &str) -> [String; 6] {
    let rules = format!("alerts.default_rules={}", rule_for(&["eve@example.org"]));
    [
        "--set".into(),
        format!("mail.url={url}"),
        "--set".into(),
        rules,
        "--set".into(),
        "mail.retry_initial_seconds=1".into(),
    ]
}

fn serve(dir: &TempDir, url: &str) -> Binary {
    let settings = settings(url);
    Binary::serve(dir.path(), &settings.each_ref().map(String::as_str))
}

async fn ask(server: &Binary, dir: &TempDir, method: Method, path: &str, body: Option<Value>) -> Value {
    let key = std::fs::read_to_string(dir.path().join("data/keys/local.key")).unwrap();
    let mut request = reqwest::Client::new().request(method, format!("{}{path}", server.url())).bearer_auth(key.trim());
    if let Some(body) = body {
        request = request.json(&body);
    }
    soon("an answer", request.send()).await.unwrap().json().await.unwrap()
}

async fn errors(server: &Binary, dir: &TempDir, count: usize) {
    let batch = json!(vec![json!({"type": "error"}); count]);
    let answer = ask(server, dir, Method::POST, "/api/v1/documents", Some(batch)).await;
    assert_eq!(answer["accepted"], count, "{answer}");
}

#[actix_rt::test]
async fn thirty_a_crash_and_twenty_one_more_ring() {
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let (dir, url) = (TempDir::new().unwrap(), smtp.url("smtp", "", ""));
    let server = serve(&dir, &url);
    errors(&server, &dir, 30).await;
    server.kill();
    let server = serve(&dir, &url);
    errors(&server, &dir, 21).await;
    assert!(smtp.received().await.headers["Subject"].contains("errors-last-minute: 51"));
    let incidents = ask(&server, &dir, Method::GET, "/api/v1/incidents", None).await;
    assert_eq!((incidents["items"].as_array().unwrap().len(), &incidents["items"][0]["value"]), (1, &json!(51)));
    server.kill();
    assert_eq!(smtp.rest().await.len(), 0);
}

/// Killed between the commit of an incident and its mail: the mail server takes none until after the crash.
#[actix_rt::test]
async fn a_crash_before_the_mail_went_out_keeps_no_mail_back() {
    let smtp = SmtpServer::start(["--reply-451", "eve@example.org"]).await;
    let dir = TempDir::new().unwrap();
    let server = serve(&dir, &smtp.url("smtp", "", ""));
    errors(&server, &dir, 51).await;
    let stored = async {
        loop {
            let found = ask(&server, &dir, Method::GET, "/api/v1/incidents", None).await;
            if found["items"][0]["notifications"][0]["attempts"].as_u64().is_some_and(|tries| tries > 0) {
                return found;
            }
        }
    };
    let stored = soon("a first try", stored).await;
    server.kill();
    drop(smtp);
    let mut smtp = SmtpServer::start::<&str>([]).await;
    let server = serve(&dir, &smtp.url("smtp", "", ""));
    let mail = smtp.received().await;
    let incident = stored["items"][0]["id"].as_str().unwrap();
    assert!(mail.headers["Message-ID"].contains(&format!("{incident}.firing")), "{:?}", mail.headers);
    server.kill();
    // Whether it was written down that it went out, nobody knows: if it goes out again, it is the same message.
    let server = serve(&dir, &smtp.url("smtp", "", ""));
    let sent = async {
        loop {
            let found = ask(&server, &dir, Method::GET, "/api/v1/incidents", None).await;
            if found["items"][0]["notifications"][0]["state"] == "sent" {
                return;
            }
        }
    };
    soon("the mail to be written down as sent", sent).await;
    server.kill();
    for again in smtp.rest().await {
        assert_eq!(again.headers["Message-ID"], mail.headers["Message-ID"]);
    }
}

#[actix_rt::test]
async fn three_times_busy_and_then_taken_is_one_mail() {
    let mut smtp = SmtpServer::start(["--reply-451", "eve@example.org", "--times", "3"]).await;
    let rules = rule_for(&["eve@example.org"]);
    let app = TestApp::with(&[("mail.url", &smtp.url("smtp", "", "")), ("alerts.default_rules", &rules)]).await;
    let mut viewer = app.viewer().await;
    app.errors(51).await;
    // As long as the longest pause after each; together less than the minute after which it is over.
    for (tries, pause) in [(1, 5), (2, 10), (3, 20)] {
        let tried = |frame: &Value| frame["incident"]["notifications"][0]["attempts"] == tries;
        let frame = viewer.until("a try", tried).await;
        assert_eq!(frame["incident"]["notifications"][0]["state"], "pending");
        app.advance(Duration::from_secs(pause));
    }
    assert_eq!(smtp.received().await.to, ["eve@example.org"]);
    let sent = |frame: &Value| frame["incident"]["notifications"][0]["state"] == "sent";
    assert_eq!(viewer.until("sent", sent).await["incident"]["notifications"][0]["attempts"], 4);
    app.stop().await;
    assert_eq!(smtp.rest().await.len(), 0);
}

/// Nobody listens where the mail server was; ten minutes later somebody does.
#[actix_rt::test]
async fn a_mail_server_that_is_away_for_ten_minutes_gets_the_mail() {
    let away = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", away.local_addr().unwrap());
    drop(away);
    let rules = rule_for(&["eve@example.org"]);
    let app = TestApp::with(&[("mail.url", &url), ("alerts.default_rules", &rules)]).await;
    let mut viewer = app.viewer().await;
    app.errors(51).await;
    let mut tries = 0;
    let began = app.clock.now();
    while app.clock.now().since(began) < Duration::from_secs(600) {
        tries += 1;
        let tried = |frame: &Value| frame["incident"]["notifications"][0]["attempts"].as_u64() >= Some(tries);
        viewer.until("a try", tried).await;
        // Longer than the next pause can be.
        app.advance(Duration::from_secs(5 << tries));
    }
    let (dir, clock, _) = app.stop().await;
    let mut smtp = SmtpServer::start::<&str>([]).await;
    clock.advance(Duration::from_secs(3_600));
    let app = TestApp::on(dir, clock, &[("mail.url", &smtp.url("smtp", "", ""))]).await;
    // It is over by now, and both are told.
    let mut words = Vec::new();
    for _ in 0..2 {
        let subject = smtp.received().await.headers["Subject"].clone();
        words.push(subject.split(' ').next().unwrap_or_default().to_owned());
    }
    words.sort();
    assert_eq!(words, ["[FIRING]", "[RESOLVED]"]);
    app.stop().await;
    assert_eq!(smtp.rest().await.len(), 0);
}
