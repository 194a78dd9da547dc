#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use tempfile::TempDir;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::testing::conformance;

use super::*;

fn name(text: &str) -> ObjectName {
    ObjectName::parse(text).unwrap()
}

fn about() -> About {
    About { content_type: "text/csv".into(), file_name: "a.csv".into() }
}

fn files(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names.into_iter().map(|name| name.into_string().unwrap()).collect()
}

async fn sweep(store: &Local, before: i64) -> Swept {
    let (ours, keep) = (|_: &ObjectName| true, HashSet::new());
    store.sweep(Sweep { ours: &ours, keep: &keep, before: Timestamp::clamped(before) }).await.unwrap()
}

#[tokio::test]
async fn keeps_the_promises_of_the_port() {
    let homes = Mutex::new(Vec::new());
    conformance::objects(async || {
        let home = TempDir::new().unwrap();
        let store = Local::open(home.path().join("made/when/missing")).unwrap();
        homes.lock().unwrap().push(home);
        Arc::new(store) as Arc<dyn Objects>
    })
    .await;
}

#[tokio::test]
async fn what_is_not_finished_is_a_hidden_file_and_then_none() {
    let home = TempDir::new().unwrap();
    let store = Local::open(home.path().join("exports")).unwrap();
    let directory = &store.directory;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(directory), 0o700);
    let upload = store.create(name("a.csv"), about()).await.unwrap();
    let [hidden] = &files(directory)[..] else { panic!("one file") };
    assert!(hidden.starts_with(".a.csv.") && hidden.ends_with(".part"), "{hidden}");
    upload.abort().await;
    assert_eq!(files(directory), Vec::<String>::new(), "abort waits for it");
    let mut upload = store.create(name("a.csv"), about()).await.unwrap();
    upload.write(Bytes::from_static(b"a")).await.unwrap();
    upload.finish().await.unwrap();
    assert_eq!(files(directory), ["a.csv"]);
    assert_eq!(mode(&directory.join("a.csv")), 0o600, "for this user alone");
    store.check().await.unwrap();
    assert_eq!(files(directory), ["a.csv"], "a check leaves nothing");
}

#[test]
fn what_is_dropped_is_removed() {
    let home = TempDir::new().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let store = Local::open(home.path().to_owned()).unwrap();
    let dropped = runtime.block_on(store.create(name("a.csv"), about())).unwrap();
    let outlives = runtime.block_on(store.create(name("b.csv"), about())).unwrap();
    assert_eq!(files(home.path()).len(), 2);
    runtime.block_on(async { drop(dropped) });
    // Waits for the jobs that have begun.
    drop(runtime);
    assert!(files(home.path())[0].starts_with(".b.csv."));
    drop(outlives);
    assert_eq!(files(home.path()), Vec::<String>::new(), "also where no runtime is left");
}

#[tokio::test]
async fn a_sweep_removes_what_a_dead_server_left_and_nothing_that_is_written() {
    let home = TempDir::new().unwrap();
    let store = Local::open(home.path().to_owned()).unwrap();
    let left = ".a.csv.0123456789abcdef.part";
    for file in [left, ".hidden", ".a.csv.part", ".a.csv.0123456789abcdeg.part", "über.csv"] {
        fs::write(home.path().join(file), "x").unwrap();
    }
    fs::create_dir(home.path().join("folder")).unwrap();
    let mut upload = store.create(name("b.csv"), about()).await.unwrap();
    assert_eq!(sweep(&store, 0).await, Swept { objects: 0, uploads: 1 }, "whatever its age");
    assert_eq!(sweep(&store, i64::MAX).await, Swept::default());
    assert!(!files(home.path()).contains(&left.to_owned()));
    assert_eq!(files(home.path()).len(), 6, "what is not ours stays");
    upload.write(Bytes::from_static(b"b")).await.unwrap();
    assert_eq!(upload.finish().await, Ok(1));
}

#[tokio::test]
async fn a_name_that_is_begun_anew_ends_what_was_begun_before() {
    let home = TempDir::new().unwrap();
    let store = Local::open(home.path().to_owned()).unwrap();
    let (left, other) = (".a.csv.0123456789abcdef.part", ".a.csv.gz.0123456789abcdef.part");
    for file in [left, other] {
        fs::write(home.path().join(file), "x").unwrap();
    }
    let first = store.create(name("a.csv"), about()).await.unwrap();
    assert!(!files(home.path()).contains(&left.to_owned()), "nobody was at it");
    let second = store.create(name("a.csv"), about()).await.unwrap();
    assert_eq!(files(home.path()).len(), 2, "nor is anybody at the first");
    assert!(matches!(first.finish().await, Err(PortError::Failed(_))));
    second.finish().await.unwrap();
    assert_eq!(files(home.path()), [other, "a.csv"]);
}

#[tokio::test]
async fn a_full_disk_is_told_as_such_and_what_was_written_goes() {
    let home = TempDir::new().unwrap();
    let path = home.path().join(".a.csv.0123456789abcdef.part");
    fs::write(&path, "x").unwrap();
    // Every write to it fails as on a full disk.
    let file = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let unfinished = Unfinished { file, path: path.clone(), bytes: 0, is_finished: false };
    let mut upload = Box::new(LocalUpload::new(unfinished, home.path().join("a.csv")));
    upload.write(Bytes::from_static(b"waits")).await.unwrap();
    let large = Bytes::from(vec![0; 1 << 20]);
    assert_eq!(upload.write(large.clone()).await, Err(PortError::Full));
    assert!(!path.exists());
    assert!(matches!(upload.write(large).await, Err(PortError::Failed(_))), "it stays failed");
    assert!(matches!(upload.finish().await, Err(PortError::Failed(_))));
    assert_eq!(files(home.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_directory_that_is_gone_says_what_to_do() {
    let home = TempDir::new().unwrap();
    let directory = home.path().join("exports");
    let store = Local::open(directory.clone()).unwrap();
    let upload = store.create(name("a.csv"), about()).await.unwrap();
    fs::remove_dir_all(&directory).unwrap();
    let answers =
        [upload.finish().await.map(drop), store.create(name("b.csv"), about()).await.map(drop), store.check().await];
    for answer in answers {
        let Err(PortError::Failed(sentence)) = answer else { panic!("{answer:?}") };
        assert!(sentence.contains("storage.url"), "{sentence}");
    }
    assert_eq!(store.size(&name("a.csv")).await, Ok(None));
    fs::write(&directory, "a file").unwrap();
    assert!(Local::open(directory).err().unwrap().starts_with("storage.url: "));
}
