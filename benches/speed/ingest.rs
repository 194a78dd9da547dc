//! Ingest over HTTP, to SQLite with `synchronous=FULL`, beside `sqlite3 .import` of the same rows into the same table.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use tempfile::TempDir;

use super::server::{Server, sqlite};

const ROWS: usize = 200_000;
const BATCH: usize = 1_000;
const SENDERS: usize = 4;

pub(crate) async fn run() {
    let dir = TempDir::new().unwrap();
    let server = Arc::new(Server::with_owner(dir.path(), &[]).await);
    let batches: Vec<String> = (0..ROWS / BATCH).map(batch).collect();
    let cpu_before = server.cpu();
    let began = Instant::now();
    let mut senders = Vec::new();
    for sender in 0..SENDERS {
        let (server, mine) =
            (Arc::clone(&server), batches.iter().skip(sender).step_by(SENDERS).cloned().collect::<Vec<_>>());
        senders.push(actix_rt::spawn(async move {
            for body in mine {
                server.post("/api/v1/documents", "application/x-ndjson", body).await;
            }
        }));
    }
    for sender in senders {
        sender.await.unwrap();
    }
    let ours = ROWS as f64 / began.elapsed().as_secs_f64();
    let cpu = (server.cpu() - cpu_before).as_secs_f64() * 1e6 / ROWS as f64;
    drop(server);
    let peer = import(dir.path());
    println!(
        "ingest: {ours:.0} rows/s over HTTP, {cpu:.1} µs CPU a row; sqlite3 .import {peer:.0} rows/s; ratio {:.2}",
        ours / peer
    );
}

fn batch(number: usize) -> String {
    let rows = (0..BATCH).map(|row| {
        let n = number * BATCH + row;
        json!({"type": "order", "id": format!("order-{n}"), "amount": n as f64 / 100.0, "quantity": n % 50,
            "customer": {"name": "Zoë", "city": "Köln", "vip": n.is_multiple_of(10)}, "note": "gift, \"wrap\" it"})
        .to_string()
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// The same rows out of our table as CSV, and into an empty copy of the same tables and indices.
fn import(dir: &Path) -> f64 {
    let ours = dir.join("data/tocsin.db");
    let (copy, csv) = (dir.join("peer.db"), dir.join("rows.csv"));
    sqlite(&ours, &format!(".mode csv\n.output {}\nSELECT * FROM documents;\n", csv.display()));
    let schema = sqlite(&ours, ".schema --nosys\n");
    sqlite(&copy, &format!("PRAGMA journal_mode=WAL;\n{schema}"));
    let began = Instant::now();
    sqlite(
        &copy,
        &format!(
            "PRAGMA foreign_keys=OFF;\nPRAGMA synchronous=FULL;\n.mode csv\n.import {} documents\n",
            csv.display()
        ),
    );
    let rate = ROWS as f64 / began.elapsed().as_secs_f64();
    assert_eq!(sqlite(&copy, "SELECT count(*) FROM documents;\n").trim(), ROWS.to_string());
    rate
}
