//! What the parameters of queries have in common.

use actix_web::error::QueryPayloadError;
use tocsin_actors::domain::Timestamp;

use super::problem::Problem;

/// The problem with a query that does not fit its route.
pub(super) fn problem(error: &QueryPayloadError) -> Problem {
    Problem::bad_request("invalid_parameter", format!("The query is not what this route takes: {error}."))
}

/// A time: RFC 3339, or milliseconds since the epoch.
///
/// # Errors
/// 400 that names the parameter.
pub(super) fn time(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let time = match text.parse::<i64>() {
        Ok(millis) => Timestamp::from_millis(millis),
        // In a query a plus that was not escaped arrives as a space.
        Err(_) => Timestamp::parse_rfc3339(&text.replace(' ', "+")),
    };
    time.map(Some).map_err(|invalid| Problem::bad_parameter(name, invalid))
}

/// A whole number within bounds, or its default.
///
/// # Errors
/// 400 that names the parameter and the bounds.
pub(super) fn number(name: &str, text: Option<&str>, bounds: (u64, u64), default: u64) -> Result<u64, Problem> {
    let Some(text) = text else { return Ok(default) };
    let (least, most) = bounds;
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| Problem::bad_parameter(name, format!("must be a whole number from {least} to {most}")))
}
