//! The binary in a process of its own, for what only a process can show: `kill -9`, signals, standard output.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use super::DEADLINE;

/// A process that does not outlive a test that fails.
pub(crate) struct Reaped(Child);

impl Deref for Reaped {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Reaped {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Reaped {
    fn drop(&mut self) {
        // Most have ended by now.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running `tocsin serve`.
pub(crate) struct Binary {
    pub(crate) addr: SocketAddr,
    pub(crate) child: Reaped,
    /// What it wrote, collected to its end.
    output: std::thread::JoinHandle<String>,
}

/// A command of the binary, profile `test`, data in `dir`.
pub(crate) fn tocsin(dir: &Path) -> Command {
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
    pub(crate) fn serve(dir: &Path, more: &[&str]) -> Self {
        let mut command = tocsin(dir);
        command.args(["--set", "log.level=info"]).args(more).arg("serve");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (listening, address) = mpsc::channel();
        let output = std::thread::spawn(move || {
            let mut all = String::new();
            for line in lines.map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("listening on http://") {
                    let end = address.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'));
                    // Nobody waits for a second one.
                    let _ = listening.send(address[..end.unwrap_or(address.len())].parse().unwrap());
                }
                all.push_str(&line);
                all.push('\n');
            }
            all
        });
        let Ok(addr) = address.recv_timeout(DEADLINE) else {
            child.kill().unwrap();
            panic!("the server does not listen: {}", output.join().unwrap());
        };
        Self { addr, child: Reaped(child), output }
    }

    /// The server's address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.output.join().unwrap()
    }

    /// SIGTERM; the exit code and all it wrote.
    pub(crate) fn terminate(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        (status.code(), self.output.join().unwrap())
    }
}
