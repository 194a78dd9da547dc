use std::sync::Arc;
use std::time::Duration;

use super::at;
use crate::domain::{
    CsvStyle, DocumentQuery, DocumentType, Export, ExportField, ExportFile, ExportFormat, ExportId, ExportSpec,
    ExportStatus, FieldPath, Filter, LinkToken, Operator, RuleSource, Scalar, Selection,
};
use crate::ports::{ExportBounds, ExportEnd, Exports, IdempotencyKey, ListExports, PortError};

const BOUNDS: ExportBounds = ExportBounds { unfinished: 3, kept: 10 };

/// What [`Exports`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn exports(make: impl AsyncFn() -> Arc<dyn Exports>) {
    keeps_every_field(&*make().await).await;
    goes_from_queued_to_one_end(&*make().await).await;
    has_bounds_for_each_owner(&*make().await).await;
    knows_a_key_for_a_day(&*make().await).await;
    lists_the_newest_first(&*make().await).await;
    forgets_files_and_then_their_links(&*make().await).await;
}

fn export(made_at: i64) -> Export {
    let selection = Selection::of_type(DocumentType::parse("order").unwrap());
    let query = DocumentQuery { selection, from: None, to: None, descending: false, size: None };
    Export {
        id: ExportId::new(at(made_at)),
        owner: "user:ada".to_owned(),
        spec: ExportSpec { query, fields: None, format: ExportFormat::Csv, csv: CsvStyle::default(), gzip: false },
        status: ExportStatus::Queued,
        attempts: 0,
        token: LinkToken(format!("token-{made_at}")),
        created_at: at(made_at),
        started_at: None,
        ended_at: None,
        expires_at: None,
        file: None,
        error: None,
        removed_at: None,
    }
}

fn file(rows: u64) -> ExportFile {
    ExportFile { rows, bytes: 12, sha256: "ab".repeat(32), warnings: vec!["2 texts are \"cut\"".to_owned()] }
}

fn done(rows: u64, expires_at: i64) -> ExportEnd {
    ExportEnd::Done { file: file(rows), expires_at: at(expires_at) }
}

async fn note(store: &dyn Exports, export: Export) -> Export {
    let created = store.create(export.clone(), None, BOUNDS).await.unwrap();
    assert_eq!((&created.export, created.replayed), (&export, false));
    export
}

async fn keeps_every_field(store: &dyn Exports) {
    let path = |text: &str| FieldPath::parse(text).unwrap();
    let filter = Filter::new(path("a\\.b"), Operator::Contains, vec![Scalar::Text("é\"".into())]).unwrap();
    let all = Export {
        spec: ExportSpec {
            query: DocumentQuery {
                selection: Selection { source: RuleSource::Any, filters: vec![filter] },
                from: Some(at(5)),
                to: Some(at(60)),
                descending: true,
                size: Some(7),
            },
            fields: Some(vec![
                ExportField { path: path("id"), name: None },
                ExportField { path: path("customer.city"), name: Some("Stadt, Ort".to_owned()) },
            ]),
            format: ExportFormat::Csv,
            csv: CsvStyle { delimiter: b'\t', bom: true },
            gzip: true,
        },
        ..export(1)
    };
    note(store, all.clone()).await;
    assert_eq!(store.get(all.id).await.unwrap(), Some(all.clone()));
    assert_eq!(store.by_token("token-1".to_owned()).await.unwrap(), Some(all.clone()));
    assert_eq!(store.by_token("token-2".to_owned()).await.unwrap(), None);
    let begun = store.begin(all.id, at(2)).await.unwrap().unwrap();
    let expected = Export { status: ExportStatus::Running, attempts: 1, started_at: Some(at(2)), ..all };
    assert_eq!(begun, expected);
    let ended = store.end(expected.id, None, done(3, 99), at(4)).await.unwrap().unwrap();
    let expected = Export {
        status: ExportStatus::Done,
        ended_at: Some(at(4)),
        expires_at: Some(at(99)),
        file: Some(file(3)),
        ..expected
    };
    assert_eq!(ended, expected);
    assert_eq!(store.get(expected.id).await.unwrap(), Some(expected));
}

async fn goes_from_queued_to_one_end(store: &dyn Exports) {
    let (first, second) = (note(store, export(1)).await, note(store, export(2)).await);
    store.begin(first.id, at(3)).await.unwrap().unwrap();
    assert_eq!(store.unfinished(at(3)).await.unwrap(), [first.id, second.id], "in the order of asking");
    assert_eq!(store.unfinished(at(2)).await.unwrap(), [second.id], "the other was begun since");
    assert!(store.touch(second.id, at(4)).await.unwrap());
    assert!(store.touch(second.id, at(3)).await.unwrap());
    assert_eq!(store.unfinished(at(3)).await.unwrap(), [first.id]);
    assert_eq!(store.begin(first.id, at(4)).await.unwrap().unwrap().attempts, 2, "after a crash, once more");
    store.put_back(first.id).await.unwrap();
    let back = store.get(first.id).await.unwrap().unwrap();
    assert_eq!((back.status, back.attempts, back.started_at), (ExportStatus::Queued, 1, None));
    assert!(!store.remove(first.id, at(4)).await.unwrap(), "it is not over");
    let late = store.end(first.id, Some(2), done(1, 9), at(5)).await.unwrap();
    assert_eq!(late, None, "another attempt counts by now");
    let failed = store.end(first.id, Some(1), ExportEnd::Failed("because".to_owned()), at(5)).await.unwrap().unwrap();
    assert_eq!((failed.status, failed.error.as_deref()), (ExportStatus::Failed, Some("because")));
    assert_eq!(store.end(first.id, None, done(1, 9), at(6)).await.unwrap(), None, "it was over");
    store.put_back(first.id).await.unwrap();
    assert_eq!(store.begin(first.id, at(6)).await.unwrap(), None);
    let cancelled = store.end(second.id, None, ExportEnd::Cancelled, at(6)).await.unwrap().unwrap();
    assert_eq!((cancelled.status, cancelled.file, cancelled.attempts), (ExportStatus::Cancelled, None, 0));
    assert_eq!(store.begin(second.id, at(7)).await.unwrap(), None);
    assert_eq!(store.unfinished(at(99)).await.unwrap(), []);
    assert!(!store.touch(first.id, at(9)).await.unwrap(), "it is over");
    assert_eq!(store.end(ExportId::new(at(9)), None, ExportEnd::Cancelled, at(9)).await.unwrap(), None);
}

