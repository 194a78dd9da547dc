//! From the errors of the service to those of the port. What it answered is told by status and code alone: the rest of
//! an answer may quote what was sent.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStreamError;
use tocsin_actors::ports::PortError;

/// What the caller hears when the store is away or overloaded.
const BUSY: PortError = PortError::Busy("object storage");

/// An error, and what else the adapter wants to know of it.
pub(super) struct Fault {
    /// What the caller hears.
    pub(super) error: PortError,
    /// Why the store is away, if it is.
    pub(super) away: Option<String>,
    /// The object is not there.
    pub(super) is_absence: bool,
    /// The range begins behind the end of the object.
    pub(super) is_past_the_end: bool,
    /// The service does not know the request.
    pub(super) is_unknown: bool,
}

impl Fault {
    fn failed(sentence: impl Into<String>) -> Self {
        let error = PortError::Failed(sentence.into());
        Self { error, away: None, is_absence: false, is_past_the_end: false, is_unknown: false }
    }

    fn away(cause: impl Into<String>) -> Self {
        Self { error: BUSY, away: Some(cause.into()), ..Self::failed("") }
    }

    /// By HTTP status and code of an answer; answers to HEAD have no code.
    fn answered(status: u16, code: &str) -> Self {
        let answer = format!("object storage answered {status} {code}");
        match (status, code) {
            (404, "" | "NoSuchKey" | "NotFound") => Self { is_absence: true, ..Self::failed(answer) },
            (416, _) | (_, "InvalidRange") => Self { is_past_the_end: true, ..Self::failed(answer) },
            (501, _) | (_, "NotImplemented") => Self { is_unknown: true, ..Self::failed(answer) },
            (507, _) | (_, "XMinioStorageFull" | "XMinioAdminBucketQuotaExceeded" | "QuotaExceeded") => {
                Self { error: PortError::Full, ..Self::failed(answer) }
            }
            // Somebody else removed what was uploaded so far: from the beginning, then.
            (429 | 500..=599, _) | (_, "NoSuchUpload" | "RequestTimeout" | "SlowDown") => Self::away(answer),
            _ => Self::failed(remedy(status, code).map_or_else(|| answer.clone(), |what| format!("{answer}: {what}"))),
        }
    }
}

/// What whoever runs the server can do.
fn remedy(status: u16, code: &str) -> Option<&'static str> {
    match (status, code) {
        (_, "NoSuchBucket") => Some("the bucket of storage.url is not there; create it, or correct the name"),
        (_, "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidToken" | "ExpiredToken" | "Unauthorized") => {
            Some("storage.access_key and storage.secret_key are not of a key that it knows; give those of one")
        }
        (_, "RequestTimeTooSkewed") => Some("the clock of this machine is wrong; set it"),
        (301 | 307, _) | (_, "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException") => {
            Some("the bucket of storage.url lies elsewhere; set storage.region, or storage.endpoint, to where it is")
        }
        (401 | 403, _) => Some(
            "the key of storage.access_key may not do this with the bucket of storage.url; let it list the bucket, and \
             read, write and delete objects and abort uploads under the prefix",
        ),
        _ => None,
    }
}

impl<E> From<SdkError<E, HttpResponse>> for Fault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        if let Some(cause) = find::<CredentialsError>(&error) {
            return of_credentials(cause);
        }
        match &error {
            SdkError::ServiceError(context) => {
                Self::answered(context.raw().status().as_u16(), context.err().code().unwrap_or_default())
            }
            SdkError::TimeoutError(_) => Self::away("no answer in time"),
            SdkError::DispatchFailure(failure) => Self::away(innermost(failure.as_connector_error(), "no connection")),
            SdkError::ResponseError(context) => {
                Self::away(format!("an answer that is not S3's, {}", context.raw().status().as_u16()))
            }
            _ => Self::failed(format!("object storage could not be asked: {}", DisplayErrorContext(&error))),
        }
    }
}

/// The bytes of an object stopped coming.
impl From<ByteStreamError> for Fault {
    fn from(error: ByteStreamError) -> Self {
        Self::away(innermost(Some(&error), "the bytes stopped coming"))
    }
}

fn of_credentials(error: &CredentialsError) -> Fault {
    match error {
        CredentialsError::ProviderTimedOut(_) | CredentialsError::ProviderError(_) => {
            Fault::away("the surroundings do not answer when asked for an access key")
        }
        _ => Fault::failed(
            "there is no access key for object storage: set storage.access_key and storage.secret_key, or give this \
             machine a role",
        ),
    }
}

fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The last cause, which says most.
fn innermost(error: Option<&(impl Error + 'static)>, otherwise: &str) -> String {
    let mut last: Option<&(dyn Error + 'static)> = error.map(|error| error as _);
    while let Some(source) = last.and_then(Error::source) {
        last = Some(source);
    }
    last.map_or_else(|| otherwise.to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_whether_to_try_again_or_what_to_do() {
        for (status, code) in [(503, "SlowDown"), (500, "InternalError"), (429, ""), (400, "RequestTimeout")] {
            assert_eq!(Fault::answered(status, code).error, BUSY, "{status} {code}");
        }
        for (status, code, key) in [
            (404, "NoSuchBucket", "storage.url"),
            (403, "InvalidAccessKeyId", "storage.access_key"),
            (403, "SignatureDoesNotMatch", "storage.secret_key"),
            (403, "AccessDenied", "storage.access_key"),
            (403, "", "storage.access_key"),
            (301, "PermanentRedirect", "storage.region"),
            (400, "AuthorizationHeaderMalformed", "storage.region"),
            (403, "RequestTimeTooSkewed", "clock"),
            (418, "Teapot", "418 Teapot"),
        ] {
            let PortError::Failed(sentence) = Fault::answered(status, code).error else { panic!("{status} {code}") };
            assert!(sentence.contains(key), "{sentence}");
        }
        assert_eq!(Fault::answered(507, "XMinioStorageFull").error, PortError::Full);
        assert!(Fault::answered(404, "").is_absence && !Fault::answered(404, "NoSuchBucket").is_absence);
        assert!(Fault::answered(501, "NotImplemented").is_unknown);
    }
}
