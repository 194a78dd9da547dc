//! Several servers that are one installation: who rings, how the others know, and how chat goes on across them.

mod chatting;
pub mod keeper;
pub mod presence;
