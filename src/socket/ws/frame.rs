//! Frames as bytes (RFC 6455, section 5).

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn parse(bits: u8) -> Option<Self> {
        Some(match bits {
            0x0 => Self::Continuation,
            0x1 => Self::Text,
            0x2 => Self::Binary,
            0x8 => Self::Close,
            0x9 => Self::Ping,
            0xa => Self::Pong,
            _ => return None,
        })
    }

    fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0x0,
            Self::Text => 0x1,
            Self::Binary => 0x2,
            Self::Close => 0x8,
            Self::Ping => 0x9,
            Self::Pong => 0xa,
        }
    }

    pub(super) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// The header of a client's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) opcode: Opcode,
    pub(super) is_last: bool,
    mask: [u8; 4],
    /// Bytes of the header itself.
    pub(super) size: usize,
    /// Bytes of payload that follow.
    pub(super) payload: u64,
}

/// The protocol does not allow this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

impl Header {
    /// The header at the beginning of `bytes`; `None` while it is incomplete.
    ///
    /// # Errors
    /// When it is not masked, has reserved bits or an unknown opcode, or is a control frame that is long or a fragment.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<Self>, Malformed> {
        let (Some(&first), Some(&second)) = (bytes.first(), bytes.get(1)) else { return Ok(None) };
        let opcode = Opcode::parse(first & 0x0f).ok_or(Malformed)?;
        let is_last = first & 0x80 != 0;
        let is_masked = second & 0x80 != 0;
        let short = second & 0x7f;
        if first & 0x70 != 0 || !is_masked || (opcode.is_control() && (!is_last || short > 125)) {
            return Err(Malformed);
        }
        let extended = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let Some(length) = bytes.get(2..2 + extended) else { return Ok(None) };
        let payload = match extended {
            0 => u64::from(short),
            _ => length.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        };
        let Some(&[a, b, c, d]) = bytes.get(2 + extended..6 + extended) else { return Ok(None) };
        Ok(Some(Self { opcode, is_last, mask: [a, b, c, d], size: 6 + extended, payload }))
    }

    /// Takes the mask off a payload, eight bytes at a time.
    pub(super) fn unmask(&self, payload: &mut [u8]) {
        let [a, b, c, d] = self.mask;
        if self.mask == [0; 4] {
            return;
        }
        let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
        let (eights, rest) = payload.as_chunks_mut::<8>();
        for eight in eights {
            *eight = (u64::from_ne_bytes(*eight) ^ wide).to_ne_bytes();
        }
        for (byte, mask) in rest.iter_mut().zip(self.mask.iter().cycle()) {
            *byte ^= mask;
        }
    }
}

/// Appends a frame of the server's: never masked, never in fragments.
pub(super) fn write(opcode: Opcode, payload: &[u8], to: &mut Vec<u8>) {
    to.push(0x80 | opcode.bits());
    match u16::try_from(payload.len()) {
        Ok(short @ 0..126) => to.push(short.to_be_bytes()[1]),
        Ok(long) => {
            to.push(126);
            to.extend_from_slice(&long.to_be_bytes());
        }
        Err(_) => {
            to.push(127);
            to.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    to.extend_from_slice(payload);
}

/// Appends a close frame (section 5.5.1): the reason is cut where a control frame ends.
pub(super) fn write_close(code: u16, reason: &str, to: &mut Vec<u8>) {
    let reason = reason.get(..reason.floor_char_boundary(123)).unwrap_or_default();
    let payload: Vec<u8> = code.to_be_bytes().into_iter().chain(reason.bytes()).collect();
    write(Opcode::Close, &payload, to);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_the_rfc_writes_them() {
        let parsed =
            |bytes: &[u8]| Header::parse(bytes).map(|header| header.map(|header| (header.size, header.payload)));
        for (bytes, expected) in [
            (&[0x81, 0x85, 1, 2, 3, 4][..], Ok(Some((6, 5)))),
            (&[0x81, 0xfe, 1, 0, 1, 2, 3, 4], Ok(Some((8, 256)))),
            (&[0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4], Ok(Some((14, 1 << 40)))),
            (&[0x81], Ok(None)),
            (&[0x81, 0xfe, 1], Ok(None)),
            (&[0x81, 0x85, 1, 2, 3], Ok(None)),
            // Not masked; a reserved bit; an unknown opcode; a ping in fragments; a long ping.
            (&[0x81, 0x05, 1, 2, 3, 4], Err(Malformed)),
            (&[0xc1, 0x85, 1, 2, 3, 4], Err(Malformed)),
            (&[0x83, 0x85, 1, 2, 3, 4], Err(Malformed)),
            (&[0x09, 0x85, 1, 2, 3, 4], Err(Malformed)),
            (&[0x89, 0xfe, 0, 126, 1, 2, 3, 4], Err(Malformed)),
        ] {
            assert_eq!(parsed(bytes), expected, "{bytes:x?}");
        }
    }

    #[test]
    fn the_mask_comes_off_whatever_the_length() {
        for length in 0..40_u8 {
            let plain: Vec<u8> = (0..length).collect();
            let mut masked: Vec<u8> = plain.iter().zip([7, 8, 9, 250].iter().cycle()).map(|(a, b)| a ^ b).collect();
            let bytes = [0x82, 0x80 | length, 7, 8, 9, 250];
            Header::parse(&bytes).unwrap().unwrap().unmask(&mut masked);
            assert_eq!(masked, plain);
        }
    }

    #[test]
    fn lengths_take_as_few_bytes_as_they_can() {
        for (length, header) in [
            (0, &[0x82, 0][..]),
            (125, &[0x82, 125]),
            (126, &[0x82, 126, 0, 126]),
            (65_536, &[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let mut bytes = Vec::new();
            write(Opcode::Binary, &vec![0; length], &mut bytes);
            assert_eq!((bytes.len(), bytes.get(..header.len())), (header.len() + length, Some(header)));
        }
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let mut bytes = Vec::new();
        write_close(1000, &"é".repeat(100), &mut bytes);
        assert_eq!(bytes.get(..4), Some(&[0x88, 124, 3, 232][..]));
        assert!(std::str::from_utf8(bytes.get(4..).unwrap()).is_ok());
    }
}
