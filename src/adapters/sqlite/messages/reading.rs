//! Reading what was said, as it is now.

use std::collections::HashMap;

use rusqlite::{Connection, Params, Row, params};
use tocsin_actors::domain::{
    Author, Changed, ChatMessage, MessageId, Person, Reaction, RoomChange, RoomName, Timestamp,
};
use tocsin_actors::ports::{Missed, Page, PortError};

use super::super::fault::Fault;
use super::super::rooms::{signed, unsigned};

const COLUMNS: &str = "seq, id, author_kind, author_id, author_name, text, at, client_id, mentions, edited_at, deleted";

/// The one message that fits.
pub(super) fn one(connection: &Connection, which: &str, parameters: impl Params) -> Result<Option<ChatMessage>, Fault> {
    Ok(select(connection, which, parameters)?.pop())
}

pub(super) fn page(
    connection: &Connection,
    name: &RoomName,
    page: Page,
    limit: usize,
) -> Result<Vec<ChatMessage>, Fault> {
    let Some((room, _)) = super::room(connection, name)? else { return Ok(Vec::new()) };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let before = |seq: u64| {
        let mut last = select(
            connection,
            "WHERE room_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
            params![room, signed(seq), limit],
        )?;
        last.reverse();
        Ok(last)
    };
    match page {
        Page::Latest => before(u64::MAX),
        Page::Before(seq) => before(seq),
        Page::After(seq) => {
            let which = "WHERE room_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
            select(connection, which, params![room, signed(seq), limit])
        }
    }
}

pub(super) fn missed(
    connection: &Connection,
    name: &RoomName,
    after: u64,
    upto: u64,
    limit: usize,
) -> Result<Option<Missed>, Fault> {
    // Numbers have no gap, so they say how many there are.
    if upto.saturating_sub(after) > limit as u64 {
        return Ok(None);
    }
    let Some((room, _)) = super::room(connection, name)? else { return Ok(Some(Missed::default())) };
    let range = params![room, signed(after), signed(upto)];
    let messages = select(connection, "WHERE room_id = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq", range)?;
    let mut select = connection.prepare_cached(
        "SELECT seq, message_id, user_id, user_name, at, what, detail FROM room_changes
         WHERE room_id = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq",
    )?;
    let mut rows = select.query(params![room, signed(after), signed(upto)])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(change(row)?);
    }
    Ok(Some(Missed { messages, changes }))
}

fn change(row: &Row<'_>) -> Result<RoomChange, Fault> {
    let text = |column: usize| row.get::<_, String>(column);
    let detail = text(6)?;
    let what = match text(5)?.as_str() {
        "edited" => Changed::Edited { text: detail },
        "deleted" => Changed::Deleted,
        "reacted" => Changed::Reacted { emoji: detail, on: true },
        _ => Changed::Reacted { emoji: detail, on: false },
    };
    Ok(RoomChange {
        seq: unsigned(row.get(0)?),
        message_id: text(1)?.parse()?,
        by: Person { id: text(2)?.parse()?, name: text(3)?.into() },
        at: Timestamp::clamped(row.get(4)?),
        what,
    })
}

fn select(connection: &Connection, which: &str, parameters: impl Params) -> Result<Vec<ChatMessage>, Fault> {
    let mut select = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM room_messages {which}"))?;
    let mut rows = select.query(parameters)?;
    let mut messages = Vec::new();
    while let Some(row) = rows.next()? {
        messages.push(message(row)?);
    }
    drop(rows);
    attach(connection, &mut messages)?;
    Ok(messages)
}

fn message(row: &Row<'_>) -> Result<ChatMessage, Fault> {
    let text = |column: usize| row.get::<_, String>(column);
    let name = || Ok::<_, Fault>(text(4)?.into());
    let author = match text(2)?.as_str() {
        "person" => Author::Person(Person { id: text(3)?.parse()?, name: name()? }),
        "service" => Author::Service { key_id: text(3)?.parse()?, name: name()? },
        "system" => Author::System,
        other => {
            return Err(PortError::Failed(format!("SQLite: a stored message has the author {other:?}")).into());
        }
    };
    Ok(ChatMessage {
        id: text(1)?.parse()?,
        seq: unsigned(row.get(0)?),
        author,
        text: text(5)?,
        at: Timestamp::clamped(row.get(6)?),
        client_id: row.get(7)?,
        mentions: text(8)?.split_whitespace().map(str::parse).collect::<Result<_, _>>()?,
        edited_at: row.get::<_, Option<i64>>(9)?.map(Timestamp::clamped),
        deleted: row.get(10)?,
        reactions: Vec::new(),
    })
}

/// Fills in the reactions of all these messages, by one statement.
fn attach(connection: &Connection, messages: &mut [ChatMessage]) -> Result<(), Fault> {
    if messages.is_empty() {
        return Ok(());
    }
    let places: HashMap<MessageId, usize> = messages.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
    let ids: Vec<String> = places.keys().map(ToString::to_string).collect();
    let mut select = connection.prepare_cached(
        "SELECT message_id, emoji, user_id, user_name FROM reactions
         WHERE message_id IN (SELECT value FROM json_each(?1)) ORDER BY position",
    )?;
    let mut rows = select.query([serde_json::Value::from(ids).to_string()])?;
    while let Some(row) = rows.next()? {
        let text = |column: usize| row.get::<_, String>(column);
        let (id, emoji): (MessageId, String) = (text(0)?.parse()?, text(1)?);
        let person = Person { id: text(2)?.parse()?, name: text(3)?.into() };
        let Some(message) = places.get(&id).and_then(|at| messages.get_mut(*at)) else { continue };
        match message.reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
            Some(reaction) => reaction.people.push(person),
            None => message.reactions.push(Reaction { emoji, people: vec![person] }),
        }
    }
    Ok(())
}
