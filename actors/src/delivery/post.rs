//! The post: mails to accounts, such as links to choose a password. Unlike the outbox of incidents it lives in memory:
//! what a restart loses is asked for again by whoever waits for it, and no token lies stored in a mail.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Either, select};
use slog::{Logger, info, warn};
use tokio::sync::{Semaphore, watch};

use super::backoff;
use super::courier::share;
use crate::domain::Timestamp;
use crate::ports::{Clock, Count, Email, MailError, Mailer, Meter, PortError, Timing};

/// What the post needs from outside.
#[derive(Clone)]
pub struct PostParts {
    /// Where mails go.
    pub mailer: Arc<dyn Mailer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Counts and times.
    pub meter: Arc<dyn Meter>,
    /// The log. No address and no text of a mail is written to it.
    pub log: Logger,
    /// Lets a task run beside its caller.
    pub spawn: Arc<dyn Fn(BoxFuture<'static, ()>) + Send + Sync>,
}

/// Numbers of the post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostLimits {
    /// Mails that may wait or be under way; the next is dropped.
    pub queue: usize,
    /// Tries at once.
    pub concurrent: u32,
    /// Tries after which a mail is given up.
    pub max_attempts: u32,
    /// The wait before the second try.
    pub first_retry: Duration,
    /// The longest wait between two tries.
    pub longest_retry: Duration,
    /// A try that takes longer has failed for now.
    pub timeout: Duration,
}

/// A mail, and the instant from which it is of no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The mail.
    pub email: Email,
    /// It is not tried any more from then on.
    pub until: Timestamp,
}

/// Sends mails after the answer.
#[derive(Clone)]
pub struct Post {
    parts: PostParts,
    limits: PostLimits,
    places: Arc<Semaphore>,
    tries: Arc<Semaphore>,
    /// Mails that are being written or tried, or are about to be for the first time.
    under_way: Arc<watch::Sender<usize>>,
}

/// One of those that are under way.
struct UnderWay(Arc<watch::Sender<usize>>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl Post {
    /// A post with nothing to do.
    #[must_use]
    pub fn new(parts: PostParts, limits: PostLimits) -> Self {
        let tries = usize::try_from(limits.concurrent).unwrap_or(Semaphore::MAX_PERMITS);
        let (places, tries) = (Arc::new(Semaphore::new(limits.queue)), Arc::new(Semaphore::new(tries)));
        Self { parts, limits, places, tries, under_way: Arc::default() }
    }

    /// Writes a letter and sends it, beside the caller, who learns nothing of it and waits for nothing. All that
    /// depends on whom it goes to belongs into `write`.
    pub fn later(&self, write: impl Future<Output = Result<Option<Letter>, PortError>> + Send + 'static) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            self.parts.meter.add(Count::MailsDead, 1);
            warn!(self.parts.log, "a mail to an account was dropped: too many wait");
            return;
        };
        let post = self.clone();
        // Counted here and not in the task, so that a stop right behind the answer waits for it.
        let first = self.set_out();
        (self.parts.spawn)(Box::pin(async move {
            let safe = AssertUnwindSafe(post.write_and_send(write, first)).catch_unwind().await;
            if safe.is_err() {
                warn!(post.parts.log, "a mail to an account was lost in a panic");
            }
            drop(place);
        }));
    }

    /// Mails that wait or are under way, for a metric.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.limits.queue.saturating_sub(self.places.available_permits())
    }

    /// Completes when every mail that was there has been tried. Those that wait for another try are lost.
    pub async fn drain(&self) {
        // The sender lives in `self`, so this cannot fail.
        let _ = self.under_way.subscribe().wait_for(|count| *count == 0).await;
    }

    fn set_out(&self) -> UnderWay {
        self.under_way.send_modify(|count| *count += 1);
        UnderWay(Arc::clone(&self.under_way))
    }

    async fn write_and_send(&self, write: impl Future<Output = Result<Option<Letter>, PortError>>, first: UnderWay) {
        let turn = self.tries.acquire().await;
        let letter = match write.await {
            Ok(Some(letter)) => letter,
            Ok(None) => return,
            Err(error) => {
                warn!(self.parts.log, "a mail to an account could not be written"; "error" => %error);
                return;
            }
        };
        let mut wait = self.attempt(&letter, 1).await;
        drop((turn, first));
        let mut attempts = 1;
        while let Some(at) = wait {
            self.parts.clock.until(at).await;
            let _under_way = self.set_out();
            let _turn = self.tries.acquire().await;
            attempts += 1;
            wait = self.attempt(&letter, attempts).await;
        }
    }

    /// One try; when to try again.
    async fn attempt(&self, letter: &Letter, attempt: u32) -> Option<Timestamp> {
        let PostParts { mailer, clock, meter, log, .. } = &self.parts;
        let began = clock.now();
        let send = std::pin::pin!(AssertUnwindSafe(mailer.send(letter.email.clone())).catch_unwind());
        let outcome = match select(send, clock.until(began.plus(self.limits.timeout))).await {
            Either::Left((Ok(outcome), _)) => outcome,
            Either::Left((Err(_panic), _)) => Err(MailError::Temporary("the mailer panicked".into())),
            Either::Right(_) => Err(MailError::Temporary("no answer from the mail server in time".into())),
        };
        let now = clock.now();
        meter.observe(Timing::MailAttempt, now.since(began));
        let failure = match outcome {
            Ok(()) => {
                meter.add(Count::MailsSent, 1);
                info!(log, "a mail to an account was sent"; "message" => &letter.email.message_id, "attempt" => attempt);
                return None;
            }
            Err(failure) => failure,
        };
        let PostLimits { first_retry, longest_retry, max_attempts, .. } = self.limits;
        let again = now.plus(backoff::delay(first_retry, longest_retry, attempt, share()));
        let again = Some(again)
            .filter(|at| matches!(failure, MailError::Temporary(_)) && attempt < max_attempts && *at < letter.until);
        meter.add(if again.is_some() { Count::MailsRetried } else { Count::MailsDead }, 1);
        let reason = failure.to_string().replace(&letter.email.to, "the recipient");
        warn!(log, "a mail to an account was not sent"; "message" => &letter.email.message_id, "attempt" => attempt,
            "again" => again.is_some(), "reason" => reason);
        again
    }
}

#[cfg(test)]
mod tests;
