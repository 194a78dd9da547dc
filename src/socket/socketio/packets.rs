//! Packets of Socket.IO, to and from the messages of Engine.IO.

use bytes::Bytes;
use serde_json::Value;
use serde_json::value::RawValue;
use socketioxide_core::packet::{Packet, PacketData};
use socketioxide_core::parser::{Parse as _, ParseConfig, ParseError, ParserState};
use socketioxide_core::{Str, Value as Payload};
use socketioxide_parser_common::CommonParser;

use super::{Event, Options, Refusal};
use crate::socket::engineio::Message;

/// Names that the protocol keeps for itself.
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];
/// How long the attachments of a packet may take.
const COMPLETION: std::time::Duration = std::time::Duration::from_secs(60);

/// What a client sent.
#[derive(Debug)]
pub(super) enum Incoming {
    /// Let me into this namespace.
    Connect(Value),
    /// I leave it.
    Disconnect,
    /// Something happened.
    Event(Event),
    /// An acknowledgement of ours, which nobody here waits for.
    Acknowledgement,
}

/// It cannot be understood: the connection is closed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// Puts packets together.
pub(super) struct Reader {
    config: ParseConfig,
    state: ParserState,
}

impl Reader {
    pub(super) fn new(options: &Options) -> Self {
        let config = ParseConfig {
            max_incoming_binary_buf_size: options.attachment_bytes,
            max_incoming_binaries: options.attachments,
            packet_completion_timeout: COMPLETION,
        };
        Self { config, state: ParserState::default() }
    }

    /// The namespace and what came for it; nothing while attachments are awaited.
    pub(super) fn read(&mut self, message: Message) -> Result<Option<(Str, Incoming)>, Broken> {
        let packet = match message {
            Message::Text(text) | Message::Packet(text) => {
                CommonParser.decode_str(&self.config, &self.state, String::from(&*text).into())
            }
            Message::Binary(bytes) => CommonParser.decode_bin(&self.config, &self.state, bytes),
        };
        match packet {
            Ok(Packet { inner, ns }) => Ok(Some((ns, incoming(inner)?))),
            Err(ParseError::NeedsMoreBinaryData) => Ok(None),
            Err(_) => Err(Broken),
        }
    }
}

fn incoming(packet: PacketData) -> Result<Incoming, Broken> {
    match packet {
        PacketData::Connect(auth) => Ok(Incoming::Connect(auth_of(auth.as_ref())?)),
        PacketData::Disconnect => Ok(Incoming::Disconnect),
        PacketData::Event(payload, ack) | PacketData::BinaryEvent(payload, ack) => {
            event(payload, ack).map(Incoming::Event)
        }
        PacketData::EventAck(..) | PacketData::BinaryAck(..) => Ok(Incoming::Acknowledgement),
        PacketData::ConnectError(_) => Err(Broken),
    }
}

fn auth_of(payload: Option<&Payload>) -> Result<Value, Broken> {
    let text = match payload {
        Some(Payload::Str(text, _)) if !text.is_empty() => text,
        Some(Payload::Bytes(_)) => return Err(Broken),
        _ => return Ok(Value::Object(serde_json::Map::new())),
    };
    let auth: Value = serde_json::from_str(text).map_err(|_| Broken)?;
    if auth.is_object() { Ok(auth) } else { Err(Broken) }
}

fn event(payload: Payload, ack: Option<i64>) -> Result<Event, Broken> {
    let Payload::Str(text, attachments) = payload else { return Err(Broken) };
    let mut items: Vec<Box<RawValue>> = serde_json::from_str(&text).map_err(|_| Broken)?;
    if items.is_empty() {
        return Err(Broken);
    }
    let args = items.split_off(1);
    let name: String = items.first().and_then(|name| serde_json::from_str(name.get()).ok()).ok_or(Broken)?;
    if RESERVED.contains(&name.as_str()) {
        return Err(Broken);
    }
    Ok(Event { name, args, attachments: attachments.unwrap_or_default().into(), ack })
}

/// The client is in the namespace now.
pub(super) fn connected(namespace: &Str, sid: &str) -> Vec<Message> {
    let payload = serde_json::json!({"sid": sid}).to_string();
    encode(namespace, PacketData::Connect(Some(Payload::Str(payload.into(), None))))
}

/// It is not let in.
pub(super) fn refused(namespace: &Str, refusal: &Refusal) -> Vec<Message> {
    // The parser writes the message alone, without data.
    let mut body = serde_json::json!({"message": refusal.message});
    if let (Some(data), Some(body)) = (&refusal.data, body.as_object_mut()) {
        body.insert("data".into(), data.clone());
    }
    let place = if **namespace == *"/" { String::new() } else { format!("{namespace},") };
    vec![Message::Text(format!("4{place}{body}").into())]
}

