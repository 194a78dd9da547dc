//! Probes, fakes, and one conformance suite for every port.

pub mod clock;
pub mod conformance;
pub mod meter;

pub use clock::SimulatedClock;
pub use meter::NullMeter;
