use super::super::{Chosen, Discovery};
use super::*;

/// The file of documents with those fields; `id`, `type` and `at` are written as `*`.
fn file(options: CsvOptions, fields: &[&str], chosen: &[&str]) -> (String, Warnings) {
    let mut chunk = Chunk::new();
    for fields in fields {
        chunk.push(Doc { id: "i", kind: "t", at_ms: 0, fields });
    }
    let columns = if chosen.is_empty() {
        Columns::found(&Discovery::of(&chunk).unwrap())
    } else {
        let names = |path: &&str| path.split('.').map(str::to_owned).collect();
        let fields: Vec<_> = chosen.iter().map(|path| Chosen { names: names(path), header: None }).collect();
        Columns::chosen(&fields).unwrap()
    };
    let mut file = options.head(&columns);
    let mut warnings = Warnings::default();
    file.extend(options.rows(&columns, &chunk, &mut warnings).unwrap());
    let file = String::from_utf8(file).unwrap();
    let (own, header) = ("i,t,1970-01-01T00:00:00.000Z", "id,type,at");
    let delimiter = char::from(options.delimiter.byte()).to_string();
    let any = |text: &str| text.replace(',', &delimiter);
    (file.replace(&any(own), "*").replace(&any(header), "*"), warnings)
}

fn csv(fields: &[&str]) -> String {
    file(CsvOptions::default(), fields, &[]).0
}

/// How one value of a field is written.
fn cell(json: &str) -> String {
    let all = csv(&[&format!("{{\"a\":{json}}}")]);
    let cell = all.strip_prefix("*,a\r\n*,").and_then(|rest| rest.strip_suffix("\r\n"));
    cell.unwrap_or_else(|| panic!("{all:?}")).to_owned()
}

