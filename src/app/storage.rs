//! Where exported files are kept, from the configuration.

use std::sync::Arc;

use async_trait::async_trait;
use slog::Logger;
use tocsin_actors::ports::Objects;

use crate::adapters::objects::{Local, S3, S3Options};
use crate::config::{Links, PathStyle, ServiceUrl, Storage};
use crate::http::{Check, Dependency};

/// Opens the store of the configuration. Makes the directory, where it is one; connects to nothing yet, so that a
/// server starts while object storage is away. Blocks; called before anything is served.
///
/// # Errors
/// A sentence that names the key and says what is wrong.
pub fn open(storage: &Storage, log: &Logger) -> Result<Arc<dyn Objects>, String> {
    let Some((bucket, prefix)) = storage.bucket_and_prefix() else {
        let directory = storage.url.path().ok_or("storage.url: give file:// and a directory, or s3://bucket/prefix")?;
        return Ok(Arc::new(Local::open(directory.to_owned())?));
    };
    let text = |url: &Option<ServiceUrl>| url.as_ref().map(|url| url.expose().to_owned());
    let keys = storage.access_key.as_ref().zip(storage.secret_key.as_ref());
    Ok(Arc::new(S3::open(S3Options {
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        endpoint: text(&storage.endpoint),
        region: storage.region.as_str().to_owned(),
        keys: keys.map(|(id, secret)| (id.expose().to_owned(), secret.expose().to_owned())),
        path_style: match storage.path_style {
            PathStyle::Auto => storage.endpoint.is_some(),
            PathStyle::Always => true,
            PathStyle::Never => false,
        },
        has_links: storage.links == Links::Store,
        public_base_url: text(&storage.public_base_url),
        parallel_parts: storage.parallel_parts,
        timeout: storage.timeout,
        ca_file: storage.ca_file.clone(),
        log: log.clone(),
    })?))
}

/// For `/readyz`. Without the store there are no exports, and all else goes on.
pub fn dependency(objects: Arc<dyn Objects>) -> Dependency {
    Dependency { name: "storage", required: false, check: Arc::new(Answers(objects)) }
}

/// The store can be used.
struct Answers(Arc<dyn Objects>);

#[async_trait]
impl Check for Answers {
    async fn check(&self) -> Result<(), String> {
        self.0.check().await.map_err(|error| error.to_string())
    }
}
