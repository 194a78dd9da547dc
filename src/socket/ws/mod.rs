//! The carrier of plain websockets (RFC 6455): bytes and frames, for whoever handles them.
//!
//! An idle connection owns no buffer: its worker has one to read into and one to write from, and a connection keeps
//! only what is incomplete or what its peer does not take. What waits to be sent is pulled from the handler's own
//! bounded queue, as many frames as there are in one write (decision 0013).

mod carrier;
mod frame;
mod incoming;

use std::future::Future;
use std::time::{Duration, Instant};

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use bytes::Bytes;
use bytestring::ByteString;
use futures_util::{FutureExt as _, Stream};
use tocsin_actors::session::outbox::Close;

pub use actix_http::ws::HandshakeError;

use self::carrier::{Carrier, Desk};
use super::listen::TakeOver;

/// A whole message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Text.
    Text(ByteString),
    /// Bytes.
    Binary(Bytes),
}

/// Handles one connection. Runs on the connection's worker.
pub trait Peer: Unpin + Sized + Send + 'static {
    /// What is sent. Its end closes the connection, see [`Peer::why`].
    type Outgoing: Stream<Item = Frame> + Unpin + 'static;

    /// Called once, before anything else.
    fn started(&mut self, io: &mut Io<'_, Self>) -> Self::Outgoing;

    /// A text came.
    fn text(&mut self, text: ByteString, io: &mut Io<'_, Self>);

    /// Bytes came.
    fn binary(&mut self, bytes: Bytes, io: &mut Io<'_, Self>) {
        let _ = (bytes, io);
        self.fail(Close::Protocol);
    }

    /// The connection cannot go on: let the outgoing frames end, and answer this from [`Peer::why`].
    fn fail(&mut self, why: Close);

    /// Why the outgoing frames ended: the close code, and a few words.
    fn why(&self) -> (u16, &'static str);
}

/// Limits of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The largest message, in bytes, over all its frames.
    pub message_bytes: usize,
    /// How often the server pings. A connection that is silent for two of these is dead.
    pub heartbeat: Duration,
}

/// Answers the upgrade, and lets `peer` handle the connection, which [`crate::socket::listen`] takes over from HTTP.
///
/// # Errors
/// When it is no websocket handshake.
pub fn start<P: Peer>(peer: P, options: Options, request: &HttpRequest) -> Result<HttpResponse, HandshakeError> {
    let mut response = actix_http::ws::handshake(request.head())?;
    let take_over = TakeOver(Box::new(move |io, first| Carrier::new(peer, options, io, &first).boxed_local()));
    request.extensions_mut().insert(take_over);
    Ok(response.finish().map_into_boxed_body().into())
}

/// What a [`Peer`] may do beside answering.
pub struct Io<'a, P: Peer>(&'a mut Desk<P>);

impl<P: Peer> Io<'_, P> {
    /// Lets what comes wait until this is done.
    pub fn wait<T: 'static>(
        &mut self,
        future: impl Future<Output = T> + 'static,
        then: impl FnOnce(&mut P, T, &mut Io<'_, P>) + 'static,
    ) {
        let done = future.map(|value| Box::new(move |peer: &mut P, io: &mut Io<'_, P>| then(peer, value, io)) as _);
        self.0.awaited = Some(done.boxed_local());
    }

    /// Does this later, if the connection is still there.
    pub fn later(&mut self, after: Duration, then: impl FnOnce(&mut P, &mut Io<'_, P>) + 'static) {
        self.0.later.push((Instant::now() + after, Box::new(then)));
    }

    /// Sends a frame at once, ahead of those that are pulled. For answers to what came: nothing more is read while the
    /// peer does not take them.
    pub fn send(&mut self, frame: &Frame) {
        self.0.send(frame);
    }

    /// Ends the connection, without waiting for the peer.
    pub fn cut(&mut self, why: Close) {
        self.0.cut(why);
    }
}
