//! The carrier of plain websockets: bytes and frames, for whoever handles them. The only file that knows
//! `actix-web-actors`, whose context is driven as a response body: while the peer does not read, nothing here runs. So
//! nothing here is needed to stay within bounds: what is to be sent is pulled from the handler's own bounded queue, and
//! the kernel ends a stalled peer (`TCP_USER_TIMEOUT`).

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix::{Actor, ActorContext as _, ActorFutureExt as _, AsyncContext as _, StreamHandler};
use actix_http::ws::Item;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_web_actors::ws::{self, CloseCode, CloseReason, Message, ProtocolError, WebsocketContext};
use bytes::{Bytes, BytesMut};
use bytestring::ByteString;
use futures_util::Stream;
use tocsin_actors::session::outbox::Close;

use super::guard::Guarded;

/// How long the peer may take to answer our close frame.
const CLOSE_GRACE: Duration = Duration::from_secs(2);
/// The most frames of one message.
const FRAGMENTS_MAX: usize = 65_536;

/// A whole message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Text.
    Text(ByteString),
    /// Bytes.
    Binary(Bytes),
}

/// Handles one connection. Runs on the connection's worker.
pub trait Peer: Unpin + Sized + 'static {
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

    /// A frame was sent.
    fn sent(&mut self) {}

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

/// Answers the upgrade, and lets `peer` handle the connection.
///
/// # Errors
/// When it is no websocket handshake.
pub fn start<P: Peer>(
    peer: P,
    options: Options,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ws::HandshakeError> {
    let mut response = ws::handshake(request)?;
    let tripped = Rc::new(Cell::new(false));
    let stream = Guarded::new(payload, options.message_bytes, Rc::clone(&tripped));
    let carrier = Carrier { peer, options, heard_at: Instant::now(), message: None, closing: false, tripped };
    let codec = actix_http::ws::Codec::new().max_size(options.message_bytes);
    Ok(response.streaming(WebsocketContext::with_codec(carrier, stream, codec)))
}

/// What a [`Peer`] may do beside answering.
pub struct Io<'a, P: Peer>(&'a mut WebsocketContext<Carrier<P>>);

impl<P: Peer> Io<'_, P> {
    /// Lets what comes wait until this is done.
    pub fn wait<T: 'static>(
        &mut self,
        future: impl Future<Output = T> + 'static,
        then: impl FnOnce(&mut P, T, &mut Io<'_, P>) + 'static,
    ) {
        let future = actix::fut::wrap_future::<_, Carrier<P>>(future);
        self.0.wait(future.map(move |value, carrier, ctx| then(&mut carrier.peer, value, &mut Io(ctx))));
    }

    /// Does this later, if the connection is still there.
    pub fn later(&mut self, after: Duration, then: impl FnOnce(&mut P, &mut Io<'_, P>) + 'static) {
        self.0.run_later(after, move |carrier, ctx| then(&mut carrier.peer, &mut Io(ctx)));
    }

    /// Sends a frame at once, ahead of those that are pulled. For answers to what came: nothing more is read while the
    /// peer does not take them.
    pub fn send(&mut self, frame: Frame) {
        match frame {
            Frame::Text(text) => self.0.text(text),
            Frame::Binary(bytes) => self.0.binary(bytes),
        }
    }

    /// Ends the connection, without waiting for the peer.
    pub fn cut(&mut self, why: Close) {
        let reason = CloseReason { code: CloseCode::from(why.code()), description: Some(why.reason().into()) };
        self.0.close(Some(reason));
        self.0.stop();
    }
}

struct Carrier<P: Peer> {
    peer: P,
    options: Options,
    heard_at: Instant,
    message: Option<Fragments>,
    closing: bool,
    tripped: Rc<Cell<bool>>,
}

/// A message of which some frames came.
struct Fragments {
    is_text: bool,
    bytes: BytesMut,
    count: usize,
}

type Socket<P> = WebsocketContext<Carrier<P>>;

