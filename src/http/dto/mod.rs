//! Wire types: what JSON looks like outside.

pub(super) mod document;
pub(super) mod rule;
pub(super) mod silence;
