//! `tocsin demo`: makes a rule fire and resolve, over and over, against a running server.

use std::io::Write as _;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tocsin_actors::domain::Timestamp;
use tocsin_actors::ports::Clock as _;

use super::Failure;
use super::client::{Client, Target, detail};
use crate::adapters::clock::SystemClock;
use crate::config::Config;

/// How long a burst counts before it leaves the window and the rule is quiet again.
const RINGS_FOR: Duration = Duration::from_secs(10);
/// The pause between two rounds.
const PAUSE: Duration = Duration::from_secs(5);
/// How often the server is asked how it stands.
const POLL: Duration = Duration::from_millis(300);

/// Posts bursts to a running server so that the first rule fires and resolves, over and over
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    #[command(flatten)]
    target: Target,
    /// How many times; 0 goes on until it is stopped
    #[arg(long, default_value_t = 0, value_name = "N")]
    rounds: u32,
}

/// The rule that is made to ring.
struct Rule {
    id: String,
    name: String,
    kind: String,
    window: Duration,
    burst: u64,
}

impl Demo {
    /// Plays the rounds.
    ///
    /// # Errors
    /// One line that says what went wrong.
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let client = self.target.client(config)?;
        let rule = first_rule(&client).await?;
        for round in 1.. {
            play(&client, &rule, round).await?;
            if round == self.rounds {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }
}

async fn play(client: &Client, rule: &Rule, round: u32) -> Result<(), Failure> {
    let now = SystemClock.now();
    let before = firing(client, rule).await?.is_some();
    // As if they had happened a while ago: they count now, and leave the window soon.
    let at = now.minus(rule.window.saturating_sub(RINGS_FOR));
    let body = (0..rule.burst).map(|n| document(rule, round, n, at)).collect::<Vec<_>>().join("\n");
    ask(client, Method::POST, "/api/v1/documents", Some(("application/x-ndjson", body))).await?;
    say(&format!("{} documents of type {} posted, {} is the line", rule.burst, rule.kind, rule.name));
    if before {
        say("the rule was ringing already; it goes on");
    }
    let fired = loop {
        match firing(client, rule).await? {
            Some(incident) => break incident,
            None => tokio::time::sleep(POLL).await,
        }
    };
    let number = |name| fired.get(name).cloned().unwrap_or_default();
    say(&format!("{} fires: {} against {}", rule.name, number("value"), number("threshold")));
    while firing(client, rule).await?.is_some() {
        tokio::time::sleep(POLL).await;
    }
    say(&format!("{} is quiet again", rule.name));
    Ok(())
}

fn document(rule: &Rule, round: u32, n: u64, at: Timestamp) -> String {
    let messages = ["payment failed", "connection reset by peer", "worker ran out of memory", "upstream timed out"];
    let message = messages.get(usize::try_from(n).unwrap_or(0) % messages.len()).copied().unwrap_or_default();
    let id = tocsin_actors::domain::id::v7(at).to_string();
    json!({"type": rule.kind, "id": id, "at": at.to_string(), "message": message, "source": "tocsin demo", "round": round})
        .to_string()
}

/// The first rule that a burst can make ring.
async fn first_rule(client: &Client) -> Result<Rule, Failure> {
    let rules = ask(client, Method::GET, "/api/v1/rules", None).await?;
    items(&rules).iter().find_map(usable).ok_or_else(|| {
        Failure::new("no rule is switched on that more documents would make ring; see alerts.default_rules")
    })
}

fn usable(rule: &Value) -> Option<Rule> {
    let text = |path| rule.pointer(path)?.as_str();
    let above = matches!(text("/comparison")?, ">" | ">=");
    let counts = text("/measure/kind")? == "count";
    if !above || !counts || rule.pointer("/enabled") == Some(&json!(false)) {
        return None;
    }
    let kind = text("/type")?;
    // A threshold is a count here: whole, and far below 2^53.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let burst = rule.pointer("/threshold")?.as_f64()?.max(0.0) as u64 + 10;
    Some(Rule {
        id: text("/id")?.to_owned(),
        name: text("/name")?.to_owned(),
        kind: if kind == "any" { "error".to_owned() } else { kind.to_owned() },
        window: Duration::from_secs(rule.pointer("/window_seconds")?.as_u64()?),
        burst,
    })
}

async fn firing(client: &Client, rule: &Rule) -> Result<Option<Value>, Failure> {
    let page = ask(client, Method::GET, "/api/v1/incidents?state=firing&limit=100", None).await?;
    Ok(items(&page).iter().find(|incident| incident.get("rule_id") == Some(&json!(rule.id))).cloned())
}

async fn ask(client: &Client, method: Method, path: &str, body: Option<(&str, String)>) -> Result<Value, Failure> {
    client.insist(method, path, body, say).await.map_err(|(status, problem)| Failure::new(detail(status, &problem)))
}

fn items(page: &Value) -> &[Value] {
    page.get("items").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
