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
    assert_eq!((server.asked("PUT "), server.asked("uploads")), (1, 0));
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
