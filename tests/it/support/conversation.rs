//! A conversation that goes on whatever happens to the server or the network, and what must be true of it afterwards.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_rt::task::JoinHandle;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::chatter::Account;
use super::soon;
use super::viewer::Viewer;

/// Nobody is too fast.
pub(crate) const UNTHROTTLED: [&str; 4] =
    ["--set", "limits.messages_per_second=100000", "--set", "limits.messages_per_second_of_user=100000"];

/// A client that never gives up: it reconnects, resumes, and sends each text again until it is answered.
pub(crate) struct Stubborn {
    who: Account,
    server: watch::Receiver<SocketAddr>,
    stop: Arc<AtomicBool>,
    /// Epoch and number of the last thing seen.
    position: Option<(Value, u64)>,
    /// Every message, in the order in which it was seen.
    seen: Vec<(u64, String)>,
    /// What was answered.
    answered: Vec<(u64, String)>,
}

impl Stubborn {
    async fn talk(mut self) -> Self {
        let mut n = 0;
        while !self.stop.load(Ordering::Relaxed) {
            if let Some(mut socket) = self.reconnect().await {
                let _: Option<()> = self.converse(&mut socket, &mut n).await;
            }
        }
        self
    }

    /// `None` when the server is away.
    async fn reconnect(&mut self) -> Option<Viewer> {
        let addr = *self.server.borrow_and_update();
        let token = format!("Bearer {}", self.who.token);
        let opened = Viewer::try_connect_to(addr, "/ws/chat", &[("authorization", &token)]).await;
        let Some(mut socket) = opened else {
            // Somebody who listens was only cut off. Else another server is on its way; its address says when it is there.
            if TcpStream::connect(addr).await.is_err() {
                let _ = tokio::time::timeout(Duration::from_secs(20), self.server.changed()).await;
            }
            return None;
        };
        let mut join = json!({"type": "join", "id": "join", "room": "ops"});
        if let Some((epoch, seq)) = &self.position {
            join["since"] = json!({"epoch": epoch, "seq": seq});
        }
        socket.try_send(join).await?;
        loop {
            let frame = socket.next().await.ok()?;
            if frame["id"] == "join" {
                assert_eq!(frame["ok"], true, "{frame}");
                if self.position.is_some() {
                    assert_eq!(frame["recovered"], true, "{frame}");
                    for one in frame["messages"].as_array().unwrap() {
                        self.see(one["seq"].as_u64().unwrap(), &one["message"]["text"]);
                    }
                }
                let seq = frame["seq"].as_u64().unwrap();
                self.position = Some((frame["epoch"].clone(), seq));
                return Some(socket);
            }
            assert_ne!(frame["type"], "message", "an event came before the answer to join");
        }
    }

    fn see(&mut self, seq: u64, text: &Value) {
        self.seen.push((seq, text.as_str().unwrap().to_owned()));
        if let Some((_, last)) = &mut self.position {
            *last = seq;
        }
    }

    async fn converse(&mut self, socket: &mut Viewer, n: &mut u64) -> Option<()> {
        while !self.stop.load(Ordering::Relaxed) {
            let text = format!("{}-{n}", self.who.name);
            // The same client_id until it is answered, across every crash.
            socket
                .try_send(json!({"type": "send", "id": text, "room": "ops", "text": text, "client_id": text}))
                .await?;
            loop {
                let frame = socket.next().await.ok()?;
                if frame["type"] == "message" {
                    self.see(frame["seq"].as_u64().unwrap(), &frame["message"]["text"]);
                } else if frame["id"] == text.as_str() {
                    if frame["ok"] == true {
                        self.answered.push((frame["seq"].as_u64().unwrap(), text.clone()));
                        *n += 1;
                    }
                    break;
                }
            }
        }
        Some(())
    }
}

/// Clients that talk in the room `ops`.
pub(crate) struct Conversation {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Stubborn>>,
}

