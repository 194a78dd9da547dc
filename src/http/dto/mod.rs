//! Wire types: what JSON looks like outside.

pub(super) mod document;
pub(super) mod incident;
pub(super) mod number;
pub(super) mod rule;
