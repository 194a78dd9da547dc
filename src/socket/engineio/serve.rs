//! Requests: what they ask for, and the errors of the protocol.

use std::sync::Arc;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use engineioxide_core::{Packet, Sid};

use super::session::{Session, Transport};
use super::{Accepted, Engine, polling, websocket};

/// What the protocol says of a request that it does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bad {
    Transport,
    Sid,
    Method,
    Request,
    Version,
}

impl Bad {
    pub(super) fn response(self) -> HttpResponse {
        let (code, message) = match self {
            Self::Transport => (0, "Transport unknown"),
            Self::Sid => (1, "Session ID unknown"),
            Self::Method => (2, "Bad handshake method"),
            Self::Request => (3, "Bad request"),
            Self::Version => (5, "Unsupported protocol version"),
        };
        HttpResponse::BadRequest().json(serde_json::json!({"code": code, "message": message}))
    }
}

/// The query of a request.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    transport: Transport,
    sid: Option<Sid>,
}

fn wanted(query: &str) -> Result<Wanted, Bad> {
    let (mut version, mut transport, mut sid) = (None, None, None);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "EIO" => version = Some(value),
            "transport" => transport = Some(value),
            "sid" => sid = Some(value.parse().map_err(|_| Bad::Sid)?),
            _ => {}
        }
    }
    let transport = match transport.as_deref() {
        Some("polling") => Transport::Polling,
        Some("websocket") => Transport::Websocket,
        _ => return Err(Bad::Transport),
    };
    if version.as_deref() != Some("4") {
        return Err(Bad::Version);
    }
    Ok(Wanted { transport, sid })
}

/// Answers a request to the path of this engine.
pub async fn serve(engine: &Arc<Engine>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let wanted = match wanted(request.query_string()) {
        Ok(wanted) => wanted,
        Err(bad) => return bad.response(),
    };
    let is_upgrade = request.headers().contains_key(header::UPGRADE);
    match (wanted.sid, wanted.transport) {
        (None, _) if request.method() != Method::GET => Bad::Method.response(),
        (_, Transport::Websocket) if !is_upgrade => Bad::Request.response(),
        (None, transport) => open(engine, transport, &request).await,
        (Some(sid), transport) => match engine.get(sid) {
            None => Bad::Sid.response(),
            Some(session) => go_on(session, transport, &request, payload).await,
        },
    }
}

async fn open(engine: &Arc<Engine>, transport: Transport, request: &HttpRequest) -> HttpResponse {
    if engine.len() >= engine.options.max_sessions {
        return HttpResponse::build(StatusCode::SERVICE_UNAVAILABLE)
            .insert_header((header::RETRY_AFTER, "5"))
            .json(serde_json::json!({"code": 3, "message": "Too many sessions"}));
    }
    let Accepted { listener, outgoing, opened } = match engine.handler.accept(request).await {
        Ok(accepted) => accepted,
        Err(refused) => return refused,
    };
    let session = Session::begin(engine, listener, outgoing, transport);
    opened(session.closer());
    match transport {
        Transport::Polling => polling::text(String::from(session.open_packet(transport))),
        Transport::Websocket => websocket::carry(session, request),
    }
}

async fn go_on(
    session: Arc<Session>,
    transport: Transport,
    request: &HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    match (transport, request.method()) {
        (Transport::Websocket, _) => websocket::upgrade(session, request),
        (Transport::Polling, _) if !session.is_polling() => Bad::Request.response(),
        (Transport::Polling, &Method::GET) => polling::poll(session).await,
        (Transport::Polling, &Method::POST) => polling::post(session, payload).await,
        _ => Bad::Request.response(),
    }
}

/// The packets of a text that came over polling or a websocket.
pub(super) fn parse(text: &str) -> Result<Packet, Bad> {
    Packet::parse(engineioxide_core::ProtocolVersion::V4, text.to_owned()).map_err(|_| Bad::Request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_says_what_is_wanted() {
        let sid: Sid = "0123456789abcdef".parse().unwrap();
        for (query, expected) in [
            ("EIO=4&transport=polling", Ok(Wanted { transport: Transport::Polling, sid: None })),
            (
                "t=x&transport=websocket&EIO=4&sid=0123456789abcdef",
                Ok(Wanted { transport: Transport::Websocket, sid: Some(sid) }),
            ),
            ("EIO=4", Err(Bad::Transport)),
            ("EIO=4&transport=carrier-pigeon", Err(Bad::Transport)),
            ("transport=polling", Err(Bad::Version)),
            ("EIO=3&transport=polling", Err(Bad::Version)),
            ("EIO=4&transport=polling&sid=x", Err(Bad::Sid)),
        ] {
            assert_eq!(wanted(query), expected, "{query}");
        }
    }
}
