//! A client's request becomes a command, or a refusal that says where the fault lies. The same for every carrier.

use serde_json::{Map, Value};
use tocsin_actors::domain::message::{CLIENT_ID_MAX_CHARS, EMOJI_MAX_CHARS, MENTIONS_MAX, TEXT_MAX_CHARS};
use tocsin_actors::domain::room::TOPIC_MAX_CHARS;
use tocsin_actors::domain::{Changed, History, Refusal, ReplyTo, RoomName, StreamPosition};
use tocsin_actors::ports::Page;
use tocsin_actors::session::chat::messages::Command;

use super::fields::Fields;

/// The longest `id` of a request, in bytes of JSON.
const ID_MAX_BYTES: usize = 128;
/// The most messages that one request reads.
const HISTORY_MAX: u64 = 200;
/// So many when nothing is said.
const HISTORY_DEFAULT: u64 = 50;

/// A plain frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// Who it is.
    Auth(String),
    /// Something to be answered.
    Request(ReplyTo, Result<Command, Refusal>),
}

/// Reads the text of a plain frame: `{"type": …, "id": …?, …}`.
#[must_use]
pub fn frame(text: &str) -> Frame {
    let nothing = || ReplyTo::Plain("null".into());
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let detail = format!("This frame is not JSON: {error}.");
            return Frame::Request(nothing(), Err(Refusal::new("bad_json", detail)));
        }
    };
    let Value::Object(fields) = value else {
        return Frame::Request(nothing(), Err(Refusal::new("bad_json", "A frame must be a JSON object.")));
    };
    let to = match fields.get("id") {
        None => nothing(),
        Some(id @ (Value::Null | Value::Number(_) | Value::String(_))) => {
            let id = id.to_string();
            if id.len() > ID_MAX_BYTES {
                return Frame::Request(nothing(), Err(bad_id()));
            }
            ReplyTo::Plain(id.into())
        }
        Some(_) => return Frame::Request(nothing(), Err(bad_id())),
    };
    match Fields(&fields).text("type") {
        Ok("auth") => match Fields(&fields).text("token") {
            Ok(token) => Frame::Auth(token.to_owned()),
            Err(refusal) => Frame::Request(to, Err(refusal)),
        },
        Ok(kind) => Frame::Request(to, command(kind, &fields)),
        Err(refusal) => Frame::Request(to, Err(refusal)),
    }
}

fn bad_id() -> Refusal {
    let detail = format!("The field id must be a string or a number of at most {ID_MAX_BYTES} bytes.");
    Refusal { path: Some("/id".into()), ..Refusal::new("bad_request", detail) }
}

/// Reads the fields of a request of this type.
///
/// # Errors
/// `unknown_type` or `bad_request`, with the path of the fault.
pub fn command(kind: &str, fields: &Map<String, Value>) -> Result<Command, Refusal> {
    let fields = Fields(fields);
    let room = || fields.parsed("room", RoomName::parse);
    Ok(match kind {
        "create_room" => Command::CreateRoom {
            room: fields.parsed("room", RoomName::parse_group)?,
            topic: fields.optional_sized("topic", TOPIC_MAX_CHARS)?.unwrap_or_default(),
            history: match fields.optional_text("history")? {
                None => History::Durable,
                Some(_) => fields.parsed("history", History::parse)?,
            },
        },
        "join" => Command::Join { room: room()?, since: fields.object("since", since)? },
        "leave" => Command::Leave { room: room()?, everywhere: fields.optional_flag("everywhere")? },
        "direct" => Command::Direct { user: fields.parsed("user", str::parse)? },
        "send" => Command::Send {
            room: room()?,
            text: fields.sized("text", 1, TEXT_MAX_CHARS)?,
            client_id: fields.optional_sized("client_id", CLIENT_ID_MAX_CHARS)?,
            mentions: fields.list("mentions", MENTIONS_MAX, str::parse)?,
        },
        "edit" => Command::Change {
            room: room()?,
            message_id: fields.parsed("message_id", str::parse)?,
            what: Changed::Edited { text: fields.sized("text", 1, TEXT_MAX_CHARS)? },
        },
        "delete" => Command::Change {
            room: room()?,
            message_id: fields.parsed("message_id", str::parse)?,
            what: Changed::Deleted,
        },
        "react" => Command::Change {
            room: room()?,
            message_id: fields.parsed("message_id", str::parse)?,
            what: Changed::Reacted { emoji: fields.sized("emoji", 1, EMOJI_MAX_CHARS)?, on: fields.flag("on")? },
        },
        "typing" => Command::Typing { room: room()?, typing: fields.flag("typing")? },
        "history" => Command::History { room: room()?, page: page(&fields)?, limit: limit(&fields)? },
        "read" => Command::Read { room: room()?, seq: fields.number("seq")? },
        "presence" => Command::Presence { room: room()? },
        "set_topic" => Command::SetTopic { room: room()?, topic: fields.sized("topic", 0, TOPIC_MAX_CHARS)? },
        "rooms" => Command::Rooms,
        "ping" => Command::Ping,
        _ => {
            let known = "create_room, join, leave, direct, send, edit, delete, react, typing, history, read, presence, set_topic, rooms, ping";
            let refusal = Refusal::new("unknown_type", format!("There is no such type. There are: {known}."));
            return Err(Refusal { path: Some("/type".into()), ..refusal });
        }
    })
}

