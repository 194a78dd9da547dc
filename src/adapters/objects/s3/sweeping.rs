//! Removing what nobody will finish or fetch.

use aws_sdk_s3::primitives::DateTime;
use tocsin_actors::ports::{PortError, Sweep};

use super::Store;
use super::fault::Fault;

/// Pages of a list that one sweep reads at most, of up to 1,000 entries each.
const MAX_PAGES: usize = 1_000;

/// Removes finished objects; returns how many.
pub(super) async fn objects(store: &Store, sweep: &Sweep<'_>) -> Result<u64, PortError> {
    let (mut removed, mut token) = (0, None);
    for _ in 0..MAX_PAGES {
        let asked = store.client.list_objects_v2().bucket(&store.bucket).prefix(format!("{}/", store.prefix));
        let page = store.judged(asked.set_continuation_token(token).send().await)?;
        for object in page.contents() {
            let Some(name) = object.key().and_then(|key| store.name_of(key)) else { continue };
            if (sweep.ours)(&name) && !sweep.keep.contains(&name) && is_old(object.last_modified(), sweep) {
                let asked = store.client.delete_object().bucket(&store.bucket).key(store.key(&name)).send().await;
                removed += u64::from(store.found(asked)?.is_some());
            }
        }
        token = page.next_continuation_token;
        if token.is_none() {
            break;
        }
    }
    Ok(removed)
}

/// Aborts uploads that were begun long ago; returns how many.
pub(super) async fn uploads(store: &Store, sweep: &Sweep<'_>) -> Result<u64, PortError> {
    let is_ours = |key: &str| store.name_of(key).is_some_and(|name| (sweep.ours)(&name));
    abort(store, format!("{}/", store.prefix), |key, begun| is_ours(key) && is_old(begun, sweep)).await
}

/// Aborts every upload of this key.
pub(super) async fn uploads_of(store: &Store, key: &str) -> Result<(), PortError> {
    abort(store, key.to_owned(), |other, _| other == key).await.map(drop)
}

/// Aborts the uploads below a prefix that are chosen by key and time; returns how many. A service that cannot list them
/// has to expire them by itself.
async fn abort(
    store: &Store,
    prefix: String,
    goes: impl Fn(&str, Option<&DateTime>) -> bool,
) -> Result<u64, PortError> {
    let (mut aborted, mut key, mut id) = (0, None, None);
    for _ in 0..MAX_PAGES {
        let asked = store.client.list_multipart_uploads().bucket(&store.bucket).prefix(&prefix);
        let page = match asked.set_key_marker(key).set_upload_id_marker(id).send().await.map_err(Fault::from) {
            Err(fault) if fault.is_unknown => break,
            answer => store.judged(answer)?,
        };
        for upload in page.uploads() {
            let (Some(key), Some(id)) = (upload.key(), upload.upload_id()) else { continue };
            if goes(key, upload.initiated()) {
                store.abort_upload(key, id).await?;
                aborted += 1;
            }
        }
        if page.is_truncated != Some(true) || page.next_key_marker.is_none() {
            break;
        }
        (key, id) = (page.next_key_marker, page.next_upload_id_marker);
    }
    Ok(aborted)
}

/// Whether it lies before what the sweep leaves alone. What has no time is left alone.
fn is_old(time: Option<&DateTime>, sweep: &Sweep<'_>) -> bool {
    time.and_then(|time| time.to_millis().ok()).is_some_and(|millis| millis < sweep.before.as_millis())
}
