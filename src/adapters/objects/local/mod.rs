//! Objects as files in a directory. Everything that touches the disk runs on the blocking pool.

mod reading;
mod sweeping;
mod unfinished;
mod upload;

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use tocsin_actors::ports::{About, ObjectName, Objects, Pieces, PortError, Sweep, Swept, Upload};

use self::unfinished::Unfinished;
use self::upload::LocalUpload;

/// A directory whose files are objects. Several servers may share it.
pub struct Local {
    directory: PathBuf,
}

impl Local {
    /// Makes the directory, for this user alone, if it is missing. Blocks.
    ///
    /// # Errors
    /// A sentence when it cannot be made.
    pub fn open(directory: PathBuf) -> Result<Self, String> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&directory)
            .map_err(|error| format!("storage.url: cannot make the directory {}: {error}", directory.display()))?;
        Ok(Self { directory })
    }

    fn path(&self, name: &ObjectName) -> PathBuf {
        self.directory.join(name.as_str())
    }

    /// Runs `job` where it may block.
    async fn on_disk<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Path) -> Result<T, PortError> + Send + 'static,
    ) -> Result<T, PortError> {
        let directory = self.directory.clone();
        blocking(move || job(&directory)).await
    }
}

#[async_trait]
impl Objects for Local {
    /// Who downloads it is told by the server, so nothing of `about` is kept.
    async fn create(&self, name: ObjectName, _: About) -> Result<Box<dyn Upload>, PortError> {
        let for_name = name.clone();
        let begin = move |directory: &Path| {
            sweeping::remove_unfinished(directory, &for_name)?;
            Unfinished::create(directory, &for_name)
        };
        let unfinished = self.on_disk(begin).await?;
        Ok(Box::new(LocalUpload::new(unfinished, self.path(&name))))
    }

    async fn size(&self, name: &ObjectName) -> Result<Option<u64>, PortError> {
        let path = self.path(name);
        blocking(move || there(fs::metadata(&path), &path)).await.map(|found| found.map(|metadata| metadata.len()))
    }

    async fn read(&self, name: &ObjectName, range: Range<u64>) -> Result<Option<Pieces>, PortError> {
        let path = self.path(name);
        blocking(move || reading::open(&path, range)).await
    }

    async fn link(&self, _: &ObjectName, _: &About, _: Duration) -> Result<Option<String>, PortError> {
        Ok(None)
    }

    async fn remove(&self, name: &ObjectName) -> Result<(), PortError> {
        let path = self.path(name);
        blocking(move || there(fs::remove_file(&path), &path).map(|_| ())).await
    }

    async fn sweep(&self, sweep: Sweep<'_>) -> Result<Swept, PortError> {
        let found = self.on_disk(sweeping::look).await?;
        let condemned = sweeping::choose(found, &sweep);
        self.on_disk(move |directory| sweeping::remove(directory, condemned)).await
    }

    /// Whether a file can be made there.
    async fn check(&self) -> Result<(), PortError> {
        let probe = ObjectName::parse("check").map_err(|error| PortError::Failed(error.to_string()))?;
        self.on_disk(move |directory| Unfinished::create(directory, &probe).map(drop)).await
    }
}

async fn blocking<T: Send + 'static>(
    job: impl FnOnce() -> Result<T, PortError> + Send + 'static,
) -> Result<T, PortError> {
    tokio::task::spawn_blocking(job)
        .await
        .unwrap_or_else(|error| Err(PortError::Failed(format!("a job on the directory of storage.url ended: {error}"))))
}

/// What was found, and `None` when nothing is there.
fn there<T>(found: io::Result<T>, path: &Path) -> Result<Option<T>, PortError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fault(&error, path)),
    }
}

/// An error of the file system, as a port tells it.
fn fault(error: &io::Error, path: &Path) -> PortError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => PortError::Full,
        _ => PortError::Failed(format!(
            "{}: {error}; the directory of storage.url must be there and writable for the server",
            path.display()
        )),
    }
}

#[cfg(test)]
mod tests;
