//! Counting and timing what goes on.

use std::time::Duration;

/// Things that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Count {
    /// Documents stored.
    DocumentsAccepted,
    /// Documents that were there already.
    DocumentsDuplicate,
    /// Judgements of rules.
    Judgements,
    /// Documents without a number where a rule measures one.
    MeasuresUnusable,
    /// Documents that came when the window of a rule had passed already.
    MeasuresLate,
    /// Documents of a group for which a rule had no room.
    MeasuresRefused,
    /// Incidents opened.
    IncidentsOpened,
    /// Incidents resolved.
    IncidentsResolved,
    /// Mails that the next server took.
    MailsSent,
    /// Tries that failed for now.
    MailsRetried,
    /// Mails given up.
    MailsDead,
    /// Exports that came to a file.
    ExportsDone,
    /// Exports that came to none.
    ExportsFailed,
    /// Exports that nobody wanted any more.
    ExportsCancelled,
    /// Frames handed to connections.
    FramesSent,
    /// Droppable frames that slow readers missed.
    FramesDropped,
    /// Connections cut because their outbox was full.
    SlowReadersCut,
    /// Connections cut because their client sent too fast.
    FastWritersCut,
    /// Messages that found a mailbox full.
    MailboxFull,
    /// Pieces of news heard from other servers.
    NewsHeard,
    /// Pieces of news for or of other servers that were lost.
    NewsLost,
    /// Messages and changes of rooms that other servers stored, read to be told here.
    NewsFetched,
    /// Times that this server began to ring for all.
    BellsTaken,
    /// Actors that ended by a panic and were rebuilt.
    ActorsRestarted,
}

/// Things that go up and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Live websocket connections.
    Connections,
    /// Frames waiting in the outboxes of all connections.
    OutboxFrames,
    /// Live actors of the directories.
    Actors,
    /// Messages waiting in mailboxes.
    MailboxMessages,
}

/// Things that take time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing {
    /// From the commit of a batch to the judgement of a rule.
    Judgement,
    /// From a request's acceptance to the frame handed to a connection.
    EventToFrame,
    /// One try to send a mail.
    MailAttempt,
}

/// Counts and times. Calls are cheap and never block.
pub trait Meter: Send + Sync + 'static {
    /// Adds to a count.
    fn add(&self, count: Count, n: u64);
    /// Moves a level.
    fn shift(&self, level: Level, by: i64);
    /// Notes a duration.
    fn observe(&self, timing: Timing, took: Duration);
}
