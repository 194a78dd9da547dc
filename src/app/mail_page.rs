//! The mails that were written to files, for the development page. Reading files blocks, so it is done off the arbiters.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use tocsin_actors::ports::PortError;

use crate::adapters::files::{Reader, Stored};
use crate::http::{DevMail, DevMails};

/// Reads a directory of .eml files.
pub(super) fn reader(directory: PathBuf) -> Arc<dyn DevMails> {
    Arc::new(Files(Arc::new(Reader::new(directory))))
}

struct Files(Arc<Reader>);

impl Files {
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reader) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, PortError> {
        let reader = Arc::clone(&self.0);
        let failed = |error: &dyn std::fmt::Display| PortError::Failed(format!("a mail cannot be read: {error}"));
        let read = tokio::task::spawn_blocking(move || work(&reader)).await;
        read.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }
}

#[async_trait]
impl DevMails for Files {
    async fn list(&self, limit: usize) -> Result<Vec<DevMail>, PortError> {
        self.read(move |reader| {
            let found = reader.list(limit)?;
            found.iter().filter_map(|summary| reader.get(&summary.id).transpose()).map(|mail| mail.map(page)).collect()
        })
        .await
    }

    async fn get(&self, id: String) -> Result<Option<DevMail>, PortError> {
        self.read(move |reader| Ok(reader.get(&id)?.map(page))).await
    }
}

fn page(mail: Stored) -> DevMail {
    let Stored { summary, from, text, html, headers } = mail;
    DevMail { id: summary.id, to: summary.to, from, subject: summary.subject, at: summary.at, text, html, headers }
}
