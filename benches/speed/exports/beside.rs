//! Posts and messages of a server that writes a large file meanwhile, beside those of one that does not.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use crate::server::{Server, quantile};
use crate::websocket::connect;

/// Posts a second, and messages a second.
const A_SECOND: u32 = 100;
/// How long is measured without an export; with one, as long as it takes.
const WINDOW: Duration = Duration::from_secs(8);
/// Each is measured so often, in turn, and what was seen is put together: the machine may have other work.
const ROUNDS: usize = 3;
/// The lightest client answers no pings; a password takes no memory to speak of.
const SETTINGS: [&str; 8] = [
    "--set",
    "auth.scrypt_log_n=10",
    "--set",
    "limits.messages_per_second=1000",
    "--set",
    "limits.messages_per_second_of_user=10000",
    "--set",
    "limits.heartbeat_seconds=300",
];

/// Latencies in milliseconds.
#[derive(Default)]
struct Seen {
    posts: RefCell<Vec<f64>>,
    messages: RefCell<Vec<f64>>,
    over: Cell<bool>,
}

/// `dir` has a database full of orders.
pub(super) async fn run(dir: &TempDir) {
    let server = Rc::new(Server::with_owner(dir.path(), &SETTINGS).await);
    server.post("/api/v1/rooms", "application/json", json!({"name": "bench"}).to_string()).await;
    let (none, csv, xlsx) = (Rc::new(Seen::default()), Rc::new(Seen::default()), Rc::new(Seen::default()));
    let mut before = None;
    for _ in 0..ROUNDS {
        measured(&server, &none, tokio::time::sleep(WINDOW)).await;
        before = before.or_else(|| Some(server.memory_mib("VmHWM")));
        for (format, seen) in [("csv", &csv), ("xlsx", &xlsx)] {
            let began = Instant::now();
            measured(&server, seen, export(&server, format)).await;
            println!("exports, beside: {format} took {:.1} s", began.elapsed().as_secs_f64());
        }
    }
    for (when, seen) in [("without an export", &none), ("while csv is written", &csv), ("while xlsx is written", &xlsx)]
    {
        tell(when, seen, &none);
    }
    let grown = server.memory_mib("VmHWM") - before.unwrap();
    println!("exports, beside: the server took {grown:.1} MiB more at most than without");
}

/// Asks for a file of everything, and waits for it.
async fn export(server: &Server, format: &str) {
    let spec = json!({"type": "order", "format": format}).to_string();
    let asked = server.post("/api/v1/exports", "application/json", spec).await;
    let path = format!("/api/v1/exports/{}", asked["id"].as_str().unwrap());
    loop {
        let now = server.get(&path).await;
        match now["status"].as_str().unwrap() {
            "done" => return,
            "queued" | "running" => tokio::time::sleep(Duration::from_millis(50)).await,
            _ => panic!("{now}"),
        }
    }
}

/// Posts and talks until `until` is over.
async fn measured(server: &Rc<Server>, seen: &Rc<Seen>, until: impl Future<Output = ()>) {
    seen.over.set(false);
    let posting = actix_rt::spawn(post(Rc::clone(server), Rc::clone(seen)));
    let talking = actix_rt::spawn(talk(Rc::clone(server), Rc::clone(seen)));
    until.await;
    seen.over.set(true);
    posting.await.unwrap();
    talking.await.unwrap();
}

/// One document a request, at fixed instants; a late one is late from when it was due.
async fn post(server: Rc<Server>, seen: Rc<Seen>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / A_SECOND);
    while !seen.over.get() {
        let due = ticks.tick().await;
        let body = json!({"type": "event", "message": "beside an export", "amount": 9.95}).to_string();
        server.post("/api/v1/documents", "application/json", body).await;
        seen.posts.borrow_mut().push(due.elapsed().as_secs_f64() * 1e3);
    }
}

/// Two people in a room that keeps its history: one talks, and the other notes how long it took.
async fn talk(server: Rc<Server>, seen: Rc<Seen>) {
    let address = server.url.trim_start_matches("http://");
    let more = format!("Authorization: Bearer {}\r\n", server.token);
    let mut people = Vec::new();
    for _ in 0..2 {
        let (mut writer, mut reader) = connect(address, "/ws/chat", &more).await.unwrap();
        reader.wait_for(|text| text.starts_with(br#"{"type":"welcome""#)).await.unwrap();
        writer.text(r#"{"type":"join","id":1,"room":"bench"}"#).await.unwrap();
        reader.wait_for(|text| text.starts_with(br#"{"type":"reply","id":1"#)).await.unwrap();
        people.push((writer, reader));
    }
    let (_keeps_it_open, mut listens) = people.pop().unwrap();
    let (mut talks, mut answers) = people.pop().unwrap();
    actix_rt::spawn(async move { while answers.texts(|_| ()).await.is_ok() {} });
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / A_SECOND);
    // What was said before is not said again.
    let (run, mut number) = (fastrand::u32(..), 1);
    while !seen.over.get() {
        let due = ticks.tick().await;
        number += 1;
        let text = format!("number {number} of {run}.");
        let frame = json!({"type": "send", "id": number, "room": "bench", "text": text, "client_id": text});
        talks.text(&frame.to_string()).await.unwrap();
        let is_it = |frame: &[u8]| {
            frame.starts_with(br#"{"type":"message""#) && frame.windows(text.len()).any(|part| part == text.as_bytes())
        };
        listens.wait_for(is_it).await.unwrap();
        seen.messages.borrow_mut().push(due.elapsed().as_secs_f64() * 1e3);
    }
}

fn tell(when: &str, seen: &Seen, none: &Seen) {
    for (what, some, none) in [("posts", &seen.posts, &none.posts), ("messages", &seen.messages, &none.messages)] {
        let sorted = |all: &RefCell<Vec<f64>>| {
            let mut all = all.borrow().clone();
            all.sort_by(f64::total_cmp);
            all
        };
        let (some, none) = (sorted(some), sorted(none));
        println!(
            "exports, beside, {when}: {} {what}, p50 {:.2} ms, p99 {:.2} ms, max {:.1} ms; p99 {:.2} × that without",
            some.len(),
            quantile(&some, 0.5),
            quantile(&some, 0.99),
            quantile(&some, 1.0),
            quantile(&some, 0.99) / quantile(&none, 0.99),
        );
    }
}
