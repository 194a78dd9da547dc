//! One attempt: what the press writes goes to the storage as it comes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::Parts;
use super::press::{Pressed, press};
use super::progress::Progress;
use super::state::Fault;
use crate::domain::{Export, ExportFile, ExportId};
use crate::ports::{About, ObjectName, PortError, Upload};

/// Pieces of a file that wait for the storage; the press waits beyond that. A piece is about half a MiB at most.
const WAITING_PIECES: usize = 4;
/// How often those who watch are told how far it is.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// What a file is called where it is kept.
#[must_use]
pub fn object_name(id: ExportId) -> ObjectName {
    ObjectName::of_uuid(id.uuid())
}

/// Writes the file.
///
/// # Errors
/// Why there is none; nothing of it is left then.
pub async fn run(parts: &Parts, export: &Export, progress: &Arc<Progress>) -> Result<ExportFile, Fault> {
    let about = About {
        content_type: export.spec.media_type().to_owned(),
        file_name: export.spec.file_name(export.created_at),
    };
    let created = progress.while_wanted(parts.objects.create(object_name(export.id), about)).await;
    let mut upload = created.ok_or(Fault::Cancelled)?.map_err(Fault::Storing)?;
    match fill(parts, export, progress, &mut *upload).await {
        Ok(file) => {
            let finished = progress.while_wanted(upload.finish()).await;
            let bytes = finished.ok_or(Fault::Cancelled)?.map_err(Fault::Storing)?;
            Ok(ExportFile { bytes, ..file })
        }
        Err(fault) => {
            upload.abort().await;
            Err(fault)
        }
    }
}

/// Removes the file of a job.
///
/// # Errors
/// What the storage says.
pub async fn remove(parts: &Parts, id: ExportId) -> Result<(), PortError> {
    parts.objects.remove(&object_name(id)).await
}

async fn fill(
    parts: &Parts,
    export: &Export,
    progress: &Arc<Progress>,
    upload: &mut dyn Upload,
) -> Result<ExportFile, Fault> {
    let _halt = HaltOnDrop(Arc::clone(progress));
    let (pieces, mut waiting) = mpsc::channel::<Bytes>(WAITING_PIECES);
    let pressing = tokio::task::spawn_blocking({
        let (snapshots, spec, bounds) = (Arc::clone(&parts.snapshots), export.spec.clone(), parts.bounds);
        let progress = Arc::clone(progress);
        move || {
            let mut snapshot = snapshots.open().map_err(Fault::Reading)?;
            let mut digest = Sha256::new();
            let mut hand_on = |piece: Vec<u8>| {
                digest.update(&piece);
                // The storage has said why it takes no more.
                pieces.blocking_send(Bytes::from(piece)).map_err(|_| Fault::Cancelled)
            };
            let pressed = press(&mut *snapshot, &spec, bounds, &progress, &mut hand_on)?;
            let digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            Ok::<(Pressed, String), Fault>((pressed, digest))
        }
    });
    let mut told = Instant::now();
    let mut stored = Ok(());
    while let Some(piece) = waiting.recv().await {
        stored = match progress.while_wanted(upload.write(piece)).await {
            None => Err(Fault::Cancelled),
            Some(written) => written.map_err(Fault::Storing),
        };
        if stored.is_err() {
            break;
        }
        if told.elapsed() >= TELL_EVERY {
            told = Instant::now();
            parts.news.tell(export.clone(), progress);
        }
    }
    drop(waiting);
    parts.news.tell(export.clone(), progress);
    let pressed = pressing.await.map_err(|_| Fault::Broken);
    stored?;
    let (pressed, sha256) = pressed??;
    Ok(ExportFile { rows: pressed.rows, bytes: 0, sha256, warnings: pressed.warnings })
}

/// Stops the press when nobody waits for it any more, however that came.
struct HaltOnDrop(Arc<Progress>);

impl Drop for HaltOnDrop {
    fn drop(&mut self) {
        self.0.halt();
    }
}
