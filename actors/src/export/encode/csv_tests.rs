use super::super::Discovery;
use super::*;

/// The records of documents with those fields, without `id`, `type` and `at`.
fn csv(fields: &[&str]) -> (String, Warnings) {
    let mut chunk = Chunk::new();
    for fields in fields {
        chunk.push(Doc { id: "i", kind: "t", at_ms: 0, fields });
    }
    let columns = Columns::found(&Discovery::of(&chunk).unwrap());
    let options = CsvOptions::default();
    let mut file = options.head(&columns);
    let mut warnings = Warnings::default();
    file.extend(options.rows(&columns, &chunk, &mut warnings).unwrap());
    let file = String::from_utf8(file).unwrap();
    (file.replace("i,t,1970-01-01T00:00:00.000Z", "*").replace("id,type,at", "*"), warnings)
}

#[test]
fn thin() {
    assert_eq!(csv(&[r#"{"a":{"b":1,"c":"x"},"d":[1, 2]}"#]).0, "*,a.b,a.c,d\r\n*,1,x,\"[1,2]\"\r\n");
}
