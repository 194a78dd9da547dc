//! The layers a configuration is made of, each read and checked on its own, so that an error can say where it stands.

use std::fmt;
use std::path::{Path, PathBuf};

use config::{Map, Value, ValueKind};

use super::error::ConfigError;
use super::key::{Key, Section, Shape};
use super::profile::Profile;
use super::setting::shown_briefly;

/// What the environment variables that set a key begin with.
pub(super) const ENVIRONMENT_PREFIX: &str = "TOCSIN__";

/// Everything a configuration is loaded from. Holds no process state, so tests give their own. `Debug` leaves the
/// values
/// out, since some are secret.
#[derive(Clone, Default)]
pub struct Sources {
    /// Which defaults and which `<profile>.toml`.
    pub profile: Profile,
    /// The directory with `default.toml` and `<profile>.toml`, either of which may be missing.
    pub config_dir: Option<PathBuf>,
    /// One more file, above those; must exist.
    pub file: Option<PathBuf>,
    /// Environment variables; those that do not begin with `TOCSIN__` are passed over.
    pub environment: Vec<(String, String)>,
    /// Keys and values of `--set`, the later above the earlier.
    pub sets: Vec<(String, String)>,
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        f.debug_struct("Sources")
            .field("profile", &self.profile)
            .field("config_dir", &self.config_dir)
            .field("file", &self.file)
            .field("environment", &names(&self.environment))
            .field("sets", &names(&self.sets))
            .finish()
    }
}

/// The values of one origin, as a tree of tables. `Debug` leaves the values out, since some are secret.
#[derive(Clone)]
pub(super) struct Layer {
    tree: Map<String, Value>,
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.tree.keys()).finish()
    }
}

impl config::Source for Layer {
    fn clone_into_box(&self) -> Box<dyn config::Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        Ok(self.tree.clone())
    }
}

impl Layer {
    /// All layers above the built-in defaults, the lowest first.
    pub(super) fn all(sources: &Sources, sections: &[Section]) -> Result<Vec<Self>, ConfigError> {
        let mut layers = Vec::new();
        if let Some(dir) = &sources.config_dir {
            for name in ["default.toml".to_owned(), format!("{}.toml", sources.profile)] {
                let path = dir.join(name);
                if path.exists() {
                    layers.push(Self::file(&path, sections)?);
                }
            }
        }
        if let Some(path) = &sources.file {
            layers.push(Self::file(path, sections)?);
        }
        for (variable, text) in &sources.environment {
            if let Some(rest) = variable.strip_prefix(ENVIRONMENT_PREFIX) {
                let name = rest.replace("__", ".").to_lowercase();
                let origin = format!("environment variable {variable}");
                layers.push(Self::one(&name, text, &origin, sections)?);
            }
        }
        for (name, text) in &sources.sets {
            layers.push(Self::one(name, text, "--set", sections)?);
        }
        Ok(layers)
    }

    fn file(path: &Path, sections: &[Section]) -> Result<Self, ConfigError> {
        let origin = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            ConfigError::missing(&origin, format!("cannot be read: {error}"), "give a readable TOML file")
        })?;
        let table: toml::Table = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text.bytes().take(span.start).filter(|b| *b == b'\n').count());
            let problem = format!("line {line} is not TOML: {}", error.message());
            ConfigError::missing(&origin, problem, "correct the file")
        })?;
        let tree = table.into_iter().map(|(name, value)| (name, from_toml(value, &origin))).collect();
        check_table(&tree, "", sections)?;
        Ok(Self { tree })
    }

    /// A layer of one value that is given as text.
    fn one(name: &str, text: &str, origin: &str, sections: &[Section]) -> Result<Self, ConfigError> {
        let key = find(name, sections).ok_or_else(|| unknown(name, origin, sections))?;
        let value = from_text(key, text, origin)
            .map_err(|problem| ConfigError::new(name, problem, origin, format!("give {}", key.shape.expected())))?;
        check_value(key, &value)?;
        let mut parts = name.rsplit('.');
        let last = parts.next().unwrap_or(name).to_owned();
        let leaf = Map::from([(last, value)]);
        let tree = parts.fold(leaf, |inner, part| {
            Map::from([(part.to_owned(), Value::new(Some(&origin.to_owned()), ValueKind::Table(inner)))])
        });
        Ok(Self { tree })
    }
}

