//! `tocsin export`, as a shell sees it.

use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::support::binary::tocsin;

fn seeded() -> TempDir {
    let dir = TempDir::new().unwrap();
    let seeded = tocsin(dir.path()).args(["seed", "--documents", "500", "--types", "A,B"]).output().unwrap();
    assert!(seeded.status.success(), "{seeded:?}");
    dir
}

fn export(dir: &Path, arguments: &[&str]) -> Output {
    tocsin(dir).arg("export").args(arguments).output().unwrap()
}

fn said(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn documents_become_a_file_of_the_kind_that_its_name_says() {
    let dir = seeded();
    let made = export(dir.path(), &["--type", "A", "--size", "100", "--format", "xlsx", "-o", "file.xlsx"]);
    assert!(made.status.success() && said(&made).contains("100 documents written"), "{made:?}");
    let workbook = std::fs::read(dir.path().join("file.xlsx")).unwrap();
    assert!(workbook.starts_with(b"PK"));
    let made = export(dir.path(), &["--type", "any", "-o", "all.ndjson"]);
    assert!(made.status.success(), "{made:?}");
    let lines = std::fs::read_to_string(dir.path().join("all.ndjson")).unwrap();
    assert_eq!(lines.lines().filter(|line| line.starts_with(r#"{"id":"seed-1-"#)).count(), 500);

    let arguments = ["--type", "A", "--size", "2", "--order", "desc", "--fields", "id,customer.city=City", "-o", "-"];
    let piped = export(dir.path(), &arguments);
    let text = std::str::from_utf8(&piped.stdout).unwrap();
    assert!(text.starts_with("id,City\r\n") && text.matches("\r\n").count() == 3, "{text}");
    let condition = r#"{"field": "quantity", "op": ">", "value": 1000}"#;
    let none = export(dir.path(), &["--type", "A", "--where", condition, "--fields", "id", "-o", "-"]);
    assert_eq!(std::str::from_utf8(&none.stdout).unwrap(), "id\r\n");
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "the data, two files and nothing else: {left:?}");
}

#[test]
fn what_is_wrong_is_said_in_one_line_and_no_file_is_left() {
    let dir = seeded();
    for (arguments, line) in [
        (&["--type", "C", "-o", "c.csv"][..], "tocsin: --type: there is no document of the type C\n"),
        (&["--type", "A", "-o", "a.pdf"], "tocsin: format must be one of csv, xlsx, ndjson\n"),
        (&["--type", "A", "--size", "0", "-o", "a.csv"], "tocsin: size must be a whole number"),
        (&["--type", "A", "--where", "{", "-o", "a.csv"], "tocsin: --where: { is not JSON"),
        (&["--type", "A", "-o", "none/a.csv"], "tocsin: none/a.csv cannot be written"),
    ] {
        let output = export(dir.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(said(&output).starts_with(line) && said(&output).lines().count() == 1, "{}", said(&output));
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "only the data");
    assert_eq!(export(dir.path(), &["--type", "A"]).status.code(), Some(2), "no output is named");
}
