//! What the server says about itself.

pub mod escape;
pub mod logging;
pub mod metrics;
pub mod redact;
