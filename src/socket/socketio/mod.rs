//! Socket.IO, protocol version 5, over [`super::engineio`]: namespaces, events, acknowledgements, attachments. Knows
//! nothing of what is said over it: it serves a [`Handler`].

mod connection;
mod packets;

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use bytestring::ByteString;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, LocalBoxFuture};
use futures_util::stream::BoxStream;
use serde_json::Value;
use serde_json::value::RawValue;

use self::connection::{Connection, Listening, Sending};
use super::engineio::{self, Accepted};

/// Limits and times.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How long a connection may be in no namespace.
    pub connect_timeout: Duration,
    /// The most attachments of a packet.
    pub attachments: usize,
    /// The most bytes that the attachments of a packet have together.
    pub attachment_bytes: usize,
    /// Packets of the protocol itself that may wait to be sent; past that the connection is closed.
    pub control_packets: usize,
}

/// An event that came.
#[derive(Debug)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its arguments, as JSON; an attachment is an object `{"_placeholder": true, "num": n}`.
    pub args: Vec<Box<RawValue>>,
    /// The attachments, by their number.
    pub attachments: Vec<Bytes>,
    /// The number under which the client waits for an acknowledgement.
    pub ack: Option<i64>,
}

/// Something to be sent.
#[derive(Debug)]
pub enum Outgoing {
    /// A whole packet for the namespace `/`, with the `4` of Engine.IO before it: written once for all who get it.
    Packet(ByteString),
    /// An event.
    Emit {
        /// Its name.
        name: String,
        /// Its arguments, as JSON.
        args: Vec<Box<RawValue>>,
        /// Its attachments.
        attachments: Vec<Bytes>,
    },
    /// An acknowledgement.
    Acknowledge {
        /// Of this number.
        ack: i64,
        /// Its arguments, as JSON.
        args: Vec<Box<RawValue>>,
        /// Its attachments.
        attachments: Vec<Bytes>,
    },
    /// The client is put out of the namespace, and does not come back by itself.
    Disconnect,
}

/// Takes the events of one client in one namespace, in their order. Dropped when it has left.
pub trait Events: Send {
    /// An event came. Must not block.
    fn event(&mut self, event: Event);
}

/// A client that is let into a namespace.
pub struct Socket {
    /// Takes its events.
    pub events: Box<dyn Events>,
    /// What is sent to it. Its end closes the connection; the client comes back by itself.
    pub outgoing: BoxStream<'static, Outgoing>,
}

/// Why somebody is not let into a namespace.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// A sentence.
    pub message: String,
    /// More about it, for programs.
    pub data: Option<Value>,
}

/// Serves connections.
pub trait Handler: Send + Sync + 'static {
    /// What is known of whoever opened a connection. Dropped when the connection is gone.
    type Guest: Send + Sync + 'static;

    /// Somebody opens a connection.
    ///
    /// # Errors
    /// The answer for whoever may not.
    fn accept<'a>(&'a self, request: &'a HttpRequest) -> LocalBoxFuture<'a, Result<Self::Guest, HttpResponse>>;

    /// Whether there is such a namespace.
    fn has(&self, namespace: &str) -> bool;

    /// A client wants to be in a namespace that there is; `auth` is what it sent with that, `{}` if nothing.
    ///
    /// # Errors
    /// Why it may not.
    fn connect(
        &self,
        namespace: &str,
        auth: Value,
        guest: &Arc<Self::Guest>,
    ) -> BoxFuture<'static, Result<Socket, Refusal>>;

    /// Why the outgoing messages ended: a close code, and a few words.
    fn why(&self, guest: &Self::Guest) -> (u16, &'static str) {
        let _ = guest;
        (1000, "closed")
    }
}

/// Serves Socket.IO to an Engine.IO engine.
pub struct SocketIo<H> {
    handler: Arc<H>,
    options: Options,
}

impl<H: Handler> SocketIo<H> {
    /// For an [`engineio::Engine`].
    #[must_use]
    pub fn new(handler: H, options: Options) -> Self {
        Self { handler: Arc::new(handler), options }
    }
}

impl<H: Handler> engineio::Handler for SocketIo<H> {
    fn accept<'a>(&'a self, request: &'a HttpRequest) -> LocalBoxFuture<'a, Result<Accepted, HttpResponse>> {
        async move {
            let guest = Arc::new(self.handler.accept(request).await?);
            let connection = Arc::new(Connection::new(self.options));
            let listening = Listening::new(Arc::clone(&self.handler), guest, Arc::clone(&connection), self.options);
            let (sending, timeout) = (Sending(Arc::clone(&connection)), self.options.connect_timeout);
            Ok(Accepted {
                listener: Box::new(listening),
                outgoing: Box::pin(sending),
                opened: Box::new(move |closer| {
                    actix_rt::spawn(async move {
                        tokio::time::sleep(timeout).await;
                        if !connection.was_connected() {
                            closer.close();
                        }
                    });
                }),
            })
        }
        .boxed_local()
    }
}
