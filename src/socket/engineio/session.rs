//! One session, whichever transport carries it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use engineioxide_core::{OpenPacket, Packet, Sid, TransportType};
use tocsin_actors::session::outbox::Close;
use tokio::sync::Notify;

use super::{Engine, Listener, Message, Options, Outgoing};

/// Control packets that wait; a peer that takes none is closed by the heartbeat long before.
const CONTROL_MAX: usize = 8;

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The client said so.
    ByClient,
    /// The client did not answer a ping, broke the protocol, or is gone.
    Broken(Close),
    /// What was to be sent has ended.
    ByServer,
}

/// Which transport asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Polling,
    Websocket,
}

/// What carries the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carrier {
    Polling,
    /// A websocket has probed: polls are let go, so that the client can say that it is done with them.
    Upgrading,
    Websocket,
}

/// Something to be sent.
pub(super) enum Out {
    Packet(Packet),
    Message(Message),
}

struct Inner {
    carrier: Carrier,
    is_polled: bool,
    is_posted: bool,
    awaits_pong: bool,
    control: VecDeque<Packet>,
    outgoing: Outgoing,
    wakers: [Option<Waker>; 2],
    ended: Option<Ended>,
}

pub(super) struct Session {
    pub(super) sid: Sid,
    pub(super) options: Options,
    engine: Weak<Engine>,
    listener: Mutex<Box<dyn Listener>>,
    inner: Mutex<Inner>,
    pong: Notify,
}

/// Closes a session from elsewhere: not from within its listener or its outgoing messages.
#[derive(Clone)]
pub struct Closer(Weak<Session>);

impl Closer {
    /// Closes it, if it is still there.
    pub fn close(&self) {
        if let Some(session) = self.0.upgrade() {
            session.end(Ended::ByServer);
        }
    }
}

impl Session {
    pub(super) fn begin(
        engine: &Arc<Engine>,
        listener: Box<dyn Listener>,
        outgoing: Outgoing,
        transport: Transport,
    ) -> Arc<Self> {
        let inner = Inner {
            carrier: if transport == Transport::Polling { Carrier::Polling } else { Carrier::Websocket },
            is_polled: false,
            is_posted: false,
            awaits_pong: false,
            control: VecDeque::new(),
            outgoing,
            wakers: [None, None],
            ended: None,
        };
        let session = Arc::new(Self {
            sid: Sid::new(),
            options: engine.options,
            engine: Arc::downgrade(engine),
            listener: Mutex::new(listener),
            inner: Mutex::new(inner),
            pong: Notify::new(),
        });
        engine.lock().insert(session.sid, Arc::clone(&session));
        actix_rt::spawn(heartbeat(Arc::downgrade(&session), engine.options));
        session
    }

    pub(super) fn closer(self: &Arc<Self>) -> Closer {
        Closer(Arc::downgrade(self))
    }

    /// The packet that opens a session on this transport.
    pub(super) fn open_packet(&self, transport: Transport) -> Packet {
        let upgrades = match transport {
            Transport::Polling => std::iter::once(TransportType::Websocket).collect(),
            Transport::Websocket => std::iter::empty().collect(),
        };
        Packet::Open(OpenPacket {
            sid: self.sid,
            upgrades,
            ping_interval: self.options.ping_interval,
            ping_timeout: self.options.ping_timeout,
            max_payload: self.options.max_payload as u64,
        })
    }

    /// What came, from either transport.
    ///
    /// # Errors
    /// When the protocol does not allow it now; the session has ended then.
    pub(super) fn receive(&self, packet: Packet) -> Result<(), ()> {
        match packet {
            Packet::Message(text) => self.hand_over(Message::Text(text.to_string().into())),
            Packet::Binary(bytes) => self.hand_over(Message::Binary(bytes)),
            Packet::Pong => {
                self.lock().awaits_pong = false;
                self.pong.notify_one();
            }
            Packet::Close => self.end(Ended::ByClient),
            Packet::Noop => {}
            _ => {
                self.end(Ended::Broken(Close::Protocol));
                return Err(());
            }
        }
        Ok(())
    }

    pub(super) fn hand_over(&self, message: Message) {
        let taken = self.listener().message(message);
        if let Err(why) = taken {
            self.end(Ended::Broken(why));
        }
    }

