//! The domain of Tocsin and its actors.
//!
//! Knows no HTTP, SQL, Redis or configuration, and has no clock of its own: what it needs from outside are the
//! [`ports`]. Who sends what to whom:
//!
//! ```text
//! POST /documents ── Ingest ──> Documents (port)
//!                       └── metric::Observed ──> MetricWatcher (one a rule)
//!                                                  ├── Incidents (port: incident and messages, one transaction)
//!                                                  ├── board::Judged, board::Changed ──> Board ──> session::Outbox of each viewer
//!                                                  └── delivery::Wake ──> Courier ──> Mailer (port)
//!                                                                            └── board::Changed ──> Board
//! /rules, /silences ── rules::RuleBook, silences::SilenceBook ──> Rules, Silences (ports), MetricWatcher
//! /ws/alerts ── session::Command ──> SessionActor ──> board::Watch, Incidents (port)
//! /ws/chat, /socket.io/ ── session::chat::Request ──> chat::SessionActor ──> room::{Join, Post, …} ──> RoomActor
//!                                                  RoomActor ──> Messages, Membership (ports), session::Outbox of each who is there
//! /auth/…    ── auth::{Register, Login, Refresh, Logout} ──> AuthActor ──> Accounts, Passwords, RefreshTokens (ports)
//!            ── auth::{ForgotPassword, ResetPassword, …} ──> AuthActor ──> Links (port), Post ──> Mailer (port)
//! /auth/oauth/… ── auth::oauth::OAuth, no actor ──> OAuthProvider, Identities, RefreshTokens (ports)
//! ```

pub mod arbiters;
pub mod auth;
pub mod board;
pub mod chat;
pub mod delivery;
pub mod directory;
pub mod domain;
pub mod export;
pub mod ingest;
pub mod metric;
pub mod nodes;
pub mod people;
pub mod ports;
pub mod room;
pub mod rules;
pub mod session;
pub mod silences;
#[cfg(feature = "testing")]
pub mod testing;
