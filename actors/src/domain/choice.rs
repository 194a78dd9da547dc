//! What somebody wants to be mailed about.

use std::collections::BTreeMap;

use super::RuleId;

/// Which alerts are mailed to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mails {
    /// Those of rules that name them, or that name `@admins`, where they are one.
    #[default]
    AsNamed,
    /// Those of every rule.
    All,
    /// None.
    None,
}

impl Mails {
    const WORDS: [(&'static str, Self); 3] = [("as_named", Self::AsNamed), ("all", Self::All), ("none", Self::None)];

    /// From the word of the API.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, mails)| *mails)
    }

    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, mails)| *mails == self).map_or("as_named", |(word, _)| word)
    }
}

/// What somebody has chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// In general.
    pub mails: Mails,
    /// Of single rules, whatever holds in general.
    pub rules: BTreeMap<RuleId, bool>,
}

impl Choice {
    /// The most rules that are chosen one by one.
    pub const MAX_RULES: usize = 1_000;

    /// Whether they want the mails of a rule that does or does not name them.
    #[must_use]
    pub fn wants(&self, rule: RuleId, named: bool) -> bool {
        self.rules.get(&rule).copied().unwrap_or(match self.mails {
            Mails::AsNamed => named,
            Mails::All => true,
            Mails::None => false,
        })
    }
}

/// The addresses that are mailed about a rule: those it names, each once whatever its case, without those of people who do
/// not want it, and with those of people who do.
#[must_use]
pub fn addresses(rule: RuleId, named: Vec<String>, choices: &[(String, Choice)]) -> Vec<String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for address in named {
        found.entry(address.to_lowercase()).or_insert(address);
    }
    for (address, choice) in choices {
        let folded = address.to_lowercase();
        match (choice.wants(rule, found.contains_key(&folded)), found.contains_key(&folded)) {
            (true, false) => drop(found.insert(folded, address.clone())),
            (false, true) => drop(found.remove(&folded)),
            _ => {}
        }
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    #[test]
    fn people_get_what_they_want() {
        let rule = RuleId::new(Timestamp::clamped(0));
        let named = || ["Ann@example.org", "ops@example.org", "ann@EXAMPLE.org"].map(str::to_owned).to_vec();
        let of =
            |mails, this: Option<bool>| Choice { mails, rules: this.map(|wants| (rule, wants)).into_iter().collect() };
        for (who, choice, expected) in [
            ("ann@example.org", of(Mails::AsNamed, None), &["Ann@example.org", "ops@example.org"][..]),
            ("ann@example.org", of(Mails::None, None), &["ops@example.org"]),
            ("ann@example.org", of(Mails::None, Some(true)), &["Ann@example.org", "ops@example.org"]),
            ("ann@example.org", of(Mails::All, Some(false)), &["ops@example.org"]),
            ("bob@example.org", of(Mails::AsNamed, None), &["Ann@example.org", "ops@example.org"]),
            ("bob@example.org", of(Mails::All, None), &["Ann@example.org", "bob@example.org", "ops@example.org"]),
            (
                "bob@example.org",
                of(Mails::None, Some(true)),
                &["Ann@example.org", "bob@example.org", "ops@example.org"],
            ),
        ] {
            assert_eq!(addresses(rule, named(), &[(who.to_owned(), choice.clone())]), expected, "{who} {choice:?}");
        }
    }
}
