//! Object storage: what the port promises, against two S3 servers; a store that is away or refuses; links.

mod away;
mod links;
mod promises;
mod uploads;

use bytes::Bytes;
use tocsin_actors::ports::{About, ObjectName, Objects, PortError};

fn name(text: &str) -> ObjectName {
    ObjectName::parse(text).unwrap()
}

fn about() -> About {
    About { content_type: "text/csv; charset=utf-8".into(), file_name: "Größe \"heute\".csv".into() }
}

async fn put(store: &dyn Objects, text: &str, bytes: &'static [u8]) -> Result<u64, PortError> {
    let mut upload = store.create(name(text), about()).await?;
    upload.write(Bytes::from_static(bytes)).await?;
    upload.finish().await
}
