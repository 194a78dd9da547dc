//! `GET /ws/chat`: chat on a plain websocket.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use actix::Addr;
use actix_web::{HttpRequest, HttpResponse};
use bytestring::ByteString;
use tocsin_actors::domain::Principal;
use tocsin_actors::session::chat::SessionActor;
use tocsin_actors::session::chat::messages::Request;
use tocsin_actors::session::messages::Hangup;
use tocsin_actors::session::outbox::{Close, Outbox};

use super::decode::{self, Frame};
use super::{begin, encode};
use crate::socket::Sockets;
use crate::socket::alerts::Frames;
use crate::socket::connections::Place;
use crate::socket::entrance::{Admits, Entrance, Refused, enter};
use crate::socket::ws::{self, Io, Peer};

/// Opens a live connection for a client at `ip`.
///
/// # Errors
/// [`Refused`], before the upgrade.
pub async fn open(sockets: Sockets, ip: Option<IpAddr>, request: HttpRequest) -> Result<HttpResponse, Refused> {
    let Entrance { outbox, place, principal } = enter(&sockets, Admits::People, ip, &request).await?;
    let options = sockets.limits.websocket();
    let chatter = Chatter { sockets, outbox, place, principal, session: None };
    ws::start(chatter, options, &request).map_err(|_| Refused::Handshake)
}

/// A plain websocket that talks. With a principal its session begins at once, else with the first frame.
struct Chatter {
    sockets: Sockets,
    outbox: Arc<Outbox>,
    place: Place,
    principal: Option<Principal>,
    session: Option<Addr<SessionActor>>,
}

impl Chatter {
    fn sign_in(&mut self, credential: String, io: &mut Io<'_, Self>) {
        // Frames that follow wait until it is known whose they are.
        let identified = (self.sockets.identify)(credential);
        io.wait(identified, |chatter, principal, _| match principal {
            Some(principal) => {
                chatter.session = begin(&chatter.sockets, &mut chatter.place, &principal, &chatter.outbox);
            }
            None => chatter.outbox.close(Close::NotSignedIn),
        });
    }
}

impl Peer for Chatter {
    type Outgoing = Frames;

    fn started(&mut self, io: &mut Io<'_, Self>) -> Frames {
        match self.principal.take() {
            Some(principal) => self.session = begin(&self.sockets, &mut self.place, &principal, &self.outbox),
            None => io.later(self.sockets.limits.sign_in, |chatter, _| {
                if chatter.session.is_none() {
                    chatter.outbox.close(Close::NotSignedIn);
                }
            }),
        }
        Frames::new(Arc::clone(&self.outbox), encode::plain)
    }

    fn text(&mut self, text: ByteString, io: &mut Io<'_, Self>) {
        match (decode::frame(&text), &self.session) {
            (Frame::Auth(token), None) => self.sign_in(token, io),
            (Frame::Auth(_), Some(_)) => {}
            (Frame::Request(to, command), Some(session)) => {
                if session.try_send(Request { to, command, accepted_at: Instant::now() }).is_err() {
                    self.outbox.close(Close::TooMany);
                }
            }
            (Frame::Request(..), None) => self.outbox.close(Close::NotSignedIn),
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

impl Drop for Chatter {
    /// However the connection ended, those who publish let go of it.
    fn drop(&mut self) {
        self.outbox.close(Close::GoingAway);
        if let Some(session) = self.session.take() {
            // It ends with its last address in any case.
            let _ = session.try_send(Hangup);
        }
    }
}
