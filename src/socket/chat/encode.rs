//! Events and answers become frames: once for each wire format, whoever they are for.

use serde::Serialize;
use tocsin_actors::domain::{Answer, Event, Joined, Refusal, ReplyTo, RoomEvent};

use crate::wire::chat::{ChangeBody, MessageBody, PersonBody, PlacedBody, SummaryBody, change_name};

/// The text of a plain frame; `None` for what chat does not send.
#[must_use]
pub fn plain(event: &Event) -> Option<String> {
    match event {
        Event::Room(event) => {
            let (kind, body) = room(event);
            text(&Tagged { kind, body })
        }
        Event::Reply { to: ReplyTo::Plain(id), result } => {
            // The id is JSON text already.
            let id = serde_json::value::RawValue::from_string(id.to_string()).ok()?;
            text(&Reply { kind: "reply", id: &id, body: reply(result) })
        }
        _ => None,
    }
}

/// The text of a Socket.IO packet for the namespace `/`, an event or an acknowledgement (protocol version 5), as a
/// message of Engine.IO.
#[must_use]
pub fn socketio(event: &Event) -> Option<String> {
    match event {
        Event::Room(event) => {
            let (kind, body) = room(event);
            text(&(kind, body)).map(|arguments| format!("42{arguments}"))
        }
        Event::Reply { to: ReplyTo::Acknowledgement(number), result } => {
            text(&[reply(result)]).map(|arguments| format!("43{number}{arguments}"))
        }
        _ => None,
    }
}

/// Strings, numbers and lists of them: there is nothing in it that could fail to be written.
fn text(value: &impl Serialize) -> Option<String> {
    serde_json::to_string(value).ok()
}

#[derive(Serialize)]
struct Tagged<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    body: Room<'a>,
}

#[derive(Serialize)]
struct Reply<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a serde_json::value::RawValue,
    #[serde(flatten)]
    body: Body<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Room<'a> {
    Welcome {
        user: PersonBody<'a>,
        session: String,
    },
    Said {
        room: &'a str,
        seq: u64,
        message: MessageBody<'a>,
    },
    Changed {
        room: &'a str,
        #[serde(flatten)]
        change: ChangeBody<'a>,
    },
    Person {
        room: &'a str,
        user: PersonBody<'a>,
    },
    Members {
        room: &'a str,
        members: usize,
        online: usize,
        joined: u32,
        left: u32,
    },
    Typing {
        room: &'a str,
        user: PersonBody<'a>,
        typing: bool,
    },
    Presence {
        user: PersonBody<'a>,
        online: bool,
    },
    Created {
        room: &'a str,
        kind: &'static str,
        topic: &'a str,
        by: PersonBody<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        with: Option<PersonBody<'a>>,
    },
    Topic {
        room: &'a str,
        topic: &'a str,
        by: PersonBody<'a>,
    },
    Read {
        room: &'a str,
        user: PersonBody<'a>,
        seq: u64,
    },
    Resync {
        room: &'a str,
    },
}

