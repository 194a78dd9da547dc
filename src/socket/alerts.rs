//! `GET /ws/alerts`: who may open a live connection.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use tocsin_actors::domain::Scope;
use tocsin_actors::session::outbox::Outbox;

use super::{Sockets, ws};

/// Why a connection was not opened; the edge makes a problem of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The page that asks is not allowed to.
    Origin,
    /// There are too many connections, in all or from this address.
    TooMany,
    /// It is no websocket handshake.
    Handshake,
    /// A credential was sent, and it is not valid.
    Credential,
    /// The API key lacks [`SCOPE`].
    Scope,
}

/// What an API key needs for watching.
pub const SCOPE: Scope = Scope::AlertsRead;

/// Opens a live connection for a client at `ip`.
///
/// # Errors
/// [`Refused`], before the upgrade.
pub async fn open(
    sockets: Sockets,
    ip: Option<IpAddr>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    if !origin_is_allowed(&request, &sockets.allowed_origins) {
        return Err(Refused::Origin);
    }
    // A ticket is good for nothing but this, and nothing but a ticket is: what stands in a URL ends up in logs.
    let identified = match (bearer(&request), ticket(&request)) {
        (Some(token), _) => Some((sockets.identify)(token).await),
        (None, Some(ticket)) => Some((sockets.redeem)(ticket).await),
        (None, None) => None,
    };
    let principal = identified.map(|principal| principal.ok_or(Refused::Credential)).transpose()?;
    if principal.as_ref().is_some_and(|principal| !principal.has(SCOPE)) {
        return Err(Refused::Scope);
    }
    let outbox = Outbox::new(sockets.limits.outbox_frames, std::sync::Arc::clone(&sockets.session.meter));
    let ip = ip.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let place = sockets.connections.enter(ip, &outbox).ok_or(Refused::TooMany)?;
    ws::start(sockets, outbox, place, principal, &request, payload).map_err(|_| Refused::Handshake)
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn ticket(request: &HttpRequest) -> Option<String> {
    let mut parameters = url::form_urlencoded::parse(request.query_string().as_bytes());
    parameters.find(|(name, _)| name == "ticket").map(|(_, ticket)| ticket.into_owned())
}

/// No origin is a client that is no browser. A browser's page must be the server's own, or listed.
fn origin_is_allowed(request: &HttpRequest, allowed: &[String]) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let own = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host_of = |origin: &str| origin.split_once("://").map(|(_, host)| host.to_owned());
    (own.is_some() && host_of(origin).as_deref() == own)
        || allowed.iter().any(|entry| entry.eq_ignore_ascii_case(origin))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_the_own_page_and_listed_ones_may_connect() {
        let listed = ["https://status.example.org".to_owned()];
        for (origin, allowed) in [
            (None, true),
            (Some("http://tocsin.local:8080"), true),
            (Some("https://status.example.org"), true),
            (Some("https://evil.example.org"), false),
            (Some("http://tocsin.local"), false),
            (Some("null"), false),
        ] {
            let mut request = TestRequest::get().insert_header((header::HOST, "tocsin.local:8080"));
            if let Some(origin) = origin {
                request = request.insert_header((header::ORIGIN, origin));
            }
            assert_eq!(origin_is_allowed(&request.to_http_request(), &listed), allowed, "{origin:?}");
        }
    }
}
