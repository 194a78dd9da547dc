//! The adapter keeps what the port promises.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use tocsin::adapters::objects::S3Options;
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::{ObjectName, Objects, Sweep, Swept};
use tocsin_actors::testing::conformance;

use super::{about, name, put};
use crate::support::moto::Moto;
use crate::support::s3::{BUCKET, S3Server, options, store};

/// A store in a prefix that nobody had before.
fn apart(options: S3Options) -> Arc<dyn Objects> {
    static STORES: AtomicUsize = AtomicUsize::new(0);
    let prefix = format!("tests/{}", STORES.fetch_add(1, Ordering::Relaxed));
    Arc::new(store(S3Options { prefix, ..options }))
}

#[actix_rt::test]
async fn with_a_server_that_checks_signatures() {
    let server = S3Server::start();
    conformance::objects(async || apart(options(server.endpoint()))).await;
}

#[actix_rt::test]
async fn with_another_server() {
    let server = Moto::start(&[]);
    conformance::objects(async || apart(server.options())).await;
}

#[actix_rt::test]
async fn a_sweep_ends_uploads_that_are_ours_and_old() {
    let server = Moto::start(&[]);
    let (store, client) = (store(server.options()), server.client());
    for key in ["tests/exports/a.csv", "tests/exports/strange.txt", "tests/exports/b/c.csv", "elsewhere/a.csv"] {
        client.create_multipart_upload().bucket(BUCKET).key(key).send().await.unwrap();
        client.put_object().bucket(BUCKET).key(key).send().await.unwrap();
    }
    let keep = HashSet::from([name("a.csv")]);
    let ours = |name: &ObjectName| name.as_str().ends_with(".csv");
    let sweep = async |before| {
        store.sweep(Sweep { ours: &ours, keep: &keep, before: Timestamp::clamped(before) }).await.unwrap()
    };
    assert_eq!(sweep(0).await, Swept::default(), "all of it is young");
    assert_eq!(sweep(i64::MAX).await, Swept { objects: 0, uploads: 1 });
    assert_eq!(sweep(i64::MAX).await, Swept::default());
    let uploads = client.list_multipart_uploads().bucket(BUCKET).send().await.unwrap();
    let mut left: Vec<_> = uploads.uploads().iter().map(|upload| upload.key().unwrap()).collect();
    left.sort_unstable();
    assert_eq!(left, ["elsewhere/a.csv", "tests/exports/b/c.csv", "tests/exports/strange.txt"]);
    assert_eq!(client.list_objects_v2().bucket(BUCKET).send().await.unwrap().contents().len(), 4);
}

#[actix_rt::test]
async fn a_sweep_reads_every_page() {
    let server = Moto::start(&[]);
    let (store, client) = (store(server.options()), server.client());
    // A page holds 1,000.
    for number in 0..1_003 {
        client.put_object().bucket(BUCKET).key(format!("tests/exports/{number}.csv")).send().await.unwrap();
    }
    let keep = HashSet::from([name("7.csv")]);
    let sweep = Sweep { ours: &|_| true, keep: &keep, before: Timestamp::clamped(i64::MAX) };
    assert_eq!(store.sweep(sweep).await.unwrap(), Swept { objects: 1_002, uploads: 0 });
    assert_eq!(store.size(&name("7.csv")).await, Ok(Some(0)));
}

#[actix_rt::test]
async fn an_object_says_itself_what_it_is() {
    let server = Moto::start(&[]);
    let (store, client) = (store(server.options()), server.client());
    put(&store, "small.csv", b"a").await.unwrap();
    let mut large = store.create(name("large.csv"), about()).await.unwrap();
    large.write(Bytes::from(vec![b'x'; 9 << 20])).await.unwrap();
    large.finish().await.unwrap();
    for object in ["small.csv", "large.csv"] {
        let key = format!("tests/exports/{object}");
        let head = client.head_object().bucket(BUCKET).key(key).send().await.unwrap();
        assert_eq!(head.content_type(), Some("text/csv; charset=utf-8"), "{object}");
        let disposition = head.content_disposition().unwrap();
        assert!(disposition.starts_with("attachment; filename=\"Gr__e _heute_.csv\"; filename*="), "{disposition}");
    }
}

#[actix_rt::test]
async fn by_tls_it_believes_the_system_and_the_ca_it_is_given() {
    let home = tempfile::tempdir().unwrap();
    let ca_file = home.path().join("ca.pem");
    let server = Moto::start(&["--ca-file", ca_file.to_str().unwrap()]);
    let trusting = store(S3Options { ca_file: Some(ca_file), ..server.options() });
    put(&trusting, "a.csv", b"a").await.unwrap();
    assert_eq!(trusting.size(&name("a.csv")).await, Ok(Some(1)));
    store(server.options()).size(&name("a.csv")).await.unwrap_err();
}
