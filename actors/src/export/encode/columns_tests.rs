use super::super::{Chunk, Doc};
use super::*;

fn chosen(paths: &[(&str, Option<&str>)]) -> Result<Vec<String>, EncodeError> {
    let field = |(path, header): &(&str, Option<&str>)| Chosen {
        names: path.split('.').map(str::to_owned).collect(),
        header: header.map(str::to_owned),
    };
    let fields: Vec<_> = paths.iter().map(field).collect();
    Columns::chosen(&fields).map(|columns| columns.headers().map(str::to_owned).collect())
}

fn chunk(fields: &[String]) -> Chunk {
    let mut chunk = Chunk::new();
    for fields in fields {
        chunk.push(Doc { id: "i", kind: "t", at_ms: 0, fields });
    }
    chunk
}

#[test]
fn chosen_fields_have_names_of_their_own() {
    assert_eq!(
        chosen(&[("a.b", None), ("a.b", Some("again")), ("at", Some("when"))]).unwrap(),
        ["a.b", "again", "when"]
    );
    assert_eq!(chosen(&[("a", None), ("b", Some("a"))]), Err(EncodeError::SameName("a".into())));
    assert_eq!(chosen(&[("a", Some("=x")), ("b", Some("'=x"))]), Err(EncodeError::SameName("'=x".into())));
    assert_eq!(chosen(&[]), Err(EncodeError::NothingChosen));
    let many = vec![("a", None); MAX_COLUMNS + 1];
    assert_eq!(chosen(&many), Err(EncodeError::TooManyChosen(MAX_COLUMNS + 1)));
}

#[test]
fn columns_have_the_order_of_the_documents_however_they_were_looked_at() {
    let documents: Vec<String> =
        (0..100).map(|n| format!(r#"{{"a{}":1,"o":{{"b{}":2}},"n":null}}"#, n / 7, n % 9)).collect();
    let at_once = Columns::found(&Discovery::of(&chunk(&documents)).unwrap());
    for size in [1, 3, 50] {
        let mut all = Discovery::default();
        for part in documents.chunks(size) {
            all.absorb(&Discovery::of(&chunk(part)).unwrap()).unwrap();
        }
        assert!(Columns::found(&all).headers().eq(at_once.headers()), "{size}");
    }
    // As they were stored: every tenth first, two at each instant; the other way round, those of an instant as well.
    let stored: Vec<usize> = (0..10).flat_map(|from| (from..100).step_by(10)).collect();
    for newest_first in [false, true] {
        let mut by_time = stored.clone();
        by_time.sort_by_key(|n| n / 2);
        if newest_first {
            by_time.reverse();
        }
        let in_order: Vec<String> = by_time.iter().map(|n| documents[*n].clone()).collect();
        let expected = Columns::found(&Discovery::of(&chunk(&in_order)).unwrap());
        let mut all = Discovery::default();
        // The parts may be absorbed in any order as well.
        let parts: Vec<(&[usize], u64)> = stored.chunks(7).zip((0..).step_by(7)).collect();
        for (part, before) in parts.into_iter().rev() {
            let mut chunk = Chunk::new();
            for n in part {
                chunk.push(Doc { id: "i", kind: "k", at_ms: *n as i64 / 2, fields: &documents[*n] });
            }
            all.absorb(&Discovery::placed(&chunk, before, newest_first).unwrap()).unwrap();
        }
        assert!(Columns::found(&all).headers().eq(expected.headers()), "{newest_first}");
    }
    let first: Vec<_> = at_once.headers().take(6).collect();
    assert_eq!(first, ["id", "type", "at", "a0", "o.b0", "n"]);
}

#[test]
fn there_are_no_more_columns_than_a_sheet_holds() {
    let wide = |from: usize, count: usize| {
        let members: Vec<_> = (from..from + count).map(|n| format!("\"k{n}\":{n}")).collect();
        chunk(&[format!("{{{}}}", members.join(","))])
    };
    let full = Discovery::of(&wide(0, MAX_COLUMNS - 3)).unwrap();
    assert_eq!(Columns::found(&full).len(), MAX_COLUMNS);
    assert_eq!(Discovery::of(&wide(0, MAX_COLUMNS - 2)).err(), Some(EncodeError::TooManyColumns));
    let mut all = Discovery::of(&wide(0, 10_000)).unwrap();
    assert_eq!(all.absorb(&Discovery::of(&wide(5_000, 10_000)).unwrap()), Ok(()));
    assert_eq!(all.absorb(&Discovery::of(&wide(12_000, 10_000)).unwrap()), Err(EncodeError::TooManyColumns));
    assert!(EncodeError::TooManyColumns.to_string().contains("16384"));
}

#[test]
fn what_is_no_object_is_told_by_its_document() {
    for fields in ["", "[]", "1", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{a:1}"] {
        assert_eq!(Discovery::of(&chunk(&[fields.into()])).err(), Some(EncodeError::Damaged("i".into())), "{fields}");
    }
}
