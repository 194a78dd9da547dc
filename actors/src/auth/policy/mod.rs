//! Which passwords are accepted (NIST SP 800-63B-4, section 3.1.1): a least length, no rules of composition, nothing
//! truncated, and none that a guesser tries first.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::input::normalised;

/// The longest password, in bytes: far past what people remember, and short enough to hash.
const MAX_BYTES: usize = 1_024;
/// So many characters round a known word do not make it another.
const DECORATION_CHARS: usize = 8;
/// A pattern this short is as good as one character.
const PATTERN_CHARS: usize = 4;
/// Shorter words are in too many others to be taken out of them.
const WORD_CHARS: usize = 3;

/// What is typed by running along the alphabet, the digits or the keyboard.
const RUNS: [&str; 4] = [
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "0123456789012345678901234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm1234567890",
    "1234567890qwertyuiopasdfghjklzxcvbnm",
];

/// Folded as passwords are compared; source and licence lie beside it.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// What an installation asks of passwords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The least length, in characters.
    pub min_chars: usize,
    /// The host that people see in the address bar, which is no secret here.
    pub host: String,
}

impl Policy {
    /// Checks a new password, normalised, for the account with this address and name.
    ///
    /// # Errors
    /// A sentence.
    pub fn check(&self, normalised: &str, email: &str, name: &str) -> Result<(), String> {
        let min_chars = self.min_chars;
        if normalised.chars().count() < min_chars {
            return Err(format!("must have at least {min_chars} characters"));
        }
        if normalised.len() > MAX_BYTES {
            return Err(format!("must have at most {MAX_BYTES} bytes"));
        }
        let folded = fold(normalised);
        if is_repeated(&folded) || is_run(&folded) {
            return Err("is a pattern that guessers try first".into());
        }
        if is_about(&folded, &self.context(email, name)) {
            return Err("is made of your address, your name or the name of this service".into());
        }
        if is_common(&folded) {
            return Err("is one of the passwords that guessers try first, or nearly".into());
        }
        Ok(())
    }

    /// Words that belong to the account or the installation, the longest first.
    fn context(&self, email: &str, name: &str) -> Vec<String> {
        let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
        let whole = [email, local, domain, name, &self.host, "tocsin"].into_iter().map(fold);
        let labels = [local, domain, name, &self.host].into_iter().flat_map(|text| {
            text.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| word.chars().count() >= WORD_CHARS)
        });
        let mut words: Vec<String> = whole.chain(labels).filter(|word| !word.is_empty()).collect();
        words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        words.dedup();
        words
    }
}

/// The form in which passwords and words are compared.
fn fold(text: &str) -> String {
    normalised(text).to_lowercase()
}

fn is_common(folded: &str) -> bool {
    let bare = folded.trim_matches(|c: char| !c.is_alphabetic());
    let decoration = folded.chars().count() - bare.chars().count();
    COMMON.contains(folded) || (decoration <= DECORATION_CHARS && COMMON.contains(bare))
}

/// The same few characters, or the same common word, again and again.
fn is_repeated(folded: &str) -> bool {
    let chars: Vec<char> = folded.chars().collect();
    let length = chars.len();
    let period = (1..length)
        .find(|period| length.is_multiple_of(*period) && chars.chunks(*period).all(|c| chars.starts_with(c)));
    let Some(period) = period else { return false };
    let unit: String = chars.iter().take(period).collect();
    period <= PATTERN_CHARS || is_common(&unit)
}

fn is_run(folded: &str) -> bool {
    let backwards: String = folded.chars().rev().collect();
    RUNS.iter().any(|run| run.contains(folded) || run.contains(&backwards))
}

/// Whether nothing but decoration is left when the words of the context are taken out.
fn is_about(folded: &str, context: &[String]) -> bool {
    if context.iter().any(|word| word == folded) {
        return true;
    }
    let mut rest = folded.to_owned();
    for word in context.iter().filter(|word| word.chars().count() >= WORD_CHARS) {
        rest = rest.replace(word.as_str(), " ");
    }
    let left = rest.chars().filter(|c| *c != ' ').count();
    left < folded.chars().filter(|c| *c != ' ').count()
        && left <= DECORATION_CHARS
        && !rest.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests;