impl Conversation {
    /// Makes the room, and lets these people talk, each at an address that may change.
    pub(crate) async fn begin(server: SocketAddr, people: [(&str, watch::Receiver<SocketAddr>); 4]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut clients = Vec::new();
        for (name, address) in people {
            let who = Account::register(server, name).await;
            if clients.is_empty() {
                let bearer = format!("Bearer {}", who.token);
                let mut socket = Viewer::connect_to(server, "/ws/chat", &[("authorization", &bearer)]).await.unwrap();
                socket.send(json!({"type": "create_room", "id": 1, "room": "ops"})).await;
                socket.until("a room", |frame| frame["id"] == 1 && frame["ok"] == true).await;
            }
            let stubborn = Stubborn {
                who,
                server: address,
                stop: Arc::clone(&stop),
                position: None,
                seen: Vec::new(),
                answered: Vec::new(),
            };
            clients.push(actix_rt::spawn(stubborn.talk()));
        }
        Self { stop, clients }
    }

    /// Ends it. What was answered is in the history, once and in order, and so is what each of them saw, without a gap;
    /// everybody got more than `least` answers.
    pub(crate) async fn end(self, witness: &mut Witness, least: usize) {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for client in self.clients {
            all.push(soon("a client to end", client).await.unwrap());
        }
        let history = witness.history().await;
        assert!(history.iter().enumerate().all(|(at, (seq, _))| *seq == at as u64 + 1), "a gap or a double");
        let mut texts: Vec<&String> = history.iter().map(|(_, text)| text).collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), history.len(), "something was said twice");
        let at = |seq: u64| history.get(usize::try_from(seq).unwrap() - 1);
        for client in &all {
            for answered in &client.answered {
                assert_eq!(at(answered.0), Some(answered), "lost after its answer");
            }
            let name = &client.who.name;
            assert!(client.seen.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1), "{name} saw a gap or a double");
            for seen in &client.seen {
                assert_eq!(at(seen.0), Some(seen));
            }
            assert!(client.answered.len() > least, "{name} did not get on");
        }
    }
}

/// Looks on, so that the test knows how far the conversation is.
pub(crate) struct Witness {
    who: Account,
    socket: Viewer,
}

impl Witness {
    pub(crate) async fn new(addr: SocketAddr) -> Self {
        let who = Account::register(addr, "Witness").await;
        let socket = Self::open(addr, &who).await;
        Self { who, socket }
    }

    async fn open(addr: SocketAddr, who: &Account) -> Viewer {
        let bearer = format!("Bearer {}", who.token);
        let mut socket = Viewer::connect_to(addr, "/ws/chat", &[("authorization", &bearer)]).await.unwrap();
        socket.send(json!({"type": "join", "id": 1, "room": "ops"})).await;
        socket.until("a join", |frame| frame["id"] == 1 && frame["ok"] == true).await;
        socket
    }

    pub(crate) async fn reconnect(&mut self, addr: SocketAddr) {
        self.socket = Self::open(addr, &self.who).await;
    }

    pub(crate) async fn hear(&mut self, count: usize) {
        for _ in 0..count {
            self.socket.until("a message", |frame| frame["type"] == "message").await;
        }
    }

    /// Waits for so many messages of one of them.
    pub(crate) async fn hear_of(&mut self, name: &str, count: usize) {
        for _ in 0..count {
            self.socket
                .until("a message", |frame| frame["type"] == "message" && frame["message"]["author"]["name"] == name)
                .await;
        }
    }

    async fn history(&mut self) -> Vec<(u64, String)> {
        let mut all: Vec<(u64, String)> = Vec::new();
        loop {
            let after = all.last().map_or(0, |(seq, _)| *seq);
            self.socket
                .send(json!({"type": "history", "id": after, "room": "ops", "after": after, "limit": 200}))
                .await;
            let page = self.socket.until("history", |frame| frame["type"] == "reply" && frame["id"] == after).await;
            let messages = page["messages"].as_array().unwrap();
            if messages.is_empty() {
                return all;
            }
            let text = |one: &Value| one["message"]["text"].as_str().unwrap().to_owned();
            all.extend(messages.iter().map(|one| (one["seq"].as_u64().unwrap(), text(one))));
        }
    }
}
