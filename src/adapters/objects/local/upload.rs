//! Writing a file from asynchronous code.

use std::path::PathBuf;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use tocsin_actors::ports::{MAX_PIECE, PortError, Upload};

use super::blocking;
use super::unfinished::Unfinished;

/// An object that is being written.
pub(super) struct LocalUpload {
    /// None while a job has it, and after a failure. A job whose caller went away drops it, and the file goes with it.
    unfinished: Option<Unfinished>,
    path: PathBuf,
    /// Small writes wait here for one that is worth a job of its own.
    waiting: BytesMut,
}

impl LocalUpload {
    /// Writes into `unfinished`, which becomes the file `path`.
    pub(super) fn new(unfinished: Unfinished, path: PathBuf) -> Self {
        Self { unfinished: Some(unfinished), path, waiting: BytesMut::new() }
    }

    fn take(&mut self) -> Result<Unfinished, PortError> {
        self.unfinished.take().ok_or_else(|| PortError::Failed("this upload has failed before".to_owned()))
    }
}

#[async_trait]
impl Upload for LocalUpload {
    async fn write(&mut self, bytes: Bytes) -> Result<(), PortError> {
        if self.waiting.len() + bytes.len() < MAX_PIECE && self.unfinished.is_some() {
            self.waiting.extend_from_slice(&bytes);
            return Ok(());
        }
        let (mut unfinished, waiting) = (self.take()?, self.waiting.split());
        let unfinished = blocking(move || {
            unfinished.write(&waiting)?;
            unfinished.write(&bytes)?;
            Ok(unfinished)
        });
        self.unfinished = Some(unfinished.await?);
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<u64, PortError> {
        let (mut unfinished, waiting, path) = (self.take()?, self.waiting.split(), self.path.clone());
        blocking(move || {
            unfinished.write(&waiting)?;
            unfinished.finish(&path)
        })
        .await
    }

    async fn abort(mut self: Box<Self>) {
        if let Some(unfinished) = self.unfinished.take() {
            // It cannot fail: what cannot be removed, a sweep removes.
            let _ = blocking(move || Ok(drop(unfinished))).await;
        }
    }
}

impl Drop for LocalUpload {
    fn drop(&mut self) {
        let Some(unfinished) = self.unfinished.take() else { return };
        // To remove a large file takes a while.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn_blocking(move || drop(unfinished));
        }
    }
}
