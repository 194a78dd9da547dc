//! The HTTP server, with a way out of HTTP: a handler that answers 101 may take the connection over.
//!
//! `actix_web::HttpServer` offers none. What it builds is built here, from the same parts, with one service more: for
//! requests that ask for an upgrade. Those are answered by the same application; when the answer is 101, the
//! connection, without any buffer of HTTP's, is given to whatever the handler left with the request (decision 0013).

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix::ArbiterHandle;
use actix_codec::Framed;
use actix_http::body::MessageBody;
use actix_http::h1::{Codec, Message};
use actix_http::{ConnectionType, HttpService, Request, Response};
use actix_rt::net::TcpStream;
use actix_server::{Server, ServerBuilder};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, map_config};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::{HttpMessage as _, HttpResponse};
use bytes::{Bytes, BytesMut};
use futures_util::future::{LocalBoxFuture, poll_fn};
use futures_util::{FutureExt as _, SinkExt as _};
use tocsin_actors::arbiters::Arbiters;
use tokio::sync::OnceCell;

/// How a connection goes on after HTTP: with the socket, and what came on it already. Left in the extensions of a
/// request that is answered with 101.
pub(super) struct TakeOver(pub(super) GoOn);

type GoOn = Box<dyn FnOnce(TcpStream, BytesMut) -> LocalBoxFuture<'static, ()> + Send>;

/// How to serve.
#[derive(Clone)]
pub struct Options {
    /// Threads that serve.
    pub workers: usize,
    /// Connections of one of them.
    pub connections_per_worker: usize,
    /// How long a connection without a request stays open.
    pub keep_alive: Duration,
    /// How long the head of a request may take.
    pub client_request_timeout: Duration,
    /// How long a client may take to see that its connection is closed.
    pub client_disconnect_timeout: Duration,
    /// Called with every new connection.
    pub on_connect: Arc<dyn Fn(&TcpStream) + Send + Sync>,
    /// Where connections live on that were taken over; where they came from, when there is nothing.
    pub live: Option<Arbiters>,
}

impl Default for Options {
    /// As `HttpServer` does, on one worker; small frames go out at once.
    fn default() -> Self {
        Self {
            workers: 1,
            connections_per_worker: 25_600,
            keep_alive: Duration::from_secs(5),
            client_request_timeout: Duration::from_secs(5),
            client_disconnect_timeout: Duration::from_secs(1),
            on_connect: Arc::new(|stream| {
                // A socket that refuses works without it.
                let _ = stream.set_nodelay(true);
            }),
            live: None,
        }
    }
}

/// Serves an application on a listener. Signals are left to the caller.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve<F, I, S, B>(listener: TcpListener, options: Options, factory: F) -> io::Result<Server>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    S::InitError: std::fmt::Debug,
    S::Service: 'static,
    B: MessageBody + 'static,
{
    let address = listener.local_addr()?;
    let builder = ServerBuilder::new()
        .workers(options.workers)
        .max_concurrent_connections(options.connections_per_worker)
        .disable_signals();
    let builder = builder.listen(format!("http://{address}"), listener, move || {
        let on_connect = Arc::clone(&options.on_connect);
        let application = map_config(factory().into_factory(), |()| AppConfig::default());
        let application =
            Shared(Rc::new((application.map_err(|error: actix_web::Error| error.error_response()), OnceCell::new())));
        HttpService::build()
            .keep_alive(options.keep_alive)
            .client_request_timeout(options.client_request_timeout)
            .client_disconnect_timeout(options.client_disconnect_timeout)
            .local_addr(address)
            .on_connect_ext(move |stream: &TcpStream, _| on_connect(stream))
            .upgrade(Upgrades(application.clone(), options.live.clone()))
            .finish(application)
            .tcp()
    })?;
    Ok(builder.run())
}

/// One application for both ways in.
struct Shared<F: ServiceFactory<Request>>(Rc<(F, OnceCell<Rc<F::Service>>)>);

