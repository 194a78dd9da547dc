//! Storing what is said and what becomes of it: one batch, one number after the other.

use rusqlite::{Connection, OptionalExtension as _, ffi, params};
use tocsin_actors::domain::{Changed, ChatMessage, RoomChange, RoomName};
use tocsin_actors::ports::{NewChange, NewMessage, Write, Written};

use super::super::fault::{Fault, broke};
use super::super::rooms::unsigned;
use super::reading;

/// Different emoji at one message.
const EMOJI_PER_MESSAGE: i64 = 50;

pub(super) fn write(connection: &Connection, name: &RoomName, writes: &[Write]) -> Result<Option<Vec<Written>>, Fault> {
    let Some((room, before)) = super::room(connection, name)? else { return Ok(None) };
    let mut seq = before;
    let mut written = Vec::with_capacity(writes.len());
    for write in writes {
        let done = match write {
            Write::Post(message) => post(connection, room, seq + 1, message)?,
            Write::Change(change) => self::change(connection, room, seq + 1, change)?,
        };
        if matches!(done, Written::Posted(_) | Written::Changed(_)) {
            seq += 1;
        }
        written.push(done);
    }
    if seq > before {
        connection.prepare_cached("UPDATE rooms SET seq = ?2 WHERE id = ?1")?.execute([room, seq])?;
    }
    Ok(Some(written))
}

fn post(connection: &Connection, room: i64, seq: i64, new: &NewMessage) -> Result<Written, Fault> {
    let (kind, author) = (new.author.kind(), new.author.id());
    let mentions: Vec<String> = new.mentions.iter().map(ToString::to_string).collect();
    let inserted = connection
        .prepare_cached(
            "INSERT INTO room_messages
                 (room_id, seq, id, author_kind, author_id, author_name, text, at, client_id, mentions)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            room,
            seq,
            new.id.to_string(),
            kind,
            author,
            new.author.name(),
            new.text,
            new.at.as_millis(),
            new.client_id,
            mentions.join(" "),
        ]);
    match inserted {
        Ok(_) => Ok(Written::Posted(ChatMessage {
            id: new.id,
            seq: unsigned(seq),
            author: new.author.clone(),
            text: new.text.clone(),
            at: new.at,
            client_id: new.client_id.clone(),
            mentions: new.mentions.clone(),
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
        })),
        // A statement that breaks a constraint undoes itself and nothing else.
        Err(error) if broke(&error, ffi::SQLITE_CONSTRAINT_UNIQUE) => {
            let known = reading::one(
                connection,
                "WHERE room_id = ?1 AND author_kind = ?2 AND author_id = ?3 AND client_id = ?4",
                params![room, kind, author, new.client_id],
            )?;
            known.map(Written::Repeated).ok_or_else(|| error.into())
        }
        Err(error) => Err(error.into()),
    }
}

fn change(connection: &Connection, room: i64, seq: i64, change: &NewChange) -> Result<Written, Fault> {
    let id = change.message_id.to_string();
    let known = reading::one(connection, "WHERE room_id = ?1 AND id = ?2", params![room, id])?;
    let Some(message) = known else { return Ok(Written::UnknownMessage) };
    let is_own = message.author.is(change.by.id);
    let (what, detail) = match &change.what {
        Changed::Edited { text } => {
            if message.deleted {
                return Ok(Written::UnknownMessage);
            }
            if !is_own {
                return Ok(Written::NotYours);
            }
            if message.text == *text {
                return Ok(Written::Unchanged);
            }
            connection
                .prepare_cached("UPDATE room_messages SET text = ?3, edited_at = ?4 WHERE room_id = ?1 AND seq = ?2")?
                .execute(params![room, i64::try_from(message.seq).unwrap_or(0), text, change.at.as_millis()])?;
            ("edited", text.as_str())
        }
        Changed::Deleted => {
            if !is_own && !change.moderates {
                return Ok(Written::NotYours);
            }
            if message.deleted {
                return Ok(Written::Unchanged);
            }
            delete(connection, room, &message)?;
            ("deleted", "")
        }
        Changed::Reacted { emoji, on } => {
            if message.deleted {
                return Ok(Written::UnknownMessage);
            }
            match react(connection, &id, change, emoji, *on)? {
                Reacted::Differently => {}
                Reacted::AsBefore => return Ok(Written::Unchanged),
                Reacted::TooMany => return Ok(Written::TooManyReactions),
            }
            (if *on { "reacted" } else { "unreacted" }, emoji.as_str())
        }
    };
    connection
        .prepare_cached(
            "INSERT INTO room_changes (room_id, seq, message_id, user_id, user_name, at, what, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            room,
            seq,
            id,
            change.by.id.to_string(),
            &*change.by.name,
            change.at.as_millis(),
            what,
            detail,
        ])?;
    Ok(Written::Changed(RoomChange {
        seq: unsigned(seq),
        message_id: change.message_id,
        by: change.by.clone(),
        at: change.at,
        what: change.what.clone(),
    }))
}

pub(in crate::adapters::sqlite) const FORGET_EDITS: &str =
    "UPDATE room_changes SET detail = '' WHERE message_id = ?1 AND what = 'edited'";

/// What was taken back is gone: its text, what it was before, and what others said to it.
fn delete(connection: &Connection, room: i64, message: &ChatMessage) -> Result<(), Fault> {
    let id = message.id.to_string();
    connection
        .prepare_cached(
            "UPDATE room_messages SET text = '', mentions = '', deleted = 1 WHERE room_id = ?1 AND seq = ?2",
        )?
        .execute(params![room, i64::try_from(message.seq).unwrap_or(0)])?;
    connection.prepare_cached(FORGET_EDITS)?.execute([&id])?;
    connection.prepare_cached("DELETE FROM reactions WHERE message_id = ?1")?.execute([id])?;
    Ok(())
}

enum Reacted {
    Differently,
    AsBefore,
    TooMany,
}

fn react(connection: &Connection, id: &str, change: &NewChange, emoji: &str, on: bool) -> Result<Reacted, Fault> {
    let is_different = |is: bool| if is { Reacted::Differently } else { Reacted::AsBefore };
    let user = change.by.id.to_string();
    if !on {
        let mut delete =
            connection.prepare_cached("DELETE FROM reactions WHERE message_id = ?1 AND emoji = ?2 AND user_id = ?3")?;
        return Ok(is_different(delete.execute([id, emoji, &user])? > 0));
    }
    let others: i64 = connection
        .prepare_cached("SELECT count(DISTINCT emoji) FROM reactions WHERE message_id = ?1 AND emoji <> ?2")?
        .query_row([id, emoji], |row| row.get(0))?;
    if others >= EMOJI_PER_MESSAGE {
        return Ok(Reacted::TooMany);
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO reactions (message_id, emoji, user_id, user_name) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (message_id, emoji, user_id) DO NOTHING RETURNING position",
    )?;
    let inserted: Option<i64> =
        insert.query_row(params![id, emoji, user, &*change.by.name], |row| row.get(0)).optional()?;
    Ok(is_different(inserted.is_some()))
}
