//! A real SMTP server, in a process of its own: `tests/smtp/server.py`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::mpsc;

/// How long anything of the server may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A message that the server took, as Python's email package reads it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Received {
    pub from: String,
    pub to: Vec<String>,
    /// The bytes, in base64.
    pub data: String,
    pub tls: bool,
    /// Who signed in.
    pub user: Option<String>,
    /// The client's port: the same for messages of one connection.
    pub peer: u16,
    /// By name; a name that is there twice makes `header_count` larger.
    pub headers: BTreeMap<String, String>,
    pub header_count: usize,
    pub text: Option<String>,
    pub html: Option<String>,
    pub defects: Vec<String>,
}

/// Runs until it is dropped.
pub(crate) struct SmtpServer {
    process: Child,
    port: u16,
    directory: tempfile::TempDir,
    lines: mpsc::UnboundedReceiver<String>,
}

#[derive(Deserialize)]
struct Ready {
    port: u16,
}

impl SmtpServer {
    /// With the options of `server.py`.
    pub(crate) async fn start<S: AsRef<OsStr>>(options: impl IntoIterator<Item = S>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(python(root))
            .arg(root.join("tests/smtp/server.py"))
            .arg("--ca-file")
            .arg(directory.path().join("ca.pem"))
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = process.stdout.take().unwrap();
        let (sender, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut server = Self { process, port: 0, directory, lines };
        server.port = server.line::<Ready>().await.port;
        server
    }

    /// A URL of this server; `before` is for `user:password@`, `after` for options.
    pub(crate) fn url(&self, scheme: &str, before: &str, after: &str) -> String {
        format!("{scheme}://{before}localhost:{}{after}", self.port)
    }

    /// The CA of the server's certificate; made when the server has TLS.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// The next message.
    pub(crate) async fn received(&mut self) -> Received {
        self.line().await
    }

    /// The messages that were taken and not asked for, once the server has ended.
    pub(crate) async fn rest(mut self) -> Vec<Received> {
        drop(self.process.stdin.take());
        let mut rest = Vec::new();
        while let Some(line) = tokio::time::timeout(PATIENCE, self.lines.recv()).await.unwrap() {
            rest.push(serde_json::from_str(&line).unwrap());
        }
        rest
    }

    async fn line<T: for<'a> Deserialize<'a>>(&mut self) -> T {
        let line = tokio::time::timeout(PATIENCE, self.lines.recv()).await.expect("the SMTP server says nothing");
        serde_json::from_str(&line.expect("the SMTP server ended; its standard error says why")).unwrap()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The Python that has what the tests need.
pub(crate) fn python(root: &Path) -> PathBuf {
    let python = std::env::var_os("TOCSIN_TEST_PYTHON").map_or(root.join(".cache/venv/bin/python"), PathBuf::from);
    assert!(python.exists(), "there is no Python at {}: run `make test-setup`", python.display());
    python
}
