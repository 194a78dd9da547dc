//! What had to be changed so that it can be written.

/// How many values are not in the file exactly as they were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Warnings {
    /// Texts that were too long for a cell of Excel and end with `…`.
    pub cut: u64,
    /// Characters that cannot be written and became U+FFFD: halves of surrogate pairs, and NUL in CSV.
    pub replaced: u64,
}

impl std::ops::AddAssign for Warnings {
    fn add_assign(&mut self, other: Self) {
        self.cut += other.cut;
        self.replaced += other.replaced;
    }
}
