//! What signing in costs: an access token checked, a refresh, many logins at once, and what a failed one tells by its time.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::server::{Server, quantile, sqlite};

/// Nobody is throttled: it is the work that is measured.
const UNTHROTTLED: [&str; 4] =
    ["--set", "auth.attempts_per_address=1000000", "--set", "auth.attempts_per_account=1000000"];
const ADA: &str = "ada@example.org";
const PASSWORD: &str = "correct horse battery";

/// CPU of a request that an access token opens, beside the same request that is refused for want of one.
pub(crate) async fn token() {
    const ROUNDS: usize = 10;
    const REQUESTS: usize = 10_000;
    let dir = TempDir::new().unwrap();
    let server = Server::with_owner(dir.path(), &[]).await;
    // No document has this id, which is seen without asking the database; both answers are problem documents.
    let url = format!("{}/api/v1/documents/%20", server.url);
    let mut micros = [0.0; 2];
    for round in 0..2 * ROUNDS {
        let (which, status) = [(0, StatusCode::UNAUTHORIZED), (1, StatusCode::NOT_FOUND)][round % 2];
        let before = server.cpu();
        for _ in 0..REQUESTS {
            let request = server.http.get(&url);
            let request = if which == 1 { request.bearer_auth(&server.token) } else { request };
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status);
            answer.bytes().await.unwrap();
        }
        micros[which] += (server.cpu() - before).as_secs_f64() * 1e6 / (ROUNDS * REQUESTS) as f64;
    }
    println!(
        "token: {:.1} µs CPU a request with an access token, {:.1} µs without; checking it takes {:.1} µs",
        micros[1],
        micros[0],
        micros[1] - micros[0],
    );
}

/// Refreshes of many clients at once, each with a sign-in of its own. `sets` choose where sign-ins are kept.
pub(crate) async fn refresh(kept: &str, sets: &[&str]) {
    const CLIENTS: usize = 32;
    const EACH: usize = 500;
    let dir = TempDir::new().unwrap();
    let sets = [&UNTHROTTLED, &["--set", "auth.scrypt_log_n=10"][..], sets].concat();
    let server = Arc::new(Server::with_owner(dir.path(), &sets).await);
    let mut tokens = Vec::new();
    for _ in 0..CLIENTS {
        tokens.push(login(&server).await);
    }
    let (cpu, began) = (server.cpu(), Instant::now());
    let clients: Vec<_> =
        tokens.into_iter().map(|session| actix_rt::spawn(refreshes(server.clone(), session, EACH))).collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await.unwrap());
    }
    let (took, cpu) = (began.elapsed().as_secs_f64(), (server.cpu() - cpu).as_secs_f64());
    times.sort_by(f64::total_cmp);
    let count = times.len() as f64;
    println!(
        "refresh: {kept}, {CLIENTS} clients: {:.0} refreshes/s, {:.0} per core of CPU; p50 {:.1} ms, p99 {:.1} ms",
        count / took,
        count / cpu,
        quantile(&times, 0.5),
        quantile(&times, 0.99),
    );
}

