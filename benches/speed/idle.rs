//! What a server costs that does nothing, and how soon it answers.

use std::time::Instant;

use tempfile::TempDir;

use super::server::{Server, until};

pub(crate) async fn run() {
    let dir = TempDir::new().unwrap();
    drop(Server::with_owner(dir.path(), &[]).await);
    let mut starts: Vec<f64> = Vec::new();
    let mut memory = 0.0_f64;
    for _ in 0..5 {
        let began = Instant::now();
        let server = Server::start(dir.path(), &[]);
        until("an answer", async || {
            server
                .http
                .get(format!("{}/livez", server.url))
                .send()
                .await
                .is_ok_and(|answer| answer.status().is_success())
        })
        .await;
        starts.push(began.elapsed().as_secs_f64() * 1_000.0);
        server.get("/api/v1/auth/providers").await;
        memory = memory.max(server.memory_mib("VmRSS"));
    }
    starts.sort_by(f64::total_cmp);
    println!("idle: {memory:.1} MiB resident; start to first answer {:.0} ms (median of 5)", starts[2]);
}
