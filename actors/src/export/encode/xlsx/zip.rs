//! The container: a ZIP archive (PKWARE's APPNOTE 6.3.10) that is written from front to back.
//!
//! The sizes of an entry stand behind it in a data descriptor. ZIP64 records are written only where numbers need them,
//! because old readers know none.

use super::super::deflate::{Crc, END};
use super::super::encoder::Part;

/// 1980-01-01, the first date there is: the same content is the same file.
const DATE: u16 = 0x0021;
/// Sizes follow behind the data.
const STREAMED: u16 = 1 << 3;
const DEFLATED: u16 = 8;
/// The version that brought deflate, and the one that brought ZIP64.
const VERSION: u16 = 20;
const VERSION_64: u16 = 45;

/// An archive while it is written.
#[derive(Debug, Default)]
pub(super) struct Zip {
    /// Bytes so far.
    length: u64,
    entries: Vec<Entry>,
    open: Option<Entry>,
}

#[derive(Debug, Default)]
struct Entry {
    name: String,
    at: u64,
    crc: Crc,
    compressed: u64,
    raw: u64,
}

impl Zip {
    /// Begins an entry. Names are ASCII.
    pub(super) fn begin(&mut self, name: &str, out: &mut Vec<u8>) {
        self.open = Some(Entry { name: name.to_owned(), at: self.length, ..Entry::default() });
        let mut head = Vec::new();
        word(0x0403_4b50, &mut head);
        for field in [VERSION, STREAMED, DEFLATED, 0, DATE] {
            half(field, &mut head);
        }
        // Checksum and sizes come later.
        head.extend_from_slice(&[0; 12]);
        half(name.len() as u16, &mut head);
        half(0, &mut head);
        head.extend_from_slice(name.as_bytes());
        self.put(&head, out);
    }

    /// Adds compressed bytes to the entry that was begun.
    pub(super) fn add(&mut self, part: &Part, out: &mut Vec<u8>) {
        if let Some(entry) = &mut self.open {
            entry.crc.add(&part.crc);
            entry.compressed += part.bytes.len() as u64;
            entry.raw += part.raw;
        }
        self.put(&part.bytes, out);
    }

    /// Ends the entry.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        let Some(mut entry) = self.open.take() else { return };
        entry.compressed += END.len() as u64;
        let mut tail = END.to_vec();
        word(0x0807_4b50, &mut tail);
        word(entry.crc.value(), &mut tail);
        for size in [entry.compressed, entry.raw] {
            if entry.is_large() {
                tail.extend_from_slice(&size.to_le_bytes());
            } else {
                word(size as u32, &mut tail);
            }
        }
        self.put(&tail, out);
        self.entries.push(entry);
    }

    /// Ends the archive.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        let start = self.length;
        for entry in std::mem::take(&mut self.entries) {
            let record = entry.directory();
            self.put(&record, out);
            self.entries.push(entry);
        }
        let (size, count) = (self.length - start, self.entries.len() as u64);
        let mut tail = Vec::new();
        if is_over(start) || is_over(size) || count >= u64::from(u16::MAX) {
            self.locator_64(start, size, &mut tail);
        }
        word(0x0605_4b50, &mut tail);
        word(0, &mut tail);
        for _ in 0..2 {
            half(u16::try_from(count).unwrap_or(u16::MAX), &mut tail);
        }
        word(u32::try_from(size).unwrap_or(u32::MAX), &mut tail);
        word(u32::try_from(start).unwrap_or(u32::MAX), &mut tail);
        half(0, &mut tail);
        self.put(&tail, out);
    }

    /// The ZIP64 end of the directory, and what points to it (4.3.14 and 4.3.15).
    fn locator_64(&self, start: u64, size: u64, tail: &mut Vec<u8>) {
        let count = self.entries.len() as u64;
        word(0x0606_4b50, tail);
        // The length of what follows in this record.
        tail.extend_from_slice(&44_u64.to_le_bytes());
        half(VERSION_64, tail);
        half(VERSION_64, tail);
        tail.extend_from_slice(&[0; 8]);
        for number in [count, count, size, start] {
            tail.extend_from_slice(&number.to_le_bytes());
        }
        word(0x0706_4b50, tail);
        word(0, tail);
        tail.extend_from_slice(&self.length.to_le_bytes());
        word(1, tail);
    }

    fn put(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.length += bytes.len() as u64;
        out.extend_from_slice(bytes);
    }
}

