//! Somebody on `/ws/chat`.

use std::net::SocketAddr;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::{PASSWORD, TestApp};
use super::soon;
use super::viewer::Viewer;

/// An account, signed in.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) token: String,
}

impl Account {
    /// A new account of this name.
    pub(crate) async fn register(addr: SocketAddr, name: &str) -> Self {
        let email = format!("{}@example.com", name.to_lowercase());
        let body = json!({"email": email, "password": PASSWORD, "name": name});
        let url = format!("http://{addr}/api/v1/auth/register");
        let answer = soon("a session", reqwest::Client::new().post(url).json(&body).send()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        let session: Value = answer.json().await.unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            id: text(&session["user"]["id"]),
            name: text(&session["user"]["name"]),
            token: text(&session["access_token"]),
        }
    }

    /// As events show it.
    pub(crate) fn shown(&self) -> Value {
        json!({"id": self.id, "name": self.name})
    }
}

/// A connection to chat.
pub(crate) struct Chatter {
    pub(crate) socket: Viewer,
    pub(crate) who: Account,
    next: u64,
    /// Frames that came before the one that was waited for.
    waiting: Vec<Value>,
}

impl Chatter {
    /// Connects and waits for the welcome.
    pub(crate) async fn connect(addr: SocketAddr, who: &Account) -> Self {
        let mut socket = Viewer::connect_to(addr, "/ws/chat", &[]).await.unwrap();
        socket.send(json!({"type": "auth", "token": who.token})).await;
        let mut chatter = Self { socket, who: who.clone(), next: 0, waiting: Vec::new() };
        let welcome = chatter.event("welcome").await;
        assert_eq!(welcome["user"], who.shown());
        chatter
    }

    /// A new account, connected.
    pub(crate) async fn new(app: &TestApp, name: &str) -> Self {
        let who = Account::register(app.addr, name).await;
        Self::connect(app.addr, &who).await
    }

    /// Asks; the reply, whatever it is.
    pub(crate) async fn ask(&mut self, kind: &str, fields: Value) -> Value {
        let id = self.send(kind, fields).await;
        self.until(&format!("the reply to {kind}"), |frame| frame["type"] == "reply" && frame["id"] == id).await
    }

    /// Sends a request, and does not wait; its id.
    pub(crate) async fn send(&mut self, kind: &str, mut fields: Value) -> Value {
        self.next += 1;
        fields["type"] = kind.into();
        fields["id"] = self.next.into();
        self.socket.send(fields).await;
        self.next.into()
    }

    /// Asks what must go well.
    pub(crate) async fn done(&mut self, kind: &str, fields: Value) -> Value {
        let reply = self.ask(kind, fields).await;
        assert_eq!(reply["ok"], true, "{kind}: {reply}");
        reply
    }

    /// Asks what must be refused; the code.
    pub(crate) async fn refused(&mut self, kind: &str, fields: Value) -> String {
        let reply = self.ask(kind, fields).await;
        assert_eq!(reply["ok"], false, "{kind}: {reply}");
        assert!(!reply["error"]["detail"].as_str().unwrap().is_empty());
        reply["error"]["code"].as_str().unwrap().to_owned()
    }

    /// Makes a room and joins it.
    pub(crate) async fn open(&mut self, room: &str) {
        self.done("create_room", json!({"room": room})).await;
        self.join(room).await;
    }

    /// Joins a room.
    pub(crate) async fn join(&mut self, room: &str) -> Value {
        self.done("join", json!({"room": room})).await
    }

    /// Says something.
    pub(crate) async fn say(&mut self, room: &str, text: &str) -> Value {
        self.done("send", json!({"room": room, "text": text})).await
    }

    /// The next event of this type; events of other types are kept for later.
    pub(crate) async fn event(&mut self, kind: &str) -> Value {
        self.until(kind, |frame| frame["type"] == kind).await
    }

    /// The next message; its text.
    pub(crate) async fn heard(&mut self) -> String {
        self.event("message").await["message"]["text"].as_str().unwrap().to_owned()
    }

    /// The first frame that fits, of those that were kept and those that come.
    pub(crate) async fn until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&fits) {
            return self.waiting.remove(at);
        }
        loop {
            match self.socket.next().await {
                Ok(frame) if fits(&frame) => return frame,
                Ok(frame) => self.waiting.push(frame),
                Err(code) => panic!("{}: closed with {code} before {what}; kept: {:?}", self.who.name, self.waiting),
            }
        }
    }

    /// Everything that came before the server answers a ping and was not asked for yet, by type.
    pub(crate) async fn rest(&mut self) -> Vec<Value> {
        self.done("ping", json!({})).await;
        std::mem::take(&mut self.waiting)
    }

    /// The types of [`Chatter::rest`].
    pub(crate) async fn rest_types(&mut self) -> Vec<String> {
        self.rest().await.iter().map(|frame| frame["type"].as_str().unwrap().to_owned()).collect()
    }
}

/// Asks by REST with this credential.
pub(crate) async fn rest(
    app: &TestApp,
    token: &str,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let mut request = app.request(&method, path).bearer_auth(token);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = soon("an answer", request.send()).await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}
