//! Compressed parts that can be joined.
//!
//! Each part is a raw deflate stream (RFC 1951) of its own that ends on a byte with an empty stored block and has no
//! final block. So parts can be compressed on different threads and stand behind each other in one stream.

use flate2::{Compress, Compression, FlushCompress, Status};

use super::encoder::Part;
use super::error::EncodeError;

/// Ends a stream of parts: an empty final block.
pub(super) const END: [u8; 2] = [0x03, 0x00];
/// The level of compression. The first costs a fifth less than the second and leaves two fifths more; the higher ones cost
/// twice as much and more, and save a tenth.
const LEVEL: u32 = 2;

/// The checksum (CRC-32) and length of bytes, which can be joined as well.
#[derive(Debug, Clone, Default)]
pub(super) struct Crc(crc32fast::Hasher);

impl Crc {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(bytes);
        Self(hasher)
    }

    pub(super) fn add(&mut self, later: &Self) {
        self.0.combine(&later.0);
    }

    pub(super) fn value(&self) -> u32 {
        self.0.clone().finalize()
    }
}

/// Compresses a part.
pub(super) fn part(bytes: &[u8], rows: u64) -> Result<Part, EncodeError> {
    let mut compress = Compress::new(Compression::new(LEVEL), false);
    // Grows if it must.
    let mut out = Vec::with_capacity(bytes.len() / 4 + 1_024);
    loop {
        let consumed = usize::try_from(compress.total_in()).unwrap_or(usize::MAX);
        let rest = bytes.get(consumed..).unwrap_or_default();
        let status = compress.compress_vec(rest, &mut out, FlushCompress::Sync);
        match status.map_err(|_| EncodeError::Compression)? {
            // There was room left, so all is out.
            Status::Ok | Status::BufError if out.len() < out.capacity() => break,
            Status::Ok | Status::BufError => out.reserve(out.capacity()),
            Status::StreamEnd => return Err(EncodeError::Compression),
        }
    }
    Ok(Part { bytes: out, crc: Crc::of(bytes), rows, raw: bytes.len() as u64 })
}
