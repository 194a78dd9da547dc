//! A server of somebody's that is called by webhooks.

use std::collections::HashMap;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::soon;

/// A call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) path: String,
    /// By their names in lower case.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Call {
    /// The body.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Answers each call with the next of its heads; with the last one from then on.
pub(crate) struct Hook {
    pub(crate) addr: SocketAddr,
    calls: mpsc::UnboundedReceiver<Call>,
}

impl Hook {
    /// Heads are what follows `HTTP/1.1 `, as in `204 No Content`.
    pub(crate) async fn start(heads: &[&str]) -> Self {
        let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (called, calls) = mpsc::unbounded_channel();
        actix_rt::spawn(async move {
            for n in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let head = &heads[n.min(heads.len() - 1)];
                // The test may be over.
                let Some(call) = answer(stream, head).await else { continue };
                if called.send(call).is_err() {
                    return;
                }
            }
        });
        Self { addr, calls }
    }

    /// Its address, with a secret in it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/hooks/s3cret?key=t0p", self.addr)
    }

    /// The next call.
    pub(crate) async fn called(&mut self) -> Call {
        soon("a call", self.calls.recv()).await.unwrap()
    }

    /// Calls that came and were not looked at.
    pub(crate) fn rest(&mut self) -> usize {
        std::iter::from_fn(|| self.calls.try_recv().ok()).count()
    }
}

async fn answer(stream: TcpStream, head: &str) -> Option<Call> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => drop(headers.insert(name.to_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    let answer = format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.ok()?;
    Some(Call { path, headers, body: String::from_utf8(body).unwrap() })
}
