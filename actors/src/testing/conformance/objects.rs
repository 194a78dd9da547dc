use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt as _;

use super::at;
use crate::domain::Timestamp;
use crate::ports::{About, MAX_PIECE, ObjectName, Objects, Sweep, Swept, Upload};

/// More than two parts of any store that uploads in parts, and not a whole number of them.
const LARGE: usize = (19 << 20) + 12_345;

/// What [`Objects`] promises. The function makes an empty store.
///
/// # Panics
/// Where a promise is broken.
pub async fn objects(make: impl AsyncFn() -> Arc<dyn Objects>) {
    is_seen_when_it_is_finished(&*make().await).await;
    leaves_nothing_unfinished(&*make().await).await;
    reads_stretches(&*make().await).await;
    takes_the_place_of_another(&*make().await).await;
    has_one_writer(&*make().await).await;
    keeps_what_is_large(&*make().await).await;
    removes(&*make().await).await;
    sweeps(&*make().await).await;
    let store = make().await;
    store.check().await.unwrap();
    store.link(&name("none.csv"), &about("none.csv"), Duration::from_secs(60)).await.unwrap();
}

fn name(text: &str) -> ObjectName {
    ObjectName::parse(text).unwrap()
}

fn about(file_name: &str) -> About {
    About { content_type: "text/csv; charset=utf-8".to_owned(), file_name: file_name.to_owned() }
}

async fn begin(store: &dyn Objects, text: &str) -> Box<dyn Upload> {
    store.create(name(text), about("Größe \"heute\"\\.csv")).await.unwrap()
}

async fn put(store: &dyn Objects, text: &str, bytes: &'static [u8]) {
    let mut upload = begin(store, text).await;
    upload.write(Bytes::from_static(bytes)).await.unwrap();
    assert_eq!(upload.finish().await.unwrap(), bytes.len() as u64);
}

/// A stretch of an object that is there.
async fn stretch(store: &dyn Objects, text: &str, range: std::ops::Range<u64>) -> Vec<u8> {
    let pieces = store.read(&name(text), range).await.unwrap().expect("it is there");
    let pieces: Vec<Bytes> = pieces.try_collect().await.unwrap();
    assert!(pieces.iter().all(|piece| piece.len() <= MAX_PIECE), "a piece is bounded");
    pieces.concat()
}

async fn is_there(store: &dyn Objects, text: &str) -> bool {
    let size = store.size(&name(text)).await.unwrap();
    let read = store.read(&name(text), 0..1).await.unwrap();
    assert_eq!(size.is_some(), read.is_some(), "size and read agree");
    size.is_some()
}

async fn is_seen_when_it_is_finished(store: &dyn Objects) {
    let mut upload = begin(store, "a.csv").await;
    assert!(!is_there(store, "a.csv").await, "nothing is written yet");
    for piece in ["", "on", "", "e,two\r\n"] {
        upload.write(Bytes::from_static(piece.as_bytes())).await.unwrap();
        assert!(!is_there(store, "a.csv").await, "it is not finished");
    }
    assert_eq!(upload.finish().await, Ok(9));
    assert_eq!(store.size(&name("a.csv")).await, Ok(Some(9)));
    assert_eq!(stretch(store, "a.csv", 0..9).await, b"one,two\r\n");
    let longest = "n".repeat(ObjectName::MAX_CHARS);
    assert_eq!(begin(store, &longest).await.finish().await, Ok(0), "one without a byte is one as well");
    assert_eq!(store.size(&name(&longest)).await, Ok(Some(0)));
    assert_eq!(stretch(store, &longest, 0..10).await, b"");
}

async fn leaves_nothing_unfinished(store: &dyn Objects) {
    put(store, "kept.csv", b"kept").await;
    let pieces = LARGE / MAX_PIECE;
    for text in ["new.csv", "kept.csv"] {
        for count in [0, 1, pieces] {
            for drops in [true, false] {
                let mut upload = begin(store, text).await;
                for _ in 0..count {
                    upload.write(Bytes::from(vec![b'x'; MAX_PIECE])).await.unwrap();
                }
                if drops {
                    drop(upload)
                } else {
                    upload.abort().await
                }
                assert_eq!(store.size(&name("new.csv")).await, Ok(None));
                assert_eq!(stretch(store, "kept.csv", 0..9).await, b"kept", "what was there before stays");
            }
        }
    }
}

