//! A callback API, and the same awaited.
//!
//! `cargo run --example callback_to_future` prints what happens; docs/callbacks-to-futures.md explains it.

#![allow(clippy::print_stdout, reason = "an example shows what happens on the terminal")]

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::oneshot;

/// What the other side says: a price, or why there is none.
type Answer = Result<u64, String>;
type Callback = Box<dyn FnOnce(Answer) + Send>;

/// A callback API, as a driver or a library in C would have it: `ask` registers a callback, and whoever drives the
/// thing calls it later from a thread of its own. Or never.
#[derive(Clone, Default)]
struct Quotes {
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Default)]
struct Waiting {
    last: u64,
    callbacks: HashMap<u64, (String, Callback)>,
}

impl Quotes {
    /// Registers a callback; the number takes it back.
    fn ask(&self, item: &str, callback: impl FnOnce(Answer) + Send + 'static) -> u64 {
        let mut waiting = self.waiting();
        waiting.last += 1;
        let id = waiting.last;
        waiting.callbacks.insert(id, (item.to_owned(), Box::new(callback)));
        id
    }

    /// Takes a callback back: it will not be called. Whether it was still there.
    fn withdraw(&self, id: u64) -> bool {
        // The callback is dropped after the lock: what it owns may want to come here too.
        let taken = self.waiting().callbacks.remove(&id);
        taken.is_some()
    }

    /// The driver answers everybody who waits for an item.
    fn answer(&self, item: &str, answer: &Answer) {
        for callback in self.take(item) {
            callback(answer.clone());
        }
    }

    /// The driver gives an item up: callbacks are dropped and never called.
    fn forget(&self, item: &str) {
        drop(self.take(item));
    }

    fn take(&self, item: &str) -> Vec<Callback> {
        let mut waiting = self.waiting();
        let all = std::mem::take(&mut waiting.callbacks).into_iter();
        let (taken, kept): (HashMap<_, _>, HashMap<_, _>) = all.partition(|(_, (of, _))| of == item);
        waiting.callbacks = kept;
        taken.into_values().map(|(_, callback)| callback).collect()
    }

    fn count(&self) -> usize {
        self.waiting().callbacks.len()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there is no price.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum QuoteError {
    #[error("refused: {0}")]
    Refused(String),
    #[error("the callback was dropped without being called")]
    Dropped,
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
}

/// The same API, awaited.
impl Quotes {
    /// A future of the price. Dropping it takes the callback back.
    fn quote(&self, item: &str) -> Quote {
        let (sender, receiver) = oneshot::channel();
        // `send` fails when nobody waits any more; then nobody misses the answer either.
        let id = self.ask(item, move |answer| drop(sender.send(answer)));
        Quote { receiver, _registered: Registered { quotes: self.clone(), id } }
    }

    /// For a callback that may never be called and never be dropped.
    async fn quote_within(&self, item: &str, patience: Duration) -> Result<u64, QuoteError> {
        tokio::time::timeout(patience, self.quote(item)).await.unwrap_or(Err(QuoteError::TimedOut(patience)))
    }
}

struct Quote {
    receiver: oneshot::Receiver<Answer>,
    /// Kept for its drop.
    _registered: Registered,
}

impl Future for Quote {
    type Output = Result<u64, QuoteError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.receiver).poll(context).map(|received| match received {
            Ok(Ok(price)) => Ok(price),
            Ok(Err(reason)) => Err(QuoteError::Refused(reason)),
            Err(_) => Err(QuoteError::Dropped),
        })
    }
}

/// A callback that is registered; dropping this withdraws it.
struct Registered {
    quotes: Quotes,
    id: u64,
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.quotes.withdraw(self.id);
    }
}

/// A driver: a thread that answers for some, refuses some, gives some up, and says nothing of the others.
fn drive(quotes: &Quotes) -> std::thread::JoinHandle<()> {
    let quotes = quotes.clone();
    std::thread::spawn(move || {
        quotes.answer("tea", &Ok(250));
        quotes.answer("gold", &Err("the market is closed".to_owned()));
        quotes.forget("stamps");
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let quotes = Quotes::default();

    // With callbacks: what comes next stands inside, and errors, time and giving up are everybody's own affair.
    quotes.ask("tea", |answer| println!("callback:     tea costs {answer:?}"));

    // Awaited: the same calls, in the order in which one reads them.
    let (tea, gold, stamps) = (quotes.quote("tea"), quotes.quote("gold"), quotes.quote("stamps"));
    let driver = drive(&quotes);
    println!("answered:     {:?}", tea.await);
    println!("refused:      {:?}", gold.await);
    println!("dropped:      {:?}", stamps.await);

    let patience = Duration::from_millis(50);
    println!("never called: {:?}", quotes.quote_within("silence", patience).await);

    let given_up = quotes.quote("coffee");
    println!("registered:   {} waiting", quotes.count());
    drop(given_up);
    println!("cancelled:    {} waiting", quotes.count());

    if driver.join().is_err() {
        println!("the driver panicked");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_arrives_whether_it_comes_before_or_after_the_first_poll() {
        let quotes = Quotes::default();
        let early = quotes.quote("tea");
        quotes.answer("tea", &Ok(250));
        assert_eq!(early.await, Ok(250));

        let late = quotes.quote("tea");
        let from_a_thread = quotes.clone();
        let (polled, now) = std::sync::mpsc::channel();
        let driver = std::thread::spawn(move || {
            now.recv().unwrap();
            from_a_thread.answer("tea", &Ok(300));
        });
        let answer = tokio::join!(late, async { polled.send(()).unwrap() }).0;
        assert_eq!(answer, Ok(300));
        driver.join().unwrap();
    }

    #[tokio::test]
    async fn a_refusal_is_an_error() {
        let quotes = Quotes::default();
        let gold = quotes.quote("gold");
        quotes.answer("gold", &Err("closed".to_owned()));
        assert_eq!(gold.await, Err(QuoteError::Refused("closed".to_owned())));
    }

    #[tokio::test]
    async fn a_callback_that_is_dropped_is_an_error_at_once() {
        let quotes = Quotes::default();
        let stamps = quotes.quote("stamps");
        quotes.forget("stamps");
        assert_eq!(stamps.await, Err(QuoteError::Dropped));
    }

    #[tokio::test]
    async fn a_callback_that_is_never_called_ends_by_time_and_is_withdrawn() {
        let quotes = Quotes::default();
        let patience = Duration::from_millis(1);
        assert_eq!(quotes.quote_within("silence", patience).await, Err(QuoteError::TimedOut(patience)));
        assert_eq!(quotes.count(), 0);
    }

    #[test]
    fn dropping_the_future_withdraws_the_callback_and_no_other() {
        let quotes = Quotes::default();
        let one = quotes.quote("tea");
        let other = quotes.quote("tea");
        drop(one);
        assert_eq!(quotes.count(), 1);
        quotes.answer("tea", &Ok(1));
        drop(other);
        assert_eq!(quotes.count(), 0);
    }
}
