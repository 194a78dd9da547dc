//! `kill -9` in the middle of a conversation: what was answered is there once, in order, for everyone.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::support::binary::Binary;
use crate::support::chatter::Account;
use crate::support::viewer::Viewer;

const ROUNDS: usize = 20;
const SETS: [&str; 6] = [
    "--set",
    "limits.messages_per_second=100000",
    "--set",
    "limits.messages_per_second_of_user=100000",
    "--set",
    "server.public_url=http://localhost",
];

/// A client that never gives up: it reconnects, resumes, and sends each text again until it is answered.
struct Stubborn {
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
            // Another server is on its way; its address says when it is there.
            let _ = tokio::time::timeout(Duration::from_secs(20), self.server.changed()).await;
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

#[actix_rt::test]
async fn what_was_answered_is_there_once_and_in_order_for_everyone() {
    let dir = TempDir::new().unwrap();
    let serve = |dir: &std::path::Path| Binary::serve(dir, &SETS);
    let mut server = serve(dir.path());
    let (address, receiver) = watch::channel(server.addr);
    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = Vec::new();
    for name in ["Ann", "Bob", "Cid", "Dan"] {
        let who = Account::register(server.addr, name).await;
        if name == "Ann" {
            let bearer = format!("Bearer {}", who.token);
            let mut socket = Viewer::connect_to(server.addr, "/ws/chat", &[("authorization", &bearer)]).await.unwrap();
            socket.send(json!({"type": "create_room", "id": 1, "room": "ops"})).await;
            socket.until("a room", |frame| frame["id"] == 1 && frame["ok"] == true).await;
        }
        let stubborn = Stubborn {
            who,
            server: receiver.clone(),
            stop: Arc::clone(&stop),
            position: None,
            seen: Vec::new(),
            answered: Vec::new(),
        };
        clients.push(actix_rt::spawn(stubborn.talk()));
    }
    let mut witness = Witness::new(server.addr).await;
    for _ in 0..ROUNDS {
        // In the middle of it: some messages further, whatever the machine's pace.
        witness.hear(7).await;
        server.kill();
        server = serve(dir.path());
        address.send(server.addr).unwrap();
        witness.reconnect(server.addr).await;
    }
    witness.hear(20).await;
    stop.store(true, Ordering::Relaxed);
    let mut all = Vec::new();
    for client in clients {
        all.push(crate::support::soon("a client to end", client).await.unwrap());
    }
    let history = witness.history().await;
    assert!(history.iter().enumerate().all(|(at, (seq, _))| *seq == at as u64 + 1), "a gap or a double");
    let mut texts: Vec<&String> = history.iter().map(|(_, text)| text).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), history.len(), "something was said twice");
    for client in &all {
        for (seq, text) in &client.answered {
            assert_eq!(
                history.get(usize::try_from(*seq).unwrap() - 1),
                Some(&(*seq, text.clone())),
                "lost after its answer"
            );
        }
        assert!(
            client.seen.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1),
            "{} saw a gap or a double",
            client.who.name
        );
        for (seq, text) in &client.seen {
            assert_eq!(history.get(usize::try_from(*seq).unwrap() - 1), Some(&(*seq, text.clone())));
        }
        assert!(client.answered.len() > ROUNDS, "{} did not get on", client.who.name);
    }
    assert_eq!(server.terminate().0, Some(0));
}

/// Looks on, so that the test knows how far the conversation is.
struct Witness {
    who: Account,
    socket: Viewer,
}

impl Witness {
    async fn new(addr: SocketAddr) -> Self {
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

    async fn reconnect(&mut self, addr: SocketAddr) {
        self.socket = Self::open(addr, &self.who).await;
    }

    async fn hear(&mut self, count: usize) {
        for _ in 0..count {
            self.socket.until("a message", |frame| frame["type"] == "message").await;
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
