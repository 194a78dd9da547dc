//! How large the parts of an upload are, when nobody knows how many there will be.
//!
//! A service takes 10,000 parts of 5 MiB to 5 GiB, and some insist that all but the last are equal (Cloudflare R2).
//! So they are, up to 39 GiB; then they grow, so that there are enough of them for 5 TiB.

use super::Store;

/// The size of the first ones, in bytes.
pub(super) const FIRST: usize = 8 << 20;
/// Parts that are of this size.
const EQUAL: usize = 5_000;
/// How much larger than the one before each further one is, in bytes.
const GROWTH: usize = 424 << 10;
/// The largest object, in bytes.
pub(super) const MAX_OBJECT: u64 = 5 << 40;

/// The size of the part of this number, in bytes; the first is 1.
pub(super) fn size(number: usize) -> usize {
    FIRST + GROWTH * number.saturating_sub(EQUAL)
}

impl Store {
    /// How many parts of this size may be on their way at once: so many that they take no more than twice the memory
    /// of the first ones, but one at least.
    pub(super) fn parts_at_once(&self, size: usize) -> usize {
        let most = self.parallel_parts.max(1);
        (2 * most * FIRST / size.max(1)).clamp(1, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts that one object may have.
    const MAX_PARTS: usize = 10_000;

    #[test]
    fn ten_thousand_parts_are_enough_for_the_largest_object() {
        let total: u64 = (1..=MAX_PARTS).map(|number| size(number) as u64).sum();
        assert!(total >= MAX_OBJECT, "{total}");
        assert!(size(MAX_PARTS) <= 5 << 30, "no part is too large");
        assert!((1..=EQUAL).all(|number| size(number) == FIRST));
        assert!((1..=EQUAL).map(|number| size(number) as u64).sum::<u64>() >= 39 << 30);
    }
}
