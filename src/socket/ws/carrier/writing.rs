//! What goes: from the peer's frames to bytes.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use futures_util::Stream as _;
use tokio::io::AsyncWrite as _;

use super::{CLOSE_GRACE, Carrier, Over, Peer, Stage, WRITE_BYTES, write};
use crate::socket::ws::frame;

impl<P: Peer> Carrier<P> {
    /// Writes what there is, as much as the peer takes.
    pub(super) fn poll_write(&mut self, cx: &mut Context<'_>, buffer: &mut Vec<u8>) -> Result<(), Over> {
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
}