    /// The next thing to be sent on this transport. `None` at the end.
    pub(super) fn poll_out(&self, transport: Transport, cx: &mut Context<'_>) -> Poll<Option<Out>> {
        let out = {
            let mut inner = self.lock();
            let own = usize::from(transport == Transport::Websocket);
            if let Some(waker) = inner.wakers.get_mut(own) {
                *waker = Some(cx.waker().clone());
            }
            match (inner.ended, inner.carrier, transport) {
                (Some(_), ..) => return Poll::Ready(None),
                (None, Carrier::Polling | Carrier::Upgrading, Transport::Websocket) => return Poll::Pending,
                (None, Carrier::Websocket, Transport::Polling) => return Poll::Ready(Some(Out::Packet(Packet::Noop))),
                _ => {}
            }
            if let Some(packet) = inner.control.pop_front() {
                return Poll::Ready(Some(Out::Packet(packet)));
            }
            match inner.outgoing.as_mut().poll_next(cx) {
                Poll::Ready(Some(message)) => return Poll::Ready(Some(Out::Message(message))),
                Poll::Ready(None) => None,
                Poll::Pending if inner.carrier == Carrier::Upgrading => Some(Packet::Noop),
                Poll::Pending => return Poll::Pending,
            }
        };
        match out {
            Some(packet) => Poll::Ready(Some(Out::Packet(packet))),
            None => {
                self.end(Ended::ByServer);
                Poll::Ready(None)
            }
        }
    }

    /// A poll begins. `false` when one is under way already: then the session ends.
    pub(super) fn begin_poll(&self) -> bool {
        let is_free = !std::mem::replace(&mut self.lock().is_polled, true);
        if !is_free {
            self.end(Ended::Broken(Close::Protocol));
        }
        is_free
    }

    pub(super) fn end_poll(&self) {
        self.lock().is_polled = false;
    }

    /// The same for a body.
    pub(super) fn begin_post(&self) -> bool {
        let is_free = !std::mem::replace(&mut self.lock().is_posted, true);
        if !is_free {
            self.end(Ended::Broken(Close::Protocol));
        }
        is_free
    }

    pub(super) fn end_post(&self) {
        self.lock().is_posted = false;
    }

    pub(super) fn is_polling(&self) -> bool {
        let inner = self.lock();
        inner.ended.is_none() && inner.carrier != Carrier::Websocket
    }

    /// A websocket has probed; `false` when there is one already.
    pub(super) fn begin_upgrade(&self) -> bool {
        let mut inner = self.lock();
        if inner.ended.is_some() || inner.carrier != Carrier::Polling {
            return false;
        }
        inner.carrier = Carrier::Upgrading;
        wake(&mut inner);
        true
    }

    /// The client is done with polling; `false` when nobody has probed.
    pub(super) fn finish_upgrade(&self) -> bool {
        let mut inner = self.lock();
        if inner.ended.is_some() || inner.carrier != Carrier::Upgrading {
            return false;
        }
        inner.carrier = Carrier::Websocket;
        wake(&mut inner);
        true
    }

    /// The websocket that has probed is gone: polling goes on.
    pub(super) fn abandon_upgrade(&self) {
        let mut inner = self.lock();
        if inner.carrier == Carrier::Upgrading {
            inner.carrier = Carrier::Polling;
        }
    }

    /// Ends it; the first reason stays.
    pub(super) fn end(&self, how: Ended) {
        {
            let mut inner = self.lock();
            if inner.ended.is_some() {
                return;
            }
            inner.ended = Some(how);
            // What was not sent goes, and with it what it keeps alive.
            inner.outgoing = Box::pin(futures_util::stream::empty());
            wake(&mut inner);
        }
        if let Some(engine) = self.engine.upgrade() {
            engine.lock().remove(&self.sid);
        }
        self.pong.notify_one();
        self.listener().closed();
    }

    pub(super) fn ended(&self) -> Option<Ended> {
        self.lock().ended
    }

    /// The close code of the websocket, and a few words.
    pub(super) fn why(&self) -> (u16, &'static str) {
        match self.ended() {
            Some(Ended::Broken(close)) => (close.code(), close.reason()),
            Some(Ended::ByServer) => self.listener().why(),
            Some(Ended::ByClient) | None => (1000, "closed"),
        }
    }

    fn ping(&self) {
        let mut inner = self.lock();
        inner.awaits_pong = true;
        if inner.control.len() < CONTROL_MAX {
            inner.control.push_back(Packet::Ping);
        }
        wake(&mut inner);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listener(&self) -> MutexGuard<'_, Box<dyn Listener>> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wake(inner: &mut Inner) {
    for waker in inner.wakers.iter_mut().filter_map(Option::take) {
        waker.wake();
    }
}

/// Pings, and ends a session that does not answer.
async fn heartbeat(session: Weak<Session>, options: Options) {
    let Options { ping_interval, ping_timeout, .. } = options;
    loop {
        tokio::time::sleep(ping_interval).await;
        let Some(session) = session.upgrade() else { return };
        if session.ended().is_some() {
            return;
        }
        session.ping();
        if !answered(&session, ping_timeout).await {
            session.end(Ended::Broken(Close::GoingAway));
            return;
        }
    }
}

async fn answered(session: &Session, within: Duration) -> bool {
    let pong = async {
        while session.lock().awaits_pong && session.ended().is_none() {
            session.pong.notified().await;
        }
    };
    tokio::time::timeout(within, pong).await.is_ok()
}
