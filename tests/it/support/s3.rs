//! A real S3 server that checks signatures (s3s-fs), on a port and in a directory of its own. It can be overloaded, and
//! it can hold parts back until several are on their way.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpError};
use socket2::{Domain, Socket, Type};
use tempfile::TempDir;
use tocsin::adapters::objects::{S3, S3Options};
use tokio::net::TcpListener;
use tokio::sync::{Barrier, oneshot};

/// The key that it knows.
pub(crate) const ACCESS_KEY: &str = "AKIATESTTESTTESTTEST";
pub(crate) const SECRET_KEY: &str = "hunter2/hunter2+hunter2";
/// The bucket that it has.
pub(crate) const BUCKET: &str = "files";

/// What it does, and what it was asked.
#[derive(Default)]
struct Moods {
    /// Requests that are still to be answered with 503.
    overloaded: AtomicUsize,
    /// So many parts have to be on their way before any is taken.
    together: Mutex<Option<Arc<Barrier>>>,
    parts: AtomicUsize,
    most_parts: AtomicUsize,
    asked: Mutex<Vec<String>>,
}

/// A port at which nobody listens, and nobody else can.
pub(crate) struct ClosedPort(Socket);

impl ClosedPort {
    pub(crate) fn take() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        Self(socket)
    }

    fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap().as_socket().unwrap()
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address())
    }
}

/// The settings of a server that keeps its files at this endpoint, with this key.
pub(crate) fn settings<'a>(endpoint: &'a str, (id, secret): (&'a str, &'a str)) -> Vec<(&'static str, &'a str)> {
    vec![
        ("storage.url", "s3://files/tests"),
        ("storage.endpoint", endpoint),
        ("storage.access_key", id),
        ("storage.secret_key", secret),
        ("storage.timeout_seconds", "20"),
    ]
}

/// Serves until it is dropped.
pub(crate) struct S3Server {
    address: SocketAddr,
    directory: TempDir,
    moods: Arc<Moods>,
    // Its thread ends when this does.
    _stops: oneshot::Sender<()>,
}

impl S3Server {
    /// A fresh one.
    pub(crate) fn start() -> Self {
        Self::start_at(ClosedPort::take())
    }

    /// The same, at a port that was closed so far.
    pub(crate) fn start_at(port: ClosedPort) -> Self {
        let address = port.address();
        let directory = TempDir::new().unwrap();
        std::fs::create_dir(directory.path().join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(directory.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let (service, moods) = (service.build(), Arc::new(Moods::default()));
        let (stops, stopped) = oneshot::channel();
        let shared = Arc::clone(&moods);
        port.0.listen(128).unwrap();
        port.0.set_nonblocking(true).unwrap();
        // A thread of its own, so that a test that blocks does not stop it.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(port.0.into()).unwrap();
                tokio::select! {
                    () = serve(&listener, &service, &shared) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, directory, moods, _stops: stops }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers the next requests with 503.
    pub(crate) fn overload(&self, requests: usize) {
        self.moods.overloaded.store(requests, Ordering::SeqCst);
    }

    /// Takes parts only in such numbers.
    pub(crate) fn take_parts_together(&self, parts: usize) {
        *self.moods.together.lock().unwrap() = Some(Arc::new(Barrier::new(parts)));
    }

    /// The most parts that were on their way at once.
    pub(crate) fn most_parts(&self) -> usize {
        self.moods.most_parts.load(Ordering::SeqCst)
    }

    /// How many requests held this, in method, path, query or headers.
    pub(crate) fn asked(&self, what: &str) -> usize {
        self.moods.asked.lock().unwrap().iter().filter(|line| line.contains(what)).count()
    }

    /// Every file it keeps, by name.
    pub(crate) fn files(&self) -> Vec<String> {
        let (mut found, mut folders) = (Vec::new(), vec![PathBuf::from(self.directory.path())]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    found.push(entry.file_name().into_string().unwrap());
                }
            }
        }
        found.sort();
        found
    }
}

async fn serve(listener: &TcpListener, service: &S3Service, moods: &Arc<Moods>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (service, moods) = (service.clone(), Arc::clone(moods));
        let answer = service_fn(move |request| answer(service.clone(), Arc::clone(&moods), request));
        tokio::spawn(async move {
            // A client that goes away is none of its business.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

async fn answer(
    service: S3Service,
    moods: Arc<Moods>,
    request: Request<Incoming>,
) -> Result<Response<Body>, HttpError> {
    let headers: Vec<_> = request.headers().iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    moods.asked.lock().unwrap().push(format!("{} {} {}", request.method(), request.uri(), headers.join(", ")));
    if moods.overloaded.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
        let text = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
        return Ok(Response::builder().status(503).body(Body::from(text.to_owned())).unwrap());
    }
    if !request.uri().query().is_some_and(|query| query.contains("partNumber")) {
        return service.call(request.map(Body::from)).await;
    }
    let now = moods.parts.fetch_add(1, Ordering::SeqCst) + 1;
    moods.most_parts.fetch_max(now, Ordering::SeqCst);
    let together = moods.together.lock().unwrap().clone();
    if let Some(together) = together {
        together.wait().await;
    }
    let answer = service.call(request.map(Body::from)).await;
    moods.parts.fetch_sub(1, Ordering::SeqCst);
    answer
}

/// The settings of tests: far more time than anything takes, and the key that the server knows.
pub(crate) fn options(endpoint: String) -> S3Options {
    S3Options {
        bucket: BUCKET.into(),
        prefix: "tests/exports".into(),
        endpoint: Some(endpoint),
        region: "eu-central-1".into(),
        keys: Some((ACCESS_KEY.into(), SECRET_KEY.into())),
        path_style: true,
        has_links: true,
        public_base_url: None,
        parallel_parts: 4,
        timeout: Duration::from_secs(20),
        ca_file: None,
        log: tocsin::telemetry::logging::test_logger(),
    }
}

/// The store with these settings.
pub(crate) fn store(options: S3Options) -> S3 {
    S3::open(options).unwrap()
}
