//! What comes: from bytes to frames to the peer.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use tocsin_actors::session::outbox::Close;
use tokio::io::{AsyncRead as _, ReadBuf};

use super::{Carrier, Io, Over, Peer, Stage};
use crate::socket::ws::frame::{self, Opcode};
use crate::socket::ws::incoming::Incoming;

/// The worker's buffer to read into.
const READ_BYTES: usize = 64 * 1024;
/// Reads in a row before others have their turn.
const READS: usize = 16;

impl<P: Peer> Carrier<P> {
    /// Reads until there is nothing, or until answers have to be sent first. Whether this task will be woken for more;
    /// if not, it is to be called again when the answers are sent.
    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut Vec<u8>) -> Result<bool, Over> {
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
}
