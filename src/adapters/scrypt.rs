//! Password hashing with scrypt (RFC 7914), in a pool of its own: it is slow and large on purpose.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use async_trait::async_trait;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use scrypt::password_hash::phc::PasswordHash;
use scrypt::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _};
use scrypt::{Params, Scrypt};
use tocsin_actors::ports::{PortError, Verified};
use tokio::sync::oneshot;

const R: u32 = 8;
const P: u32 = 1;
/// N × r × p of the costliest hash that is checked: time grows with it, and 128 bytes for each are the memory, 1 GiB.
/// What a database holds beyond that is not ours; checking it would be an attack.
const MAX_COST: u128 = (1 << 20) * R as u128;

type Job = Box<dyn FnOnce() + Send>;

/// The port [`tocsin_actors::ports::Passwords`]. Each worker needs 128 × N × r bytes while it works: 128 MiB at N = 2^17.
pub struct Passwords {
    queue: SyncSender<Job>,
    waiting: Arc<AtomicUsize>,
    params: Params,
    /// What an unknown account's password is checked against, so that it takes as long.
    nobody: Arc<str>,
}

impl Passwords {
    /// Starts the workers.
    ///
    /// # Errors
    /// A sentence, when the parameters are none or the system gives no thread.
    pub fn start(workers: usize, queue: usize, log_n: u8) -> Result<Self, String> {
        let params = Params::new(log_n, R, P).map_err(|_| format!("auth.scrypt_log_n: {log_n} cannot be used"))?;
        let (sender, receiver) = sync_channel::<Job>(queue);
        let receiver = Arc::new(Mutex::new(receiver));
        for number in 0..workers {
            let jobs = Arc::clone(&receiver);
            let spawned = thread::Builder::new().name(format!("scrypt-{number}")).spawn(move || work(&jobs));
            spawned.map_err(|error| format!("no thread to hash passwords on: {error}"))?;
        }
        Ok(Self { queue: sender, waiting: Arc::default(), params, nobody: nobodys(params)?.into() })
    }

    /// Passwords that no worker has begun, for a metric.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, PortError> {
        let (reply, answer) = oneshot::channel();
        // Whoever asked may have gone.
        let waiting = Arc::clone(&self.waiting);
        let job: Job = Box::new(move || {
            waiting.fetch_sub(1, Ordering::Relaxed);
            drop(reply.send(job()));
        });
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.queue.try_send(job).map_err(|error| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => PortError::Busy("sign-in"),
                TrySendError::Disconnected(_) => PortError::Failed("the hashing workers are gone".into()),
            }
        })?;
        answer.await.map_err(|_| PortError::Failed("a hashing worker broke".into()))
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // A job that panics tells whoever waits by its dropped reply; the worker goes on.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
    }
}

fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| format!("no randomness: {error}"))?;
    Ok(bytes)
}

/// The PHC string of a password that nobody knows: random bytes in the place of a hash cost nothing to make, and as
/// much to check as any other.
fn nobodys(params: Params) -> Result<String, String> {
    let (salt, output) =
        (BASE64_STANDARD_NO_PAD.encode(random::<16>()?), BASE64_STANDARD_NO_PAD.encode(random::<32>()?));
    Ok(format!("$scrypt$ln={},r={},p={}${salt}${output}", params.log_n(), params.r(), params.p()))
}

fn hashed(password: &str, params: Params) -> Result<String, PortError> {
    let salt = random::<16>().map_err(PortError::Failed)?;
    let hash: PasswordHash = Scrypt::default()
        .hash_password_customized(password.as_bytes(), &salt, None, None, params)
        .map_err(|error| PortError::Failed(format!("a password cannot be hashed: {error}")))?;
    Ok(hash.to_string())
}

/// A stored hash and what it costs, if it is one that may be checked.
fn usable(stored: &str) -> Option<(PasswordHash, Params)> {
    let hash = PasswordHash::new(stored).ok()?;
    let used = Params::try_from(&hash).ok()?;
    let cost = 1_u128.checked_shl(used.log_n().into())? * u128::from(used.r()) * u128::from(used.p());
    (cost <= MAX_COST).then_some((hash, used))
}

fn matches(password: &str, hash: &PasswordHash) -> bool {
    Scrypt::default().verify_password(password.as_bytes(), hash).is_ok()
}

