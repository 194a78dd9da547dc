//! Sends back every text and binary message of a websocket, fragmented ones too.
//!
//! `cargo run --example ws_echo -- --port 9001`

use std::net::TcpListener;
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, web};
use bytes::Bytes;
use bytestring::ByteString;
use clap::Parser;
use futures_util::{Stream, StreamExt as _};
use tocsin::socket::listen;
use tocsin::socket::ws::{self, Frame, Io, Peer};
use tocsin_actors::session::outbox::Close;

/// The largest message.
const MESSAGE_BYTES: usize = 32 << 20;

#[derive(Parser)]
struct Arguments {
    /// The port to listen on, on the loopback address; 0 for any.
    #[arg(long, default_value_t = 9001)]
    port: u16,
}

/// One connection.
#[derive(Default)]
struct Echo {
    closed: Option<Close>,
    end: Option<tokio::sync::oneshot::Sender<()>>,
}

/// Nothing is sent but echoes; ends when the connection failed.
type Ended = std::pin::Pin<Box<dyn Stream<Item = Frame>>>;

impl Peer for Echo {
    type Outgoing = Ended;

    fn started(&mut self, _: &mut Io<'_, Self>) -> Ended {
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        self.end = Some(end);
        Box::pin(futures_util::stream::once(ended).filter_map(|_| async { None }))
    }

    fn text(&mut self, text: ByteString, io: &mut Io<'_, Self>) {
        io.send(&Frame::Text(text));
    }

    fn binary(&mut self, bytes: Bytes, io: &mut Io<'_, Self>) {
        io.send(&Frame::Binary(bytes));
    }

    fn fail(&mut self, why: Close) {
        self.closed.get_or_insert(why);
        self.end = None;
    }

    fn why(&self) -> (u16, &'static str) {
        self.closed.map_or((1000, ""), |why| (why.code(), why.reason()))
    }
}

async fn echo(request: HttpRequest) -> HttpResponse {
    let options = ws::Options { message_bytes: MESSAGE_BYTES, heartbeat: Duration::from_secs(30) };
    ws::start(Echo::default(), options, &request).unwrap_or_else(HttpResponse::from_error)
}

#[actix_rt::main]
#[allow(clippy::print_stdout, reason = "an example says where it listens")]
async fn main() -> std::io::Result<()> {
    let port = Arguments::parse().port;
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    println!("listening on ws://{}", listener.local_addr()?);
    listen::serve(listener, listen::Options::default(), || App::new().default_service(web::to(echo)))?.await
}
