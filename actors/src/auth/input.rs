//! What is accepted as address and name, and the one form of a password. What is asked of passwords is in `policy`.

use unicode_normalization::UnicodeNormalization as _;

/// The longest e-mail address (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const EMAIL_MAX: usize = 254;
/// The longest name, in characters.
const NAME_MAX: usize = 100;

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
    fn one_password_however_it_is_typed() {
        assert_eq!(normalised("Zoe\u{308}"), normalised("Zo\u{eb}"));
    }
}
