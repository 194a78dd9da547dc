//! Long polling: a GET waits for what is to be sent, a POST brings what came.

use std::future::poll_fn;
use std::sync::Arc;

use actix_web::{HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engineioxide_core::Packet;
use futures_util::FutureExt as _;
use tocsin_actors::session::outbox::Close;

use super::Message;
use super::serve::{Bad, parse};
use super::session::{Ended, Out, Session, Transport};

/// Stands between the packets of a body.
const SEPARATOR: char = '\u{1e}';

/// A body of packets.
pub(super) fn text(body: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=UTF-8").insert_header(("Cache-Control", "no-store")).body(body)
}

/// Gives the place of a request back, however it ends.
struct Guard(Arc<Session>, fn(&Session));

impl Drop for Guard {
    fn drop(&mut self) {
        (self.1)(&self.0);
    }
}

/// Waits for something to send, and takes with it whatever is there.
pub(super) async fn poll(session: Arc<Session>) -> HttpResponse {
    if !session.begin_poll() {
        return Bad::Request.response();
    }
    let guard = Guard(session, Session::end_poll);
    let session = &guard.0;
    let next = || poll_fn(|cx| session.poll_out(Transport::Polling, cx));
    let mut body = match next().await {
        Some(out) => encode(out),
        None => return text(String::from(last_packet(session))),
    };
    while body.len() < session.options.max_payload {
        let Some(Some(out)) = next().now_or_never() else { break };
        if matches!(out, Out::Packet(Packet::Noop)) {
            break;
        }
        body.push(SEPARATOR);
        body.push_str(&encode(out));
    }
    text(body)
}

/// What a poll gets whose session ended while it waited.
fn last_packet(session: &Session) -> Packet {
    match session.ended() {
        Some(Ended::ByClient) => Packet::Noop,
        _ => Packet::Close,
    }
}

fn encode(out: Out) -> String {
    match out {
        Out::Packet(packet) => packet.into(),
        Out::Message(Message::Text(text)) => format!("4{text}"),
        Out::Message(Message::Packet(packet)) => packet.to_string(),
        Out::Message(Message::Binary(bytes)) => format!("b{}", STANDARD.encode(bytes)),
    }
}

/// Takes the packets of a body, in their order.
pub(super) async fn post(session: Arc<Session>, payload: web::Payload) -> HttpResponse {
    if !session.begin_post() {
        return Bad::Request.response();
    }
    let guard = Guard(session, Session::end_post);
    let session = &guard.0;
    let patience = session.options.ping_interval + session.options.ping_timeout;
    let body = tokio::time::timeout(patience, payload.to_bytes_limited(session.options.max_payload)).await;
    let text = match body {
        Ok(Ok(Ok(bytes))) => String::from_utf8(bytes.into()).map_err(|_| Close::NotUtf8),
        Ok(Err(_)) => Err(Close::TooLarge),
        Ok(Ok(Err(_))) | Err(_) => Err(Close::Protocol),
    };
    let text = match text {
        Ok(text) => text,
        Err(why) => {
            session.end(Ended::Broken(why));
            return if why == Close::TooLarge {
                HttpResponse::PayloadTooLarge().finish()
            } else {
                Bad::Request.response()
            };
        }
    };
    for packet in text.split(SEPARATOR) {
        let Ok(packet) = parse(packet) else {
            session.end(Ended::Broken(Close::Protocol));
            return Bad::Request.response();
        };
        if session.receive(packet).is_err() {
            return Bad::Request.response();
        }
    }
    HttpResponse::Ok().content_type("text/html").body("ok")
}
