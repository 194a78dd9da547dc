//! Moving over JSON text that was found valid when it came in.
//!
//! Nothing is built: a value is where its text begins and ends. What is not JSON after all is answered with `None`
//! where it is noticed; it never makes the scanner leave the text.

use super::tree::Member;
use super::words::{all, zeros};

/// What a value is, as far as a column cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `null`.
    Null,
    /// `true`.
    True,
    /// `false`.
    False,
    /// A number.
    Number,
    /// A string that is written as it is, without a backslash.
    Plain,
    /// A string with escapes.
    Escaped,
    /// A list or an object.
    Json,
}

/// A value, as a range of the text. A string's is that between its quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value {
    pub(super) kind: Kind,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// A place in JSON text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the first byte that is no white space.
    pub(super) fn new(text: &'a str) -> Self {
        let mut cursor = Self { text, bytes: text.as_bytes(), at: 0 };
        cursor.space();
        cursor
    }

    /// Where it stands.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The byte it stands before.
    #[inline(always)]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The text of a range.
    #[inline]
    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Steps over `byte` if it comes next.
    #[inline(always)]
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Steps over `bytes` if they come next.
    #[inline]
    pub(super) fn eat_all(&mut self, bytes: &[u8]) -> bool {
        let there = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(bytes));
        if there {
            self.at += bytes.len();
        }
        there
    }

    /// Steps over a member's name and colon if they come next.
    #[inline]
    pub(super) fn eat_member(&mut self, member: Option<&Member>) -> bool {
        let length = self.bytes.get(self.at..).and_then(|rest| member?.begins(rest));
        self.at += length.unwrap_or_default();
        length.is_some()
    }

    /// Steps over white space.
    #[inline]
    pub(super) fn space(&mut self) {
        // Mostly there is none; nothing else between tokens is below it.
        while self.peek().is_some_and(|byte| byte <= b' ') {
            self.at += 1;
        }
    }

    /// Steps over a string; it stands at the opening quote.
    #[inline(always)]
    pub(super) fn string(&mut self) -> Option<Value> {
        if !self.eat(b'"') {
            return None;
        }
        let from = self.at;
        let mut kind = Kind::Plain;
        loop {
            self.at += quote_or_backslash(self.bytes.get(self.at..)?)?;
            if self.peek() == Some(b'"') {
                self.at += 1;
                return Some(Value { kind, from, to: self.at - 1 });
            }
            kind = Kind::Escaped;
            // The backslash and what it escapes.
            self.at += 2;
        }
    }

    /// Steps over any value; it stands at its first byte.
    #[inline(always)]
    pub(super) fn value(&mut self) -> Option<Value> {
        let from = self.at;
        let kind = match self.peek()? {
            b'"' => return self.string(),
            b'-' | b'0'..=b'9' => {
                while matches!(self.peek(), Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
                    self.at += 1;
                }
                Kind::Number
            }
            b'n' if self.eat_all(b"null") => Kind::Null,
            b't' if self.eat_all(b"true") => Kind::True,
            b'f' if self.eat_all(b"false") => Kind::False,
            b'{' | b'[' => {
                self.nested()?;
                Kind::Json
            }
            _ => return None,
        };
        Some(Value { kind, from, to: self.at })
    }

    /// Steps over a list or an object, without recursion.
    fn nested(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

/// How far the next quote or backslash is.
#[inline(always)]
fn quote_or_backslash(bytes: &[u8]) -> Option<usize> {
    // Most strings are short: a word or two at a time costs less than the call of a vector search.
    let mut skipped = 0;
    while skipped < 32 {
        let Some(word) = bytes.get(skipped..).and_then(<[u8]>::first_chunk::<8>) else { break };
        let word = u64::from_le_bytes(*word);
        let marks = zeros(word ^ all(b'"')) | zeros(word ^ all(b'\\'));
        if marks != 0 {
            return Some(skipped + marks.trailing_zeros() as usize / 8);
        }
        skipped += 8;
    }
    memchr::memchr2(b'"', b'\\', bytes.get(skipped..)?).map(|at| skipped + at)
}

/// Copies JSON text without the white space between its tokens.
pub(super) fn compact(json: &str, out: &mut String) {
    let mut cursor = Cursor { text: json, bytes: json.as_bytes(), at: 0 };
    let mut from = 0;
    while let Some(byte) = cursor.peek() {
        match byte {
            b'"' if cursor.string().is_some() => {}
            b' ' | b'\n' | b'\r' | b'\t' => {
                out.push_str(cursor.slice(from, cursor.at));
                cursor.space();
                from = cursor.at;
            }
            _ => cursor.at += 1,
        }
    }
    out.push_str(cursor.slice(from, json.len()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_they_end() {
        for (json, kind, text) in [
            ("null,", Kind::Null, "null"),
            ("true}", Kind::True, "true"),
            ("false ", Kind::False, "false"),
            ("-1.5e+7]", Kind::Number, "-1.5e+7"),
            ("0", Kind::Number, "0"),
            (r#""","#, Kind::Plain, ""),
            (r#""short","b""#, Kind::Plain, "short"),
            (r#""exactly8""#, Kind::Plain, "exactly8"),
            (r#""a\"b\\","c""#, Kind::Escaped, r#"a\"b\\"#),
            (r#"{"a":["}",{"b":"]"}]},1"#, Kind::Json, r#"{"a":["}",{"b":"]"}]}"#),
            ("[]", Kind::Json, "[]"),
        ] {
            let mut cursor = Cursor::new(json);
            let value = cursor.value().unwrap();
            assert_eq!((value.kind, &json[value.from..value.to]), (kind, text), "{json}");
        }
        let long = format!("\"{}\\n{}\"", "x".repeat(1000), "é".repeat(100));
        assert_eq!(Cursor::new(&long).value().unwrap().to, long.len() - 1);
    }

    #[test]
    fn what_is_no_json_ends() {
        for text in ["", "\"", "\"a", "\"a\\", "\"a\\\"", "[", "{\"a\":[1}", "nul", "tru", "x", "{"] {
            assert!(Cursor::new(text).value().is_none(), "{text}");
        }
    }

    #[test]
    fn white_space_goes_only_between_tokens() {
        let mut out = String::new();
        compact("{ \"a b\" :\n[1 ,\t\"\\\" x \" ]\r\n}", &mut out);
        assert_eq!(out, r#"{"a b":[1,"\" x "]}"#);
    }
}
