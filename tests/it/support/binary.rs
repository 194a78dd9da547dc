//! The binary in a process of its own, for what only a process can show: `kill -9`, signals, standard output.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running `tocsin serve`.
pub struct Binary {
    pub addr: SocketAddr,
    pub child: Child,
    /// What it wrote, collected to its end.
    output: std::thread::JoinHandle<String>,
}

/// A command of the binary, profile `test`, data in `dir`.
pub fn tocsin(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tocsin"));
    command.current_dir(dir).env_remove("TOCSIN_API_KEY").args([
        "--profile",
        "test",
        "--set",
        &format!("data_dir={}", dir.join("data").display()),
    ]);
    command
}

impl Binary {
    /// Starts a server and waits until it says where it listens.
    pub fn serve(dir: &Path, more: &[&str]) -> Self {
        let mut command = tocsin(dir);
        command.args(more).arg("serve").stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut before = String::new();
        let addr = loop {
            let mut line = String::new();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "the server ended before it listened: {before}");
            before.push_str(&line);
            if let Some((_, address)) = line.split_once("listening on http://") {
                let end =
                    address.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).unwrap_or(address.len());
                break address[..end].parse().unwrap();
            }
        };
        let output = std::thread::spawn(move || {
            let mut all = before;
            for line in lines.lines().map_while(Result::ok) {
                all.push_str(&line);
                all.push('\n');
            }
            all
        });
        Self { addr, child, output }
    }

    /// The server's address.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// `kill -9`.
    pub fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.output.join().unwrap()
    }

    /// SIGTERM; the exit code and all it wrote.
    pub fn terminate(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        (status.code(), self.output.join().unwrap())
    }
}
