//! Answers as a client sees them, headers and all, and requests by hand that no library would send.

use std::net::SocketAddr;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::app::TestApp;
use super::{described, soon};

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// The body: JSON, or a string of it.
    pub(crate) body: Value,
}

impl Answer {
    /// The text of a header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Checks that this is a whole problem document; its status and code.
    pub(crate) fn problem(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let text = |member: &str| self.body[member].as_str().filter(|text| !text.is_empty());
        for member in ["type", "title", "detail", "code"] {
            assert!(text(member).is_some(), "no {member}: {self:?}");
        }
        assert_eq!(self.body["status"], self.status, "{self:?}");
        self.dressed();
        (self.status, text("code").unwrap_or_default())
    }

    /// Checks the headers that every answer has.
    pub(crate) fn dressed(&self) {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(self.header(name), value, "{name}: {self:?}");
        }
        assert!(self.header("content-security-policy").contains("default-src 'self'"), "{self:?}");
        assert!(!self.header("x-request-id").is_empty(), "{self:?}");
    }
}

impl TestApp {
    /// A request without a credential.
    pub(crate) fn request(&self, method: &Method, path: &str) -> RequestBuilder {
        self.http.request(method.clone(), format!("http://{}{path}", self.addr))
    }

    /// A request of the owner.
    pub(crate) fn mine(&self, method: &Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(&self.token)
    }

    /// A post of documents by the owner.
    pub(crate) fn post(&self, kind: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.mine(&Method::POST, "/api/v1/documents").header("Content-Type", kind).body(body)
    }

    /// The owner's documents, all types together.
    pub(crate) async fn stored(&self) -> u64 {
        let types = answer(self.mine(&Method::GET, "/api/v1/documents/types")).await;
        assert_eq!(types.status, 200, "{types:?}");
        types.body["items"].as_array().unwrap().iter().map(|item| item["count"].as_u64().unwrap()).sum()
    }

    /// The head of a post of documents by the owner, for a request by hand.
    pub(crate) fn post_head(&self, more: &str) -> String {
        let (addr, token) = (self.addr, &self.token);
        format!(
            "POST /api/v1/documents HTTP/1.1\r\nHost: {addr}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nConnection: close\r\n{more}\r\n\r\n"
        )
    }
}

/// Sends a request.
pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let (http, request) = request.build_split();
    let request = request.unwrap();
    let (method, path) = (request.method().clone(), request.url().path().to_owned());
    let response = soon("an answer", http.execute(request)).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = soon("a body", response.text()).await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    described::look_at(&method, &path, status, &body);
    Answer { status, headers, body }
}

/// A connection on which this was sent.
pub(crate) async fn by_hand(addr: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

/// All that the server says until it closes.
pub(crate) async fn to_the_end(mut stream: TcpStream) -> String {
    let mut all = Vec::new();
    // Whether it ends by FIN or RST is the kernel's matter.
    let _ = soon("the end of a connection", stream.read_to_end(&mut all)).await;
    String::from_utf8_lossy(&all).into_owned()
}
