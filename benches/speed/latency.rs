//! From the answer to the fifty-first error to the frame on an open dashboard.

use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_tungstenite::tungstenite::Message;

use super::server::{Server, quantile};

const ROUNDS: usize = 200;
/// What is posted leaves the window this soon, and the next round can begin.
const COUNTS_FOR: Duration = Duration::from_millis(400);

pub(crate) async fn run() {
    let dir = TempDir::new().unwrap();
    let server = Server::with_owner(dir.path(), &[]).await;
    let frames = dashboard(server.url.replace("http", "ws") + "/ws/alerts", server.token.clone());
    let mut latencies: Vec<f64> = Vec::new();
    let mut before_the_answer = 0;
    let mut last = Value::Null;
    for _ in 0..ROUNDS {
        let at = now_ms() - 60_000 + COUNTS_FOR.as_millis() as u64;
        let one = json!({"type": "error", "at": at, "message": "payment failed"}).to_string();
        server.post("/api/v1/documents", "application/x-ndjson", vec![one.as_str(); 50].join("\n")).await;
        server.post("/api/v1/documents", "application/json", one).await;
        let answered = Instant::now();
        let (seen, incident) = wait_for(&frames, |one| one["state"] == "firing" && one["id"] != last);
        before_the_answer += usize::from(seen < answered);
        latencies.push(seen.saturating_duration_since(answered).as_secs_f64() * 1_000.0);
        // Earlier incidents change too, while their mails go out.
        wait_for(&frames, |one| one["state"] == "resolved" && one["id"] == incident);
        last = incident;
    }
    latencies.sort_by(f64::total_cmp);
    println!(
        "latency: answer to frame p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms over {ROUNDS} rounds ({before_the_answer} came before the answer)",
        quantile(&latencies, 0.5),
        quantile(&latencies, 0.99),
        quantile(&latencies, 1.0),
    );
}

/// A viewer on a thread of its own; notes when each alert came.
fn dashboard(url: String, token: String) -> mpsc::Receiver<(Instant, Value)> {
    let (tell, told) = mpsc::channel();
    let (ready, is_ready) = mpsc::channel();
    std::thread::spawn(move || {
        actix_rt::System::new().block_on(async move {
            let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
            socket.send(Message::text(json!({"type": "auth", "token": token}).to_string())).await.unwrap();
            while let Some(Ok(message)) = socket.next().await {
                let came = Instant::now();
                let Message::Text(text) = message else { continue };
                let frame: Value = serde_json::from_str(&text).unwrap();
                if frame["type"] == "snapshot" {
                    ready.send(()).unwrap();
                } else if frame["type"] == "alert" && tell.send((came, frame)).is_err() {
                    return;
                }
            }
        });
    });
    is_ready.recv().unwrap();
    told
}

/// Waits for an incident that fits; when its frame came, and its id.
fn wait_for(frames: &mpsc::Receiver<(Instant, Value)>, fits: impl Fn(&Value) -> bool) -> (Instant, Value) {
    loop {
        let (came, frame) = frames.recv_timeout(Duration::from_secs(20)).expect("no such frame");
        if fits(&frame["incident"]) {
            return (came, frame["incident"]["id"].clone());
        }
    }
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}