/// The name of an event, and its fields.
fn room(event: &RoomEvent) -> (&'static str, Room<'_>) {
    match event {
        RoomEvent::Welcome { user, connection } => {
            ("welcome", Room::Welcome { user: user.into(), session: connection.to_string() })
        }
        RoomEvent::Said { room, message } => {
            ("message", Room::Said { room: room.as_str(), seq: message.seq, message: message.into() })
        }
        RoomEvent::Changed { room, change } => {
            (change_name(change), Room::Changed { room: room.as_str(), change: change.into() })
        }
        RoomEvent::Joined { room, user } => ("joined", Room::Person { room: room.as_str(), user: user.into() }),
        RoomEvent::Left { room, user } => ("left", Room::Person { room: room.as_str(), user: user.into() }),
        RoomEvent::MembersChanged { room, members, online, joined, left } => {
            let (members, online, joined, left) = (*members, *online, *joined, *left);
            ("members_changed", Room::Members { room: room.as_str(), members, online, joined, left })
        }
        RoomEvent::Typing { room, user, typing } => {
            ("typing", Room::Typing { room: room.as_str(), user: user.into(), typing: *typing })
        }
        RoomEvent::Presence { user, online } => ("presence", Room::Presence { user: user.into(), online: *online }),
        RoomEvent::Created { room, kind, topic, by, with } => {
            let (kind, with) = (kind.as_str(), with.as_ref().map(PersonBody::from));
            ("room_created", Room::Created { room: room.as_str(), kind, topic, by: by.into(), with })
        }
        RoomEvent::TopicChanged { room, topic, by } => {
            ("room_changed", Room::Topic { room: room.as_str(), topic, by: by.into() })
        }
        RoomEvent::Read { room, user, seq } => {
            ("read", Room::Read { room: room.as_str(), user: user.into(), seq: *seq })
        }
        RoomEvent::Resync { room } => ("resync", Room::Resync { room: room.as_str() }),
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Ok {
        ok: bool,
        #[serde(flatten)]
        answer: AnswerBody<'a>,
    },
    Refused {
        ok: bool,
        error: RefusalBody<'a>,
    },
}

#[derive(Serialize)]
struct RefusalBody<'a> {
    code: &'static str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum AnswerBody<'a> {
    Done {},
    Room { room: &'a str },
    Created { room: &'a str, history: &'static str, epoch: String },
    Joined(Box<JoinedBody<'a>>),
    Posted { message_id: String, seq: u64, at: String },
    Changed { seq: Option<u64>, at: String },
    History { messages: Vec<PlacedBody<'a>> },
    Online { online: Vec<PersonBody<'a>> },
    Topic { topic: &'a str },
    Rooms { rooms: Vec<SummaryBody<'a>> },
}

#[derive(Serialize)]
struct JoinedBody<'a> {
    room: &'a str,
    kind: &'static str,
    topic: &'a str,
    history: &'static str,
    epoch: String,
    seq: u64,
    read_seq: u64,
    members: Vec<PersonBody<'a>>,
    member_count: usize,
    online_count: usize,
    #[serde(flatten)]
    replay: Option<ReplayBody<'a>>,
}

#[derive(Serialize)]
struct ReplayBody<'a> {
    recovered: bool,
    messages: Vec<PlacedBody<'a>>,
    changes: Vec<TaggedChange<'a>>,
}

#[derive(Serialize)]
struct TaggedChange<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    change: ChangeBody<'a>,
}

fn reply(result: &Result<Answer, Refusal>) -> Body<'_> {
    match result {
        Ok(answer) => Body::Ok { ok: true, answer: answered(answer) },
        Err(Refusal { code, detail, path }) => {
            Body::Refused { ok: false, error: RefusalBody { code, detail, path: path.as_deref() } }
        }
    }
}

fn answered(answer: &Answer) -> AnswerBody<'_> {
    match answer {
        Answer::Done => AnswerBody::Done {},
        Answer::Room { room } => AnswerBody::Room { room: room.as_str() },
        Answer::Created { room, history, epoch } => {
            AnswerBody::Created { room: room.as_str(), history: history.as_str(), epoch: epoch.to_string() }
        }
        Answer::Joined(joined) => AnswerBody::Joined(Box::new(joined_body(joined))),
        Answer::Posted { message } => {
            AnswerBody::Posted { message_id: message.id.to_string(), seq: message.seq, at: message.at.to_string() }
        }
        Answer::Changed { seq, at } => AnswerBody::Changed { seq: *seq, at: at.to_string() },
        Answer::History { messages } => {
            AnswerBody::History { messages: messages.iter().map(PlacedBody::from).collect() }
        }
        Answer::Online { online } => AnswerBody::Online { online: online.iter().map(PersonBody::from).collect() },
        Answer::Topic { topic } => AnswerBody::Topic { topic },
        Answer::Rooms { rooms } => AnswerBody::Rooms { rooms: rooms.iter().map(SummaryBody::from).collect() },
    }
}

fn joined_body(joined: &Joined) -> JoinedBody<'_> {
    let replay = joined.replay.as_ref().map(|replay| ReplayBody {
        recovered: replay.recovered,
        messages: replay.messages.iter().map(PlacedBody::from).collect(),
        changes: replay
            .changes
            .iter()
            .map(|change| TaggedChange { kind: change_name(change), change: change.into() })
            .collect(),
    });
    JoinedBody {
        room: joined.room.as_str(),
        kind: joined.kind.as_str(),
        topic: &joined.topic,
        history: joined.history.as_str(),
        epoch: joined.epoch.to_string(),
        seq: joined.seq,
        read_seq: joined.read_seq,
        members: joined.members.iter().map(PersonBody::from).collect(),
        member_count: joined.member_count,
        online_count: joined.online_count,
        replay,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tocsin_actors::domain::{Person, RoomName, UserId};

    use super::*;

    fn joined() -> Event {
        let id: UserId = "0199d0a0-0000-7000-8000-000000000001".parse().unwrap();
        let user = Person { id, name: "A\"da".into() };
        Event::Room(RoomEvent::Joined { room: RoomName::parse("ops").unwrap(), user })
    }

    #[test]
    fn an_event_has_the_same_fields_on_every_carrier() {
        let fields = json!({"room": "ops", "user": {"id": "0199d0a0-0000-7000-8000-000000000001", "name": "A\"da"}});
        let plain: Value = serde_json::from_str(&plain(&joined()).unwrap()).unwrap();
        let mut expected = fields.clone();
        expected["type"] = "joined".into();
        assert_eq!(plain, expected);
        let packet = socketio(&joined()).unwrap();
        let arguments: Value = serde_json::from_str(packet.strip_prefix("42").unwrap()).unwrap();
        assert_eq!(arguments, json!(["joined", fields]));
    }

    #[test]
    fn a_reply_repeats_the_id_and_goes_to_whoever_asked() {
        let reply = |to, result| Event::Reply { to, result };
        let done = plain(&reply(ReplyTo::Plain("\"a\\\"b\"".into()), Ok(Answer::Done))).unwrap();
        assert_eq!(done, r#"{"type":"reply","id":"a\"b","ok":true}"#);
        let refusal = Refusal { path: Some("/text".into()), ..Refusal::new("bad_request", "x") };
        let refused = socketio(&reply(ReplyTo::Acknowledgement(7), Err(refusal))).unwrap();
        assert_eq!(refused, r#"437[{"ok":false,"error":{"code":"bad_request","detail":"x","path":"/text"}}]"#);
        assert_eq!(plain(&reply(ReplyTo::Nobody, Ok(Answer::Done))), None);
        assert_eq!(socketio(&reply(ReplyTo::Plain("1".into()), Ok(Answer::Done))), None);
    }
}
