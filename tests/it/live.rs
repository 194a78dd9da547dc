//! Live connections: who may open one, what a reconnect shows, and what becomes of those who do not read.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use futures_util::SinkExt as _;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};
use tokio_tungstenite::tungstenite::Message;

use super::support::app::{TestApp, rule_for};
use super::support::soon;
use super::support::viewer::Viewer;

#[actix_rt::test]
async fn the_first_frame_is_a_snapshot_of_every_rule() {
    let app = TestApp::start().await;
    app.errors(7).await;
    let viewer = app.viewer().await;
    let rule = &viewer.seen[0]["rules"][0];
    assert_eq!(viewer.seen[0]["type"], "snapshot");
    assert_eq!(
        (&rule["name"], &rule["threshold"], &rule["state"]),
        (&json!("errors-last-minute"), &json!(50), &json!("ok"))
    );
    app.stop().await;
}

#[actix_rt::test]
async fn nobody_watches_without_signing_in() {
    let app = TestApp::start().await;
    for frame in [json!({"type": "ping"}), json!({"type": "auth", "token": "x"}), json!("nonsense")] {
        let mut viewer = Viewer::connect(app.addr).await;
        viewer.send(frame.clone()).await;
        assert_eq!(viewer.closed().await, 4401, "{frame}");
    }
    assert_eq!(Viewer::connect_with(app.addr, &[("authorization", "Bearer x")]).await.err(), Some(401));
    assert_eq!(Viewer::connect_with(app.addr, &[("origin", "https://evil.example.org")]).await.err(), Some(403));
    let blind = app.api_key(&["documents:write"]).await;
    let bearer = format!("Bearer {blind}");
    assert_eq!(Viewer::connect_with(app.addr, &[("authorization", &bearer)]).await.err(), Some(403));
    let mut viewer = Viewer::connect(app.addr).await;
    viewer.send(json!({"type": "auth", "token": blind})).await;
    assert_eq!(viewer.next().await.unwrap()["error"]["code"], "missing_scope");
    assert_eq!(viewer.closed().await, 4401);
    let bearer = format!("Bearer {}", app.token);
    let mut viewer = Viewer::connect_with(app.addr, &[("authorization", &bearer)]).await.unwrap();
    assert_eq!(viewer.next().await.unwrap()["type"], "snapshot");
    app.stop().await;
}

#[actix_rt::test]
async fn what_was_missed_is_shown_once_after_a_reconnect() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    app.errors(51).await;
    let seen = viewer.until("an alert", |frame| frame["type"] == "alert").await["seq"].clone();
    drop(viewer);

    app.advance(Duration::from_secs(60));
    let mut other = app.viewer().await;
    while app.incidents().await[0]["state"] != "resolved" {
        other.next().await.unwrap();
    }
    let mut viewer = app.viewer().await;
    viewer.send(json!({"type": "resume", "seq": seen})).await;
    viewer.alert("resolved").await;
    let alerts = viewer.settled().await.iter().filter(|frame| frame["type"] == "alert");
    let mut numbers: Vec<u64> = alerts.map(|frame| frame["seq"].as_u64().unwrap()).collect();
    numbers.sort_unstable();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "shown twice: {numbers:?}");
    app.stop().await;
}

#[actix_rt::test]
async fn an_acknowledgement_reaches_every_dashboard() {
    let app = TestApp::start().await;
    let (mut one, mut two) = (app.viewer().await, app.viewer().await);
    app.errors(51).await;
    let incident = one.alert("firing").await;
    one.send(json!({"type": "ack", "incident": incident["id"]})).await;
    let acknowledged = |frame: &Value| frame["incident"]["acknowledged_by"] == "Ada";
    one.until("my acknowledgement", acknowledged).await;
    two.until("her acknowledgement", acknowledged).await;
    one.send(json!({"type": "ack", "incident": "0199d0a0-0000-7000-8000-000000000000"})).await;
    let refused = one.until("an error", |frame| frame["type"] == "error").await;
    assert_eq!(refused["error"]["code"], "unknown_incident");
    app.stop().await;
}

