//! The carrier: one plain websocket. The only file that knows `actix-web-actors`, whose context is driven as a
//! response body: while the peer does not read, nothing here runs. So nothing here is needed to stay within bounds:
//! the outbox cuts slow readers from outside, and the kernel ends a stalled peer (`TCP_USER_TIMEOUT`).

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::{Actor, ActorContext as _, ActorFutureExt as _, Addr, AsyncContext as _, StreamHandler, WrapFuture as _};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_web_actors::ws::{self, CloseCode, CloseReason, Message, ProtocolError, WebsocketContext};
use bytes::BytesMut;
use tocsin_actors::domain::{Broadcast, Event, Principal};
use tocsin_actors::ports::{Count, Timing};
use tocsin_actors::session::SessionActor;
use tocsin_actors::session::messages::Hangup;
use tocsin_actors::session::outbox::{Close, Drain, Outbox};

use super::Sockets;
use super::alerts::SCOPE;
use super::connections::Place;
use super::guard::Guarded;
use super::json::{self, Frame};

/// How long the peer may take to answer our close frame.
const CLOSE_GRACE: Duration = Duration::from_secs(2);

/// Answers the upgrade and starts the carrier. With a principal the session begins at once, else with the first frame.
pub(super) fn start(
    sockets: Sockets,
    outbox: Arc<Outbox>,
    place: Place,
    principal: Option<Principal>,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ws::HandshakeError> {
    let mut response = ws::handshake(request)?;
    let tripped = Rc::new(Cell::new(false));
    let limit = sockets.limits.message_bytes;
    let stream = Guarded::new(payload, limit, Rc::clone(&tripped));
    let carrier = Carrier {
        sockets,
        outbox,
        place,
        principal,
        session: None,
        heard_at: Instant::now(),
        fragments: None,
        closing: false,
        tripped,
    };
    let codec = actix_http::ws::Codec::new().max_size(limit);
    Ok(response.streaming(WebsocketContext::with_codec(carrier, stream, codec)))
}

struct Carrier {
    sockets: Sockets,
    outbox: Arc<Outbox>,
    place: Place,
    principal: Option<Principal>,
    session: Option<Addr<SessionActor>>,
    heard_at: Instant,
    fragments: Option<BytesMut>,
    closing: bool,
    tripped: Rc<Cell<bool>>,
}

type Socket = WebsocketContext<Carrier>;

impl Carrier {
    fn begin(&mut self, principal: Principal) {
        if !self.place.belongs_to(&principal) {
            self.outbox.close(Close::TooMany);
            return;
        }
        // It may have ended between the check and this moment; from here on the end finds this connection.
        if !(self.sockets.still_signed_in)(&principal) {
            self.outbox.close(Close::NotSignedIn);
            return;
        }
        let parts = self.sockets.session.clone();
        self.session = Some(SessionActor::new(parts, principal, Arc::clone(&self.outbox)).start());
    }

    fn sign_in(&mut self, credential: String, ctx: &mut Socket) {
        // Frames that follow wait until it is known whose they are.
        let identified = (self.sockets.identify)(credential);
        ctx.wait(identified.into_actor(self).map(|principal, carrier, _| match principal {
            Some(principal) if principal.has(SCOPE) => carrier.begin(principal),
            Some(_) => {
                let detail = format!("Watching needs an API key with the scope {}.", SCOPE.as_str());
                let _ = carrier.outbox.push(Broadcast::new(Event::Refused { code: "missing_scope", detail }, None));
                carrier.outbox.close(Close::NotSignedIn);
            }
            None => carrier.outbox.close(Close::NotSignedIn),
        }));
    }

    fn text(&mut self, text: &str, ctx: &mut Socket) {
        match (json::decode(text), &self.session) {
            (Ok(Frame::Auth(token)), None) => self.sign_in(token, ctx),
            (Ok(Frame::Auth(_)), Some(_)) => {}
            (Ok(Frame::Command(command)), Some(session)) => {
                if session.try_send(command).is_err() {
                    self.outbox.close(Close::TooMany);
                }
            }
            (Err(detail), Some(_)) => {
                let refused = Event::Refused { code: "bad_frame", detail };
                let _ = self.outbox.push(Broadcast::new(refused, None));
            }
            (Ok(Frame::Command(_)) | Err(_), None) => self.outbox.close(Close::NotSignedIn),
        }
    }

    fn fragment(&mut self, item: actix_http::ws::Item, ctx: &mut Socket) {
        use actix_http::ws::Item;
        let (bytes, last) = match item {
            Item::FirstText(bytes) => {
                self.fragments = Some(BytesMut::new());
                (bytes, false)
            }
            Item::FirstBinary(_) => return self.outbox.close(Close::Protocol),
            Item::Continue(bytes) => (bytes, false),
            Item::Last(bytes) => (bytes, true),
        };
        let Some(whole) = &mut self.fragments else { return self.outbox.close(Close::Protocol) };
        if whole.len() + bytes.len() > self.sockets.limits.message_bytes {
            return self.outbox.close(Close::TooLarge);
        }
        whole.extend_from_slice(&bytes);
        if last {
            let whole = self.fragments.take().unwrap_or_default();
            match std::str::from_utf8(&whole) {
                Ok(text) => self.text(text, ctx),
                Err(_) => self.outbox.close(Close::NotUtf8),
            }
        }
    }

    fn heartbeat(&mut self, ctx: &mut Socket) {
        if self.heard_at.elapsed() > self.sockets.limits.heartbeat * 2 {
            ctx.stop();
        } else {
            ctx.ping(b"");
        }
    }
}

impl Actor for Carrier {
    type Context = Socket;

    fn started(&mut self, ctx: &mut Socket) {
        ctx.add_stream(Drain(Arc::clone(&self.outbox)));
        ctx.run_interval(self.sockets.limits.heartbeat, Self::heartbeat);
        match self.principal.take() {
            Some(principal) => self.begin(principal),
            None => {
                ctx.run_later(self.sockets.limits.sign_in, |carrier, _| {
                    if carrier.session.is_none() {
                        carrier.outbox.close(Close::NotSignedIn);
                    }
                });
            }
        }
    }
}

impl Drop for Carrier {
    /// However the connection ended, those who publish let go of it.
    fn drop(&mut self) {
        self.outbox.close(Close::GoingAway);
        if let Some(session) = self.session.take() {
            // It ends with its last address in any case.
            let _ = session.try_send(Hangup);
        }
    }
}

impl StreamHandler<Arc<Broadcast>> for Carrier {
    fn handle(&mut self, broadcast: Arc<Broadcast>, ctx: &mut Socket) {
        ctx.text(broadcast.json(json::encode).to_string());
        let meter = &self.sockets.session.meter;
        meter.add(Count::FramesSent, 1);
        if let Some(accepted_at) = broadcast.accepted_at {
            meter.observe(Timing::EventToFrame, accepted_at.elapsed());
        }
    }

    fn finished(&mut self, ctx: &mut Socket) {
        let why = self.outbox.closed().unwrap_or(Close::GoingAway);
        ctx.close(Some(CloseReason { code: CloseCode::from(why.code()), description: Some(why.reason().into()) }));
        self.closing = true;
        // The peer answers with a close frame of its own; one that does not is left.
        ctx.run_later(CLOSE_GRACE, |_, ctx| ctx.stop());
    }
}

impl StreamHandler<Result<Message, ProtocolError>> for Carrier {
    fn handle(&mut self, message: Result<Message, ProtocolError>, ctx: &mut Socket) {
        self.heard_at = Instant::now();
        if self.closing {
            if matches!(message, Ok(Message::Close(_)) | Err(_)) {
                ctx.stop();
            }
            return;
        }
        match message {
            Ok(Message::Text(text)) => self.text(&text, ctx),
            Ok(Message::Continuation(item)) => self.fragment(item, ctx),
            Ok(Message::Ping(payload)) => ctx.pong(&payload),
            Ok(Message::Pong(_) | Message::Nop) => {}
            Ok(Message::Binary(_)) => self.outbox.close(Close::Protocol),
            Ok(Message::Close(reason)) => {
                ctx.close(reason);
                ctx.stop();
            }
            Err(error) => self.outbox.close(self.broken(&error)),
        }
    }

    /// The peer is gone without a close frame.
    fn finished(&mut self, ctx: &mut Socket) {
        if !self.closing && !self.tripped.get() {
            ctx.stop();
        }
    }
}

impl Carrier {
    fn broken(&self, error: &ProtocolError) -> Close {
        match error {
            _ if self.tripped.get() => Close::TooLarge,
            ProtocolError::Overflow => Close::TooLarge,
            ProtocolError::BadOpCode | ProtocolError::InvalidOpcode(_) => Close::Protocol,
            ProtocolError::Io(error) if error.kind() == std::io::ErrorKind::Other => Close::NotUtf8,
            _ => Close::Protocol,
        }
    }
}
