//! The configuration as people read it: `config print`, its JSON, and the page of the documentation.

use std::fmt::Write;

use config::ValueKind;
use serde_json::json;

use super::SECTIONS;
use super::key::{Key, Section, Shape};
use super::profile::Profile;
use super::setting::{shown, to_toml, without_secrets};
use super::settings::{Setting, Settings};
use crate::telemetry::{escape, redact};

impl Settings {
    /// A line a key: `key = value   # source`. Secrets are masked.
    pub fn to_text(&self) -> String {
        let lines: Vec<_> = self
            .keys()
            .map(|key| match self.get(key.name) {
                Some(setting) => (format!("{} = {}", key.name, shown(key, &setting.kind)), setting.origin.to_string()),
                None => (format!("# {} is unset", key.name), "default".to_owned()),
            })
            .collect();
        // Sources stand below each other, but a very long value does not push all of them away.
        let width =
            lines.iter().map(|(value, _)| value.chars().count()).filter(|width| *width <= 60).max().unwrap_or(0);
        lines.iter().fold(String::new(), |mut text, (value, source)| {
            // Writing to a String cannot fail.
            _ = writeln!(text, "{}   # {}", escape::controls(&format!("{value:<width$}")), escape::controls(source));
            text
        })
    }

    /// `{"profile": …, "settings": {key: {"value": …, "source": …}}}`. Secrets are masked.
    pub fn to_json(&self) -> serde_json::Value {
        let settings: serde_json::Map<_, _> = self
            .keys()
            .map(|key| {
                let value = match self.get(key.name) {
                    Some(setting) => json!({ "value": masked(key, setting), "source": setting.origin.to_string() }),
                    None => json!({ "value": null, "source": "default" }),
                };
                (key.name.to_owned(), value)
            })
            .collect();
        json!({ "profile": self.profile().name(), "settings": settings })
    }
}

fn masked(key: &Key, setting: &Setting) -> serde_json::Value {
    match (key.shape, &setting.kind) {
        (Shape::Secret, _) => json!(redact::MASK),
        (Shape::Url(_), ValueKind::String(text)) => json!(redact::url(text)),
        (Shape::SecretTables(_), kind) => serde_json::to_value(without_secrets(to_toml(kind))).unwrap_or_default(),
        (_, kind) => serde_json::to_value(to_toml(kind)).unwrap_or_default(),
    }
}

/// The page `docs/configuration.md`, made from the descriptions of all keys.
pub fn documentation() -> String {
    let mut page = String::from(INTRODUCTION);
    for section in SECTIONS {
        document_section(&mut page, section);
    }
    page
}

fn document_section(page: &mut String, section: &Section) {
    let title = if section.name.is_empty() { "Top level".to_owned() } else { format!("`[{}]`", section.name) };
    // Writing to a String cannot fail.
    _ = write!(page, "\n## {title}\n\n{}\n", section.about.trim());
    for key in section.keys {
        document_key(page, key);
    }
}

fn document_key(page: &mut String, key: &Key) {
    let mut lines = vec![
        format!("- Value: {}", key.shape.expected()),
        format!("- Default: {}", default_words(key)),
        format!("- Environment: `{}`", key.environment_variable()),
    ];
    if key.required_in_production {
        lines.push("- Required in production".to_owned());
    }
    if let Some(what) = key.shape.secrecy() {
        lines.push(format!("- Secret: {what}; masked wherever the value is shown"));
    }
    _ = write!(page, "\n### `{}`\n\n{}\n\n{}\n", key.name, key.doc.trim(), lines.join("\n"));
}

fn default_words(key: &Key) -> String {
    let default = |profile| key.default_in(profile).map(|text| quoted(key, text));
    // What most see comes first; production has none where it insists on being told.
    let Some(usual) = default(Profile::Production).or_else(|| default(Profile::Development)) else {
        return key.derived.map_or_else(|| "unset".to_owned(), |template| format!("`{template}`"));
    };
    let others = Profile::ALL.iter().filter_map(|profile| {
        default(*profile).filter(|text| *text != usual).map(|text| format!("; in the profile {profile} {text}"))
    });
    others.fold(usual.clone(), |words, other| words + &other)
}

fn quoted(key: &Key, text: &str) -> String {
    match key.shape {
        Shape::List(_) if text.is_empty() => "`[]`".to_owned(),
        _ => format!("`{text}`"),
    }
}

const INTRODUCTION: &str = "\
# Configuration

<!-- Made by `tocsin config docs` from the descriptions in src/config; a test compares. Do not edit by hand. -->

Nothing needs to be set to try Tocsin. Each layer overrides the one before it:

1. built-in defaults
2. `config/default.toml`
3. `config/<profile>.toml`
4. the file given with `--config FILE`
5. environment variables: `TOCSIN__SERVER__BIND=0.0.0.0:8080` sets `server.bind`; two underscores between the parts
6. `--set server.bind=0.0.0.0:8080`, as often as needed

In the environment and with `--set`, a list is written with commas (`10.0.0.0/8,192.0.2.7`) or as TOML
(`[\"10.0.0.0/8\"]`), a list of tables as TOML (`[{ name = \"…\", … }]`).

The profile is `development`, `production` or `test`, chosen with `--profile` or `TOCSIN_PROFILE`; `development` if
nothing is said. The directory of the files is `./config`, or what `TOCSIN_CONFIG_DIR` names; the server runs without it
as well. `TOCSIN_PROFILE`, `TOCSIN_CONFIG_DIR`, `TOCSIN_API_KEY` and `TOCSIN_URL`, with one underscore, are not keys.

`tocsin config check` says whether a configuration is usable. `tocsin config print` shows every value and where it came
from, with secrets masked. An unknown key, a value of the wrong type or out of range, or a missing value that production
needs stops the start with one line that says what to do.
";
