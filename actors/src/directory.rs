//! Key → live actor. Spawns actors, respawns those that panicked with back-off and a limit, retires those that are
//! not wanted any more.
//!
//! Actix's own supervisor keeps the struct of an actor whose context stopped, and does not catch panics at all: a
//! panic unwinds the actor's task and drops it. So every actor of a directory holds a [`Tether`]; when it drops
//! without having been retired, the directory builds a new actor from the ports, which hold everything that was
//! acknowledged.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix::{Actor, Addr};
use tokio::sync::mpsc;

use crate::arbiters::Arbiters;
use crate::ports::{Clock, Count, Level, Meter};

/// The most actors that end at once and are noticed in order; a further one waits for its turn.
const ENDED_QUEUE: usize = 1_024;

/// How often, and how soon, an actor that panicked is built again.
#[derive(Debug, Clone, Copy)]
pub struct Respawn {
    /// The wait before the second try; the first is at once. It doubles with each further one.
    pub initial: Duration,
    /// The longest wait.
    pub max: Duration,
    /// An actor that lived this long counts as well again.
    pub well_after: Duration,
}

impl Default for Respawn {
    fn default() -> Self {
        Self { initial: Duration::from_millis(100), max: Duration::from_secs(30), well_after: Duration::from_secs(60) }
    }
}

impl Respawn {
    /// How long to wait before the `failures`-th respawn in a row, the first being 1.
    #[must_use]
    pub fn wait(&self, failures: u32) -> Duration {
        match failures {
            0 | 1 => Duration::ZERO,
            n => self.initial.saturating_mul(1_u32 << (n - 2).min(20)).min(self.max),
        }
    }
}

/// Held by a living actor; its drop tells the directory that the actor is gone.
pub struct Tether(Option<Box<dyn FnOnce() + Send>>);

impl Tether {
    /// Tied to nothing, for an actor outside any directory.
    #[must_use]
    pub fn loose() -> Self {
        Self(None)
    }
}

impl Drop for Tether {
    fn drop(&mut self) {
        if let Some(tell) = self.0.take() {
            tell();
        }
    }
}

impl fmt::Debug for Tether {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tether")
    }
}

type Build<K, A> = Box<dyn Fn(&K, Tether) -> Option<A> + Send + Sync>;

struct Live<A: Actor> {
    addr: Addr<A>,
    generation: u64,
    failures: u32,
    born: crate::domain::Timestamp,
}

struct Shared<K, A: Actor> {
    name: &'static str,
    build: Build<K, A>,
    arbiters: Arbiters,
    respawn: Respawn,
    clock: Arc<dyn Clock>,
    meter: Arc<dyn Meter>,
    log: slog::Logger,
    live: Mutex<HashMap<K, Live<A>>>,
    /// Actors that were ever made: an actor that was retired and ends late is not taken for its successor.
    generations: AtomicU64,
    ended: mpsc::Sender<(K, u64)>,
}

/// The live actors of one kind.
pub struct Directory<K, A: Actor>(Arc<Shared<K, A>>);

impl<K, A: Actor> Clone for Directory<K, A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, A: Actor> fmt::Debug for Directory<K, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Directory").field(&self.0.name).finish()
    }
}

/// What a directory needs from its surroundings.
#[derive(Clone)]
pub struct Surroundings {
    /// Where its actors live, each on the one of its key.
    pub arbiters: Arbiters,
    /// For back-off.
    pub clock: Arc<dyn Clock>,
    /// For counts.
    pub meter: Arc<dyn Meter>,
    /// For what went wrong.
    pub log: slog::Logger,
}

