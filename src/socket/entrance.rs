//! Who may open a live connection, by which credential, and how the first frame signs in.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header;
use tocsin_actors::domain::{Principal, Scope};
use tocsin_actors::session::outbox::{Close, Outbox};

use super::Sockets;
use super::connections::Place;

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
    /// The API key lacks this scope.
    Scope(Scope),
    /// It is for people, and a service asks.
    Person,
}

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admits {
    /// People, and services whose key has this scope.
    Scope(Scope),
    /// People.
    People,
}

impl Admits {
    /// Whether this principal may come in.
    ///
    /// # Errors
    /// Why not.
    pub fn check(self, principal: &Principal) -> Result<(), Refused> {
        match (self, principal) {
            (_, Principal::Person { .. }) => Ok(()),
            (Self::Scope(scope), service) if service.has(scope) => Ok(()),
            (Self::Scope(scope), _) => Err(Refused::Scope(scope)),
            (Self::People, _) => Err(Refused::Person),
        }
    }
}

/// A connection that may be opened.
pub struct Entrance {
    /// What shares its limits with the others.
    pub outbox: Arc<Outbox>,
    /// Its place among them.
    pub place: Place,
    /// Whose it is, where the request said so.
    pub principal: Option<Principal>,
}

/// Checks everything that can be checked before the upgrade.
///
/// # Errors
/// [`Refused`].
pub async fn enter(
    sockets: &Sockets,
    admits: Admits,
    ip: Option<IpAddr>,
    request: &HttpRequest,
) -> Result<Entrance, Refused> {
    if !origin_is_allowed(request, &sockets.allowed_origins) {
        return Err(Refused::Origin);
    }
    // A ticket is good for nothing but this, and nothing but a ticket is: what stands in a URL ends up in logs.
    let identified = match (bearer(request), ticket(request)) {
        (Some(token), _) => Some((sockets.identify)(token).await),
        (None, Some(ticket)) => Some((sockets.redeem)(ticket).await),
        (None, None) => None,
    };
    let principal = identified.map(|principal| principal.ok_or(Refused::Credential)).transpose()?;
    principal.as_ref().map(|principal| admits.check(principal)).transpose()?;
    let outbox = Outbox::new(sockets.limits.outbox_frames, Arc::clone(&sockets.session.meter));
    let ip = ip.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let place = sockets.connections.enter(ip, &outbox).ok_or(Refused::TooMany)?;
    Ok(Entrance { outbox, place, principal })
}

/// Counts a connection for whoever it turned out to be; if that cannot be, closes its outbox.
pub fn settle(sockets: &Sockets, place: &mut Place, principal: &Principal, outbox: &Outbox) -> bool {
    if !place.belongs_to(principal) {
        outbox.close(Close::TooMany);
        return false;
    }
    // It may have ended between the check and this moment; from here on the end finds this connection.
    if !(sockets.still_signed_in)(principal) {
        outbox.close(Close::NotSignedIn);
        return false;
    }
    true
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