async fn refreshes(server: Arc<Server>, mut session: Value, count: usize) -> Vec<f64> {
    let mut times = Vec::new();
    for _ in 0..count {
        let body = json!({"refresh_token": session["refresh_token"]}).to_string();
        let began = Instant::now();
        session = server.post("/api/v1/auth/refresh", "application/json", body).await;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times
}

/// How soon a path answers, asked one time after the other until it is told to stop, in milliseconds.
async fn watched(server: Arc<Server>, path: &'static str, stop: Arc<AtomicBool>) -> Vec<f64> {
    let mut times = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let began = Instant::now();
        let request = server.http.get(format!("{}{path}", server.url)).bearer_auth(&server.token);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    times.sort_by(f64::total_cmp);
    times
}

/// Three hundred logins in the same moment: memory, refusals, and what everybody else notices.
pub(crate) async fn logins() {
    const LOGINS: usize = 300;
    let dir = TempDir::new().unwrap();
    let server = Arc::new(Server::with_owner(dir.path(), &UNTHROTTLED).await);
    let stop = Arc::new(AtomicBool::new(false));
    let watch = |path| actix_rt::spawn(watched(server.clone(), path, stop.clone()));
    let (live, me) = (watch("/livez"), watch("/api/v1/auth/me"));
    let one = async |server: Arc<Server>| {
        let began = Instant::now();
        let (status, _, waits) = answer(&server, ADA, PASSWORD).await;
        (status, waits, began.elapsed().as_secs_f64() * 1_000.0)
    };
    let began = Instant::now();
    let tasks: Vec<_> = (0..LOGINS).map(|_| actix_rt::spawn(one(server.clone()))).collect();
    let (mut done, mut refused) = (0, Vec::new());
    for task in tasks {
        match task.await.unwrap() {
            (StatusCode::OK, ..) => done += 1,
            (StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS, true, took) => refused.push(took),
            other => panic!("neither signed in nor told when to come back: {other:?}"),
        }
    }
    let took = began.elapsed().as_secs_f64();
    stop.store(true, Ordering::SeqCst);
    let (live, me) = (live.await.unwrap(), me.await.unwrap());
    refused.sort_by(f64::total_cmp);
    println!(
        "logins: {LOGINS} at once: {done} in {took:.1} s, {} refused with Retry-After (the last after {:.0} ms); {:.1} MiB at most; meanwhile /livez p99 {:.1} ms, /auth/me p99 {:.1} ms, max {:.1} ms ({} asked)",
        refused.len(),
        refused.last().copied().unwrap_or_default(),
        server.memory_mib("VmHWM"),
        quantile(&live, 0.99),
        quantile(&me, 0.99),
        quantile(&me, 1.0),
        me.len(),
    );
}

/// Failed logins of four kinds, in turn: their time must not tell which account there is.
pub(crate) async fn guesses() {
    const EACH: usize = 40;
    let dir = TempDir::new().unwrap();
    let server = Server::with_owner(dir.path(), &UNTHROTTLED).await;
    let mut kinds = vec![("unknown", "nobody@example.org"), ("wrong password", ADA)];
    for email in ["eve@example.org", "zoe@example.org"] {
        let body = json!({"email": email, "password": PASSWORD, "name": "Somebody"}).to_string();
        server.post("/api/v1/auth/register", "application/json", body).await;
    }
    let database = dir.path().join("data/tocsin.db");
    sqlite(&database, "UPDATE users SET password_hash = '!' WHERE email = 'eve@example.org';\n");
    kinds.push(("no password", "eve@example.org"));
    if has_column(&database, "users", "disabled_at") {
        sqlite(&database, "UPDATE users SET disabled_at = 1 WHERE email = 'zoe@example.org';\n");
        kinds.push(("disabled", "zoe@example.org"));
    }
    let mut times = vec![Vec::new(); kinds.len()];
    for _ in 0..EACH {
        for ((kind, email), times) in kinds.iter().zip(&mut times) {
            // Whoever is disabled knows the right password.
            let password = if *kind == "disabled" { PASSWORD } else { "incorrect horse battery" };
            let began = Instant::now();
            assert_eq!(answer(&server, email, password).await.0, StatusCode::UNAUTHORIZED, "{kind}");
            times.push(began.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    let medians: Vec<f64> = times
        .iter_mut()
        .map(|times| {
            times.sort_by(f64::total_cmp);
            quantile(times, 0.5)
        })
        .collect();
    let (least, most) =
        medians.iter().fold((f64::MAX, 0.0_f64), |(least, most), one| (least.min(*one), most.max(*one)));
    let told: Vec<String> =
        kinds.iter().zip(&medians).map(|((kind, _), median)| format!("{kind} {median:.1} ms")).collect();
    println!("guesses: {}; they differ by {:.1} %", told.join(", "), (most - least) / least * 100.0);
}

fn has_column(database: &Path, table: &str, column: &str) -> bool {
    let count = format!("SELECT count(*) FROM pragma_table_info('{table}') WHERE name = '{column}';\n");
    sqlite(database, &count).trim() == "1"
}

/// A sign-in of the owner.
async fn login(server: &Server) -> Value {
    let (status, body, _) = answer(server, ADA, PASSWORD).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

/// What a login gets: the status, the body, and whether it is told when to come back.
async fn answer(server: &Server, email: &str, password: &str) -> (StatusCode, Value, bool) {
    let request = server.http.post(format!("{}/api/v1/auth/login", server.url));
    let response = request.json(&json!({"email": email, "password": password})).send().await.unwrap();
    let (status, waits) = (response.status(), response.headers().contains_key("retry-after"));
    (status, response.json().await.unwrap(), waits)
}
