//! Eight bytes at a time.

/// Each byte of a word.
pub(super) const fn all(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Marks the bytes of `word` that are zero by their highest bit. A mark above a true one may be false, the lowest is
/// always true.
#[inline]
pub(super) fn zeros(word: u64) -> u64 {
    word.wrapping_sub(all(0x01)) & !word & all(0x80)
}

/// The same for bytes below `byte`, which is at most 0x80.
#[inline]
pub(super) fn below(word: u64, byte: u8) -> u64 {
    word.wrapping_sub(all(byte)) & !word & all(0x80)
}

/// Whether `marks` marks a byte of `text`. It may not mark 0x41, which fills the last word.
#[inline]
pub(super) fn any(text: &[u8], marks: impl Fn(u64) -> u64) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    if words.iter().any(|word| marks(u64::from_le_bytes(*word)) != 0) {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    // Of a long text, the last word once more with what is left.
    let last = text.last_chunk::<8>().copied().unwrap_or_else(|| {
        let mut word = [b'A'; 8];
        for (to, from) in word.iter_mut().zip(rest) {
            *to = *from;
        }
        word
    });
    marks(u64::from_le_bytes(last)) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_wherever_it_is() {
        for length in 0..40 {
            let text = vec![b'x'; length];
            assert!(!any(&text, |word| zeros(word ^ all(b',')) | below(word, 0x20)), "{length}");
            for at in 0..length {
                for byte in [b',', 0, 0x1f] {
                    let mut text = text.clone();
                    text[at] = byte;
                    assert!(any(&text, |word| zeros(word ^ all(b',')) | below(word, 0x20)), "{at} of {length}");
                }
                let mut text = text.clone();
                text[at] = 0xff;
                assert!(!any(&text, |word| zeros(word ^ all(b',')) | below(word, 0x20)), "{at} of {length}");
            }
        }
    }
}
