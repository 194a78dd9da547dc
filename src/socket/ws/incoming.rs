//! Bytes of a client become messages, whatever pieces they come in.

use bytes::{Buf as _, Bytes, BytesMut};
use bytestring::ByteString;
use tocsin_actors::session::outbox::Close;

use super::frame::{Header, Malformed, Opcode};

/// The most frames of one message.
const FRAGMENTS_MAX: usize = 65_536;

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Incoming {
    Text(ByteString),
    Binary(Bytes),
    Ping(Bytes),
    Pong,
    /// With this code, if it had one.
    Close(Option<u16>),
}

/// What is known of one client's bytes so far. Holds no memory between messages.
#[derive(Debug)]
pub(super) struct Assembler {
    message_bytes: usize,
    /// The beginning of a frame that is not complete.
    partial: BytesMut,
    message: Option<Fragments>,
}

/// A message of which some frames came.
#[derive(Debug)]
struct Fragments {
    is_text: bool,
    bytes: BytesMut,
    count: usize,
}

impl Assembler {
    /// Allows messages of so many bytes, over all their frames. A frame that announces more is refused by its header,
    /// before anything of it is kept.
    pub(super) fn new(message_bytes: usize) -> Self {
        Self { message_bytes, partial: BytesMut::new(), message: None }
    }

    /// Keeps bytes for later.
    pub(super) fn keep(&mut self, bytes: &[u8]) {
        self.partial.extend_from_slice(bytes);
    }

    /// Takes the first whole thing out of what was kept; `None` while there is none.
    ///
    /// # Errors
    /// Why the connection cannot go on.
    pub(super) fn next_kept(&mut self) -> Result<Option<Incoming>, Close> {
        let mut kept = std::mem::take(&mut self.partial);
        let taken = self.next(&mut kept);
        let result = taken.map(|(used, incoming)| {
            kept.advance(used);
            incoming
        });
        if !kept.is_empty() {
            self.partial = kept;
        }
        result
    }

    /// Whether something was kept.
    pub(super) fn has_kept(&self) -> bool {
        !self.partial.is_empty()
    }

    /// The first whole thing in `bytes` and how many of them it took, the frames before it that are no whole thing
    /// included. What is not used belongs to the next call.
    ///
    /// # Errors
    /// Why the connection cannot go on.
    pub(super) fn next(&mut self, bytes: &mut [u8]) -> Result<(usize, Option<Incoming>), Close> {
        let mut used = 0;
        loop {
            let rest = bytes.get_mut(used..).unwrap_or_default();
            let Some(header) = Header::parse(rest).map_err(|Malformed| Close::Protocol)? else {
                return Ok((used, None));
            };
            let before = self.message.as_ref().map_or(0, |message| message.bytes.len());
            let payload = usize::try_from(header.payload).unwrap_or(usize::MAX);
            if !header.opcode.is_control() && payload > self.message_bytes.saturating_sub(before) {
                return Err(Close::TooLarge);
            }
            let Some(payload) = rest.get_mut(header.size..header.size + payload) else { return Ok((used, None)) };
            header.unmask(payload);
            used += header.size + payload.len();
            if let Some(incoming) = self.frame(header, payload)? {
                return Ok((used, Some(incoming)));
            }
        }
    }

    fn frame(&mut self, header: Header, payload: &[u8]) -> Result<Option<Incoming>, Close> {
        let whole = match (header.opcode, header.is_last, &mut self.message) {
            (Opcode::Ping, ..) => Incoming::Ping(Bytes::copy_from_slice(payload)),
            (Opcode::Pong, ..) => Incoming::Pong,
            (Opcode::Close, ..) => Incoming::Close(close_code(payload)?),
            (Opcode::Text, true, None) => text(Bytes::copy_from_slice(payload))?,
            (Opcode::Binary, true, None) => Incoming::Binary(Bytes::copy_from_slice(payload)),
            (Opcode::Text | Opcode::Binary, false, None) => {
                let (is_text, bytes) = (header.opcode == Opcode::Text, BytesMut::from(payload));
                self.message = Some(Fragments { is_text, bytes, count: 1 });
                return Ok(None);
            }
            (Opcode::Continuation, is_last, Some(message)) => {
                message.count += 1;
                if message.count > FRAGMENTS_MAX {
                    return Err(Close::TooLarge);
                }
                message.bytes.extend_from_slice(payload);
                if !is_last {
                    return Ok(None);
                }
                let Some(Fragments { is_text, bytes, .. }) = self.message.take() else { return Ok(None) };
                if is_text { text(bytes.freeze())? } else { Incoming::Binary(bytes.freeze()) }
            }
            (Opcode::Continuation, _, None) | (Opcode::Text | Opcode::Binary, _, Some(_)) => {
                return Err(Close::Protocol);
            }
        };
        Ok(Some(whole))
    }
}

