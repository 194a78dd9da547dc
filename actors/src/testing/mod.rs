//! Probes, fakes, and one conformance suite for every port.

pub mod clock;
pub mod conformance;
