//! What several servers share, in one Redis (or its primary, behind a name that moves on; not a Redis Cluster).
//!
//! A decision is one script, so that no server sees half of another's. A Redis that is away or hangs is
//! [`PortError::Busy`]: the caller tries again, and nothing is lost.

mod bus;
mod chat_news;
mod ends;
mod membership;
mod news;
mod refresh_tokens;
mod throttle;
mod tickets;
mod time;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool_redis::{Connection, Manager, Pool, PoolError, Runtime};
use redis::{AsyncConnectionConfig, Client, RedisError, RedisResult, TlsCertificates};
use slog::{Logger, info, warn};
use tocsin_actors::ports::PortError;

pub use self::bus::{Bus, Heard};
pub use self::ends::follow;
pub use self::membership::Membership;
pub use self::refresh_tokens::{Lifetimes, RefreshTokens};
pub use self::throttle::Throttle;
pub use self::tickets::Tickets;
pub use self::time::{agree, keep_agreeing};

/// What the caller hears when Redis is away.
const BUSY: PortError = PortError::Busy("sign-in");

/// How to reach it, and how much of it to use.
pub struct Options {
    /// `redis://` or `rediss://`.
    pub url: String,
    /// Certificates to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Connections that are kept.
    pub connections: usize,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long a command may take, and how long it may wait for a connection.
    pub timeout: Duration,
    /// What every key begins with.
    pub prefix: String,
    /// For when it goes and comes.
    pub log: Logger,
}

/// One Redis, by a pool of connections that are made when they are needed.
pub struct Redis {
    pool: Pool,
    client: Client,
    connect_timeout: Duration,
    timeout: Duration,
    prefix: String,
    answers: AtomicBool,
    listening: AtomicBool,
    log: Logger,
}

impl Redis {
    /// Prepares the pool; connects to nothing yet, so that a server starts while Redis is away.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the settings.
    pub fn open(options: Options) -> Result<Self, String> {
        let Options { url, ca_file, connections, connect_timeout, timeout, prefix, log } = options;
        let client = client(&url, ca_file)?;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(connect_timeout))
            .set_response_timeout(Some(timeout));
        let manager = Manager::new_with_config(client.get_connection_info().clone(), config)
            .map_err(|error| format!("redis.url: {}", reason(&error)))?;
        let pool = Pool::builder(manager)
            .max_size(connections)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(timeout))
            .create_timeout(Some(connect_timeout))
            .recycle_timeout(Some(timeout))
            .build()
            .map_err(|error| format!("redis: {error}"))?;
        Ok(Self {
            pool,
            client,
            connect_timeout,
            timeout,
            prefix,
            answers: AtomicBool::new(true),
            listening: AtomicBool::new(false),
            log,
        })
    }

    /// Asks whether it answers.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn check(&self) -> Result<(), String> {
        let mut connection = self.loan().await.map_err(|error| error.to_string())?;
        let answer = redis::cmd("PING").query_async::<()>(&mut connection).await;
        self.judged(answer).map_err(|error| error.to_string())
    }

    /// Commands that wait for a connection.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.pool.status().waiting
    }

    /// Whether ends of sign-ins on other servers are heard.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Relaxed)
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    async fn loan(&self) -> Result<Connection, PortError> {
        self.pool.get().await.map_err(|error| {
            self.away(&match error {
                PoolError::Backend(error) => reason(&error),
                other => other.to_string(),
            });
            BUSY
        })
    }

    /// What a command answered, as a port does.
    fn judged<T>(&self, answer: RedisResult<T>) -> Result<T, PortError> {
        match answer {
            Ok(value) => {
                if !self.answers.swap(true, Ordering::Relaxed) {
                    info!(self.log, "Redis answers again");
                }
                Ok(value)
            }
            Err(error) if is_ours(&error) => Err(PortError::Failed(format!("Redis: {}", reason(&error)))),
            Err(error) => {
                self.away(&reason(&error));
                Err(BUSY)
            }
        }
    }

    /// Said once, not for every request that fails meanwhile.
    fn away(&self, cause: &str) {
        if self.answers.swap(false, Ordering::Relaxed) {
            warn!(self.log, "Redis does not answer; who is signed in stays so, and nobody new can"; "cause" => cause);
        }
    }
}

fn client(url: &str, ca_file: Option<PathBuf>) -> Result<Client, String> {
    let Some(path) = ca_file else {
        return Client::open(url).map_err(|error| format!("redis.url: {}", reason(&error)));
    };
    let pem =
        std::fs::read(&path).map_err(|error| format!("redis.ca_file: {} cannot be read: {error}", path.display()))?;
    let certificates = TlsCertificates { client_tls: None, root_cert: Some(pem) };
    Client::build_with_tls(url, certificates).map_err(|error| format!("redis.url or redis.ca_file: {}", reason(&error)))
}

/// Kind and detail, without what was sent.
fn reason(error: &RedisError) -> String {
    error.to_string()
}

/// Whether the fault lies in what was asked, so that asking again does not help.
fn is_ours(error: &RedisError) -> bool {
    use redis::{ErrorKind, ServerErrorKind};
    matches!(
        error.kind(),
        ErrorKind::UnexpectedReturnType
            | ErrorKind::Parse
            | ErrorKind::Client
            | ErrorKind::Server(
                ServerErrorKind::ResponseError | ServerErrorKind::ExecAbort | ServerErrorKind::CrossSlot
            )
    )
}
