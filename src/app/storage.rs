//! Where exported files are kept, from the configuration.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use slog::Logger;
use tocsin_actors::ports::Objects;
use tokio::sync::Mutex;

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
    Dependency { name: "storage", required: false, check: Arc::new(Answers::new(objects, FRESH_FOR)) }
}

/// How long an answer of the store counts. Anybody may ask `/readyz`, and object storage wants to be paid for answers.
const FRESH_FOR: Duration = Duration::from_secs(5);

/// The store can be used, or could a moment ago. Those who ask at once share an answer.
struct Answers {
    objects: Arc<dyn Objects>,
    fresh_for: Duration,
    last: Mutex<Option<(Instant, Result<(), String>)>>,
}

impl Answers {
    fn new(objects: Arc<dyn Objects>, fresh_for: Duration) -> Self {
        Self { objects, fresh_for, last: Mutex::default() }
    }
}

#[async_trait]
impl Check for Answers {
    async fn check(&self) -> Result<(), String> {
        let mut last = self.last.lock().await;
        if let Some((at, answer)) = &*last
            && at.elapsed() < self.fresh_for
        {
            return answer.clone();
        }
        let answer = self.objects.check().await.map_err(|error| error.to_string());
        *last = Some((Instant::now(), answer.clone()));
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_rt::test]
    async fn an_answer_counts_for_a_while_and_no_longer() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("exports");
        let objects: Arc<dyn Objects> = Arc::new(Local::open(place.clone()).unwrap());
        let (always, never) =
            (Answers::new(Arc::clone(&objects), Duration::MAX), Answers::new(objects, Duration::ZERO));
        assert_eq!((always.check().await, never.check().await), (Ok(()), Ok(())));
        std::fs::remove_dir_all(place).unwrap();
        assert_eq!(always.check().await, Ok(()));
        assert!(never.check().await.is_err());
    }
}
