use std::io::Read as _;

use super::super::{Chosen, Delimiter, Discovery, Doc};
use super::*;

fn chunks(documents: u64, size: u64) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    for n in 0..documents {
        if n % size == 0 {
            chunks.push(Chunk::new());
        }
        let fields = format!(r#"{{"n":{n},"o":{{"text":"ä,{n}"}},"list":[{n}]}}"#);
        let doc = Doc { id: &format!("id-{n}"), kind: "t", at_ms: n as i64, fields: &fields };
        chunks.last_mut().unwrap().push(doc);
    }
    chunks
}

/// The file; its pieces are made in the order that `order` gives.
fn file(format: Format, gzip: bool, chunks: &[Chunk], backwards: bool) -> Vec<u8> {
    let columns = match format {
        Format::Ndjson => Columns::default(),
        _ => {
            let mut all = Discovery::default();
            chunks.iter().for_each(|chunk| all.absorb(&Discovery::of(chunk).unwrap()).unwrap());
            Columns::found(&all)
        }
    };
    let (encoder, mut assembler) = start(format, columns, gzip);
    let mut first = 0;
    let mut work: Vec<(u64, &Chunk)> = Vec::new();
    for chunk in chunks {
        work.push((first, chunk));
        first += chunk.len() as u64;
    }
    if backwards {
        work.reverse();
    }
    let mut pieces: Vec<_> = work
        .iter()
        .map(|(first, chunk)| {
            let encoder = encoder.clone();
            std::thread::scope(|scope| scope.spawn(move || encoder.piece(chunk, *first).unwrap()).join().unwrap())
        })
        .collect();
    if backwards {
        pieces.reverse();
    }
    let mut file = Vec::new();
    assembler.head(&mut file).unwrap();
    pieces.into_iter().for_each(|piece| assembler.join(piece, &mut file).unwrap());
    assembler.finish(&mut file).unwrap();
    file
}

const FORMATS: [Format; 3] =
    [Format::Csv(CsvOptions { delimiter: Delimiter::Comma, bom: false }), Format::Xlsx, Format::Ndjson];

#[test]
fn the_same_documents_are_the_same_bytes() {
    let chunks = chunks(1_000, 300);
    for format in FORMATS {
        for gzip in [false, true] {
            let one = file(format, gzip, &chunks, false);
            assert_eq!(one, file(format, gzip, &chunks, true), "{format:?}");
            assert_eq!(one, file(format, gzip, &chunks, false), "{format:?}");
        }
    }
}

#[test]
fn gzip_holds_the_file_as_one_member() {
    for documents in [0, 1, 1_000] {
        let chunks = chunks(documents, 300);
        for format in FORMATS {
            let mut plain = Vec::new();
            let packed = file(format, true, &chunks, false);
            let mut rest = packed.as_slice();
            flate2::bufread::GzDecoder::new(&mut rest).read_to_end(&mut plain).unwrap();
            assert_eq!(plain, file(format, false, &chunks, false), "{format:?}");
            assert_eq!(rest, b"", "one member");
        }
    }
}

#[test]
fn without_documents_there_is_a_header() {
    let csv = file(FORMATS[0], false, &[], false);
    assert_eq!(csv, b"id,type,at\r\n");
    assert_eq!(file(Format::Ndjson, false, &[], false), b"");
    assert!(file(Format::Xlsx, false, &[], false).starts_with(b"PK"));
}

#[test]
fn ndjson_is_a_line_a_document() {
    let mut chunk = Chunk::new();
    for (id, fields) in [
        ("a\"\\b", "{}"),
        ("2", " { } "),
        ("3", r#"{"b":1e400,"a":"\ud800\n","b":-0}"#),
        ("4", "{\n  \"a b\" : [ 1,\r\n 2 ] , \"c\": \"x\\n  y\"\n}\n"),
    ] {
        chunk.push(Doc { id, kind: "t", at_ms: 0, fields });
    }
    let text = String::from_utf8(file(Format::Ndjson, false, &[chunk], false)).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let own = |id: &str| format!(r#"{{"id":"{id}","type":"t","at":"1970-01-01T00:00:00.000Z""#);
    assert_eq!(lines[0], own(r#"a\"\\b"#) + "}");
    assert_eq!(lines[1], own("2") + "}");
    assert_eq!(lines[2], own("3") + r#","b":1e400,"a":"\ud800\n","b":-0}"#);
    assert_eq!(lines[3], own("4") + r#","a b":[1,2],"c":"x\n  y"}"#);
    assert_eq!(lines.len(), 4);
}

#[test]
fn ndjson_of_chosen_fields_has_only_these() {
    let mut chunk = Chunk::new();
    for fields in ["{\"o\":{\"a\":1.50,\"l\":[\n1]},\"s\":\"\\u00e9\"}", "{}", r#"{"o":null,"s":""}"#] {
        chunk.push(Doc { id: "1", kind: "t", at_ms: 0, fields });
    }
    let field = |path: &str, header: Option<&str>| Chosen {
        names: path.split('.').map(str::to_owned).collect(),
        header: header.map(str::to_owned),
    };
    let fields =
        [field("s", None), field("o.a", Some("a \"b\"")), field("o", None), field("at", None), field("id", None)];
    let (encoder, _) = start(Format::Ndjson, Columns::chosen(&fields).unwrap(), false);
    let piece = encoder.piece(&chunk, 0).unwrap();
    let own = r#""at":"1970-01-01T00:00:00.000Z","id":"1"}"#;
    let expected = [
        format!(r#"{{"s":"\u00e9","a \"b\"":1.50,"o":{{"a":1.50,"l":[1]}},{own}"#),
        format!("{{{own}"),
        format!(r#"{{"s":"","o":null,{own}"#),
    ];
    assert_eq!(String::from_utf8(piece.parts[0].bytes.clone()).unwrap(), expected.join("\n") + "\n");
}