#[test]
fn nothing_and_an_empty_text_differ() {
    assert_eq!(
        csv(&[r#"{"a":""}"#, r#"{"a":null}"#, "{}", r#"{"a":" "}"#]),
        "*,a\r\n*,\"\"\r\n*,\r\n*,\r\n*,\" \"\r\n"
    );
}

#[test]
fn numbers_and_booleans_are_written_as_sent() {
    for text in ["9007199254740993", "0.1", "1e-7", "-0", "1E400", "-5", "1.50", "true", "false"] {
        assert_eq!(cell(text), text);
    }
}

#[test]
fn texts_are_quoted_where_they_must_be() {
    for (json, written) in [
        (r#""x""#, "x"),
        (r#""007""#, "007"),
        (r#""a,b""#, "\"a,b\""),
        (r#""a;b|c""#, "a;b|c"),
        (r#""say \"hi\"""#, r#""say ""hi""""#),
        (r#""\"""#, r#""""""#),
        (r#""a\nb""#, "\"a\nb\""),
        (r#""a\r\nb""#, "\"a\r\nb\""),
        (r#"" a""#, "\" a\""),
        (r#""a ""#, "\"a \""),
        (r#""Köln 東京 🚚""#, "Köln 東京 🚚"),
        (r#""\u00e9\/""#, "é/"),
        (
            r#""a long text that has its only comma at the very end,""#,
            "\"a long text that has its only comma at the very end,\"",
        ),
        (r#""2026-11-24""#, "2026-11-24"),
        (r#""a\u0001b""#, "\"a\u{1}b\""),
    ] {
        assert_eq!(cell(json), written, "{json}");
    }
}

#[test]
fn formulas_are_made_harmless() {
    for (json, written) in [
        (r#""=1+1""#, "'=1+1"),
        (r#""+1""#, "'+1"),
        (r#""-x""#, "'-x"),
        (r#""-""#, "'-"),
        (r#""@x""#, "'@x"),
        (r#""\tx""#, "\"'\tx\""),
        (r#""\rx""#, "\"'\rx\""),
        (r#""\nx""#, "\"'\nx\""),
        (r#""＝1+1""#, "'＝1+1"),
        (r#""=a,b""#, "\"'=a,b\""),
        (r#""\u003d1""#, "'=1"),
        (r#""=HYPERLINK(\"u\")""#, "\"'=HYPERLINK(\"\"u\"\")\""),
        (r#""\"=1""#, "\"\"\"=1\""),
        (r#""-5""#, "-5"),
        (r#""-5.5e3""#, "-5.5e3"),
        ("-5", "-5"),
    ] {
        assert_eq!(cell(json), written, "{json}");
    }
    assert_eq!(csv(&[r#"{"=a":1,"-5":2}"#]), "*,'=a,-5\r\n*,1,2\r\n");
}

#[test]
fn what_cannot_be_written_is_replaced_and_counted() {
    let (text, warnings) = file(CsvOptions::default(), &[r#"{"a":"x\u0000y\ud800z","b":"\u0000"}"#], &[]);
    assert_eq!(text, "*,a,b\r\n*,\"x\u{fffd}y\u{fffd}z\",\"'\u{fffd}\"\r\n");
    assert_eq!(warnings, Warnings { cut: 0, replaced: 3 });
}

#[test]
fn objects_become_columns_and_lists_text() {
    let documents = [
        r#" { "c" : { "n" : { "x" : 1 } , "l" : [ 1, {"b": "x y"} ] } , "e" : { } } "#,
        r#"{"c":5,"c.n":6,"c\\d":7,"e":[]}"#,
        r#"{"c":{"n":null,"z":8}}"#,
        "{}",
    ];
    assert_eq!(
        csv(&documents),
        "*,c.n.x,c.l,e,c,c\\.n,c\\\\d,c.z\r\n\
         *,1,\"[1,{\"\"b\"\":\"\"x y\"\"}]\",{},,,,\r\n\
         *,,,[],5,6,7,\r\n\
         *,,,,,,,8\r\n\
         *,,,,,,,\r\n"
    );
}

#[test]
fn objects_are_columns_down_to_a_bound() {
    let deep = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
    assert_eq!(csv(&[&deep(64)]), format!("*,{}\r\n*,1\r\n", vec!["a"; 64].join(".")));
    assert_eq!(csv(&[&deep(65)]), format!("*,{}\r\n*,\"{{\"\"a\"\":1}}\"\r\n", vec!["a"; 64].join(".")));
    assert!(csv(&[&deep(5_000)]).contains(".a.a.a"));
}

#[test]
fn the_last_of_several_fields_of_one_name_counts() {
    assert_eq!(csv(&[r#"{"a":1,"b":2,"a":3}"#]), "*,a,b\r\n*,3,2\r\n");
    assert_eq!(csv(&[r#"{"a":{"x":1,"y":{"z":1}},"a":{"w":2}}"#]), "*,a.x,a.y.z,a.w\r\n*,,,2\r\n");
    assert_eq!(csv(&[r#"{"a":1,"a":{"x":2}}"#]), "*,a,a.x\r\n*,,2\r\n");
    assert_eq!(csv(&[r#"{"a":{"x":2},"a":null}"#, r#"{"a":{"x":3,"x":4}}"#]), "*,a.x\r\n*,\r\n*,4\r\n");
}

#[test]
fn names_with_escapes_are_the_same_names() {
    assert_eq!(csv(&[r#"{"\u0061":1,"q\"":2}"#, r#"{"q\u0022":3,"a":4}"#]), "*,a,\"q\"\"\"\r\n*,1,2\r\n*,4,3\r\n");
}

#[test]
fn headers_are_unique_even_when_harmless() {
    assert_eq!(
        csv(&[r#"{"=a":1,"'=a":2,"'=a (2)":3,"id":4,"":5}"#]),
        "*,'=a,'=a (2),'=a (2) (2),id (2),\"\"\r\n*,1,2,3,4,5\r\n"
    );
}

#[test]
fn chosen_fields_come_in_their_order() {
    let fields = [r#"{"a":{"b":1,"l":[[5,6],{"x":7}]},"c":"x"}"#, r#"{"a":3}"#, r#"{"a":{}}"#];
    let (text, _) = file(CsvOptions::default(), &fields, &["c", "id", "a.b", "a", "a.l.1.x", "a.l.0", "none", "c.d"]);
    assert_eq!(
        text,
        "c,id,a.b,a,a.l.1.x,a.l.0,none,c.d\r\n\
         x,i,1,\"{\"\"b\"\":1,\"\"l\"\":[[5,6],{\"\"x\"\":7}]}\",7,\"[5,6]\",,\r\n\
         ,i,,3,,,,\r\n\
         ,i,,{},,,,\r\n"
    );
}

#[test]
fn a_record_is_never_an_empty_line() {
    let (text, _) = file(CsvOptions::default(), &["{}", r#"{"a":1}"#, r#"{"a":null}"#, r#"{"a":""}"#], &["a"]);
    assert_eq!(text, "a\r\n\"\"\r\n1\r\n\"\"\r\n\"\"\r\n");
}

#[test]
fn other_delimiters_and_a_mark() {
    let fields = [r#"{"a":"x,y;z|w\tv","b":[1,2]}"#];
    for (delimiter, row) in [
        (Delimiter::Comma, "*,\"x,y;z|w\tv\",\"[1,2]\""),
        (Delimiter::Semicolon, "*;\"x,y;z|w\tv\";[1,2]"),
        (Delimiter::Tab, "*\t\"x,y;z|w\tv\"\t[1,2]"),
        (Delimiter::Pipe, "*|\"x,y;z|w\tv\"|[1,2]"),
    ] {
        let head = "*,a,b".replace(',', &char::from(delimiter.byte()).to_string());
        let (text, _) = file(CsvOptions { delimiter, bom: true }, &fields, &[]);
        assert_eq!(text, format!("\u{feff}{head}\r\n{row}\r\n"));
    }
}

proptest::proptest! {
    #[test]
    fn what_was_sent_comes_back(
        texts in proptest::collection::vec("[a-c,;\"\r\n\t =+@\\-\u{0}é🚚'0-9]{0,12}|.*", 1..6),
        semicolon: bool,
    ) {
        let members: Vec<_> = texts.iter().enumerate().map(|(n, text)| format!("\"{n}\":{}", serde_json::json!(text))).collect();
        let delimiter = if semicolon { Delimiter::Semicolon } else { Delimiter::Comma };
        let (text, _) = file(CsvOptions { delimiter, bom: false }, &[&format!("{{{}}}", members.join(","))], &[]);
        let mut reader = ::csv::ReaderBuilder::new()
            .delimiter(delimiter.byte())
            .terminator(::csv::Terminator::CRLF)
            .flexible(false)
            .from_reader(text.as_bytes());
        let records: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
        proptest::prop_assert_eq!(records.len(), 1);
        let read: Vec<_> = records[0].iter().skip(1).map(str::to_owned).collect();
        let expected: Vec<_> = texts
            .iter()
            .map(|text| {
                let first = text.chars().next();
                // serde_json overlooks white space after it.
                let number = text.trim_end() == text && serde_json::from_str::<serde_json::Number>(text).is_ok();
                let runs = first.is_some_and(|first| "=+@\t\r\n\0＝＋－＠".contains(first)) || (first == Some('-') && !number);
                format!("{}{}", if runs { "'" } else { "" }, text.replace('\0', "\u{fffd}"))
            })
            .collect();
        proptest::prop_assert_eq!(read, expected);
    }

    #[test]
    fn no_text_makes_it_panic(fields in ".*|[{}\\[\\]:,\"a0-9\\\\un]{0,40}") {
        let chunk = {
            let mut chunk = Chunk::new();
            chunk.push(Doc { id: "i", kind: "t", at_ms: i64::MAX, fields: &fields });
            chunk
        };
        if let Ok(found) = Discovery::of(&chunk) {
            let _ = CsvOptions::default().rows(&Columns::found(&found), &chunk, &mut Warnings::default());
        }
        let chosen = Columns::chosen(&[Chosen { names: vec!["a".into(), "0".into()], header: None }]).unwrap();
        let _ = CsvOptions::default().rows(&chosen, &chunk, &mut Warnings::default());
    }
}
