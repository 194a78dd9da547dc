//! Every error of the API, as a problem document (RFC 9457).

use std::borrow::Cow;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use tocsin_actors::domain::Scope;
use tocsin_actors::ports::PortError;
use utoipa::ToSchema;

/// The media type of problem documents.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// How long a caller is asked to wait when a queue is full.
const BUSY_RETRY_SECONDS: u32 = 1;

/// One thing that is wrong with the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// A JSON pointer into the body (RFC 6901), or the name of a query parameter or header.
    #[schema(example = "/3/type")]
    pub path: String,
    /// What is wrong with it, in a sentence.
    #[schema(example = "must be 1 to 64 characters of A-Z a-z 0-9 _ . -")]
    pub message: String,
}

impl FieldError {
    /// At a place, what is wrong.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

/// The body of every error.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/api/docs#problem-invalid_document",
    "title": "Invalid document",
    "status": 422,
    "detail": "1 of 4 documents is not valid; nothing was stored.",
    "code": "invalid_document",
    "errors": [{"path": "/3/type", "message": "is missing"}]
}))]
pub struct ProblemDocument {
    /// A relative reference that names the kind of problem; it leads to the documentation.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of problem in a few words; the same for every problem of a kind.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What went wrong this time and what to do, in a sentence.
    detail: String,
    /// A stable slug to program against.
    code: String,
    /// What is wrong with the input, at most 20 places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 20)]
    errors: Vec<FieldError>,
}

/// An error on its way to the caller.
#[derive(Debug)]
pub struct Problem(Box<Inner>);

#[derive(Debug)]
struct Inner {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: String,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

impl Problem {
    /// A problem of a kind, with a sentence for this occurrence.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            status,
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
            headers: Vec::new(),
            cause: None,
        }))
    }

    /// Adds places where the input is wrong.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors.extend(errors);
        self
    }

    /// Adds one place where the input is wrong.
    #[must_use]
    pub fn with_error(self, path: impl Into<String>, message: impl Into<String>) -> Self {
        self.with_errors(vec![FieldError::new(path, message)])
    }

    /// Adds a header to the answer. A value that no header may have is left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        self.0.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    /// Adds `Retry-After` (RFC 9110, section 10.2.3).
    #[must_use]
    pub fn with_retry_after_seconds(self, seconds: u32) -> Self {
        self.with_header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// Adds what is for the log and never for the caller.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<String>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// 400.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 400 for one parameter of the query or one header.
    pub fn bad_parameter(name: &str, message: impl fmt::Display) -> Self {
        Self::bad_request("invalid_parameter", format!("The parameter {name} {message}."))
            .with_error(name, message.to_string())
    }

    /// 401, with the challenge of RFC 6750.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
            .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"tocsin\"")
    }

    /// 401 for a credential that was presented and refused.
    pub fn invalid_token() -> Self {
        let detail = "The access token or API key is not valid or has expired. Sign in again, or use another key.";
        Self::new(StatusCode::UNAUTHORIZED, "invalid_token", detail)
            .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"tocsin\", error=\"invalid_token\"")
    }

    /// 403 for a service where a person is needed.
    pub fn person_required() -> Self {
        let detail = "An API key cannot do this. Sign in as a person.";
        Self::new(StatusCode::FORBIDDEN, "person_required", detail)
    }

    /// 403 for a key that lacks a scope.
    pub fn missing_scope(scope: Scope) -> Self {
        let scope = scope.as_str();
        let challenge = format!("Bearer realm=\"tocsin\", error=\"insufficient_scope\", scope=\"{scope}\"");
        Self::new(StatusCode::FORBIDDEN, "missing_scope", format!("This needs an API key with the scope {scope}."))
            .with_header(header::WWW_AUTHENTICATE, &challenge)
    }

    /// 404 for a thing.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("There is no such {what}."))
    }

    /// 404 for a path.
    pub fn unknown_route() -> Self {
        let detail = "There is nothing at this path. /api/docs lists what there is.";
        Self::new(StatusCode::NOT_FOUND, "unknown_route", detail)
    }

    /// 405, with the methods there are.
    pub fn method_not_allowed(allow: &str) -> Self {
        let detail = format!("This path answers {allow} only.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).with_header(header::ALLOW, allow)
    }

    /// 415, with the media types there are.
    pub fn unsupported_media_type(accepted: &str) -> Self {
        let detail = format!("Send Content-Type: {accepted}.");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
            .with_header(header::ACCEPT, accepted)
    }

    /// 413 for a body.
    pub fn body_too_large(limit_bytes: usize) -> Self {
        let detail = format!("The body is larger than {limit_bytes} bytes. Send it in several requests.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    }

    /// 500 whose cause is for the log.
    pub fn internal(cause: impl Into<String>) -> Self {
        let detail = "Something failed in the server. Its log says what, under the X-Request-Id of this answer.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", detail).caused_by(cause)
    }

    /// For a status that the framework chose.
    pub fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::BAD_REQUEST => {
                ("bad_request", "The request is not valid HTTP or its parameters are not valid.")
            }
            StatusCode::NOT_FOUND => return Self::unknown_route(),
            StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "This path does not answer this method."),
            StatusCode::REQUEST_TIMEOUT => ("request_timeout", "The request took too long to arrive."),
            StatusCode::PAYLOAD_TOO_LARGE => ("body_too_large", "The body is too large."),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported_media_type", "The Content-Type is not accepted here."),
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => ("headers_too_large", "The headers are too large."),
            StatusCode::SERVICE_UNAVAILABLE => ("unavailable", "The server cannot do this now. Try again in a moment."),
            status if status.is_server_error() => return Self::internal(format!("the framework answered {status}")),
            status => {
                let title = status.canonical_reason().unwrap_or("Error");
                return Self::new(status, title.to_ascii_lowercase().replace([' ', '-'], "_"), format!("{title}."));
            }
        };
        Self::new(status, code, detail)
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The slug.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The places where the input is wrong.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// What is for the log.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    fn document(&self) -> ProblemDocument {
        let code = self.code();
        ProblemDocument {
            kind: format!("/api/docs#problem-{code}"),
            title: title_of(code),
            status: self.0.status.as_u16(),
            detail: self.0.detail.clone(),
            code: code.to_owned(),
            errors: self.0.errors.clone(),
        }
    }
}

