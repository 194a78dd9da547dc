//! A store that is away, overloaded, or refuses: the caller hears whether to try again, and otherwise what to do.

use std::time::{Duration, Instant};

use bytes::Bytes;
use tocsin::adapters::objects::S3Options;
use tocsin_actors::ports::{Objects, PortError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{about, name, put};
use crate::support::moto::Moto;
use crate::support::s3::{ACCESS_KEY, S3Server, SECRET_KEY, options, store};
use crate::support::soon;

const BUSY: PortError = PortError::Busy("object storage");

/// Asks for everything there is to ask for.
async fn answers(store: &dyn Objects) -> Vec<PortError> {
    let a = name("a.csv");
    let read = store.read(&a, 0..9).await.map(drop);
    let answers = [
        put(store, "a.csv", b"a").await.map(drop),
        store.size(&a).await.map(drop),
        read,
        store.remove(&a).await,
        store.check().await,
    ];
    answers.into_iter().map(Result::unwrap_err).collect()
}

/// What is said to whoever runs the server, without the key.
fn sentences(errors: Vec<PortError>) -> Vec<String> {
    errors
        .into_iter()
        .map(|error| {
            let PortError::Failed(sentence) = error else { panic!("{error:?}") };
            assert!(!sentence.contains(SECRET_KEY) && !sentence.contains(ACCESS_KEY), "{sentence}");
            sentence
        })
        .collect()
}

#[actix_rt::test]
async fn nobody_at_the_port_is_busy_at_once() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let store = store(options(format!("http://{port}")));
    for error in answers(&store).await {
        assert_eq!(error, BUSY);
    }
}

#[actix_rt::test]
async fn one_that_takes_and_never_answers_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let timeout = Duration::from_millis(200);
    let store = store(S3Options { timeout, ..options(endpoint) });
    let begun = Instant::now();
    assert_eq!(soon("the end of patience", store.size(&name("a.csv"))).await, Err(BUSY));
    assert!(begun.elapsed() >= timeout, "it was tried for that long");
    let created = soon("the end of patience", store.create(name("a.csv"), about())).await;
    assert_eq!(created.map(drop), Err(BUSY));
}

#[actix_rt::test]
async fn one_that_stops_answering_in_the_middle_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let store = store(S3Options { timeout: Duration::from_millis(500), ..options(endpoint) });
    // It cannot list uploads, and never says anything again.
    let answers = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            stream.read_buf(&mut asked).await.unwrap();
        }
        let answer = b"HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        stream.write_all(answer).await.unwrap();
    };
    let (created, ()) =
        soon("an upload", futures_util::future::join(store.create(name("a.csv"), about()), answers)).await;
    let mut upload = created.unwrap();
    upload.write(Bytes::from(vec![0; 1 << 16])).await.unwrap();
    assert_eq!(soon("the end of patience", upload.finish()).await, Err(BUSY));
}

#[actix_rt::test]
async fn what_passes_is_tried_again_and_what_lasts_is_told() {
    let server = S3Server::start();
    let store = store(options(server.endpoint()));
    server.overload(2);
    put(&store, "a.csv", b"a").await.unwrap();
    server.overload(usize::MAX);
    for error in answers(&store).await {
        assert_eq!(error, BUSY);
    }
    let asked = server.asked("");
    assert!(asked <= 4 + 5 * 3, "retries are bounded: {asked}");
    server.overload(0);
    assert_eq!(store.size(&name("a.csv")).await, Ok(Some(1)), "it goes on by itself");
}

#[actix_rt::test]
async fn a_wrong_key_says_which_settings_to_correct() {
    let server = S3Server::start();
    let wrong = |id: &str, secret: &str| {
        store(S3Options { keys: Some((id.into(), secret.into())), ..options(server.endpoint()) })
    };
    for store in [wrong(ACCESS_KEY, "wrong"), wrong("AKIAWRONG", SECRET_KEY)] {
        for sentence in sentences(answers(&store).await) {
            assert!(sentence.contains("storage.access_key"), "{sentence}");
        }
    }
}

#[actix_rt::test]
async fn a_bucket_that_is_not_there_says_so() {
    let server = Moto::start(&[]);
    let store = store(S3Options { bucket: "nowhere".into(), ..server.options() });
    let told = [
        put(&store, "a.csv", b"a").await.map(drop),
        store.read(&name("a.csv"), 0..9).await.map(drop),
        store.remove(&name("a.csv")).await,
        store.check().await,
    ];
    for sentence in sentences(told.into_iter().map(Result::unwrap_err).collect()) {
        assert!(sentence.contains("the bucket of storage.url is not there"), "{sentence}");
    }
}

#[actix_rt::test]
async fn a_key_that_may_only_list_says_what_it_needs() {
    let server = Moto::start(&["--allow", "s3:ListBucket"]);
    let store = store(server.options());
    store.check().await.unwrap();
    let told = [
        put(&store, "a.csv", b"a").await.map(drop),
        store.read(&name("a.csv"), 0..9).await.map(drop),
        store.remove(&name("a.csv")).await,
    ];
    for sentence in sentences(told.into_iter().map(Result::unwrap_err).collect()) {
        assert!(sentence.contains("may not do this with the bucket of storage.url"), "{sentence}");
    }
}
