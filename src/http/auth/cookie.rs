//! The refresh token as a cookie that scripts cannot read, and the defence that goes with it.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use tocsin_actors::auth::second_factor::pending::LIFETIME;

use super::super::problem::Problem;

/// How the cookie is set.
#[derive(Debug, Clone)]
pub struct RefreshCookie {
    /// Whether browsers reach the server by https; then it has the prefix `__Host-`.
    pub secure: bool,
    /// How long it is kept, in seconds.
    pub max_age_seconds: i64,
}

impl RefreshCookie {
    fn name(&self) -> &'static str {
        if self.secure { "__Host-tocsin_refresh" } else { "tocsin_refresh" }
    }

    fn with(&self, value: String, max_age: Duration) -> Cookie<'static> {
        Cookie::build(self.name(), value)
            .path("/")
            .secure(self.secure)
            .http_only(true)
            .same_site(SameSite::Strict)
            .max_age(max_age)
            .finish()
    }
}

pub(super) fn set(response: &mut HttpResponse, how: &RefreshCookie, token: String) {
    // A token has no character that a cookie could not hold.
    let _ = response.add_cookie(&how.with(token, Duration::seconds(how.max_age_seconds)));
}

pub(super) fn clear(response: &mut HttpResponse, how: &RefreshCookie) {
    let _ = response.add_cookie(&how.with(String::new(), Duration::ZERO));
}

pub(super) fn read(request: &HttpRequest, how: &RefreshCookie) -> Option<String> {
    request.cookie(how.name()).map(|cookie| cookie.value().to_owned()).filter(|token| !token.is_empty())
}

/// Keeps a sign-in that waits for the second factor; empty, takes it away.
pub(super) fn set_pending(response: &mut HttpResponse, how: &RefreshCookie, pending: String) {
    let lasts = if pending.is_empty() { Duration::ZERO } else { Duration::seconds_f64(LIFETIME.as_secs_f64()) };
    let cookie = Cookie::build(pending_name(how), pending)
        .path("/")
        .secure(how.secure)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(lasts)
        .finish();
    let _ = response.add_cookie(&cookie);
}

pub(super) fn pending(request: &HttpRequest, how: &RefreshCookie) -> Option<String> {
    request.cookie(pending_name(how)).map(|cookie| cookie.value().to_owned()).filter(|pending| !pending.is_empty())
}

fn pending_name(how: &RefreshCookie) -> &'static str {
    if how.secure { "__Host-tocsin_pending" } else { "tocsin_pending" }
}

/// The cookie of a device that has signed in: it opens nothing, and keeps guesses of others from shutting it out.
const DEVICE: &str = "tocsin_device";
const DEVICE_DAYS: i64 = 400;

pub(super) fn set_device_mark(response: &mut HttpResponse, how: &RefreshCookie, mark: String) {
    let cookie = Cookie::build(DEVICE, mark)
        .path("/api/v1/auth")
        .secure(how.secure)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(Duration::days(DEVICE_DAYS))
        .finish();
    let _ = response.add_cookie(&cookie);
}

pub(super) fn device_mark(request: &HttpRequest) -> Option<String> {
    request.cookie(DEVICE).map(|cookie| cookie.value().to_owned())
}

/// Refuses a request that a page of another site made the browser send. `SameSite` says the same; older browsers, and
/// other services on the same site, make the second look worth its few lines.
pub(super) fn from_own_page(request: &HttpRequest) -> Result<(), Problem> {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let host = text("host");
    let origin_is_own = text(header::ORIGIN.as_str())
        .is_none_or(|origin| origin.split_once("://").map(|(_, host)| host) == host && host.is_some());
    let site_is_own = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    if origin_is_own && site_is_own {
        return Ok(());
    }
    let detail = "A sign-in cookie is taken from this server's own pages only. Other clients send the refresh token in the body.";
    Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin", detail))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn cookies_of_foreign_pages_are_not_taken() {
        for (origin, site, own) in [
            (None, None, true),
            (Some("https://tocsin.example.org"), Some("same-origin"), true),
            (None, Some("none"), true),
            (Some("https://evil.example.org"), None, false),
            (Some("null"), None, false),
            (None, Some("cross-site"), false),
            (Some("https://tocsin.example.org"), Some("same-site"), false),
        ] {
            let mut request = TestRequest::post().insert_header(("host", "tocsin.example.org"));
            for (name, value) in [("origin", origin), ("sec-fetch-site", site)] {
                if let Some(value) = value {
                    request = request.insert_header((name, value));
                }
            }
            assert_eq!(from_own_page(&request.to_http_request()).is_ok(), own, "{origin:?} {site:?}");
        }
    }

    #[test]
    fn over_https_the_cookie_is_bound_to_the_host() {
        let how = RefreshCookie { secure: true, max_age_seconds: 60 };
        let text = how.with("t".into(), Duration::seconds(60)).to_string();
        for part in ["__Host-tocsin_refresh=t", "HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age=60"] {
            assert!(text.contains(part), "{text}");
        }
    }
}
