//! A hundred thousand errors at once: one incident, one mail a recipient, the exact count, bounded memory.

use std::time::Instant;

use serde_json::Value;
use tempfile::TempDir;

use super::server::{Server, until};

const ERRORS: usize = 100_000;
const BATCH: usize = 1_000;

pub(crate) async fn run() {
    let dir = TempDir::new().unwrap();
    let server = Server::with_owner(dir.path(), &[]).await;
    let body = vec![r#"{"type":"error","message":"payment failed"}"#; BATCH].join("\n");
    let began = Instant::now();
    for _ in 0..ERRORS / BATCH {
        server.post("/api/v1/documents", "application/x-ndjson", body.clone()).await;
    }
    let took = began.elapsed();
    let incident = |page: &Value| page["items"][0].clone();
    until("the mail", async || incident(&server.get("/api/v1/incidents").await)["notifications"][0]["state"] == "sent")
        .await;
    let page = server.get("/api/v1/incidents").await;
    let mails = std::fs::read_dir(dir.path().join("data/mail")).unwrap().count();
    println!(
        "burst: {ERRORS} errors in {:.2} s: {} incident, value {}, {mails} mail for 1 recipient; {:.1} MiB resident, {:.1} at most",
        took.as_secs_f64(),
        page["items"].as_array().unwrap().len(),
        incident(&page)["value"],
        server.memory_mib("VmRSS"),
        server.memory_mib("VmHWM"),
    );
}
