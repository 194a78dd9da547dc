//! The system's clock, as it is and carried on evenly.

mod steady;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::Clock;

use self::steady::Steady;

/// The longest wait without another look: a clock may be set while somebody waits.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How often the steady clock looks at the wall clock, at most.
const COMPARE_EVERY: Duration = Duration::from_secs(1);

/// Tells the time of the system, as a command wants it that ends soon.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl SystemClock {
    fn read() -> Timestamp {
        Timestamp::clamped(wall_micros() / 1_000)
    }
}

fn wall_micros() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX)
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Self::read()
    }

    fn until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        wait(at, Self::read).boxed()
    }
}

/// Waits until `now` says so.
async fn wait(at: Timestamp, now: impl Fn() -> Timestamp) {
    loop {
        let left = at.since(now());
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(LONGEST_WAIT)).await;
    }
}

/// Reads the monotonic clock, and the wall clock in microseconds since the Unix epoch.
pub type Readings = Arc<dyn Fn() -> (Duration, i64) + Send + Sync>;

/// The time of a server: the wall clock at the start, carried on by a clock that nobody sets and that goes on while the
/// machine sleeps. Where several servers agree on a time ([`Clock::correct`]), that is what it is drawn towards from then
/// on; the wall clock otherwise. A difference up to half a second is made good by 0.5 ms a second; a larger one is followed when it stayed for five minutes.
#[derive(Clone)]
pub struct SteadyClock {
    readings: Readings,
    state: Arc<Mutex<State>>,
}

struct State {
    steady: Steady,
    compared_at: Duration,
    /// Whether others say what time it is.
    led: bool,
}

impl Default for SteadyClock {
    fn default() -> Self {
        Self::new(Arc::new(|| (monotonic(), wall_micros())))
    }
}

impl SteadyClock {
    /// By these readings.
    #[must_use]
    pub fn new(readings: Readings) -> Self {
        let (monotonic, wall) = readings();
        let state = State { steady: Steady::new(monotonic, wall), compared_at: monotonic, led: false };
        Self { readings, state: Arc::new(Mutex::new(state)) }
    }

    fn with<T>(&self, act: impl FnOnce(&mut State, Duration, i64) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Read under the lock, so that readings come in order.
        let (monotonic, wall) = (self.readings)();
        act(&mut state, monotonic, wall)
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        self.with(|state, monotonic, wall| {
            if !state.led && monotonic.saturating_sub(state.compared_at) >= COMPARE_EVERY {
                state.compared_at = monotonic;
                state.steady.compare(monotonic, wall);
            }
            Timestamp::clamped(state.steady.read(monotonic) / 1_000)
        })
    }

    fn until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        async move { wait(at, || clock.now()).await }.boxed()
    }

    fn correct(&self, by_millis: i64) {
        let by = by_millis.saturating_mul(1_000);
        self.with(|state, monotonic, _| {
            if std::mem::replace(&mut state.led, true) {
                let shown = state.steady.read(monotonic);
                state.steady.compare(monotonic, shown.saturating_add(by));
            } else {
                state.steady.step(by);
            }
        });
    }
}

/// Since some instant in the past, with the time that the machine slept.
#[cfg(target_os = "linux")]
fn monotonic() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// Since some instant in the past; whether with the time that the machine slept, is the system's choice.
#[cfg(not(target_os = "linux"))]
fn monotonic() -> Duration {
    static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGAN.get_or_init(std::time::Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine whose clocks are set by hand: monotonic and wall, in milliseconds.
    fn machine() -> (Arc<Mutex<(u64, i64)>>, SteadyClock) {
        let clocks = Arc::new(Mutex::new((5_000, 1_764_000_000_000)));
        let read = Arc::clone(&clocks);
        let clock = SteadyClock::new(Arc::new(move || {
            let (monotonic, wall) = *read.lock().unwrap();
            (Duration::from_millis(monotonic), wall * 1_000)
        }));
        (clocks, clock)
    }

    #[test]
    fn a_wall_clock_that_is_set_moves_nothing_in_a_minute() {
        for step in [-30_000, 30_000] {
            let (clocks, clock) = machine();
            let before = clock.now();
            clocks.lock().unwrap().1 += step;
            for _ in 0..60 {
                clocks.lock().unwrap().0 += 1_000;
                clocks.lock().unwrap().1 += 1_000;
                clock.now();
            }
            assert_eq!(clock.now(), before.plus(Duration::from_secs(60)));
        }
    }

    #[test]
    fn what_others_say_counts_at_once_at_first_and_evenly_then() {
        let (clocks, clock) = machine();
        let before = clock.now();
        clock.correct(-5_000);
        assert_eq!(clock.now(), before.minus(Duration::from_secs(5)), "a machine that is five seconds ahead");
        clock.correct(100);
        clocks.lock().unwrap().0 += 1_000;
        assert_eq!(clock.now(), before.minus(Duration::from_secs(4)), "half a millisecond is not seen yet");
        // Its own wall clock says nothing any more.
        clocks.lock().unwrap().1 += 200_000;
        clocks.lock().unwrap().0 += 200_000;
        assert_eq!(clock.now(), before.plus(Duration::from_millis(196_100)));
    }

    #[test]
    fn the_real_clock_goes_on() {
        let clock = SteadyClock::default();
        let before = clock.now();
        assert!(SystemClock.now().since(before) < Duration::from_secs(5) && before.since(SystemClock.now()).is_zero());
        assert!(clock.now() >= before);
    }
}
