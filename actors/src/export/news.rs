//! Telling those who asked for files how far they are, on the connections on which they watch.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::progress::Progress;
use crate::domain::event::ExportView;
use crate::domain::{Broadcast, Event, Export};
use crate::session::outbox::Outbox;

/// Writes the address of an export's link.
pub type Address = Arc<dyn Fn(&Export) -> String + Send + Sync>;

type Viewers = HashMap<String, Vec<Arc<Outbox>>>;

/// The connections of those who watch, by whose they are.
#[derive(Clone)]
pub struct News {
    viewers: Arc<Mutex<Viewers>>,
    address: Address,
}

impl fmt::Debug for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("News")
    }
}

impl News {
    /// Nobody watches yet.
    #[must_use]
    pub fn new(address: Address) -> Self {
        Self { viewers: Arc::default(), address }
    }

    fn viewers(&self) -> MutexGuard<'_, Viewers> {
        self.viewers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows this connection what its owner asked for, until it is closed.
    pub fn watch(&self, owner: &str, outbox: Arc<Outbox>) {
        let mut viewers = self.viewers();
        // Those that are gone go with the next one that comes.
        viewers.retain(|_, outboxes| {
            outboxes.retain(|outbox| outbox.closed().is_none());
            !outboxes.is_empty()
        });
        viewers.entry(owner.to_owned()).or_default().push(outbox);
    }

    /// An export as its owner sees it.
    #[must_use]
    pub fn view(&self, export: Export, progress: Option<&Progress>) -> ExportView {
        let rows = export.file.as_ref().map(|file| file.rows);
        let (written, total) = progress.map_or((rows.unwrap_or(0), rows), |p| (p.rows(), p.total()));
        let url = (export.file.is_some() && export.removed_at.is_none()).then(|| (self.address)(&export));
        ExportView { export, written, total, url }
    }

    /// Tells how far it is.
    pub fn tell(&self, export: Export, progress: &Progress) {
        let view = self.view(export, Some(progress));
        self.push(view);
    }

    /// Tells how it ended.
    pub fn over(&self, export: Export) {
        let view = self.view(export, None);
        self.push(view);
    }

    fn push(&self, view: ExportView) {
        let mut viewers = self.viewers();
        let Some(outboxes) = viewers.get_mut(&view.export.owner) else { return };
        let broadcast = Broadcast::new(Event::Export(Box::new(view)), None);
        // One that is full or closed goes.
        outboxes.retain(|outbox| outbox.push(Arc::clone(&broadcast)));
    }
}
