//! What the server says about itself.

pub mod escape;
pub mod logging;
pub mod redact;
