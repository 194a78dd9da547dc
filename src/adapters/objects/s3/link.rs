//! Addresses at which the store hands objects out by itself.

use std::time::Duration;

use aws_sdk_s3::presigning::PresigningConfig;
use tocsin_actors::ports::{About, ObjectName, PortError};

use super::Store;
use crate::wire::disposition;

/// The longest that a signed link may last (AWS Signature Version 4, `X-Amz-Expires`).
const LONGEST: Duration = Duration::from_secs(7 * 86_400);
const SHORTEST: Duration = Duration::from_secs(1);

/// As [`tocsin_actors::ports::Objects::link`]. Signing asks nobody, unless credentials have to be fetched first; with
/// temporary credentials, a link is good no longer than they are.
pub(super) async fn link(
    store: &Store,
    name: &ObjectName,
    about: &About,
    lasts: Duration,
) -> Result<Option<String>, PortError> {
    if !store.has_links {
        return Ok(None);
    }
    if let Some(base) = &store.public_base_url {
        return Ok(Some(format!("{}/{name}", base.trim_end_matches('/'))));
    }
    let lasts = PresigningConfig::expires_in(lasts.clamp(SHORTEST, LONGEST))
        .map_err(|error| PortError::Failed(format!("a link cannot be signed: {error}")))?;
    let signed = store
        .client
        .get_object()
        .bucket(&store.bucket)
        .key(store.key(name))
        .response_content_type(&about.content_type)
        .response_content_disposition(disposition::attachment(&about.file_name))
        .presigned(lasts)
        .await;
    store.judged(signed).map(|signed| Some(signed.uri().to_owned()))
}
