//! One connection: what came goes to its namespaces, what they send goes out.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::Stream;
use futures_util::stream::BoxStream;
use futures_util::task::AtomicWaker;
use socketioxide_core::{Sid, Str};
use tocsin_actors::session::outbox::Close;

use super::packets::{self, Incoming, Reader};
use super::{Events, Handler, Options, Outgoing, Refusal, Socket};
use crate::socket::engineio::{Listener, Message};

/// Namespaces of one connection.
const NAMESPACES_MAX: usize = 16;

/// What both directions share.
pub(super) struct Connection {
    waker: AtomicWaker,
    control_packets: usize,
    sending: Mutex<Queue>,
    events: Mutex<HashMap<Str, Option<Box<dyn Events>>>>,
}

#[derive(Default)]
struct Queue {
    control: VecDeque<Message>,
    namespaces: Vec<(Str, BoxStream<'static, Outgoing>)>,
    was_connected: bool,
    ended: bool,
    /// Namespaces that the client was put out of, whose events are still to be let go.
    left: Vec<Str>,
}

impl Connection {
    pub(super) fn new(options: Options) -> Self {
        Self {
            waker: AtomicWaker::new(),
            control_packets: options.control_packets,
            sending: Mutex::default(),
            events: Mutex::default(),
        }
    }

    pub(super) fn was_connected(&self) -> bool {
        self.sending().was_connected
    }

    /// Sends packets of the protocol.
    fn say(&self, packets: Vec<Message>) {
        let mut sending = self.sending();
        if sending.control.len() >= self.control_packets {
            sending.ended = true;
        } else {
            sending.control.extend(packets);
        }
        drop(sending);
        self.waker.wake();
    }

    /// Whoever asked is let in, or not; unless it has gone meanwhile.
    fn answer(&self, namespace: &Str, answer: Result<Socket, Refusal>) {
        let mut events = self.events();
        let Some(place) = events.get_mut(namespace) else { return };
        match answer {
            Ok(Socket { events: taken, outgoing }) => {
                *place = Some(taken);
                let mut sending = self.sending();
                sending.was_connected = true;
                sending.control.extend(packets::connected(namespace, Sid::new().as_str()));
                sending.namespaces.push((namespace.clone(), outgoing));
            }
            Err(refusal) => {
                events.remove(namespace);
                self.say(packets::refused(namespace, &refusal));
            }
        }
        drop(events);
        self.waker.wake();
    }

    fn leave(&self, namespace: &Str) -> bool {
        self.sending().namespaces.retain(|(name, _)| name != namespace);
        self.events().remove(namespace).is_some()
    }

    fn sending(&self) -> MutexGuard<'_, Queue> {
        self.sending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn events(&self) -> MutexGuard<'_, HashMap<Str, Option<Box<dyn Events>>>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes what comes.
pub(super) struct Listening<H: Handler> {
    handler: Arc<H>,
    guest: Option<Arc<H::Guest>>,
    connection: Arc<Connection>,
    reader: Reader,
}

impl<H: Handler> Listening<H> {
    pub(super) fn new(handler: Arc<H>, guest: Arc<H::Guest>, connection: Arc<Connection>, options: Options) -> Self {
        Self { handler, guest: Some(guest), connection, reader: Reader::new(&options) }
    }

    fn connect(&self, namespace: Str, auth: serde_json::Value) -> Result<(), Close> {
        let Some(guest) = &self.guest else { return Ok(()) };
        if !self.handler.has(&namespace) {
            let refusal = Refusal { message: "Invalid namespace".into(), data: None };
            self.connection.say(packets::refused(&namespace, &refusal));
            return Ok(());
        }
        {
            let mut events = self.connection.events();
            if events.len() >= NAMESPACES_MAX || events.contains_key(&namespace) {
                return Err(Close::Protocol);
            }
            events.insert(namespace.clone(), None);
        }
        let (connection, connecting) = (Arc::clone(&self.connection), self.handler.connect(&namespace, auth, guest));
        actix_rt::spawn(async move { connection.answer(&namespace, connecting.await) });
        Ok(())
    }
}

impl<H: Handler> Listener for Listening<H> {
    fn message(&mut self, message: Message) -> Result<(), Close> {
        let Some((namespace, incoming)) = self.reader.read(message).map_err(|_| Close::Protocol)? else {
            return Ok(());
        };
        match incoming {
            Incoming::Connect(auth) => self.connect(namespace, auth),
            Incoming::Disconnect if self.connection.leave(&namespace) => Ok(()),
            Incoming::Event(event) => match self.connection.events().get_mut(&namespace) {
                Some(Some(events)) => {
                    events.event(event);
                    Ok(())
                }
                _ => Err(Close::Protocol),
            },
            Incoming::Acknowledgement => Ok(()),
            Incoming::Disconnect => Err(Close::Protocol),
        }
    }

    fn closed(&mut self) {
        self.connection.events().clear();
        let mut sending = self.connection.sending();
        sending.ended = true;
        sending.control.clear();
        sending.namespaces.clear();
        drop(sending);
        self.guest = None;
    }

    fn why(&self) -> (u16, &'static str) {
        self.guest.as_ref().map_or((1000, "closed"), |guest| self.handler.why(guest))
    }
}

/// What is sent.
pub(super) struct Sending(pub(super) Arc<Connection>);

impl Stream for Sending {
    type Item = Message;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Message>> {
        self.0.waker.register(cx.waker());
        let left = std::mem::take(&mut self.0.sending().left);
        for namespace in left {
            self.0.events().remove(&namespace);
        }
        let mut sending = self.0.sending();
        loop {
            if let Some(message) = sending.control.pop_front() {
                return Poll::Ready(Some(message));
            }
            if sending.ended {
                return Poll::Ready(None);
            }
            let Some((at, next)) = poll_namespaces(&mut sending.namespaces, cx) else { return Poll::Pending };
            let Some(outgoing) = next else {
                sending.ended = true;
                continue;
            };
            match outgoing {
                Outgoing::Packet(packet) => return Poll::Ready(Some(Message::Packet(packet))),
                other => {
                    let namespace = sending.namespaces.get(at).map_or_else(|| Str::from("/"), |(name, _)| name.clone());
                    if matches!(other, Outgoing::Disconnect) {
                        sending.namespaces.retain(|(name, _)| *name != namespace);
                        sending.left.push(namespace.clone());
                    }
                    sending.control.extend(encode(&namespace, other));
                }
            }
        }
    }
}

/// The place of a namespace that has something to send, and what; `None` in it at its end.
fn poll_namespaces(
    namespaces: &mut [(Str, BoxStream<'static, Outgoing>)],
    cx: &mut Context<'_>,
) -> Option<(usize, Option<Outgoing>)> {
    namespaces.iter_mut().enumerate().find_map(|(at, (_, outgoing))| match outgoing.as_mut().poll_next(cx) {
        Poll::Ready(next) => Some((at, next)),
        Poll::Pending => None,
    })
}

fn encode(namespace: &Str, outgoing: Outgoing) -> Vec<Message> {
    match outgoing {
        Outgoing::Packet(packet) => vec![Message::Packet(packet)],
        Outgoing::Emit { name, args, attachments } => packets::emitted(namespace, &name, &args, attachments),
        Outgoing::Acknowledge { ack, args, attachments } => packets::acknowledged(namespace, ack, &args, attachments),
        Outgoing::Disconnect => packets::disconnected(namespace),
    }
}
