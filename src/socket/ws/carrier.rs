//! One connection as a future: reads what came, lets the peer handle it, writes what there is to send.

mod reading;
mod writing;

use std::cell::Cell;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use actix_rt::net::TcpStream;
use actix_rt::time::{Sleep, sleep_until};
use futures_util::future::LocalBoxFuture;
use tocsin_actors::session::outbox::Close;
use tokio::io::AsyncWrite as _;

use super::frame::{self, Opcode};
use super::incoming::Assembler;
use super::{Frame, Io, Options, Peer};

/// How long the peer may take to answer our close frame.
const CLOSE_GRACE: Duration = Duration::from_secs(2);
/// So much is written at once, and a frame more.
const WRITE_BYTES: usize = 64 * 1024;

thread_local! {
    /// The buffers of this worker, empty while a connection uses them.
    static BUFFERS: Cell<(Vec<u8>, Vec<u8>)> = const { Cell::new((Vec::new(), Vec::new())) };
}

type Then<P> = Box<dyn FnOnce(&mut P, &mut Io<'_, P>)>;

/// What a peer has asked for.
pub(super) struct Desk<P: Peer> {
    /// Frames that go before those that are pulled, and what the kernel did not take.
    unsent: Vec<u8>,
    pub(super) awaited: Option<LocalBoxFuture<'static, Then<P>>>,
    pub(super) later: Vec<(Instant, Then<P>)>,
    is_over: bool,
}

impl<P: Peer> Desk<P> {
    pub(super) fn send(&mut self, frame: &Frame) {
        write(frame, &mut self.unsent);
    }

    pub(super) fn cut(&mut self, why: Close) {
        frame::write_close(why.code(), why.reason(), &mut self.unsent);
        self.is_over = true;
    }
}

fn write(frame: &Frame, to: &mut Vec<u8>) {
    match frame {
        Frame::Text(text) => frame::write(Opcode::Text, text.as_bytes(), to),
        Frame::Binary(bytes) => frame::write(Opcode::Binary, bytes, to),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    /// It cannot go on: what came is thrown away, so that our close frame reaches a peer that is still sending.
    Failed,
    /// Our close frame is sent.
    Closing {
        until: Instant,
        is_failed: bool,
    },
    /// Both have said that they close.
    Closed,
}

/// One connection.
pub(super) struct Carrier<P: Peer> {
    io: TcpStream,
    peer: P,
    outgoing: P::Outgoing,
    options: Options,
    assembler: Assembler,
    desk: Desk<P>,
    stage: Stage,
    heard_at: Instant,
    ping_at: Instant,
    alarm: Pin<Box<Sleep>>,
    alarm_at: Instant,
    /// Whether the alarm will wake this task.
    is_armed: bool,
}

/// Why a connection is over.
struct Over;

impl From<io::Error> for Over {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl<P: Peer> Carrier<P> {
    /// Goes on where HTTP has ended: `first` came already.
    pub(super) fn new(mut peer: P, options: Options, io: TcpStream, first: &[u8]) -> Self {
        let now = Instant::now();
        let mut assembler = Assembler::new(options.message_bytes);
        assembler.keep(first);
        let mut desk = Desk { unsent: Vec::new(), awaited: None, later: Vec::new(), is_over: false };
        let outgoing = peer.started(&mut Io(&mut desk));
        let ping_at = now + options.heartbeat;
        let alarm = Box::pin(sleep_until(now.into()));
        Self {
            io,
            peer,
            outgoing,
            options,
            assembler,
            desk,
            stage: Stage::Open,
            heard_at: now,
            ping_at,
            alarm,
            alarm_at: now,
            is_armed: false,
        }
    }

    /// Does what is due by now, and sets the alarm to the next that will be.
    fn poll_time(&mut self, cx: &mut Context<'_>) -> Result<(), Over> {
        // Its waker is this task's and stays so: it is asked again only when it is due, or was set anew.
        while (!self.is_armed || self.alarm_at <= Instant::now()) && self.alarm.as_mut().poll(cx).is_ready() {
            let now = Instant::now();
            if let Stage::Closing { until, .. } = self.stage
                && until <= now
            {
                return Err(Over);
            }
            if self.ping_at <= now {
                if now.duration_since(self.heard_at) > self.options.heartbeat * 2 {
                    return Err(Over);
                }
                self.ping_at = now + self.options.heartbeat;
                if self.stage == Stage::Open {
                    frame::write(Opcode::Ping, b"", &mut self.desk.unsent);
                }
            }
            let (due, later) = std::mem::take(&mut self.desk.later).into_iter().partition(|(at, _)| *at <= now);
            self.desk.later = later;
            for (_, then) in due as Vec<(Instant, Then<P>)> {
                then(&mut self.peer, &mut Io(&mut self.desk));
            }
            self.set_alarm();
        }
        // Without budget the alarm was not even asked, and this task is polled again at once.
        self.is_armed = tokio::task::coop::has_budget_remaining();
        Ok(())
    }

    fn set_alarm(&mut self) {
        let closing = match self.stage {
            Stage::Closing { until, .. } => Some(until),
            _ => None,
        };
        let times = self.desk.later.iter().map(|(at, _)| *at).chain(closing);
        let next = times.fold(self.ping_at, Instant::min);
        self.alarm_at = next;
        self.alarm.as_mut().reset(next.into());
        self.is_armed = false;
    }

    fn poll_all(&mut self, cx: &mut Context<'_>) -> Result<(), Over> {
        let (mut read, mut written) = BUFFERS.take();
        let polled = self.poll_time(cx).and_then(|()| {
            let had_later = self.desk.later.len();
            // What the peer has not taken goes first: one that does not read is not listened to. What stays unsent
            // wakes this task when it is taken, and everything else when more comes.
            loop {
                if !self.desk.unsent.is_empty() {
                    self.poll_write(cx, &mut written)?;
                }
                if !self.desk.unsent.is_empty() {
                    break;
                }
                let is_waiting = self.poll_read(cx, &mut read)?;
                self.poll_write(cx, &mut written)?;
                if is_waiting {
                    break;
                }
            }
            if self.desk.later.len() != had_later {
                self.set_alarm();
                self.poll_time(cx)?;
            }
            Ok(())
        });
        written.clear();
        written.shrink_to(WRITE_BYTES * 2);
        BUFFERS.set((read, written));
        polled
    }
}

impl<P: Peer> Future for Carrier<P> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if this.poll_all(cx).is_ok() {
            return Poll::Pending;
        }
        // The end of the stream is said before the socket is closed; whether it arrives is all the same.
        let _ = ready!(Pin::new(&mut this.io).poll_shutdown(cx));
        Poll::Ready(())
    }
}
