//! The JSON of the contract, shared by HTTP and sockets. Domain types are not serialisable; these are.

pub(crate) mod chat;
pub(crate) mod disposition;
pub(crate) mod export;
pub(crate) mod filter;
pub(crate) mod incident;
pub(crate) mod number;
pub(crate) mod rule;
