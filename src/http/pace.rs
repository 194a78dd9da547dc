//! How slowly a body may come, whoever reads it, and what becomes of one that nobody reads to its end.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage as _;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::{Method, header};
use bytes::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

/// What must arrive in each second, once the body had its first idle times: a byte now and then is not a body.
const LEAST_BYTES_PER_SECOND: u64 = 4 * 1024;

/// The body of a request as the connection has it.
type Source = Rc<RefCell<Payload>>;

/// Puts the pace on the body of a request. What it returns goes into [`hold`].
pub(super) fn put_on(request: &mut ServiceRequest, idle: Duration) -> Option<Source> {
    if is_upgrade(request) {
        return None;
    }
    let payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return None;
    }
    let source = Rc::new(RefCell::new(payload));
    let paced = Paced { source: Rc::clone(&source), idle, received: 0, since: None };
    request.set_payload(Payload::Stream { payload: Box::pin(paced) });
    Some(source)
}

/// A websocket is no body. It has no length and no chunks either.
fn is_upgrade(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    request.method() == Method::GET
        && headers.contains_key(header::UPGRADE)
        && !headers.contains_key(header::TRANSFER_ENCODING)
        && !headers.contains_key(header::CONTENT_LENGTH)
}

/// Keeps the body of a request until its answer is out. actix-http reads a chunked body that was dropped to its end,
/// however long that takes; one that is still there makes it close the connection after `client_disconnect_timeout`.
pub(super) fn hold(body: BoxBody, source: Option<Source>) -> BoxBody {
    match source {
        Some(source) => BoxBody::new(Held { body, _source: source }),
        None => body,
    }
}

struct Paced {
    source: Source,
    idle: Duration,
    received: u64,
    /// Since when it is waited for, and until when.
    since: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Paced {
    fn deadline(&self, since: Instant) -> Instant {
        let pace = Duration::from_secs(self.received / LEAST_BYTES_PER_SECOND);
        (Instant::now() + self.idle).min(since + 2 * self.idle + pace)
    }
}

impl Stream for Paced {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let next = Pin::new(&mut *this.source.borrow_mut()).poll_next(context);
        if let Poll::Ready(next) = next {
            if let Some(Ok(chunk)) = &next {
                this.received += chunk.len() as u64;
            }
            if let Some(since) = this.since.as_ref().map(|(since, _)| *since) {
                let deadline = this.deadline(since);
                this.since.iter_mut().for_each(|(_, timer)| timer.as_mut().reset(deadline));
            }
            return Poll::Ready(next);
        }
        let now = Instant::now();
        let first = this.deadline(now);
        let (_, timer) = this.since.get_or_insert_with(|| (now, Box::pin(sleep_until(first))));
        timer.as_mut().poll(context).map(|()| Some(Err(PayloadError::Io(std::io::ErrorKind::TimedOut.into()))))
    }
}

struct Held {
    body: BoxBody,
    _source: Source,
}

impl MessageBody for Held {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
