//! HTTP and sockets around the bell: what the routes need, and the server that serves them.

use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::ArbiterHandle;
use actix_rt::net::TcpStream;
use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::{App, web};
use async_trait::async_trait;
use socket2::SockRef;
use tocsin_actors::arbiters::Arbiters;
use tocsin_actors::auth::AuthLink;
use tocsin_actors::auth::identity::Identity;
use tocsin_actors::auth::oauth::OAuth;
use tocsin_actors::auth::revoked::Revoked;
use tocsin_actors::auth::ws_tickets::WsTickets;
use tocsin_actors::domain::{Document, DocumentId, Incident, Principal};
use tocsin_actors::export::desk::Desk;
use tocsin_actors::ingest::Ingest;
use tocsin_actors::ports::{Appended, Clock, Documents, IdempotencyKey, PortError};
use tocsin_actors::session;

use super::bell::Bell;
use super::sharing::Sharing;
use super::stopping::InFlight;
use super::storage;
use super::{Stores, mail_page};
use crate::adapters::signing_keys::KeyRing;
use crate::config::{Config, EmailVerification, Profile, Registration, WebOrigin};
use crate::http::{self, Append, Check, Dependency, Problem, RefreshCookie};
use crate::socket::connections::Connections;
use crate::socket::engineio::{self, Engine};
use crate::socket::entrance::Refused;
use crate::socket::listen::{self, Options};
use crate::socket::socketio::SocketIo;
use crate::socket::{self, Sockets};
use crate::telemetry::metrics::Metrics;

/// How long a refused request may go on sending before its connection is cut.
const LINGER: Duration = Duration::from_secs(5);
/// How long somebody may keep the published keys: so long they go on trusting one that was revoked.
const LONGEST_COPY: Duration = Duration::from_secs(300);

/// What HTTP and sockets are built from.
pub(super) struct Edge {
    pub(super) stores: Stores,
    pub(super) bell: Bell,
    pub(super) chat: session::chat::Parts,
    pub(super) live: Arbiters,
    pub(super) auth: AuthLink,
    pub(super) identity: Identity,
    pub(super) revoked: Arc<Revoked>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) oauth: OAuth,
    pub(super) tickets: WsTickets,
    pub(super) metrics: Arc<Metrics>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) exports: Desk,
    pub(super) connections: Arc<Connections>,
    pub(super) sharing: Option<Sharing>,
    pub(super) in_flight: InFlight,
    pub(super) arbiter: ArbiterHandle,
    pub(super) public_url: WebOrigin,
    pub(super) log: slog::Logger,
}

/// Binds the address of the configuration.
pub(super) fn bind(config: &Config) -> Result<TcpListener, String> {
    TcpListener::bind(config.server.bind).map_err(|error| {
        format!("cannot listen on {}: {error}; set server.bind to another address", config.server.bind)
    })
}

impl Edge {
    /// The server, on a listener that is bound already.
    pub(super) fn serve(self, config: &Config, listener: TcpListener) -> Result<Server, String> {
        let sockets = self.sockets(config);
        let engine = engine(&sockets);
        let sessions = Arc::clone(&engine);
        self.metrics.read("socketio_sessions", "Sessions of Engine.IO", move || sessions.len());
        let in_flight = self.in_flight.clone();
        let (workers, live) = (config.server.worker_count(), self.live.clone());
        let kernel = Kernel {
            stalled: config.limits.stalled,
            unsent_bytes: u32::try_from(config.limits.unsent.as_usize()).unwrap_or(u32::MAX),
        };
        let origins = allowed_origins(config, &self.public_url);
        let state = web::Data::new(self.state(config));
        let options = Options {
            workers,
            connections_per_worker: config.limits.connections.div_ceil(workers),
            keep_alive: config.server.keep_alive,
            client_request_timeout: config.server.client_timeout,
            client_disconnect_timeout: LINGER,
            on_connect: Arc::new(move |stream| kernel.prepare(stream)),
            live: Some(live),
        };
        listen::serve(listener, options, move || {
            let (sockets, in_flight) = (sockets.clone(), in_flight.clone());
            App::new()
                .wrap(http::cors(&origins))
                .wrap(from_fn(move |request, next: actix_web::middleware::Next<_>| {
                    let flight = in_flight.begin();
                    async move {
                        let answered = next.call(request).await;
                        drop(flight);
                        answered
                    }
                }))
                .wrap(from_fn(http::edge))
                .app_data(web::Data::new(sockets))
                .app_data(web::Data::from(Arc::clone(&engine)))
                .service(web::resource("/ws/alerts").route(web::get().to(alerts)))
                .service(web::resource("/ws/chat").route(web::get().to(chat)))
                .service(web::resource(["/socket.io/", "/socket.io"]).to(socketio))
                .configure(|routes| http::configure(routes, state.clone()))
        })
        .map_err(|error| format!("cannot serve: {error}"))
    }