/// The key of that name.
pub(super) fn find<'s>(name: &str, sections: &'s [Section]) -> Option<&'s Key> {
    sections.iter().flat_map(|section| section.keys).find(|key| key.name == name)
}

/// A value from the text of an environment variable, of `--set` or of a built-in default.
pub(super) fn from_text(key: &Key, text: &str, origin: &str) -> Result<Value, String> {
    let problem = || format!("{} is not {}", shown_briefly(key, &text.into()), key.shape.expected());
    let toml_list = || {
        let table: toml::Table = toml::from_str(&format!("list = {text}")).map_err(|_| problem())?;
        table.into_iter().next().map(|(_, value)| from_toml(value, origin)).ok_or_else(problem)
    };
    let kind = match key.shape {
        Shape::Integer { .. } => ValueKind::I64(text.trim().parse().map_err(|_| problem())?),
        Shape::Tables(_) | Shape::SecretTables(_) => return toml_list(),
        Shape::List(_) if text.trim_start().starts_with('[') => return toml_list(),
        Shape::List(_) => {
            let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
            ValueKind::Array(entries.map(|entry| Value::new(Some(&origin.to_owned()), entry)).collect())
        }
        Shape::Text(_) | Shape::Choice(_) | Shape::Url(_) | Shape::Secret => ValueKind::String(text.to_owned()),
    };
    Ok(Value::new(Some(&origin.to_owned()), kind))
}

fn from_toml(value: toml::Value, origin: &str) -> Value {
    let kind = match value {
        toml::Value::String(text) => ValueKind::String(text),
        toml::Value::Integer(number) => ValueKind::I64(number),
        toml::Value::Float(number) => ValueKind::Float(number),
        toml::Value::Boolean(truth) => ValueKind::Boolean(truth),
        toml::Value::Datetime(time) => ValueKind::String(time.to_string()),
        toml::Value::Array(list) => ValueKind::Array(list.into_iter().map(|entry| from_toml(entry, origin)).collect()),
        toml::Value::Table(table) => {
            ValueKind::Table(table.into_iter().map(|(name, entry)| (name, from_toml(entry, origin))).collect())
        }
    };
    Value::new(Some(&origin.to_owned()), kind)
}

fn origin_of(value: &Value) -> &str {
    value.origin().unwrap_or("default")
}

/// Every key of a table is known and has a value of its kind.
fn check_table(table: &Map<String, Value>, prefix: &str, sections: &[Section]) -> Result<(), ConfigError> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| *name);
    for (name, value) in entries {
        let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        if let Some(key) = find(&name, sections) {
            check_value(key, value)?;
        } else if !sections.iter().any(|section| section.name == name) {
            return Err(unknown(&name, origin_of(value), sections));
        } else if let ValueKind::Table(inner) = &value.kind {
            check_table(inner, &name, sections)?;
        } else {
            return Err(ConfigError::new(
                &name,
                "is a section, not a value",
                origin_of(value),
                format!("write the table [{name}]"),
            ));
        }
    }
    Ok(())
}

fn check_value(key: &Key, value: &Value) -> Result<(), ConfigError> {
    (key.check)(&value.kind, key).map_err(|problem| {
        ConfigError::new(key.name, problem, origin_of(value), format!("give {}", key.shape.expected()))
    })
}

fn unknown(name: &str, origin: &str, sections: &[Section]) -> ConfigError {
    let names = sections.iter().flat_map(|section| section.keys).map(|key| key.name);
    let nearest = names.map(|known| (distance(name, known), known)).min();
    let remedy = match nearest {
        Some((edits, known)) if edits <= 3 => format!("did you mean {known}?"),
        _ => "remove it, or see `tocsin config print` for the keys there are".to_owned(),
    };
    ConfigError::new(name, "unknown key", origin, remedy)
}

/// How many letters must be added, removed or changed to make one text of the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for (above, (diagonal, other)) in row.iter().skip(1).zip(row.iter().zip(&to)) {
            left = (above + 1).min(left + 1).min(diagonal + usize::from(letter != *other));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
