//! The writer: groups, and who fails when something does.

use std::sync::mpsc::{Sender, channel};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, join_all};
use tocsin_actors::ports::{Documents as _, ListDocuments, Order};

use super::*;

/// Holds the writer inside a job, so that what is queued meanwhile makes one group.
struct Hold {
    release: Sender<()>,
    held: BoxFuture<'static, Result<(), PortError>>,
}

impl Hold {
    fn on(database: &Database) -> Self {
        let (started, has_started) = channel();
        let (release, released) = channel();
        let released = Mutex::new(released);
        let held = database.writer.submit(1, move |_| {
            started.send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
            Ok(())
        });
        has_started.recv().unwrap();
        Self { release, held: held.boxed() }
    }

    fn release(self) {
        self.release.send(()).unwrap();
        run(self.held).unwrap();
    }
}

fn open(directory: &TempDir, change: impl FnOnce(&mut Options)) -> Arc<Database> {
    let mut options = options(directory);
    change(&mut options);
    Database::open(options).unwrap()
}

/// Stores documents, queued at once.
fn append(database: &Arc<Database>, batch: Vec<Document>) -> BoxFuture<'static, Result<Vec<Option<u64>>, PortError>> {
    let documents = Documents::new(database.clone());
    let mut answer = async move { documents.append(batch, None, now()).await.map(|appended| appended.places) }.boxed();
    match (&mut answer).now_or_never() {
        Some(at_once) => std::future::ready(at_once).boxed(),
        None => answer,
    }
}

fn small(id: &str) -> Vec<Document> {
    vec![document(id, "{}".to_owned())]
}

fn stored(database: &Arc<Database>) -> Vec<String> {
    let all =
        ListDocuments { kind: None, from: None, to: None, order: Order::Ascending, after: None, limit: usize::MAX };
    let listed = run(Documents::new(database.clone()).list(all)).unwrap();
    listed.into_iter().map(|(_, one)| one.id.as_str().to_owned()).collect()
}

#[test]
fn what_waits_is_committed_together() {
    let directory = TempDir::new().unwrap();
    let (groups, committed) = channel();
    let database = open(&directory, |options| {
        options.group_rows = NonZeroUsize::new(25).unwrap();
        options.on_group = Some(Box::new(move |group| groups.send(group).unwrap()));
    });
    let hold = Hold::on(&database);
    let answers: Vec<_> = (0..30).map(|n| append(&database, small(&n.to_string()))).collect();
    assert_eq!(database.writes_waiting(), 30);
    hold.release();
    let places: Vec<u64> = run(join_all(answers)).into_iter().map(|places| places.unwrap()[0].unwrap()).collect();
    assert!(places.is_sorted(), "in the order in which they came");
    assert_eq!(database.writes_waiting(), 0);
    drop(database);
    let groups: Vec<(usize, usize)> = committed.iter().map(|group| (group.jobs, group.rows)).collect();
    assert_eq!(groups, [(1, 1), (25, 25), (5, 5)], "a group ends at `group_rows`");
}

#[test]
fn one_bad_job_of_a_group_fails_alone() {
    let directory = TempDir::new().unwrap();
    let database = open(&directory, |_| ());
    let hold = Hold::on(&database);
    let before = append(&database, small("before"));
    let bad = database.writer.submit(1, |connection| {
        connection.execute("INSERT INTO document_types (name) VALUES ('half')", [])?;
        connection.execute("INSERT INTO documents (id) VALUES (NULL)", [])?;
        Ok(())
    });
    let panicking = database.writer.submit(1, |connection| -> Result<(), Fault> {
        connection.execute("INSERT INTO document_types (name) VALUES ('panic')", [])?;
        panic!("a bug, as this test wants it");
    });
    let after = append(&database, small("after"));
    hold.release();
    assert!(matches!(run(bad), Err(PortError::Failed(reason)) if reason.contains("NOT NULL")));
    assert!(matches!(run(panicking), Err(PortError::Failed(reason)) if reason.contains("panicked")));
    assert!(run(before).unwrap()[0] < run(after).unwrap()[0]);
    let names: i64 = run(database.read(|connection| {
        let count = "SELECT count(*) FROM document_types WHERE name IN ('half', 'panic')";
        Ok(connection.query_row(count, [], |row| row.get(0))?)
    }))
    .unwrap();
    assert_eq!(names, 0, "what they had begun is undone");
}

