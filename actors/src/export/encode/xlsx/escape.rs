//! Text in the XML of a sheet.

/// The most UTF-16 units of a cell.
pub(super) const MAX_UNITS: usize = 32_767;

/// Writes text between tags. What XML 1.0 cannot hold is written as Excel does: `_xHHHH_` (ECMA-376 part 1, 22.9.2.19); text that looks like that is escaped itself.
#[inline]
pub(super) fn text(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    let copy = |from: usize, to: usize, instead: &[u8], out: &mut Vec<u8>| {
        out.extend_from_slice(bytes.get(from..to).unwrap_or_default());
        out.extend_from_slice(instead);
    };
    for (at, byte) in bytes.iter().enumerate().filter(|(_, byte)| is_special(**byte)) {
        let rest = bytes.get(at..).unwrap_or_default();
        let mut length = 1;
        let instead: &[u8] = match byte {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            // As it stands, a reader of XML would make it a line feed.
            b'\r' => b"&#13;",
            b'_' if looks_escaped(rest) => b"_x005F_",
            0xef if rest.starts_with(b"\xef\xbf\xbe") => {
                length = 3;
                b"_xFFFE_"
            }
            0xef if rest.starts_with(b"\xef\xbf\xbf") => {
                length = 3;
                b"_xFFFF_"
            }
            0..0x20 => {
                copy(from, at, format!("_x{byte:04X}_").as_bytes(), out);
                from = at + 1;
                continue;
            }
            _ => continue,
        };
        copy(from, at, instead, out);
        from = at + length;
    }
    copy(from, bytes.len(), b"", out);
}

/// Bytes at which more must be looked at.
#[inline]
fn is_special(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | b'_' | 0xef) || (byte < 0x20 && byte != b'\n' && byte != b'\t')
}

/// Whether these bytes begin like `_x000D_`.
fn looks_escaped(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether readers may drop white space of it unless told not to.
pub(super) fn is_spaced(text: &[u8]) -> bool {
    let space = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
    space(text.first()) || space(text.last()) || text.contains(&b'\n')
}

/// The text, cut so that with `before` units in front it fits a cell. A cut one ends with `…`.
#[inline]
pub(super) fn fit(text: &str, before: usize) -> Option<String> {
    // There are never more units than bytes.
    if text.len() + before <= MAX_UNITS || text.encode_utf16().count() + before <= MAX_UNITS {
        return None;
    }
    let mut units = before + 1;
    let mut cut = String::with_capacity(text.len().min(4 * MAX_UNITS));
    for character in text.chars() {
        units += character.len_utf16();
        if units > MAX_UNITS {
            break;
        }
        cut.push(character);
    }
    cut.push('…');
    Some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(plain: &str) -> String {
        let mut out = Vec::new();
        text(plain, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped() {
        for (plain, xml) in [
            ("", ""),
            ("a<b>&\"c'", "a&lt;b&gt;&amp;\"c'"),
            ("a\tb\nc\rd", "a\tb\nc&#13;d"),
            ("\0\u{1}\u{1f}\u{7f}", "_x0000__x0001__x001F_\u{7f}"),
            ("\u{fffe}x\u{ffff}\u{fffd}", "_xFFFE_x_xFFFF_\u{fffd}"),
            ("_x000A_", "_x005F_x000A_"),
            ("__x000a__x000A_", "__x005F_x000a__x005F_x000A_"),
            ("_x000A _xyz_ a_b", "_x000A _xyz_ a_b"),
            ("＝é🚚", "＝é🚚"),
        ] {
            assert_eq!(escaped(plain), xml, "{plain:?}");
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(fit(&"x".repeat(MAX_UNITS), 0), None);
        assert_eq!(fit(&"é".repeat(MAX_UNITS), 0), None);
        assert_eq!(fit(&"x".repeat(MAX_UNITS), 1).unwrap().encode_utf16().count(), MAX_UNITS - 1);
        let cut = fit(&"🚚".repeat(20_000), 0).unwrap();
        assert_eq!((cut.encode_utf16().count(), cut.ends_with("🚚…")), (MAX_UNITS, true));
        let cut = fit(&format!("x{}", "🚚".repeat(20_000)), 0).unwrap();
        assert_eq!((cut.encode_utf16().count(), cut.ends_with("🚚…")), (MAX_UNITS - 1, true));
    }
}