fn text(bytes: Bytes) -> Result<Incoming, Close> {
    ByteString::try_from(bytes).map(Incoming::Text).map_err(|_| Close::NotUtf8)
}

/// The code of a close frame (section 7.4): one that may stand there, and a reason that is text.
fn close_code(payload: &[u8]) -> Result<Option<u16>, Close> {
    let Some((code, reason)) = payload.split_at_checked(2) else {
        return if payload.is_empty() { Ok(None) } else { Err(Close::Protocol) };
    };
    let code = code.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte));
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(Close::Protocol);
    }
    std::str::from_utf8(reason).map(|_| Some(code)).map_err(|_| Close::NotUtf8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first];
        match payload.len() {
            short @ 0..126 => bytes.push(0x80 | u8::try_from(short).unwrap()),
            long => {
                bytes.push(0x80 | 126);
                bytes.extend(u16::try_from(long).unwrap().to_be_bytes());
            }
        }
        bytes.extend([1, 2, 3, 4]);
        bytes.extend(payload.iter().zip([1, 2, 3, 4].iter().cycle()).map(|(byte, mask)| byte ^ mask));
        bytes
    }

    /// All that comes of these bytes, in pieces of this size.
    fn all(message_bytes: usize, bytes: &[u8], piece: usize) -> Result<Vec<Incoming>, Close> {
        let mut assembler = Assembler::new(message_bytes);
        let mut came = Vec::new();
        for piece in bytes.chunks(piece) {
            assembler.keep(piece);
            while let Some(incoming) = assembler.next_kept()? {
                came.push(incoming);
            }
        }
        Ok(came)
    }

    #[test]
    fn frames_become_messages() {
        let text = |text: &'static str| Incoming::Text(ByteString::from_static(text));
        let ping = || Incoming::Ping(Bytes::from_static(b"p"));
        let cat = |frames: &[Vec<u8>]| frames.concat();
        for (bytes, expected) in [
            (frame(0x81, b"hi"), Ok(vec![text("hi")])),
            (cat(&[frame(0x01, b"a"), frame(0x89, b"p"), frame(0x80, b"b")]), Ok(vec![ping(), text("ab")])),
            (frame(0x82, b""), Ok(vec![Incoming::Binary(Bytes::new())])),
            (cat(&[frame(0x8a, b"x"), frame(0x88, &[3, 232])]), Ok(vec![Incoming::Pong, Incoming::Close(Some(1000))])),
            (frame(0x88, b""), Ok(vec![Incoming::Close(None)])),
            (frame(0x88, &[3]), Err(Close::Protocol)),
            (frame(0x88, &[3, 237]), Err(Close::Protocol)),
            (frame(0x88, &[3, 232, 0xff]), Err(Close::NotUtf8)),
            (frame(0x80, b"b"), Err(Close::Protocol)),
            (cat(&[frame(0x01, b"a"), frame(0x81, b"b")]), Err(Close::Protocol)),
            (frame(0x81, &[0xff]), Err(Close::NotUtf8)),
            (cat(&[frame(0x01, &[0xc3]), frame(0x80, &[0xa9])]), Ok(vec![text("é")])),
            (frame(0x81, &[b'x'; 301]), Err(Close::TooLarge)),
            (cat(&[frame(0x01, &[b'x'; 200]), frame(0x80, &[b'x'; 126])]), Err(Close::TooLarge)),
        ] {
            assert_eq!(all(300, &bytes, bytes.len()), expected, "{bytes:x?}");
        }
    }

    #[test]
    fn a_header_alone_is_enough_to_refuse() {
        let announced = [0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4];
        assert_eq!(all(65_536, &announced, 14), Err(Close::TooLarge));
    }

    #[test]
    fn what_came_before_a_fault_is_there() {
        let bytes = [frame(0x81, b"first"), frame(0x83, b"")].concat();
        let mut assembler = Assembler::new(100);
        assembler.keep(&bytes);
        assert_eq!(assembler.next_kept(), Ok(Some(Incoming::Text("first".into()))));
        assert_eq!(assembler.next_kept(), Err(Close::Protocol));
    }

    proptest! {
        /// However the bytes are cut into pieces, the same comes of them.
        #[test]
        fn the_cut_of_the_stream_does_not_matter(
            lengths in prop::collection::vec((0_usize..300, any::<bool>()), 1..20), piece in 1_usize..40,
        ) {
            let mut bytes = Vec::new();
            let mut is_open = false;
            for (length, is_last) in lengths {
                let opcode = if is_open { 0 } else { 2 };
                bytes.extend(frame(opcode | if is_last { 0x80 } else { 0 }, &vec![7; length]));
                is_open = !is_last;
            }
            prop_assert_eq!(all(500, &bytes, piece), all(500, &bytes, bytes.len()));
        }
    }
}
