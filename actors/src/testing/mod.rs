//! Probes, fakes, and one conformance suite for every port.

pub mod announcer;
pub mod clock;
pub mod conformance;
pub mod invitations;
pub mod links;
pub mod mailer;
pub mod meter;
pub mod outbox;
pub mod rules;
pub mod samples;
pub mod second_factors;
pub mod users;
pub mod webhooks;

pub use clock::SimulatedClock;
pub use meter::NullMeter;
