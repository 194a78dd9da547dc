//! What is on disk, and what becomes of it.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::json;

use super::super::KeyRing;
use super::*;

const SCHEDULE: Schedule = Schedule {
    every: Some(Duration::from_secs(1_000)),
    notice: Duration::from_secs(100),
    access: Duration::from_secs(40),
};

fn at(seconds: i64) -> Timestamp {
    Timestamp::clamped(1_764_000_000_000 + seconds * 1_000)
}

fn after(start: Timestamp) -> f64 {
    (start.as_millis() - at(0).as_millis()) as f64 / 1_000.0
}

fn starts(files: &KeyFiles) -> Vec<f64> {
    files.names().unwrap().into_iter().map(|(start, _)| after(start)).collect()
}

#[test]
fn only_names_of_ours_are_keys() {
    for (name, start) in [
        ("access.pk8", Some(0)),
        ("access-1764000000000.pk8", Some(1_764_000_000_000)),
        ("access-0.pk8", None),
        ("access-01.pk8", None),
        ("access-+1.pk8", None),
        ("access-old.pk8", None),
        ("access-9223372036854775807.pk8", None),
        ("access-1764000000000.pk8.bak", None),
        (".access-1764000000000.pk8.00", None),
        ("refresh.key", None),
        ("", None),
    ] {
        assert_eq!(start_of(name), start.map(Timestamp::clamped), "{name}");
    }
}

#[test]
fn keys_take_turns_by_schedule() {
    let dir = tempfile::tempdir().unwrap();
    let files = KeyFiles::new(&dir.path().join("keys"), SCHEDULE);
    let ring = KeyRing::open(files.clone(), at(0)).unwrap();
    let other = KeyRing::open(files.clone(), at(0)).unwrap();
    for (now, expected) in [
        (0, &[0.0][..]),
        (899, &[0.0]),
        (900, &[0.0, 1_000.0]),
        (901, &[0.0, 1_000.0]),
        (1_099, &[0.0, 1_000.0]),
        (1_100, &[1_000.0]),
        (5_000, &[1_000.0, 5_100.0]),
    ] {
        for one in [&ring, &other] {
            assert_eq!(one.follow(at(now)), Ok(false), "nothing is revoked by the schedule");
        }
        assert_eq!(starts(&files), expected, "at {now}");
    }
    let published = ring.jwks(at(5_000));
    assert_eq!(published, other.jwks(at(5_000)), "one order");
    assert_eq!(published["keys"].as_array().unwrap().len(), 2);
    assert_eq!(published["keys"][0].get("d"), None);
    assert_eq!(published["keys"][0]["alg"], json!("EdDSA"));
}

#[test]
fn rotations_that_somebody_asks_for() {
    let dir = tempfile::tempdir().unwrap();
    let files = KeyFiles::new(&dir.path().join("keys"), SCHEDULE);
    let first = files.rotate(Rotation::Announced, at(0)).unwrap();
    assert_eq!(after(first.start), 0.0, "nobody has to be told of a first key");
    let next = files.rotate(Rotation::Announced, at(10)).unwrap();
    let same = files.rotate(Rotation::Announced, at(20)).unwrap();
    assert_eq!((after(next.start), &next.kid), (110.0, &same.kid));
    files.rotate(Rotation::Now, at(30)).unwrap();
    files.rotate(Rotation::Now, at(30)).unwrap();
    assert_eq!(starts(&files), [0.0, 30.0, 30.001, 110.0]);
    let only = files.rotate(Rotation::Revoking, at(40)).unwrap();
    assert_eq!((starts(&files), after(only.start)), (vec![40.0], 40.0));
    for second in 41..41 + i64::try_from(MAX_KEYS).unwrap() - 1 {
        files.rotate(Rotation::Now, at(second)).unwrap();
    }
    assert!(files.rotate(Rotation::Now, at(99)).is_err_and(|error| error.contains("wait")));
    files.rotate(Rotation::Revoking, at(99)).unwrap();
    assert_eq!(starts(&files), [99.0]);
}

#[test]
fn an_installation_from_before_keys_took_turns_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let files = KeyFiles::new(dir.path(), SCHEDULE);
    files.make(Timestamp::clamped(0)).unwrap();
    assert!(dir.path().join(OLDEST).exists());
    let ring = KeyRing::open(files.clone(), at(0)).unwrap();
    let old = ring.current().signing(at(0)).unwrap().kid.clone();
    assert_eq!(ring.follow(at(0)), Ok(false));
    assert_eq!(ring.current().signing(at(99)).unwrap().kid, old);
    assert_ne!(ring.current().signing(at(100)).unwrap().kid, old);
    assert!(ring.current().verifying(&old, at(199)).is_some());
    assert!(ring.current().verifying(&old, at(200)).is_none());
    assert_eq!(ring.follow(at(200)), Ok(false));
    assert_eq!(starts(&files), [100.0]);
}

#[test]
fn damage_changes_nothing_in_a_running_server_and_stops_a_start() {
    let dir = tempfile::tempdir().unwrap();
    let files = KeyFiles::new(dir.path(), SCHEDULE);
    let ring = KeyRing::open(files.clone(), at(0)).unwrap();
    let kid = ring.current().signing(at(0)).unwrap().kid.clone();
    let (_, name) = files.names().unwrap().remove(0);
    let path = dir.path().join(name);
    let good = std::fs::read(&path).unwrap();
    let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    let refused = |part: &str| {
        for error in [ring.follow(at(1)).unwrap_err(), KeyRing::open(files.clone(), at(1)).err().unwrap()] {
            assert!(error.contains(part) && !error.contains('\n'), "{error}");
        }
        assert_eq!(ring.current().signing(at(1)).unwrap().kid, kid);
    };
    mode(0o640);
    refused("chmod 600");
    mode(0o600);
    std::fs::write(&path, &good[1..]).unwrap();
    refused("restore it");
    std::fs::write(&path, [0; 5_000]).unwrap();
    refused("restore it");
    std::fs::write(&path, &good).unwrap();
    assert_eq!(ring.follow(at(1)), Ok(false));
    std::fs::remove_file(&path).unwrap();
    assert!(ring.follow(at(1)).is_err());
    assert_eq!(ring.current().signing(at(1)).unwrap().kid, kid, "a volume that went away revokes nothing");
    files.rotate(Rotation::Revoking, at(2)).unwrap();
    assert_eq!(ring.follow(at(2)), Ok(true));
    assert_ne!(ring.current().signing(at(2)).unwrap().kid, kid);
}
