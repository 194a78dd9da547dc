//! What the courier accepts.

use actix::Message;

/// Entries were stored in the outbox. Says nothing of which, so that one in the mailbox is as good as ten: a sender
/// that finds the mailbox full may leave it at that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Wake;

/// Take nothing new, finish what is under way, then stop. Answered when all of it is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct Drain;
