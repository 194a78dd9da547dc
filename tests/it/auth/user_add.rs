//! `tocsin user add`, as a shell sees it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{LOGIN, PASSWORD};
use crate::support::binary::{Binary, tocsin};

fn add(dir: &Path, email: &str, more: &[&str], password: &str) -> Output {
    let mut command = tocsin(dir);
    command.args(["user", "add", "--email", email, "--name", "Ada"]).args(more);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that fails at once does not wait for its input.
    let _ = child.stdin.take().unwrap().write_all(password.as_bytes());
    child.wait_with_output().unwrap()
}

async fn role(server: &Binary, email: &str) -> Value {
    let body = json!({"email": email, "password": PASSWORD});
    let answer = reqwest::Client::new().post(format!("{}{LOGIN}", server.url())).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{email}");
    answer.json::<Value>().await.unwrap()["user"]["role"].clone()
}

#[actix_rt::test]
async fn whoever_runs_the_server_makes_accounts_before_it_runs_and_while_it_does() {
    let dir = TempDir::new().unwrap();
    let first = add(dir.path(), "ada@example.org", &[], &format!("{PASSWORD}\n"));
    assert_eq!(first.status.code(), Some(0), "{first:?}");
    assert!(String::from_utf8(first.stdout).unwrap().starts_with("ada@example.org has an account now: owner, id "));
    assert!(first.stderr.is_empty());

    let server = Binary::serve(dir.path(), &["--set", "auth.registration=closed"]);
    for (email, more, expected) in [
        ("bob@example.org", &[][..], "member"),
        ("eve@example.org", &["--role", "admin"], "admin"),
        ("zoe@example.org", &["--role", "owner"], "owner"),
    ] {
        assert_eq!(add(dir.path(), email, more, PASSWORD).status.code(), Some(0), "{email}");
        assert_eq!(role(&server, email).await, expected);
    }
    assert_eq!(role(&server, "ada@example.org").await, "owner");
    drop(server.kill());
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let dir = TempDir::new().unwrap();
    assert_eq!(add(dir.path(), "ada@example.org", &[], PASSWORD).status.code(), Some(0));
    for (email, password, line) in [
        ("ADA@example.org", PASSWORD, "tocsin: ADA@example.org has an account already\n"),
        ("bob@example.org", "short", "tocsin: the password must have at least 8 characters\n"),
        ("bob", PASSWORD, "tocsin: the email must be an e-mail address such as ada@example.org\n"),
        ("bob@example.org", "", "tocsin: give the password on standard input, in its first line\n"),
    ] {
        let output = add(dir.path(), email, &[], password);
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert_eq!((String::from_utf8(output.stderr).unwrap(), output.stdout), (line.to_owned(), Vec::new()));
    }
    assert_eq!(add(dir.path(), "bob@example.org", &["--role", "emperor"], PASSWORD).status.code(), Some(2));
}
