//! Writing an object: in one request when it is small, in parts when it is not.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::{Bytes, BytesMut};
use tocsin_actors::ports::{About, PortError, Upload};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::parts::{self, MAX_OBJECT};
use super::{Store, client};
use crate::wire::disposition;

/// Below this, the buffer grows as it is filled; from here on, it has room for the whole part.
const SMALL: usize = 1 << 20;

/// An object that is being written.
pub(super) struct S3Upload {
    store: Arc<Store>,
    key: String,
    about: About,
    /// What the next part will be made of.
    buffer: BytesMut,
    /// The service's name for the upload, once there is more than fits into one request.
    id: Option<String>,
    /// The number of the part that is being filled; the first is 1.
    number: usize,
    /// Parts that are on their way.
    sending: JoinSet<Result<CompletedPart, PortError>>,
    sent: Vec<CompletedPart>,
    bytes: u64,
    has_failed: bool,
}

impl S3Upload {
    /// Nothing is sent before there is something to send.
    pub(super) fn new(store: Arc<Store>, key: String, about: About) -> Self {
        Self {
            store,
            key,
            about,
            buffer: BytesMut::new(),
            id: None,
            number: 1,
            sending: JoinSet::new(),
            sent: Vec::new(),
            bytes: 0,
            has_failed: false,
        }
    }

    async fn add(&mut self, mut bytes: Bytes) -> Result<(), PortError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MAX_OBJECT {
            return Err(PortError::Failed("object storage takes no object of more than 5 TiB".to_owned()));
        }
        while !bytes.is_empty() {
            let size = parts::size(self.number);
            if self.buffer.len() >= size {
                self.send_part().await?;
                continue;
            }
            let taken = bytes.split_to(bytes.len().min(size - self.buffer.len()));
            if self.buffer.len() + taken.len() > SMALL {
                self.buffer.reserve(size - self.buffer.len());
            }
            self.buffer.extend_from_slice(&taken);
        }
        Ok(())
    }

    /// Sends what is in the buffer, as soon as few enough parts are on their way.
    async fn send_part(&mut self) -> Result<(), PortError> {
        let id = match &self.id {
            Some(id) => id.clone(),
            None => self.id.insert(self.begin().await?).clone(),
        };
        let at_once = self.store.parts_at_once(self.buffer.len());
        while self.sending.len() >= at_once {
            self.one_sent().await?;
        }
        let body = self.buffer.split().freeze();
        self.sending.spawn(send(Arc::clone(&self.store), self.key.clone(), id, self.number, body));
        self.number += 1;
        Ok(())
    }

    /// Waits for any part that is on its way.
    async fn one_sent(&mut self) -> Result<(), PortError> {
        match self.sending.join_next().await {
            None => Ok(()),
            Some(Ok(part)) => {
                self.sent.push(part?);
                Ok(())
            }
            Some(Err(error)) => Err(PortError::Failed(format!("a part of an object was not sent: {error}"))),
        }
    }

    async fn begin(&self) -> Result<String, PortError> {
        let store = &self.store;
        let asked = store
            .client
            .create_multipart_upload()
            .bucket(&store.bucket)
            .key(&self.key)
            .content_type(&self.about.content_type)
            .content_disposition(disposition::attachment(&self.about.file_name))
            .send()
            .await;
        let id = store.judged(asked)?.upload_id;
        id.ok_or_else(|| PortError::Failed("object storage began an upload and gave it no name".to_owned()))
    }

    async fn put(&mut self) -> Result<(), PortError> {
        let body = self.buffer.split().freeze();
        let store = &self.store;
        let timeouts = client::sending(body.len(), store.timeout);
        let asked = store
            .client
            .put_object()
            .bucket(&store.bucket)
            .key(&self.key)
            .content_type(&self.about.content_type)
            .content_disposition(disposition::attachment(&self.about.file_name))
            .body(ByteStream::from(body))
            .customize()
            .config_override(timeouts)
            .send()
            .await;
        store.judged(asked).map(drop)
    }

    async fn complete(&mut self) -> Result<(), PortError> {
        self.send_part().await?;
        while !self.sending.is_empty() {
            self.one_sent().await?;
        }
        self.sent.sort_unstable_by_key(|part| part.part_number);
        let parts = CompletedMultipartUpload::builder().set_parts(Some(std::mem::take(&mut self.sent))).build();
        let store = &self.store;
        let asked = store
            .client
            .complete_multipart_upload()
            .bucket(&store.bucket)
            .key(&self.key)
            .set_upload_id(self.id.clone())
            .multipart_upload(parts)
            .customize()
            // To put ten thousand parts together may take minutes.
            .config_override(client::sending(parts::FIRST, store.timeout))
            .send()
            .await;
        store.judged(asked).map(drop)
    }

    /// What gives it up, if there is anything to give up.
    fn giving_up(&mut self) -> Option<impl Future<Output = ()> + Send + use<>> {
        let (store, key, id) = (Arc::clone(&self.store), self.key.clone(), self.id.take()?);
        let mut sending = std::mem::take(&mut self.sending);
        Some(async move {
            // A part that arrives after the end would stay.
            sending.shutdown().await;
            // What is left all the same, a sweep removes.
            let _ = store.abort_upload(&key, &id).await;
        })
    }
}

async fn send(
    store: Arc<Store>,
    key: String,
    id: String,
    number: usize,
    body: Bytes,
) -> Result<CompletedPart, PortError> {
    let number = i32::try_from(number).unwrap_or(i32::MAX);
    let timeouts = client::sending(body.len(), store.timeout);
    let asked = store
        .client
        .upload_part()
        .bucket(&store.bucket)
        .key(key)
        .upload_id(id)
        .part_number(number)
        .body(ByteStream::from(body))
        .customize()
        .config_override(timeouts)
        .send()
        .await;
    let part = store.judged(asked)?;
    Ok(CompletedPart::builder().part_number(number).set_e_tag(part.e_tag).build())
}

impl Store {
    /// Removes the parts of an upload. One that is gone already is fine.
    pub(super) async fn abort_upload(&self, key: &str, id: &str) -> Result<(), PortError> {
        let asked = self.client.abort_multipart_upload().bucket(&self.bucket).key(key).upload_id(id).send().await;
        match asked {
            Err(error) if error.as_service_error().is_some_and(|error| error.is_no_such_upload()) => Ok(()),
            asked => self.judged(asked).map(drop),
        }
    }
}

#[async_trait]
impl Upload for S3Upload {
    async fn write(&mut self, bytes: Bytes) -> Result<(), PortError> {
        if self.has_failed {
            return Err(PortError::Failed("this upload has failed before".to_owned()));
        }
        let added = self.add(bytes).await;
        if added.is_err() {
            self.has_failed = true;
            self.sending.abort_all();
        }
        added
    }

    async fn finish(mut self: Box<Self>) -> Result<u64, PortError> {
        if self.has_failed {
            return Err(PortError::Failed("this upload has failed before".to_owned()));
        }
        if self.id.is_none() {
            self.put().await?
        } else {
            self.complete().await?
        }
        // There is nothing to give up any more.
        self.id = None;
        Ok(self.bytes)
    }

    async fn abort(mut self: Box<Self>) {
        if let Some(giving_up) = self.giving_up() {
            giving_up.await;
        }
    }
}

impl Drop for S3Upload {
    fn drop(&mut self) {
        if let (Some(giving_up), Ok(runtime)) = (self.giving_up(), Handle::try_current()) {
            runtime.spawn(giving_up);
        }
    }
}
