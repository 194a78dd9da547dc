//! The courier: takes the messages that wait in the outbox to the mailer.
//!
//! ```text
//! Wake, the timer ──> State ──> Read   ──> Outbox::due
//!                           ──> Send   ──> compose ──> Mailer::send
//!                           ──> Settle ──> Outbox::settle ──> OnChanged (the board)
//! ```
//!
//! What is decided lies in `state.rs`, what is written in `compose.rs`; the rest moves effects to the ports.

pub mod backoff;
pub mod compose;
pub mod courier;
pub mod digest;
pub mod messages;
pub mod post;
pub mod state;

pub use compose::Envelope;
pub use courier::{Courier, OnChanged, Ports, Settings};
pub use messages::{Drain, Wake};
pub use post::{Letter, Post, PostLimits, PostParts};
pub use state::Limits;
