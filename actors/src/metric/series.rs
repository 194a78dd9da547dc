//! Placeholder for series, merged later.
