//! What is known of a request before any route looks at it: its id, its log, and who sent it.

use std::net::IpAddr;

use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::{HttpMessage, HttpRequest};
use tocsin_actors::domain::Timestamp;
use tocsin_actors::domain::id::v7;

/// The header that carries the id of a request, both ways.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The longest id of a caller that is kept.
const MAX_REQUEST_ID: usize = 64;

/// What every part of the server may know of the request it works for. Lies in the request's extensions.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// Goes back in `X-Request-Id` and stands on every line of the log.
    pub request_id: String,
    /// The address of the client, as far as trusted proxies tell.
    pub client: Option<IpAddr>,
    /// A log that adds the request's id.
    pub log: slog::Logger,
}

impl RequestContext {
    /// That of a request.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }
}

/// The caller's own id where it is a sane one, a fresh UUIDv7 otherwise.
pub(super) fn request_id(headers: &HeaderMap, now: Timestamp) -> String {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
    headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(allowed))
        .map_or_else(|| v7(now).to_string(), str::to_owned)
}

/// The first address, from the server outward, that is no proxy of ours. What lies beyond it anybody may have written.
pub(super) fn client_address(
    peer: Option<IpAddr>,
    headers: &HeaderMap,
    is_trusted: &dyn Fn(IpAddr) -> bool,
) -> Option<IpAddr> {
    let mut client = peer?.to_canonical();
    let lines: Vec<&str> = headers.get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(client) {
            break;
        }
        match address_of(hop.trim()) {
            Some(address) => client = address,
            None => break,
        }
    }
    Some(client)
}

/// An address, perhaps with a port as some proxies write it.
fn address_of(text: &str) -> Option<IpAddr> {
    let address = text.parse::<IpAddr>().ok();
    let address = address.or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip()));
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn only_what_trusted_proxies_say_is_believed() {
        let trusted = |address: IpAddr| address.to_string().starts_with("10.");
        for (peer, header, client) in [
            ("192.0.2.1", Some("198.51.100.1"), "192.0.2.1"),
            ("10.0.0.1", None, "10.0.0.1"),
            ("10.0.0.1", Some("198.51.100.1"), "198.51.100.1"),
            ("10.0.0.1", Some("203.0.113.9, 198.51.100.1, 10.0.0.2"), "198.51.100.1"),
            ("10.0.0.1", Some("203.0.113.9, nonsense"), "10.0.0.1"),
            ("10.0.0.1", Some("198.51.100.1:4711"), "198.51.100.1"),
            ("::ffff:10.0.0.1", Some("2001:db8::1"), "2001:db8::1"),
        ] {
            let mut request = TestRequest::default();
            if let Some(header) = header {
                request = request.insert_header((FORWARDED_FOR, header));
            }
            let request = request.to_http_request();
            let found = client_address(Some(peer.parse().unwrap()), request.headers(), &trusted);
            assert_eq!(found.unwrap().to_string(), client, "{peer} {header:?}");
        }
    }

    #[test]
    fn an_insane_request_id_is_replaced() {
        let now = Timestamp::clamped(1_764_000_000_000);
        for (sent, kept) in
            [("abc-1.2_3", true), ("", false), ("a b", false), ("a\u{7f}", false), (&*"x".repeat(65), false)]
        {
            let Ok(value) = actix_web::http::header::HeaderValue::from_bytes(sent.as_bytes()) else { continue };
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, value);
            assert_eq!(request_id(&headers, now) == sent, kept, "{sent}");
        }
        assert_eq!(request_id(&HeaderMap::new(), now).len(), 36);
    }
}
