use std::io::Read as _;

use super::super::{Chosen, Discovery, Doc, Format, start};
use super::*;

/// The parts of a package by name, read from front to back by their local headers.
fn unpack(package: &[u8]) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    let mut rest = package;
    while rest.starts_with(b"PK\x03\x04") {
        let name = usize::from(u16::from_le_bytes([rest[26], rest[27]]));
        let name_text = std::str::from_utf8(&rest[30..30 + name]).unwrap().to_owned();
        rest = &rest[30 + name..];
        let mut inflate = flate2::bufread::DeflateDecoder::new(&mut rest);
        let mut text = String::new();
        inflate.read_to_string(&mut text).unwrap();
        assert_eq!(&rest[..4], b"PK\x07\x08");
        assert_eq!(u32::from_le_bytes(rest[4..8].try_into().unwrap()), crc32fast::hash(text.as_bytes()));
        assert_eq!(rest[12..16], u32::try_from(text.len()).unwrap().to_le_bytes());
        rest = &rest[16..];
        parts.push((name_text, text));
    }
    assert!(rest.starts_with(b"PK\x01\x02"));
    parts
}

fn part(parts: &[(String, String)], name: &str) -> String {
    parts.iter().find(|part| part.0 == name).unwrap_or_else(|| panic!("{name} in {parts:?}")).1.clone()
}

fn chunk(fields: &[&str]) -> Chunk {
    let mut chunk = Chunk::new();
    for fields in fields {
        chunk.push(Doc { id: "i", kind: "t", at_ms: 0, fields });
    }
    chunk
}

/// The cells of a document after `id`, `type` and `at`, without what each begins with.
fn cells(fields: &str) -> Vec<String> {
    let chunk = chunk(&[fields]);
    let columns = Columns::found(&Discovery::of(&chunk).unwrap());
    let piece = piece(&columns, &chunk, 0).unwrap();
    let mut xml = String::new();
    let stream = [piece.parts[0].bytes.as_slice(), &deflate::END].concat();
    flate2::bufread::DeflateDecoder::new(stream.as_slice()).read_to_string(&mut xml).unwrap();
    xml.split("<c r=\"").skip(4).map(|cell| cell.trim_end_matches("</row>").to_owned()).collect()
}

