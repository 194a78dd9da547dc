//! Whole flows against a running server with real components, and the rules of the house. One binary: it links once.

// Helpers of tests fail as tests do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod audit;
mod auth;
mod bell;
mod chat;
mod command_line;
mod courier;
mod documented;
mod exports;
mod faults;
mod guessing;
mod house;
mod http;
mod invitations;
mod kept;
mod live;
mod mail;
mod nodes;
mod oauth;
mod objects;
mod passwords;
mod redis;
mod ringing;
mod rules;
mod second_factor;
mod sessions;
mod silences;
mod steady;
mod support;
mod telling;
mod throttling;
mod tickets;
mod users;
