//! Exports: documents as files behind a link.

mod commanded;
mod handing_out;
mod jobs;
mod judged;
mod stored;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::app::TestApp;

/// Posts documents, one a line.
pub(crate) async fn post(app: &TestApp, lines: &[String]) {
    let body = Some(("application/x-ndjson", lines.join("\n")));
    let (status, answer) = app.ask_raw(Method::POST, "/api/v1/documents", body, &[]).await;
    assert_eq!((status, &answer["duplicates"]), (StatusCode::CREATED, &json!(0)), "{answer}");
}

/// Asks for a file and waits for it.
pub(crate) async fn made(app: &TestApp, spec: Value) -> Value {
    let body = Some(("application/json", spec.to_string()));
    let (status, export) = app.ask_raw(Method::POST, "/api/v1/exports", body, &[("Prefer", "wait=60")]).await;
    assert_eq!((status, &export["status"]), (StatusCode::CREATED, &json!("done")), "{export}");
    export
}

/// Asks for a file.
pub(crate) async fn ask_for(app: &TestApp, spec: Value, headers: &[(&str, &str)]) -> (StatusCode, Value) {
    app.ask_raw(Method::POST, "/api/v1/exports", Some(("application/json", spec.to_string())), headers).await
}

/// How it stands.
pub(crate) async fn read(app: &TestApp, export: &Value) -> Value {
    app.ask(Method::GET, &format!("/api/v1/exports/{}", export["id"].as_str().unwrap()), None).await.1
}

/// The path of a link, whatever host it names.
pub(crate) fn path_of(export: &Value) -> String {
    let url = export["url"].as_str().unwrap_or_else(|| panic!("no url: {export}"));
    url[url.find("/d/").unwrap()..].to_owned()
}

/// The file behind a link, opened by a stranger.
pub(crate) async fn file(app: &TestApp, export: &Value) -> Vec<u8> {
    let answer = app.request(&Method::GET, &path_of(export)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let bytes = answer.bytes().await.unwrap().to_vec();
    assert_eq!(export["bytes"], bytes.len() as u64, "{export}");
    bytes
}

#[actix_rt::test]
async fn documents_of_a_type_become_csv() {
    let app = TestApp::start().await;
    let order = |n: u32| {
        format!(
            r#"{{"type":"order","id":"o{n}","at":{},"amount":{n}.10,"customer":{{"city":"Köln"}}}}"#,
            1_764_000_000_000_u64 + u64::from(n)
        )
    };
    let mut lines: Vec<String> = (0..5).map(order).collect();
    lines.push(
        r#"{"type":"order","id":"last","at":1764000009000,"note":"a \"b\",\r\nc","new":9007199254740993}"#.to_owned(),
    );
    lines.push(r#"{"type":"error","id":"e","message":"no"}"#.to_owned());
    post(&app, &lines).await;
    let export = made(&app, json!({"type": "order", "size": "all", "format": "csv"})).await;
    assert_eq!((&export["rows"], &export["progress"]), (&json!(6), &json!({"rows": 6, "total": 6})));
    let text = String::from_utf8(file(&app, &export).await).unwrap();
    let expected = "id,type,at,amount,customer.city,note,new\r\n\
        o0,order,2025-11-24T16:00:00.000Z,0.10,Köln,,\r\n\
        o1,order,2025-11-24T16:00:00.001Z,1.10,Köln,,\r\n";
    assert!(text.starts_with(expected), "{text}");
    assert!(
        text.ends_with("last,order,2025-11-24T16:00:09.000Z,,,\"a \"\"b\"\",\r\nc\",9007199254740993\r\n"),
        "{text}"
    );

    let two = made(
        &app,
        json!({"type": "any", "size": 2, "format": "csv", "order": "desc", "fields": ["id", {"field": "customer.city", "name": "City"}],
            "where": [{"field": "customer.city", "op": "=", "value": "Köln"}]}),
    )
    .await;
    assert_eq!(String::from_utf8(file(&app, &two).await).unwrap(), "id,City\r\no4,Köln\r\no3,Köln\r\n");

    let none = made(&app, json!({"type": "order", "format": "csv", "from": "2030-01-01T00:00:00Z"})).await;
    assert_eq!((&none["rows"], file(&app, &none).await), (&json!(0), b"id,type,at\r\n".to_vec()), "only a header");
    let (status, problem) =
        app.ask(Method::POST, "/api/v1/exports", Some(json!({"type": "nothing", "format": "csv"}))).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("unknown_type")));
    app.stop().await;
}
