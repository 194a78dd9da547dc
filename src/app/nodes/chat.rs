//! Chat across servers: what others stored is found by their news and by looking, and told here.

use std::sync::Arc;

use actix::ArbiterHandle;
use slog::{Logger, warn};
use tocsin_actors::chat::Chat;
use tokio::sync::Notify;

use super::{Others, look_every};
use crate::adapters::redis::Heard;

/// Chat of one server among others.
pub(in crate::app) struct ChatNode {
    chat: Chat,
    others: Others,
    /// News may have been missed.
    missed: Notify,
    log: Logger,
}

impl ChatNode {
    /// Follows the others on `arbiter`, until that stops.
    pub(in crate::app) fn start(chat: Chat, others: Others, arbiter: &ArbiterHandle, log: Logger) {
        let node = Arc::new(Self { chat, others, missed: Notify::new(), log });
        arbiter.spawn(Arc::clone(&node).listen());
        arbiter.spawn(node.look());
    }

    async fn listen(self: Arc<Self>) {
        let Some(mut waiting) = self.others.signals.take_chat() else { return };
        while let Some(heard) = waiting.recv().await {
            match heard {
                Heard::Chat(from, news) => self.chat.hear(from, news),
                Heard::Began => self.missed.notify_one(),
                Heard::News(_) => {}
            }
        }
    }

    /// Looks how the rooms stand in the store, now and then and when news may have been missed.
    async fn look(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = self.missed.notified() => {}
                () = tokio::time::sleep(look_every(&self.others)) => {}
            }
            if let Err(error) = self.chat.rooms.look().await {
                warn!(self.log, "what is new in rooms cannot be read, trying again"; "error" => %error);
            }
        }
    }
}