async fn reads_stretches(store: &dyn Objects) {
    assert!(store.read(&name("a.csv"), 0..1).await.unwrap().is_none());
    assert!(store.read(&name("a.csv"), 1..1).await.unwrap().is_none(), "nor is nothing of it there");
    put(store, "a.csv", b"0123456789").await;
    for (range, expected) in [
        (0..10, &b"0123456789"[..]),
        (0..1, b"0"),
        (3..7, b"3456"),
        (9..10, b"9"),
        (4..4, b""),
        (8..99, b"89"),
        (0..u64::MAX, b"0123456789"),
        (10..11, b""),
        (99..100, b""),
        (u64::MAX - 1..u64::MAX, b""),
    ] {
        assert_eq!(stretch(store, "a.csv", range.clone()).await, expected, "{range:?}");
    }
}

async fn takes_the_place_of_another(store: &dyn Objects) {
    put(store, "a.csv", b"first, and longer").await;
    let before = store.read(&name("a.csv"), 0..99).await.unwrap().unwrap();
    put(store, "a.csv", b"second").await;
    assert_eq!(stretch(store, "a.csv", 0..99).await, b"second");
    let before: Vec<Bytes> = before.try_collect().await.unwrap();
    assert_eq!(before.concat(), b"first, and longer", "who was reading reads on");
}

/// Whether the first hears that it was given up depends on what the store can tell; that the second stays does not.
async fn has_one_writer(store: &dyn Objects) {
    for large in [false, true] {
        let mut first = begin(store, "a.csv").await;
        let bytes = if large { vec![b'x'; LARGE] } else { b"first".to_vec() };
        first.write(bytes.into()).await.unwrap();
        let mut second = begin(store, "a.csv").await;
        second.write(Bytes::from_static(b"second")).await.unwrap();
        let _ = first.finish().await;
        assert_eq!(second.finish().await, Ok(6));
        assert_eq!(stretch(store, "a.csv", 0..9).await, b"second");
    }
}

/// The byte at a place, so that a part in the wrong place is found.
fn byte(place: usize) -> u8 {
    ((place / 7) ^ (place >> 13)) as u8
}

async fn keeps_what_is_large(store: &dyn Objects) {
    let mut upload = begin(store, "large.bin").await;
    // Pieces of all sizes, also larger than a part.
    let sizes = [1, 100_000, 9 << 20, 3, 65_536];
    let mut written = 0;
    for size in sizes.into_iter().chain(std::iter::repeat(123_457)) {
        let end = LARGE.min(written + size);
        upload.write((written..end).map(byte).collect()).await.unwrap();
        written = end;
        if written == LARGE {
            break;
        }
    }
    assert_eq!(upload.finish().await, Ok(LARGE as u64));
    assert_eq!(store.size(&name("large.bin")).await, Ok(Some(LARGE as u64)));
    let all = stretch(store, "large.bin", 0..LARGE as u64).await;
    assert!(all.len() == LARGE && all.iter().enumerate().all(|(place, it)| *it == byte(place)), "byte for byte");
    let border = 8 << 20;
    let some = stretch(store, "large.bin", border - 5..border + 5).await;
    assert_eq!(some, all[(8 << 20) - 5..(8 << 20) + 5]);
}

async fn removes(store: &dyn Objects) {
    put(store, "a.csv", b"a").await;
    put(store, "b.csv", b"b").await;
    store.remove(&name("a.csv")).await.unwrap();
    assert!(!is_there(store, "a.csv").await);
    store.remove(&name("a.csv")).await.unwrap();
    store.remove(&name("never.csv")).await.unwrap();
    assert_eq!(stretch(store, "b.csv", 0..9).await, b"b");
}

async fn sweeps(store: &dyn Objects) {
    for text in ["kept.csv", "old.csv", "old", "strange.txt"] {
        put(store, text, b"x").await;
    }
    let keep = HashSet::from([name("kept.csv"), name("gone.csv")]);
    let ours = |name: &ObjectName| !name.as_str().ends_with(".txt");
    // Far before and after whatever the store's clock says.
    let (long_ago, some_day) = (at(0), Timestamp::clamped(i64::MAX));
    let sweep = async |before| store.sweep(Sweep { ours: &ours, keep: &keep, before }).await.unwrap();
    assert_eq!(sweep(long_ago).await, Swept::default(), "all of it is younger");
    assert!(is_there(store, "old.csv").await);
    assert_eq!(sweep(some_day).await.objects, 2);
    for (text, stays) in [("kept.csv", true), ("strange.txt", true), ("old.csv", false), ("old", false)] {
        assert_eq!(is_there(store, text).await, stays, "{text}");
    }
    assert_eq!(sweep(some_day).await, Swept::default(), "there is nothing more");
}