#[actix_rt::test]
async fn frames_that_are_too_large_or_too_many_end_the_connection() {
    let app = TestApp::with(&[("limits.messages_per_second", "5"), ("limits.frame_kib", "4")]).await;
    let mut viewer = app.viewer().await;
    viewer.socket.send(Message::text("x".repeat(5_000))).await.unwrap();
    assert_eq!(viewer.closed().await, 1009);

    let mut viewer = app.viewer().await;
    for _ in 0..6 {
        // The server may have closed already.
        let _ = viewer.socket.send(Message::text(r#"{"type":"ping"}"#)).await;
    }
    assert_eq!(viewer.closed().await, 4429);

    let mut viewer = app.viewer().await;
    viewer.socket.send(Message::text("{}")).await.unwrap();
    viewer.until("an error", |frame| frame["type"] == "error").await;
    viewer.settled().await;
    app.stop().await;
}

#[actix_rt::test]
async fn a_frame_that_announces_a_terabyte_is_refused_at_its_header() {
    let app = TestApp::start().await;
    let mut socket = raw_socket(app.addr);
    let mut header = vec![0x81, 0x80 | 127];
    header.extend((1_u64 << 40).to_be_bytes());
    header.extend([0; 4]);
    socket.write_all(&header).unwrap();
    let close = 1009_u16.to_be_bytes();
    let closed = actix_rt::task::spawn_blocking(move || {
        let mut all = Vec::new();
        let mut part = [0; 64];
        while !all.windows(2).any(|pair| pair == close) {
            let read = socket.read(&mut part).unwrap();
            assert_ne!(read, 0, "no close frame: {all:?}");
            all.extend_from_slice(&part[..read]);
        }
    });
    soon("a close frame", closed).await.unwrap();
    app.stop().await;
}

/// A websocket by hand, after the handshake, that no library reads behind our back.
fn raw_socket(addr: std::net::SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    // Small, so that a test need not fill the megabytes that the kernel would grant.
    socket.set_recv_buffer_size(4_096).unwrap();
    socket.connect(&addr.into()).unwrap();
    let mut socket = TcpStream::from(socket);
    write!(
        socket,
        "GET /ws/alerts HTTP/1.1\r\nHost: {addr}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        socket.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    socket
}

/// A masked text frame (RFC 6455, section 5.2) with a mask of zeros.
fn text_frame(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81, 0x80 | 126];
    frame.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
}

#[actix_rt::test]
async fn a_viewer_that_does_not_read_is_cut_and_harms_nobody() {
    // An incident with many notifications makes large frames, and each mail that is tried sends one to everybody. The outbox
    // holds those of more than a round: whoever reads is not cut because its thread had no turn for a moment.
    let emails: Vec<String> = (0..40).map(|n| format!("somebody.on.call.{n}@operations.example.org")).collect();
    let rules = rule_for(&emails.iter().map(String::as_str).collect::<Vec<_>>());
    let mut app = TestApp::with(&[
        ("limits.outbox_frames", "128"),
        ("limits.stalled_seconds", "5"),
        ("alerts.default_rules", &rules),
    ])
    .await;
    // Minutes pass here, and an access token lasts ten.
    app.token = app.api_key(&["documents:write", "alerts:read", "alerts:write"]).await;
    let mut stalled = raw_socket(app.addr);
    stalled.write_all(&text_frame(&json!({"type": "auth", "token": app.token}).to_string())).unwrap();
    // Reads all the time, also while the test does something else.
    let mut reader = app.viewer().await;
    let (read, mut frames) = tokio::sync::mpsc::unbounded_channel();
    actix_rt::spawn(async move {
        while let Ok(frame) = reader.next().await {
            // The test may be over.
            let _ = read.send(frame);
        }
    });
    let mut incident = async |fits: &dyn Fn(&Value) -> bool| -> Value {
        loop {
            let frame = soon("a frame", frames.recv()).await.expect("the reader is not cut");
            if frame["type"] == "alert" && fits(&frame["incident"]) {
                return frame["incident"].clone();
            }
        }
    };
    let fires = |incident: &Value| incident["state"] == "firing";
    app.errors(51).await;
    assert_eq!(metric(&app, "tocsin_socket_connections").await, 2);
    // The kernel's buffers fill, then the outbox, then it is cut.
    let mut rounds = 0;
    while metric(&app, "tocsin_socket_slow_readers_cut_total").await == 0 {
        let id = incident(&fires).await["id"].clone();
        app.advance(Duration::from_secs(60));
        // Earlier incidents change too, while their mails go out.
        let resolved = |incident: &Value| incident["id"] == id && incident["state"] == "resolved";
        incident(&resolved).await;
        app.errors(51).await;
        rounds += 1;
        assert!(rounds < 500, "never cut");
    }
    // The carrier is stuck in a write until the kernel gives the peer up.
    soon("the end of the stalled connection", async { while metric(&app, "tocsin_socket_connections").await == 2 {} })
        .await;
    incident(&fires).await;
    app.stop().await;
}

/// A number in `/metrics`.
async fn metric(app: &TestApp, name: &str) -> u64 {
    let (status, metrics) = app.ask(Method::GET, "/metrics", None).await;
    assert_eq!(status, StatusCode::OK);
    let mut lines = metrics.as_str().unwrap().lines();
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap().parse().unwrap()
}

#[actix_rt::test]
async fn a_stop_closes_with_going_away() {
    let app = TestApp::start().await;
    let mut viewer = app.viewer().await;
    app.stop().await;
    assert_eq!(viewer.closed().await, 1001);
}
