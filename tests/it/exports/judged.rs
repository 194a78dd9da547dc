//! The files as others read them: Python's csv and json, openpyxl, and LibreOffice. `tests/python/judge.py` has the rules
//! a second time; it is told what was posted, and compares every field.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ask_for, file, made, post};
use crate::support::app::TestApp;
use crate::support::smtp::python;

/// What made trouble for somebody before. One is of another type.
const HARD: &[&str] = &[
    r#"{"type":"order","id":"quotes","at":1764000000000,"text":"He said \"no\", twice","other":"\"\"","n":2}"#,
    r#"{"type":"order","id":"breaks","at":1764000000001,"text":"a\r\nb\rc\nd","other":"\n","n":3}"#,
    r#"{"type":"order","id":"unicode","at":1764000000002,"text":"é漢😀","other":"\u00e9\u6f22\ud83d\ude00","漢":"😀"}"#,
    r#"{"type":"error","id":"another","at":1764000000002,"text":"no order","unwanted":1}"#,
    r#"{"type":"order","id":"numbers","at":1764000000003,"n":9007199254740993,"m":0.1,"k":1e-7,"zero":-0,"e":1E+2}"#,
    r#"{"type":"order","id":"truth","at":1764000000004,"yes":true,"no":false,"none":null,"empty":""}"#,
    r#"{"type":"order","id":"dates","at":1764000000005,"day":"2026-02-28","no day":"2026-02-30","when":"2026-01-31T09:30:00+01:00"}"#,
    r#"{"type":"order","id":"=formula","at":1764000000006,"text":"=1+1","other":"=cmd|' /C calc'!A0","=1+1":"+1"}"#,
    r#"{"type":"order","id":"+formula","at":1764000000007,"text":"+1","other":"-x","n":-5}"#,
    r#"{"type":"order","id":"@formula","at":1764000000008,"text":"@x","other":"-5","n":"-5"}"#,
    r#"{"type":"order","id":"tab","at":1764000000009,"text":"\tx","other":"\rx"}"#,
    r#"{"type":"order","id":"zeros","at":1764000000010,"text":"007","other":"1e5","n":"1E400"}"#,
    r#"{"type":"order","id":"nested","at":1764000000011,"a":{"b":1,"c":{"d":[1,{"e":"f"}]}},"a.b":"literal","empty":{}}"#,
    r#"{"type":"order","id":"flat","at":1764000000012,"a":"no object here","list":[],"items":[1,"é",null,{"x":1.10}]}"#,
    r#"{"type":"order","id":"control","at":1764000000013,"text":"\u0000\u0001\u001f\u007f","other":"_x0001_"}"#,
    r#"{"type":"order","id":"delimiters","at":1764000000014,"text":"a;b\tc|d,e","other":" padded "}"#,
    r#"{"type":"order","id":"last","at":1764000000015,"only the last one has it":1}"#,
];