fn verified(password: &str, stored: Option<&str>, nobody: &str, params: Params) -> Verified {
    let known = stored.and_then(usable);
    let Some((hash, used)) = known else {
        // Whatever keeps the answer from being yes, it takes as long as a real one.
        if let Some((hash, _)) = usable(nobody) {
            matches(password, &hash);
        }
        return if stored.is_some() { Verified::Unusable } else { Verified::Wrong };
    };
    let same = (used.log_n(), used.r(), used.p()) == (params.log_n(), params.r(), params.p());
    match matches(password, &hash) {
        false => Verified::Wrong,
        true if same => Verified::Right,
        true => Verified::RightButOutdated,
    }
}

#[async_trait]
impl tocsin_actors::ports::Passwords for Passwords {
    async fn hash(&self, password: String) -> Result<String, PortError> {
        let params = self.params;
        self.run(move || hashed(&password, params)).await?
    }

    async fn verify(&self, password: String, stored: Option<String>) -> Result<Verified, PortError> {
        let (params, nobody) = (self.params, Arc::clone(&self.nobody));
        self.run(move || verified(&password, stored.as_deref(), &nobody, params)).await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use tocsin_actors::ports::Passwords as _;

    use super::*;

    #[actix_rt::test]
    async fn right_wrong_outdated_and_unknown() {
        let today = Passwords::start(1, 4, 10).unwrap();
        let stored = today.hash("correct horse".into()).await.unwrap();
        assert!(stored.starts_with("$scrypt$ln=10,r=8,p=1$"), "{stored}");
        let check =
            async |password: &str, stored: Option<&str>| today.verify(password.into(), stored.map(Into::into)).await;
        assert_eq!(check("correct horse", Some(&stored)).await, Ok(Verified::Right));
        assert_eq!(check("Correct horse", Some(&stored)).await, Ok(Verified::Wrong));
        assert_eq!(check("nobody has this password", None).await, Ok(Verified::Wrong));
        let older = Passwords::start(1, 4, 11).unwrap().hash("correct horse".into()).await.unwrap();
        assert_eq!(check("correct horse", Some(&older)).await, Ok(Verified::RightButOutdated));
        assert_ne!(stored, today.hash("correct horse".into()).await.unwrap(), "each has its own salt");
    }

    #[actix_rt::test]
    async fn hashes_that_cost_too_much_are_not_checked() {
        let passwords = Passwords::start(1, 4, 10).unwrap();
        let rest = "$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E";
        for (parameters, verified) in [
            ("ln=10,r=8,p=1", Verified::Wrong),
            ("ln=10,r=8,p=16", Verified::Wrong),
            ("ln=30,r=8,p=1", Verified::Unusable),
            ("ln=63,r=8,p=1", Verified::Unusable),
            ("ln=21,r=8,p=1", Verified::Unusable),
            ("ln=10,r=8193,p=1", Verified::Unusable),
            ("ln=10,r=8,p=1025", Verified::Unusable),
            ("ln=20,r=8,p=2", Verified::Unusable),
            ("ln=1,r=32767,p=32767", Verified::Unusable),
        ] {
            let stored = format!("$scrypt${parameters}{rest}");
            assert_eq!(passwords.verify("x".into(), Some(stored)).await, Ok(verified), "{parameters}");
        }
        assert_eq!(passwords.verify("x".into(), Some("rubbish".into())).await, Ok(Verified::Unusable));
    }

    #[test]
    fn what_nobody_knows_costs_what_a_hash_costs() {
        let params = Params::new(12, R, P).unwrap();
        let (_, used) = usable(&nobodys(params).unwrap()).unwrap();
        assert_eq!((used.log_n(), used.r(), used.p()), (12, R, P));
        assert_ne!(nobodys(params), nobodys(params));
    }

    #[actix_rt::test]
    async fn a_full_queue_says_so_at_once() {
        let passwords = Passwords::start(1, 1, 10).unwrap();
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let (begun, has_begun) = std::sync::mpsc::channel();
        let busy = passwords.run(move || {
            begun.send(()).unwrap();
            held.recv().unwrap_or_default();
        });
        let mut busy = Box::pin(busy);
        assert!((&mut busy).now_or_never().is_none());
        has_begun.recv().unwrap();
        let mut waits = Box::pin(passwords.hash("a".into()));
        assert!((&mut waits).now_or_never().is_none());
        assert_eq!(passwords.hash("b".into()).await, Err(PortError::Busy("sign-in")));
        drop(hold);
        assert!(waits.await.is_ok());
        assert!(busy.await.is_ok());
    }
}
