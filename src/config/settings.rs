//! The layers put on top of each other: one value a key, and where it came from.

use std::collections::BTreeMap;
use std::fmt;

use config::{Value, ValueKind};

use super::error::ConfigError;
use super::key::{Key, Section};
use super::layer::{Layer, Sources, find, from_text};
use super::profile::Profile;
use super::setting::{FromSetting, shown_briefly};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The default of the profile.
    Default,
    /// Made from the values of these keys.
    Derived(String),
    /// A file, an environment variable or `--set`, in words.
    Given(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Derived(keys) => write!(f, "derived from {keys}"),
            Self::Given(origin) => f.write_str(origin),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) kind: ValueKind,
    pub(super) origin: Origin,
}

/// Every value with its source. `Debug` shows names only, since a value may be secret.
#[derive(Clone)]
pub struct Settings {
    profile: Profile,
    sections: &'static [Section],
    values: BTreeMap<&'static str, Setting>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl Settings {
    /// Reads all layers and lets the higher ones win.
    pub(super) fn resolve(sources: &Sources, sections: &'static [Section]) -> Result<Self, ConfigError> {
        let mut builder = config::Config::builder();
        for layer in Layer::all(sources, sections)? {
            builder = builder.add_source(layer);
        }
        let merged = builder
            .build()
            .map_err(|error| ConfigError::missing("configuration", error.to_string(), "correct the value it names"))?;
        let mut settings = Self { profile: sources.profile, sections, values: BTreeMap::new() };
        for key in sections.iter().flat_map(|section| section.keys) {
            let setting = match lookup(&merged.cache, key.name) {
                Some(value) => Some(Setting {
                    kind: value.kind.clone(),
                    origin: Origin::Given(value.origin().unwrap_or("default").to_owned()),
                }),
                None => default(key, sources.profile)?,
            };
            if let Some(setting) = setting {
                settings.values.insert(key.name, setting);
            }
        }
        settings.require(sources.profile)?;
        settings.derive(sources.profile);
        Ok(settings)
    }

    /// Production has a value for everything it cannot do without.
    fn require(&self, profile: Profile) -> Result<(), ConfigError> {
        let missing: Vec<_> = self
            .keys()
            .filter(|key| profile == Profile::Production && key.required_in_production)
            .filter(|key| !self.values.contains_key(key.name))
            .collect();
        match missing.split_first() {
            None => Ok(()),
            Some((first, others)) => {
                let others: Vec<_> = others.iter().map(|key| key.name).collect();
                let also =
                    if others.is_empty() { String::new() } else { format!(" (also missing: {})", others.join(", ")) };
                Err(ConfigError::missing(
                    first.name,
                    format!("not set, and the profile production needs it{also}"),
                    how_to_set(first),
                ))
            }
        }
    }

    fn derive(&mut self, profile: Profile) {
        for key in self.keys().filter(|key| !(profile == Profile::Production && key.required_in_production)) {
            let (Some(template), false) = (key.derived, self.values.contains_key(key.name)) else { continue };
            let mut text = template.to_owned();
            let mut from = Vec::new();
            for other in self.keys() {
                let place = format!("<{}>", other.name);
                if let (true, Some(ValueKind::String(value))) = (text.contains(&place), self.kind(other.name)) {
                    text = text.replace(&place, value);
                    from.push(other.name);
                }
            }
            let origin = Origin::Derived(from.join(", "));
            self.values.insert(key.name, Setting { kind: ValueKind::String(text), origin });
        }
    }

    /// The description of every key.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.sections.iter().flat_map(|section| section.keys)
    }

    fn kind(&self, name: &str) -> Option<&ValueKind> {
        self.values.get(name).map(|setting| &setting.kind)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Setting> {
        self.values.get(name)
    }

    /// The profile the values were resolved for.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Where the value of a key came from; none when it has none.
    pub fn origin(&self, name: &str) -> Option<&Origin> {
        self.values.get(name).map(|setting| &setting.origin)
    }

    /// Whether somebody set the key, in a file, the environment or on the command line.
    pub fn is_given(&self, name: &str) -> bool {
        matches!(self.origin(name), Some(Origin::Given(_)))
    }

    /// Whether the value was made from others.
    pub(super) fn is_derived(&self, name: &str) -> bool {
        matches!(self.origin(name), Some(Origin::Derived(_)))
    }

    /// The value of a key, in the type of its field.
    pub(super) fn typed<T: FromSetting>(&self, name: &str) -> Result<T, ConfigError> {
        let key = find(name, self.sections)
            .ok_or_else(|| ConfigError::missing(name, "not described", "describe it in its section"))?;
        match self.values.get(name) {
            Some(setting) => T::from_setting(&setting.kind, key).map_err(|problem| self.error(key, problem)),
            None => T::absent().ok_or_else(|| ConfigError::missing(name, "not set", how_to_set(key))),
        }
    }

    /// An error about the value of a key.
    pub(super) fn error(&self, key: &Key, problem: impl Into<String>) -> ConfigError {
        let origin = self.origin(key.name).map(Origin::to_string).unwrap_or_default();
        ConfigError::new(key.name, problem, &origin, format!("give {}", key.shape.expected()))
    }

    /// An error about how the value of a key goes with others.
    pub(super) fn conflict(&self, name: &str, problem: &str, remedy: &str) -> ConfigError {
        let origin = self.origin(name).map(Origin::to_string).unwrap_or_default();
        let value = find(name, self.sections).zip(self.kind(name)).map(|(key, kind)| shown_briefly(key, kind));
        ConfigError::new(name, format!("{} {problem}", value.unwrap_or_default()), &origin, remedy)
    }
}

fn how_to_set(key: &Key) -> String {
    let place = if key.section().is_empty() { String::new() } else { format!("[{}] ", key.section()) };
    let field = key.name.rsplit('.').next().unwrap_or(key.name);
    format!(
        "give {}: in a file as {place}{field}, in the environment as {}, or with --set {}=…",
        key.shape.expected(),
        key.environment_variable(),
        key.name
    )
}

fn default(key: &Key, profile: Profile) -> Result<Option<Setting>, ConfigError> {
    let Some(text) = key.default_in(profile) else { return Ok(None) };
    let value = from_text(key, text, "default")
        .map_err(|problem| ConfigError::new(key.name, problem, "default", "correct the description"))?;
    Ok(Some(Setting { kind: value.kind, origin: Origin::Default }))
}

/// The value at a path of tables. Names hold no dots, since every layer was checked against the known ones.
fn lookup<'v>(root: &'v Value, name: &str) -> Option<&'v Value> {
    name.split('.').try_fold(root, |value, part| match &value.kind {
        ValueKind::Table(table) => table.get(part),
        _ => None,
    })
}