    fn bodies(&self, config: &Config) -> http::Budget {
        let bodies = http::Budget::new(config.limits.bodies.as_usize(), config.server.client_timeout);
        let taken = bodies.clone();
        self.metrics.read("http_bodies_bytes", "Memory that the bodies of requests take", move || taken.taken_bytes());
        bodies
    }

    fn sockets(&self, config: &Config) -> Sockets {
        let limits = &config.limits;
        let (identity, log) = (self.identity.clone(), self.log.clone());
        let (tickets, tickets_log) = (self.tickets.clone(), self.log.clone());
        Sockets {
            session: session::Parts {
                board: self.bell.board.clone(),
                exports: self.exports.news().clone(),
                incidents: self.stores.incidents.clone(),
                clock: self.clock.clone(),
                meter: self.metrics.clone(),
                log: self.log.clone(),
                messages_per_second: limits.messages_per_second,
                mailbox: limits.mailbox,
            },
            chat: self.chat.clone(),
            identify: Arc::new(move |credential| {
                let (identity, log) = (identity.clone(), log.clone());
                Box::pin(async move {
                    identity.identify(&credential).await.unwrap_or_else(|error| {
                        slog::warn!(log, "a credential could not be checked"; "error" => %error);
                        None
                    })
                })
            }),
            redeem: Arc::new(move |ticket| {
                let (tickets, log) = (tickets.clone(), tickets_log.clone());
                Box::pin(async move {
                    tickets.redeem(&ticket).await.unwrap_or_else(|error| {
                        slog::warn!(log, "a ticket could not be checked"; "error" => %error);
                        None
                    })
                })
            }),
            still_signed_in: {
                let revoked = Arc::clone(&self.revoked);
                Arc::new(move |principal| match principal {
                    Principal::Person { session_id, .. } => !revoked.contains(*session_id),
                    Principal::Service { .. } => true,
                })
            },
            connections: Arc::clone(&self.connections),
            allowed_origins: allowed_origins(config, &self.public_url),
            limits: socket::Limits {
                message_bytes: limits.frame.as_usize(),
                outbox_frames: limits.outbox_frames,
                heartbeat: limits.heartbeat,
                sign_in: limits.sign_in,
                ping_timeout: limits.ping_timeout,
                connections: limits.connections,
            },
        }
    }

    fn state(self, config: &Config) -> http::State {
        let bodies = self.bodies(config);
        let (bell, board, arbiter) = (self.bell.clone(), self.bell.board.clone(), self.arbiter);
        let proxies = config.server.trusted_proxies.clone();
        let development = config.profile == Profile::Development;
        let directory = crate::adapters::mail::directory(config.mail.url.expose());
        http::State {
            chat: self.chat.chat,
            documents: self.stores.documents.clone(),
            ingest: Arc::new(IntoBell(Arc::clone(&self.bell.ingest))),
            exports: self.exports.clone(),
            rules: self.stores.rules.clone(),
            incidents: self.stores.incidents.clone(),
            accounts: self.stores.accounts.clone(),
            users: self.stores.users.clone(),
            invitations: self.stores.invitations.clone(),
            refresh_tokens: self.stores.refresh_tokens.clone(),
            audit: self.stores.audit.clone(),
            auth: self.auth,
            published_keys: http::PublishedKeys {
                set: {
                    let (keys, clock) = (self.keys, self.clock.clone());
                    Arc::new(move || keys.jwks(clock.now()))
                },
                // A copy is never older than half the notice when a new key begins to sign.
                max_age: (config.auth.key_notice / 2).min(LONGEST_COPY),
            },
            oauth: self.oauth,
            tickets: self.tickets,
            refresh_cookie: RefreshCookie {
                secure: self.public_url.is_https(),
                max_age_seconds: i64::try_from(config.auth.refresh_idle.as_secs()).unwrap_or(i64::MAX),
            },
            registration: match config.auth.registration {
                Registration::Open => "open",
                Registration::Invite => "invite",
                Registration::Closed => "closed",
            },
            verifies_email: config.auth.email_verification == EmailVerification::Required,
            rule_book: Arc::clone(&self.bell.rules),
            silences: Arc::clone(&self.bell.silences),
            choices: self.stores.choices.clone(),
            live: {
                let bell = bell.clone();
                Arc::new(move |incident: &Incident| bell.judged(incident))
            },
            outbox: self.stores.outbox.clone(),
            on_queued: Arc::new(move || bell.wake()),
            on_changed: Arc::new(move |incident: Incident| {
                let board = board.clone();
                arbiter.spawn(async move { board.changed(incident, None).await });
            }),
            clock: self.clock.clone(),
            identity: self.identity,
            is_trusted_proxy: Arc::new(move |ip: IpAddr| proxies.iter().any(|network| network.contains(ip))),
            dependencies: [Dependency {
                name: "database",
                required: true,
                check: Arc::new(Reads(self.stores.documents)),
            }]
            .into_iter()
            .chain([storage::dependency(Arc::clone(self.exports.objects()))])
            .chain(self.sharing.as_ref().map(Sharing::dependency))
            .collect(),
            dev_mails: directory.filter(|_| development).map(mail_page::reader),
            assets: http::embedded,
            metrics: self.metrics,
            limits: http::Limits {
                json_depth: config.limits.json_depth,
                body_bytes: config.limits.body.as_usize(),
                documents_per_request: config.limits.documents_per_request,
                future_tolerance: config.alerts.future_tolerance,
                max_groups: config.alerts.max_groups,
                export_rows: config.exports.max_rows,
            },
            bodies,
            log: self.log,
        }
    }
}

