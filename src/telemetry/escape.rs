//! One line stays one line: control characters in text that others wrote are escaped before it is shown.

use std::borrow::Cow;
use std::fmt::Write;

/// Characters that move the cursor, colour the terminal, end the line or turn the direction of writing.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with such characters written as JSON writes them: `\n`, `\r`, `\t`, `\u001b`.
pub fn controls(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            // Writing to a String cannot fail.
            c if is_unsafe(c) => _ = write!(escaped, "\\u{:04x}", u32::from(c)),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_would_break_a_line_or_a_terminal() {
        for (text, expected) in [
            ("plain, ünï 漢", "plain, ünï 漢"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{1b}[31mred\u{7f}", "\\u001b[31mred\\u007f"),
            ("\u{9b}2J \u{2028} \u{202e}", "\\u009b2J \\u2028 \\u202e"),
            ("\0", "\\u0000"),
        ] {
            assert_eq!(controls(text), expected);
        }
    }
}
