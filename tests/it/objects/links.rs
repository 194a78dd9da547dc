//! Addresses at which the store hands objects out.

use std::collections::HashMap;
use std::time::Duration;

use reqwest::StatusCode;
use tocsin::adapters::objects::S3Options;
use tocsin_actors::ports::Objects;
use url::Url;

use super::{about, name, put};
use crate::support::s3::{S3Server, SECRET_KEY, options, store};

async fn link(store: &dyn Objects, seconds: u64) -> Option<Url> {
    let link = store.link(&name("a.csv"), &about(), Duration::from_secs(seconds)).await.unwrap();
    link.map(|link| link.parse().unwrap())
}

#[actix_rt::test]
async fn a_signed_link_is_a_download_for_anybody_and_for_nothing_else() {
    let server = S3Server::start();
    let store = store(options(server.endpoint()));
    put(&store, "a.csv", b"one,two\r\n").await.unwrap();
    put(&store, "b.csv", b"secret").await.unwrap();
    let link = link(&store, 60).await.unwrap();
    assert!(!link.as_str().contains(SECRET_KEY));
    let http = reqwest::Client::new();
    let answer = http.get(link.clone()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"Gr__e _heute_.csv\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%22heute%22.csv"
    );
    assert_eq!(answer.bytes().await.unwrap(), "one,two\r\n");
    let part = http.get(link.clone()).header("range", "bytes=4-6").send().await.unwrap();
    assert_eq!((part.status(), &*part.bytes().await.unwrap()), (StatusCode::PARTIAL_CONTENT, &b"two"[..]));
    let other: Url = link.as_str().replace("a.csv?", "b.csv?").parse().unwrap();
    assert_ne!(other, link);
    for refused in [http.get(other), http.delete(link.clone()), http.put(link.clone()).body("x")] {
        assert_eq!(refused.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    }
}

#[actix_rt::test]
async fn a_link_lasts_as_long_as_it_is_asked_for_and_a_week_at_most() {
    // To sign a link, nobody is asked.
    let store = store(options("http://storage.invalid".into()));
    for (asked, lasts) in [(0, 1), (60, 60), (604_800, 604_800), (604_801, 604_800), (u64::MAX, 604_800)] {
        let link = link(&store, asked).await.unwrap();
        let query: HashMap<_, _> = link.query_pairs().into_owned().collect();
        assert_eq!(query["X-Amz-Expires"], lasts.to_string());
        assert_eq!(link.path(), "/files/tests/exports/a.csv");
    }
}

#[actix_rt::test]
async fn the_bucket_stands_in_the_host_where_it_shall() {
    let amazon = S3Options { endpoint: None, path_style: false, ..options(String::new()) };
    let link = link(&store(amazon), 60).await.unwrap();
    assert_eq!(link.host_str(), Some("files.s3.eu-central-1.amazonaws.com"));
    assert_eq!((link.scheme(), link.path()), ("https", "/tests/exports/a.csv"));
}

#[actix_rt::test]
async fn a_public_address_or_none_takes_its_place() {
    for base in ["https://files.example.com/exports", "https://files.example.com/exports/"] {
        let public = S3Options { public_base_url: Some(base.into()), ..options("http://storage.invalid".into()) };
        let link = link(&store(public), 60).await.unwrap();
        assert_eq!(link.as_str(), "https://files.example.com/exports/a.csv");
    }
    let none = S3Options { has_links: false, ..options("http://storage.invalid".into()) };
    assert_eq!(link(&store(none), 60).await, None);
}
