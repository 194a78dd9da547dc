//! Tocsin: one self-hosted server that takes documents, watches the last minute and rings when a line is crossed.
//!
//! `main` → `app` → `http`, `socket`, `cli`, `adapters` → [`tocsin_actors`]. The way of one error through
//! the code is told in `docs/architecture.md`.

pub mod adapters;
pub mod app;
pub mod cli;
pub mod config;
pub mod http;
pub mod socket;
pub mod telemetry;
pub mod wire;
