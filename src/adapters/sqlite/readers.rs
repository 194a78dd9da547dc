//! A few threads that read, each with a connection that cannot write.

use std::future::Future;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;
use tocsin_actors::ports::PortError;
use tokio::sync::oneshot;

use super::fault::{BUSY, Fault};
use super::{OpenError, connection};

type Read = Box<dyn FnOnce(&Connection) + Send>;

/// A handle on the reading threads. Dropping it finishes the jobs that wait.
pub(super) struct Readers {
    queue: Option<SyncSender<Read>>,
    waiting: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub(super) fn start(path: &Path, count: NonZeroUsize, queue: NonZeroUsize) -> Result<Self, OpenError> {
        let (queue, jobs) = sync_channel::<Read>(queue.get());
        let jobs = Arc::new(Mutex::new(jobs));
        let waiting = Arc::default();
        let mut readers = Self { queue: Some(queue), waiting, threads: Vec::with_capacity(count.get()) };
        for number in 0..count.get() {
            let connection = connection::open_reader(path)?;
            let jobs = jobs.clone();
            let thread = Builder::new()
                .name(format!("sqlite-read-{number}"))
                .spawn(move || work_off(&connection, &jobs))
                .map_err(|error| OpenError::Unreachable { path: path.to_owned(), reason: error.to_string() })?;
            readers.threads.push(thread);
        }
        Ok(readers)
    }

    /// Jobs that no thread has begun.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Queues a job now, or refuses it now; the future waits for its result.
    pub(super) fn submit<T, W>(&self, work: W) -> impl Future<Output = Result<T, PortError>> + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let waiting = Arc::clone(&self.waiting);
        let job: Read = Box::new(move |connection| {
            waiting.fetch_sub(1, Ordering::Relaxed);
            // Nobody waits any more: a client that hung up costs no query.
            if !reply.is_closed() {
                let _ = reply.send(in_snapshot(connection, work).map_err(|fault| fault.0));
            }
        });
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let refused = self.queue.as_ref().is_none_or(|queue| queue.try_send(job).is_err());
        if refused {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        async move {
            if refused {
                return Err(BUSY);
            }
            answer.await.unwrap_or_else(|_| Err(PortError::Failed("a read of the database panicked".into())))
        }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            // A panic of the thread was reported where it happened; there is nobody to hand it to here.
            let _ = thread.join();
        }
    }
}

fn in_snapshot<T>(connection: &Connection, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Fault> {
    // Ends when it is dropped, also by a panic.
    let snapshot = connection.unchecked_transaction()?;
    work(&snapshot)
}

fn work_off(connection: &Connection, jobs: &Mutex<Receiver<Read>>) {
    loop {
        // One idle thread waits in `recv`, the others for the lock: whoever is next takes the next job.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // The answer of a job that panics is a dropped sender.
        let _ = catch_unwind(AssertUnwindSafe(|| job(connection)));
    }
}
