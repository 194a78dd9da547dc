//! Bodies that are too large, too slow, or too many at once.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::answer::{answer, by_hand, to_the_end};
use crate::support::app::TestApp;
use crate::support::soon;

const MAX_BODY: usize = 16 * 1024 * 1024;

#[actix_rt::test]
async fn a_body_of_the_greatest_size_is_taken_and_one_byte_more_is_not() {
    let app = TestApp::start().await;
    let padded = |size: usize| {
        let (head, tail) = (r#"{"type":"a","x":""#, r#""}"#);
        format!("{head}{}{tail}", "x".repeat(size - head.len() - tail.len()))
    };
    assert_eq!(answer(app.post("application/json", padded(MAX_BODY))).await.status, 201);

    // The length alone is enough to know; not a byte of it is sent.
    let head = app.post_head(&format!("Content-Length: {}", MAX_BODY + 1));
    let said = to_the_end(by_hand(app.addr, head.as_bytes()).await).await;
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
    assert!(said.contains(r#""code":"body_too_large""#), "{said}");

    // Without a length it shows on the way. The client may be cut off before it reads the answer.
    let mut stream = by_hand(app.addr, app.post_head("Transfer-Encoding: chunked").as_bytes()).await;
    let body = padded(MAX_BODY + 1);
    let mut cut = false;
    for part in body.as_bytes().chunks(1 << 20) {
        let chunk = [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat();
        cut = cut || soon("a chunk to be taken", stream.write_all(&chunk)).await.is_err();
    }
    let said = to_the_end(stream).await;
    assert!(said.starts_with("HTTP/1.1 413") || (cut && said.is_empty()), "{said}");
    assert_eq!(app.stored().await, 1);
    app.stop().await;
}

#[actix_rt::test]
async fn a_body_that_does_not_come_holds_nothing_for_long() {
    let app = TestApp::with(&[("server.client_timeout_seconds", "1"), ("limits.bodies_mib", "16")]).await;
    // All of the budget is promised to somebody who sends nothing. The server says 100 when it has begun to read.
    let head = app.post_head(&format!("Content-Length: {MAX_BODY}\r\nExpect: 100-continue"));
    let mut silent = by_hand(app.addr, head.as_bytes()).await;
    let mut go_on = [0; 25];
    soon("100 Continue", silent.read_exact(&mut go_on)).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let post = || answer(app.post("application/json", r#"{"type":"a"}"#));
    let refused = post().await;
    assert_eq!((refused.problem(), refused.header("retry-after")), ((503, "busy"), "1"));
    let said = to_the_end(silent).await;
    assert!(said.starts_with("HTTP/1.1 408") || said.is_empty(), "{said}");
    soon("the budget to come back", async { while post().await.status != 201 {} }).await;
    app.stop().await;
}

#[actix_rt::test]
async fn heads_that_do_not_end_and_bodies_that_break_off_are_given_up() {
    let app = TestApp::with(&[("server.client_timeout_seconds", "1")]).await;
    let said = to_the_end(by_hand(app.addr, b"GET /livez HTTP/1.1\r\nX-Slow: ").await).await;
    assert!(said.starts_with("HTTP/1.1 408") || said.is_empty(), "{said}");

    let head = app.post_head("Content-Length: 100");
    let mut stream = by_hand(app.addr, format!("{head}{{\"type\":\"a\"}}").as_bytes()).await;
    stream.shutdown().await.unwrap();
    let said = to_the_end(stream).await;
    assert!(said.starts_with("HTTP/1.1 4") || said.is_empty(), "{said}");

    // Read to its end or refused at once, known to us or a stranger: it may not stay.
    let login = format!("POST /api/v1/auth/login HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n", app.addr);
    let held = [
        (app.post_head("Transfer-Encoding: chunked"), 408),
        (app.post_head("Content-Length: 9"), 408),
        (format!("{login}Content-Length: 9\r\n\r\n"), 408),
        (format!("{login}Transfer-Encoding: chunked\r\n\r\n"), 408),
        ("POST /api/v1/documents HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(), 401),
        ("GET /livez HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(), 200),
    ];
    // All at once: each is given the five seconds of `client_disconnect_timeout`.
    join_all(held.into_iter().map(async |(head, status)| {
        let said = to_the_end(by_hand(app.addr, head.as_bytes()).await).await;
        assert!(said.starts_with(&format!("HTTP/1.1 {status}")), "{head}{said}");
    }))
    .await;
    assert_eq!(app.stored().await, 0);
    app.stop().await;
}

#[actix_rt::test]
async fn a_trickle_is_not_a_body() {
    let app = TestApp::with(&[("server.client_timeout_seconds", "1")]).await;
    let mut stream = by_hand(app.addr, app.post_head(&format!("Content-Length: {MAX_BODY}")).as_bytes()).await;
    let trickle = async {
        while stream.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    soon("the server to lose patience", trickle).await;
    assert_eq!(answer(app.request(&Method::GET, "/livez")).await.status, 200);
    app.stop().await;
}
