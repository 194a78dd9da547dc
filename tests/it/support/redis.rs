//! A real Redis, in a process of its own: a free port, a directory of its own, every write on disk before its answer.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use tempfile::TempDir;
use tocsin::adapters::redis::{Lifetimes, Options, Redis, RefreshTokens};

use super::DEADLINE;

/// Runs until it is dropped.
pub(crate) struct RedisServer {
    process: Option<Child>,
    port: u16,
    directory: TempDir,
    more: Vec<String>,
}

impl RedisServer {
    /// A fresh one.
    pub(crate) fn start() -> Self {
        Self::with(TempDir::new().unwrap(), |_| Vec::new())
    }

    /// With TLS, by a certificate for `localhost` of a CA of its own; without plain connections.
    pub(crate) fn with_tls() -> Self {
        let directory = TempDir::new().unwrap();
        certify(directory.path());
        Self::with(directory, |port| {
            let tls = format!(
                "--port 0 --tls-port {port} --tls-auth-clients no --tls-cert-file server.pem --tls-key-file server.key \
                 --tls-ca-cert-file ca.pem --requirepass secret"
            );
            tls.split(' ').map(str::to_owned).collect()
        })
    }

    fn with(directory: TempDir, more: impl Fn(u16) -> Vec<String>) -> Self {
        // Somebody else may take the port before Redis does; then another.
        for _ in 0..20 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let more = more(port);
            if let Some(process) = spawn(port, directory.path(), &more) {
                return Self { process: Some(process), port, directory, more };
            }
        }
        panic!("redis-server does not start; is it installed? `make test-setup` does it");
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The certificate of its CA, if it has TLS.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// On the same port, with what it had stored.
    pub(crate) fn start_again(&mut self) {
        self.process = Some(spawn(self.port, self.directory.path(), &self.more).unwrap());
    }

    /// It takes connections and bytes, and answers nothing.
    pub(crate) fn hang(&self) {
        self.signal("-STOP");
    }

    /// It goes on.
    pub(crate) fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.process.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// What it says to a command.
    pub(crate) async fn ask(&self, command: &[&str]) -> redis::Value {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let (name, arguments) = command.split_first().unwrap();
        redis::cmd(name).arg(arguments).query_async(&mut connection).await.unwrap()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// `None` when it ends instead of serving.
fn spawn(port: u16, directory: &Path, more: &[String]) -> Option<Child> {
    let mut process = Command::new("redis-server")
        .current_dir(directory)
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "yes"])
        .args(["--appendfsync", "always"])
        .args(more)
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let lines = BufReader::new(process.stdout.take()?).lines();
    let (serving, served) = mpsc::channel();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if line.contains("Ready to accept connections") {
                // Nobody waits for a second one.
                let _ = serving.send(());
            }
        }
    });
    if served.recv_timeout(DEADLINE).is_ok() {
        return Some(process);
    }
    let _ = process.kill();
    let _ = process.wait();
    None
}

fn certify(directory: &Path) {
    let openssl = |arguments: &str| {
        let done = Command::new("openssl").current_dir(directory).args(arguments.split(' ')).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test-ca",
    );
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=localhost",
    );
    std::fs::write(directory.join("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1").unwrap();
    openssl("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names");
}

/// The settings of tests: far more time than anything takes.
pub(crate) fn options(url: String) -> Options {
    Options {
        url,
        ca_file: None,
        connections: 8,
        connect_timeout: Duration::from_secs(20),
        timeout: Duration::from_secs(20),
        prefix: "test:".into(),
        log: tocsin::telemetry::logging::test_logger(),
    }
}

/// Refresh tokens that Redis keeps for long.
pub(crate) fn refresh_tokens(redis: Arc<Redis>) -> RefreshTokens {
    let lifetimes = Lifetimes { idle: Duration::from_secs(30 * 86_400), absolute: Duration::from_secs(90 * 86_400) };
    RefreshTokens::new(redis, lifetimes)
}
