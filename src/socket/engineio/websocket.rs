//! Websockets: as the first transport of a session, or as the one it is upgraded to.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use bytestring::ByteString;
use engineioxide_core::Packet;
use futures_util::Stream;
use tocsin_actors::session::outbox::Close;

use super::Message;
use super::serve::{Bad, parse};
use super::session::{Ended, Out, Session, Transport};
use crate::socket::ws::{self, Frame, Io, Peer};

/// Websockets have pings of their own, which only proxies need: those of Engine.IO tell who is gone.
const HEARTBEAT: Duration = Duration::from_secs(25);

/// Carries a session from its beginning.
pub(super) fn carry(session: Arc<Session>, request: &HttpRequest) -> HttpResponse {
    start(Carrier { session, stage: Stage::Opening }, request)
}

/// Takes a session over from polling, once both sides have agreed.
pub(super) fn upgrade(session: Arc<Session>, request: &HttpRequest) -> HttpResponse {
    if !session.is_polling() {
        return Bad::Request.response();
    }
    start(Carrier { session, stage: Stage::Probing }, request)
}

fn start(carrier: Carrier, request: &HttpRequest) -> HttpResponse {
    let heartbeat = (carrier.session.options.ping_interval * 2).max(HEARTBEAT);
    let options = ws::Options { message_bytes: carrier.session.options.max_payload, heartbeat };
    ws::start(carrier, options, request).unwrap_or_else(|_| Bad::Request.response())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The session begins here.
    Opening,
    /// Nothing but the probe is expected.
    Probing,
    /// The probe was answered.
    Probed,
    /// It carries the session.
    Carrying,
    /// It was not wanted after all.
    Refused,
}

struct Carrier {
    session: Arc<Session>,
    stage: Stage,
}

impl Carrier {
    fn refuse(&mut self, io: &mut Io<'_, Self>) {
        self.stage = Stage::Refused;
        io.cut(Close::Protocol);
    }

    fn probe(&mut self, text: &str, io: &mut Io<'_, Self>) {
        match (self.stage, parse(text)) {
            (Stage::Probing, Ok(Packet::PingUpgrade)) if self.session.begin_upgrade() => {
                self.stage = Stage::Probed;
                io.send(&Frame::Text(String::from(Packet::PongUpgrade).into()));
            }
            (Stage::Probed, Ok(Packet::Upgrade)) if self.session.finish_upgrade() => self.stage = Stage::Carrying,
            _ => self.refuse(io),
        }
    }
}

impl Peer for Carrier {
    type Outgoing = Frames;

    fn started(&mut self, io: &mut Io<'_, Self>) -> Frames {
        if self.stage == Stage::Opening {
            self.stage = Stage::Carrying;
            io.send(&Frame::Text(String::from(self.session.open_packet(Transport::Websocket)).into()));
        } else {
            io.later(self.session.options.upgrade_timeout, |carrier, io| {
                if carrier.stage != Stage::Carrying {
                    carrier.refuse(io);
                }
            });
        }
        Frames(Arc::clone(&self.session))
    }

    fn text(&mut self, text: ByteString, io: &mut Io<'_, Self>) {
        if self.stage != Stage::Carrying {
            return self.probe(&text, io);
        }
        // Messages are most of what comes, and need no parsing and no copy.
        if text.starts_with('4') {
            let bytes = text.into_bytes().slice(1..);
            // What follows an ASCII character begins at a character too, so this never fails.
            if let Ok(message) = ByteString::try_from(bytes) {
                self.session.hand_over(Message::Text(message));
            }
            return;
        }
        let received = parse(&text).map_err(|_| ()).and_then(|packet| self.session.receive(packet));
        if received.is_err() {
            self.session.end(Ended::Broken(Close::Protocol));
        }
    }

    fn binary(&mut self, bytes: Bytes, io: &mut Io<'_, Self>) {
        if self.stage == Stage::Carrying {
            self.session.hand_over(Message::Binary(bytes));
        } else {
            self.refuse(io);
        }
    }

    fn fail(&mut self, why: Close) {
        if self.stage == Stage::Carrying {
            self.session.end(Ended::Broken(why));
        }
    }

    fn why(&self) -> (u16, &'static str) {
        self.session.why()
    }
}

impl Drop for Carrier {
    /// However the connection ended, what it carried ends with it.
    fn drop(&mut self) {
        match self.stage {
            Stage::Opening | Stage::Carrying => self.session.end(Ended::Broken(Close::GoingAway)),
            Stage::Probed => self.session.abandon_upgrade(),
            Stage::Probing | Stage::Refused => {}
        }
    }
}

/// What a session sends, as frames.
struct Frames(Arc<Session>);

impl Stream for Frames {
    type Item = Frame;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Frame>> {
        let out = std::task::ready!(self.0.poll_out(Transport::Websocket, cx));
        Poll::Ready(out.map(|out| match out {
            Out::Packet(packet) => Frame::Text(String::from(packet).into()),
            Out::Message(Message::Text(text)) => Frame::Text(format!("4{text}").into()),
            Out::Message(Message::Packet(packet)) => Frame::Text(packet),
            Out::Message(Message::Binary(bytes)) => Frame::Binary(bytes),
        }))
    }
}