#[test]
fn a_commit_that_fails_fails_all_of_its_group_and_no_other() {
    let directory = TempDir::new().unwrap();
    let database = open(&directory, |_| ());
    let hold = Hold::on(&database);
    let innocent = append(&database, small("innocent"));
    // A foreign key that is checked as late as the commit.
    let guilty = database.writer.submit(1, |connection| {
        connection.execute_batch("PRAGMA defer_foreign_keys = ON")?;
        connection.execute(
            "INSERT INTO documents (id, type_id, at, received_at, fields) VALUES ('guilty', 4711, 0, 0, '{}')",
            [],
        )?;
        Ok(())
    });
    hold.release();
    assert!(matches!(run(guilty), Err(PortError::Failed(_))));
    assert!(matches!(run(innocent), Err(PortError::Failed(_))), "no success without a commit");
    assert!(run(append(&database, small("later"))).is_ok());
    assert_eq!(stored(&database), ["later"]);
}

#[test]
fn a_full_queue_answers_busy_at_once() {
    let directory = TempDir::new().unwrap();
    let database = open(&directory, |options| options.queue = NonZeroUsize::new(2).unwrap());
    let hold = Hold::on(&database);
    let waiting: Vec<_> = ["a", "b"].map(|id| append(&database, small(id))).into();
    let refused = append(&database, small("c")).now_or_never();
    assert_eq!(refused, Some(Err(PortError::Busy("the database"))), "without waiting");
    assert_eq!(stored(&database), Vec::<String>::new(), "readers go on meanwhile");
    hold.release();
    assert!(run(join_all(waiting)).iter().all(Result::is_ok));
    assert_eq!(stored(&database), ["a", "b"]);
}

#[test]
fn busy_readers_answer_busy_at_once_and_panics_stay_theirs() {
    let directory = TempDir::new().unwrap();
    let database = open(&directory, |options| {
        options.readers = NonZeroUsize::MIN;
        options.queue = NonZeroUsize::MIN;
    });
    let (started, has_started) = channel();
    let (release, released) = channel::<()>();
    let held = database.readers.submit(move |_| {
        started.send(()).unwrap();
        released.recv().unwrap();
        Ok(())
    });
    has_started.recv().unwrap();
    let waiting = database.readers.submit(|_| -> Result<(), Fault> { panic!("a bug, as this test wants it") });
    assert_eq!(database.readers.submit(|_| Ok(())).now_or_never(), Some(Err(PortError::Busy("the database"))));
    release.send(()).unwrap();
    assert_eq!(run(held), Ok(()));
    assert!(matches!(run(waiting), Err(PortError::Failed(_))));
    assert_eq!(stored(&database), Vec::<String>::new(), "the thread lives on");
}

#[test]
fn a_full_database_says_so_and_goes_on() {
    let directory = TempDir::new().unwrap();
    let database = open(&directory, |options| options.max_mib = 2);
    let big = |id: &str| vec![document(id, format!(r#"{{"x":"{}"}}"#, "y".repeat(100_000)))];
    let full = (0..100).map(|n| run(append(&database, big(&n.to_string())))).find_map(Result::err);
    assert_eq!(full, Some(PortError::Full));
    let kept = stored(&database);
    assert!(kept.len() >= 10, "reads go on, and what was answered is there: {kept:?}");

    assert_eq!(run(append(&database, big("more"))), Err(PortError::Full), "and again");
    assert!(run(append(&database, small("small"))).is_ok(), "what fits is taken");
    assert_eq!(stored(&database).len(), kept.len() + 1);
    drop(database);
    let roomier = open(&directory, |_| ());
    assert!(run(append(&roomier, big("more"))).is_ok(), "with more room it goes on");
}

#[test]
fn what_needs_too_much_room_fails_alone() {
    let directory = TempDir::new().unwrap();
    let database = open(&directory, |options| options.max_mib = 1);
    let hold = Hold::on(&database);
    let before = append(&database, small("before"));
    let huge = append(&database, vec![document("huge", "z".repeat(2 * 1024 * 1024))]);
    let after = append(&database, small("after"));
    hold.release();
    assert_eq!(run(huge), Err(PortError::Full));
    assert!(run(before).is_ok() && run(after).is_ok(), "SQLite undid all of the group, the writer did it again");
    assert_eq!(stored(&database), ["before", "after"]);
}

#[test]
fn dropping_it_finishes_what_waits() {
    let directory = TempDir::new().unwrap();
    let database = open(&directory, |_| ());
    let hold = Hold::on(&database);
    let documents = Documents::new(database.clone());
    for n in 0..10 {
        // Nobody waits for these: the caller went away.
        let _ = documents.append(small(&n.to_string()), None, now()).now_or_never();
    }
    drop(documents);
    hold.release();
    drop(database);
    assert_eq!(stored(&open(&directory, |_| ())).len(), 10);
}
