//! What the routes need, each thing as narrow as it can be.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tocsin_actors::auth::AuthLink;
use tocsin_actors::auth::identity::Identity;
use tocsin_actors::auth::oauth::OAuth;
use tocsin_actors::auth::ws_tickets::WsTickets;
use tocsin_actors::chat::Chat;
use tocsin_actors::domain::{Document, Incident, Timestamp};
use tocsin_actors::export::desk::Desk;
use tocsin_actors::ports::{
    Accounts, Appended, Audit, Choices, Clock, Documents, IdempotencyKey, Incidents, Invitations, Outbox, PortError,
    RefreshTokens, Rules, Users,
};
use tocsin_actors::rules::RuleBook;
use tocsin_actors::silences::SilenceBook;

use super::assets;
use super::auth::RefreshCookie;
use super::body::Budget;
use crate::telemetry::metrics::Metrics;

/// Stores documents and tells who watches.
#[async_trait]
pub trait Append: Send + Sync + 'static {
    /// As [`Documents::append`]; `accepted_at` is when the request was, for the latency histogram.
    async fn append(
        &self,
        batch: Vec<Document>,
        key: Option<IdempotencyKey>,
        accepted_at: Instant,
    ) -> Result<Appended, PortError>;
}

/// Asks one dependency whether it works.
#[async_trait]
pub trait Check: Send + Sync + 'static {
    /// `Err` with a sentence for the log when it does not.
    async fn check(&self) -> Result<(), String>;
}

/// A dependency for `/readyz`.
pub struct Dependency {
    /// Its name in the answer.
    pub name: &'static str,
    /// Whether the server is of no use without it.
    pub required: bool,
    /// How to ask.
    pub check: Arc<dyn Check>,
}

/// A line of the list of mails that were written instead of sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevMail {
    /// What [`DevMails::get`] takes.
    pub id: String,
    /// The recipient.
    pub to: String,
    /// The sender.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// When it was written.
    pub at: Timestamp,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// Every header, in order: name and value.
    pub headers: Vec<(String, String)>,
}

/// The mails that were written to files, for the development page.
#[async_trait]
pub trait DevMails: Send + Sync + 'static {
    /// The newest, newest first.
    async fn list(&self, limit: usize) -> Result<Vec<DevMail>, PortError>;
    /// One.
    async fn get(&self, id: String) -> Result<Option<DevMail>, PortError>;
}

/// How much a request may ask for. Each is a key of the section `limits` or `alerts` of the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Arrays and objects within each other, the document included; past that 400.
    pub json_depth: usize,
    /// The size of a body; past that 413.
    pub body_bytes: usize,
    /// Documents in a request; past that 413.
    pub documents_per_request: usize,
    /// How far ahead a document's own time may lie and count as now.
    pub future_tolerance: Duration,
    /// Groups of one rule at once.
    pub max_groups: usize,
    /// Rows of one file.
    pub export_rows: u64,
}

/// The public keys of access tokens, for others who verify.
pub struct PublishedKeys {
    /// The JWK set (RFC 7517) of this moment.
    pub set: Arc<dyn Fn() -> serde_json::Value + Send + Sync>,
    /// How long somebody may keep a copy.
    pub max_age: Duration,
}

/// Tells the value and the peak of an incident that fires.
pub type Live = Arc<dyn Fn(&Incident) -> Option<(f64, f64)> + Send + Sync>;

/// What the routes need from the rest of the house.
pub struct State {
    /// Rooms, and what is said there.
    pub chat: Chat,
    /// Where files of documents are asked for.
    pub exports: Desk,
    /// The documents, to be read.
    pub documents: Arc<dyn Documents>,
    /// Where posted documents go.
    pub ingest: Arc<dyn Append>,
    /// The rules, to be read.
    pub rules: Arc<dyn Rules>,
    /// Where they are changed.
    pub rule_book: Arc<RuleBook>,
    /// What people want to be mailed about.
    pub choices: Arc<dyn Choices>,
    /// When people are not told.
    pub silences: Arc<SilenceBook>,
    /// The incidents.
    pub incidents: Arc<dyn Incidents>,
    /// The value and the peak of an incident that is firing now: fresher than the store.
    pub live: Live,
    /// The messages that tell of them.
    pub outbox: Arc<dyn Outbox>,
    /// Called when a message waits to go out.
    pub on_queued: Arc<dyn Fn() + Send + Sync>,
    /// Called with an incident that a request changed.
    pub on_changed: Arc<dyn Fn(Incident) + Send + Sync>,
    /// The accounts, to be read.
    pub accounts: Arc<dyn Accounts>,
    /// The same, for those who look after them.
    pub users: Arc<dyn Users>,
    /// Who is invited to them.
    pub invitations: Arc<dyn Invitations>,
    /// Their sign-ins, to be read.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// What happened to them.
    pub audit: Arc<dyn Audit>,
    /// Signing in.
    pub auth: AuthLink,
    /// Signing in by providers.
    pub oauth: OAuth,
    /// Tickets for websockets.
    pub tickets: WsTickets,
    /// The public keys of access tokens.
    pub published_keys: PublishedKeys,
    /// How the refresh token is set as a cookie.
    pub refresh_cookie: RefreshCookie,
    /// Who may register: `open`, `invite` or `closed`.
    pub registration: &'static str,
    /// Whether an address is verified before anybody signs in with it.
    pub verifies_email: bool,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Recognises access tokens and API keys.
    pub identity: Identity,
    /// Whether an address is a proxy of ours, whose `X-Forwarded-For` is believed.
    pub is_trusted_proxy: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
    /// The dependencies that `/readyz` names.
    pub dependencies: Vec<Dependency>,
    /// The mails that were written; `None` outside the development profile.
    pub dev_mails: Option<Arc<dyn DevMails>>,
    /// The frontend.
    pub assets: assets::Source,
    /// Counts and times.
    pub metrics: Arc<Metrics>,
    /// How much a request may ask for.
    pub limits: Limits,
    /// What all bodies together may take.
    pub bodies: Budget,
    /// The log; every request writes to a child of it.
    pub log: slog::Logger,
}
