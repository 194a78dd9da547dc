//! A thousand dashboards that are told at once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::Notify;

use super::figures::Figures;
use super::line::Line;
use crate::websocket;

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

/// From the event to the frame, where the other rules watch other types, and where all of them watch this one.
pub(crate) async fn dashboards() {
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

async fn measure(what: &str, line: Line) {
    let seen = Rc::new(Seen {
        began: Cell::new(Instant::now()),
        rang: RefCell::default(),
        ended: Cell::new(0),
        all: Notify::new(),
    });
    let address = line.server.url.trim_start_matches("http://");
    let more = format!("Authorization: Bearer {}\r\n", line.server.token);
    for _ in 0..VIEWERS {
        let (writer, mut reader) = websocket::connect(address, "/ws/alerts", &more).await.unwrap();
        reader.wait_for(|text| text.starts_with(br#"{"type":"snapshot""#)).await.unwrap();
        let seen = Rc::clone(&seen);
        actix_rt::spawn(async move {
            let _writer = writer;
            let mut rings = false;
            // Until the server goes, when all is measured.
            while reader.texts(|text| seen.note(text, &mut rings)).await.is_ok() {}
        });
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
        let ended = tokio::time::timeout(Duration::from_secs(60), seen.all.notified()).await;
        ended.unwrap_or_else(|_| panic!("{} of {VIEWERS} saw it end", seen.ended.get()));
        cpu += line.server.cpu() - before;
        seen.ended.set(0);
        let mut rang = seen.rang.take();
        assert_eq!(rang.len(), VIEWERS);
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
