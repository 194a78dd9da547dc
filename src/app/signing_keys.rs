//! The keys of access tokens: opened at the start, followed while the server runs, rotated from the command line.

use std::sync::Arc;
use std::time::Duration;

use actix::ArbiterHandle;
use slog::{Logger, error, info, warn};
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::Clock;

use crate::adapters::clock::SystemClock;
use crate::adapters::signing_keys::{KeyFiles, KeyRing, Ring, Schedule, Standing};
use crate::config::Config;
use crate::socket::connections::Connections;
use crate::telemetry::metrics::Metrics;

pub use crate::adapters::signing_keys::Rotation;

/// How often the directory is looked at: so long a key that was revoked still works.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The ring of the configured directory.
pub(super) fn open(config: &Config, clock: &Arc<dyn Clock>, metrics: &Metrics) -> Result<Arc<KeyRing>, String> {
    let ring = Arc::new(KeyRing::open(files(config), clock.now())?);
    let (counted, clock) = (Arc::clone(&ring), Arc::clone(clock));
    let count = move || counted.current().standings(clock.now()).count();
    metrics.read("auth_signing_keys", "Published keys of access tokens: the next, the signing, the verifying", count);
    Ok(ring)
}

fn files(config: &Config) -> KeyFiles {
    let auth = &config.auth;
    let every = Some(auth.key_rotation).filter(|every| !every.is_zero());
    KeyFiles::new(&auth.keys_dir, Schedule { every, notice: auth.key_notice, access: auth.access })
}

/// Follows the directory in the background, as long as the arbiter lives.
pub(super) struct Follow {
    pub(super) ring: Arc<KeyRing>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) connections: Arc<Connections>,
    pub(super) log: Logger,
}

impl Follow {
    pub(super) fn start(self, arbiter: &ArbiterHandle) {
        // It says no only when the server has stopped.
        let _ = arbiter.spawn(self.run());
    }

    async fn run(self) {
        let mut trouble = None;
        loop {
            let now = self.clock.now();
            let ring = Arc::clone(&self.ring);
            // The disk may be slow, or behind a network.
            let looked = actix_rt::task::spawn_blocking(move || ring.follow(now)).await;
            let found = looked.unwrap_or_else(|_| Err("the look at the signing keys broke".to_owned()));
            self.tell(&found, &mut trouble);
            // A clock that was set, as tests do, and one that stands still while files change.
            tokio::select! {
                () = self.clock.until(now.plus(LOOK_EVERY)) => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Logs what changed, once.
    fn tell(&self, found: &Result<bool, String>, trouble: &mut Option<String>) {
        match found {
            Ok(revoked) => {
                if trouble.take().is_some() {
                    info!(self.log, "the signing keys are in order again");
                }
                if *revoked {
                    warn!(self.log, "signing keys were revoked; access tokens made with them are refused");
                    // Whose key it was is not known any more, so all people sign in again.
                    self.connections.end_people();
                }
            }
            Err(sentence) if trouble.as_ref() == Some(sentence) => {}
            Err(sentence) => {
                error!(self.log, "the signing keys stay as they were: {sentence}");
                *trouble = Some(sentence.clone());
            }
        }
    }
}

/// What the command line shows of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// Its name in tokens and in the published set.
    pub kid: String,
    /// `next`, `signing` or `verifying`.
    pub state: &'static str,
    /// From when on it signs; `None` for the one from before keys took turns.
    pub start: Option<Timestamp>,
    /// From when on it is of no use; `None` while it is not known.
    pub until: Option<Timestamp>,
}

/// The keys of the configured directory, in the order in which they sign.
///
/// # Errors
/// A sentence that says what to do about a file.
pub fn list(config: &Config) -> Result<Vec<KeyLine>, String> {
    let (files, now) = (files(config), SystemClock.now());
    let ring = Ring::new(files.read()?, files.schedule());
    let lines = ring.standings(now).map(|(key, standing)| {
        let (state, until) = match standing {
            Standing::Next => ("next", None),
            Standing::Signing => ("signing", None),
            Standing::Verifying { until } => ("verifying", Some(until)),
            Standing::Expired => ("expired", None),
        };
        let start = Some(key.start).filter(|start| start.as_millis() > 0);
        KeyLine { kid: key.kid.clone(), state, start, until }
    });
    Ok(lines.collect())
}

/// Makes a new key in the configured directory, whether or not a server runs on it; its name, and from when on it signs.
///
/// # Errors
/// A sentence that says what to do.
pub fn rotate(config: &Config, how: Rotation) -> Result<(String, Timestamp), String> {
    let key = files(config).rotate(how, SystemClock.now())?;
    Ok((key.kid, key.start))
}