/// `unknown_route` is "Unknown route".
fn title_of(code: &str) -> String {
    let words = code.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.0.status.as_u16(), self.0.code, self.0.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.0.status);
        response.insert_header((header::CONTENT_TYPE, MEDIA_TYPE));
        for (name, value) in &self.0.headers {
            response.append_header((name.clone(), value.clone()));
        }
        match serde_json::to_vec(&self.document()) {
            Ok(body) => response.body(body),
            Err(_) => response.finish(),
        }
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        let detail = error.to_string();
        match error {
            PortError::Busy(what) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The server is busy. Try again in a moment.")
                    .with_retry_after_seconds(BUSY_RETRY_SECONDS)
                    .caused_by(format!("{what} is busy"))
            }
            PortError::Full => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "storage_full",
                "There is no space left to store this; nothing was stored. Make room on the server's disk.",
            ),
            PortError::Conflict("rule_name_taken") => {
                Self::new(StatusCode::CONFLICT, "rule_name_taken", "Another rule has this name. Choose another one.")
                    .with_error("/name", "is the name of another rule")
            }
            PortError::Conflict("too_many_exports") => Self::new(
                StatusCode::CONFLICT,
                "too_many_exports",
                "You have as many exports as you may. Wait for one to be done, cancel one, or remove files.",
            ),
            PortError::Conflict(code) => {
                Self::new(StatusCode::CONFLICT, code, format!("This cannot be done: {}.", code.replace('_', " ")))
            }
            PortError::KeyReused => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", format!("{detail}."))
                    .with_error("Idempotency-Key", detail)
            }
            PortError::Failed(cause) => Self::internal(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;

    #[actix_rt::test]
    async fn what_a_port_says_becomes_a_status() {
        for (error, status, code, retry_after) in [
            (PortError::Busy("the writer"), 503, "busy", Some("1")),
            (PortError::Full, 507, "storage_full", None),
            (PortError::Conflict("email_taken"), 409, "email_taken", None),
            (PortError::KeyReused, 422, "idempotency_key_reused", None),
            (PortError::Failed("disk I/O error at /secret".into()), 500, "internal_error", None),
        ] {
            let response = Problem::from(error).error_response();
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.headers().get("retry-after").map(|v| v.to_str().unwrap()), retry_after);
            assert_eq!(response.headers().get("content-type").unwrap(), MEDIA_TYPE);
            let body = to_bytes(response.into_body()).await.unwrap();
            let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(problem["code"], code);
            assert_eq!(problem["status"], status);
            assert_eq!(problem["type"], format!("/api/docs#problem-{code}"));
            assert!(!String::from_utf8_lossy(&body).contains("secret"));
        }
    }

    #[test]
    fn a_title_is_the_code_in_words() {
        assert_eq!(title_of("unknown_route"), "Unknown route");
        assert_eq!(title_of(""), "");
    }
}