impl<F: ServiceFactory<Request>> Clone for Shared<F> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<F> ServiceFactory<Request> for Shared<F>
where
    F: ServiceFactory<Request, Config = ()> + 'static,
    F::Service: 'static,
{
    type Response = F::Response;
    type Error = F::Error;
    type Config = ();
    type Service = Rc<F::Service>;
    type InitError = F::InitError;
    type Future = LocalBoxFuture<'static, Result<Self::Service, F::InitError>>;

    fn new_service(&self, (): ()) -> Self::Future {
        let shared = Rc::clone(&self.0);
        async move {
            let (factory, service) = &*shared;
            service.get_or_try_init(async || factory.new_service(()).await.map(Rc::new)).await.cloned()
        }
        .boxed_local()
    }
}

/// Makes [`Upgrade`]s.
struct Upgrades<F>(F, Option<Arbiters>);

impl<F, S, B> ServiceFactory<(Request, Framed<TcpStream, Codec>)> for Upgrades<F>
where
    F: ServiceFactory<Request, Config = (), Service = S>,
    F::Future: 'static,
    S: Service<Request, Response = ServiceResponse<B>, Error = HttpResponse> + Clone + 'static,
    B: MessageBody + 'static,
{
    type Response = ();
    type Error = Infallible;
    type Config = ();
    type Service = Upgrade<S>;
    type InitError = F::InitError;
    type Future = LocalBoxFuture<'static, Result<Upgrade<S>, F::InitError>>;

    fn new_service(&self, (): ()) -> Self::Future {
        let live = self.1.clone();
        self.0.new_service(()).map(|service| service.map(|service| Upgrade(service, live))).boxed_local()
    }
}

/// Answers requests that ask for an upgrade.
struct Upgrade<S>(S, Option<Arbiters>);

impl<S, B> Service<(Request, Framed<TcpStream, Codec>)> for Upgrade<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = HttpResponse> + Clone + 'static,
    B: MessageBody + 'static,
{
    type Response = ();
    type Error = Infallible;
    type Future = LocalBoxFuture<'static, Result<(), Infallible>>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Whether it is ready is its own to say, in its answer.
        self.0.poll_ready(cx).map(|_| Ok(()))
    }

    fn call(&self, (request, framed): (Request, Framed<TcpStream, Codec>)) -> Self::Future {
        let (application, live) = (self.0.clone(), self.1.clone());
        async move {
            // An error means that the client is gone.
            if let Ok(Some((TakeOver(go_on), io, first))) = answer(application, request, framed).await {
                match live {
                    Some(live) => emigrate(live.next(), go_on, io, first),
                    None => go_on(io, first).await,
                }
            }
            Ok(())
        }
        .boxed_local()
    }
}

/// Lets a connection go on at another thread. One that cannot is closed.
fn emigrate(to: &ArbiterHandle, go_on: GoOn, io: TcpStream, first: BytesMut) {
    let Ok(io) = io.into_std() else { return };
    to.spawn_fn(move || {
        if let Ok(io) = TcpStream::from_std(io) {
            actix_rt::spawn(go_on(io, first));
        }
    });
}

/// Answers; how the connection goes on, if it does.
async fn answer<S, B>(
    application: S,
    request: Request,
    mut framed: Framed<TcpStream, Codec>,
) -> io::Result<Option<(TakeOver, TcpStream, BytesMut)>>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = HttpResponse>,
    B: MessageBody + 'static,
{
    let (take_over, mut response) = match application.call(request).await {
        Ok(response) => {
            let take_over = response.request().extensions_mut().remove::<TakeOver>();
            (take_over, Response::<B>::from(response).map_into_boxed_body())
        }
        Err(error) => (None, Response::from(error)),
    };
    if let Some(take_over) = take_over {
        let (head, body) = response.into_parts();
        framed.send(Message::Item((head, body.size()))).await?;
        let parts = framed.into_parts();
        return Ok(Some((take_over, parts.io, parts.read_buf)));
    }
    // What follows the head of such a request need not be HTTP, so nothing after it is read.
    response.head_mut().set_connection_type(ConnectionType::Close);
    let (head, body) = response.into_parts();
    framed.send(Message::Item((head, body.size()))).await?;
    let mut body = pin!(body);
    while let Some(chunk) = poll_fn(|cx| body.as_mut().poll_next(cx)).await {
        let chunk: Bytes = chunk.map_err(|error| io::Error::other(error.to_string()))?;
        framed.send(Message::Chunk(Some(chunk))).await?;
    }
    framed.send(Message::Chunk(None)).await?;
    framed.close().await?;
    Ok(None)
}