pub(super) fn disconnected(namespace: &Str) -> Vec<Message> {
    encode(namespace, PacketData::Disconnect)
}

pub(super) fn emitted(namespace: &Str, name: &str, args: &[Box<RawValue>], attachments: Vec<Bytes>) -> Vec<Message> {
    let name = Value::from(name).to_string();
    let items = std::iter::once(name.as_str()).chain(args.iter().map(|arg| arg.get()));
    let payload = payload(items, attachments);
    encode(namespace, Packet::event(namespace.clone(), payload).inner)
}

pub(super) fn acknowledged(namespace: &Str, ack: i64, args: &[Box<RawValue>], attachments: Vec<Bytes>) -> Vec<Message> {
    let payload = payload(args.iter().map(|arg| arg.get()), attachments);
    encode(namespace, Packet::ack(namespace.clone(), payload, ack).inner)
}

fn payload<'a>(items: impl Iterator<Item = &'a str>, attachments: Vec<Bytes>) -> Payload {
    let list = format!("[{}]", items.collect::<Vec<_>>().join(","));
    let attachments = (!attachments.is_empty()).then(|| attachments.into());
    Payload::Str(list.into(), attachments)
}

fn encode(namespace: &Str, inner: PacketData) -> Vec<Message> {
    match CommonParser.encode(Packet { inner, ns: namespace.clone() }) {
        Payload::Str(text, attachments) => {
            let attachments = attachments.unwrap_or_default().into_iter().map(Message::Binary);
            std::iter::once(Message::Text(String::from(text).into())).chain(attachments).collect()
        }
        Payload::Bytes(bytes) => vec![Message::Binary(bytes)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader() -> Reader {
        Reader::new(&Options { connect_timeout: COMPLETION, attachments: 2, attachment_bytes: 10, control_packets: 1 })
    }

    fn text(text: &str) -> Message {
        Message::Text(text.into())
    }

    #[test]
    fn events_keep_their_arguments_and_attachments() {
        let mut reader = reader();
        let (namespace, incoming) = reader.read(text(r#"2/custom,7["hello",1,{"a":[true]}]"#)).unwrap().unwrap();
        let Incoming::Event(event) = incoming else { panic!("{incoming:?}") };
        let args: Vec<&str> = event.args.iter().map(|arg| arg.get()).collect();
        assert_eq!(
            (&*namespace, &*event.name, args, event.ack),
            ("/custom", "hello", vec!["1", r#"{"a":[true]}"#], Some(7))
        );

        let binary = r#"51-["file",{"_placeholder":true,"num":0}]"#;
        assert!(reader.read(text(binary)).unwrap().is_none());
        let attachment = Message::Binary(Bytes::from_static(b"abc"));
        let (_, incoming) = reader.read(attachment.clone()).unwrap().unwrap();
        let Incoming::Event(event) = incoming else { panic!("{incoming:?}") };
        let root = Str::from("/");
        let sent = emitted(&root, &event.name, &event.args, event.attachments);
        assert_eq!(sent, [text(binary), attachment]);
        assert_eq!(acknowledged(&root, 7, &event.args[..0], vec![]), [text("37[]")]);
    }

    #[test]
    fn what_cannot_be_understood_is_broken() {
        for bad in [
            "abc",
            "",
            "9",
            "2",
            "2{}",
            "2[]",
            "2[7]",
            r#"2["connect"]"#,
            r#"2abc["x"]"#,
            "0[1]",
            "0\"x\"",
            "4{}",
            r#"53-["x",{"_placeholder":true,"num":0}]"#,
        ] {
            assert_eq!(reader().read(text(bad)).map(|_| ()), Err(Broken), "{bad}");
        }
        assert_eq!(reader().read(Message::Binary(Bytes::new())).map(|_| ()), Err(Broken));
        let mut heavy = reader();
        assert!(heavy.read(text(r#"51-["x",{"_placeholder":true,"num":0}]"#)).unwrap().is_none());
        assert_eq!(heavy.read(Message::Binary(Bytes::from_static(&[0; 11]))).map(|_| ()), Err(Broken));
    }

    #[test]
    fn answers_of_the_protocol_are_as_it_says() {
        let (root, custom) = (Str::from("/"), Str::from("/custom"));
        assert_eq!(connected(&root, "x"), [text(r#"0{"sid":"x"}"#)]);
        assert_eq!(connected(&custom, "x"), [text(r#"0/custom,{"sid":"x"}"#)]);
        let refusal = Refusal { message: "Invalid namespace".into(), data: None };
        assert_eq!(refused(&custom, &refusal), [text(r#"4/custom,{"message":"Invalid namespace"}"#)]);
        assert_eq!(disconnected(&root), [text("1")]);
    }
}
