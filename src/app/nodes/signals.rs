//! What a server shares with the others, and what wakes it.

use std::sync::{Arc, Mutex, PoisonError};

use tocsin_actors::nodes::keeper::Terms;
use tocsin_actors::ports::{Count, Leases, Meter, News};
use tokio::sync::{Notify, mpsc};

use crate::adapters::redis::{Bus, Heard};

/// News that waits to be worked off; what comes beyond is found by looking.
const NEWS_WAITING: usize = 1_024;
/// The same for chat, of which there is more.
const CHAT_WAITING: usize = 4_096;

/// What a server shares with the others of its installation.
#[derive(Clone)]
pub(in crate::app) struct Others {
    /// The name of this one; of one run of it.
    pub(in crate::app) me: String,
    /// Who rings.
    pub(in crate::app) leases: Arc<dyn Leases>,
    /// The way to the others.
    pub(in crate::app) bus: Arc<Bus>,
    /// What comes from them.
    pub(in crate::app) signals: Arc<Signals>,
    /// How long a lease lasts.
    pub(in crate::app) terms: Terms,
}

/// What wakes the tasks of a server.
pub(in crate::app) struct Signals {
    /// Documents were stored, here or elsewhere.
    pub(super) stored: Notify,
    /// The lease may be free.
    pub(super) released: Notify,
    news: mpsc::Sender<Heard>,
    waiting: Mutex<Option<mpsc::Receiver<Heard>>>,
    chat: mpsc::Sender<Heard>,
    chat_waiting: Mutex<Option<mpsc::Receiver<Heard>>>,
}

impl Signals {
    pub(in crate::app) fn new() -> Arc<Self> {
        let (news, waiting) = mpsc::channel(NEWS_WAITING);
        let (chat, chat_waiting) = mpsc::channel(CHAT_WAITING);
        let (stored, released) = (Notify::new(), Notify::new());
        let (waiting, chat_waiting) = (Mutex::new(Some(waiting)), Mutex::new(Some(chat_waiting)));
        Arc::new(Self { stored, released, news, waiting, chat, chat_waiting })
    }

    /// Documents were stored: whoever rings shows them.
    pub(in crate::app) fn stored(&self) {
        self.stored.notify_one();
    }

    /// Something comes from the others.
    pub(in crate::app) fn heard(&self, heard: Heard, meter: &dyn Meter) {
        let queue = |queue: &mpsc::Sender<Heard>, heard| {
            if queue.try_send(heard).is_err() {
                meter.add(Count::NewsLost, 1);
            }
        };
        match heard {
            Heard::News(News::DocumentsStored) => self.stored(),
            Heard::News(News::Released) => self.released.notify_one(),
            Heard::Chat(..) => queue(&self.chat, heard),
            // What both want to know.
            Heard::Began | Heard::News(News::Hello) => {
                queue(&self.chat, heard.clone());
                queue(&self.news, heard);
            }
            heard => queue(&self.news, heard),
        }
    }

    /// What waits; the first who asks has it.
    pub(super) fn take_news(&self) -> Option<mpsc::Receiver<Heard>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// What waits of chat; the first who asks has it.
    pub(super) fn take_chat(&self) -> Option<mpsc::Receiver<Heard>> {
        self.chat_waiting.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
