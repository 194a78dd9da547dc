//! Uploads in parts: several at once but no more, and nothing left of those that are given up.

use bytes::Bytes;
use tocsin::adapters::objects::S3Options;
use tocsin_actors::ports::{Objects, PortError, Upload};

use super::{about, name};
use crate::support::moto::Moto;
use crate::support::s3::{BUCKET, S3Server, options, store};
use crate::support::soon;

const PART: usize = 8 << 20;

async fn write_parts(upload: &mut Box<dyn Upload>, parts: usize) -> Result<(), PortError> {
    for _ in 0..parts {
        upload.write(Bytes::from(vec![b'x'; PART])).await?;
    }
    Ok(())
}

#[actix_rt::test]
async fn parts_go_side_by_side_and_no_more_than_allowed() {
    let server = S3Server::start();
    server.take_parts_together(2);
    let store = store(S3Options { parallel_parts: 2, ..options(server.endpoint()) });
    let mut upload = store.create(name("a.bin"), about()).await.unwrap();
    soon("six parts, two by two", write_parts(&mut upload, 6)).await.unwrap();
    assert_eq!(soon("the rest of them", upload.finish()).await, Ok(6 * PART as u64));
    assert_eq!(server.most_parts(), 2);
    assert_eq!(server.asked("partNumber"), 6, "each once");
    assert_eq!(store.size(&name("a.bin")).await, Ok(Some(6 * PART as u64)));
}

#[actix_rt::test]
async fn what_fits_into_one_part_is_one_request() {
    let server = S3Server::start();
    let store = store(options(server.endpoint()));
    let mut upload = store.create(name("a.bin"), about()).await.unwrap();
    write_parts(&mut upload, 1).await.unwrap();
    upload.write(Bytes::new()).await.unwrap();
    assert_eq!(upload.finish().await, Ok(PART as u64));
    assert_eq!((server.asked("PUT "), server.asked("POST ")), (1, 0));
}

/// Many services know neither checksums in trailers nor bodies in signed chunks, and Google's refuses signatures over
/// `Accept-Encoding`, which it changes on the way.
#[actix_rt::test]
async fn nothing_is_asked_that_only_amazon_knows() {
    let server = S3Server::start();
    let store = store(options(server.endpoint()));
    for parts in [1, 2] {
        let mut upload = store.create(name("a.bin"), about()).await.unwrap();
        write_parts(&mut upload, parts).await.unwrap();
        upload.finish().await.unwrap();
    }
    assert!(store.read(&name("a.bin"), 0..9).await.unwrap().is_some());
    store.size(&name("a.bin")).await.unwrap();
    store.remove(&name("a.bin")).await.unwrap();
    store.check().await.unwrap();
    assert!(server.asked("SignedHeaders=") >= 9, "all of them are signed");
    for word in [
        "aws-chunked",
        "trailer",
        "STREAMING",
        "x-amz-checksum",
        "x-amz-sdk-checksum",
        ";accept-encoding",
        "=accept-encoding",
    ] {
        assert_eq!(server.asked(word), 0, "{word}");
    }
}

#[actix_rt::test]
async fn a_store_that_stays_overloaded_ends_the_upload_and_keeps_nothing() {
    let server = S3Server::start();
    let store = store(options(server.endpoint()));
    let mut upload = store.create(name("a.bin"), about()).await.unwrap();
    write_parts(&mut upload, 2).await.unwrap();
    server.overload(usize::MAX);
    let failed = soon("the failure", async {
        loop {
            if let Err(error) = write_parts(&mut upload, 1).await {
                return error;
            }
        }
    });
    assert_eq!(failed.await, PortError::Busy("object storage"));
    assert!(matches!(write_parts(&mut upload, 1).await, Err(PortError::Failed(_))), "it stays failed");
    server.overload(0);
    upload.abort().await;
    assert_eq!(server.files(), Vec::<String>::new(), "no object and no part");
    assert_eq!(store.size(&name("a.bin")).await, Ok(None));
}

#[actix_rt::test]
async fn one_that_is_dropped_is_given_up_by_itself() {
    let server = Moto::start(&[]);
    let (store, client) = (store(server.options()), server.client());
    let uploads = async || client.list_multipart_uploads().bucket(BUCKET).send().await.unwrap().uploads().len();
    let mut upload = store.create(name("a.bin"), about()).await.unwrap();
    write_parts(&mut upload, 3).await.unwrap();
    assert_eq!(uploads().await, 1);
    drop(upload);
    soon("the upload to be gone", async { while uploads().await > 0 {} }).await;
    // Cancelled in the middle of a write, or of the end.
    let mut upload = store.create(name("a.bin"), about()).await.unwrap();
    write_parts(&mut upload, 2).await.unwrap();
    let finishing = upload.finish();
    assert!(futures_util::FutureExt::now_or_never(finishing).is_none());
    soon("the upload to be gone", async { while uploads().await > 0 {} }).await;
    assert_eq!(store.size(&name("a.bin")).await, Ok(None));
}

#[actix_rt::test]
async fn a_name_that_is_begun_anew_ends_what_was_begun_before() {
    let server = Moto::start(&[]);
    let (store, client) = (store(server.options()), server.client());
    let keys = async || {
        let listed = client.list_multipart_uploads().bucket(BUCKET).send().await.unwrap();
        let mut keys: Vec<String> = listed.uploads().iter().filter_map(|one| one.key().map(str::to_owned)).collect();
        keys.sort_unstable();
        keys
    };
    // One that nobody is at, one that somebody is at, and two of others whose names begin alike or end alike.
    for key in ["tests/exports/a.bin", "tests/exports/a.bin.gz", "elsewhere/a.bin"] {
        client.create_multipart_upload().bucket(BUCKET).key(key).send().await.unwrap();
    }
    let others = ["elsewhere/a.bin", "tests/exports/a.bin.gz"];
    let mut first = store.create(name("a.bin"), about()).await.unwrap();
    assert_eq!(keys().await, others);
    write_parts(&mut first, 2).await.unwrap();
    assert_eq!(keys().await.len(), 3);
    let mut second = store.create(name("a.bin"), about()).await.unwrap();
    assert_eq!(keys().await, others);
    assert_eq!(first.finish().await, Err(PortError::Busy("object storage")), "it was given up");
    write_parts(&mut second, 2).await.unwrap();
    assert_eq!(second.finish().await, Ok(2 * PART as u64));
    assert_eq!(keys().await, others);
}

#[actix_rt::test]
async fn one_who_may_not_list_uploads_writes_all_the_same() {
    let server = Moto::start(&["--allow", "s3:PutObject,s3:AbortMultipartUpload"]);
    let store = store(server.options());
    let mut upload = store.create(name("a.bin"), about()).await.unwrap();
    write_parts(&mut upload, 2).await.unwrap();
    assert_eq!(upload.finish().await, Ok(2 * PART as u64));
}
