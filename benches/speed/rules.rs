//! What rules cost: watching 500 of them over 20 types, and trying one on a million stored documents.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::server::Server;

const TYPES: usize = 20;
const RULES: usize = 500;
const BATCH: usize = 2_000;
const BATCHES: usize = 300;
const SENDERS: usize = 4;

/// Documents of 20 types with nobody watching, and with 25 rules for each type: the difference is the rules'.
pub(crate) async fn watching() {
    let plain = ingest(0, |_| json!({})).await;
    for (name, measure) in [
        ("count", (|_| json!({})) as fn(usize) -> Value),
        ("sum of a field, with a condition", |_| {
            json!({"measure": {"kind": "sum", "field": "amount"},
                "where": [{"field": "customer.city", "op": "!=", "value": "Lyon"}]})
        }),
        ("count in 50 groups", |_| json!({"group_by": "shop"})),
        ("a fifth each of count, sum, avg, max, p95", |n| match n / TYPES % 5 {
            0 => json!({}),
            1 => json!({"measure": {"kind": "sum", "field": "amount"}}),
            2 => json!({"measure": {"kind": "avg", "field": "amount"}}),
            3 => json!({"measure": {"kind": "max", "field": "amount"}}),
            _ => json!({"measure": {"kind": "p95", "field": "amount"}}),
        }),
    ] {
        let watched = ingest(RULES, measure).await;
        let matches = (BATCH * BATCHES * RULES / TYPES) as f64;
        let cost = (watched.cpu.as_secs_f64() - plain.cpu.as_secs_f64()) * 1e6 / matches;
        println!(
            "rules: {RULES} over {TYPES} types, {name}: {cost:.3} µs CPU a document and rule; {:.0} documents/s \
             ({:.0} with no rule), {:.0} MiB",
            watched.rate, plain.rate, watched.memory
        );
    }
}

struct Run {
    cpu: Duration,
    rate: f64,
    memory: f64,
}

async fn ingest(rules: usize, of: impl Fn(usize) -> Value) -> Run {
    let dir = TempDir::new().unwrap();
    let server = Arc::new(Server::with_owner(dir.path(), &["--set", "alerts.default_rules=[]"]).await);
    for n in 0..rules {
        // A line that is never crossed.
        let mut rule = json!({"name": format!("rule {n}"), "type": format!("t{}", n % TYPES), "threshold": 1e15});
        of(n).as_object().unwrap().iter().for_each(|(key, value)| rule[key] = value.clone());
        let made = server.post("/api/v1/rules", "application/json", rule.to_string()).await;
        assert!(made["id"].is_string(), "{made}");
    }
    let batches: Arc<Vec<String>> = Arc::new((0..50).map(batch).collect());
    let (cpu, began) = (server.cpu(), Instant::now());
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (server, batches) = (Arc::clone(&server), Arc::clone(&batches));
            actix_rt::spawn(async move {
                for n in (sender..BATCHES).step_by(SENDERS) {
                    let body = batches[n % batches.len()].clone();
                    let answer = server.post("/api/v1/documents", "application/x-ndjson", body).await;
                    assert_eq!(answer["accepted"], BATCH, "{answer}");
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await.unwrap();
    }
    Run {
        rate: (BATCH * BATCHES) as f64 / began.elapsed().as_secs_f64(),
        cpu: server.cpu() - cpu,
        memory: server.memory_mib("VmHWM"),
    }
}

fn batch(number: usize) -> String {
    let rows = (0..BATCH).map(|row| {
        let n = number * BATCH + row;
        json!({"type": format!("t{}", n % TYPES), "amount": n as f64 / 100.0, "shop": n % 50, "quantity": n % 50,
            "customer": {"name": "Zoë", "city": "Köln", "vip": n.is_multiple_of(10)}, "note": "gift, \"wrap\" it"})
        .to_string()
    });
    rows.collect::<Vec<_>>().join("\n")
}

const STORED: usize = 1_000_000;
const CITIES: [&str; 4] = ["Köln", "Lyon", "Nice", "Oslo"];

/// Each of a million documents at an instant of its own, over eleven days.
pub(crate) async fn preview() {
    let dir = TempDir::new().unwrap();
    let server = Server::with_owner(dir.path(), &[]).await;
    let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let begin = now - i64::try_from(STORED).unwrap() * 1_000;
    for chunk in 0..STORED / 10_000 {
        let rows = (0..10_000).map(|row| {
            let n = chunk * 10_000 + row;
            json!({"type": "order", "at": begin + i64::try_from(n).unwrap() * 1_000, "amount": (n % 977) as f64 / 4.0,
                "customer": {"city": CITIES[n % 4], "id": n % 1_000}, "note": "gift"})
            .to_string()
        });
        let body = rows.collect::<Vec<_>>().join("\n");
        server.post("/api/v1/documents", "application/x-ndjson", body).await;
    }
    let before = server.memory_mib("VmRSS");
    for (name, rule) in [
        ("count", json!({"threshold": 59})),
        ("sum of a field", json!({"threshold": 9_000, "measure": {"kind": "sum", "field": "amount"}})),
        (
            "sum of a field, with a condition, in 4 groups",
            json!({"threshold": 3_000, "measure": {"kind": "sum", "field": "amount"}, "group_by": "customer.city",
                "where": [{"field": "customer.id", "op": "<", "value": 900}]}),
        ),
    ] {
        let mut asked = json!({"name": "try", "type": "order"});
        rule.as_object().unwrap().iter().for_each(|(key, value)| asked[key] = value.clone());
        let body = json!({"rule": asked, "from": begin, "to": now}).to_string();
        let began = Instant::now();
        let answer = server.post("/api/v1/rules/preview", "application/json", body).await;
        let took = began.elapsed().as_secs_f64();
        println!(
            "preview: {STORED} documents, {name}: {took:.2} s, {} counted, {} incidents; memory +{:.1} MiB",
            answer["counted"],
            answer["total"],
            server.memory_mib("VmHWM") - before
        );
    }
}
