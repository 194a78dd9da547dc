//! A JSON body that may be left out. One that is there must be right: what was meant is not guessed.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, web};
use serde::de::DeserializeOwned;

/// The body, if there is one.
#[derive(Debug)]
pub(super) struct OptionalJson<T>(pub(super) Option<T>);

impl<T: DeserializeOwned + 'static> FromRequest for OptionalJson<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let is_empty = length.is_none_or(|length| length.as_bytes() == b"0");
        if is_empty && !request.chunked().unwrap_or(true) {
            return Box::pin(async { Ok(Self(None)) });
        }
        let body = web::Json::<T>::from_request(request, payload);
        Box::pin(async move { Ok(Self(Some(body.await?.into_inner()))) })
    }
}
