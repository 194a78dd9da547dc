//! `/socket.io/`: chat for every Socket.IO client. An event is a request, its acknowledgement the reply.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use actix::Addr;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::future::{BoxFuture, LocalBoxFuture};
use futures_util::{FutureExt as _, Stream};
use serde_json::{Map, Value};
use tocsin_actors::domain::{Principal, Refusal, ReplyTo};
use tocsin_actors::session::chat::SessionActor;
use tocsin_actors::session::chat::messages::{Command, Request};
use tocsin_actors::session::messages::Hangup;
use tocsin_actors::session::outbox::{Close, Drain, Outbox};

use super::{begin, decode, encode};
use crate::socket::Sockets;
use crate::socket::connections::Place;
use crate::socket::entrance::{Admits, Entrance, Refused, enter};
use crate::socket::socketio::{self, Event, Events, Handler, Outgoing, Socket};

/// The one namespace.
const NAMESPACE: &str = "/";

/// Lets Socket.IO clients into chat.
pub struct Chat {
    /// What every live connection shares.
    pub sockets: Sockets,
    /// Where a request comes from.
    pub client: fn(&HttpRequest) -> Option<IpAddr>,
    /// The answer for who may not come in.
    pub refuse: fn(Refused) -> HttpResponse,
}

/// Who has opened a connection, until it is known whose it is.
pub struct Guest {
    entrance: Mutex<Option<Entrance>>,
    outbox: Arc<Outbox>,
}

impl Handler for Chat {
    type Guest = Guest;

    fn accept<'a>(&'a self, request: &'a HttpRequest) -> LocalBoxFuture<'a, Result<Guest, HttpResponse>> {
        async move {
            let entered = enter(&self.sockets, Admits::People, (self.client)(request), request).await;
            let entrance = entered.map_err(self.refuse)?;
            let outbox = Arc::clone(&entrance.outbox);
            Ok(Guest { entrance: Mutex::new(Some(entrance)), outbox })
        }
        .boxed_local()
    }

    fn has(&self, namespace: &str) -> bool {
        namespace == NAMESPACE
    }

    fn connect(
        &self,
        _: &str,
        auth: Value,
        guest: &Arc<Guest>,
    ) -> BoxFuture<'static, Result<Socket, socketio::Refusal>> {
        let (sockets, guest) = (self.sockets.clone(), Arc::clone(guest));
        async move {
            let taken = guest.entrance.lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some(mut entrance) = taken else { return Err(not_signed_in()) };
            let Some(principal) = identify(&sockets, entrance.principal.take(), &auth).await else {
                // It may try again on the same connection, with another token.
                *guest.entrance.lock().unwrap_or_else(PoisonError::into_inner) = Some(entrance);
                return Err(not_signed_in());
            };
            let Entrance { outbox, mut place, .. } = entrance;
            let session = begin(&sockets, &mut place, &principal, &outbox).ok_or_else(|| refused(&outbox))?;
            let packets = Packets { drain: Drain::new(Arc::clone(&outbox)), is_over: false };
            let events = Box::new(Requests { session, outbox, _place: place });
            Ok(Socket { events, outgoing: Box::pin(packets) })
        }
        .boxed()
    }

    fn why(&self, guest: &Guest) -> (u16, &'static str) {
        let why = guest.outbox.closed().unwrap_or(Close::GoingAway);
        (why.code(), why.reason())
    }
}

async fn identify(sockets: &Sockets, known: Option<Principal>, auth: &Value) -> Option<Principal> {
    let text = |name: &str| auth.get(name).and_then(Value::as_str).map(str::to_owned);
    match (known, text("token"), text("ticket")) {
        (Some(principal), ..) => Some(principal),
        (None, Some(token), _) => (sockets.identify)(token).await,
        (None, None, Some(ticket)) => (sockets.redeem)(ticket).await,
        (None, None, None) => None,
    }
}

fn not_signed_in() -> socketio::Refusal {
    refusal("not_signed_in", "Send a valid access token: auth: {token}.")
}

/// Why a connection that was recognised cannot stay.
fn refused(outbox: &Outbox) -> socketio::Refusal {
    match outbox.closed() {
        Some(Close::TooMany) => refusal("too_many", "There are too many connections of this user. Close some."),
        _ => not_signed_in(),
    }
}

fn refusal(code: &str, message: &str) -> socketio::Refusal {
    socketio::Refusal { message: message.into(), data: Some(serde_json::json!({"code": code})) }
}

/// What a client asks for.
struct Requests {
    session: Addr<SessionActor>,
    outbox: Arc<Outbox>,
    _place: Place,
}

impl Events for Requests {
    fn event(&mut self, event: Event) {
        let to = event.ack.map_or(ReplyTo::Nobody, ReplyTo::Acknowledgement);
        let request = Request { to, command: command(&event), accepted_at: Instant::now() };
        if self.session.try_send(request).is_err() {
            self.outbox.close(Close::TooMany);
        }
    }
}

fn command(event: &Event) -> Result<Command, Refusal> {
    let nothing = Map::new();
    let argument: Option<Value> = event.args.first().and_then(|arg| serde_json::from_str(arg.get()).ok());
    let fields = match &argument {
        None | Some(Value::Null) => &nothing,
        Some(Value::Object(fields)) => fields,
        Some(_) => {
            let refusal = Refusal::new("bad_request", "The argument of an event must be one object.");
            return Err(Refusal { path: Some(String::new()), ..refusal });
        }
    };
    decode::command(&event.name, fields)
}

impl Drop for Requests {
    /// However it ended, those who publish let go of it.
    fn drop(&mut self) {
        self.outbox.close(Close::GoingAway);
        // It ends with its last address in any case.
        let _ = self.session.try_send(Hangup);
    }
}

/// What an outbox holds, as packets.
struct Packets {
    drain: Drain,
    is_over: bool,
}

impl Stream for Packets {
    type Item = Outgoing;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Outgoing>> {
        let this = self.get_mut();
        if this.is_over {
            return Poll::Ready(None);
        }
        loop {
            let Some(broadcast) = std::task::ready!(Pin::new(&mut this.drain).poll_next(cx)) else {
                this.is_over = true;
                // Who is put out by a packet does not come back by itself; who is cut does.
                let stays_away = matches!(this.drain.closed(), Some(Close::NotSignedIn | Close::TooMany));
                return Poll::Ready(stays_away.then_some(Outgoing::Disconnect));
            };
            if let Some(packet) = broadcast.socketio(encode::socketio) {
                return Poll::Ready(Some(Outgoing::Packet(packet.clone())));
            }
        }
    }
}
