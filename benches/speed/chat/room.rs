//! A room full of members, at Tocsin or at a peer.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use crate::server::Server;
use crate::websocket::{self, Reader, Writer};

/// Who serves the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A room that keeps no history.
    Tocsin,
    /// A room that does.
    Durable,
    /// The first, for clients of Socket.IO.
    TocsinSocketIo,
    /// Bun's `publish` of what came.
    Bun,
    /// The same with parsing, stamping and acknowledging.
    BunChat,
    /// The `ws` package on Node.
    Ws,
    /// The Socket.IO server on Node.
    SocketIo,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tocsin => "Tocsin, no history",
            Self::Durable => "Tocsin, durable",
            Self::TocsinSocketIo => "Tocsin, no history, Socket.IO",
            Self::Bun => "Bun publish, bare",
            Self::BunChat => "Bun publish, chat",
            Self::Ws => "node ws, bare",
            Self::SocketIo => "Socket.IO server",
        }
    }

    fn is_ours(self) -> bool {
        matches!(self, Self::Tocsin | Self::Durable | Self::TocsinSocketIo)
    }

    fn speaks(self) -> Speech {
        match self {
            Self::Tocsin | Self::Durable => Speech::Plain,
            Self::TocsinSocketIo | Self::SocketIo => Speech::SocketIo,
            Self::BunChat => Speech::Requests,
            Self::Bun | Self::Ws => Speech::Bare,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speech {
    /// Sign in, join, requests.
    Plain,
    /// The same as packets.
    SocketIo,
    /// Requests, without joining.
    Requests,
    /// Whatever is sent goes to all.
    Bare,
}

impl Speech {
    fn say(self, number: u64, text: &str) -> String {
        match self {
            Self::Bare => text.to_owned(),
            Self::Plain | Self::Requests => {
                format!(r#"{{"type":"send","id":{number},"room":"bench","text":"{text}","client_id":"{number}"}}"#)
            }
            Self::SocketIo => {
                format!(r#"42{number}["send",{{"room":"bench","text":"{text}","client_id":"{number}"}}]"#)
            }
        }
    }

    fn is_message(self, text: &[u8]) -> bool {
        match self {
            Self::Bare => true,
            Self::Plain | Self::Requests => text.starts_with(br#"{"type":"message""#),
            Self::SocketIo => text.starts_with(br#"42["message""#),
        }
    }
}

/// Enough for every part; nothing but the work itself is to be the limit.
const SETTINGS: [&str; 10] = [
    "auth.scrypt_log_n=10",
    "auth.attempts_per_address=1000000",
    "auth.attempts_per_account=1000000",
    "limits.connections=30000",
    "limits.connections_per_user=20000",
    "limits.connections_per_ip=30000",
    "limits.messages_per_second=100000",
    "limits.messages_per_second_of_user=1000000",
    "limits.heartbeat_seconds=300",
    "chat.requests_waiting=10000",
];

/// A server on the first core, and accounts of its members.
pub(super) struct Place {
    pub(super) kind: Kind,
    pub(super) server: Server,
    tokens: Vec<String>,
    _dir: TempDir,
}

impl Place {
    /// Starts it, with so many accounts.
    pub(super) async fn open(kind: Kind, accounts: usize) -> Self {
        let dir = TempDir::new().unwrap();
        if !kind.is_ours() {
            let server = Server::of(peer(kind));
            return Self { kind, server, tokens: Vec::new(), _dir: dir };
        }
        let settings: Vec<&str> = SETTINGS.iter().flat_map(|setting| ["--set", setting]).collect();
        let mut command = pinned(Path::new(env!("CARGO_BIN_EXE_tocsin")));
        Server::arguments(&mut command, dir.path(), &settings);
        let mut server = Server::of(command);
        let mut tokens = Vec::new();
        for number in 0..accounts {
            let body = json!({
                "email": format!("member-{number}@example.org"),
                "password": "correct horse battery",
                "name": format!("Member {number}"),
            });
            let answer = server.post("/api/v1/auth/register", "application/json", body.to_string()).await;
            tokens.push(answer["access_token"].as_str().expect("a token").to_owned());
        }
        server.token.clone_from(&tokens[0]);
        let history = if kind == Kind::Durable { "durable" } else { "none" };
        let room = json!({"name": "bench", "history": history});
        server.post("/api/v1/rooms", "application/json", room.to_string()).await;
        Self { kind, server, tokens, _dir: dir }
    }

    /// Opens a connection that is signed in, and not in the room.
    pub(super) async fn connect(&self, number: usize) -> (Writer, Reader) {
        let address = self.server.url.trim_start_matches("http://");
        let token = |number: usize| &self.tokens[number % self.tokens.len()];
        match self.kind.speaks() {
            Speech::Plain => {
                let more = format!("Authorization: Bearer {}\r\n", token(number));
                let (writer, mut reader) = websocket::connect(address, "/ws/chat", &more).await.unwrap();
                reader.wait_for(|text| text.starts_with(br#"{"type":"welcome""#)).await.unwrap();
                (writer, reader)
            }
            Speech::SocketIo => {
                let path = "/socket.io/?EIO=4&transport=websocket";
                let (mut writer, mut reader) = websocket::connect(address, path, "").await.unwrap();
                reader.wait_for(|text| text.starts_with(b"0{")).await.unwrap();
                let auth = if self.kind.is_ours() { json!({"token": token(number)}) } else { json!({}) };
                writer.text(&format!("40{auth}")).await.unwrap();
                reader.wait_for(|text| text.starts_with(b"40{")).await.unwrap();
                (writer, reader)
            }
            Speech::Requests | Speech::Bare => {
                let (writer, mut reader) = websocket::connect(address, "/", "").await.unwrap();
                reader.wait_for(|text| text == b"welcome").await.unwrap();
                (writer, reader)
            }
        }
    }

    /// Lets a connection into the room.
    pub(super) async fn join(&self, writer: &mut Writer, reader: &mut Reader) {
        match self.kind.speaks() {
            Speech::Plain => {
                writer.text(r#"{"type":"join","id":1,"room":"bench"}"#).await.unwrap();
                reader.wait_for(|text| text.starts_with(br#"{"type":"reply","id":1"#)).await.unwrap();
            }
            Speech::SocketIo => {
                writer.text(r#"420["join",{"room":"bench"}]"#).await.unwrap();
                reader.wait_for(|text| text.starts_with(b"430[")).await.unwrap();
            }
            Speech::Requests | Speech::Bare => {}
        }
    }

    /// Opens a room full of members.
    pub(super) async fn fill(&self, members: usize) -> Crowd {
        let mut writers = Vec::new();
        let mut readers = Vec::new();
        for number in 0..members {
            let (mut writer, mut reader) = self.connect(number).await;
            self.join(&mut writer, &mut reader).await;
            writers.push(writer);
            readers.push(reader);
        }
        Crowd { speech: self.kind.speaks(), writers, readers }
    }
}

/// The members of a room.
pub(super) struct Crowd {
    speech: Speech,
    pub(super) writers: Vec<Writer>,
    pub(super) readers: Vec<Reader>,
}

/// What members saw.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) messages: Cell<u64>,
    /// Milliseconds from sending to receiving, where the text says when it was sent.
    pub(super) latencies: RefCell<Vec<f64>>,
    pub(super) noted: Cell<bool>,
}

impl Crowd {
    /// So many messages a second, in turn from the first ten members. Ends `window` after `warm_up`; what was used
    /// and seen within it.
    pub(super) async fn steady(
        self,
        server: &Server,
        a_second: u32,
        warm_up: Duration,
        window: Duration,
    ) -> (Duration, Rc<Seen>) {
        let Self { speech, mut writers, readers } = self;
        let seen = Rc::new(Seen::default());
        let began = Instant::now();
        for mut reader in readers {
            let seen = Rc::clone(&seen);
            actix_rt::spawn(async move {
                let took = |text: &[u8]| {
                    if !speech.is_message(text) {
                        return;
                    }
                    seen.messages.set(seen.messages.get() + 1);
                    if seen.noted.get()
                        && let Some(sent) = sent_at(text)
                    {
                        let took = began.elapsed().as_secs_f64() * 1e3 - sent;
                        seen.latencies.borrow_mut().push(took);
                    }
                };
                while reader.texts(took).await.is_ok() {}
            });
        }
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / a_second);
        let mut mark = None;
        for number in 1_u64.. {
            ticks.tick().await;
            if mark.is_none() && began.elapsed() >= warm_up {
                seen.messages.set(0);
                seen.noted.set(true);
                mark = Some(server.cpu());
            }
            if began.elapsed() >= warm_up + window {
                break;
            }
            let senders = writers.len().min(10);
            // Forty bytes.
            let text = format!("sent at {:014.3} ms after the start", began.elapsed().as_secs_f64() * 1e3);
            writers[number as usize % senders].text(&speech.say(number, &text)).await.unwrap();
        }
        (server.cpu() - mark.unwrap(), seen)
    }

    /// Each member says something whenever it has seen what everybody said before.
    pub(super) async fn closed_loop(
        self,
        server: &Server,
        warm_up: Duration,
        window: Duration,
    ) -> (Duration, Rc<Seen>) {
        let Self { speech, writers, readers } = self;
        let members = writers.len() as u64;
        let seen = Rc::new(Seen::default());
        for (mut writer, mut reader) in writers.into_iter().zip(readers) {
            let seen = Rc::clone(&seen);
            actix_rt::spawn(async move {
                let (mut said, mut got) = (0_u64, 0_u64);
                loop {
                    while said * members <= got {
                        said += 1;
                        let text = speech.say(said, "the quick brown fox jumps over the dog!!");
                        if writer.text(&text).await.is_err() {
                            return;
                        }
                    }
                    let mut more = 0;
                    if reader.texts(|text| more += u64::from(speech.is_message(text))).await.is_err() {
                        return;
                    }
                    got += more;
                    seen.messages.set(seen.messages.get() + more);
                }
            });
        }
        tokio::time::sleep(warm_up).await;
        seen.messages.set(0);
        let before = server.cpu();
        tokio::time::sleep(window).await;
        (server.cpu() - before, seen)
    }
}

fn sent_at(text: &[u8]) -> Option<f64> {
    let at = text.windows(8).position(|eight| eight == b"sent at ")?;
    std::str::from_utf8(text.get(at + 8..at + 22)?).ok()?.parse().ok()
}

fn pinned(program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

fn peer(kind: Kind) -> Command {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/speed/chat/peers");
    let (program, arguments): (_, &[&str]) = match kind {
        Kind::Bun => (peers.join("node_modules/.bin/bun"), &["bun.mjs", "bare"]),
        Kind::BunChat => (peers.join("node_modules/.bin/bun"), &["bun.mjs", "chat"]),
        Kind::Ws => ("node".into(), &["ws.mjs"]),
        _ => ("node".into(), &["socketio.mjs"]),
    };
    let mut command = pinned(&program);
    command.args(arguments).current_dir(peers).env("NODE_ENV", "production");
    command
}

/// Leaves the first core to the servers. The threads of this process, and those they start.
pub(super) fn keep_off_the_first_core() {
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-acp", "1", &own]).stdout(Stdio::null()).status();
    assert!(pinned.is_ok_and(|status| status.success()), "taskset (util-linux) is needed");
}
