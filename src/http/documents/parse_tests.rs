use proptest::prelude::*;
use serde_json::Value;

use super::super::refusals::MAX_ERRORS;
use super::*;

const BOUNDS: Bounds = Bounds { depth: 64, documents: 5 };

fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-24T08:00:00Z").unwrap()
}

fn json(body: &[u8]) -> Result<Vec<Document>, Problem> {
    parse(body, Format::Json, BOUNDS, now())
}

fn ndjson(body: &[u8]) -> Result<Vec<Document>, Problem> {
    parse(body, Format::Ndjson, BOUNDS, now())
}

/// What was taken, a document a line: type, sender's id or `-`, time, other fields.
fn told(documents: &[Document]) -> String {
    let one = |document: &Document| {
        assert_eq!(document.received_at, now());
        let id = Some(document.id.as_str()).filter(|id| id.len() != 36).unwrap_or("-");
        let at = document.at.since(now()).as_millis();
        format!("{} {id} +{at} {}", document.kind, document.fields)
    };
    documents.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_shape_is_taken() {
    let ours = "a - +0 {}";
    for (format, body, expected) in [
        (Format::Json, r#"{"type":"a"}"#, ours),
        (Format::Json, " \r\n\t{\"type\" : \"a\"} \n", ours),
        (Format::Json, "\u{feff}{\"type\":\"a\"}", ours),
        (Format::Json, "\u{feff} [{\"type\":\"a\"}]", ours),
        (Format::Json, r#"[{"type":"a"},{"type":"b"}]"#, "a - +0 {}\nb - +0 {}"),
        (Format::Json, r#"{"type":"a","id":"x-1","at":"2026-11-24T09:00:00.25+01:00"}"#, "a x-1 +250 {}"),
        (Format::Json, r#"{"type":"a","at":1795507201500}"#, "a - +1500 {}"),
        (Format::Json, r#"{"type":"a","id":null,"at":null}"#, ours),
        (Format::Json, r#"{"ty\u0070e":"\u0061"}"#, ours),
        (
            Format::Json,
            r#"{"n":12345678901234567890.10,"type":"a","m":-0.0,"e":1E5}"#,
            r#"a - +0 {"n":12345678901234567890.10,"m":-0.0,"e":1E5}"#,
        ),
        (Format::Json, "{\"type\":\"a\",\"x\":{\n \"y z\" : [1,\r\n2] }}", r#"a - +0 {"x":{"y z":[1,2]}}"#),
        (Format::Json, r#"{"type":"a","\u0022k\u000a":"\ud83d\ude00"}"#, r#"a - +0 {"\"k\n":"\ud83d\ude00"}"#),
        (Format::Ndjson, "{\"type\":\"a\"}\r\n\r\n \n{\"type\":\"b\"}", "a - +0 {}\nb - +0 {}"),
        (Format::Ndjson, "\u{feff}{\"type\":\"a\"}\n", ours),
    ] {
        let taken = parse(body.as_bytes(), format, BOUNDS, now());
        assert_eq!(told(&taken.unwrap_or_else(|problem| panic!("{body}: {problem}"))), expected, "{body}");
    }
}

#[test]
fn the_greatest_number_of_documents_and_the_greatest_depth_are_taken() {
    assert_eq!(json(format!("[{}]", [r#"{"type":"a"}"#; 5].join(",")).as_bytes()).unwrap().len(), 5);
    assert_eq!(ndjson([r#"{"type":"a"}"#; 5].join("\n").as_bytes()).unwrap().len(), 5);
    let (open, close) = ("[".repeat(63), "]".repeat(63));
    let deep = format!("{{\"type\":\"a\",\"x\":{open}{close}}}");
    assert!(json(deep.as_bytes()).is_ok() && ndjson(deep.as_bytes()).is_ok());
    assert!(json(format!("[{deep}]").as_bytes()).is_ok());
    let deeper = format!("{{\"type\":\"a\",\"x\":[{open}{close}]}}");
    assert!(json(deeper.as_bytes()).is_err() && json(format!("[{deeper}]").as_bytes()).is_err());
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    let many = [r#"{"type":"a"}"#; 6];
    let deep = format!("{{\"type\":\"a\",\n\"x\":{}", "[".repeat(100_000));
    let deep_objects = "{\"a\":".repeat(100_000);
    let (array, lines) = (format!("[{}]", many.join(",")), many.join("\n"));
    for (format, body, status, code, place) in [
        (Format::Json, &b""[..], 400, "empty_body", "empty"),
        (Format::Json, b" \r\n\t", 400, "empty_body", "empty"),
        (Format::Ndjson, b"\n\n", 400, "empty_body", "empty"),
        (Format::Json, b"\xef\xbb\xbf", 400, "empty_body", "empty"),
        (Format::Json, b"[]", 422, "no_documents", "no documents"),
        (Format::Json, b"{\"type\":\n\"a\",,}", 400, "invalid_json", "line 2 column 5"),
        (Format::Json, b"{\"type\":\"a\"", 400, "invalid_json", "line 1 column 11"),
        (Format::Json, b"{\"type\":\"a\"} x", 400, "invalid_json", "line 1 column 14"),
        (Format::Json, b"[{\"type\":\"a\"}", 400, "invalid_json", "line 1 column 13"),
        (Format::Json, b"{\"type\":\"a\",\"n\":NaN}", 400, "invalid_json", "line 1 column 17"),
        (Format::Json, b"{\"type\":\"a\",\"n\":-Infinity}", 400, "invalid_json", "line 1 column 18"),
        (Format::Json, b"{\"type\":\"a\",\"n\":01}", 400, "invalid_json", "line 1 column 18"),
        (Format::Json, b"{\"type\":\"a\",\"s\":\"\x01\"}", 400, "invalid_json", "line 1 column 17"),
        (Format::Json, b"nonsense", 400, "invalid_json", "line 1 column 2"),
        (Format::Json, b"{\"type\":\"a\"}\n{\"type\":\"a\"}", 400, "invalid_json", "line 2 column 1"),
        (Format::Ndjson, b"{\"type\":\"a\"}\r\n\r\n{\"type\" \"b\"}", 400, "invalid_json", "Line 3, column 9"),
        (Format::Ndjson, b"{\"type\":\"a\"} {\"type\":\"b\"}", 400, "invalid_json", "Line 1, column 14"),
        (Format::Ndjson, b"   {\"type\" \"b\"}", 400, "invalid_json", "Line 1, column 12"),
        (Format::Ndjson, b"{\"type\":\"a\"}\x0c", 400, "invalid_json", "Line 1, column 13"),
        (Format::Json, b"{\"type\":\n\"\xff\"}", 400, "invalid_utf8", "line 2, byte 2"),
        (Format::Json, deep.as_bytes(), 400, "too_deep", "line 2, column 68"),
        (Format::Json, deep_objects.as_bytes(), 400, "too_deep", "line 1, column 321"),
        (Format::Ndjson, deep_objects.as_bytes(), 400, "too_deep", "line 1"),
        (Format::Json, array.as_bytes(), 413, "too_many_documents", "at most 5"),
        (Format::Ndjson, lines.as_bytes(), 413, "too_many_documents", "at most 5"),
    ] {
        let told: String = String::from_utf8_lossy(body).chars().take(60).collect();
        let problem = parse(body, format, BOUNDS, now()).expect_err(&told);
        assert_eq!((problem.status().as_u16(), problem.code()), (status, code), "{told}: {problem}");
        assert!(problem.to_string().contains(place), "{told}: {problem}");
    }
}

/// The path of the first place that is wrong and how many there are.
fn places(problem: &Problem) -> (String, usize) {
    assert_eq!((problem.status().as_u16(), problem.code()), (422, "invalid_document"), "{problem}");
    (problem.errors()[0].path.clone(), problem.errors().len())
}

#[test]
fn json_that_is_no_document_is_refused_with_a_pointer() {
    let long = format!(r#"{{"type":"{}"}}"#, "a".repeat(65));
    let long_id = format!(r#"{{"type":"a","id":"{}"}}"#, "a".repeat(129));
    for (body, path, message) in [
        ("{}", "/type", "is missing"),
        (r#"{"type":""}"#, "/type", "must be 1 to 64"),
        (&*long, "/type", "must be 1 to 64"),
        (r#"{"type":"a b"}"#, "/type", "must be 1 to 64"),
        (r#"{"type":"\ud800"}"#, "/type", "must be a valid string"),
        (r#"{"type":null}"#, "/type", "must be a string"),
        (r#"{"type":["a"]}"#, "/type", "must be a string"),
        (r#"{"type":7}"#, "/type", "must be a string"),
        (r#"{"type":"a","id":""}"#, "/id", "must be 1 to 128"),
        (r#"{"type":"a","id":"a b"}"#, "/id", "must be 1 to 128"),
        (r#"{"type":"a","id":7}"#, "/id", "must be a string"),
        (&*long_id, "/id", "must be 1 to 128"),
        (r#"{"type":"a","at":"yesterday"}"#, "/at", "must be an RFC 3339"),
        (r#"{"type":"a","at":"2026-11-24T08:00:00"}"#, "/at", "must be an RFC 3339"),
        (r#"{"type":"a","at":1.5}"#, "/at", "must be an RFC 3339"),
        (r#"{"type":"a","at":true}"#, "/at", "must be an RFC 3339"),
        (r#"{"type":"a","at":9223372036854775807}"#, "/at", "between the years"),
        (r#"{"type":"a","x/y":{"z":[0,1e999]}}"#, "/x~1y/z/1", "beyond the range"),
        (r#"{"type":"a","n":-1E+400}"#, "/n", "beyond the range"),
        (r#"{"type":"a","s":"\udc00"}"#, "/s", "surrogate"),
        (r#"{"type":"a","s":1,"s":1}"#, "/s", "is there twice"),
        (r#"{"type":"a","typ\u0065":"b"}"#, "/type", "is there twice"),
        ("[[]]", "/0", "must be a JSON object"),
        (r#"[{"type":"a"},"x"]"#, "/1", "must be a JSON object"),
        ("1", "", "must be a JSON object"),
        ("\"x\"", "", "must be a JSON object"),
        ("null", "", "must be a JSON object"),
        (r#"[{"type":"a"},{"type":"a","id":""}]"#, "/1/id", "must be 1 to 128"),
    ] {
        let problem = json(body.as_bytes()).expect_err(body);
        assert_eq!(places(&problem).0, path, "{body}: {:?}", problem.errors());
        assert!(problem.errors()[0].message.contains(message), "{body}: {:?}", problem.errors());
    }
    let problem = ndjson(b"{\"type\":\"a\"}\n\n{\"type\":\"a\",\"n\":1e999}\n[1]").unwrap_err();
    assert_eq!(places(&problem), ("/1/n".into(), 2));
    assert_eq!(problem.errors()[1].path, "/2");
}

#[test]
fn every_document_is_looked_at_but_few_errors_are_told() {
    let bounds = Bounds { documents: 100, ..BOUNDS };
    let body = format!("[{}]", ["{}"; 50].join(","));
    let problem = parse(body.as_bytes(), Format::Json, bounds, now()).unwrap_err();
    assert_eq!(places(&problem), ("/0/type".into(), MAX_ERRORS));
    let numbers = format!(r#"{{"type":"a","x":[{}]}}"#, ["1e999"; 50].join(","));
    assert_eq!(places(&json(numbers.as_bytes()).unwrap_err()), ("/x/0".into(), MAX_ERRORS));
}

#[test]
fn a_key_is_found_twice_among_many() {
    let members: Vec<String> = (0..40).map(|n| format!("\"k{n}\":{n}")).collect();
    let body = format!("{{\"type\":\"a\",{},\"k39\":0}}", members.join(","));
    assert_eq!(places(&json(body.as_bytes()).unwrap_err()), ("/k39".into(), 1));
}

/// Text that is nearly JSON finds more than random bytes do.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"type\"",
        "\"a\"",
        "\"at\"",
        "\"id\"",
        "\"x\\u00e9\"",
        "\"\\ud800\"",
        "1",
        "-0.5e3",
        "1e999",
        "null",
        "true",
        "\n",
        " ",
        "\u{feff}",
        "\\",
        "\"",
        "é",
        "{\"type\":\"a\"",
        "{\"type\":\"b\",\"n\":{\"m\":[1]}}",
    ]);
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat().into_bytes())
}

fn accepted_is_json(body: &[u8]) {
    let text = |documents: &[Document]| -> Vec<Value> {
        documents.iter().map(|document| serde_json::from_str(&document.fields).unwrap()).collect()
    };
    let without_mark = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    if let Ok(documents) = json(body) {
        let read: Value = serde_json::from_slice(without_mark).unwrap();
        let count = read.as_array().map_or(1, Vec::len);
        assert_eq!(text(&documents).len(), count);
    }
    if let Ok(documents) = ndjson(body) {
        let lines = without_mark.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let read: Vec<Value> = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
        assert_eq!(text(&documents).len(), read.len());
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_and_what_is_taken_is_json(body in prop::collection::vec(any::<u8>(), 0..200)) {
        accepted_is_json(&body);
    }

    #[test]
    fn no_near_json_panics_and_what_is_taken_is_json(body in nearly_json()) {
        accepted_is_json(&body);
    }
}
