//! `[server]`: listening, proxies and stopping.

use std::net::SocketAddr;
use std::time::Duration;

use super::key::{Key, Shape, Unit, section};
use super::network::Network;
use super::setting::from_text;
use super::web_origin::WebOrigin;

section! {
    /// Listening, proxies and stopping.
    Server "server" {
        /// The address and port to listen on; port 0 takes a free one.
        bind: SocketAddr = Key::new("server.bind", Shape::Text("an IP address and a port, like 127.0.0.1:8080"))
            .default("127.0.0.1:8080").test("127.0.0.1:0");
        /// The origin under which browsers and mail readers reach the server; in production https, or http on loopback.
        configured_public_url: WebOrigin =
            Key::new("server.public_url", Shape::Text("a URL without a path, like https://tocsin.example.com"))
            .derived("http://<server.bind>").required();
        /// Threads that serve requests, and as many again for rooms and live connections; 0 takes one a core.
        workers: usize = Key::count("server.workers", 0..=1024).default("0");
        /// How long a stop waits for requests and commits in flight before it cuts them off.
        shutdown: Duration = Key::number("server.shutdown_seconds", 1..=28, Unit::Seconds).default("25");
        /// Addresses and networks of reverse proxies; only what they say in X-Forwarded-For is believed.
        trusted_proxies: Vec<Network> =
            Key::new("server.trusted_proxies", Shape::List("addresses or networks, like 10.0.0.0/8"))
            .default("");
        /// Origins of other pages whose scripts may call the API and open sockets, besides the public URL.
        allowed_origins: Vec<WebOrigin> =
            Key::new("server.allowed_origins", Shape::List("origins, like https://app.example.com"))
            .default("");
        /// How long a connection without a request is kept open.
        keep_alive: Duration = Key::number("server.keep_alive_seconds", 1..=3600, Unit::Seconds).default("75");
        /// How long a client may take to send the headers of a request, or the next part of its body, before it gets 408.
        client_timeout: Duration = Key::number("server.client_timeout_seconds", 1..=300, Unit::Seconds).default("10");
    }
}

from_text!(WebOrigin);

impl Server {
    /// Threads that serve requests, with 0 resolved to the number of cores.
    pub fn worker_count(&self) -> usize {
        match self.workers {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            count => count,
        }
    }
}
