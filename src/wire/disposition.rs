//! `Content-Disposition` of a download (RFC 6266), with names of any characters (RFC 8187).

use std::fmt::Write as _;

/// `attachment` with the name twice: in ASCII for old clients, where other characters become `_`, and in UTF-8. Always a
/// single line of visible ASCII, whatever the name.
pub(crate) fn attachment(file_name: &str) -> String {
    let plain: String = file_name.chars().map(|c| if is_harmless(c) { c } else { '_' }).collect();
    let mut header = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in file_name.bytes() {
        // Writing to a String cannot fail.
        _ = if is_attr_char(byte) { header.write_char(char::from(byte)) } else { write!(header, "%{byte:02X}") };
    }
    header
}

/// In a quoted string as it stands, and no separator of paths on any system.
fn is_harmless(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '/' | '%' | ':')
}

/// `attr-char` of RFC 8187 §3.2.1.
fn is_attr_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_characters_is_one_safe_line() {
        for (name, expected) in [
            ("a b.csv", "attachment; filename=\"a b.csv\"; filename*=UTF-8''a%20b.csv"),
            ("Größe.csv", "attachment; filename=\"Gr__e.csv\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.csv"),
            ("a\"b\\c.csv", "attachment; filename=\"a_b_c.csv\"; filename*=UTF-8''a%22b%5Cc.csv"),
            (
                "x\r\nSet-Cookie: a=1",
                "attachment; filename=\"x__Set-Cookie_ a=1\"; filename*=UTF-8''x%0D%0ASet-Cookie%3A%20a%3D1",
            ),
            ("../100%", "attachment; filename=\".._100_\"; filename*=UTF-8''..%2F100%25"),
            ("", "attachment; filename=\"\"; filename*=UTF-8''"),
        ] {
            assert_eq!(attachment(name), expected);
        }
        let all: String = ('\0'..='\u{200}').collect();
        assert!(attachment(&all).bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }
}