#[test]
fn values_have_the_types_of_excel() {
    for (json, cell) in [
        ("1.50", r#""><v>1.50</v></c>"#),
        ("-0", r#""><v>-0</v></c>"#),
        ("1e-7", r#""><v>1e-7</v></c>"#),
        ("100000000000", r#"" s="4"><v>100000000000</v></c>"#),
        ("9007199254740993", r#"" t="inlineStr"><is><t>9007199254740993</t></is></c>"#),
        ("-9007199254740993", r#"" t="inlineStr"><is><t>-9007199254740993</t></is></c>"#),
        ("true", r#"" t="b"><v>1</v></c>"#),
        ("false", r#"" t="b"><v>0</v></c>"#),
        (r#""""#, r#"" t="inlineStr"><is><t></t></is></c>"#),
        (r#""007""#, r#"" t="inlineStr"><is><t>007</t></is></c>"#),
        (r#"" a<b&c""#, r#"" t="inlineStr"><is><t xml:space="preserve"> a&lt;b&amp;c</t></is></c>"#),
        (r#""=1+1""#, r#"" t="inlineStr"><is><t>'=1+1</t></is></c>"#),
        (r#""-5""#, r#"" t="inlineStr"><is><t>-5</t></is></c>"#),
        (r#""\u0000\ud800""#, "\" t=\"inlineStr\"><is><t>'_x0000_\u{fffd}</t></is></c>"),
        (r#""2026-11-24""#, r#"" s="3"><v>46350</v></c>"#),
        (r#""2026-11-24T12:00:00+01:00""#, r#"" s="2"><v>46350.4583333333</v></c>"#),
        (r#""1900-02-28""#, r#"" t="inlineStr"><is><t>1900-02-28</t></is></c>"#),
        (r#"[1, "=x"]"#, r#"" t="inlineStr"><is><t>[1,"=x"]</t></is></c>"#),
        ("{}", r#"" t="inlineStr"><is><t>{}</t></is></c>"#),
    ] {
        assert_eq!(cells(&format!("{{\"a\":{json}}}")), [format!("D2{cell}")], "{json}");
    }
    assert_eq!(cells(r#"{"a":null,"b":1}"#), [r#"E2"><v>1</v></c>"#]);
}

#[test]
fn a_text_that_is_too_long_is_cut_and_counted() {
    let columns = Columns::chosen(&[Chosen { names: vec!["a".into()], header: None }]).unwrap();
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(32_768));
    let chunk = chunk(&[&long, &long]);
    assert_eq!(piece(&columns, &chunk, 0).unwrap().warnings.cut, 2);
}

#[test]
fn a_workbook_without_documents_has_its_header() {
    let (_, mut assembler) = start(Format::Xlsx, Columns::found(&Discovery::default()), false);
    let mut file = Vec::new();
    assembler.head(&mut file).unwrap();
    assembler.finish(&mut file).unwrap();
    let parts = unpack(&file);
    let names: Vec<_> = parts.iter().map(|part| part.0.as_str()).collect();
    assert_eq!(
        names,
        [
            "[Content_Types].xml",
            "_rels/.rels",
            "xl/styles.xml",
            "xl/worksheets/sheet1.xml",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels"
        ]
    );
    let sheet = part(&parts, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("</cols><sheetData><row r=\"1\"><c r=\"A1\" s=\"1\" t=\"inlineStr\">"), "{sheet}");
    assert!(sheet.ends_with("</row></sheetData><autoFilter ref=\"A1:C1\"/></worksheet>"), "{sheet}");
}

#[test]
fn what_does_not_fit_on_a_sheet_goes_to_the_next() {
    let columns = || Columns::chosen(&[Chosen { names: vec!["n".into()], header: None }]).unwrap();
    let (encoder, mut assembler) = start(Format::Xlsx, columns(), false);
    let mut file = Vec::new();
    assembler.head(&mut file).unwrap();
    let few = chunk(&[r#"{"n":"a long text is wide"}"#, r#"{"n":2}"#, r#"{"n":3}"#]);
    assembler.join(encoder.piece(&few, 0).unwrap(), &mut file).unwrap();
    // As if the rows between had been written.
    assembler.skip_rows(SHEET_ROWS - 5);
    assembler.join(encoder.piece(&few, SHEET_ROWS - 2).unwrap(), &mut file).unwrap();
    assembler.join(encoder.piece(&few, SHEET_ROWS + 1).unwrap(), &mut file).unwrap();
    assembler.finish(&mut file).unwrap();
    let parts = unpack(&file);
    let (first, second) = (part(&parts, "xl/worksheets/sheet1.xml"), part(&parts, "xl/worksheets/sheet2.xml"));
    assert!(first.contains(
        "<row r=\"1048576\"><c r=\"A1048576\"><v>2</v></c></row></sheetData><autoFilter ref=\"A1:A1048576\"/>"
    ));
    assert!(second.contains(
        "<t xml:space=\"preserve\">n</t></is></c></row><row r=\"2\"><c r=\"A2\"><v>3</v></c></row><row r=\"3\">"
    ));
    assert!(
        second.ends_with(
            "<row r=\"5\"><c r=\"A5\"><v>3</v></c></row></sheetData><autoFilter ref=\"A1:A5\"/></worksheet>"
        )
    );
    let width = "<col min=\"1\" max=\"1\" width=\"20\" customWidth=\"1\"/>";
    assert!(first.contains(width) && second.contains(width), "{}", &first[..600]);
    assert!(first.contains("tabSelected") && !second.contains("tabSelected"));
    let book = part(&parts, "xl/workbook.xml");
    assert!(book.contains("<sheet name=\"documents 2\" sheetId=\"2\" r:id=\"rId2\"/>"), "{book}");
    assert!(book.contains("localSheetId=\"1\" hidden=\"1\">'documents 2'!$A$1:$A$5</definedName>"), "{book}");
}
