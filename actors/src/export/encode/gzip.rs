//! One gzip member (RFC 1952) of parts that were compressed apart.

use super::deflate::{Crc, END};
use super::encoder::Part;

/// The most bytes of a stored block (RFC 1951, section 3.2.4).
const STORED: usize = 65_535;

/// A member while it is written.
#[derive(Debug, Default)]
pub(super) struct Member {
    crc: Crc,
    length: u64,
}

impl Member {
    /// The header: deflate, no name, no time, so that the same content is the same file.
    pub(super) fn head(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
    }

    /// Adds a compressed part.
    pub(super) fn add(&mut self, part: &Part, out: &mut Vec<u8>) {
        self.crc.add(&part.crc);
        self.length += part.raw;
        out.extend_from_slice(&part.bytes);
    }

    /// Adds bytes without compressing them.
    pub(super) fn store(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.crc.add(&Crc::of(bytes));
        self.length += bytes.len() as u64;
        for block in bytes.chunks(STORED) {
            let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
            out.push(0);
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(&(!length).to_le_bytes());
            out.extend_from_slice(block);
        }
    }

    /// The final block and the trailer.
    pub(super) fn finish(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&END);
        out.extend_from_slice(&self.crc.value().to_le_bytes());
        // The length modulo 2^32, as the format has it.
        out.extend_from_slice(&(self.length as u32).to_le_bytes());
    }
}
