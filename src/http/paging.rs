//! Lists come in pages: `limit` says how long, `cursor` where to go on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::query;

/// The longest page.
pub const MAX_LIMIT: u64 = 1_000;
/// The length of a page that was not asked for otherwise.
pub const DEFAULT_LIMIT: u64 = 100;

/// Bytes of the digest in a cursor: enough to notice a slip, it guards no secret.
const DIGEST_BYTES: usize = 6;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// What `cursor` takes for the next page; `null` on the last.
    pub next_cursor: Option<String>,
}

/// Which part of a short list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// At most so many, 1 to 1000.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000, default = 100)]
    pub limit: Option<String>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The `limit` of a query.
///
/// # Errors
/// 400 when it is no number from 1 to [`MAX_LIMIT`].
pub fn limit(text: Option<&str>) -> Result<usize, Problem> {
    let limit = query::number("limit", text, (1, MAX_LIMIT), DEFAULT_LIMIT)?;
    usize::try_from(limit).map_err(|_| Problem::bad_parameter("limit", "is too large"))
}

/// A cursor: a position in the list that `list` describes (path, filters and order), with a digest of both.
#[must_use]
pub fn encode(list: &str, position: &str) -> String {
    let mut bytes = digest(list, position).to_vec();
    bytes.extend_from_slice(position.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The position in a cursor of this very list.
///
/// # Errors
/// 400 when it is none of ours, or one of another list.
pub fn decode(list: &str, cursor: &str) -> Result<String, Problem> {
    let position = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (sum, position) = bytes.split_at_checked(DIGEST_BYTES)?;
        let position = std::str::from_utf8(position).ok()?;
        (digest(list, position) == sum).then(|| position.to_owned())
    };
    position().ok_or_else(|| {
        Problem::bad_request("invalid_cursor", "This cursor is not of this list. Take next_cursor of a page as it is.")
            .with_error("cursor", "must be next_cursor of an earlier page with the same parameters")
    })
}

fn digest(list: &str, position: &str) -> [u8; DIGEST_BYTES] {
    let mut sum = Sha256::new();
    sum.update(list.len().to_be_bytes());
    sum.update(list);
    sum.update(position);
    let mut short = [0; DIGEST_BYTES];
    for (to, from) in short.iter_mut().zip(sum.finalize()) {
        *to = from;
    }
    short
}

/// A page of a short list that is at hand as a whole. `key` tells one item from the others and stays the same.
///
/// # Errors
/// 400 when the cursor names no item of the list.
pub fn page_of<T>(
    list: &str,
    all: Vec<T>,
    key: impl Fn(&T) -> String,
    limit: usize,
    cursor: Option<&str>,
) -> Result<Page<T>, Problem> {
    let begin = match cursor {
        None => 0,
        Some(cursor) => {
            let after = decode(list, cursor)?;
            // An item that is gone since: begin again rather than skip what nobody saw.
            all.iter().position(|item| key(item) == after).map_or(0, |at| at + 1)
        }
    };
    let more = all.len().saturating_sub(begin) > limit;
    let items: Vec<T> = all.into_iter().skip(begin).take(limit).collect();
    let next_cursor = items.last().filter(|_| more).map(|last| encode(list, &key(last)));
    Ok(Page { items, next_cursor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_own_list_only() {
        let cursor = encode("/documents?type=error", "17:3");
        assert_eq!(decode("/documents?type=error", &cursor).unwrap(), "17:3");
        assert!(decode("/documents?type=order", &cursor).is_err());
        for tampered in ["", "x", "AAAA", &cursor[1..], &format!("{cursor}AA"), "17:3", "ü"] {
            assert!(decode("/documents?type=error", tampered).is_err(), "{tampered}");
        }
    }

    #[test]
    fn a_short_list_comes_in_pages() {
        let all = || vec!["a", "b", "c"];
        let key = |item: &&str| (*item).to_owned();
        let first = page_of("l", all(), key, 2, None).unwrap();
        assert_eq!(first.items, ["a", "b"]);
        let second = page_of("l", all(), key, 2, first.next_cursor.as_deref()).unwrap();
        assert_eq!((second.items, second.next_cursor), (vec!["c"], None));
    }
}
