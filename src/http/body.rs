//! Taking bodies in, no more than allowed.

use actix_web::error::{JsonPayloadError, PayloadError};
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use super::SMALL_BODY_BYTES;
use super::problem::Problem;

/// Reads a whole body.
///
/// # Errors
/// 413 past `limit_bytes`, at once where `Content-Length` tells; 400 when it breaks off.
pub(super) async fn read(
    request: &HttpRequest,
    mut payload: web::Payload,
    limit_bytes: usize,
) -> Result<Bytes, Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    if length > limit_bytes {
        return Err(Problem::body_too_large(limit_bytes));
    }
    let mut body = BytesMut::with_capacity(length);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| payload_problem(&error))?;
        if body.len() + chunk.len() > limit_bytes {
            return Err(Problem::body_too_large(limit_bytes));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn payload_problem(error: &PayloadError) -> Problem {
    let detail = "The body broke off before its end. Send it again.";
    Problem::bad_request("incomplete_body", detail).caused_by(error.to_string())
}

/// The problem with a body that was to become a value by serde.
pub(super) fn json_problem(error: &JsonPayloadError) -> Problem {
    match error {
        JsonPayloadError::ContentType => Problem::unsupported_media_type("application/json"),
        JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => {
            Problem::body_too_large(SMALL_BODY_BYTES)
        }
        JsonPayloadError::Deserialize(error) if error.is_data() => {
            let status = actix_web::http::StatusCode::UNPROCESSABLE_ENTITY;
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            Problem::new(status, "invalid_body", format!("The body is not what this route takes: {message}."))
        }
        JsonPayloadError::Deserialize(error) => {
            Problem::bad_request("invalid_json", format!("The body is not JSON: {error}."))
        }
        JsonPayloadError::Payload(error) => payload_problem(error),
        other => Problem::bad_request("invalid_body", "The body cannot be read.").caused_by(other.to_string()),
    }
}
