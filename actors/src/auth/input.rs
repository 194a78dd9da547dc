//! What is accepted as address, name and password.
//!
//! Passwords follow NIST SP 800-63B-4, section 3.1.1: a least length, no rules of composition, nothing truncated.

use unicode_normalization::UnicodeNormalization as _;

/// The longest e-mail address (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const EMAIL_MAX: usize = 254;
/// The longest name, in characters.
const NAME_MAX: usize = 100;
/// The longest password, in bytes: far past what people remember, and short enough to hash.
const PASSWORD_MAX: usize = 1_024;

/// Checks an address, as far as that can be told without writing to it.
///
/// # Errors
/// A sentence.
pub fn email(text: &str) -> Result<String, String> {
    let text = text.trim();
    let parts: Vec<&str> = text.split('@').collect();
    let sound = match parts.as_slice() {
        [local, domain] => {
            !local.is_empty()
                && !domain.is_empty()
                && !domain.starts_with(['.', '-'])
                && !domain.ends_with('.')
                && !domain.contains("..")
        }
        _ => false,
    };
    let odd =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '"' | '\\');
    if !sound || text.len() > EMAIL_MAX || text.contains(odd) {
        return Err("must be an e-mail address such as ada@example.org".into());
    }
    Ok(text.to_owned())
}

/// Checks a name.
///
/// # Errors
/// A sentence.
pub fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > NAME_MAX || text.contains(char::is_control) {
        return Err(format!("must be 1 to {NAME_MAX} characters without control characters"));
    }
    Ok(text.to_owned())
}

/// A password in the one form that is hashed, so that every keyboard gives the same.
#[must_use]
pub fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

/// Checks a new password, normalised, for this account.
///
/// # Errors
/// A sentence.
pub fn password(normalised: &str, min_chars: usize, email: &str, name: &str) -> Result<(), String> {
    if normalised.chars().count() < min_chars {
        return Err(format!("must have at least {min_chars} characters"));
    }
    if normalised.len() > PASSWORD_MAX {
        return Err(format!("must have at most {PASSWORD_MAX} bytes"));
    }
    let lower = normalised.to_lowercase();
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    let one_character = normalised.chars().all(|c| normalised.starts_with(c));
    if [email.to_lowercase(), local, name.to_lowercase(), "tocsin".into()].contains(&lower) || one_character {
        return Err("is too easy to guess".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["a@b", " ada@example.org ", "ada+tag@exämple.org", "o'brien@example.org"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in
            ["", "ada", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "a@.b", "a@b..c", "<a@b>", &"x".repeat(260)]
        {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn passwords_are_long_and_not_about_the_account() {
        let check = |text: &str| password(&normalised(text), 8, "adalovelace@example.org", "Ada Lovelace");
        for good in ["correct horse", "пароль-мой", &"long ".repeat(100)] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["short", "ADALOVELACE", "adalovelace@example.org", "ada lovelace", "aaaaaaaaaa", &"x1".repeat(600)]
        {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn one_password_however_it_is_typed() {
        assert_eq!(normalised("Zoe\u{308}"), normalised("Zo\u{eb}"));
    }
}
