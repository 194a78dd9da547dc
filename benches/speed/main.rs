//! Speed of the main job, beside a peer in the same run: `make bench`. Prints figures; decides nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod bell;
mod burst;
mod chat;
mod exports;
mod idle;
mod ingest;
mod latency;
mod redis;
mod rules;
mod server;
mod sign_in;
mod websocket;

fn main() {
    // `cargo bench` passes options of its own harness; a bare word chooses what to run.
    let chosen: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |name: &str| chosen.is_empty() || chosen.iter().any(|arg| arg == name);
    actix_rt::System::new().block_on(async {
        if wanted("idle") {
            idle::run().await;
        }
        if wanted("ingest") {
            ingest::run().await;
        }
        if wanted("burst") {
            burst::run().await;
        }
        if wanted("latency") {
            latency::run().await;
        }
        if wanted("bell") || wanted("bell-beside") {
            bell::beside().await;
        }
        if wanted("bell") || wanted("bell-mail") {
            bell::mail().await;
        }
        if wanted("bell") || wanted("bell-viewers") {
            bell::dashboards().await;
        }
        if wanted("rules") {
            rules::watching().await;
        }
        if wanted("preview") {
            rules::preview().await;
        }
        if wanted("token") {
            sign_in::token().await;
        }
        if wanted("refresh") {
            sign_in::refresh("SQLite", &[]).await;
            let redis = redis::Redis::start();
            sign_in::refresh("Redis", &["--set", &redis.setting()]).await;
        }
        if wanted("logins") {
            sign_in::logins().await;
        }
        if wanted("guesses") {
            sign_in::guesses().await;
        }
        if wanted("exports") {
            exports::run().await;
        }
        // From here on the first core is the servers'.
        if wanted("fan-out") {
            chat::fan_out().await;
        }
        if wanted("closed-loop") {
            chat::closed_loop().await;
        }
        if wanted("sockets") {
            chat::idle_sockets().await;
        }
        if wanted("crowd") {
            chat::crowd().await;
        }
        if wanted("stalled") {
            chat::stalled().await;
        }
    });
}
