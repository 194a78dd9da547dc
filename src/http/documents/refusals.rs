//! What is said of a body that is not taken.

use actix_web::http::StatusCode;

use crate::http::json;
use crate::http::problem::{FieldError, Problem};

/// Places that are named in one answer.
pub(super) const MAX_ERRORS: usize = 20;

/// The first places that are wrong.
#[derive(Default)]
pub(super) struct Errors(Vec<FieldError>);

impl Errors {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn push(&mut self, path: String, message: impl Into<String>) {
        if self.0.len() < MAX_ERRORS {
            self.0.push(FieldError::new(path, message));
        }
    }
}

impl From<Errors> for Problem {
    fn from(errors: Errors) -> Self {
        let detail = "Not every document can be taken, so none was stored. See errors for what to mend.";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_document", detail).with_errors(errors.0)
    }
}

pub(super) fn empty_body() -> Problem {
    Problem::bad_request("empty_body", "The body is empty. Send a document, an array, or a document a line.")
}

pub(super) fn no_documents() -> Problem {
    let detail = "The array has no documents. Send at least one.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no_documents", detail)
}

pub(super) fn too_many_documents(limit: usize) -> Problem {
    let detail = format!("A request takes at most {limit} documents. Send several requests.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_documents", detail)
}

pub(super) fn invalid_utf8(body: &[u8], at: usize) -> Problem {
    let (line, column) = json::line_and_column(body, at);
    let detail = format!("The body is not UTF-8: see line {line}, byte {column}. Nothing was stored.");
    Problem::bad_request("invalid_utf8", detail)
}

pub(super) fn too_deep(limit: usize, place: &str) -> Problem {
    let detail = format!("Arrays and objects may nest {limit} deep; {place} goes deeper. Nothing was stored.");
    Problem::bad_request("too_deep", detail)
}

pub(super) fn invalid_json(error: &serde_json::Error) -> Problem {
    let detail = format!("The body is not JSON: {error}. Nothing was stored.");
    Problem::bad_request("invalid_json", detail)
}

pub(super) fn invalid_line(number: usize, error: &serde_json::Error) -> Problem {
    let column = error.column();
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let detail = format!("Line {number}, column {column} is not JSON: {message}. Nothing was stored.");
    Problem::bad_request("invalid_json", detail)
}
