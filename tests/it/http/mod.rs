//! The HTTP edge over real sockets: what it refuses and how, who may do what, and what it promises about repeats.

mod access;
mod bad_input;
mod bodies;
mod cors;
mod headers;
mod pages;
mod repeats;
