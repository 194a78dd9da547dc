//! What happened at other servers, told to those who are connected to this one.

use actix::{Context, Handler, Message};

use super::RoomActor;
use super::inlet::Slot;
use crate::ports::{ChatNews, ServerName};

/// News of another server about a room.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(super) struct Told {
    /// Whose.
    pub(super) from: ServerName,
    /// What.
    pub(super) news: ChatNews,
    /// Its place in the mailbox.
    pub(super) _slot: Slot,
}

impl Handler<Told> for RoomActor {
    type Result = ();

    fn handle(&mut self, Told { news, .. }: Told, ctx: &mut Context<Self>) {
        if self.retired {
            return;
        }
        match news {
            ChatNews::Stored { seq, .. } => self.learn(seq, ctx),
        }
    }
}
