//! Work on several threads whose results come back in order, with a bound on how much is under way.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::state::Fault;

/// How much may be under way for each thread that works: one it works on, one that waits for it, and two whose turn to be
/// joined has not come.
const UNDER_WAY: usize = 4;

/// Hands on one more piece of work; `false` when no more is wanted.
pub(super) type HandOn<'a, W> = dyn FnMut(W) -> bool + 'a;

/// Lets `source` hand on pieces of work, `work` work on them on `workers` threads, and `join` take the results in the
/// order in which the pieces came. Ends with the first fault of any of them. `calm` is called at the start of each thread.
///
/// # Errors
/// That fault.
pub(super) fn in_order<W: Send, R: Send>(
    (workers, calm): (usize, fn()),
    source: impl FnOnce(&mut HandOn<'_, W>) -> Result<(), Fault> + Send,
    work: impl Fn(W) -> Result<R, Fault> + Sync,
    join: impl FnMut(R) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let workers = workers.max(1);
    let (permits, permitted) = sync_channel::<()>(UNDER_WAY * workers);
    for _ in 0..UNDER_WAY * workers {
        // There is room for exactly so many.
        let _ = permits.try_send(());
    }
    let (pieces, waiting) = sync_channel::<(u64, W)>(workers);
    let (results, finished) = sync_channel::<(u64, Result<R, Fault>)>(workers);
    let waiting = Arc::new(Mutex::new(waiting));
    thread::scope(|scope| {
        let reading = scope.spawn(move || {
            calm();
            let mut number = 0;
            source(&mut |piece| {
                // Both fail when those on the other side have ended.
                let handed_on = permitted.recv().is_ok() && pieces.send((number, piece)).is_ok();
                number += 1;
                handed_on
            })
        });
        for _ in 0..workers {
            let (waiting, results, work) = (Arc::clone(&waiting), results.clone(), &work);
            scope.spawn(move || {
                calm();
                work_off(&waiting, &results, work);
            });
        }
        // Whoever holds an end keeps the others waiting.
        drop((waiting, results));
        let joined = take_in_order(finished, &permits, join);
        drop(permits);
        let read = reading.join().unwrap_or(Err(Fault::Broken));
        // What stopped the joining is the reason why the reading ended early.
        joined?;
        read
    })
}

fn work_off<W, R>(
    waiting: &Mutex<Receiver<(u64, W)>>,
    results: &SyncSender<(u64, Result<R, Fault>)>,
    work: &impl Fn(W) -> Result<R, Fault>,
) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, piece)) = next else { return };
        if results.send((number, work(piece))).is_err() {
            return;
        }
    }
}

fn take_in_order<R>(
    finished: Receiver<(u64, Result<R, Fault>)>,
    permits: &SyncSender<()>,
    mut join: impl FnMut(R) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for (number, result) in finished {
        early.insert(number, result);
        while let Some(result) = early.remove(&next) {
            join(result?)?;
            next += 1;
            // The source may have come to its end.
            let _ = permits.try_send(());
        }
    }
    // A number is missing where a thread ended by a panic.
    if early.is_empty() { Ok(()) } else { Err(Fault::Broken) }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_pieces_and_few_are_under_way() {
        let under_way = AtomicUsize::new(0);
        let most = AtomicUsize::new(0);
        let mut joined = Vec::new();
        in_order(
            (3, || {}),
            |hand_on| {
                for n in 0..1_000_u64 {
                    most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    assert!(hand_on(n));
                }
                Ok(())
            },
            |n| {
                // Some pieces take longer than others.
                let spin = (n * 7_919) % 500;
                Ok((0..spin).fold(n, |n, _| std::hint::black_box(n)))
            },
            |n| {
                under_way.fetch_sub(1, Ordering::SeqCst);
                joined.push(n);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(joined, (0..1_000).collect::<Vec<_>>());
        assert!(most.into_inner() <= UNDER_WAY * 3 + 1, "one more waits at the door");
    }

    #[test]
    fn the_first_fault_ends_it() {
        let endless = |hand_on: &mut HandOn<'_, u64>| {
            let mut n = 0;
            while hand_on(n) {
                n += 1;
            }
            Ok(())
        };
        let impossible = |what: &str| Fault::Impossible(what.to_owned());
        let at_work =
            in_order((2, || {}), endless, |n| if n == 50 { Err(impossible("work")) } else { Ok(n) }, |_| Ok(()));
        assert_eq!(at_work, Err(impossible("work")));
        let joining = in_order((2, || {}), endless, Ok, |n| if n == 50 { Err(impossible("join")) } else { Ok(()) });
        assert_eq!(joining, Err(impossible("join")));
        let reading = in_order((2, || {}), |_: &mut HandOn<'_, u64>| Err(impossible("source")), Ok, |_| Ok(()));
        assert_eq!(reading, Err(impossible("source")));
    }
}