fn since(fields: &Fields<'_>) -> Result<StreamPosition, Refusal> {
    Ok(StreamPosition { epoch: fields.parsed("epoch", str::parse)?, seq: fields.number("seq")? })
}

fn page(fields: &Fields<'_>) -> Result<Page, Refusal> {
    match (fields.optional_number("before")?, fields.optional_number("after")?) {
        (None, None) => Ok(Page::Latest),
        (Some(seq), None) => Ok(Page::Before(seq)),
        (None, Some(seq)) => Ok(Page::After(seq)),
        (Some(_), Some(_)) => {
            let refusal = Refusal::new("bad_request", "Give either before or after, not both.");
            Err(Refusal { path: Some("/after".into()), ..refusal })
        }
    }
}

fn limit(fields: &Fields<'_>) -> Result<usize, Refusal> {
    let limit = fields.optional_number("limit")?.unwrap_or(HISTORY_DEFAULT);
    if !(1..=HISTORY_MAX).contains(&limit) {
        let refusal = Refusal::new("bad_request", format!("The field limit must be 1 to {HISTORY_MAX}."));
        return Err(Refusal { path: Some("/limit".into()), ..refusal });
    }
    Ok(usize::try_from(limit).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (String, String, String) {
        match frame(text) {
            Frame::Request(ReplyTo::Plain(id), Err(refusal)) => {
                (id.into(), refusal.code.to_owned(), refusal.path.unwrap_or_default())
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn requests_are_understood_and_their_id_is_kept() {
        let room = RoomName::parse("ops").unwrap();
        let plain = |id: &str| ReplyTo::Plain(id.into());
        for (text, to, command) in [
            (r#"{"type":"ping"}"#, plain("null"), Command::Ping),
            (r#"{"type":"rooms","id":7}"#, plain("7"), Command::Rooms),
            (
                r#"{"type":"presence","room":"ops","id":"a\"b"}"#,
                plain(r#""a\"b""#),
                Command::Presence { room: room.clone() },
            ),
            (
                r#"{"type":"create_room","room":"ops","history":"none"}"#,
                plain("null"),
                Command::CreateRoom { room: room.clone(), topic: String::new(), history: History::None },
            ),
            (
                r#"{"type":"history","room":"ops","before":9,"limit":200}"#,
                plain("null"),
                Command::History { room: room.clone(), page: Page::Before(9), limit: 200 },
            ),
            (
                r#"{"type":"send","room":"ops","text":" ü ","client_id":"c","more":1}"#,
                plain("null"),
                Command::Send {
                    room: room.clone(), text: " ü ".into(), client_id: Some("c".into()), mentions: vec![]
                },
            ),
            (r#"{"type":"join","room":"ops","since":null}"#, plain("null"), Command::Join { room, since: None }),
        ] {
            assert_eq!(frame(text), Frame::Request(to, Ok(command)), "{text}");
        }
        assert_eq!(frame(r#"{"type":"auth","token":"t"}"#), Frame::Auth("t".into()));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_path() {
        for (text, id, code, path) in [
            ("", "null", "bad_json", ""),
            ("[]", "null", "bad_json", ""),
            (r#"{"id":1}"#, "1", "bad_request", "/type"),
            (r#"{"id":1,"type":"dance"}"#, "1", "unknown_type", "/type"),
            (r#"{"id":[],"type":"ping"}"#, "null", "bad_request", "/id"),
            (r#"{"id":1,"type":"join"}"#, "1", "bad_request", "/room"),
            (r#"{"type":"join","room":"A"}"#, "null", "bad_request", "/room"),
            (r#"{"type":"join","room":7}"#, "null", "bad_request", "/room"),
            (r#"{"type":"join","room":"a","since":{"epoch":"x","seq":1}}"#, "null", "bad_request", "/since/epoch"),
            (r#"{"type":"join","room":"a","since":7}"#, "null", "bad_request", "/since"),
            (r#"{"type":"create_room","room":"dm-a"}"#, "null", "bad_request", "/room"),
            (r#"{"type":"send","room":"a","text":"  "}"#, "null", "bad_request", "/text"),
            (r#"{"type":"send","room":"a","text":"x","mentions":["x"]}"#, "null", "bad_request", "/mentions/0"),
            (r#"{"type":"typing","room":"a","typing":"yes"}"#, "null", "bad_request", "/typing"),
            (r#"{"type":"read","room":"a","seq":-1}"#, "null", "bad_request", "/seq"),
            (r#"{"type":"history","room":"a","limit":201}"#, "null", "bad_request", "/limit"),
            (r#"{"type":"history","room":"a","before":1,"after":2}"#, "null", "bad_request", "/after"),
            (r#"{"type":"auth"}"#, "null", "bad_request", "/token"),
        ] {
            assert_eq!(refused(text), (id.into(), code.into(), path.into()), "{text}");
        }
        assert_eq!(refused(&"[".repeat(60_000)).1, "bad_json");
        let id = "x".repeat(200);
        assert_eq!(refused(&format!(r#"{{"id":"{id}","type":"ping"}}"#)).2, "/id");
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        let send = |text: &str| frame(&serde_json::json!({"type": "send", "room": "a", "text": text}).to_string());
        assert!(matches!(send(&"ü".repeat(8_000)), Frame::Request(_, Ok(_))));
        assert!(matches!(send(&"x".repeat(8_001)), Frame::Request(_, Err(_))));
    }
}
