//! Several servers that ring as one: who rings, and how the others know.

pub mod keeper;
