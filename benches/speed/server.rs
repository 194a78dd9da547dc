//! A server in a process of its own, and somebody who may use it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

impl Server {
    /// Starts one on `dir`; `more` are further arguments.
    pub(crate) fn start(dir: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tocsin"));
        Self::arguments(&mut command, dir, more);
        Self::of(command)
    }

    /// Completes a command that starts Tocsin on `dir`.
    pub(crate) fn arguments(command: &mut Command, dir: &Path, more: &[&str]) {
        command
            .current_dir(dir)
            .args(["--profile", "development", "--set", "server.bind=127.0.0.1:0", "--set"])
            .arg(format!("data_dir={}", dir.join("data").display()))
            .args(more)
            .arg("serve");
    }

    /// Starts a server that says where it is listening.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = loop {
            let line = lines.next().expect("the server ended before it listened").unwrap();
            if let Some((_, address)) = line.split_once("listening on ") {
                break address.split_whitespace().next().unwrap().to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url, http: reqwest::Client::new(), token: String::new() }
    }

    /// The same, with an owner who is signed in.
    pub(crate) async fn with_owner(dir: &Path, more: &[&str]) -> Self {
        let mut server = Self::start(dir, more);
        let body = json!({"email": "ada@example.org", "password": "correct horse battery", "name": "Ada"});
        let answer = server.post("/api/v1/auth/register", "application/json", body.to_string()).await;
        server.token = answer["access_token"].as_str().expect("a token").to_owned();
        server
    }

    pub(crate) async fn post(&self, path: &str, kind: &str, body: String) -> Value {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.token);
        let response = request.header("Content-Type", kind).body(body).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        serde_json::from_str(&response.text().await.unwrap()).unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token);
        serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
    }

    /// A field of `/proc/<pid>/status` in MiB: `VmRSS` is what it holds, `VmHWM` the most it held.
    pub(crate) fn memory_mib(&self, field: &str) -> f64 {
        memory_mib(self.child.id(), field).unwrap()
    }

    /// CPU time it used so far.
    pub(crate) fn cpu(&self) -> Duration {
        state_and_cpu(self.child.id()).1
    }
}

/// A field of `/proc/<pid>/status` in MiB; none once the process has ended.
pub(crate) fn memory_mib(pid: u32, field: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(field))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().unwrap() / 1024.0)
}

/// The letter of a process's state, `Z` when it has ended and nobody has asked how; and the CPU time it used so far.
pub(crate) fn state_and_cpu(pid: u32) -> (String, Duration) {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    // utime and stime, in ticks of 10 ms.
    let ticks = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    (fields[0].to_owned(), Duration::from_millis(10 * ticks))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the sqlite3 shell says to these commands.
pub(crate) fn sqlite(file: &Path, commands: &str) -> String {
    let mut child = Command::new("sqlite3")
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the sqlite3 shell");
    child.stdin.take().unwrap().write_all(commands.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// The value below which `share` of the sorted values lie.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() as f64 * share) as usize).min(sorted.len() - 1)]
}

/// Asks until the answer fits.
pub(crate) async fn until(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !ask().await {
        assert!(began.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
