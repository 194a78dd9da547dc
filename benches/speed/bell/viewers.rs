//! A thousand dashboards that are told at once.

use std::cell::{Cell, RefCell};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::Notify;

use super::figures::Figures;
use super::line::Line;
use crate::websocket::{self, Reader, Writer};

const VIEWERS: usize = 1_000;
const RULES: usize = 100;
const ROUNDS: usize = 100;
/// All of them are one user's, on one machine; none of them answers pings.
const SETTINGS: [&str; 4] = [
    "limits.connections_per_user=2000",
    "limits.connections_per_ip=2000",
    "limits.connections=3000",
    "limits.heartbeat_seconds=300",
];

/// What all of them saw of one round.
struct Seen {
    began: Cell<Instant>,
    /// Milliseconds until each of them saw it ring.
    rang: RefCell<Vec<f64>>,
    ended: Cell<usize>,
    all: Notify,
}

/// From the event to the frame, where the other rules watch other types, and where all of them watch this one; and what a
/// program needs that does nothing but send as many frames.
pub(crate) async fn dashboards() {
    bare().await;
    let settings: Vec<&str> = SETTINGS.iter().flat_map(|setting| ["--set", setting]).collect();
    for (name, kind) in [
        ("each of a type of its own", (|n| format!("t{n}")) as fn(usize) -> String),
        ("all of one type", |_| "error".to_owned()),
    ] {
        let line = Line::draw(Duration::from_millis(600), &settings, json!({})).await;
        for n in 1..RULES {
            // Lines that are never crossed.
            line.watch(json!({"name": format!("rule {n}"), "type": kind(n), "threshold": 1e15})).await;
        }
        measure(&format!("bell: event to frame, {RULES} rules, {name}, {VIEWERS} viewers"), line).await;
    }
}

/// Frames of this size to so many sockets, one `send` after the other, on one thread: the least that it can take here.
async fn bare() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tell, told) = mpsc::channel::<()>();
    let sender = std::thread::spawn(move || send_barely(&listener, &told));
    let seen = Seen::new();
    for _ in 0..VIEWERS {
        seen.watch(websocket::connect(&address, "/", "").await.unwrap());
    }
    let mut each = Figures::default();
    for _ in 0..ROUNDS {
        tokio::time::sleep(Duration::from_millis(50)).await;
        seen.began.set(Instant::now());
        tell.send(()).unwrap();
        while seen.rang.borrow().len() < VIEWERS {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tell.send(()).unwrap();
        seen.all_ended().await.into_iter().for_each(|millis| each.add(millis));
    }
    drop(tell);
    sender.join().unwrap();
    each.print(&format!("bell: a bare send of as many bytes to {VIEWERS} sockets, over all of them"));
}

fn send_barely(listener: &TcpListener, told: &mpsc::Receiver<()>) {
    let mut sockets: Vec<TcpStream> = (0..VIEWERS)
        .map(|_| {
            let (mut socket, _) = listener.accept().unwrap();
            socket.set_nodelay(true).unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                socket.read_exact(&mut byte).unwrap();
                head.extend(byte);
            }
            socket.write_all(b"HTTP/1.1 101 Switching Protocols\r\n\r\n").unwrap();
            socket
        })
        .collect();
    let frames = ["firing", "resolved"].map(|state| {
        let text = format!(r#"{{"type":"alert","state":"{state}","filler":"{}"}}"#, "x".repeat(300));
        let length = u16::try_from(text.len()).unwrap().to_be_bytes();
        [&[0x81, 126, length[0], length[1]], text.as_bytes()].concat()
    });
    for frame in frames.iter().cycle() {
        if told.recv().is_err() {
            return;
        }
        sockets.iter_mut().for_each(|socket| socket.write_all(frame).unwrap());
    }
}

async fn measure(what: &str, line: Line) {
    let seen = Seen::new();
    let address = line.server.url.trim_start_matches("http://");
    let more = format!("Authorization: Bearer {}\r\n", line.server.token);
    for _ in 0..VIEWERS {
        let (writer, mut reader) = websocket::connect(address, "/ws/alerts", &more).await.unwrap();
        reader.wait_for(|text| text.starts_with(br#"{"type":"snapshot""#)).await.unwrap();
        seen.watch((writer, reader));
    }
    let [mut each, mut first, mut last] = [(); 3].map(|()| Figures::default());
    let mut cpu = Duration::ZERO;
    for _ in 0..ROUNDS {
        line.approach().await;
        // At any moment between two values of a rule.
        tokio::time::sleep(Duration::from_secs_f64(fastrand::f64() / 5.0)).await;
        let before = line.server.cpu();
        seen.began.set(Instant::now());
        line.cross().await;
        let mut rang = seen.all_ended().await;
        cpu += line.server.cpu() - before;
        rang.sort_by(f64::total_cmp);
        first.add(rang[0]);
        last.add(rang[VIEWERS - 1]);
        rang.into_iter().for_each(|millis| each.add(millis));
    }
    each.print(&format!("{what}, over all viewers"));
    first.print(&format!("{what}, the first of them"));
    last.print(&format!("{what}, the last of them"));
    println!("{what}: {:.0} ms of CPU a round, ringing and ending", cpu.as_secs_f64() * 1e3 / ROUNDS as f64);
}

impl Seen {
    fn new() -> Rc<Self> {
        Rc::new(Self {
            began: Cell::new(Instant::now()),
            rang: RefCell::default(),
            ended: Cell::new(0),
            all: Notify::new(),
        })
    }

    /// Reads what one viewer is told, until the server goes, when all is measured.
    fn watch(self: &Rc<Self>, (writer, mut reader): (Writer, Reader)) {
        let seen = Rc::clone(self);
        actix_rt::spawn(async move {
            let _writer = writer;
            let mut rings = false;
            while reader.texts(|text| seen.note(text, &mut rings)).await.is_ok() {}
        });
    }

    /// Waits until all viewers saw it end; how long it took until each saw it ring.
    async fn all_ended(&self) -> Vec<f64> {
        let ended = tokio::time::timeout(Duration::from_secs(60), self.all.notified()).await;
        ended.unwrap_or_else(|_| panic!("{} of {VIEWERS} saw it end", self.ended.get()));
        self.ended.set(0);
        let rang = self.rang.take();
        assert_eq!(rang.len(), VIEWERS);
        rang
    }

    /// A frame of one viewer, for whom it `rings` or not.
    fn note(&self, text: &[u8], rings: &mut bool) {
        if !text.starts_with(br#"{"type":"alert""#) {
            return;
        }
        let took = self.began.get().elapsed();
        let says = |part: &[u8]| text.windows(part.len()).any(|some| some == part);
        if says(br#""state":"firing""#) {
            if !std::mem::replace(rings, true) {
                self.rang.borrow_mut().push(took.as_secs_f64() * 1e3);
            }
        } else if std::mem::replace(rings, false) {
            self.ended.set(self.ended.get() + 1);
            if self.ended.get() == VIEWERS {
                self.all.notify_one();
            }
        }
    }
}