/// Those, a text that is too long for a cell, and others that `tests/python/material.py` makes.
fn documents(seed: u32) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let made = Command::new(python(root))
        .arg(root.join("tests/python/material.py"))
        .args(["order", &seed.to_string(), "300"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let long =
        json!({"type": "order", "id": "long", "at": 1_764_000_000_014_u64, "text": "é".repeat(40_000)}).to_string();
    let made = String::from_utf8(made.stdout).unwrap();
    let lines = HARD.iter().copied().map(str::to_owned).chain([long]).chain(made.lines().map(str::to_owned));
    lines.collect()
}

/// A server that has them.
async fn with(lines: &[String]) -> TestApp {
    let app = TestApp::start().await;
    post(&app, lines).await;
    app
}

/// Opens the link of a file and lets the judge compare it with what was posted.
async fn judged(app: &TestApp, lines: &[String], export: &Value, mut how: Value) {
    let folder = TempDir::new().unwrap();
    let (written, posted) = (folder.path().join("written"), folder.path().join("posted"));
    std::fs::write(&written, file(app, export).await).unwrap();
    std::fs::write(&posted, lines.join("\n")).unwrap();
    how["file"] = json!(written);
    how["documents"] = json!(posted);
    how["type"] = "order".into();
    let asked = how.clone();
    let verdict = actix_rt::task::spawn_blocking(move || ask_the_judge(&asked)).await.unwrap();
    assert_eq!(verdict["rows"], export["rows"], "{how}");
    let of_the_type = lines.iter().filter(|line| line.contains(r#""type":"order""#)).count();
    assert_eq!(export["rows"], of_the_type, "{how}");
}

fn ask_the_judge(asked: &Value) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut judge = Command::new(python(root))
        .arg(root.join("tests/python/judge.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(judge.stdin.take().unwrap(), "{asked}").unwrap();
    let said = judge.wait_with_output().unwrap();
    let reason: String = String::from_utf8_lossy(&said.stderr).chars().take(4_000).collect();
    assert!(said.status.success(), "{asked}: {reason}");
    serde_json::from_slice(&said.stdout).unwrap()
}

#[actix_rt::test]
async fn python_reads_what_was_posted_from_csv() {
    let lines = documents(1);
    let app = with(&lines).await;
    for (delimiter, bom, gzip) in [(",", false, false), (";", true, true), ("\t", true, false), ("|", false, true)] {
        let mut spec = json!({"type": "order", "format": "csv", "csv": {"delimiter": delimiter, "bom": bom}});
        if gzip {
            spec["compression"] = "gzip".into();
        }
        let how = json!({"format": "csv", "delimiter": delimiter, "bom": bom, "gzip": gzip});
        judged(&app, &lines, &made(&app, spec).await, how).await;
    }
    let spec = json!({"type": "order", "format": "csv", "order": "desc"});
    judged(&app, &lines, &made(&app, spec).await, json!({"format": "csv", "newest_first": true})).await;
    app.stop().await;
}

#[actix_rt::test]
async fn python_reads_what_was_posted_from_ndjson() {
    let lines = documents(2);
    let app = with(&lines).await;
    let spec = json!({"type": "order", "format": "ndjson"});
    judged(&app, &lines, &made(&app, spec).await, json!({"format": "ndjson"})).await;
    let spec = json!({"type": "order", "format": "ndjson", "compression": "gzip"});
    judged(&app, &lines, &made(&app, spec).await, json!({"format": "ndjson", "gzip": true})).await;
    app.stop().await;
}

#[actix_rt::test]
async fn openpyxl_reads_what_was_posted_with_its_types() {
    let lines = documents(3);
    let app = with(&lines).await;
    let export = made(&app, json!({"type": "order", "format": "xlsx"})).await;
    assert!(export["warnings"][0].as_str().unwrap().contains("longer than a cell"), "{export}");
    judged(&app, &lines, &export, json!({"format": "xlsx"})).await;
    app.stop().await;
}

#[actix_rt::test]
async fn libreoffice_opens_a_workbook_and_shows_what_was_posted() {
    let lines = documents(4);
    let app = with(&lines).await;
    let export = made(&app, json!({"type": "order", "format": "xlsx"})).await;
    judged(&app, &lines, &export, json!({"format": "office"})).await;
    app.stop().await;
}

#[actix_rt::test]
async fn the_same_documents_give_the_same_bytes() {
    let app = with(&documents(5)).await;
    for spec in [
        json!({"type": "order", "format": "csv", "compression": "gzip"}),
        json!({"type": "order", "format": "xlsx"}),
        json!({"type": "any", "format": "ndjson", "order": "desc"}),
    ] {
        let (one, two) = (made(&app, spec.clone()).await, made(&app, spec.clone()).await);
        assert_ne!(one["id"], two["id"]);
        assert_eq!(one["sha256"], two["sha256"], "{spec}");
        assert!(file(&app, &one).await == file(&app, &two).await, "{spec}");
    }
    app.stop().await;
}

#[actix_rt::test]
async fn what_no_file_could_hold_is_refused_when_it_comes() {
    let app = TestApp::start().await;
    for (text, wrong) in [
        (r#""\ud800""#, "half of a surrogate pair"),
        (r#""x\udc00y""#, "half of a surrogate pair"),
        ("1E400", "beyond the range of a double"),
        ("-1e999", "beyond the range of a double"),
    ] {
        let body = format!(r#"{{"type":"order","field":{text}}}"#);
        let (status, problem) =
            app.ask_raw(Method::POST, "/api/v1/documents", Some(("application/json", body)), &[]).await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid_document")),
            "{text}"
        );
        assert_eq!(problem["errors"][0]["path"], "/field", "{text}");
        assert!(problem["errors"][0]["message"].as_str().unwrap().contains(wrong), "{problem}");
    }
    app.stop().await;
}

#[actix_rt::test]
async fn more_columns_than_a_sheet_has_are_refused_with_a_reason() {
    let app = TestApp::start().await;
    // With id, type and at, one more than there may be; spread over two documents.
    let half = |first: u32, last: u32| {
        let fields: Vec<String> = (first..last).map(|n| format!(r#""f{n}":{n}"#)).collect();
        format!(r#"{{"type":"wide","at":{first},{}}}"#, fields.join(","))
    };
    post(&app, &[half(0, 9_000), half(9_000, 16_382)]).await;
    for format in ["csv", "xlsx"] {
        let spec = json!({"type": "wide", "format": format});
        let (status, export) = ask_for(&app, spec, &[("Prefer", "wait=60")]).await;
        assert_eq!((status, &export["status"]), (StatusCode::ACCEPTED, &json!("failed")), "{export}");
        let error = export["error"].as_str().unwrap();
        assert!(error.contains("more than 16384 different fields: choose fields"), "{error}");
        assert_eq!(export["url"], json!(null));
    }
    let export = made(&app, json!({"type": "wide", "format": "csv", "size": 1})).await;
    assert_eq!(export["rows"], 1, "one of them has fewer");
    app.stop().await;
}
