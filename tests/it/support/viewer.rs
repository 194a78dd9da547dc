//! A client of `/ws/alerts`.

use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{DEADLINE, soon};

/// A dashboard without pictures.
pub(crate) struct Viewer {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Every frame that was read, in order.
    pub(crate) seen: Vec<Value>,
    /// How many of them there were when messages had gone out the last time.
    told: usize,
}

impl Viewer {
    /// Connects, without signing in.
    pub(crate) async fn connect(addr: SocketAddr) -> Self {
        Self::connect_with(addr, &[]).await.unwrap()
    }

    /// Connects with more headers; the status when the upgrade is refused.
    pub(crate) async fn connect_with(addr: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        Self::connect_to(addr, "/ws/alerts", headers).await
    }

    /// Connects to a path with a query of its own.
    pub(crate) async fn connect_to(
        addr: SocketAddr,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let mut request = format!("ws://{addr}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match soon("a websocket", connect_async(request)).await {
            Ok((socket, _)) => Ok(Self { socket, seen: Vec::new(), told: 0 }),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no websocket: {error}"),
        }
    }

    /// Connects, unless the server is away.
    pub(crate) async fn try_connect_to(addr: SocketAddr, path: &str, headers: &[(&'static str, &str)]) -> Option<Self> {
        let mut request = format!("ws://{addr}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let (socket, _) = soon("a websocket or an error", connect_async(request)).await.ok()?;
        Some(Self { socket, seen: Vec::new(), told: 0 })
    }

    /// Sends a frame, unless the server is away.
    pub(crate) async fn try_send(&mut self, frame: Value) -> Option<()> {
        self.socket.send(Message::text(frame.to_string())).await.ok()
    }

    /// Sends a frame.
    pub(crate) async fn send(&mut self, frame: Value) {
        self.socket.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame; the close code when the server closes.
    pub(crate) async fn next(&mut self) -> Result<Value, u16> {
        soon("a frame", self.next_frame()).await
    }

    async fn next_frame(&mut self) -> Result<Value, u16> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    self.seen.push(frame.clone());
                    return Ok(frame);
                }
                Some(Ok(Message::Close(reason))) => return Err(reason.map_or(1005, |reason| reason.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// Reads up to the first frame that fits, and returns it.
    pub(crate) async fn until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let end = tokio::time::Instant::now() + DEADLINE;
        loop {
            match tokio::time::timeout_at(end, self.next_frame()).await {
                Ok(Ok(frame)) if fits(&frame) => return frame,
                Ok(Ok(_)) => {}
                Ok(Err(code)) => panic!("closed with {code} before {what}; last seen: {:?}", self.seen.last()),
                Err(_) => panic!("waited {DEADLINE:?} in vain for {what}; last seen: {:?}", self.seen.last()),
            }
        }
    }

    /// Reads up to the first alert in this state, and returns its incident.
    pub(crate) async fn alert(&mut self, state: &str) -> Value {
        let frame = self.until(state, |frame| frame["type"] == "alert" && frame["incident"]["state"] == state).await;
        frame["incident"].clone()
    }

    /// Reads until every message of an incident has gone out, and that is written down: a simulated clock may move on.
    pub(crate) async fn told(&mut self) {
        let all_sent = |frame: &Value| {
            let sent = frame["incident"]["notifications"].as_array();
            sent.is_some_and(|sent| !sent.is_empty() && sent.iter().all(|one| one["state"] == "sent"))
        };
        // The frame that was read last may have said so already: of two changes in a row only one is told elsewhere.
        if !self.seen.get(self.told..).and_then(<[_]>::last).is_some_and(all_sent) {
            self.until("messages that are sent", all_sent).await;
        }
        self.told = self.seen.len();
    }

    /// Reads to the end; the close code.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }

    /// Everything that was sent before the server answers a ping: what did not come by then was not sent.
    pub(crate) async fn settled(&mut self) -> &[Value] {
        self.send(serde_json::json!({"type": "ping"})).await;
        self.until("pong", |frame| frame["type"] == "pong").await;
        &self.seen
    }
}
