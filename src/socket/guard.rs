//! Looks at frame headers in the byte stream before the codec does.
//!
//! The codec of actix-http checks the size of a frame only once all of it is in memory, so a header that announces
//! 2^40 bytes makes it buffer without end. This stream reads the headers along (RFC 6455, section 5.2), and ends with
//! an error at the first that announces more than allowed.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::Stream;

/// Follows the frames of one client through its bytes.
#[derive(Debug)]
pub struct Frames {
    max_payload: u64,
    header: Vec<u8>,
    payload_left: u64,
}

/// A frame announced more than is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Oversized;

impl Frames {
    /// Allows frames of up to this many bytes of payload.
    #[must_use]
    pub fn new(max_payload: usize) -> Self {
        Self { max_payload: max_payload as u64, header: Vec::with_capacity(14), payload_left: 0 }
    }

    /// Looks at the next bytes.
    ///
    /// # Errors
    /// [`Oversized`], as soon as a header says so.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Oversized> {
        while let Some((first, rest)) = bytes.split_first() {
            if self.payload_left > 0 {
                let skip = usize::try_from(self.payload_left).unwrap_or(usize::MAX).min(bytes.len());
                self.payload_left -= skip as u64;
                bytes = bytes.get(skip..).unwrap_or_default();
                continue;
            }
            self.header.push(*first);
            bytes = rest;
            if let Some(length) = complete(&self.header) {
                self.header.clear();
                if length > self.max_payload {
                    return Err(Oversized);
                }
                self.payload_left = length;
            }
        }
        Ok(())
    }
}

/// The payload length of a header that is complete: two bytes, up to eight more of length, four of mask.
fn complete(header: &[u8]) -> Option<u64> {
    let second = *header.get(1)?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (extended, length) = match second & 0x7f {
        126 => (2, header.get(2..4)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))),
        127 => (8, header.get(2..10)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))),
        short => (0, u64::from(short)),
    };
    (header.len() == 2 + extended + mask).then_some(length)
}

/// The byte stream of a client, cut at the first oversized frame. `tripped` is set then, so that whoever reads the
/// frames can tell this from a broken connection.
pub struct Guarded<S> {
    stream: S,
    frames: Frames,
    tripped: Rc<Cell<bool>>,
}

impl<S> Guarded<S> {
    /// Guards a stream.
    pub fn new(stream: S, max_payload: usize, tripped: Rc<Cell<bool>>) -> Self {
        Self { stream, frames: Frames::new(max_payload), tripped }
    }
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Stream for Guarded<S> {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.tripped.get() {
            return Poll::Ready(None);
        }
        let item = std::task::ready!(Pin::new(&mut this.stream).poll_next(cx));
        if let Some(Ok(bytes)) = &item
            && this.frames.feed(bytes).is_err()
        {
            this.tripped.set(true);
            return Poll::Ready(Some(Err(PayloadError::Overflow)));
        }
        Poll::Ready(item)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(length: u64, masked: bool) -> Vec<u8> {
        let mask_bit = if masked { 0x80 } else { 0 };
        let mut bytes = vec![0x81];
        match length {
            0..126 => bytes.push(mask_bit | u8::try_from(length).unwrap()),
            126..65_536 => {
                bytes.push(mask_bit | 126);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            _ => {
                bytes.push(mask_bit | 127);
                bytes.extend(length.to_be_bytes());
            }
        }
        if masked {
            bytes.extend([1, 2, 3, 4]);
        }
        bytes
    }

    #[test]
    fn a_header_alone_is_enough_to_refuse() {
        for (length, allowed) in
            [(0, true), (125, true), (126, true), (65_536, true), (65_537, false), (1 << 40, false)]
        {
            for masked in [false, true] {
                let fed = Frames::new(65_536).feed(&frame(length, masked));
                assert_eq!(fed.is_ok(), allowed, "{length} masked {masked}");
            }
        }
    }

    proptest! {
        /// However the bytes are cut into pieces, the same frame is refused.
        #[test]
        fn the_cut_of_the_stream_does_not_matter(
            lengths in prop::collection::vec(0_u64..300, 1..20), cut in 1_usize..40, masked: bool,
        ) {
            let mut bytes = Vec::new();
            for length in &lengths {
                bytes.extend(frame(*length, masked));
                bytes.extend(std::iter::repeat_n(0xff, usize::try_from(*length).unwrap()));
            }
            let mut frames = Frames::new(200);
            let fed: Result<Vec<()>, Oversized> = bytes.chunks(cut).map(|piece| frames.feed(piece)).collect();
            prop_assert_eq!(fed.is_err(), lengths.iter().any(|length| *length > 200));
        }
    }
}
