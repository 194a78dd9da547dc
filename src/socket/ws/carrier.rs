//! One connection as a future: reads what came, lets the peer handle it, writes what there is to send.

use std::cell::Cell;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use actix_rt::net::TcpStream;
use actix_rt::time::{Sleep, sleep_until};
use futures_util::Stream as _;
use futures_util::future::LocalBoxFuture;
use tocsin_actors::session::outbox::Close;
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};

use super::frame::{self, Opcode};
use super::incoming::{Assembler, Incoming};
use super::{Frame, Io, Options, Peer};

/// How long the peer may take to answer our close frame.
const CLOSE_GRACE: Duration = Duration::from_secs(2);
/// The worker's buffer to read into.
const READ_BYTES: usize = 64 * 1024;
/// So much is written at once, and a frame more.
const WRITE_BYTES: usize = 64 * 1024;
/// Reads in a row before others have their turn.
const READS: usize = 16;

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

    /// Reads until there is nothing, or until answers have to be sent first. Whether this task will be woken for more;
    /// if not, it is to be called again when the answers are sent.
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut Vec<u8>) -> Result<bool, Over> {
        for _ in 0..READS {
            if !self.poll_awaited(cx) {
                return Ok(true);
            }
            self.take_kept()?;
            if self.desk.awaited.is_some() {
                continue;
            }
            if !self.desk.unsent.is_empty() || self.stage == Stage::Closed {
                return Ok(false);
            }
            buffer.resize(READ_BYTES, 0);
            let mut space = ReadBuf::new(buffer);
            match Pin::new(&mut self.io).poll_read(cx, &mut space)? {
                Poll::Pending => return Ok(true),
                Poll::Ready(()) if space.filled().is_empty() => return Err(Over),
                Poll::Ready(()) => {}
            }
            self.heard_at = Instant::now();
            let filled = space.filled().len();
            self.take(buffer.get_mut(..filled).unwrap_or_default())?;
        }
        cx.waker().wake_by_ref();
        Ok(true)
    }

    /// Whether nothing is waited for.
    fn poll_awaited(&mut self, cx: &mut Context<'_>) -> bool {
        while let Some(awaited) = &mut self.desk.awaited {
            let Poll::Ready(then) = awaited.as_mut().poll(cx) else { return false };
            self.desk.awaited = None;
            then(&mut self.peer, &mut Io(&mut self.desk));
        }
        true
    }

    /// Deals with bytes that came; what is incomplete, or has to wait, is kept.
    fn take(&mut self, mut bytes: &mut [u8]) -> Result<(), Over> {
        if self.assembler.has_kept() {
            self.assembler.keep(bytes);
            return self.take_kept();
        }
        while self.takes_more() && !bytes.is_empty() {
            let next = self.assembler.next(bytes);
            let Some((used, incoming)) = self.valid(next) else { return Ok(()) };
            bytes = bytes.get_mut(used..).unwrap_or_default();
            let Some(incoming) = incoming else { break };
            self.handle(incoming)?;
        }
        if self.is_heard() {
            self.assembler.keep(bytes);
        }
        Ok(())
    }

    fn take_kept(&mut self) -> Result<(), Over> {
        while self.takes_more() && self.assembler.has_kept() {
            let next = self.assembler.next_kept();
            let Some(Some(incoming)) = self.valid(next) else { return Ok(()) };
            self.handle(incoming)?;
        }
        Ok(())
    }

    /// Whether what comes means anything any more.
    fn is_heard(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::Closing { is_failed: false, .. })
    }

    fn takes_more(&self) -> bool {
        self.is_heard() && self.desk.awaited.is_none() && !self.desk.is_over
    }

    fn valid<T>(&mut self, next: Result<T, Close>) -> Option<T> {
        match next {
            Ok(next) => Some(next),
            Err(why) => {
                self.stage = match self.stage {
                    Stage::Closing { until, .. } => Stage::Closing { until, is_failed: true },
                    _ => {
                        self.peer.fail(why);
                        Stage::Failed
                    }
                };
                None
            }
        }
    }

    fn handle(&mut self, incoming: Incoming) -> Result<(), Over> {
        let io = &mut Io(&mut self.desk);
        match (self.stage, incoming) {
            (Stage::Closing { .. }, Incoming::Close(_)) => return Err(Over),
            (Stage::Open, Incoming::Text(text)) => self.peer.text(text, io),
            (Stage::Open, Incoming::Binary(bytes)) => self.peer.binary(bytes, io),
            (Stage::Open, Incoming::Ping(payload)) => frame::write(Opcode::Pong, &payload, &mut self.desk.unsent),
            (Stage::Open, Incoming::Close(code)) => {
                match code {
                    Some(code) => frame::write_close(code, "", &mut self.desk.unsent),
                    None => frame::write(Opcode::Close, b"", &mut self.desk.unsent),
                }
                self.stage = Stage::Closed;
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes what there is, as much as the peer takes.
    fn poll_write(&mut self, cx: &mut Context<'_>, buffer: &mut Vec<u8>) -> Result<(), Over> {
        loop {
            buffer.clear();
            buffer.append(&mut self.desk.unsent);
            let is_drained = self.pull(cx, buffer);
            if buffer.is_empty() {
                return if self.desk.is_over || self.stage == Stage::Closed { Err(Over) } else { Ok(()) };
            }
            if !self.write(cx, buffer)? {
                return Ok(());
            }
            if is_drained && self.desk.unsent.is_empty() && !self.desk.is_over && self.stage != Stage::Closed {
                return Ok(());
            }
        }
    }

    /// Whether all of it was taken; what was not is kept.
    fn write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Result<bool, Over> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match Pin::new(&mut self.io).poll_write(cx, rest)? {
                Poll::Ready(0) => return Err(Over),
                Poll::Ready(written) => rest = rest.get(written..).unwrap_or_default(),
                Poll::Pending => {
                    self.desk.unsent = rest.to_vec();
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Collects frames until there are no more for now, or enough. Whether there are no more.
    fn pull(&mut self, cx: &mut Context<'_>, buffer: &mut Vec<u8>) -> bool {
        if !matches!(self.stage, Stage::Open | Stage::Failed) || self.desk.is_over {
            return true;
        }
        while buffer.len() < WRITE_BYTES {
            match Pin::new(&mut self.outgoing).poll_next(cx) {
                Poll::Ready(Some(frame)) => write(&frame, buffer),
                Poll::Ready(None) => {
                    let (code, reason) = self.peer.why();
                    frame::write_close(code, reason, buffer);
                    let until = Instant::now() + CLOSE_GRACE;
                    self.stage = Stage::Closing { until, is_failed: self.stage == Stage::Failed };
                    self.set_alarm();
                    // So that the alarm is heard.
                    cx.waker().wake_by_ref();
                    return true;
                }
                Poll::Pending => return true,
            }
        }
        false
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
