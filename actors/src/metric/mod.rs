//! Watching the last minute.

pub mod messages;
pub mod state;
pub mod window;
