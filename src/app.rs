//! The one place where adapters meet actors: build, run, drain.

mod accounts;
pub mod bell;
mod chat;
mod edge;
pub mod exports;
mod mail_page;
mod nodes;
mod people;
mod sharing;
pub mod signing_keys;
mod stopping;
pub mod storage;
pub mod stores;

use std::net::{Shutdown, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix::Arbiter;
use actix_web::dev::{Server, ServerHandle};
use slog::{Logger, info, warn};
use socket2::SockRef;
use tocsin_actors::auth::AuthLink;
use tocsin_actors::delivery::Post;
use tocsin_actors::delivery::compose::Envelope;
use tocsin_actors::directory::Surroundings;
use tocsin_actors::domain::Rule;
use tocsin_actors::export::desk::Desk;
use tocsin_actors::ports::{Clock, Documents, Snapshots};

pub use self::people::{add_user, remove_second_factor};
pub use self::stopping::Stop;
pub use self::stores::Stores;

use self::accounts::{Accounts, Mailing};
use self::bell::{Bell, Materials};
use self::edge::Edge;
use self::sharing::Sharing;
use self::stopping::InFlight;
use crate::adapters;
use crate::adapters::clock::SteadyClock;
use crate::adapters::webhook;
use crate::config::Config;
use crate::socket::connections::{Allowed, Connections};
use crate::telemetry::metrics::Metrics;

/// The time that a stop keeps for mails in flight and the last commits, after requests were answered.
const DRAIN: Duration = Duration::from_secs(3);

/// What tests replace.
pub struct Options {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The log.
    pub log: Logger,
}

/// A server that listens and is not yet run.
pub struct App {
    addr: SocketAddr,
    listener: TcpListener,
    server: Server,
    handle: ServerHandle,
    bell: Bell,
    exports: Desk,
    rooms: chat::Rooms,
    auth: AuthLink,
    post: Post,
    arbiter: Arbiter,
    connections: Arc<Connections>,
    in_flight: InFlight,
    stop: Stop,
    grace: Duration,
    log: Logger,
}

impl App {
    /// Opens the stores, starts the actors and binds the address.
    ///
    /// # Errors
    /// One sentence that says what keeps it from starting.
    pub async fn build(config: Config, options: Options) -> Result<Self, String> {
        let Options { clock, log } = options;
        let metrics = Arc::new(Metrics::new());
        let stores = Stores::open(&config, {
            let metrics = Arc::clone(&metrics);
            move |group| metrics.observe_commit(group.jobs, group.rows, group.work + group.commit)
        })?;
        let sharing = Sharing::open(&config, &metrics, &log)?;
        let stores = match &sharing {
            Some(sharing) => sharing.take_over(stores),
            None => stores,
        };
        let (writer, readers) = (Arc::clone(&stores.database), Arc::clone(&stores.database));
        metrics.read("database_writes_waiting", "Writes that wait for the database", move || writer.writes_waiting());
        metrics.read("database_reads_waiting", "Reads that wait for the database", move || readers.reads_waiting());
        let arbiter = Arbiter::new();
        if let Some(sharing) = &sharing {
            sharing.agree(&clock, &arbiter.handle()).await;
        }
        let rules = rules(&config, &stores, &*clock).await?;
        let listener = edge::bind(&config)?;
        let addr = listener.local_addr().map_err(|error| format!("server.bind: {error}"))?;
        let public_url = config.public_url(addr);
        let mail = &config.mail;
        let mailer =
            adapters::mail::from_url(mail.url.expose(), &mail.from.to_string(), mail.timeout, mail.ca_file.as_deref())?;
        let envelope = Envelope { public_url: public_url.to_string(), domain: mail.from.email.domain().to_owned() };
        let around = Surroundings {
            arbiters: arbiter.handle().into(),
            clock: clock.clone(),
            meter: metrics.clone(),
            log: log.clone(),
        };
        let mailing = Mailing { mailer: mailer.clone(), envelope: envelope.clone(), public_url: public_url.clone() };
        let accounts = Accounts::open(&config, &stores, sharing.as_ref(), around, &metrics, mailing).await?;
        let others = sharing.as_ref().map(|sharing| sharing.others(&config, &stores, &metrics, &arbiter.handle()));
        let materials = chat::Materials {
            stores: stores.clone(),
            clock: clock.clone(),
            meter: metrics.clone(),
            log: log.clone(),
            others: others.clone(),
        };
        let rooms = chat::Rooms::start(&config, materials);
        let people = Arc::clone(&rooms.chat.people);
        metrics.read("chat_people_online", "People with a connection to chat", move || people.count());
        let webhooks = webhook::Webhooks::new(
            webhook::Allowed({
                let networks = config.alerts.webhook_networks.clone();
                Box::new(move |address| networks.iter().any(|network| network.contains(address)))
            }),
            webhook::SigningKey::open(&config.auth.keys_dir)?,
            config.alerts.webhook_timeout,
            public_url.to_string(),
        )?;
        let materials = Materials {
            others,
            webhooks: Arc::new(webhooks),
            announcer: Arc::new(rooms.chat.clone()),
            arbiter: arbiter.handle(),
            stores: stores.clone(),
            mailer,
            envelope,
            clock: clock.clone(),
            meter: metrics.clone(),
            log: log.clone(),
        };
        let bell = Bell::start(&config, materials, rules).await?;
        let rings = bell.clone();
        metrics.read("bell_ringing", "Whether this server rings for all", move || usize::from(rings.rings()));
        let behind = bell.clone();
        metrics.read(
            "bell_behind_documents",
            "Documents that are stored and that this server, which rings, has not shown to the rules",
            move || behind.behind(),
        );
        let objects = storage::open(&config.storage, &log)?;
        let materials = exports::Materials {
            arbiter: arbiter.handle(),
            stores: stores.clone(),
            objects,
            secrets: accounts.identity.secrets.clone(),
            clock: clock.clone(),
            meter: metrics.clone(),
            log: log.clone(),
            public_url: public_url.to_string(),
        };
        let exports = exports::start(&config, materials).await?;
        let unfinished = exports.live().clone();
        metrics.read("exports_unfinished", "Exports that wait or are written", move || unfinished.len());
        let limits = &config.limits;
        let connections = Connections::new(Allowed {
            total: limits.connections,
            per_principal: limits.connections_per_user,
            per_ip: limits.connections_per_ip,
        });
        accounts.revoked.listen({
            let connections = Arc::clone(&connections);
            Arc::new(move |ended| connections.end(ended))
        });
        // After the connections listen, so that an end that is heard closes them too.
        if let Some(sharing) = &sharing {
            sharing.follow(&arbiter.handle(), clock.clone(), Arc::clone(&accounts.revoked));
        }
        let follow = signing_keys::Follow {
            ring: Arc::clone(&accounts.keys),
            clock: clock.clone(),
            connections: Arc::clone(&connections),
            log: log.clone(),
        };
        follow.start(&arbiter.handle());
        let in_flight = InFlight::default();
        let edge = Edge {
            stores,
            bell: bell.clone(),
            exports: exports.clone(),
            chat: chat::sessions(&config, rooms.chat.clone(), rooms.arbiters().first().clone()),
            live: rooms.arbiters(),
            auth: accounts.auth.clone(),
            identity: accounts.identity,
            revoked: accounts.revoked,
            keys: Arc::clone(&accounts.keys),
            oauth: accounts.oauth,
            tickets: accounts.tickets,
            metrics,
            clock,
            connections: Arc::clone(&connections),
            sharing,
            in_flight: in_flight.clone(),
            arbiter: arbiter.handle(),
            public_url,
            log: log.clone(),
        };
        let own = listener.try_clone().map_err(|error| format!("server.bind: {error}"))?;
        let server = edge.serve(&config, listener)?;
        let handle = server.handle();
        let grace = config.server.shutdown;
        Ok(Self {
            addr,
            listener: own,
            server,
            handle,
            bell,
            exports,
            rooms,
            auth: accounts.auth,
            post: accounts.post,
            arbiter,
            connections,
            in_flight,
            stop: Stop::default(),
            grace,
            log,
        })
    }

    /// The address it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Stops it from elsewhere.
    #[must_use]
    pub fn stop_handle(&self) -> Stop {
        self.stop.clone()
    }

    /// Serves until it is told to stop, then finishes what is under way.
    ///
    /// # Errors
    /// When the server ends by itself.
    pub async fn run(self) -> Result<(), String> {
        info!(self.log, "listening on http://{}", self.addr);
        // A task of its own: the handle's commands are answered only while the server is polled.
        let mut server = actix_rt::spawn(self.server);
        tokio::select! {
            ended = &mut server => {
                return match ended {
                    Ok(Ok(())) => Err("the server ended by itself".to_owned()),
                    Ok(Err(error)) => Err(format!("the server ended: {error}")),
                    Err(error) => Err(format!("the server ended: {error}")),
                };
            }
            () = self.stop.stopped() => {}
        }
        info!(self.log, "stopping: finishing what is under way"; "seconds_at_most" => self.grace.as_secs());
        self.handle.pause().await;
        // A paused server still has connections queued by the kernel, to be reset at the end. Refused at once, a client
        // or a load balancer goes elsewhere. Where the system has no such thing, they wait as before.
        let _ = SockRef::from(&self.listener).shutdown(Shutdown::Both);
        self.connections.stop();
        if tokio::time::timeout(self.grace.saturating_sub(DRAIN), self.in_flight.landed()).await.is_err() {
            warn!(self.log, "some requests took too long and were cut off");
        }
        let drained =
            async { tokio::join!(self.rooms.leave(), self.bell.drain(), self.post.drain(), self.exports.stop()) };
        if tokio::time::timeout(DRAIN, drained).await.is_err() {
            warn!(self.log, "some mails are still under way; those of incidents are sent again at the next start");
        }
        self.handle.stop(false).await;
        self.auth.0.retire_all();
        // So that who is connected is told why.
        if tokio::time::timeout(DRAIN, self.rooms.settled()).await.is_err() {
            warn!(self.log, "some connections were cut off without a word");
        }
        self.rooms.stop();
        drop(self.bell);
        self.arbiter.stop();
        info!(self.log, "stopped");
        Ok(())
    }
}

/// The stored rules; in an installation that never had any, those of the configuration.
async fn rules(config: &Config, stores: &Stores, clock: &dyn Clock) -> Result<Vec<Rule>, String> {
    let defaults: Vec<Rule> =
        config.alerts.default_rules.iter().map(|rule| rule.rule(clock.now())).collect::<Result<_, _>>()?;
    let sentence = |error| format!("the rules cannot be read: {error}");
    stores.rules.install_defaults(defaults).await.map_err(sentence)?;
    stores.rules.list().await.map_err(sentence)
}

/// Builds the server and runs it until SIGTERM or SIGINT.
///
/// # Errors
/// One sentence that says what keeps it from starting.
pub async fn run(config: Config, log: Logger) -> Result<(), String> {
    let app = App::build(config, Options { clock: Arc::new(SteadyClock::default()), log }).await?;
    let stop = app.stop_handle();
    actix_rt::spawn(async move {
        terminated().await;
        stop.stop();
    });
    app.run().await
}

async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        }
        // Without handlers the system's own behaviour stays: the process ends at once.
        _ => std::future::pending().await,
    }
}

/// States of the documents, without a server around them.
///
/// # Errors
/// One sentence that says why they cannot be opened.
pub fn snapshots(config: &Config) -> Result<Arc<dyn Snapshots>, String> {
    Ok(Stores::open(config, |_| {})?.snapshots)
}

/// The store of documents, without a server around it.
///
/// # Errors
/// One sentence that says why it cannot be opened.
pub fn documents(config: &Config) -> Result<Arc<dyn Documents>, String> {
    Ok(Stores::open(config, |_| {})?.documents)
}