impl<P: Peer> Carrier<P> {
    fn fragment(&mut self, item: Item, ctx: &mut Socket<P>) {
        let (bytes, is_last) = match item {
            Item::FirstText(bytes) | Item::FirstBinary(bytes) if self.message.is_some() => {
                drop(bytes);
                return self.peer.fail(Close::Protocol);
            }
            Item::FirstText(bytes) => {
                self.message = Some(Fragments { is_text: true, bytes: BytesMut::new(), count: 0 });
                (bytes, false)
            }
            Item::FirstBinary(bytes) => {
                self.message = Some(Fragments { is_text: false, bytes: BytesMut::new(), count: 0 });
                (bytes, false)
            }
            Item::Continue(bytes) => (bytes, false),
            Item::Last(bytes) => (bytes, true),
        };
        let Some(message) = &mut self.message else { return self.peer.fail(Close::Protocol) };
        message.count += 1;
        if message.bytes.len() + bytes.len() > self.options.message_bytes || message.count > FRAGMENTS_MAX {
            return self.peer.fail(Close::TooLarge);
        }
        message.bytes.extend_from_slice(&bytes);
        if !is_last {
            return;
        }
        let Some(Fragments { is_text, bytes, .. }) = self.message.take() else { return };
        if !is_text {
            return self.peer.binary(bytes.freeze(), &mut Io(ctx));
        }
        match ByteString::try_from(bytes.freeze()) {
            Ok(text) => self.peer.text(text, &mut Io(ctx)),
            Err(_) => self.peer.fail(Close::NotUtf8),
        }
    }

    fn heartbeat(&mut self, ctx: &mut Socket<P>) {
        if self.heard_at.elapsed() > self.options.heartbeat * 2 {
            ctx.stop();
        } else {
            ctx.ping(b"");
        }
    }

    fn broken(&self, error: &ProtocolError) -> Close {
        match error {
            _ if self.tripped.get() => Close::TooLarge,
            ProtocolError::Overflow => Close::TooLarge,
            ProtocolError::Io(error) if error.kind() == std::io::ErrorKind::Other => Close::NotUtf8,
            _ => Close::Protocol,
        }
    }
}

impl<P: Peer> Actor for Carrier<P> {
    type Context = Socket<P>;

    fn started(&mut self, ctx: &mut Socket<P>) {
        ctx.run_interval(self.options.heartbeat, Self::heartbeat);
        let outgoing = self.peer.started(&mut Io(ctx));
        ctx.add_stream(outgoing);
    }
}

impl<P: Peer> StreamHandler<Frame> for Carrier<P> {
    fn handle(&mut self, frame: Frame, ctx: &mut Socket<P>) {
        Io(ctx).send(frame);
        self.peer.sent();
    }

    fn finished(&mut self, ctx: &mut Socket<P>) {
        let (code, reason) = self.peer.why();
        ctx.close(Some(CloseReason { code: CloseCode::from(code), description: Some(reason.into()) }));
        self.closing = true;
        // The peer answers with a close frame of its own; one that does not is left.
        ctx.run_later(CLOSE_GRACE, |_, ctx| ctx.stop());
    }
}

impl<P: Peer> StreamHandler<Result<Message, ProtocolError>> for Carrier<P> {
    fn handle(&mut self, message: Result<Message, ProtocolError>, ctx: &mut Socket<P>) {
        self.heard_at = Instant::now();
        if self.closing {
            if matches!(message, Ok(Message::Close(_)) | Err(_)) {
                ctx.stop();
            }
            return;
        }
        match message {
            Ok(Message::Text(text)) => self.peer.text(text, &mut Io(ctx)),
            Ok(Message::Binary(bytes)) => self.peer.binary(bytes, &mut Io(ctx)),
            Ok(Message::Continuation(item)) => self.fragment(item, ctx),
            Ok(Message::Ping(payload)) => ctx.pong(&payload),
            Ok(Message::Pong(_) | Message::Nop) => {}
            Ok(Message::Close(reason)) => {
                ctx.close(reason);
                ctx.stop();
            }
            Err(error) => {
                let why = self.broken(&error);
                self.peer.fail(why);
            }
        }
    }

    /// The peer is gone without a close frame.
    fn finished(&mut self, ctx: &mut Socket<P>) {
        if !self.closing && !self.tripped.get() {
            ctx.stop();
        }
    }
}
