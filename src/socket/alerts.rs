//! `GET /ws/alerts`: who watches alerts, on a plain websocket.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix::{Actor as _, Addr};
use actix_web::{HttpRequest, HttpResponse};
use bytestring::ByteString;
use futures_util::Stream;
use tocsin_actors::domain::{Broadcast, Event, Principal, Scope};
use tocsin_actors::session::SessionActor;
use tocsin_actors::session::messages::Hangup;
use tocsin_actors::session::outbox::{Close, Drain, Outbox};

use super::Sockets;
use super::connections::Place;
use super::entrance::{Admits, Entrance, Refused, enter, settle};
use super::json::{self, Frame as Incoming};
use super::ws::{self, Frame, Io, Peer};

/// What an API key needs for watching.
pub const SCOPE: Scope = Scope::AlertsRead;

/// Opens a live connection for a client at `ip`.
///
/// # Errors
/// [`Refused`], before the upgrade.
pub async fn open(sockets: Sockets, ip: Option<IpAddr>, request: HttpRequest) -> Result<HttpResponse, Refused> {
    let Entrance { outbox, place, principal } = enter(&sockets, Admits::Scope(SCOPE), ip, &request).await?;
    let options = sockets.limits.websocket();
    let viewer = Viewer { sockets, outbox, place, principal, session: None };
    ws::start(viewer, options, &request).map_err(|_| Refused::Handshake)
}

/// A plain websocket that watches. With a principal its session begins at once, else with the first frame.
struct Viewer {
    sockets: Sockets,
    outbox: Arc<Outbox>,
    place: Place,
    principal: Option<Principal>,
    session: Option<Addr<SessionActor>>,
}

impl Viewer {
    fn begin(&mut self, principal: Principal) {
        if settle(&self.sockets, &mut self.place, &principal, &self.outbox) {
            let parts = self.sockets.session.clone();
            self.session = Some(SessionActor::new(parts, principal, Arc::clone(&self.outbox)).start());
        }
    }

    fn sign_in(&mut self, credential: String, io: &mut Io<'_, Self>) {
        // Frames that follow wait until it is known whose they are.
        let identified = (self.sockets.identify)(credential);
        io.wait(identified, |viewer, principal, _| match principal {
            Some(principal) if principal.has(SCOPE) => viewer.begin(principal),
            Some(_) => {
                let detail = format!("Watching needs an API key with the scope {}.", SCOPE.as_str());
                viewer.tell(Event::Refused { code: "missing_scope", detail });
                viewer.outbox.close(Close::NotSignedIn);
            }
            None => viewer.outbox.close(Close::NotSignedIn),
        });
    }

    fn tell(&self, event: Event) {
        // A closed outbox means that the connection is going.
        let _ = self.outbox.push(Broadcast::new(event, None));
    }
}

impl Peer for Viewer {
    type Outgoing = Frames;

    fn started(&mut self, io: &mut Io<'_, Self>) -> Frames {
        match self.principal.take() {
            Some(principal) => self.begin(principal),
            None => io.later(self.sockets.limits.sign_in, |viewer, _| {
                if viewer.session.is_none() {
                    viewer.outbox.close(Close::NotSignedIn);
                }
            }),
        }
        Frames::new(Arc::clone(&self.outbox), json::encode)
    }

    fn text(&mut self, text: ByteString, io: &mut Io<'_, Self>) {
        match (json::decode(&text), &self.session) {
            (Ok(Incoming::Auth(token)), None) => self.sign_in(token, io),
            (Ok(Incoming::Auth(_)), Some(_)) => {}
            (Ok(Incoming::Command(command)), Some(session)) => {
                if session.try_send(command).is_err() {
                    self.outbox.close(Close::TooMany);
                }
            }
            (Err(detail), Some(_)) => self.tell(Event::Refused { code: "bad_frame", detail }),
            (Ok(Incoming::Command(_)) | Err(_), None) => self.outbox.close(Close::NotSignedIn),
        }
    }

    fn fail(&mut self, why: Close) {
        self.outbox.close(why);
    }

    fn why(&self) -> (u16, &'static str) {
        let why = self.outbox.closed().unwrap_or(Close::GoingAway);
        (why.code(), why.reason())
    }
}

impl Drop for Viewer {
    /// However the connection ended, those who publish let go of it.
    fn drop(&mut self) {
        self.outbox.close(Close::GoingAway);
        if let Some(session) = self.session.take() {
            // It ends with its last address in any case.
            let _ = session.try_send(Hangup);
        }
    }
}

/// What an outbox holds, as frames of text.
pub struct Frames {
    drain: Drain,
    encode: fn(&Event) -> Option<String>,
}

impl Frames {
    /// Frames of this outbox, as `encode` writes them; `None` for what this carrier does not send.
    pub fn new(outbox: Arc<Outbox>, encode: fn(&Event) -> Option<String>) -> Self {
        Self { drain: Drain::new(outbox), encode }
    }
}

impl Stream for Frames {
    type Item = Frame;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Frame>> {
        let this = self.get_mut();
        loop {
            let Some(broadcast) = std::task::ready!(Pin::new(&mut this.drain).poll_next(cx)) else {
                return Poll::Ready(None);
            };
            if let Some(text) = broadcast.json(this.encode) {
                return Poll::Ready(Some(Frame::Text(text.clone())));
            }
        }
    }
}
