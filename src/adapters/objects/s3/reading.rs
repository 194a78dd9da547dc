//! Reading a stretch of an object.

use std::ops::Range;
use std::sync::Arc;

use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use tocsin_actors::ports::{MAX_PIECE, ObjectName, Pieces, PortError};

use super::Store;
use super::fault::Fault;
use super::parts::MAX_OBJECT;

/// As [`tocsin_actors::ports::Objects::read`].
pub(super) async fn read(
    store: &Arc<Store>,
    name: &ObjectName,
    range: Range<u64>,
) -> Result<Option<Pieces>, PortError> {
    let end = range.end.min(MAX_OBJECT);
    if range.start >= end {
        return Ok(store.size(name).await?.map(|_| stream::empty().boxed()));
    }
    let stretch = format!("bytes={}-{}", range.start, end - 1);
    let asked = store.client.get_object().bucket(&store.bucket).key(store.key(name)).range(stretch).send().await;
    match asked.map_err(Fault::from) {
        Err(fault) if fault.is_past_the_end => Ok(Some(stream::empty().boxed())),
        asked => Ok(store.found(asked)?.map(|object| pieces(Arc::clone(store), object.body))),
    }
}

/// What comes over the network, cut into pieces that are small enough.
struct Coming {
    store: Arc<Store>,
    body: ByteStream,
    rest: Bytes,
}

fn pieces(store: Arc<Store>, body: ByteStream) -> Pieces {
    let coming = Coming { store, body, rest: Bytes::new() };
    stream::try_unfold(coming, async |mut coming| {
        if coming.rest.is_empty() {
            let Some(next) = coming.body.next().await else { return Ok(None) };
            coming.rest = coming.store.judged(next)?;
        }
        let piece = coming.rest.split_to(MAX_PIECE.min(coming.rest.len()));
        Ok(Some((piece, coming)))
    })
    .boxed()
}
