//! Those who are told: a server for webhooks and one for mail. Each notes when it was told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::prometheus::{Exporter, Measured};

/// What somebody was told.
pub(super) enum Told {
    /// A call of a path, with JSON.
    Call(String, Value),
    /// A mail with this Message-ID, which says what it is about.
    Mail(String),
}

impl Told {
    /// Whether Tocsin tells by webhook of this.
    pub(super) fn is_call(&self, transition: &str) -> bool {
        matches!(self, Self::Call(path, body) if path == "/tocsin" && body["changes"][0]["transition"] == transition)
    }

    /// Whether Tocsin tells by mail of this.
    pub(super) fn is_mail(&self, transition: &str) -> bool {
        matches!(self, Self::Mail(id) if id.contains(&format!(".{transition}.")))
    }

    /// Whether Alertmanager tells of this.
    pub(super) fn is_alertmanagers(&self, measured: Measured, round: usize) -> bool {
        let Self::Call(path, body) = self else { return false };
        let labels = &body["alerts"][0]["labels"];
        let is_of_round = labels["round"].as_str().and_then(|label| label.parse().ok()) == Some(round);
        path == "/alertmanager" && labels["alertname"] == measured.name() && is_of_round
    }
}

/// How a mail server treats who sends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mailbox {
    /// Takes one mail a connection, as if the last one were long ago.
    HangsUp,
    /// Takes many.
    Stays,
}

/// All of them, and what they heard.
pub(super) struct Receivers {
    address: SocketAddr,
    tell: UnboundedSender<(Instant, Told)>,
    heard: UnboundedReceiver<(Instant, Told)>,
}

impl Receivers {
    /// The server for webhooks, on a thread of its own. It is scraped, too.
    pub(super) fn open(series: usize) -> (Self, Arc<Exporter>) {
        let (tell, heard) = unbounded_channel();
        let exporter = Exporter::new(series);
        let (scraped, called) = (web::Data::from(Arc::clone(&exporter)), web::Data::new(tell.clone()));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(scraped.clone())
                .app_data(called.clone())
                .route("/metrics", web::get().to(async |exporter: web::Data<Exporter>| exporter.scrape()))
                .default_service(web::post().to(call))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        actix_rt::spawn(server.run());
        (Self { address, tell, heard }, exporter)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A mail server; the setting by which Tocsin finds it.
    pub(super) async fn mailbox(&self, kind: Mailbox) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tell = self.tell.clone();
        actix_rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever hangs up in the midst of it is not told of a mail.
                actix_rt::spawn(take_mails(stream, kind, tell.clone()));
            }
        });
        format!("mail.url=smtp://{address}")
    }

    /// When each of these was told first from now on.
    pub(super) async fn first<const N: usize>(&mut self, wanted: [&dyn Fn(&Told) -> bool; N]) -> [Instant; N] {
        let mut found = [None; N];
        while found.contains(&None) {
            let next = tokio::time::timeout(Duration::from_secs(60), self.heard.recv()).await;
            let (came, told) = next.expect("nobody is told").unwrap();
            for (found, fits) in found.iter_mut().zip(wanted) {
                if found.is_none() && fits(&told) {
                    *found = Some(came);
                }
            }
        }
        found.map(Option::unwrap)
    }
}

async fn call(
    request: HttpRequest,
    body: web::Bytes,
    tell: web::Data<UnboundedSender<(Instant, Told)>>,
) -> HttpResponse {
    let came = Instant::now();
    let told = Told::Call(request.path().to_owned(), serde_json::from_slice(&body).unwrap());
    // Whoever waited may have gone.
    let _ = tell.send((came, told));
    HttpResponse::Ok().finish()
}

/// As much of a mail server as takes mail (RFC 5321), and no more.
async fn take_mails(stream: TcpStream, kind: Mailbox, tell: UnboundedSender<(Instant, Told)>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 bench.example ESMTP\r\n").await?;
    let (mut line, mut in_mail, mut id) = (String::new(), false, String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if in_mail {
            if let Some(value) = line.strip_prefix("Message-ID: ") {
                id = value.trim().to_owned();
            }
            if line != ".\r\n" {
                continue;
            }
            in_mail = false;
            stream.write_all(b"250 2.0.0 taken\r\n").await?;
            // Whoever waited may have gone.
            let _ = tell.send((Instant::now(), Told::Mail(std::mem::take(&mut id))));
            if kind == Mailbox::HangsUp {
                return Ok(());
            }
        } else if line.starts_with("DATA") {
            in_mail = true;
            stream.write_all(b"354 go on\r\n").await?;
        } else {
            stream.write_all(b"250 2.0.0 fine\r\n").await?;
        }
    }
}