/// What the kernel is asked to do for every connection.
#[derive(Debug, Clone, Copy)]
struct Kernel {
    stalled: Duration,
    unsent_bytes: u32,
}

impl Kernel {
    /// Small frames go out at once, a peer that takes nothing is cut, and what it does not take stays in our bounded
    /// outbox and not in megabytes of the kernel's (`TCP_USER_TIMEOUT`, `TCP_NOTSENT_LOWAT`; `tcp(7)`).
    fn prepare(self, stream: &TcpStream) {
        // A socket that refuses an option works without it.
        let _ = stream.set_nodelay(true);
        #[cfg(target_os = "linux")]
        {
            let _ = SockRef::from(stream).set_tcp_user_timeout(Some(self.stalled));
            let _ = SockRef::from(stream).set_tcp_notsent_lowat(self.unsent_bytes);
        }
    }
}

fn allowed_origins(config: &Config, public_url: &WebOrigin) -> Arc<[String]> {
    let others = config.server.allowed_origins.iter().map(ToString::to_string);
    std::iter::once(public_url.to_string()).chain(others).collect()
}

/// The sessions of Socket.IO.
fn engine(sockets: &Sockets) -> Arc<Engine> {
    let chat = socket::chat::socketio::Chat { sockets: sockets.clone(), client, refuse };
    Engine::new(SocketIo::new(chat, sockets.limits.socketio()), sockets.limits.engineio())
}

fn client(request: &actix_web::HttpRequest) -> Option<IpAddr> {
    http::RequestContext::of(request).and_then(|context| context.client)
}

fn refuse(refused: Refused) -> actix_web::HttpResponse {
    actix_web::HttpResponse::from_error(problem_of(refused))
}

async fn socketio(
    request: actix_web::HttpRequest,
    engine: web::Data<Engine>,
    payload: web::Payload,
) -> actix_web::HttpResponse {
    engineio::serve(&engine.into_inner(), request, payload).await
}

async fn chat(request: actix_web::HttpRequest, sockets: web::Data<Sockets>) -> actix_web::HttpResponse {
    let client = client(&request);
    socket::chat::plain::open(sockets.get_ref().clone(), client, request).await.unwrap_or_else(refuse)
}

async fn alerts(request: actix_web::HttpRequest, sockets: web::Data<Sockets>) -> actix_web::HttpResponse {
    let client = client(&request);
    socket::alerts::open(sockets.get_ref().clone(), client, request).await.unwrap_or_else(refuse)
}

fn problem_of(refused: Refused) -> Problem {
    match refused {
        Refused::Origin => Problem::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "This page may not open a live connection. List its origin in server.allowed_origins.",
        ),
        Refused::TooMany => Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_connections",
            "There are too many live connections from this address. Close some, or come back later.",
        )
        .with_retry_after_seconds(5),
        Refused::Handshake => Problem::new(
            StatusCode::BAD_REQUEST,
            "websocket_expected",
            "This path speaks WebSocket only (RFC 6455). Behind a proxy, let it pass the headers Upgrade and Connection on.",
        ),
        Refused::Credential => Problem::invalid_token(),
        Refused::Scope(scope) => Problem::missing_scope(scope),
        Refused::Person => Problem::person_required(),
    }
}

/// Documents go to the bell.
struct IntoBell(Arc<Ingest>);

#[async_trait]
impl Append for IntoBell {
    async fn append(
        &self,
        batch: Vec<Document>,
        key: Option<IdempotencyKey>,
        accepted_at: Instant,
    ) -> Result<Appended, PortError> {
        self.0.append(batch, key, accepted_at).await
    }
}

/// The database answers.
struct Reads(Arc<dyn Documents>);

#[async_trait]
impl Check for Reads {
    async fn check(&self) -> Result<(), String> {
        let nothing = DocumentId::parse("readyz").map_err(|error| error.to_string())?;
        self.0.get(nothing).await.map(drop).map_err(|error| error.to_string())
    }
}
