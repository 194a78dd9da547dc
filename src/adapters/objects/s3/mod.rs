//! Objects in object storage that speaks S3: Amazon's, or another's.
//!
//! Only what every such service does is asked of it: bodies whose length is known, no checksums in trailers, one
//! deletion a request.

mod client;
mod credentials;
mod fault;
mod link;
mod parts;
mod reading;
mod sweeping;
mod upload;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use slog::{Logger, info, warn};
use tocsin_actors::ports::{About, ObjectName, Objects, Pieces, PortError, Sweep, Swept, Upload};

use self::fault::Fault;
use self::upload::S3Upload;

/// Where it is, and how to use it.
pub struct Options {
    /// The bucket.
    pub bucket: String,
    /// What every key begins with, without a slash at its end.
    pub prefix: String,
    /// The service, when it is not Amazon's.
    pub endpoint: Option<String>,
    /// The region of the bucket.
    pub region: String,
    /// Id and secret of the access key; without one, that of the environment, the machine or the container.
    pub keys: Option<(String, String)>,
    /// Whether the bucket is named in the path and not in the host.
    pub path_style: bool,
    /// Whether links lead to the store. If not, the server hands everything out.
    pub has_links: bool,
    /// Where everybody can fetch what lies under the prefix.
    pub public_base_url: Option<String>,
    /// Parts of one object that are sent at once.
    pub parallel_parts: usize,
    /// How long a request may take, with all its tries.
    pub timeout: Duration,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// For when it goes and comes.
    pub log: Logger,
}

/// A prefix in a bucket.
pub struct S3(Arc<Store>);

/// What uploads share with it.
struct Store {
    client: Client,
    bucket: String,
    prefix: String,
    has_links: bool,
    public_base_url: Option<String>,
    parallel_parts: usize,
    timeout: Duration,
    answers: AtomicBool,
    log: Logger,
}

impl S3 {
    /// Prepares it; connects to nothing yet, so that a server starts while the store is away. Blocks.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the settings.
    pub fn open(options: Options) -> Result<Self, String> {
        let client = client::build(&options)?;
        let Options { bucket, prefix, has_links, public_base_url, parallel_parts, timeout, log, .. } = options;
        let answers = AtomicBool::new(true);
        let store = Store { client, bucket, prefix, has_links, public_base_url, parallel_parts, timeout, answers, log };
        Ok(Self(Arc::new(store)))
    }
}

impl Store {
    fn key(&self, name: &ObjectName) -> String {
        format!("{}/{name}", self.prefix)
    }

    /// The name of the object that a key is of; none for what is not ours to name.
    fn name_of(&self, key: &str) -> Option<ObjectName> {
        let name = key.strip_prefix(self.prefix.as_str())?.strip_prefix('/')?;
        ObjectName::parse(name).ok()
    }

    /// What a request was answered, as a port tells it.
    fn judged<T>(&self, answer: Result<T, impl Into<Fault>>) -> Result<T, PortError> {
        match answer.map_err(Into::into) {
            Ok(value) => {
                if !self.answers.swap(true, Ordering::Relaxed) {
                    info!(self.log, "object storage answers again");
                }
                Ok(value)
            }
            Err(fault) => {
                // Said once, not for every request that fails meanwhile.
                if let (Some(cause), true) = (&fault.away, self.answers.load(Ordering::Relaxed)) {
                    self.answers.store(false, Ordering::Relaxed);
                    warn!(self.log, "object storage does not answer; exports wait for it"; "cause" => cause);
                }
                Err(fault.error)
            }
        }
    }

    /// The same, where nothing being there is an answer as well.
    fn found<T>(&self, answer: Result<T, impl Into<Fault>>) -> Result<Option<T>, PortError> {
        match answer.map_err(Into::into) {
            Ok(value) => self.judged::<T>(Ok::<_, Fault>(value)).map(Some),
            Err(fault) if fault.is_absence => Ok(None),
            Err(fault) => self.judged(Err(fault)),
        }
    }

    async fn size(&self, name: &ObjectName) -> Result<Option<u64>, PortError> {
        let asked = self.client.head_object().bucket(&self.bucket).key(self.key(name)).send().await;
        Ok(self.found(asked)?.map(|head| u64::try_from(head.content_length().unwrap_or(0)).unwrap_or(0)))
    }
}

#[async_trait]
impl Objects for S3 {
    async fn create(&self, name: ObjectName, about: About) -> Result<Box<dyn Upload>, PortError> {
        let key = self.0.key(&name);
        match sweeping::uploads_of(&self.0, &key).await {
            // What may not be listed here, a sweep or the service itself has to end.
            Ok(()) | Err(PortError::Failed(_)) => Ok(Box::new(S3Upload::new(Arc::clone(&self.0), key, about))),
            Err(error) => Err(error),
        }
    }

    async fn size(&self, name: &ObjectName) -> Result<Option<u64>, PortError> {
        self.0.size(name).await
    }

    async fn read(&self, name: &ObjectName, range: Range<u64>) -> Result<Option<Pieces>, PortError> {
        reading::read(&self.0, name, range).await
    }

    async fn link(&self, name: &ObjectName, about: &About, lasts: Duration) -> Result<Option<String>, PortError> {
        link::link(&self.0, name, about, lasts).await
    }

    async fn remove(&self, name: &ObjectName) -> Result<(), PortError> {
        let store = &self.0;
        let asked = store.client.delete_object().bucket(&store.bucket).key(store.key(name)).send().await;
        store.found(asked).map(drop)
    }

    async fn sweep(&self, sweep: Sweep<'_>) -> Result<Swept, PortError> {
        let objects = sweeping::objects(&self.0, &sweep).await?;
        let uploads = sweeping::uploads(&self.0, &sweep).await?;
        Ok(Swept { objects, uploads })
    }

    /// Whether the bucket may be listed.
    async fn check(&self) -> Result<(), PortError> {
        let store = &self.0;
        let listed = store.client.list_objects_v2().bucket(&store.bucket).prefix(format!("{}/", store.prefix));
        store.judged(listed.max_keys(1).send().await).map(drop)
    }
}
