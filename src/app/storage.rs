//! Where exported files are kept, from the configuration.

use std::sync::Arc;

use async_trait::async_trait;
use tocsin_actors::ports::Objects;

use crate::adapters::objects::Local;
use crate::config::Storage;
use crate::http::{Check, Dependency};

/// Opens the store of the configuration. Makes the directory, where it is one; connects to nothing yet, so that a
/// server starts while object storage is away. Blocks; called before anything is served.
///
/// # Errors
/// A sentence that names the key and says what is wrong.
pub fn open(storage: &Storage) -> Result<Arc<dyn Objects>, String> {
    match storage.url.path() {
        Some(directory) => Ok(Arc::new(Local::open(directory.to_owned())?)),
        None => Err("storage.url: object storage is not there yet; give a directory, file://…".to_owned()),
    }
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