impl Entry {
    fn is_large(&self) -> bool {
        is_over(self.compressed) || is_over(self.raw)
    }

    /// Its record in the directory (4.3.12).
    fn directory(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut extra = Vec::new();
        for number in [self.raw, self.compressed, self.at] {
            if is_over(number) {
                extra.extend_from_slice(&number.to_le_bytes());
            }
        }
        let version = if extra.is_empty() { VERSION } else { VERSION_64 };
        word(0x0201_4b50, &mut out);
        for field in [version, version, STREAMED, DEFLATED, 0, DATE] {
            half(field, &mut out);
        }
        word(self.crc.value(), &mut out);
        word(u32::try_from(self.compressed).unwrap_or(u32::MAX), &mut out);
        word(u32::try_from(self.raw).unwrap_or(u32::MAX), &mut out);
        half(self.name.len() as u16, &mut out);
        half(if extra.is_empty() { 0 } else { extra.len() as u16 + 4 }, &mut out);
        // No comment, first disk, no attributes.
        out.extend_from_slice(&[0; 10]);
        word(u32::try_from(self.at).unwrap_or(u32::MAX), &mut out);
        out.extend_from_slice(self.name.as_bytes());
        if !extra.is_empty() {
            half(1, &mut out);
            half(extra.len() as u16, &mut out);
            out.extend_from_slice(&extra);
        }
        out
    }
}

/// Whether a number needs ZIP64.
fn is_over(number: u64) -> bool {
    number >= u64::from(u32::MAX)
}

fn half(number: u16, out: &mut Vec<u8>) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn word(number: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(&number.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(bytes: &[u8], raw: u64) -> Part {
        Part { bytes: bytes.to_vec(), crc: Crc::of(b""), rows: 0, raw }
    }

    #[test]
    fn sizes_that_need_it_are_written_in_64_bits() {
        let (mut zip, mut out) = (Zip::default(), Vec::new());
        zip.begin("a", &mut out);
        zip.add(&part(b"xyz", 5 << 30), &mut out);
        zip.end(&mut out);
        let descriptor = out.len() - 24;
        assert_eq!(out[descriptor..descriptor + 4], *b"PK\x07\x08");
        assert_eq!(out[descriptor + 8..descriptor + 16], 5_u64.to_le_bytes());
        assert_eq!(out[descriptor + 16..], (5_u64 << 30).to_le_bytes());
        zip.finish(&mut out);
        let record = &out[descriptor + 24..];
        assert_eq!(record[..8], *b"PK\x01\x02\x2d\x00\x2d\x00");
        assert_eq!(record[20..28], [5, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(record[46..59], [b'a', 1, 0, 8, 0, 0, 0, 0, 0x40, 1, 0, 0, 0]);
        assert_eq!(record[59..63], *b"PK\x05\x06", "the directory itself is small");
    }

    #[test]
    fn an_archive_that_needs_it_ends_in_64_bits() {
        let (mut zip, mut out) = (Zip { length: 6 << 30, ..Zip::default() }, Vec::new());
        zip.begin("a", &mut out);
        zip.end(&mut out);
        let start = (6_u64 << 30) + out.len() as u64;
        zip.finish(&mut out);
        let end = &out[out.len() - 22..];
        assert_eq!(end[..4], *b"PK\x05\x06");
        assert_eq!(end[16..20], [0xff; 4]);
        let locator = &out[out.len() - 42..out.len() - 22];
        assert_eq!(locator[..8], *b"PK\x06\x07\0\0\0\0");
        let record = &out[out.len() - 98..out.len() - 42];
        assert_eq!(record[..4], *b"PK\x06\x06");
        assert_eq!(record[48..], start.to_le_bytes());
        let at = u64::from_le_bytes(locator[8..16].try_into().unwrap());
        assert_eq!(at, (6 << 30) + out.len() as u64 - 98);
    }
}