impl<K, A> Directory<K, A>
where
    K: Clone + Eq + Hash + fmt::Display + Send + 'static,
    A: Actor<Context = actix::Context<A>> + Send,
{
    /// An empty directory. `build` makes the actor of a key, or `None` when the key is not wanted any more.
    pub fn new(
        name: &'static str,
        surroundings: Surroundings,
        respawn: Respawn,
        build: impl Fn(&K, Tether) -> Option<A> + Send + Sync + 'static,
    ) -> Self {
        let (ended, mut gone) = mpsc::channel::<(K, u64)>(ENDED_QUEUE);
        let Surroundings { arbiters, clock, meter, log } = surroundings;
        let shared = Arc::new(Shared {
            name,
            build: Box::new(build),
            arbiters: arbiters.clone(),
            respawn,
            clock,
            meter,
            log,
            live: Mutex::new(HashMap::new()),
            generations: AtomicU64::new(0),
            ended,
        });
        let weak = Arc::downgrade(&shared);
        arbiters.first().spawn(async move {
            while let Some((key, generation)) = gone.recv().await {
                let Some(shared) = weak.upgrade() else { return };
                Self(shared).heal(key, generation);
            }
        });
        Self(shared)
    }

    /// The actor of a key; built if there is none yet. `None` when the key is not wanted.
    #[must_use]
    pub fn get_or_spawn(&self, key: &K) -> Option<Addr<A>> {
        let mut live = self.lock();
        if let Some(entry) = live.get(key) {
            return Some(entry.addr.clone());
        }
        self.spawn(&mut live, key, 0)
    }

    /// The actor of a key, if it lives or is about to live again.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<Addr<A>> {
        self.lock().get(key).map(|entry| entry.addr.clone())
    }

    /// Every living actor.
    #[must_use]
    pub fn all(&self) -> Vec<Addr<A>> {
        self.lock().values().map(|entry| entry.addr.clone()).collect()
    }

    /// Lets go of the actor of a key: it ends when its last address is dropped, and is not built again.
    pub fn retire(&self, key: &K) {
        if self.lock().remove(key).is_some() {
            self.0.meter.shift(Level::Actors, -1);
        }
    }

    /// Lets go of every actor.
    pub fn retire_all(&self) {
        let all = std::mem::take(&mut *self.lock());
        self.0.meter.shift(Level::Actors, -i64::try_from(all.len()).unwrap_or(0));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Live<A>>> {
        self.0.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spawn(&self, live: &mut HashMap<K, Live<A>>, key: &K, failures: u32) -> Option<Addr<A>> {
        let shared = &self.0;
        let generation = shared.generations.fetch_add(1, Ordering::Relaxed);
        let (ended, ended_key) = (shared.ended.clone(), key.clone());
        // A full queue, with more than a thousand actors gone at once, is waited for outside any actor.
        let arbiter = shared.arbiters.first().clone();
        let tether = Tether(Some(Box::new(move || {
            if let Err(mpsc::error::TrySendError::Full(news)) = ended.try_send((ended_key, generation)) {
                arbiter.spawn(async move { ended.send(news).await.unwrap_or_default() });
            }
        })));
        let actor = (shared.build)(key, tether)?;
        let addr = A::start_in_arbiter(shared.arbiters.of(key), move |_| actor);
        let born = shared.clock.now();
        if live.insert(key.clone(), Live { addr: addr.clone(), generation, failures, born }).is_none() {
            shared.meter.shift(Level::Actors, 1);
        }
        Some(addr)
    }

    /// An actor is gone. Unless it was retired, a new one takes its place, sooner or later.
    fn heal(&self, key: K, generation: u64) {
        let shared = &self.0;
        let failures = {
            let mut live = self.lock();
            let Some(entry) = live.get_mut(&key).filter(|entry| entry.generation == generation) else { return };
            let lived = shared.clock.now().since(entry.born);
            entry.failures = if lived >= shared.respawn.well_after { 1 } else { entry.failures.saturating_add(1) };
            entry.failures
        };
        shared.meter.add(Count::ActorsRestarted, 1);
        let wait = shared.respawn.wait(failures);
        slog::error!(shared.log, "an actor ended unexpectedly and is built again"; "kind" => shared.name,
            "key" => %key, "failures" => failures, "wait_ms" => u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        let (directory, until) = (self.clone(), shared.clock.until(shared.clock.now().plus(wait)));
        shared.arbiters.first().spawn(async move {
            until.await;
            let mut live = directory.lock();
            let current = live.get(&key).is_some_and(|entry| entry.generation == generation);
            if current && directory.spawn(&mut live, &key, failures).is_none() {
                live.remove(&key);
                directory.0.meter.shift(Level::Actors, -1);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use actix::{Context, Handler, Message};

    use super::*;
    use crate::domain::Timestamp;
    use crate::testing::{NullMeter, SimulatedClock};

    struct Fragile {
        _tether: Tether,
        born: mpsc::UnboundedSender<()>,
    }

    impl Actor for Fragile {
        type Context = Context<Self>;
        fn started(&mut self, _: &mut Context<Self>) {
            self.born.send(()).unwrap();
        }
    }

    #[derive(Message)]
    #[rtype(result = "()")]
    struct Break;

    impl Handler<Break> for Fragile {
        type Result = ();
        fn handle(&mut self, _: Break, _: &mut Context<Self>) {
            // `resume_unwind` unwinds like a panic, without the hook's noise in the test's output.
            std::panic::resume_unwind(Box::new("broken on purpose"));
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let respawn = Respawn::default();
        let waits: Vec<u128> = (0..6).map(|n| respawn.wait(n).as_millis()).collect();
        assert_eq!(waits, [0, 0, 100, 200, 400, 800]);
        assert_eq!(respawn.wait(u32::MAX), respawn.max);
    }

    #[actix_rt::test]
    async fn what_panics_lives_again_until_it_is_retired() {
        let clock = Arc::new(SimulatedClock::at(Timestamp::clamped(0)));
        let (born, mut births) = mpsc::unbounded_channel();
        let surroundings = Surroundings {
            arbiters: actix::Arbiter::current().into(),
            clock: clock.clone(),
            meter: Arc::new(NullMeter),
            log: slog::Logger::root(slog::Discard, slog::o!()),
        };
        let directory: Directory<u32, Fragile> =
            Directory::new("fragile", surroundings, Respawn::default(), move |_, tether| {
                Some(Fragile { _tether: tether, born: born.clone() })
            });
        let first = directory.get_or_spawn(&7).unwrap();
        births.recv().await.unwrap();
        assert!(first.send(Break).await.is_err());
        births.recv().await.unwrap();
        let second = directory.get(&7).unwrap();
        assert!(second != first && second.connected());

        directory.retire(&7);
        assert!(directory.get(&7).is_none());
        let third = directory.get_or_spawn(&7).unwrap();
        births.recv().await.unwrap();
        assert!(second.send(Break).await.is_err(), "the one that was retired ends late");
        directory.heal(7, 1);
        assert!(directory.get(&7).unwrap() == third && third.connected());
    }
}
