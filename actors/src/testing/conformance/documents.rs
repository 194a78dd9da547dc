use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;

use super::at;
use crate::domain::{Document, DocumentId, DocumentType, RuleSource, Timestamp, document::counts_at};
use crate::ports::{Appended, Documents, IdempotencyKey, ListDocuments, Order, PortError, Visit};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
const TOLERANCE: Duration = Duration::from_secs(5);

/// What [`Documents`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn documents(make: impl AsyncFn() -> Arc<dyn Documents>) {
    keeps_what_it_is_given(&*make().await).await;
    leaves_known_ids_as_they_were(&*make().await).await;
    numbers_concurrent_batches(&*make().await).await;
    replays_answers(&*make().await).await;
    replays_concurrent_requests_once(&*make().await).await;
    pages_by_time_then_place(&*make().await).await;
    follows_by_place(&*make().await).await;
    counts_types(&*make().await).await;
    counts_arrivals_at_the_edges(&*make().await).await;
    counts_arrivals_as_the_domain_does(&*make().await).await;
    says_how_far_it_counted(&*make().await).await;
    scans_what_counts_in_its_order(&*make().await).await;
}

async fn follows_by_place(store: &dyn Documents) {
    assert_eq!((store.highest().await.unwrap(), store.after(0, 10).await.unwrap()), (0, vec![]));
    // Neither by time nor by id.
    let all: Vec<Document> =
        ["c", "a", "b"].map(|id| document(id, "error", at(-i64::from(id.as_bytes()[0])), at(0))).into();
    put(store, all.clone()).await;
    let found = store.after(0, 10).await.unwrap();
    assert_eq!(found.iter().map(|(_, one)| one.clone()).collect::<Vec<_>>(), all);
    assert_eq!(store.highest().await.unwrap(), found[2].0);
    assert_eq!(store.after(found[0].0, 1).await.unwrap(), found[1..2]);
    assert_eq!(store.after(found[2].0, 10).await.unwrap(), []);
    // Large ones come in several parts, none of them empty.
    let large = |id: &str| Document {
        fields: format!(r#"{{"text":"{}"}}"#, "x".repeat(5 << 20)),
        ..document(id, "error", at(0), at(0))
    };
    put(store, vec![large("d"), large("e")]).await;
    let part = store.after(found[2].0, 10).await.unwrap();
    assert_eq!((part.len(), part[0].1.id.as_str()), (1, "d"));
    assert_eq!(store.after(part[0].0, 10).await.unwrap()[0].1.id.as_str(), "e");
}

fn kind(text: &str) -> DocumentType {
    DocumentType::parse(text).unwrap()
}

fn document(id: &str, of: &str, event: Timestamp, received_at: Timestamp) -> Document {
    let id = DocumentId::parse(id).unwrap();
    let fields = format!(r#"{{"text":"né \"{id}\"","n":1.10}}"#);
    Document { id, kind: kind(of), at: event, received_at, fields }
}

/// Documents `a0`, `a1`, … of type `error`, all of one instant.
fn batch(prefix: &str, count: usize) -> Vec<Document> {
    (0..count).map(|n| document(&format!("{prefix}{n}"), "error", at(0), at(0))).collect()
}

fn everything() -> ListDocuments {
    ListDocuments { kind: None, from: None, to: None, order: Order::Ascending, after: None, limit: 100_000 }
}

async fn put(store: &dyn Documents, batch: Vec<Document>) -> Appended {
    store.append(batch, None, at(0)).await.unwrap()
}

async fn ids(store: &dyn Documents, query: ListDocuments) -> Vec<String> {
    store.list(query).await.unwrap().into_iter().map(|(_, one)| one.id.as_str().to_owned()).collect()
}

async fn keeps_what_it_is_given(store: &dyn Documents) {
    assert_eq!(put(store, Vec::new()).await, Appended::default(), "an empty batch stores nothing");
    let given = vec![document("x1", "A", at(-5), at(0)), document("x2", "B", Timestamp::MIN, at(0))];
    let stored = put(store, given.clone()).await;
    assert_eq!(stored.replayed, None);
    let places: Vec<u64> = stored.places.into_iter().map(|place| place.expect("both are new")).collect();
    assert!(places[0] > 0 && places[0] < places[1], "places rise within a batch: {places:?}");
    for one in &given {
        assert_eq!(store.get(one.id.clone()).await.unwrap().as_ref(), Some(one), "to the last character");
    }
    assert_eq!(store.get(DocumentId::parse("x3").unwrap()).await.unwrap(), None);
    let listed = store.list(everything()).await.unwrap();
    assert_eq!(listed, vec![(places[1], given[1].clone()), (places[0], given[0].clone())], "by time, with places");
}

async fn leaves_known_ids_as_they_were(store: &dyn Documents) {
    let first = document("same", "A", at(1), at(1));
    let other = Document { fields: "{}".to_owned(), ..document("same", "B", at(2), at(2)) };
    let within = put(store, vec![first.clone(), other.clone(), document("next", "A", at(3), at(3))]).await;
    assert!(matches!(within.places[..], [Some(_), None, Some(_)]), "the first of a batch wins: {:?}", within.places);
    let across = put(store, vec![other, document("last", "A", at(4), at(4))]).await;
    assert!(matches!(across.places[..], [None, Some(_)]), "an earlier batch wins: {:?}", across.places);
    assert!(across.places[1] > within.places[2], "places rise over batches");
    assert_eq!(store.get(first.id.clone()).await.unwrap(), Some(first));
    assert_eq!(store.types().await.unwrap(), vec![(kind("A"), 3)], "a duplicate counts for no type");
}

async fn numbers_concurrent_batches(store: &dyn Documents) {
    // Twelve writers, each with its own documents and the same shared ones.
    let writers = (0..12).map(|writer| async move {
        let mut mine = batch(&format!("w{writer}-"), 40);
        mine.extend(batch("shared", 40));
        store.append(mine, None, at(0)).await.unwrap().places
    });
    let places = join_all(writers).await;
    let shared: usize = places.iter().map(|one| one[40..].iter().flatten().count()).sum();
    assert_eq!(shared, 40, "each shared document is accepted exactly once");
    for one in &places {
        let own: Vec<u64> = one.iter().flatten().copied().collect();
        assert!(own.is_sorted() && own.len() >= 40, "places rise within each batch");
    }
    let distinct: BTreeSet<u64> = places.iter().flatten().flatten().copied().collect();
    assert_eq!(distinct.len(), 12 * 40 + 40, "no place is given twice");
    assert_eq!(store.types().await.unwrap(), vec![(kind("error"), 520)]);
    assert_eq!(store.list(everything()).await.unwrap().len(), 520);
}

fn key(owner: &str, fingerprint: &str) -> Option<IdempotencyKey> {
    Some(IdempotencyKey { owner: owner.to_owned(), key: "k1".to_owned(), fingerprint: fingerprint.to_owned() })
}

async fn replays_answers(store: &dyn Documents) {
    put(store, batch("b", 2)).await;
    let request = batch("b", 1_003);
    let first = store.append(request.clone(), key("user:1", "f"), at(0)).await.unwrap();
    assert_eq!(first.replayed, None);
    assert_eq!(first.places.iter().flatten().count(), 1_001);

    let again = store.append(request.clone(), key("user:1", "f"), at(DAY_MILLIS - 1)).await.unwrap();
    let (accepted, duplicates, first_ids) = again.replayed.expect("the same key within 24 hours is a repeat");
    assert_eq!((accepted, duplicates), (1_001, 2), "the answer is that of the first request");
    let expected: Vec<DocumentId> = request.iter().take(1_000).map(|one| one.id.clone()).collect();
    assert_eq!(first_ids, expected, "the first 1,000 ids, in the order of the request");

    let reused = store.append(batch("c", 1), key("user:1", "g"), at(5)).await;
    assert_eq!(reused, Err(PortError::KeyReused));
    assert_eq!(store.get(DocumentId::parse("c0").unwrap()).await.unwrap(), None, "a refused request stores nothing");
    let stranger = store.append(batch("c", 1), key("user:2", "g"), at(5)).await.unwrap();
    assert_eq!(stranger.replayed, None, "keys of different owners never meet");

    let later = store.append(batch("d", 1), key("user:1", "g"), at(DAY_MILLIS)).await.unwrap();
    assert!(later.replayed.is_none() && later.places[0].is_some(), "after 24 hours the key is free");
    let repeat = store.append(batch("d", 1), key("user:1", "g"), at(DAY_MILLIS + 1)).await.unwrap();
    assert_eq!(repeat.replayed.map(|answer| (answer.0, answer.1)), Some((1, 0)), "and taken by its new request");
}

async fn replays_concurrent_requests_once(store: &dyn Documents) {
    let tries = (0..8).map(|_| store.append(batch("r", 30), key("user:1", "f"), at(0)));
    let answers: Vec<Appended> = join_all(tries).await.into_iter().map(|answer| answer.unwrap()).collect();
    assert_eq!(answers.iter().filter(|answer| answer.replayed.is_none()).count(), 1, "one of them is the first");
    assert!(answers.iter().filter_map(|one| one.replayed.as_ref()).all(|one| (one.0, one.1) == (30, 0)));
}

async fn pages_by_time_then_place(store: &dyn Documents) {
    // Stored out of order, with many of one instant: place decides between them.
    let times = [30, 10, 20, 20, 20, 40, 20, 10];
    let all: Vec<Document> = (0_usize..)
        .zip(times)
        .map(|(n, millis)| document(&format!("p{n}"), if n % 2 == 0 { "even" } else { "odd" }, at(millis), at(100)))
        .collect();
    put(store, all[..5].to_vec()).await;
    put(store, all[5..].to_vec()).await;
    let in_order = ["p1", "p7", "p2", "p3", "p4", "p6", "p0", "p5"];
    let mut reversed = in_order;
    reversed.reverse();

    assert_eq!(ids(store, everything()).await, in_order);
    assert_eq!(ids(store, ListDocuments { order: Order::Descending, ..everything() }).await, reversed);
    for limit in 1..=3 {
        for (order, expected) in [(Order::Ascending, in_order), (Order::Descending, reversed)] {
            let of_both = walk(store, ListDocuments { order, limit, ..everything() }).await;
            assert_eq!(of_both, expected, "pages of {limit}, {order:?}");
            let odd: Vec<&str> = expected.into_iter().filter(|id| ["p1", "p3", "p5", "p7"].contains(id)).collect();
            let of_one = walk(store, ListDocuments { order, limit, kind: Some(kind("odd")), ..everything() }).await;
            assert_eq!(of_one, odd, "pages of {limit} of one type, {order:?}");
        }
    }
    let between = ListDocuments { from: Some(at(20)), to: Some(at(40)), ..everything() };
    assert_eq!(ids(store, between.clone()).await, ["p2", "p3", "p4", "p6", "p0"], "from is in it, to is not");
    let down = ListDocuments { order: Order::Descending, limit: 2, ..between };
    assert_eq!(walk(store, down).await, ["p0", "p6", "p4", "p3", "p2"]);
    assert!(ids(store, ListDocuments { kind: Some(kind("none")), ..everything() }).await.is_empty());
    assert!(ids(store, ListDocuments { limit: 0, ..everything() }).await.is_empty());
}

/// All pages of a query, one after the other.
async fn walk(store: &dyn Documents, mut query: ListDocuments) -> Vec<String> {
    let mut seen = Vec::new();
    loop {
        let page = store.list(query.clone()).await.unwrap();
        assert!(page.len() <= query.limit);
        let Some((place, last)) = page.last() else { return seen };
        query.after = Some((last.at, *place));
        seen.extend(page.into_iter().map(|(_, one)| one.id.as_str().to_owned()));
    }
}

async fn counts_types(store: &dyn Documents) {
    assert_eq!(store.types().await.unwrap(), vec![], "nothing was stored yet");
    put(store, vec![document("1", "b", at(0), at(0)), document("2", "a", at(0), at(0))]).await;
    put(store, vec![document("3", "b", at(0), at(0)), document("4", "C", at(0), at(0))]).await;
    put(store, vec![document("1", "only-duplicates", at(0), at(0))]).await;
    assert_eq!(store.types().await.unwrap(), vec![(kind("C"), 1), (kind("a"), 1), (kind("b"), 2)]);
}

async fn arrivals(store: &dyn Documents, source: &RuleSource, after: i64, upto: i64) -> Vec<(i64, u64)> {
    let found = store.arrivals(source.clone(), at(after), at(upto), TOLERANCE).await.unwrap();
    assert!(found.counts.windows(2).all(|pair| pair[0].0 < pair[1].0), "instants rise: {:?}", found.counts);
    found.counts.into_iter().map(|(instant, n)| (instant.as_millis() - at(0).as_millis(), n)).collect()
}

async fn counts_arrivals_at_the_edges(store: &dyn Documents) {
    let past = [0, 1, 1, 999, 1_000, 1_001];
    let mut all: Vec<Document> =
        (0..).zip(past).map(|(n, millis)| document(&format!("e{n}"), "error", at(millis), at(2_000))).collect();
    all.push(document("other", "order", at(1), at(2_000)));
    put(store, all).await;
    let error = RuleSource::Type(kind("error"));
    assert_eq!(arrivals(store, &error, 0, 1_000).await, [(1, 2), (999, 1), (1_000, 1)], "(after, upto]");
    assert_eq!(arrivals(store, &RuleSource::Any, 0, 1_000).await, [(1, 3), (999, 1), (1_000, 1)], "of every type");
    assert_eq!(arrivals(store, &error, 1_001, 9_000).await, []);
    assert_eq!(arrivals(store, &RuleSource::Type(kind("none")), -9, 9_000).await, []);

    // Ahead of their receipt: counted as received, up to the tolerance, and then never.
    let ahead = [("h0", 10_001), ("h1", 15_000), ("h2", 15_001), ("h3", 999_999)];
    put(store, ahead.map(|(id, millis)| document(id, "ahead", at(millis), at(10_000))).to_vec()).await;
    let source = RuleSource::Type(kind("ahead"));
    assert_eq!(arrivals(store, &source, 9_999, 10_000).await, [(10_000, 2)]);
    assert_eq!(arrivals(store, &source, 10_000, 9_999_999).await, [], "their own time counts for nothing");
    assert_eq!(arrivals(store, &source, 0, 9_999).await, []);
}

async fn counts_arrivals_as_the_domain_does(store: &dyn Documents) {
    // Own times from far behind to far ahead of receipts that are themselves spread over a second, in three types.
    let mut all = Vec::new();
    for n in 0_i64..600 {
        let received = at((n * 37) % 1_000);
        let event = match n % 4 {
            0 => received,
            1 => at((n * 101) % 1_500 - 400),
            2 => Timestamp::clamped(received.as_millis() + (n * 53) % 8_000),
            _ => Timestamp::clamped(received.as_millis() - n % 7),
        };
        let of = if n % 3 == 0 { "error" } else { "order" };
        all.push(document(&format!("m{n}"), of, event, received));
    }
    put(store, all.clone()).await;
    for source in [RuleSource::Any, RuleSource::Type(kind("error"))] {
        for (after, upto) in [(-10_000, 20_000), (250, 750), (0, 0), (999, 1_000), (500, 100_000)] {
            let mut expected = std::collections::BTreeMap::new();
            for one in all.iter().filter(|one| source.wants(&one.kind)) {
                if let Some(instant) = counts_at(one.at, one.received_at, TOLERANCE)
                    && at(after) < instant
                    && instant <= at(upto)
                {
                    *expected.entry(instant.as_millis() - at(0).as_millis()).or_insert(0) += 1;
                }
            }
            let found = arrivals(store, &source, after, upto).await;
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{source:?} ({after}, {upto}]");
        }
    }
}

async fn says_how_far_it_counted(store: &dyn Documents) {
    let error = RuleSource::Type(kind("error"));
    let look = async || store.arrivals(error.clone(), at(-1), at(1), TOLERANCE).await.unwrap();
    assert_eq!(look().await.upto, 0, "places begin after 0");
    let first = put(store, batch("u", 3)).await;
    assert_eq!(Some(look().await.upto), first.places[2]);
    let other = put(store, vec![document("of-another-type", "order", at(0), at(0))]).await;
    assert_eq!(Some(look().await.upto), other.places[0], "the highest place of any type");

    // While others write: what is counted is exactly what has a place up to `upto`.
    let writers = join_all((0..10).map(|n| async move { put(store, batch(&format!("v{n}-"), 7)).await.places }));
    let readers = join_all((0..10).map(|_| look()));
    let (written, seen) = futures_util::future::join(writers, readers).await;
    let mut places: Vec<u64> =
        written.into_iter().flatten().flatten().chain(first.places.into_iter().flatten()).collect();
    places.sort_unstable();
    for one in seen {
        let counted: u64 = one.counts.iter().map(|(_, n)| n).sum();
        let stored = places.iter().filter(|place| **place <= one.upto).count();
        assert_eq!(counted, u64::try_from(stored).unwrap(), "a snapshot up to place {}", one.upto);
    }
}

/// What a scan shows: instant, type, id.
type Shown = (i64, String, String);

/// And up to which place it read.
async fn scan(store: &dyn Documents, source: &RuleSource, (after, upto): (i64, i64), most: usize) -> (Vec<Shown>, u64) {
    let seen: Arc<Mutex<Vec<Shown>>> = Arc::default();
    let visit: Visit = Box::new({
        let seen = Arc::clone(&seen);
        move |document| {
            assert!(document.fields.starts_with('{'), "{}", document.fields);
            let mut seen = seen.lock().unwrap();
            let instant = document.at.as_millis() - at(0).as_millis();
            seen.push((instant, document.kind.to_owned(), document.id.to_owned()));
            if seen.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        }
    });
    let highest = store.scan(source.clone(), at(after), at(upto), TOLERANCE, visit).await.unwrap();
    (Arc::into_inner(seen).expect("it is over").into_inner().unwrap(), highest)
}

async fn scans_what_counts_in_its_order(store: &dyn Documents) {
    assert_eq!(scan(store, &RuleSource::Any, (-9, 9), 9).await, (vec![], 0));
    let mut all = Vec::new();
    for n in 0_i64..300 {
        let received = at((n * 37) % 1_000);
        let event = if n % 3 == 0 {
            received.plus(Duration::from_millis((n * 53).unsigned_abs() % 8_000))
        } else {
            at((n * 101) % 900)
        };
        all.push(document(&format!("s{n}"), if n % 2 == 0 { "error" } else { "order" }, event, received));
    }
    let places = put(store, all.clone()).await.places;
    for source in [RuleSource::Any, RuleSource::Type(kind("error")), RuleSource::Type(kind("none"))] {
        for (after, upto) in [(-10_000, 20_000), (250, 750), (0, 0)] {
            let mut expected: Vec<Shown> = all
                .iter()
                .filter(|one| source.wants(&one.kind))
                .filter_map(|one| Some((counts_at(one.at, one.received_at, TOLERANCE)?, one)))
                .filter(|(instant, _)| at(after) < *instant && *instant <= at(upto))
                .map(|(instant, one)| {
                    (instant.as_millis() - at(0).as_millis(), one.kind.to_string(), one.id.to_string())
                })
                .collect();
            let (mut found, highest) = scan(store, &source, (after, upto), 1_000).await;
            assert!(found.windows(2).all(|pair| pair[0].0 <= pair[1].0), "instants rise");
            assert_eq!(Some(highest), places.last().copied().flatten());
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{source:?} ({after}, {upto}]");
        }
    }
    assert_eq!(scan(store, &RuleSource::Any, (-10_000, 20_000), 7).await.0.len(), 7, "it ends when it is told to");
}
