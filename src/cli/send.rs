//! `tocsin send`: lines or NDJSON from standard input, posted in batches, each document once.

use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::Clock as _;
use tokio::sync::mpsc;

use super::Failure;
use super::client::{Client, Target, detail};
use super::progress::Progress;
use crate::adapters::clock::SystemClock;
use crate::config::Config;

/// The longest line that is read; what follows is cut off.
const MAX_LINE_BYTES: u64 = 1 << 20;
/// The largest body that is posted.
const MAX_BODY_BYTES: usize = 8 << 20;

/// Reads lines or NDJSON from standard input and posts them
///
/// Each line becomes a document {"type": TYPE, "message": LINE} with an id and the time it was read, so that a batch
/// that is sent again doubles nothing. A line that is a JSON object is posted as it is, with what it lacks of these.
#[derive(Debug, clap::Args)]
pub(super) struct Send {
    #[command(flatten)]
    target: Target,
    /// The type of documents that do not name their own
    #[arg(long, value_name = "TYPE")]
    r#type: Option<String>,
    /// How many documents to post at once
    #[arg(long, default_value_t = 1_000, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    batch: u64,
    /// How long the first line of a batch waits for others, in milliseconds
    #[arg(long, default_value_t = 200, value_name = "MS")]
    linger_ms: u64,
    /// Take every line as text, also one that looks like JSON
    #[arg(long)]
    text: bool,
}

struct Sender {
    client: Client,
    progress: Progress,
    sent: u64,
    duplicates: u64,
    refused: u64,
}

impl Send {
    /// Sends until standard input ends.
    ///
    /// # Errors
    /// One line that says what went wrong; lines that the server refused are named before on standard error.
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let client = self.target.client(config)?;
        let mut sender = Sender { client, progress: Progress::counting("sent"), sent: 0, duplicates: 0, refused: 0 };
        let (lines, mut incoming) = mpsc::channel::<String>(10_000);
        std::thread::spawn(move || read_lines(&lines));
        while let Some(first) = incoming.recv().await {
            let batch = self.collect(first, &mut incoming).await;
            sender.post(batch).await?;
        }
        sender.finish()
    }

    /// Waits a moment for more lines, up to a batch.
    async fn collect(&self, first: String, incoming: &mut mpsc::Receiver<String>) -> Vec<String> {
        let until = tokio::time::Instant::now() + Duration::from_millis(self.linger_ms);
        let mut batch = Vec::new();
        let mut bytes = 0;
        let mut next = Some(first);
        while let Some(line) = next {
            let document = document(&line, self.r#type.as_deref(), self.text, SystemClock.now());
            bytes += document.len() + 1;
            batch.push(document);
            if batch.len() as u64 >= self.batch || bytes >= MAX_BODY_BYTES {
                break;
            }
            next = tokio::time::timeout_at(until, incoming.recv()).await.unwrap_or_default();
        }
        batch
    }
}

