//! Taking bodies in: no more than allowed in one request, and in all requests together.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use actix_web::error::{JsonPayloadError, PayloadError};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::SMALL_BODY_BYTES;
use super::problem::Problem;

/// The budget is kept in pieces of this size.
const PIECE_BYTES: usize = 1024;

/// How much the bodies of all requests may take at once.
#[derive(Debug, Clone)]
pub struct Budget {
    free: Arc<Semaphore>,
    pieces: usize,
    idle: Duration,
}

/// A body, and its share of the budget.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) bytes: Bytes,
    /// Given back when the request is done.
    pub(super) share: OwnedSemaphorePermit,
}

impl Budget {
    /// A budget of so many bytes; `idle` is how long the next part of a body may take.
    #[must_use]
    pub fn new(bytes: usize, idle: Duration) -> Self {
        let pieces = bytes / PIECE_BYTES;
        Self { free: Arc::new(Semaphore::new(pieces)), pieces, idle }
    }

    /// Bytes that are taken now, for a metric.
    #[must_use]
    pub fn taken_bytes(&self) -> usize {
        (self.pieces - self.free.available_permits()) * PIECE_BYTES
    }

    /// How long the next part of a body may take.
    pub(super) fn idle(&self) -> Duration {
        self.idle
    }

    fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let pieces = u32::try_from(bytes.div_ceil(PIECE_BYTES)).unwrap_or(u32::MAX);
        Arc::clone(&self.free).try_acquire_many_owned(pieces).map_err(|_| {
            let detail = "Too many large bodies are under way. Send this again in a moment.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).with_retry_after_seconds(1)
        })
    }
}

/// Reads a whole body.
///
/// # Errors
/// 413 past `limit_bytes`, at once where `Content-Length` tells; 503 past the budget; 408 when nothing comes for too
/// long; 400 when it breaks off.
pub(super) async fn read(
    request: &HttpRequest,
    mut payload: web::Payload,
    limit_bytes: usize,
    budget: &Budget,
) -> Result<Body, Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    if length > limit_bytes {
        return Err(Problem::body_too_large(limit_bytes));
    }
    let mut share = budget.take(length)?;
    let mut body = BytesMut::with_capacity(length);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| payload_problem(&error))?;
        let filled = body.len() + chunk.len();
        if filled > limit_bytes {
            return Err(Problem::body_too_large(limit_bytes));
        }
        let missing = filled.saturating_sub(share.num_permits() * PIECE_BYTES);
        share.merge(budget.take(missing)?);
        body.extend_from_slice(&chunk);
    }
    Ok(Body { bytes: body.freeze(), share })
}

fn payload_problem(error: &PayloadError) -> Problem {
    if matches!(error, PayloadError::Io(error) if error.kind() == ErrorKind::TimedOut) {
        return Problem::of_status(StatusCode::REQUEST_TIMEOUT);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_comes_back_and_no_more_is_given_than_there_is() {
        let budget = Budget::new(8 * 1024, Duration::from_secs(1));
        let mut share = budget.take(5_000).unwrap();
        assert_eq!(share.num_permits(), 5);
        share.merge(budget.take(3_000).unwrap());
        let refused = budget.take(1).unwrap_err();
        assert_eq!((refused.status(), refused.code()), (StatusCode::SERVICE_UNAVAILABLE, "busy"));
        assert!(budget.take(0).is_ok());
        drop(share);
        assert!(budget.take(8 * 1024).is_ok());
    }
}