async fn has_bounds_for_each_owner(store: &dyn Exports) {
    let bounds = ExportBounds { unfinished: 2, kept: 3 };
    let full = Err(PortError::Conflict("too_many_exports"));
    for made_at in [1, 2] {
        store.create(export(made_at), None, bounds).await.unwrap();
    }
    assert_eq!(store.create(export(3), None, bounds).await, full, "two wait already");
    let other = Export { owner: "key:1".to_owned(), ..export(4) };
    store.create(other, None, bounds).await.unwrap();
    let mine = store.unfinished(at(9)).await.unwrap();
    store.end(mine[0], None, ExportEnd::Failed("x".to_owned()), at(5)).await.unwrap();
    store.end(mine[1], None, done(1, 99), at(5)).await.unwrap();
    let third = store.create(export(6), None, bounds).await.unwrap().export;
    store.end(third.id, None, done(1, 99), at(7)).await.unwrap();
    store.create(export(8), None, bounds).await.unwrap();
    assert_eq!(store.get(mine[0]).await.unwrap(), None, "the oldest without a file made room");
    assert!(store.get(mine[1]).await.unwrap().is_some());
    assert_eq!(store.create(export(9), None, bounds).await, full, "files make no room by themselves");
}

async fn knows_a_key_for_a_day(store: &dyn Exports) {
    let key = |owner: &str, fingerprint: &str| {
        let (owner, key, fingerprint) = (owner.to_owned(), "k".to_owned(), fingerprint.to_owned());
        Some(IdempotencyKey { owner, key, fingerprint })
    };
    let first = store.create(export(1), key("user:ada", "f"), BOUNDS).await.unwrap().export;
    let again = store.create(export(2), key("user:ada", "f"), BOUNDS).await.unwrap();
    assert_eq!((again.export, again.replayed), (first.clone(), true));
    assert_eq!(store.create(export(3), key("user:ada", "g"), BOUNDS).await, Err(PortError::KeyReused));
    let other = Export { owner: "key:1".to_owned(), ..export(4) };
    assert!(!store.create(other, key("key:1", "g"), BOUNDS).await.unwrap().replayed, "keys of others never meet");
    let day = i64::try_from(Duration::from_secs(86_400).as_millis()).unwrap();
    let late = store.create(export(day), key("user:ada", "f"), BOUNDS).await.unwrap();
    assert!(late.replayed, "within a day");
    let later = store.create(export(day + 1), key("user:ada", "g"), BOUNDS).await.unwrap();
    assert!(!later.replayed && later.export.id != first.id);
}

async fn lists_the_newest_first(store: &dyn Exports) {
    let mut made = Vec::new();
    for made_at in 1..=3 {
        made.push(note(store, export(made_at)).await);
    }
    note(store, Export { owner: "user:eve".to_owned(), ..export(9) }).await;
    let page = |after| ListExports { owner: "user:ada".to_owned(), after, limit: 2 };
    assert_eq!(store.list(page(None)).await.unwrap(), [made[2].clone(), made[1].clone()]);
    assert_eq!(store.list(page(Some(made[1].id))).await.unwrap(), [made[0].clone()]);
    assert_eq!(store.list(page(Some(made[0].id))).await.unwrap(), []);
}

async fn forgets_files_and_then_their_links(store: &dyn Exports) {
    let (first, second, third) =
        (note(store, export(1)).await, note(store, export(2)).await, note(store, export(3)).await);
    assert_eq!(store.with_file().await.unwrap().len(), 3, "they may be on their way");
    store.end(first.id, None, done(1, 50), at(10)).await.unwrap();
    store.end(second.id, None, done(1, 60), at(10)).await.unwrap();
    store.end(third.id, None, ExportEnd::Cancelled, at(10)).await.unwrap();
    assert_eq!(store.with_file().await.unwrap().len(), 2);
    assert_eq!(store.expired(at(49), 9).await.unwrap(), []);
    assert_eq!(store.expired(at(60), 1).await.unwrap(), [first.id], "those that expired first");
    store.let_go(first.id).await.unwrap();
    assert_eq!(store.expired(at(60), 9).await.unwrap(), [second.id]);
    assert!(store.get(first.id).await.unwrap().is_some(), "it stays in the lists");
    assert!(store.remove(second.id, at(55)).await.unwrap());
    assert!(!store.remove(second.id, at(56)).await.unwrap(), "it is removed already");
    assert_eq!(store.get(second.id).await.unwrap(), None);
    let link = store.by_token("token-2".to_owned()).await.unwrap().unwrap();
    assert_eq!(link.removed_at, Some(at(55)), "its link knows that there was one");
    assert_eq!(store.with_file().await.unwrap(), []);
    assert_eq!(store.forget(at(10)).await.unwrap(), 0, "not yet");
    assert_eq!(store.forget(at(11)).await.unwrap(), 3);
    assert_eq!(store.by_token("token-2".to_owned()).await.unwrap(), None);
}