impl Sender {
    /// Posts a batch until it is answered. Documents that the server refuses are named and left out, the rest is sent.
    async fn post(&mut self, mut batch: Vec<String>) -> Result<(), Failure> {
        while !batch.is_empty() {
            let body = Some(("application/x-ndjson", batch.join("\n")));
            let progress = &self.progress;
            let told = |reason: &str| progress.note(reason);
            match self.client.insist(Method::POST, "/api/v1/documents", body, told).await {
                Ok(answer) => {
                    let count = |name| answer.get(name).and_then(Value::as_u64).unwrap_or_default();
                    self.sent += count("accepted");
                    self.duplicates += count("duplicates");
                    self.progress.add(batch.len() as u64);
                    return Ok(());
                }
                Err((status, problem)) => {
                    let bad = refused_lines(status, &problem, batch.len());
                    if bad.is_empty() {
                        return Err(Failure::new(detail(status, &problem)));
                    }
                    for (index, why) in bad.into_iter().rev() {
                        let line = batch.remove(index);
                        let shown: String = line.chars().take(200).collect();
                        self.progress.note(&format!("refused: {why}: {shown}"));
                        self.refused += 1;
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Failure> {
        self.progress.finish();
        let doubles =
            if self.duplicates > 0 { format!(", {} were there already", self.duplicates) } else { String::new() };
        let summary = format!("{} documents accepted{doubles}", self.sent);
        if self.refused > 0 {
            return Err(Failure::new(format!("{summary}; {} lines were refused, see above", self.refused)));
        }
        if std::io::stderr().is_terminal() {
            let _ = writeln!(std::io::stderr(), "{summary}");
        }
        Ok(())
    }
}

/// Which documents of the batch a problem names, in order; each once.
fn refused_lines(status: StatusCode, problem: &Value, batch: usize) -> Vec<(usize, String)> {
    if status != StatusCode::UNPROCESSABLE_ENTITY && status != StatusCode::BAD_REQUEST {
        return Vec::new();
    }
    let errors = problem.get("errors").and_then(Value::as_array).into_iter().flatten();
    let mut bad: Vec<(usize, String)> = errors
        .filter_map(|error| {
            let path = error.get("path")?.as_str()?;
            let index: usize = path.strip_prefix('/')?.split('/').next()?.parse().ok()?;
            let why = error.get("message")?.as_str()?;
            (index < batch).then(|| (index, why.to_owned()))
        })
        .collect();
    bad.sort_by_key(|(index, _)| *index);
    bad.dedup_by_key(|(index, _)| *index);
    bad
}

/// The document of a line. What it lacks of `type`, `id` and `at` is put in front of its own fields.
fn document(line: &str, kind: Option<&str>, text: bool, now: Timestamp) -> String {
    let id = || tocsin_actors::domain::id::v7(now).to_string();
    if !text && line.trim_start().starts_with('{') {
        let parsed: Result<std::collections::HashMap<String, &RawValue>, _> = serde_json::from_str(line);
        if let Ok(own) = parsed {
            let mut front = String::from("{");
            let mut lack = |name: &str, value: String| {
                if !own.contains_key(name) {
                    front.push_str(&format!("{}:{},", json!(name), json!(value)));
                }
            };
            if let Some(kind) = kind {
                lack("type", kind.to_owned());
            }
            lack("id", id());
            lack("at", now.to_string());
            let rest = line.trim().strip_prefix('{').unwrap_or_default();
            return if own.is_empty() { format!("{}}}", front.trim_end_matches(',')) } else { front + rest };
        }
    }
    let mut document = json!({ "id": id(), "at": now.to_string(), "message": line });
    if let (Some(kind), Some(object)) = (kind, document.as_object_mut()) {
        object.insert("type".into(), kind.into());
    }
    document.to_string()
}

/// Reads standard input to its end. Blocks while the server is away, and with it whoever writes into the pipe.
fn read_lines(lines: &mpsc::Sender<String>) {
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut input).take(MAX_LINE_BYTES).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if line.last() != Some(&b'\n') && line.len() as u64 == MAX_LINE_BYTES {
            skip_to_line_end(&mut input);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']);
        if !text.trim().is_empty() && lines.blocking_send(text.to_owned()).is_err() {
            return;
        }
    }
}

fn skip_to_line_end(input: &mut impl std::io::BufRead) {
    while let Ok(buffer) = input.fill_buf() {
        let (skip, found) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(skip);
        if found {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str, kind: Option<&str>, text: bool) -> Value {
        serde_json::from_str(&document(line, kind, text, Timestamp::clamped(0))).unwrap()
    }

    #[test]
    fn a_line_becomes_a_document_and_an_object_keeps_what_it_has() {
        let line = parsed("[error] mod_jk \"child\"", Some("error"), false);
        assert_eq!((&line["type"], &line["message"]), (&json!("error"), &json!("[error] mod_jk \"child\"")));
        assert!(line["id"].is_string() && line["at"] == "1970-01-01T00:00:00.000Z");

        let object = parsed(r#" {"type":"order","id":"o-1","n":1.50} "#, Some("error"), false);
        assert_eq!((&object["type"], &object["id"], &object["n"]), (&json!("order"), &json!("o-1"), &json!(1.50)));
        assert!(object["at"].is_string());

        assert_eq!(parsed("{}", Some("a"), false)["type"], "a");
        assert_eq!(parsed("{not json", Some("a"), false)["message"], "{not json");
        assert_eq!(parsed("{}", Some("a"), true)["message"], "{}");
        assert!(parsed("x", None, false).get("type").is_none(), "the server says what is missing");
    }

    #[test]
    fn refused_documents_are_found_by_their_path() {
        let problem = json!({"errors": [{"path": "/3/type", "message": "a"}, {"path": "/1", "message": "b"},
            {"path": "/3/at", "message": "c"}, {"path": "/99", "message": "d"}, {"path": "", "message": "e"}]});
        let bad = refused_lines(StatusCode::UNPROCESSABLE_ENTITY, &problem, 10);
        assert_eq!(bad, [(1, "b".to_owned()), (3, "a".to_owned())]);
        assert_eq!(refused_lines(StatusCode::UNAUTHORIZED, &problem, 10), []);
    }
}
