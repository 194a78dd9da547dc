//! A small server on the layers of `tocsin::socket`, for whoever builds upon them and for conformance checks.
//!
//! `cargo run --example socketio_server -- --port 3000 --ping-interval-ms 300 --ping-timeout-ms 200 \
//!  --max-payload 1000000 --connect-timeout-ms 1000`
//!
//! - `/socket.io/`, namespaces `/` and `/custom`: says `auth` with what the client sent on connecting; answers
//!   `message` by `message-back` and acknowledges `message-with-ack`, both with the same arguments.
//! - `/engine.io/`: sends every message back.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, web};
use clap::Parser;
use futures_util::future::{BoxFuture, LocalBoxFuture};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use serde_json::Value;
use serde_json::value::RawValue;
use tocsin::socket::engineio::{self, Accepted, Engine, Listener, Message};
use tocsin::socket::listen;
use tocsin::socket::socketio::{self, Event, Events, Outgoing, Refusal, Socket, SocketIo};
use tocsin_actors::session::outbox::Close;
use tokio::sync::mpsc;

/// Echoes that may wait for a client; one that takes none is closed.
const WAITING: usize = 1_024;
/// Sessions at once.
const SESSIONS: usize = 10_000;

#[derive(Parser, Clone, Copy)]
struct Arguments {
    /// The port to listen on, on the loopback address; 0 for any.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// How long after an answered ping the next is sent.
    #[arg(long, default_value_t = 25_000)]
    ping_interval_ms: u64,
    /// How long a ping may stay unanswered.
    #[arg(long, default_value_t = 20_000)]
    ping_timeout_ms: u64,
    /// The most bytes of a message or a polling body.
    #[arg(long, default_value_t = 1_000_000)]
    max_payload: usize,
    /// How long a connection may be in no namespace.
    #[arg(long, default_value_t = 45_000)]
    connect_timeout_ms: u64,
}

fn channel<T: Send + 'static>() -> (mpsc::Sender<T>, stream::BoxStream<'static, T>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (sender, stream::unfold(receiver, |mut receiver| async move { Some((receiver.recv().await?, receiver)) }).boxed())
}

/// `/engine.io/`.
struct EngineEcho;

impl engineio::Handler for EngineEcho {
    fn accept<'a>(&'a self, _: &'a HttpRequest) -> LocalBoxFuture<'a, Result<Accepted, HttpResponse>> {
        let (sender, outgoing) = channel();
        let accepted = Accepted { listener: Box::new(Back(sender)), outgoing, opened: Box::new(|_| ()) };
        async { Ok(accepted) }.boxed_local()
    }
}

struct Back(mpsc::Sender<Message>);

impl Listener for Back {
    fn message(&mut self, message: Message) -> Result<(), Close> {
        self.0.try_send(message).map_err(|_| Close::TooSlow)
    }

    fn closed(&mut self) {}
}

/// `/socket.io/`.
struct SocketEcho;

impl socketio::Handler for SocketEcho {
    type Guest = ();

    fn accept<'a>(&'a self, _: &'a HttpRequest) -> LocalBoxFuture<'a, Result<(), HttpResponse>> {
        async { Ok(()) }.boxed_local()
    }

    fn has(&self, namespace: &str) -> bool {
        matches!(namespace, "/" | "/custom")
    }

    fn connect(&self, _: &str, auth: Value, _: &Arc<()>) -> BoxFuture<'static, Result<Socket, Refusal>> {
        let (sender, outgoing) = channel();
        let auth = RawValue::from_string(auth.to_string()).map(|auth| vec![auth]).unwrap_or_default();
        let greeting = Outgoing::Emit { name: "auth".into(), args: auth, attachments: Vec::new() };
        let outgoing = stream::once(async { greeting }).chain(outgoing).boxed();
        async { Ok(Socket { events: Box::new(Echo(sender)), outgoing }) }.boxed()
    }
}

struct Echo(mpsc::Sender<Outgoing>);

impl Events for Echo {
    fn event(&mut self, event: Event) {
        let Event { name, args, attachments, ack } = event;
        let answer = match (name.as_str(), ack) {
            ("message", _) => Outgoing::Emit { name: "message-back".into(), args, attachments },
            ("message-with-ack", Some(ack)) => Outgoing::Acknowledge { ack, args, attachments },
            _ => return,
        };
        if self.0.try_send(answer).is_err() {
            // Nobody takes them: what would be lost is not begun.
            self.0 = mpsc::channel(1).0;
        }
    }
}

async fn serve(engine: &web::Data<Engine>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    engineio::serve(&Arc::clone(engine), request, payload).await
}

#[actix_rt::main]
#[allow(clippy::print_stdout, reason = "an example says where it listens")]
async fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let engine_options = engineio::Options {
        ping_interval: Duration::from_millis(arguments.ping_interval_ms),
        ping_timeout: Duration::from_millis(arguments.ping_timeout_ms),
        max_payload: arguments.max_payload,
        upgrade_timeout: Duration::from_secs(10),
        max_sessions: SESSIONS,
    };
    let socket_options = socketio::Options {
        connect_timeout: Duration::from_millis(arguments.connect_timeout_ms),
        attachments: 10,
        attachment_bytes: arguments.max_payload,
        control_packets: 64,
    };
    let bare = Engine::new(EngineEcho, engine_options);
    let sockets = Engine::new(SocketIo::new(SocketEcho, socket_options), engine_options);
    let listener = TcpListener::bind(("127.0.0.1", arguments.port))?;
    println!("listening on http://{}", listener.local_addr()?);
    listen::serve(listener, listen::Options::default(), move || {
        let (bare, sockets) = (web::Data::from(Arc::clone(&bare)), web::Data::from(Arc::clone(&sockets)));
        App::new()
            .service(web::resource("/engine.io/").to(move |request, payload| {
                let bare = bare.clone();
                async move { serve(&bare, request, payload).await }
            }))
            .service(web::resource("/socket.io/").to(move |request, payload| {
                let sockets = sockets.clone();
                async move { serve(&sockets, request, payload).await }
            }))
    })?
    .await
}
