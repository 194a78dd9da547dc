//! The one thread that writes: it commits jobs in groups, so that one flush to the disk serves many callers.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tocsin_actors::ports::PortError;
use tokio::sync::oneshot;

use super::fault::{BUSY, Fault};
use super::{OpenError, Options};

/// What one commit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Jobs in it, those that failed on their own included.
    pub jobs: usize,
    /// Rows they brought, as far as they said.
    pub rows: usize,
    /// Time from the first statement to the last before the commit.
    pub work: Duration,
    /// Time of the commit, which waits for the disk.
    pub commit: Duration,
}

/// A handle on the writer thread. Dropping it finishes the jobs that wait.
pub(super) struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    waiting: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, options: Options) -> Result<Self, OpenError> {
        let (queue, jobs) = sync_channel(options.queue.get());
        let waiting = Arc::new(AtomicUsize::new(0));
        let thread = Builder::new()
            .name("sqlite-writer".into())
            .spawn({
                let waiting = waiting.clone();
                let Options { group_rows, on_group, .. } = options;
                move || work_off(&connection, &jobs, &waiting, group_rows.get(), &on_group)
            })
            .map_err(|error| OpenError::Unreachable { path: options.path, reason: error.to_string() })?;
        Ok(Self { queue: Some(queue), waiting, thread: Some(thread) })
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Queues a job now, or refuses it now; the future waits for the commit. Dropping the future does not undo it.
    pub(super) fn submit<T, W>(&self, rows: usize, work: W) -> impl Future<Output = Result<T, PortError>> + use<T, W>
    where
        T: Send + 'static,
        W: Fn(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        // A job without rows costs a savepoint all the same: a group does not take endlessly many.
        let job = Box::new(Task { rows: rows.max(1), work, outcome: None, reply });
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let refused = self.queue.as_ref().is_none_or(|queue| queue.try_send(job).is_err());
        if refused {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        async move {
            if refused {
                return Err(BUSY);
            }
            answer.await.unwrap_or_else(|_| Err(PortError::Failed("the database's writer has stopped".into())))
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported where it happened; there is nobody to hand it to here.
            let _ = thread.join();
        }
    }
}

/// One job, whatever it answers.
trait Job: Send {
    fn rows(&self) -> usize;
    /// Runs it inside a transaction; whether what it wrote shall stay.
    fn run(&mut self, connection: &Connection) -> bool;
    /// Tells the caller, given what became of the transaction.
    fn answer(self: Box<Self>, transaction: &Result<(), PortError>);
}

struct Task<T, W> {
    rows: usize,
    work: W,
    outcome: Option<Result<T, PortError>>,
    reply: oneshot::Sender<Result<T, PortError>>,
}

impl<T, W> Job for Task<T, W>
where
    T: Send,
    W: Fn(&Connection) -> Result<T, Fault> + Send,
{
    fn rows(&self) -> usize {
        self.rows
    }

    fn run(&mut self, connection: &Connection) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(connection)))
            .unwrap_or_else(|_| Err(Fault(PortError::Failed("a write to the database panicked".into()))));
        self.outcome.insert(outcome.map_err(|fault| fault.0)).is_ok()
    }

    fn answer(self: Box<Self>, transaction: &Result<(), PortError>) {
        let answer = match (self.outcome, transaction) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(error)) => Err(error.clone()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(PortError::Failed("a write to the database did not run".into())),
        };
        // The caller may have gone; the commit stands all the same.
        let _ = self.reply.send(answer);
    }
}

type OnGroup = Option<Box<dyn Fn(Group) + Send>>;

fn work_off(
    connection: &Connection,
    queue: &Receiver<Box<dyn Job>>,
    waiting: &AtomicUsize,
    group_rows: usize,
    on_group: &OnGroup,
) {
    while let Ok(first) = queue.recv() {
        let mut rows = first.rows();
        let mut jobs = vec![first];
        while rows < group_rows {
            let Ok(next) = queue.try_recv() else { break };
            rows += next.rows();
            jobs.push(next);
        }
        waiting.fetch_sub(jobs.len(), Ordering::Relaxed);
        commit_and_answer(connection, jobs, on_group);
    }
}

fn commit_and_answer(connection: &Connection, mut jobs: Vec<Box<dyn Job>>, on_group: &OnGroup) {
    let transaction = match run_group(connection, &mut jobs) {
        Outcome::Committed(group) => {
            jobs.into_iter().for_each(|job| job.answer(&Ok(())));
            if let Some(on_group) = on_group {
                on_group(group);
            }
            return;
        }
        Outcome::Undone if jobs.len() > 1 => {
            // Each in a transaction of its own, so that the one that needs too much fails alone.
            return jobs.into_iter().for_each(|job| commit_and_answer(connection, vec![job], on_group));
        }
        Outcome::Undone => Err(PortError::Failed("SQLite undid the transaction".into())),
        Outcome::Failed(error) => Err(error),
    };
    jobs.into_iter().for_each(|job| job.answer(&transaction));
}

enum Outcome {
    Committed(Group),
    /// SQLite rolled all of it back while a job ran, as it does when the disk is full; or the only job failed.
    Undone,
    Failed(PortError),
}

fn run_group(connection: &Connection, jobs: &mut [Box<dyn Job>]) -> Outcome {
    let begun = Instant::now();
    let result = run_jobs(connection, jobs).and_then(|stands| {
        if !stands {
            return Ok(Outcome::Undone);
        }
        let work = begun.elapsed();
        step(connection, "COMMIT")?;
        let commit = begun.elapsed().saturating_sub(work);
        let rows = jobs.iter().map(|job| job.rows()).sum();
        Ok(Outcome::Committed(Group { jobs: jobs.len(), rows, work, commit }))
    });
    let outcome = result.unwrap_or_else(|error| Outcome::Failed(Fault::from(error).0));
    if !connection.is_autocommit() {
        // Whatever failed, the next group begins clean. A rollback that fails leaves the same error to the next BEGIN.
        let _ = connection.execute_batch("ROLLBACK");
    }
    outcome
}

/// Runs every job in a savepoint; whether the transaction stands afterwards.
fn run_jobs(connection: &Connection, jobs: &mut [Box<dyn Job>]) -> rusqlite::Result<bool> {
    // Takes the lock at once: a transaction that turns from reading to writing cannot wait for another process.
    step(connection, "BEGIN IMMEDIATE")?;
    if let [only] = jobs {
        // Nobody else's work has to be kept from what it undoes, nor pages be copied for that.
        return Ok(only.run(connection) && !connection.is_autocommit());
    }
    for job in jobs {
        step(connection, "SAVEPOINT job")?;
        let keep = job.run(connection);
        if connection.is_autocommit() {
            return Ok(false);
        }
        if !keep {
            step(connection, "ROLLBACK TO job")?;
        }
        step(connection, "RELEASE job")?;
    }
    Ok(true)
}

fn step(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}
